"""The widget in a real browser, over a stub bot: everything a customer can see or press."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, expect

from channels.turns import utc_now
from crm_store.models import MessageRow
from one_to_one.language import Language
from one_to_one.pack import read_pack
from one_to_one.replies import Button, Reply
from settings import ROOT
from tests.journey.browsing import PATIENCE, Visitor, browser, visiting
from tests.unit.serving import served
from tests.unit.shopfronts import TEXTS, Front

HOSTILE = {
    "html": "<img src=x onerror=\"document.title='taken'\"><script>document.title='taken'</script><b>b</b>",
    "markdown": "[press](javascript:document.title='taken') **not bold** ![i](https://elsewhere.test/i.png)",
    "bidi": "abc \u202etxt.exe\u202c\u2066 end",
    "long": "x" * 600,
    "entities": "&lt;script&gt; &amp; \"quotes\" 'single'",
    "emoji": "🙂👨‍👩‍👧‍👦🇹🇼",
    "command": '/tap_order{"a": 1}',
}


def script(message: MessageRow) -> list[Reply]:
    """Greets with a choice; says everything else back."""
    if message.payload == "start":
        return [
            Reply(
                "Welcome. Crust?", (Button("Soft", "answer:crust:soft"), Button("Firm", "answer:crust:firm"))
            )
        ]
    if message.text == "picture":
        return [Reply("Look", image="images/one.svg")]
    if message.text == "link":
        return [Reply("See https://shop.test/a?b=1&c=2. And javascript:alert(1)")]
    return [Reply(f"heard: {message.payload or message.text}")]


@pytest.fixture
async def front(tmp_path: Path) -> AsyncIterator[Front]:
    made = Front(tmp_path, script, real_time=True, pack=read_pack(ROOT / "data" / "shops" / "coffee"))
    yield made
    await made.store.close()


@pytest.fixture
async def url(front: Front) -> AsyncIterator[str]:
    async with served(front.shopfront) as address:
        yield address


@pytest.fixture
async def running() -> AsyncIterator[Browser]:
    async with browser() as one:
        yield one


@pytest.fixture
async def visitor(running: Browser, url: str) -> AsyncIterator[Visitor]:
    async with visiting(running, url) as somebody:
        yield somebody
        assert somebody.elsewhere == [], "a request left for another host"
        assert somebody.errors == []


async def customer_of(front: Front) -> str:
    async with front.store.reading() as books:
        [customer] = await books.customers.listed()
        return customer.id


async def push(front: Front, text: str, name: str | None = None) -> None:
    customer = await customer_of(front)
    async with front.store.transaction() as books:
        sender = "staff" if name else "bot"
        await books.messages.push(
            customer, Reply(text), "web", utc_now(), sender=sender, sender_name=name, language="en"
        )


async def test_a_customer_types_and_is_answered(visitor: Visitor) -> None:
    await visitor.come()
    await visitor.open()
    await visitor.say("a firm crust please")
    await expect(visitor.said("heard: a firm crust please")).to_have_count(1)
    await expect(visitor.frame.locator(".typing")).to_have_count(0)


async def test_a_button_sends_its_payload_and_is_over_then(visitor: Visitor, front: Front) -> None:
    await visitor.come()
    await visitor.open()
    await visitor.frame.get_by_role("button", name="Firm").click()
    await expect(visitor.said("heard: answer:crust:firm")).to_have_count(1)
    for name in ("Soft", "Firm"):
        await expect(visitor.frame.get_by_role("button", name=name, exact=True)).to_be_disabled()


async def test_the_conversation_is_there_again_after_a_reload(visitor: Visitor) -> None:
    await visitor.come()
    await visitor.open()
    await visitor.frame.get_by_role("button", name="Firm").click()
    await visitor.say("remember me")
    await expect(visitor.said("heard: remember me")).to_have_count(1)
    await visitor.come()
    await visitor.open()
    for text in ("Welcome. Crust?", "heard: answer:crust:firm", "heard: remember me"):
        await expect(visitor.said(text)).to_have_count(1)
    await expect(visitor.frame.get_by_role("button", name="Soft", exact=True)).to_be_disabled()


async def test_what_a_colleague_says_arrives_by_itself_with_their_name(
    visitor: Visitor, front: Front
) -> None:
    await visitor.come()
    await visitor.open()
    await push(front, "I have it here in my hand.", "Anna")
    await expect(visitor.said("I have it here in my hand.")).to_have_count(1)
    await expect(visitor.frame.locator("#status")).to_have_text("Anna is answering")
    await expect(visitor.said("I have it here in my hand.").locator(".name")).to_have_text("Anna")


async def test_a_closed_chat_shows_how_much_is_new(visitor: Visitor, front: Front) -> None:
    await visitor.come()
    await visitor.open()
    await visitor.bubble.click()
    await push(front, "one")
    await push(front, "two")
    await expect(visitor.page.locator("dripwise-chat .badge")).to_have_text("2")
    await expect(visitor.bubble).to_have_attribute("aria-label", re.compile("2 new"))
    await visitor.bubble.click()
    await expect(visitor.page.locator("dripwise-chat .badge")).to_be_hidden()
    await expect(visitor.said("two")).to_be_visible()


async def test_a_returning_customer_sees_what_is_new_before_opening(visitor: Visitor, front: Front) -> None:
    await visitor.come()
    await visitor.open()
    await visitor.page.goto("about:blank")
    await connected(front, 0)
    await visitor.come()
    await connected(front, 1)
    await push(front, "your bread is ready")
    await expect(visitor.page.locator("dripwise-chat .badge")).to_have_text("1")


async def connected(front: Front, pages: int) -> None:
    """Wait until so many pages listen."""
    async with asyncio.timeout(PATIENCE / 1000):
        while front.shopfront.pushes.connected != pages:  # noqa: ASYNC110 - the browser tells nobody
            await asyncio.sleep(0.02)


async def test_an_answer_that_came_late_is_shown_when_the_bot_is_back(visitor: Visitor, front: Front) -> None:
    await visitor.come()
    await visitor.open()
    front.bot.up = False
    await visitor.say("are you there")
    await expect(visitor.said(TEXTS.say(Language.ENGLISH, "notices.bot_down"))).to_have_count(1)
    front.bot.up = True
    await expect(visitor.said("heard: are you there")).to_have_count(1)


async def test_a_message_typed_offline_goes_out_by_itself_once(
    running: Browser, url: str, front: Front
) -> None:
    async with visiting(running, url) as visitor:
        await visitor.come()
        await visitor.open()
        await visitor.context.set_offline(True)
        await visitor.say("from the tunnel")
        await expect(visitor.frame.locator("#note")).to_have_text(
            TEXTS.say(Language.ENGLISH, "widget.not_sent")
        )
        await visitor.context.set_offline(False)
        await expect(visitor.said("heard: from the tunnel")).to_have_count(1)
        await expect(visitor.frame.locator("#note")).to_be_empty()
    async with front.store.reading() as books:
        said = await books.messages.history(await customer_of(front))
    assert [row.text for row in said].count("from the tunnel") == 1


async def test_a_message_not_yet_sent_survives_a_reload(running: Browser, url: str, front: Front) -> None:
    async with visiting(running, url) as visitor:
        await visitor.come()
        await visitor.open()
        await visitor.context.route("**/api/chat/messages", lambda route: route.abort())
        await visitor.say("do not lose me")
        await expect(visitor.frame.locator("#note")).not_to_be_empty()
        await visitor.context.unroute("**/api/chat/messages")
        await visitor.come()
        await visitor.open()
        await expect(visitor.said("heard: do not lose me")).to_have_count(1)


@pytest.mark.parametrize("kind", HOSTILE)
async def test_hostile_text_is_text_and_nothing_else(visitor: Visitor, kind: str) -> None:
    text = HOSTILE[kind]
    await visitor.come()
    await visitor.open()
    await visitor.say(text)
    mine = visitor.frame.locator(".user-message-text").last
    theirs = visitor.frame.locator(".html-message", has_text="heard:")
    await expect(theirs).to_have_count(1)
    assert (await mine.inner_text()).strip() == text
    assert (await theirs.locator("p").last.inner_text()).strip() == f"heard: {text}"
    for found in ("img", "script", "b", "strong", "a[href^='javascript']"):
        assert await visitor.frame.locator(f"#messages .message-bubble {found}").count() == 0
    assert await visitor.page.title() != "taken"
    wide = await visitor.frame.locator("#messages").evaluate("box => box.scrollWidth > box.clientWidth + 1")
    assert not wide


async def test_only_web_addresses_become_links(visitor: Visitor) -> None:
    await visitor.come()
    await visitor.open()
    await visitor.say("link")
    links = visitor.frame.locator(".html-message a")
    await expect(links).to_have_count(1)
    assert await links.first.get_attribute("href") == "https://shop.test/a?b=1&c=2"
    assert "noopener" in str(await links.first.get_attribute("rel"))


async def test_everything_can_be_done_with_the_keyboard(visitor: Visitor) -> None:
    await visitor.come()
    await visitor.bubble.focus()
    await visitor.page.keyboard.press("Enter")
    await visitor.frame.locator(".say").first.wait_for()
    await expect(visitor.input).to_be_focused()
    await visitor.page.keyboard.type("typed blind")
    await visitor.page.keyboard.press("Enter")
    await expect(visitor.said("heard: typed blind")).to_have_count(1)
    firm = visitor.frame.get_by_role("button", name="Firm")
    await firm.focus()
    await visitor.page.keyboard.press("Space")
    await expect(visitor.said("heard: answer:crust:firm")).to_have_count(1)
    await visitor.page.keyboard.press("Escape")
    await expect(visitor.bubble).to_have_attribute("aria-expanded", "false")
    await expect(visitor.bubble).to_be_focused()


async def test_shift_enter_makes_a_new_line_and_an_unfinished_chinese_word_is_not_sent(
    visitor: Visitor,
) -> None:
    await visitor.come()
    await visitor.open()
    await visitor.input.focus()
    await visitor.input.evaluate(
        "box => { box.textContent = '你'; box.dispatchEvent(new KeyboardEvent('keydown',"
        " {key: 'Enter', keyCode: 229, bubbles: true, composed: true, cancelable: true})); }"
    )
    assert await visitor.frame.locator(".user-message-text").count() == 0
    await visitor.input.fill("one")
    await visitor.page.keyboard.press("Shift+Enter")
    await visitor.page.keyboard.type("two")
    await visitor.page.keyboard.press("Enter")
    await expect(visitor.frame.locator(".user-message-text")).to_have_count(1)
    assert (await visitor.frame.locator(".user-message-text").inner_text()).split() == ["one", "two"]


@pytest.mark.parametrize("language", ["zh-Hant", "zh-Hans", "en"])
async def test_the_widget_speaks_the_language_of_the_page(
    running: Browser, url: str, front: Front, language: str
) -> None:
    async with visiting(running, url, "en" if language != "en" else "zh-Hant") as visitor:
        await visitor.come(f"?lang={language}")
        await visitor.open()
        tag = Language(language)
        await expect(visitor.frame.locator("html")).to_have_attribute("lang", language)
        await expect(visitor.input).to_have_attribute("aria-label", TEXTS.say(tag, "widget.write"))
        await expect(visitor.frame.locator("#ways button").first).to_have_text(
            TEXTS.say(tag, "widget.menu.propose")
        )
    async with front.store.reading() as books:
        assert (await books.customers.get(await customer_of(front))).language == language


async def test_the_language_can_be_switched_and_stays(visitor: Visitor) -> None:
    await visitor.come()
    await visitor.open()
    await visitor.frame.locator("#more").click()
    await visitor.frame.get_by_role("button", name="繁體中文").click()
    await expect(visitor.said("heard: language:zh-Hant")).to_have_count(1)
    await expect(visitor.input).to_have_attribute(
        "aria-label", TEXTS.say(Language.TRADITIONAL, "widget.write")
    )
    await visitor.come()
    await visitor.bubble.click()
    await expect(visitor.frame.locator("html")).to_have_attribute("lang", "zh-Hant")


async def test_a_new_conversation_begins_with_a_clean_page_and_the_same_customer(
    visitor: Visitor, front: Front
) -> None:
    await visitor.come()
    await visitor.open()
    await visitor.say("before")
    await expect(visitor.said("heard: before")).to_have_count(1)
    await visitor.frame.locator("#more").click()
    await visitor.frame.get_by_role("button", name="Start a new conversation").click()
    await expect(visitor.said("heard: before")).to_have_count(0)
    await expect(visitor.said("Welcome. Crust?")).to_have_count(1)
    await customer_of(front)  # there is still only one


async def test_asking_what_is_known_is_one_tap(visitor: Visitor) -> None:
    await visitor.come()
    await visitor.open()
    await visitor.frame.locator("#more").click()
    await visitor.frame.locator("#menu").get_by_role("button", name="What do you know about me?").click()
    await expect(visitor.said("heard: know")).to_have_count(1)


async def test_on_a_phone_the_chat_fills_the_screen_and_nothing_is_cut_off(
    running: Browser, url: str
) -> None:
    async with visiting(running, url, width=390, height=780) as visitor:
        await visitor.come()
        await visitor.open()
        frame = visitor.page.locator("dripwise-chat iframe")
        assert await frame.bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 780}
        for inside in ("#close", "#more", "#text-input", "#ways button"):
            box = await visitor.frame.locator(inside).first.bounding_box()
            assert box is not None
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= 390
            assert box["y"] + box["height"] <= 780
        await visitor.frame.locator("#close").click()
        await expect(visitor.bubble).to_be_visible()
        too_wide = "document.documentElement.scrollWidth > window.innerWidth"
        assert not await visitor.page.evaluate(too_wide)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["zh-Hant", "zh-Hans", "en"])
async def test_axe_finds_nothing_on_the_shop_page_and_in_the_open_chat(
    running: Browser, url: str, front: Front, language: str, scheme: str
) -> None:
    async with visiting(running, url, language, scheme=scheme) as visitor:
        await visitor.come()
        closed = await Axe().run(visitor.page)
        assert closed.violations_count == 0, closed.generate_report()
        await visitor.open()
        await visitor.say("picture")
        await expect(visitor.said("Look")).to_have_count(1)
        await push(front, "hello", "Anna")
        await expect(visitor.said("hello")).to_have_count(1)
        await visitor.frame.get_by_role("button", name="Firm").click()
        await expect(visitor.said("heard: answer:crust:firm")).to_have_count(1)
        await visitor.frame.locator("#more").click()
        found = await Axe().run(visitor.page)
        assert found.violations_count == 0, found.generate_report()
        assert visitor.elsewhere == []


async def test_the_widget_works_where_storage_is_blocked(running: Browser, url: str) -> None:
    async with visiting(running, url) as visitor:
        await visitor.context.add_init_script(
            "Object.defineProperty(window, 'localStorage',"
            " {get() { throw new DOMException('no', 'SecurityError'); }})"
        )
        await visitor.come()
        await visitor.open()
        await visitor.say("still works")
        await expect(visitor.said("heard: still works")).to_have_count(1)
        assert visitor.errors == []


@asynccontextmanager
async def page_of_somebody_else(tag: str) -> AsyncIterator[str]:
    """The address of another site, whose only page has this tag."""
    html = f'<!doctype html><html lang="zh-CN"><title>x</title><h1>x</h1>{tag}'.encode()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n" + html)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"


async def test_a_tag_on_somebody_elses_page_is_enough(running: Browser, url: str) -> None:
    tag = f'<script src="{url}/widget.js" async></script>'
    async with page_of_somebody_else(tag) as elsewhere, visiting(running, url) as visitor:
        await visitor.page.goto(elsewhere)
        await visitor.open()
        await expect(visitor.frame.locator("html")).to_have_attribute("lang", "zh-Hans")
        await visitor.say("hello from afar")
        await expect(visitor.said("heard: hello from afar")).to_have_count(1)


async def test_a_session_the_shop_has_forgotten_is_replaced(visitor: Visitor, url: str) -> None:
    await visitor.come()
    await visitor.page.evaluate("localStorage.setItem('dripwise.token', 'nobody')")
    await visitor.bubble.wait_for()
    visitor.errors.clear()
    await visitor.page.reload()
    await visitor.bubble.wait_for()
    await visitor.open()
    await visitor.say("again")
    await expect(visitor.said("heard: again")).to_have_count(1)
    visitor.errors[:] = [error for error in visitor.errors if "401" not in error]

"""The staff console in a real browser: a search in Chinese, hostile words, a reviewer without rights, axe."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import httpx
import pyotp
import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import expect

from crm_store.models import MessageRow
from one_to_one.replies import Button, Reply
from one_to_one.roles import Role
from staff import events
from tests.journey.browsing import Visitor, browser, visiting
from tests.unit.colleagues import PASSWORD, accept, invite
from tests.unit.serving import served
from tests.unit.shopfronts import Front

HOSTILE = (
    "<script>document.title='mine'</script><img src=x onerror=\"document.title='mine'\">"
    "<a href=\"javascript:document.title='mine'\">x</a>\u202egnirts\u202c\u200b\x07\x1b[31m " + "w" * 3000
)


async def said(front: Front, text: str, number: int = 0) -> MessageRow:
    """A message and its answer, both of these words."""
    now = front.clock()
    async with front.store.transaction() as books:
        customer = (await books.customers.create("zh-Hant", now)).id
        contact = await books.contacts.current(customer, "web", now, timedelta(minutes=30))
        row, _ = await books.messages.receive(customer, "web", f"{customer}-{number}", now, text)
        row.contact_id = contact.id
        reply = Reply(text, (Button(text[:200], "x"),))
        understood = {"intent": "inform", "confidence": 0.5}
        await books.messages.answer(row, [reply], now, language="zh-Hant", **understood)  # type: ignore[arg-type]
        await books.complaints.add(customer, row.id, text, now)
        await books.reviews.tag(row, text[:40], "Mei", now)
        return row


@asynccontextmanager
async def colleague(front: Front, url: str, role: Role, **window: str | int) -> AsyncIterator[Visitor]:
    """A colleague of this role who has entered, in a browser."""
    name = f"{role} {front.clock():%H%M%S}"
    async with httpx.AsyncClient(base_url=url, trust_env=False) as other:
        await accept(front, other, await invite(front, name, role))
    front.clock.turn(minutes=2)
    async with front.store.reading() as books:
        row = await books.staff.named(name)
    assert row is not None
    assert row.totp_secret is not None
    async with browser() as chromium, visiting(chromium, url, **window) as visitor:  # type: ignore[arg-type]
        page = visitor.page
        await page.goto(f"{url}/staff/login")
        await page.fill("#name", name)
        await page.fill("#password", PASSWORD)
        await page.fill("#code", pyotp.TOTP(row.totp_secret).at(int(front.clock().timestamp())))
        await page.click(".door button")
        await page.wait_for_url(f"{url}/staff")
        yield visitor


@pytest.fixture
async def front(tmp_path: Path) -> AsyncIterator[Front]:
    made = Front(tmp_path)
    yield made
    await made.store.close()


async def test_a_search_in_chinese_leads_to_the_message_and_why_it_was_answered_so(front: Front) -> None:
    row = await said(front, "我想退貨，豆子太酸")
    await said(front, "hello there")
    async with served(front.shopfront) as url, colleague(front, url, Role.REVIEWER) as visitor:
        page = visitor.page
        await page.goto(f"{url}/staff/conversations")
        await page.keyboard.press("/")
        await page.keyboard.type("退货")
        await page.keyboard.press("Enter")
        await expect(page.locator(".log mark").first).to_have_text("退貨")
        await expect(page.locator(".log-line")).to_have_count(2)  # what was said, and its answer
        await page.keyboard.press("Tab")
        await page.locator("h1").click()
        await page.keyboard.press("j")
        await page.keyboard.press("j")
        await page.keyboard.press("Enter")
        await page.wait_for_url(f"{url}/staff/conversations/{row.customer_id}?m={row.id}#m{row.id}")
        await page.locator(".current [data-act=w][data-htmx-powered]").wait_for()  # htmx is ready for it
        await page.keyboard.press("w")
        await expect(page.locator("#panel h2")).to_be_focused()
        await expect(page.locator("#panel")).to_contain_text("50 %")
        await page.keyboard.press("Escape")
        await expect(page.locator("#panel")).to_be_hidden()
        assert visitor.errors == []
        assert visitor.elsewhere == []


async def test_what_is_said_meanwhile_appears_by_itself(front: Front) -> None:
    row = await said(front, "first")
    async with served(front.shopfront) as url, colleague(front, url, Role.REVIEWER) as visitor:
        page = visitor.page
        await page.goto(f"{url}/staff/conversations/{row.customer_id}")
        await page.locator("body[data-listening]").wait_for()
        async with front.store.transaction() as books:
            await books.messages.receive(row.customer_id, "web", "late", front.clock(), "and one more thing")
        await expect(page.locator("#talk")).to_contain_text("and one more thing")
        await page.add_init_script("delete window.SharedWorker")  # each page has a stream of its own then
        async with page.expect_request(lambda asked: asked.url.endswith("/staff/events")):
            await page.reload()
        await page.locator("body[data-listening]").wait_for()
        async with front.store.transaction() as books:
            await books.messages.receive(row.customer_id, "web", "later", front.clock(), "and a last one")
        await expect(page.locator("#talk")).to_contain_text("and a last one")
        assert visitor.errors == []


async def test_a_page_that_is_only_open_goes_to_the_door_when_its_session_is_idle_too_long(
    front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "LONGEST_SECONDS", 0.5)
    row = await said(front, "first")
    async with served(front.shopfront) as url, colleague(front, url, Role.AGENT) as visitor:
        page = visitor.page
        await page.goto(f"{url}/staff/conversations/{row.customer_id}")
        await page.locator("body[data-listening]").wait_for()
        await late_word(front, row.customer_id)
        await expect(page.locator("#talk")).to_contain_text("and one more thing")
        front.clock.turn(hours=1.1)
        await page.wait_for_url(f"{url}/staff/login")


async def late_word(front: Front, customer: str) -> None:
    """Something comes in, so that the page asks for it by itself."""
    front.clock.turn(hours=1)
    async with front.store.transaction() as books:
        await books.messages.receive(customer, "web", "late", front.clock(), "and one more thing")


async def test_hostile_words_do_nothing_and_axe_finds_nothing_on_any_page(front: Front) -> None:
    row = await said(front, HOSTILE)
    pages = [
        "/staff/",
        "/staff/conversations",
        "/staff/conversations?q=document&tag=x",
        "/staff/conversations?q=gnirts",
        f"/staff/conversations/{row.customer_id}",
        f"/staff/messages/{row.id}/why",
        "/staff/audit",
    ]
    async with served(front.shopfront) as url:
        for scheme, width in (("light", 1280), ("dark", 390)):
            async with colleague(front, url, Role.OWNER, scheme=scheme, width=width) as visitor:
                for path in pages:
                    await visitor.page.goto(url + path)
                    await is_fine(visitor, f"{path} {scheme}")
                assert [error for error in visitor.errors if "404" not in error] == []


@pytest.mark.parametrize(
    ("language", "scheme", "width"),
    [("zh-Hant", "dark", 390), ("zh-Hans", "light", 1280), ("en", "dark", 1280)],
)
async def test_a_conversation_taken_over_is_harmless_and_axe_finds_nothing_in_it(
    front: Front, language: str, scheme: str, width: int
) -> None:
    row = await said(front, HOSTILE)
    async with (
        served(front.shopfront) as url,
        colleague(front, url, Role.AGENT, language=language, scheme=scheme, width=width) as visitor,
    ):
        page = visitor.page
        async with front.store.transaction() as books:
            customer = await books.customers.get(row.customer_id)
            await books.floor.ask(customer, row.id, front.clock())
            await books.floor.give_back(customer, "Bo", front.clock(), note=HOSTILE)
            await books.floor.ask(customer, row.id, front.clock())
            kept, _ = await books.messages.receive(customer.id, "web", "kept", front.clock(), HOSTILE)
            await books.floor.keep(kept, language="zh-Hant", intent="order_status")
            await books.floor.suggest(kept.id, {"reply": HOSTILE, "question": HOSTILE, "proposal": HOSTILE})
        await page.goto(f"{url}/staff/")
        await page.locator("[data-waiting]").wait_for()
        async with front.store.transaction() as books:
            await books.floor.raise_(await books.customers.get(row.customer_id), front.clock())
        await page.locator("#toasts p").wait_for()  # every open page says that somebody waits too long
        await expect(page.locator(".queue .raised")).to_be_visible()
        for path in ("/staff/", "/staff/conversations", f"/staff/conversations/{row.customer_id}"):
            await page.goto(url + path)
            await page.locator(".waits").first.wait_for()
            await is_fine(visitor, path)
        await page.keyboard.press("t")
        await page.locator(".floor-suggested button").first.wait_for()
        for key in ("o", "b"):
            await page.keyboard.press("Escape")
            await page.keyboard.press(key)
        await expect(page.locator("#floor-note")).to_be_focused()
        await page.locator(".floor-suggested button").first.click()
        await expect(page.locator("#floor-words")).to_be_focused()
        assert (await page.locator("#floor-words").input_value()).startswith("<script>")
        await is_fine(visitor, "taken over")
        assert visitor.errors == []


async def is_fine(visitor: Visitor, what: str) -> None:
    """Nothing was done by words, axe has nothing to say, and nothing is wider than the window."""
    page = visitor.page
    assert "mine" not in await page.title(), what
    found = await Axe().run(page)
    assert found.violations_count == 0, f"{what}: {found.generate_report()}"
    spilt = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert spilt <= 0, what
    assert visitor.elsewhere == []


async def test_a_reviewer_sees_no_way_to_what_is_not_theirs(front: Front) -> None:
    await said(front, "hello")
    async with served(front.shopfront) as url, colleague(front, url, Role.REVIEWER) as visitor:
        await expect(visitor.page.locator(".rooms")).not_to_contain_text("Audit")
        answer = await visitor.page.goto(f"{url}/staff/audit")
        assert answer is not None
        assert answer.status == 403
        await expect(visitor.page.locator("main")).not_to_contain_text("entered")


async def test_charts_are_drawn_without_eval_and_their_tables_are_there_without_a_script(
    front: Front,
) -> None:
    for number, text in enumerate(("one", "two", "three")):
        await said(front, text, number)
        front.clock.turn(hours=24)
    async with served(front.shopfront) as url, colleague(front, url, Role.REVIEWER) as visitor:
        page = visitor.page
        await page.goto(f"{url}/staff/charts?days=7")
        drawings = page.locator("[data-drawing]")
        await expect(page.locator("[data-drawing] svg")).to_have_count(await drawings.count())
        assert await drawings.count() >= 3
        await expect(page.locator("#chart-channels svg path[fill]").first).to_be_attached()
        await page.locator("#chart-channels summary").focus()
        await page.keyboard.press("Enter")
        await expect(page.locator("#chart-channels tbody tr")).to_have_count(4)
        await page.locator("#f-by").select_option("week")
        await expect(page.locator("#chart-channels tbody tr")).to_have_count(2)
        await expect(page.locator("#chart-channels svg")).to_be_visible()
        found = await Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert visitor.errors == []
        assert visitor.elsewhere == []

"""The whole shop on Telegram: three scripts, two channels, one customer, and processes that die."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from crm_store.models import MessageRow
from crm_store.store import Store
from one_to_one.language import Language
from one_to_one.texts import Texts
from settings import PREFIX, ROOT
from tests.bench.lives.talking import days_pass
from tests.journey.phones import PATIENCE_SECONDS, Phone
from tests.journey.shop_running import RunningShop, until


@dataclass
class Browser:
    """One person's web chat."""

    api: httpx.Client
    customer: str

    def says(self, **said: str) -> list[dict[str, Any]]:
        """Type or tap; the replies."""
        response = self.api.post("/api/chat/messages", json=said)
        response.raise_for_status()
        replies: list[dict[str, Any]] = response.json()["replies"]
        return replies

    def comes_back(self) -> None:
        """Begin a new visit."""
        self.api.post("/api/chat/sessions", json={}).raise_for_status()

    def link(self) -> str:
        """The token of "continue on Telegram"."""
        response = self.api.post("/api/chat/links")
        response.raise_for_status()
        return str(response.json()["url"]).partition("start=")[2]


@pytest.fixture
def shop(telegram_shop: RunningShop) -> RunningShop:
    return telegram_shop


@pytest.fixture
def browser(shop: RunningShop) -> Iterator[Callable[[str], Browser]]:
    opened: list[httpx.Client] = []

    def visit(language: str) -> Browser:
        api = httpx.Client(base_url=shop.url, trust_env=False, timeout=PATIENCE_SECONDS)
        opened.append(api)
        session = api.post("/api/chat/sessions", json={"language": language}).json()
        api.headers["Authorization"] = f"Bearer {session['token']}"
        return Browser(api, session["customer"])

    yield visit
    for api in opened:
        api.close()


@pytest.fixture(scope="module")
def texts() -> Texts:
    return Texts.read(ROOT / "data" / "texts")


def offered(me: Phone, verb: str) -> str:
    """The payload of the first button of this verb, once all answers are here."""
    me.rests()
    return next(str(data) for line in me.chat() for data in line["data"] if data.startswith(f"{verb}:"))


def topics(payloads: list[str]) -> list[str]:
    """The topics of the questions whose buttons these are, each once per question."""
    return [payload.partition(":")[2] for payload in payloads if payload.startswith("skip:")]


def rows(shop: RunningShop, user: int) -> list[MessageRow]:
    """The stored conversation of a Telegram user."""

    async def read() -> list[MessageRow]:
        store = Store(shop.settings.store_url)
        async with store.reading() as books:
            customer = await books.customers.find("telegram", str(user))
            found = await books.messages.history(customer.id) if customer else []
        await store.close()
        return found

    return asyncio.run(read())


@pytest.mark.parametrize(
    ("user", "code", "wish", "ask", "known"),
    [
        (11, "zh-hant", "我喜歡深焙，不要牛奶", "你記得我什麼", "深焙"),
        (12, "zh-hans", "我喜欢深烘，不要牛奶", "你记得我什么", "深烘"),
        (13, "en", "I like dark roast and never milk", "what do you know about me?", "dark"),
    ],
)
def test_a_conversation_in_each_script(
    phone: Callable[[int, str], Phone], user: int, code: str, wish: str, ask: str, known: str
) -> None:
    me = phone(user, code)
    [greeting, *_] = me.hears(lambda: me.say("/start"))
    assert greeting
    me.hears(lambda: me.say(wish), known)
    me.hears(lambda: me.say(ask), known)
    assert me.hears(lambda: me.say("/me"), known)


def test_a_proposal_is_ordered_by_tapping(phone: Callable[[int, str], Phone], shop: RunningShop) -> None:
    me = phone(14, "en")
    me.hears(lambda: me.say("recommend me something"), "1.")
    choose = offered(me, "choose")
    me.hears(lambda: me.tap(data=choose))
    until(
        lambda: any("✓" in title for line in me.chat() for title in line["buttons"]),
        PATIENCE_SECONDS,
        "the choice isn't shown",
    )
    confirm = offered(me, "confirm")
    me.hears(lambda: me.tap(data=confirm))
    assert [row.payload for row in rows(shop, 14) if row.payload] == [choose, confirm]
    assert any(line["picture"] for line in me.chat()), "a picture of the shop arrives"


def test_what_was_begun_on_the_web_goes_on_here_and_nothing_is_asked_twice(
    phone: Callable[[int, str], Phone], browser: Callable[[str], Browser], texts: Texts, shop: RunningShop
) -> None:
    page, me = browser("zh-Hans"), phone(21, "en")
    asked = []
    for _ in range(3):
        replies = page.says(payload="start")
        asked += topics([button["payload"] for reply in replies for button in reply["buttons"]])
        page.says(payload=f"skip:{asked[-1]}")
        an_hour_later(shop)
        page.comes_back()
    page.says(text="我喜欢深烘")

    me.hears(lambda: me.say("hello"))
    connected = texts.say(Language.SIMPLIFIED, "telegram.link.connected")
    me.hears(lambda: me.say(f"/start {page.link()}"), connected)
    me.hears(lambda: me.say("你记得我什么"), "深烘")
    for _ in range(3):
        me.rests()
        an_hour_later(shop)
        page.comes_back()
        me.hears(lambda: me.say("/start"))
    me.rests()
    stored = rows(shop, 21)
    [link] = [row.id for row in stored if row.text == connected]
    every = asked + topics([each["payload"] for row in stored if row.id > link for each in row.buttons])
    assert len(every) > len(asked), "Telegram asks as well"
    assert len(set(every)) == len(every), f"asked twice: {every}"


def an_hour_later(shop: RunningShop) -> None:
    """Time goes by: a visit holds one question, and so does half an hour on whatever channel."""
    days_pass(shop.home / "dripwise.db", 1 / 24)


def test_the_merge_can_be_undone(
    phone: Callable[[int, str], Phone], browser: Callable[[str], Browser], texts: Texts, shop: RunningShop
) -> None:
    page, me = browser("en"), phone(22, "en")
    me.hears(lambda: me.say("I never drink milk"))
    page.says(text="I like dark roast")
    me.hears(lambda: me.say(f"/start {page.link()}"), texts.say(Language.ENGLISH, "telegram.link.connected"))
    me.hears(lambda: me.say("/me"), "dark")
    unmerge(shop, page.customer)
    [listed, *_] = me.hears(lambda: me.say("/me"), "milk")
    assert "dark" not in listed
    known = " ".join(reply["text"] for reply in page.says(payload="know"))
    assert "dark" in known
    assert "milk" not in known


def test_when_the_web_process_is_killed_everything_is_answered_once(
    phone: Callable[[int, str], Phone], shop: RunningShop
) -> None:
    people = [phone(user, "en") for user in (31, 32, 33)]
    for number in range(4):
        for me in people:
            me.say(f"I like {('light roast', 'oat milk', 'fruity coffee', 'no sugar')[number]}")
        if number in (1, 2):
            shop.kill("web")
    for me in people:
        until(lambda me=me: answered(shop, me.user, 4), PATIENCE_SECONDS, "unanswered")  # type: ignore[misc]
    for me in people:
        stored = rows(shop, me.user)
        replies = [row.text for row in stored if row.direction == "out" and row.sender == "bot"]
        until(lambda me=me, replies=replies: set(replies) <= set(me.said()), PATIENCE_SECONDS, "lost")  # type: ignore[misc]
        assert [row.text for row in stored if row.direction == "in"] == [
            line["text"] for line in me.chat() if line["from"] == "user"
        ]


def test_while_the_bot_is_down_it_is_said_and_answered_afterwards(
    phone: Callable[[int, str], Phone], shop: RunningShop, texts: Texts
) -> None:
    me = phone(41, "zh-hant")
    me.hears(lambda: me.say("你好"))
    me.rests()
    before = notices(shop, 41)
    with shop.without("bot"):
        me.hears(lambda: me.say("我喜歡深焙"), texts.say(Language.TRADITIONAL, "notices.bot_down"))
    me.rests()
    assert "深焙" in me.said()[-1]
    assert notices(shop, 41) == before + 1


def notices(shop: RunningShop, user: int) -> int:
    """How often the shop itself said something to somebody."""
    return [row.sender for row in rows(shop, user)].count("shop")


def answered(shop: RunningShop, user: int, count: int) -> bool:
    """Whether all of the user's messages are in the store and answered."""
    received = [row for row in rows(shop, user) if row.direction == "in"]
    return len(received) == count and all(row.state == "answered" for row in received)


def unmerge(shop: RunningShop, customer: str) -> None:
    """`./dripwise customer unmerge`."""
    env = {"PATH": "/usr/bin:/bin", f"{PREFIX}HOME": str(shop.home)}
    python = str(ROOT / ".dripwise" / "app" / "bin" / "python")
    subprocess.run(
        [python, "-m", "cli", "customer", "unmerge", customer], cwd=ROOT, env=env, check=True, timeout=240
    )

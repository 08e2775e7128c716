"""Taking a conversation over in the console, and handing it back."""

from __future__ import annotations

import html
import re

import httpx
import pytest

from crm_store.models import MessageRow
from one_to_one.facts import Heard, MessageId, Polarity, Source
from one_to_one.roles import Role
from staff import events, glancing
from staff.masking import DOTS
from tests.unit.colleagues import form_token, settled
from tests.unit.shopfronts import Front


@pytest.fixture
async def customer(front: Front) -> str:
    """Somebody who asked for a person, in English."""
    async with front.store.transaction() as books:
        row = await books.customers.create("en", front.clock())
        message, _ = await books.messages.receive(row.id, "web", None, front.clock(), "a person please")
        await books.floor.ask(row, message.id, front.clock())
    return row.id


class Bar:
    """The bar of one conversation, as one colleague uses it."""

    def __init__(self, browser: httpx.AsyncClient, customer: str, token: str) -> None:
        self._browser, self._customer, self._token = browser, customer, token

    async def shows(self) -> str:
        return (await self._browser.get(self._at(), headers={"HX-Request": "true"})).text

    async def does(self, act: str, **fields: str) -> httpx.Response:
        typed = {"_csrf_token": self._token, **fields}
        return await self._browser.post(self._at(act), data=typed, headers={"HX-Request": "true"})

    async def asks(self, part: str) -> httpx.Response:
        return await self._browser.get(self._at(part), headers={"HX-Request": "true"})

    def _at(self, act: str = "") -> str:
        return f"/staff/customers/{self._customer}/floor/{act}".rstrip("/")


@pytest.fixture
async def mei(front: Front, browser: httpx.AsyncClient, customer: str) -> Bar:
    """An agent."""
    await settled(front, browser)
    return Bar(browser, customer, await form_token(browser, "/staff/"))


async def listen(browser: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> str:
    """Have a page open for a moment; what it was told."""
    monkeypatch.setattr(events, "LONGEST_SECONDS", 0.05)
    monkeypatch.setattr(events, "TICK_SECONDS", 0.01)
    monkeypatch.setattr(glancing, "FRESH_SECONDS", 0.0)
    return (await browser.get("/staff/events")).text


async def present(front: Front) -> list[str]:
    async with front.store.reading() as books:
        return [row.name for row in await books.staff.present(front.clock())]


async def told(front: Front, customer: str) -> list[MessageRow]:
    async with front.store.reading() as books:
        recent = await books.messages.recent(customer, 20)
    return [message for message in recent if message.direction == "out"]


async def test_who_wants_a_person_is_seen_and_can_be_taken(front: Front, mei: Bar, customer: str) -> None:
    assert "Wants a person" in await mei.shows()
    taken = await mei.does("take")
    assert "You have this conversation" in taken.text
    [joined] = await told(front, customer)
    assert (joined.sender, "Mei" in joined.text) == ("shop", True)


async def test_a_colleagues_words_go_to_the_customer_by_name(front: Front, mei: Bar, customer: str) -> None:
    await mei.does("take")
    await mei.does("say", words="Hello, Mei here.", seen="1")
    said = (await told(front, customer))[-1]
    assert (said.sender, said.sender_name, said.text) == ("staff", "Mei", "Hello, Mei here.")


async def test_words_are_sent_only_by_who_has_the_conversation(front: Front, mei: Bar, customer: str) -> None:
    refused = await mei.does("say", words="Hello", seen="1")
    assert refused.status_code == 409
    assert await told(front, customer) == []


@pytest.mark.parametrize("words", ["", "   "])
async def test_nothing_is_not_sent(front: Front, mei: Bar, customer: str, words: str) -> None:
    await mei.does("take")
    assert (await mei.does("say", words=words, seen="1")).status_code == 400
    assert len(await told(front, customer)) == 1


async def test_a_conversation_is_handed_back_with_a_note(front: Front, mei: Bar, customer: str) -> None:
    await mei.does("take")
    back = await mei.does("back", words="gets a new bag <b>today</b>", seen="1")
    assert "gets a new bag &lt;b&gt;today&lt;/b&gt;" in back.text
    assert "handed back" in (await told(front, customer))[-1].text
    async with front.store.reading() as books:
        assert (await books.customers.get(customer)).held_by is None


async def test_every_switch_is_in_the_audit(front: Front, mei: Bar, customer: str) -> None:
    await mei.does("take")
    await mei.does("back", words="", seen="1")
    async with front.store.reading() as books:
        acts = {row.what for row in await books.audit.latest(20, None) if row.customer_id == customer}
    assert {"took over", "handed back"} <= acts


async def test_of_two_who_press_at_once_the_second_sees_who_was_faster(
    front: Front, mei: Bar, customer: str
) -> None:
    async with front.store.transaction() as books:
        await books.floor.take(await books.customers.get(customer), "Bo", front.clock())
    late = await mei.does("take", holder="")
    assert "Bo has this conversation" in late.text
    assert "faster" in late.headers["HX-Trigger"]
    assert await told(front, customer) == []
    assert "You have this conversation" in (await mei.does("take", holder="Bo")).text


async def test_a_bar_that_shows_an_older_state_is_drawn_anew(front: Front, mei: Bar, customer: str) -> None:
    await mei.does("take", holder="")
    for shown, whole in (("false", True), ("true", False)):
        drawn = await mei.asks(f"state?mine={shown}")
        assert (drawn.headers.get("HX-Retarget") == "#floor") == whole
        assert ("Your words to the customer" in drawn.text) == whole


async def test_replies_that_fit_are_offered_first_until_one_was_sent(
    front: Front, mei: Bar, customer: str
) -> None:
    async with front.store.transaction() as books:
        said, _ = await books.messages.receive(customer, "web", "2", front.clock(), "where is it?")
        await books.floor.keep(said, language="en", intent="order_status", confidence=0.9)
    taken = (await mei.does("take", holder="")).text
    offered, _, kept = taken.partition("Ready replies")
    assert "number of the order" in offered
    assert "Anything else?" not in offered
    assert kept.index("number of the order") < kept.index("this is Mei")
    sent = await mei.does("say", words="Let me look.", seen=str(said.id))
    assert "number of the order" not in sent.text.partition("Ready replies")[0]


async def test_open_pages_are_told_who_waits_and_who_waits_too_long(
    front: Front, browser: httpx.AsyncClient, mei: Bar, customer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert '{"waiting": 1, "raised": []}' in await listen(browser, monkeypatch)
    async with front.store.transaction() as books:
        await books.floor.raise_(await books.customers.get(customer), front.clock())
    assert f'{{"waiting": 1, "raised": ["{customer}"]}}' in await listen(browser, monkeypatch)
    assert "Waits too long" in await mei.shows()


async def test_a_reviewer_sees_but_does_not_take_over(
    front: Front, browser: httpx.AsyncClient, customer: str
) -> None:
    await settled(front, browser, Role.REVIEWER)
    bar = Bar(browser, customer, await form_token(browser, "/staff/"))
    assert "Take over" not in await bar.shows()
    for act in ("take", "say", "back"):
        assert (await bar.does(act, words="x", seen="1")).status_code == 403


async def test_an_open_page_makes_its_colleague_present(
    front: Front, browser: httpx.AsyncClient, mei: Bar, monkeypatch: pytest.MonkeyPatch
) -> None:
    await listen(browser, monkeypatch)
    assert await present(front) == ["Mei"]
    front.clock.turn(minutes=2)
    assert await present(front) == []


async def test_who_is_away_is_not_there_for_customers_until_they_are_back(
    front: Front, browser: httpx.AsyncClient, mei: Bar, monkeypatch: pytest.MonkeyPatch
) -> None:
    await listen(browser, monkeypatch)
    token = await form_token(browser, "/staff/")
    for away, there in (("true", []), ("false", ["Mei"])):
        switched = await browser.post(
            "/staff/away", data={"_csrf_token": token, "away": away}, headers={"HX-Request": "true"}
        )
        assert f'aria-pressed="{away}"' in switched.text
        assert await present(front) == there


async def test_a_customer_there_is_not_has_no_bar(browser: httpx.AsyncClient, front: Front) -> None:
    await settled(front, browser)
    assert (await browser.get("/staff/customers/nobody/floor")).status_code == 404


NAME, NUMBER = "Rosalinde", "0912345678"


@pytest.fixture
async def offered(front: Front, mei: Bar, customer: str) -> Bar:
    """A masked agent, who is offered words that hold a name and a number."""
    async with front.store.transaction() as books:
        heard = Heard("name", NAME, Polarity.LIKES, 0.9, NAME)
        said, _ = await books.messages.receive(customer, "web", "2", front.clock(), f"I am {NAME}")
        source = Source(MessageId(said.id), "web", front.clock())
        await books.facts.learn(customer, heard, at=front.clock(), source=source)
        await books.floor.keep(said, language="en", intent="order_status", confidence=0.9)
    await mei.does("take")
    async with front.store.transaction() as books:
        await books.floor.suggest(said.id, {"reply": f"We call you at {NUMBER}, {NAME}."})
        colleague = await books.staff.named("Mei")
        assert colleague is not None
        colleague.masked = True
    return mei


async def test_a_masked_colleague_says_what_is_offered_whole(
    front: Front, offered: Bar, customer: str
) -> None:
    shown = await offered.shows()
    assert NAME not in shown
    assert NUMBER not in shown
    for taken in re.findall(r'class="said"[^>]*>([^<]*)<', shown):
        sent = await offered.does("say", words=html.unescape(taken), seen="0")
        assert sent.status_code == 200, taken
    said = [message.text for message in await told(front, customer)]
    assert f"We call you at {NUMBER}, {NAME}." in said
    assert any(f"Hello {NAME}" in text for text in said)
    assert not [text for text in said if DOTS in text]


async def test_what_is_offered_can_be_changed_by_a_masked_colleague(
    front: Front, offered: Bar, customer: str
) -> None:
    await offered.does("say", words="Good day R•••, is •••678 right?", seen="0")
    assert (await told(front, customer))[-1].text == f"Good day {NAME}, is {NUMBER} right?"


async def test_dots_that_stand_for_nothing_known_are_not_sent(
    front: Front, offered: Bar, customer: str
) -> None:
    before = len(await told(front, customer))
    for words in ("Hello X•••", "R•••, it is •••111", "•••"):
        assert (await offered.does("say", words=words, seen="0")).status_code == 400
    assert len(await told(front, customer)) == before


async def test_words_sent_again_by_the_same_form_are_said_once(front: Front, mei: Bar, customer: str) -> None:
    await mei.does("take")
    drawn = re.search(r'name="once" value="(\w+)"', await mei.shows())
    assert drawn is not None
    for words in ("It leaves today.", "It leaves today.", "It leaves tomorrow.", "It leaves tomorrow."):
        assert (await mei.does("say", words=words, seen="1", once=drawn[1])).status_code == 200
    again = re.search(r'name="once" value="(\w+)"', await mei.shows())
    assert again is not None
    assert again[1] != drawn[1]
    await mei.does("say", words="It leaves today.", seen="1", once=again[1])
    said = [row.text for row in await told(front, customer) if row.sender == "staff"]
    assert said == ["It leaves today.", "It leaves tomorrow.", "It leaves today."]

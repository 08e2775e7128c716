"""Why a fact is believed, and what was so on a day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crm_store.books import Books
from crm_store.explaining import NoSuchFact, explain
from crm_store.showing import show
from crm_store.store import Store
from crm_store.unasked import merged, newest, unasked
from one_to_one.facts import Fact, Heard, MessageId, Polarity, Source
from one_to_one.ledger import QuestionState
from one_to_one.pack import read_pack
from one_to_one.replies import Reply
from settings import ROOT

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
DAY = timedelta(days=1)
PACK = read_pack(ROOT / "data" / "shops" / "coffee")


async def says(books: Books, customer: str, value: str, at: datetime) -> Fact:
    text = f"I like {value}, please"
    message, _ = await books.messages.receive(customer, "web", f"{customer}{at}", at, text)
    heard = Heard("roast", value, Polarity.LIKES, 0.9, f"I like {value}")
    return await books.facts.learn(customer, heard, at=at, source=Source(MessageId(message.id), "web", at))


async def test_a_fact_tells_who_said_it_when_what_confirmed_it_and_what_it_took_the_place_of(
    store: Store,
) -> None:
    async with store.transaction() as books:
        customer = (await books.customers.create("en", NOON)).id
        light = await says(books, customer, "light", NOON)
        dark = await says(books, customer, "dark", NOON + DAY)
        await books.facts.end(light, NOON + DAY, dark.id)
        again = await says(books, customer, "dark", NOON + 2 * DAY)
        half_life = PACK.topics["roast"].half_life
        told = await explain(books, customer, again.id, PACK, NOON + 2 * DAY + half_life)
        assert [each["text"] for each in told["said"]] == ["I like dark, please"] * 2
        assert [each["words"] for each in told["said"]] == ["I like dark"] * 2
        assert [each["value"] for each in told["instead_of"]] == ["light"]
        assert told["believed"] is True
        assert told["confidence_now"] == pytest.approx(told["confidence"] / 2)
        assert told["half_life_days"] == half_life.days
        before = await explain(books, customer, light.id, PACK, NOON + 2 * DAY)
        assert before["believed"] is False
        assert before["until"] == (NOON + DAY).isoformat()
        assert [each["value"] for each in before["gave_way_to"]] == ["dark"]
        other = (await books.customers.create("en", NOON)).id
        with pytest.raises(NoSuchFact):
            await explain(books, other, dark.id, PACK, NOON)


async def test_on_a_day_nothing_is_shown_that_came_later(store: Store) -> None:
    async with store.transaction() as books:
        customer = (await books.customers.create("en", NOON)).id
        for day in (0, 2):
            at = NOON + day * DAY
            await says(books, customer, ("light", "dark")[day // 2], at)
            await books.contacts.current(customer, "web", at, timedelta(minutes=30))
            await books.consents.record(customer, "unasked", ("granted", "revoked")[day // 2], "May I?", at)
            await books.complaints.add(customer, None, "cold", at)
            await books.proposals.add(customer, None, None, at, "TWD", [])
            await books.customers.identify(customer, "telegram", f"name {day}", "link", at)
            await books.questions.mark(customer, ("milk", "brew")[day // 2], QuestionState.ASKED, at)
        then = await show(books, customer, NOON + DAY, as_known=True)
        assert [fact["value"] for fact in then["facts"]] == ["light"]
        assert [row["state"] for row in then["consents"]] == ["granted"]
        for name in ("contacts", "complaints", "proposals", "identities", "questions"):
            assert len(then[name]) == 1, name
        now = await show(books, customer, NOON + 3 * DAY)
        assert [row["state"] for row in now["consents"]] == ["revoked"]
        assert len(now["identities"]) == 2


async def test_what_is_said_unasked_is_found_for_each_customer_after_their_own_number(store: Store) -> None:
    async with store.transaction() as books:
        ann, bob = [(await books.customers.create("en", NOON)).id for _ in range(2)]
        before = await newest(books, ann)
        asked, _ = await books.messages.receive(ann, "web", "1", NOON, "hi")
        await books.messages.answer(asked, [Reply("answered in time")], NOON, language="en")
        late, _ = await books.messages.receive(ann, "web", "2", NOON, "still there?")
        await books.messages.postpone(late, "down", NOON)
        await books.messages.notice(late, Reply("one moment"), NOON, "en")
        await books.messages.answer(late, [Reply("answered late")], NOON, language="en")
        await books.messages.push(bob, Reply("news for Bob"), "web", NOON, language="en")
        found = await unasked(books, {ann: before, bob: 0})
        assert [row.text for row in found] == ["answered late", "news for Bob"]
        assert await unasked(books, {ann: await newest(books, ann)}) == []
        assert await merged(books, [ann, bob]) == {}

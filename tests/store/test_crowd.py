"""Reading customers for what they teach together, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from crm_store.books import Books
from crm_store.crowd import Learned, is_due, people
from crm_store.erasing import erase
from crm_store.models import CustomerRow
from crm_store.orders import Line
from crm_store.store import Store
from one_to_one.crowd_counts import Person
from one_to_one.facts import Heard, Polarity, Source

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TOPICS = ["milk", "roast"]


async def customer(books: Books, **likes: str) -> CustomerRow:
    row = await books.customers.create("en", NOW)
    for topic, value in likes.items():
        await fact(books, row, topic, value)
    return row


async def fact(
    books: Books, row: CustomerRow, topic: str, value: str, polarity: Polarity = Polarity.LIKES
) -> None:
    heard = Heard(topic, value, polarity, 1.0, value)
    await books.facts.learn(row.id, heard, at=NOW, source=Source(None, "web", NOW))


async def order(books: Books, row: CustomerRow, *products: str) -> None:
    lines = [Line(product, product, Decimal(10), Decimal(4)) for product in products]
    placed = await books.orders.draft(row.id, None, lines, NOW, "EUR")
    await books.orders.place(placed, NOW)


async def read(store: Store, sample: int = 100) -> list[Person]:
    async with store.reading() as books:
        return await people(books.session, TOPICS, sample)


async def test_likes_and_orders_are_read_and_nothing_else(store: Store) -> None:
    async with store.transaction() as books:
        one = await customer(books, roast="dark", name="Ann")
        await fact(books, one, "milk", "oat", Polarity.DISLIKES)
        await order(books, one, "kenya", "brazil")
    assert await read(store) == [Person({"roast": {"dark"}}, {"kenya": 0.5, "brazil": 0.5})]


async def test_a_draft_is_no_choice(store: Store) -> None:
    async with store.transaction() as books:
        one = await customer(books, roast="dark")
        await books.orders.draft(one.id, None, [Line("kenya", "", Decimal(1), Decimal(1))], NOW, "EUR")
    assert await read(store) == [Person({"roast": {"dark"}}, {})]


async def test_a_turned_down_proposal_takes_back_a_choice(store: Store) -> None:
    async with store.transaction() as books:
        one = await customer(books, roast="dark")
        await order(books, one, "kenya", "brazil")
        proposal = await books.proposals.add(one.id, None, None, NOW, "EUR", [{"product": "kenya"}])
        await books.proposals.settle(proposal, "rejected", NOW)
    assert [person.chosen for person in await read(store)] == [{"brazil": 1.0}]


@pytest.mark.parametrize("state", ["denied", "revoked"])
async def test_who_wants_no_profile_is_not_learned_from(store: Store, state: str) -> None:
    async with store.transaction() as books:
        one = await customer(books, roast="dark")
        await customer(books, roast="light")
        await books.consents.record(one.id, "remembering", "granted", "May we?", NOW)
        await books.consents.record(one.id, "remembering", state, "May we?", NOW)
    assert [person.answers for person in await read(store)] == [{"roast": {"light"}}]


async def test_no_more_customers_are_read_than_asked_for(store: Store) -> None:
    async with store.transaction() as books:
        for _ in range(9):
            await customer(books, roast="dark")
    assert len(await read(store, sample=4)) == 4


async def test_an_empty_store_teaches_nothing(store: Store) -> None:
    assert await read(store) == []


async def due(store: Store, before: Learned | None, now: datetime = NOW) -> bool:
    async with store.reading() as books:
        return await is_due(books.session, before, now)


async def test_it_is_learned_anew_after_a_day_and_when_there_are_more(store: Store) -> None:
    just_now = Learned(10, NOW)
    assert await due(store, None)
    assert not await due(store, just_now)
    assert await due(store, just_now, NOW + timedelta(days=1))
    async with store.transaction() as books:
        for _ in range(13):
            await customer(books)
    assert await due(store, just_now)
    assert not await due(store, Learned(11, NOW))


async def test_it_is_learned_anew_when_somebody_was_erased(store: Store) -> None:
    async with store.transaction() as books:
        one = await customer(books, roast="dark")
        before = Learned(1, NOW)
    assert not await due(store, before)
    async with store.transaction() as books:
        await erase(books, one.id, NOW + timedelta(minutes=1))
    assert await due(store, before, NOW + timedelta(minutes=2))
    assert await read(store) == []

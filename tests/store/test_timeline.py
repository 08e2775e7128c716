"""The timeline of a customer: everything once, the newest first, in pages of any size."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from crm_store.books import Books
from crm_store.merging import merge, unmerge
from crm_store.orders import Line
from crm_store.questions import Put
from crm_store.store import Store
from crm_store.timeline import Event, timeline
from one_to_one.facts import Heard, MessageId, Polarity, Source

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
SILENCE = timedelta(minutes=30)


async def lives(books: Books) -> str:
    """A customer to whom much happens at one moment, and some later."""
    customer = (await books.customers.create("en", NOON)).id
    other = (await books.customers.create("en", NOON)).id
    await books.customers.identify(customer, "web", "b", "session", NOON)
    contact = await books.contacts.current(customer, "web", NOON, SILENCE)
    message, _ = await books.messages.receive(customer, "web", None, NOON, "hello")
    message.contact_id = contact.id
    source = Source(MessageId(message.id), "web", NOON)
    for value in ("rye", "spelt", "wheat"):
        heard = Heard("grain", value, Polarity.LIKES, 1.0, value)
        fact = await books.facts.learn(customer, heard, at=NOON, source=source)
    await books.questions.put(customer, "crust", NOON, contact.id, Put())
    await books.proposals.add(customer, contact.id, message.id, NOON, "TWD", [])
    complaint = await books.complaints.add(customer, message.id, "cold", NOON)
    promise = await books.promises.add(customer, message.id, "complaint", "staff", NOON, NOON)
    await books.consents.record(customer, "unasked", "granted", "May I?", NOON)
    order = await books.orders.draft(
        customer, None, [Line("loaf", "Loaf", Decimal(5), Decimal(1))], NOON, "TWD"
    )
    await books.orders.place(order, NOON)
    later = NOON + timedelta(hours=1)
    await books.facts.end(fact, later)
    doubt = await books.fact_reviews.about(fact.id - 1, later)
    assert doubt is not None
    await books.fact_reviews.correct(doubt[0], "oat", Polarity.LIKES, "Mei", later)
    await books.reviews.note(message, "called", "Mei", later)
    await books.complaints.solve(complaint, "a new one", "Mei", later)
    await books.promises.keep(promise, later)
    await merge(books, customer, other, {"by": "link"}, later)
    await unmerge(books, customer, later + timedelta(hours=1), "Mei")
    return customer


async def told(books: Books, customer: str, size: int) -> list[Event]:
    """The whole timeline, read in pages of this size."""
    found: list[Event] = []
    place = None
    while page := await timeline(books.session, customer, size, place):
        found += page
        place = page[-1].place
    return found


@pytest.mark.parametrize("size", [1, 3, 100])
async def test_everything_is_told_once_the_newest_first(store: Store, size: int) -> None:
    async with store.transaction() as books:
        customer = await lives(books)
        found = await told(books, customer, size)
        assert [event.kind for event in found] == [
            "parted",
            *("kept", "solved", "reviewed", "noted", "ended", "merged"),
            *("order_step", "proposed", "asked", "learned", "learned", "learned"),
            *("promised", "complained", "consent", "came", "visit"),
        ]
        assert [event.at for event in found] == sorted((event.at for event in found), reverse=True)


async def test_another_customers_life_is_not_in_it(store: Store) -> None:
    async with store.transaction() as books:
        await lives(books)
        stranger = (await books.customers.create("en", NOON)).id
        assert await told(books, stranger, 10) == []

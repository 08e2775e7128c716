"""Days are counted as they were, in the shop's time zone, by channel and by language."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from crm_store.books import Books
from crm_store.counting_days import Figure
from crm_store.daily import Wanted
from crm_store.doubts import STAFF
from crm_store.erasing import erase
from crm_store.keeping_days import count_days, read_days
from crm_store.logs import LOST
from crm_store.models import ContactRow, DayCountRow, FactReviewRow, MessageRow
from crm_store.questions import Put
from crm_store.store import Store
from one_to_one.facts import Heard, Polarity, Source
from one_to_one.ledger import QuestionState
from one_to_one.replies import Reply
from one_to_one.spans import Span

TAIPEI = ZoneInfo("Asia/Taipei")
BERLIN = ZoneInfo("Europe/Berlin")
DAY = date(2026, 3, 10)
NOW = datetime(2026, 3, 12, 4, tzinfo=UTC)  # noon in Taipei
MONTH = Span(date(2026, 2, 11), date(2026, 3, 12))


def at(hour: float, day: date = DAY, zone: ZoneInfo = TAIPEI) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(hours=hour)


async def visit(books: Books, when: datetime, channel: str = "web", language: str = "en") -> ContactRow:
    customer = (await books.customers.create(language, when)).id
    return await books.contacts.current(customer, channel, when, timedelta(minutes=30))


async def say(
    books: Books,
    contact: ContactRow,
    when: datetime,
    seconds: float = 0.3,
    *,
    language: str = "en",
    **how: str,
) -> MessageRow:
    """A message, and the bot's answer after some seconds."""
    row, _ = await books.messages.receive(
        contact.customer_id, contact.channel, None, when, "words", how.get("payload")
    )
    row.contact_id = contact.id
    later = when + timedelta(seconds=seconds)
    action = how.get("action", "action_inform")
    await books.messages.answer(row, [Reply("yes"), Reply("and")], later, language=language, action=action)
    return row


async def figures(
    store: Store,
    figure: Figure,
    channel: str = "",
    language: str = "",
    now: datetime = NOW,
    zone: ZoneInfo = TAIPEI,
) -> dict[tuple[str, str], int]:
    """How often something happened, by day and key, over the month."""
    read = await read_days(store, Wanted(MONTH, channel, language), zone, now)
    counted: Counter[tuple[str, str]] = Counter()
    for count in read.counts:
        if count.figure == figure:
            counted[count.day.isoformat(), count.key] += count.count
    return dict(counted)


async def test_contacts_are_those_of_the_shops_day_by_channel_and_language(store: Store) -> None:
    async with store.transaction() as books:
        await visit(books, at(0.1))  # still yesterday in UTC
        await visit(books, at(23.9), "telegram", "zh-Hant")
        await visit(books, at(24), "telegram", "zh-Hans")  # the day after
    read = await read_days(store, Wanted(MONTH), TAIPEI, NOW)
    assert read.begun == DAY
    told = {(c.day, c.channel, c.language, c.count) for c in read.counts if c.figure == Figure.CONTACT}
    assert told == {
        (DAY, "web", "en", 1),
        (DAY, "telegram", "zh-Hant", 1),
        (DAY + timedelta(1), "telegram", "zh-Hans", 1),
    }
    assert await figures(store, Figure.CONTACT, "telegram") == {("2026-03-10", ""): 1, ("2026-03-11", ""): 1}
    assert await figures(store, Figure.CONTACT, "telegram", "zh-Hant") == {("2026-03-10", ""): 1}


async def test_the_day_of_summer_time_has_23_hours(store: Store) -> None:
    async with store.transaction() as books:
        await visit(books, datetime(2026, 3, 28, 23, 30, tzinfo=UTC))  # 0:30 on the 29th
        await visit(books, datetime(2026, 3, 29, 21, 30, tzinfo=UTC))  # 23:30 by summer time
        await visit(books, datetime(2026, 3, 29, 22, 30, tzinfo=UTC))  # 0:30 on the 30th
    span = Span(date(2026, 3, 28), date(2026, 3, 30))
    read = await read_days(store, Wanted(span), BERLIN, datetime(2026, 4, 9, tzinfo=UTC))
    counted = {(c.day.day, c.count) for c in read.counts if c.figure == Figure.CONTACT}
    assert counted == {(29, 2), (30, 1)}


async def test_messages_are_told_apart_and_answers_timed(store: Store) -> None:
    async with store.transaction() as books:
        contact = await visit(books, at(9))
        for seconds in (0.3, 0.3, 1.27, 700):
            await say(books, contact, at(9), seconds)
        await say(books, contact, at(9), 0.31, action=LOST)
        await say(books, contact, at(9), 0.3, payload="yes")
        await say(books, contact, at(9), 40, action="action_person")
        await books.messages.receive(contact.customer_id, "web", None, at(9), "not answered yet")
    assert await figures(store, Figure.MESSAGE) == {
        ("2026-03-10", "typed"): 5,
        ("2026-03-10", "lost"): 1,
        ("2026-03-10", "tapped"): 1,
        ("2026-03-10", "person"): 1,
    }
    assert await figures(store, Figure.ANSWER) == {
        ("2026-03-10", "30"): 3,
        ("2026-03-10", "31"): 1,
        ("2026-03-10", "125"): 1,
        ("2026-03-10", "60000"): 1,
    }


async def test_questions_count_on_the_day_they_were_asked_and_on_the_day_they_ended(store: Store) -> None:
    async with store.transaction() as books:
        contact = await visit(books, at(9), "telegram")
        customer, put = contact.customer_id, Put(message=None, kind="open", wording=0, gain=1, burden=0)
        for topic in ("grain", "crust", "size"):
            await books.questions.put(customer, topic, at(9), contact.id, put)
        await books.questions.mark(customer, "grain", QuestionState.ANSWERED, at(10), contact.id)
        await books.questions.mark(customer, "crust", QuestionState.DECLINED, at(25), contact.id)
    read = await read_days(store, Wanted(MONTH, "telegram"), TAIPEI, NOW)
    by_day: Counter[tuple[str, int]] = Counter()
    for figure, day, count in ((c.figure, c.day.day, c.count) for c in read.counts):
        by_day[figure, day] += count
    assert (by_day["asked", 10], by_day["answered", 10], by_day["declined", 11]) == (3, 1, 1)
    assert read.topics == {
        ("asked", "grain"): 1,
        ("asked", "crust"): 1,
        ("asked", "size"): 1,
        ("answered", "grain"): 1,
        ("declined", "crust"): 1,
    }
    assert (await read_days(store, Wanted(MONTH, "web"), TAIPEI, NOW)).topics == {}


async def test_a_fact_is_learned_once_whatever_becomes_of_it(store: Store) -> None:
    async with store.transaction() as books:
        contact = await visit(books, at(9))
        for value, stated, channel in (
            ("rye", True, "web"),
            ("oat", False, "web"),
            ("wheat", True, "import"),
            ("spelt", True, STAFF),
        ):
            heard = Heard("grain", value, Polarity.LIKES, 0.9, value)
            source = Source(None, channel, at(9))
            fact = await books.facts.learn(contact.customer_id, heard, at=at(9), source=source, stated=stated)
            await books.facts.end(fact, at(30))
    assert await figures(store, Figure.LEARNED) == {
        ("2026-03-10", "stated"): 1,
        ("2026-03-10", "inferred"): 1,
        ("2026-03-10", "imported"): 1,
    }


async def test_proposals_count_when_made_and_when_decided(store: Store) -> None:
    async with store.transaction() as books:
        contact = await visit(books, at(9))
        made = [
            await books.proposals.add(contact.customer_id, contact.id, None, at(9), "TWD", [])
            for _ in range(4)
        ]
        for row, outcome in zip(made, ("accepted", "changed", "rejected"), strict=False):
            await books.proposals.settle(row, outcome, at(26))
    assert await figures(store, Figure.PROPOSAL) == {
        ("2026-03-10", "made"): 4,
        ("2026-03-11", "accepted"): 1,
        ("2026-03-11", "changed"): 1,
        ("2026-03-11", "rejected"): 1,
    }


async def test_complaints_waits_and_junk_are_read_as_they_are(store: Store) -> None:
    async with store.transaction() as books:
        contact = await visit(books, at(9), "telegram", "zh-Hant")
        customer = await books.customers.get(contact.customer_id)
        message = await say(books, contact, at(9))
        solved = await books.complaints.add(customer.id, message.id, "cold", at(9))
        await books.complaints.solve(solved, "another", "Mei", at(10))
        await books.complaints.reopen(solved)
        await books.complaints.solve(solved, "money", "Mei", at(11))
        await books.complaints.add(customer.id, message.id, "late", at(12))
        await books.floor.ask(customer, message.id, at(9))
        await books.floor.take(customer, "Mei", at(9.5))
        await books.floor.replied(customer, message.id, at(9.75))
        for verdict, reasons in (("confirmed", ["sample"]), ("rejected", ["odd"])):
            books.session.add(
                FactReviewRow(
                    customer_id=customer.id,
                    fact_id=1,
                    message_id=message.id,
                    who="Mei",
                    at=at(9),
                    verdict=verdict,
                    reasons=reasons,
                    topic="grain",
                    value="rye",
                    polarity="likes",
                )
            )
    read = await read_days(store, Wanted(MONTH, "telegram", "zh-Hant"), TAIPEI, NOW)
    assert [(c.solved, c.attempts) for c in read.complaints] == [(True, 2), (False, 0)]
    assert [wait.seconds for wait in read.waits] == [0.75 * 3600]
    assert [(found.junk, found.sampled) for found in read.found] == [(False, True), (True, False)]
    other = await read_days(store, Wanted(MONTH, "web"), TAIPEI, NOW)
    assert (other.complaints, other.waits, other.found) == ([], [], [])


async def test_a_day_that_is_over_is_kept_and_stays_when_a_customer_is_erased(store: Store) -> None:
    async with store.transaction() as books:
        contact = await visit(books, at(9))
        await visit(books, at(33))
    assert await count_days(store, TAIPEI, NOW) == 1  # the day before yesterday; it names nobody
    async with store.transaction() as books:
        await erase(books, contact.customer_id, NOW)
    assert await figures(store, Figure.CONTACT) == {("2026-03-10", ""): 1, ("2026-03-11", ""): 1}
    assert await count_days(store, TAIPEI, NOW) == 0


@pytest.mark.parametrize("first", ["read", "chore"])
async def test_whoever_counts_first_the_figures_are_the_same(store: Store, first: str) -> None:
    async with store.transaction() as books:
        for day in range(5):
            for channel in ("web", "telegram"):
                contact = await visit(books, at(9 - 24 * day), channel)
                await say(books, contact, at(9 - 24 * day))
    if first == "chore":
        assert await count_days(store, TAIPEI, NOW) == 5
    once = [await figures(store, figure, "web") for figure in Figure]
    async with store.reading() as books:
        kept = await books.session.scalar(select(func.count()).where(DayCountRow.figure == Figure.COUNTED))
    assert kept == 5
    assert [await figures(store, figure, "web") for figure in Figure] == once
    assert await figures(store, Figure.CONTACT, "web", now=NOW + timedelta(days=9)) == once[0]

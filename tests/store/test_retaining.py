"""What goes by itself: with a contact's end, and with age."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from channels.tidying import CLOSING_EVERY, Tidying
from crm_store import chores, retaining
from crm_store.books import Books
from crm_store.closing import close_contacts
from crm_store.models import AuditRow, ContactRow, ExportRow, LinkRow, ProposalRow, SessionRow
from crm_store.retaining import retain
from crm_store.store import Store
from one_to_one.facts import Heard, MessageId, Polarity, Source
from one_to_one.ledger import QuestionState
from one_to_one.replies import Reply
from one_to_one.retention import DAYS, Kept, Retention

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
SILENCE = timedelta(minutes=30)


async def visitor(books: Books, *, at: datetime = NOON, provisional: bool = False) -> tuple[str, ContactRow]:
    """Somebody who said one thing in one contact, which was answered."""
    customer = (await books.customers.create("en", at)).id
    contact = await books.contacts.current(customer, "web", at, SILENCE)
    message, _ = await books.messages.receive(customer, "web", f"{customer}-1", at, "dark, please")
    message.contact_id = contact.id
    await books.messages.answer(message, [Reply("noted")], at, language="en", entities=[{"value": "dark"}])
    heard = Heard("roast", "dark", Polarity.LIKES, 0.9, "dark, please")
    source = Source(MessageId(message.id), "web", at)
    await books.facts.learn(
        customer, heard, at=at, source=source, contact=contact.id, provisional=provisional
    )
    return customer, contact


async def test_what_was_for_one_contact_goes_with_its_end_though_nobody_returns(store: Store) -> None:
    async with store.transaction() as books:
        passing, _ = await visitor(books, provisional=True)
        lasting, _ = await visitor(books)
    assert await close_contacts(store, NOON + SILENCE - DAY / 1440, SILENCE) == 0
    async with store.reading() as books:
        assert len(await books.facts.history(passing)) == 1
    assert await close_contacts(store, NOON + SILENCE, SILENCE) == 2
    async with store.reading() as books:
        assert await books.facts.history(passing) == []
        assert len(await books.facts.history(lasting)) == 1
    assert await close_contacts(store, NOON + HOUR, SILENCE) == 0


async def test_a_contact_is_not_closed_while_a_message_waits(store: Store) -> None:
    async with store.transaction() as books:
        customer, _ = await visitor(books, provisional=True)
        await books.messages.receive(customer, "web", "late", NOON, "and milk")
    assert await close_contacts(store, NOON + HOUR, SILENCE) == 0


async def test_a_contact_that_goes_on_after_all_is_closed_again(store: Store) -> None:
    async with store.transaction() as books:
        customer, contact = await visitor(books)
    await close_contacts(store, NOON + HOUR, SILENCE)
    async with store.transaction() as books:
        again = await books.contacts.current(customer, "web", NOON + SILENCE / 2, SILENCE)
        assert (again.id, again.closed) == (contact.id, False)
    assert await close_contacts(store, NOON + 2 * HOUR, SILENCE) == 1


async def test_of_somebody_who_wants_no_profile_nothing_stays_after_the_contact(store: Store) -> None:
    async with store.transaction() as books:
        customer, contact = await visitor(books, provisional=True)
        await books.consents.record(customer, "remembering", "denied", "May I remember?", NOON)
        await books.questions.mark(customer, "milk", QuestionState.ASKED, NOON, contact.id)
        await books.proposals.add(customer, contact.id, None, NOON, "TWD", [{"facts": ["dark"]}])
    await close_contacts(store, NOON + HOUR, SILENCE)
    async with store.reading() as books:
        assert await books.facts.history(customer) == []
        assert await books.questions.ledger(customer) == {}
        assert await books.proposals.recent(customer, 9) == []
        assert [(row.text, row.entities) for row in await books.messages.recent(customer, 9)] == [
            ("", [])
        ] * 2
        assert {p: row.state for p, row in (await books.consents.current(customer)).items()} == {
            "remembering": "denied"
        }
        assert [line.what for line in await books.audit.listed(customer)] == ["forget"]


async def test_who_takes_the_refusal_back_keeps_a_profile(store: Store) -> None:
    async with store.transaction() as books:
        customer, _ = await visitor(books)
        await books.consents.record(customer, "remembering", "denied", "May I?", NOON)
        await books.consents.record(customer, "remembering", "granted", "May I?", NOON + DAY / 1440)
    await close_contacts(store, NOON + HOUR, SILENCE)
    async with store.reading() as books:
        assert len(await books.facts.believed(customer)) == 1


async def old_things(books: Books) -> str:
    """A customer of long ago with something of every kind, and of today with the same."""
    customer, contact = await visitor(books)
    dark = (await books.facts.believed(customer))[0]
    await books.facts.end(dark, NOON + HOUR)
    heard = Heard("roast", "light", Polarity.LIKES, 0.9, "light")
    await books.facts.learn(customer, heard, at=NOON + HOUR, source=Source(None, "web", NOON))
    shown = await books.proposals.add(customer, contact.id, None, NOON, "TWD", [{"product": "x"}])
    await books.proposals.settle(shown, "rejected", NOON)
    order = await books.orders.draft(customer, None, [], NOON, "TWD")
    await books.order_events.sent(await books.order_events.record(order, "placed", NOON))
    await books.order_events.record(order, "changed", NOON)  # nobody took it yet: it stays, however old
    await books.customers.open_session(customer, f"session {customer}", NOON)
    await books.customers.make_link(customer, f"link {customer}", NOON, NOON + HOUR)
    books.session.add(ExportRow(token_hash=customer, customer_id=customer, created_at=NOON, expires_at=NOON))
    await books.audit.record("cli", "export", customer, NOON)
    return customer


async def count(books: Books, row: type) -> int:
    return await books.session.scalar(select(func.count()).select_from(row)) or 0


async def test_each_kind_goes_when_its_days_are_over_and_not_before(store: Store) -> None:
    async with store.transaction() as books:
        customer = await old_things(books)
    for kind, days in DAYS.items():
        only = Retention(dict.fromkeys(Kept, 36500) | {kind: days})
        assert await retain(store, only, NOON + timedelta(days=days) - HOUR) == {}, kind
        if kind is not Kept.ASKINGS:
            dry = await retain(store, only, NOON + timedelta(days=days) + 2 * HOUR, dry=True)
            assert dry.keys() == {kind}
            gone = await retain(store, only, NOON + timedelta(days=days) + 2 * HOUR)
            assert gone == dry
            assert await retain(store, only, NOON + timedelta(days=days) + 2 * HOUR, dry=True) == {}
    async with store.reading() as books:
        assert [fact.value for fact in await books.facts.history(customer)] == ["light"]
        assert [row.text for row in await books.messages.recent(customer, 9)] == ["", ""]
        for gone_for_good in (SessionRow, LinkRow, ExportRow, ProposalRow, ContactRow):
            assert await count(books, gone_for_good) == 0, gone_for_good
        lines = list(await books.session.scalars(select(AuditRow).order_by(AuditRow.id)))
        assert {line.what for line in lines} == {"retain"}
        assert lines[0].detail == {"messages": 2}


async def test_a_walk_in_many_slices_misses_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retaining, "SLICE", 3)
    async with store.transaction() as books:
        for _ in range(5):
            await visitor(books)
        recent, _ = await visitor(books, at=NOON + 700 * DAY)
    assert await retain(store, Retention(), NOON + 731 * DAY) == {Kept.MESSAGES: 10}
    async with store.reading() as books:
        assert all(row.text for row in await books.messages.recent(recent, 9))


async def test_of_several_processes_one_does_a_chore(store: Store) -> None:
    others = [Store(store.url) for _ in range(3)]
    taken = await asyncio.gather(*(chores.take(each, "retaining", DAY, NOON) for each in others))
    assert sorted(taken) == [False, False, True]
    await chores.done(store, "retaining", NOON)
    assert not await chores.take(store, "retaining", DAY, NOON + HOUR)
    assert await chores.take(store, "retaining", DAY, NOON + DAY)
    assert await chores.take(store, "retaining", DAY, NOON + DAY + chores.ABANDONED)
    for each in others:
        await each.close()


async def test_the_web_process_tidies_by_itself(store: Store) -> None:
    async with store.transaction() as books:
        customer, _ = await visitor(books, provisional=True)
    tidying = Tidying(store, Retention(), SILENCE, lambda: NOON + HOUR)
    running = asyncio.create_task(tidying.run_forever())
    left = True
    async with asyncio.timeout(120):
        while left:
            await asyncio.sleep(0.02)
            async with store.reading() as books:
                left = bool(await books.facts.history(customer))
    running.cancel()
    assert CLOSING_EVERY < SILENCE


async def test_what_colleagues_wrote_about_a_message_goes_with_its_words(store: Store) -> None:
    async with store.transaction() as books:
        for at in (NOON, NOON + 800 * DAY):
            customer, _ = await visitor(books, at=at)
            [message, _] = await books.messages.history(customer)
            await books.reviews.finish(message, "Mei", at)
            await books.reviews.tag(message, "slang", "Mei", at)
            await books.reviews.note(message, "dark, they say", "Mei", at)
    await retain(store, Retention(), NOON + 801 * DAY)
    async with store.reading() as books:
        left = [row.reviewer async for one in books.reviews.reviewed() for row in one.judgements]
        assert left == ["Mei"]
        assert await books.reviews.notes(1) == []
        assert await books.reviews.seen(1) is None

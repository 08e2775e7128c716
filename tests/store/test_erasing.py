"""Exporting, forgetting and erasing a customer."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import func, make_url, select

from crm_store.books import Books
from crm_store.companies import Member
from crm_store.erasing import erase
from crm_store.export_links import make_link
from crm_store.exporting import export
from crm_store.forgetting import forget
from crm_store.merging import merge
from crm_store.models import Base, DoubtRow, FactReviewRow, MemberRow, MessageRow, OrderRow
from crm_store.orders import Line
from crm_store.questions import Put
from crm_store.rows import TABLES
from crm_store.showing import show
from crm_store.store import Store
from one_to_one.basket import Configured
from one_to_one.errors import UnknownCustomer
from one_to_one.facts import Heard, MessageId, Polarity, Source
from one_to_one.ledger import QuestionState
from one_to_one.replies import Button, Reply

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
WORDS = "zanzibar-marzipan"


async def a_life(books: Books, name: str, words: str = WORDS) -> str:
    """A customer with rows in every table; everything personal contains `words`."""
    customer = (await books.customers.create("zh-Hant", NOON)).id
    await books.customers.identify(customer, "telegram", f"{words}-{name}", "telegram", NOON)
    await books.customers.open_session(customer, f"session {name}", NOON)
    await books.customers.make_link(customer, f"link {name}", NOON, NOON + HOUR)
    await make_link(books, customer, NOON)
    contact = await books.contacts.current(customer, "web", NOON, HOUR)
    message, _ = await books.messages.receive(customer, "web", f"{name}-1", NOON, words)
    message.contact_id = contact.id
    reply = Reply(words, (Button(words, f"answer:roast:{words}"),))
    await books.messages.answer(message, [reply], NOON, language="zh-Hant", entities=[{"value": words}])
    heard = Heard("roast", words, Polarity.LIKES, 0.9, words)
    source = Source(MessageId(message.id), "web", NOON)
    await books.facts.learn(customer, heard, at=NOON, source=source, contact=contact.id)
    await books.questions.put(customer, "roast", NOON, contact.id, Put(message=message.id))
    await books.questions.mark(customer, "roast", QuestionState.ANSWERED, NOON, contact.id)
    shown = await books.proposals.add(customer, contact.id, message.id, NOON, "TWD", [{"product": words}])
    made = await books.configurations.add(customer, Configured("brazil", {"bag_size": words}), NOON)
    await books.configurations.save(made, NOON)
    order = await books.orders.draft(
        customer, shown.id, [Line("brazil", words, Decimal(380), Decimal(200))], NOON, "TWD"
    )
    order.details = {"address": words, "label_message": words}
    await books.orders.place(order, NOON)
    [line] = await books.orders.lines(order)
    await books.refills.begin(order, line, 14, NOON)
    await books.orders.rate(line, "liked", words, NOON)
    await books.consents.record(customer, "unasked", "granted", words, NOON, message.id)
    await books.complaints.add(customer, message.id, words, NOON)
    await books.unmet_wishes.add(customer, message.id, NOON, words, thing=words)
    theirs = Heard("roast", words, Polarity.LIKES, 0.5, words)
    await books.their_tastes.learn(customer, "mother", theirs, message.id, NOON)
    await books.promises.add(customer, message.id, words, "Mei", NOON, NOON + HOUR)
    row = await books.customers.get(customer)
    await books.floor.ask(row, message.id, NOON)
    await books.floor.give_back(row, "Mei", NOON + HOUR, note=words)
    await reviewed(books, message, words)
    await employed(books, customer, order)
    return customer


async def employed(books: Books, customer: str, order: OrderRow) -> None:
    """That they buy for a company, and an order that waits for its yes."""
    member = MemberRow(customer_id=customer, company_id="works", role="clerk", since=NOON)
    books.session.add(member)
    await books.session.flush()
    asked = Member(member.id, "works", "clerk", "")
    await books.companies.ask(customer, asked, order.id, order.total, "above_limit", NOON)


async def reviewed(books: Books, message: MessageRow, words: str) -> None:
    """What colleagues say about a message, and about what was learned from it."""
    review = await books.reviews.mine(message, "Mei", NOON)
    review.reply, review.idle = words, [words]
    await books.reviews.finish(message, "Mei", NOON)
    await books.reviews.tag(message, words, "Mei", NOON)
    await books.reviews.note(message, words, "Mei", NOON)
    [fact] = await books.facts.believed(message.customer_id)
    about = {"customer_id": message.customer_id, "fact_id": fact.id, "message_id": message.id, "at": NOON}
    found = {"topic": "roast", "value": words, "polarity": "likes"}
    books.session.add(DoubtRow(**about, weight=0.5))
    books.session.add(FactReviewRow(**about, **found, who="Mei", verdict="rejected"))


async def rows_left(books: Books) -> dict[str, int]:
    counts = {
        table.name: await books.session.scalar(select(func.count()).select_from(table)) or 0
        for table in Base.metadata.sorted_tables
    }
    return {name: count for name, count in counts.items() if count}


async def test_the_life_in_these_tests_has_rows_in_every_table_about_customers(store: Store) -> None:
    async with store.transaction() as books:
        await a_life(books, "ann")
        assert {table.name for table in TABLES} <= (await rows_left(books)).keys()


async def test_erasing_leaves_only_a_line_in_the_audit(store: Store) -> None:
    async with store.transaction() as books:
        customer = await a_life(books, "ann")
    async with store.transaction() as books:
        receipt = await erase(books, customer, NOON)
    async with store.reading() as books:
        assert await rows_left(books) == {"audit": 1}
        assert await books.audit.listed(customer) == []
        [line] = await books.audit.listed(receipt.number)
        assert (line.what, line.detail) == ("erase", {"receipt": receipt.number, "rows": receipt.total})
        with pytest.raises(UnknownCustomer):
            await books.customers.get(customer)
    assert receipt.counts["message"] == 2
    assert receipt.counts["fact"] == 1


async def test_erasing_takes_those_merged_into_a_customer_and_the_journal_along(store: Store) -> None:
    async with store.transaction() as books:
        one, other = await a_life(books, "ann"), await a_life(books, "bob")
        await merge(books, one, other, {"by": "link", "words": WORDS}, NOON + HOUR)
    async with store.transaction() as books:
        await erase(books, other, NOON)
    async with store.reading() as books:
        assert (await rows_left(books)).keys() == {"audit"}


async def test_erasing_one_customer_leaves_the_others_alone(store: Store) -> None:
    async with store.transaction() as books:
        one, other = await a_life(books, "ann"), await a_life(books, "bob")
        before = await export(books, other)
    async with store.transaction() as books:
        await erase(books, one, NOON)
    async with store.reading() as books:
        assert await export(books, other) == before


async def test_erased_words_are_gone_from_the_file(store: Store) -> None:
    path = make_url(store.url).database
    async with store.transaction() as books:
        customers = [await a_life(books, str(number)) for number in range(30)]
    for customer in customers:
        async with store.transaction() as books:
            await erase(books, customer, NOON)
    if store.url.startswith("sqlite") and path is not None:
        assert not [file.name for file in Path(path).parent.iterdir() if WORDS.encode() in file.read_bytes()]


async def test_forgotten_words_are_gone_but_orders_and_identities_stay(store: Store) -> None:
    async with store.transaction() as books:
        customer = await a_life(books, "ann")
        now, _ = await books.messages.receive(customer, "web", "ann-2", NOON + HOUR, "forget everything")
        receipt = await forget(books, customer, now.id, NOON + HOUR)
        await books.messages.answer(now, [Reply("done")], NOON + HOUR, language="en")
        assert await books.facts.history(customer) == []
        assert await books.questions.ledger(customer) == {}
        assert await books.consents.current(customer) == {}
        assert await books.orders.ratings(customer) == []
        assert len(await books.orders.placed(customer)) == 1
        assert [row.text for row in await books.messages.history(customer)] == ["forget everything", "done"]
        assert len(await books.customers.identities(customer)) == 1
    assert receipt.counts["fact"] == 1


async def test_a_forgotten_message_delivered_again_is_still_known(store: Store) -> None:
    async with store.transaction() as books:
        customer = await a_life(books, "ann")
        now, _ = await books.messages.receive(customer, "web", "ann-2", NOON + HOUR, "forget everything")
        await forget(books, customer, now.id, NOON + HOUR)
        _, new = await books.messages.receive(customer, "web", "ann-1", NOON + HOUR, WORDS)
        assert not new


async def test_an_export_holds_every_table_and_no_token(store: Store) -> None:
    async with store.transaction() as books:
        customer = await a_life(books, "ann")
        held = await export(books, customer)
    assert {table.name for table in TABLES} <= held.keys()
    assert all(held[table.name] for table in TABLES)
    written = json.dumps(held)
    assert WORDS in written
    assert "token_hash" not in written


SHOWN = {
    "id", "language", "identities", "facts", "questions", "consents", "contacts", "proposals", "orders",
    "complaints",
    "unmet_wishes",
}  # fmt: skip
FACT = {"topic", "value", "polarity", "stated", "confidence", "since", "until", "source"}


async def test_a_customer_is_shown_with_exactly_the_names_of_the_contract(store: Store) -> None:
    async with store.transaction() as books:
        customer = await a_life(books, "ann")
        shown = await show(books, customer, NOON)
    assert shown.keys() == SHOWN
    assert shown["facts"][0].keys() == FACT
    assert shown["facts"][0]["source"].keys() == {"message", "channel", "at"}
    assert shown["questions"] == [{"topic": "roast", "state": "answered", "at": NOON.isoformat()}]
    json.dumps(shown)


async def test_what_was_said_in_the_current_contact_is_shown_as_provisional(store: Store) -> None:
    async with store.transaction() as books:
        customer = await a_life(books, "ann")
        contact = await books.contacts.current(customer, "web", NOON, HOUR)
        heard = Heard("avoid", "nuts", Polarity.NEVER, 0.9, "no nuts")
        source = Source(None, "web", NOON)
        await books.facts.learn(customer, heard, at=NOON, source=source, contact=contact.id, provisional=True)
        shown = await show(books, customer, NOON)
    assert [fact.get("provisional", False) for fact in shown["facts"]] == [False, True]


async def test_history_shows_what_is_no_longer_believed(store: Store) -> None:
    async with store.transaction() as books:
        customer = await a_life(books, "ann")
        [fact] = await books.facts.believed(customer)
        await books.facts.end(fact, NOON + HOUR)
        shown = await show(books, customer, NOON + HOUR, history=True)
    assert shown["facts"] == []
    assert [each["until"] for each in shown["history"]] == [None, (NOON + HOUR).isoformat()]
    assert shown.keys() - SHOWN == {"history", "merges", "consent_history", "messages"}

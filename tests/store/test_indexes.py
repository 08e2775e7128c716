"""What is read in every turn or every few seconds never reads a whole table."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event, text

from crm_store.books import Books
from crm_store.migrating import migrate
from crm_store.questions import Put
from crm_store.store import Store
from one_to_one.facts import Heard, Polarity, Source
from one_to_one.ledger import QuestionState
from one_to_one.replies import Reply

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
async def explained(tmp_path: Path) -> AsyncIterator[Store]:
    """An SQLite store: its planner tells what it would do on a big table too."""
    url = f"sqlite+aiosqlite:///{tmp_path / 'store.db'}"
    migrate(url)
    store = Store(url)
    yield store
    await store.close()


@asynccontextmanager
async def no_scans(books: Books) -> AsyncIterator[None]:
    """Fails when a statement of the block reads a whole table."""
    said: list[tuple[str, Any]] = []

    def note(_c: Connection, _cursor: object, statement: str, values: Any, _ctx: object, _many: bool) -> None:
        said.append((statement, values))

    connection = await books.session.connection()
    event.listen(connection.sync_connection, "before_cursor_execute", note)
    yield
    event.remove(connection.sync_connection, "before_cursor_execute", note)
    for statement, values in said:
        plan = (await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)).mappings()
        scans = [row["detail"] for row in plan if row["detail"].startswith("SCAN")]
        assert scans == [], statement


async def test_a_turn_reads_no_whole_table(explained: Store) -> None:
    async with explained.transaction() as books:
        customer = (await books.customers.create("en", NOON)).id
        await books.customers.open_session(customer, "token", NOON)
        await books.session.flush()
        async with no_scans(books):
            await books.customers.by_session("token")
            await books.customers.find("telegram", "42")
            await books.customers.lease(customer, "me", NOON, NOON + HOUR)
            message, _ = await books.messages.receive(customer, "web", "1", NOON, "hello")
            await books.messages.receive(customer, "web", "1", NOON, "hello")
            await books.messages.unanswered(customer)
            contact = await books.contacts.current(customer, "web", NOON, HOUR)
            await books.messages.recent(customer, 20)
            await books.messages.history(customer, 3)
            heard = Heard("roast", "dark", Polarity.LIKES, 0.9, "dark")
            fact = await books.facts.learn(customer, heard, at=NOON, source=Source(None, "web", NOON))
            await books.facts.believed(customer, contact=contact.id)
            await books.facts.believed(customer, NOON)
            await books.facts.end(fact, NOON + HOUR)
            await books.questions.put(customer, "roast", NOON, contact.id, Put())
            await books.questions.mark(customer, "roast", QuestionState.ANSWERED, NOON, contact.id)
            await books.questions.ledger(customer)
            await books.proposals.recent(customer, 5)
            await books.orders.placed(customer)
            await books.orders.unrated(customer)
            await books.orders.ratings(customer)
            await books.consents.current(customer)
            await books.messages.answer(message, [Reply("hi")], NOON, language="en")
            await books.messages.replies_to(message.id)
            await books.messages.notices_since(customer, NOON)
            await books.customers.release(customer, "me")


async def test_the_pumps_read_no_whole_table(explained: Store) -> None:
    async with explained.transaction() as books, no_scans(books):
        await books.messages.waiting(NOON, 100)
        await books.messages.unsent("telegram", NOON, 100)


async def test_the_test_above_would_notice(explained: Store) -> None:
    async with explained.transaction() as books:
        connection = await books.session.connection()
        plan = await connection.execute(text("EXPLAIN QUERY PLAN SELECT * FROM message WHERE text = 'x'"))
        assert any(row[3].startswith("SCAN") for row in plan)


async def test_reading_can_not_write(store: Store) -> None:
    async with store.reading() as books:
        with pytest.raises(Exception, match=r"(?i)read-?only"):
            await books.customers.create("en", NOON)

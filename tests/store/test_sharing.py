"""Several processes use one store at once: nothing is locked out, nothing happens twice."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from crm_store.store import Store

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
PROCESSES = 3
TURNS = 25

WRITER = """
import asyncio, sys
from datetime import UTC, datetime, timedelta
from crm_store.store import Store
from one_to_one.replies import Reply

url, customer, name, turns = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])

async def main():
    store = Store(url)
    async def turn(number):
        now = datetime.now(UTC)
        async with store.transaction() as books:
            row, _ = await books.messages.receive(customer, "web", f"{name}-{number}", now, "hello")
        async with store.reading() as books:
            await books.messages.history(customer)
        async with store.transaction() as books:
            message = await books.messages.get(row.id)
            await books.contacts.current(customer, "web", now, timedelta(minutes=30))
            await books.messages.answer(message, [Reply("hi")], now, language="en")
    await asyncio.gather(*(turn(number) for number in range(turns)))
    await store.close()

asyncio.run(main())
"""

LEASER = """
import asyncio, sys
from datetime import UTC, datetime, timedelta
from crm_store.store import Store

async def main():
    store, now = Store(sys.argv[1]), datetime(2026, 11, 24, 12, tzinfo=UTC)
    async with store.transaction() as books:
        took = await books.customers.lease(sys.argv[2], sys.argv[3], now, now + timedelta(hours=1))
    print("took" if took else "busy")
    await store.close()

asyncio.run(main())
"""

LINKER = """
import asyncio, sys
from datetime import UTC, datetime
from crm_store.store import Store
from one_to_one.errors import BadLink

async def main():
    store = Store(sys.argv[1])
    try:
        async with store.transaction() as books:
            await books.customers.use_link(sys.argv[2], datetime(2026, 11, 24, 12, tzinfo=UTC))
        print("used")
    except BadLink:
        print("refused")
    await store.close()

asyncio.run(main())
"""


def at_once(script: str, runs: Sequence[Sequence[str]]) -> list[str]:
    """Run a script several times at once; what each printed. Fails when one of them fails."""
    running = [
        subprocess.Popen(
            [sys.executable, "-c", script, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for arguments in runs
    ]
    ended = [process.communicate(timeout=240) for process in running]
    assert [errors for _, errors in ended if errors] == []
    return sorted(output.strip() for output, _ in ended)


async def somebody(store: Store) -> str:
    async with store.transaction() as books:
        customer = (await books.customers.create("en", NOON)).id
        await books.customers.make_link(customer, "secret", NOON, NOON + HOUR)
    return customer


async def test_processes_that_write_at_once_wait_for_each_other(store: Store) -> None:
    customer = await somebody(store)
    runs = [(store.url, customer, str(number), str(TURNS)) for number in range(PROCESSES)]
    await asyncio.to_thread(at_once, WRITER, runs)
    async with store.reading() as books:
        said = await books.messages.history(customer, limit=10_000)
        assert len(said) == 2 * PROCESSES * TURNS
        assert await books.messages.unanswered(customer) == []


async def test_only_one_of_many_takes_a_turn(store: Store) -> None:
    customer = await somebody(store)
    runs = [(store.url, customer, f"process {number}") for number in range(PROCESSES)]
    printed = await asyncio.to_thread(at_once, LEASER, runs)
    assert printed == ["busy"] * (PROCESSES - 1) + ["took"]


async def test_only_one_of_many_uses_a_link(store: Store) -> None:
    await somebody(store)
    runs = [(store.url, "secret")] * PROCESSES
    printed = await asyncio.to_thread(at_once, LINKER, runs)
    assert printed == ["refused"] * (PROCESSES - 1) + ["used"]


async def test_tasks_of_one_process_write_one_after_the_other(store: Store) -> None:
    customer = await somebody(store)

    async def take(owner: str) -> bool:
        async with store.transaction() as books:
            return await books.customers.lease(customer, owner, NOON, NOON + HOUR)

    took = await asyncio.gather(*(take(str(number)) for number in range(20)))
    assert sum(took) == 1


async def test_a_transaction_that_fails_leaves_nothing(store: Store) -> None:
    try:
        async with store.transaction() as books:
            await books.customers.create("en", NOON)
            raise LookupError
    except LookupError:
        pass
    async with store.reading() as books:
        assert await books.customers.listed() == []


async def test_a_message_delivered_to_two_processes_is_kept_once(store: Store) -> None:
    customer = await somebody(store)
    runs = [(store.url, customer, "same", "5")] * PROCESSES
    await asyncio.to_thread(at_once, WRITER, runs)
    async with store.reading() as books:
        said = await books.messages.history(customer, limit=10_000)
    assert sum(row.direction == "in" for row in said) == 5

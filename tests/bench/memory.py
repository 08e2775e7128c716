"""Reading one customer's profile among few and among very many, on SQLite and on PostgreSQL.

Stores of every size are filled with customers who told twenty facts each; then the profiles of customers
picked at random are read as a turn reads them and as `customer show` does, and a fact is written, each in a
transaction of its own through the store that the shop uses. The sizes take turns at being measured, so that
what else the machine does meets all of them.
"""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime

from sqlalchemy import select

from cli.benching import BenchOptions, Figure
from crm_store.books import Books
from crm_store.rows import CUSTOMERS
from crm_store.showing import show
from crm_store.store import Store
from one_to_one.facts import Heard, Polarity, Source
from tests.bench.crowded import FACTS_EACH, Place, Places, fill, postgresql_places, sqlite_places

SIZES = (1_000, 100_000, 1_000_000)
LIMIT = "BENCH_CUSTOMERS"
"""An environment variable: the most customers to measure with, where the disk or the time is small."""

BYTES_EACH = 16_000
"""Room that a customer takes while a store is being filled, at most."""

PICKED = 400
WARM_UP = 40
SEED = 20261126
PLACES: dict[str, Callable[[], AbstractContextManager[Places]]] = {
    "sqlite": sqlite_places,
    "postgresql": postgresql_places,
}
WHAT = {
    "profile": "as a turn reads it",
    "show": "as `customer show` reads it",
    "learn": "one fact written and committed",
}

type Taken = dict[str, list[float]]
type Read = Callable[[Books, str], Awaitable[object]]


def measure(options: BenchOptions, sizes: Sequence[int] | None = None) -> Iterator[Figure]:
    """Fill a store of each size on each database, and read and write in it."""
    wished = allowed(options.say) if sizes is None else sizes
    for name, places in PLACES.items():
        with places() as make:
            stores = {}
            for customers in wished:
                options.say(f"{name}: {customers:,} customers with {FACTS_EACH} facts each …")
                stores[customers] = _filled(make(f"of{customers}"), customers, options.say)
            options.say(f"{name}: reading {PICKED} customers at random from each …")
            for customers, taken in asyncio.run(_taken(stores)).items():
                yield from _figures(f"{name}.{customers}", taken)
                size = stores[customers].size() / 1e6
                yield Figure(f"memory.size_mb.{name}.{customers}", size, "MB", source="on disk")


def _filled(place: Place, customers: int, say: Callable[[str], None]) -> Place:
    began = time.monotonic()
    fill(place, customers, say)
    say(f"  filled in {time.monotonic() - began:.0f} s, {place.size() / 1e6:,.0f} MB")
    return place


def allowed(say: Callable[[str], None]) -> list[int]:
    """The sizes that are wished for and that the disk has room for; says which are left out."""
    most = int(os.environ.get(LIMIT, max(SIZES)))
    room = shutil.disk_usage(tempfile.gettempdir()).free // BYTES_EACH
    fitting = [size for size in SIZES if size <= min(most, room)]
    for size in SIZES:
        if size not in fitting:
            say(f"Left out: {size:,} customers ({LIMIT} is {most:,}; the disk has room for {room:,}).")
    return fitting


def _figures(place: str, taken: Taken) -> Iterator[Figure]:
    for name, seconds in taken.items():
        source = f"{len(seconds)} customers at random, {WHAT[name]}"
        measure = f"memory.{name}_ms.{place}"
        yield Figure(measure, statistics.median(seconds) * 1000, "ms", source=source)
        p95 = statistics.quantiles(seconds, n=20)[-1]
        yield Figure(f"{measure}.p95", p95 * 1000, "ms", source=source)


async def _taken(places: Mapping[int, Place]) -> dict[int, Taken]:
    """Seconds of each reading and writing, for every size."""
    stores = {customers: Store(place.url) for customers, place in places.items()}
    try:
        picked = {customers: await _picked(store) for customers, store in stores.items()}
        taken: dict[int, Taken] = {customers: {name: [] for name in WHAT} for customers in stores}
        for number in range(WARM_UP + PICKED):
            for customers, store in stores.items():
                seconds = await _once(store, picked[customers][number])
                for name in WHAT if number >= WARM_UP else ():
                    taken[customers][name].append(seconds[name])
    finally:
        for store in stores.values():
            await store.close()
    return taken


async def _picked(store: Store) -> list[str]:
    async with store.reading() as books:
        everybody = list(await books.session.scalars(select(CUSTOMERS.c.id)))
    return random.Random(SEED).choices(everybody, k=PICKED + WARM_UP)


async def _once(store: Store, customer: str) -> dict[str, float]:
    return {
        "profile": await _read(store, customer, profile),
        "show": await _read(store, customer, _show),
        "learn": await _learn(store, customer),
    }


async def profile(books: Books, customer: str) -> object:
    """What a turn reads of a customer before it answers."""
    row = await books.customers.get(customer)
    contact = await books.contacts.latest(row.id)
    facts = await books.facts.believed(row.id, contact=None if contact is None else contact.id)
    ledger = await books.questions.ledger(row.id)
    consents = await books.consents.current(row.id)
    said = await books.messages.recent(row.id, 20)
    shown = await books.proposals.recent(row.id, 5)
    return row, contact, facts, ledger, consents, said, shown


async def _show(books: Books, customer: str) -> object:
    return await show(books, customer, datetime.now(UTC))


async def _read(store: Store, customer: str, read: Read) -> float:
    began = time.perf_counter()
    async with store.reading() as books:
        await read(books, customer)
    return time.perf_counter() - began


async def _learn(store: Store, customer: str) -> float:
    now = datetime.now(UTC)
    heard = Heard("reason", "taste", Polarity.LIKES, 1.0, "for the taste")
    began = time.perf_counter()
    async with store.transaction() as books:
        await books.facts.learn(customer, heard, at=now, source=Source(None, "web", now))
    return time.perf_counter() - began

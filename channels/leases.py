"""One turn at a time per customer, in this process and among all of them.

Inside the process an asyncio lock queues the turns in the order they came. Among processes a lease in the
store does; it is short and renewed while a turn runs, so that a process that was killed holds nobody up for
longer than `LEASE`.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from weakref import WeakValueDictionary

import structlog
from sqlalchemy.exc import SQLAlchemyError

from channels.blaming import blame
from crm_store.books import Books
from crm_store.store import Store

LEASE = timedelta(seconds=6)
RENEW_SECONDS = 2.0
POLL_SECONDS = 0.05
KEPT_SECONDS = 0.25
"""How long a lease is kept after its turn: the most another process waits for it."""

log = structlog.get_logger("leases")


class Busy(Exception):
    """Another process has this customer's turn."""


class Leases:
    """The turns this process has taken.

    A lease is kept for a moment after its turn and given back together with others, so that an ordinary turn
    costs the store no transaction of its own: it is taken in the one that records the message.
    """

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock
        self._owner = secrets.token_hex(8)
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._held: dict[str, datetime] = {}  # customer -> until when the lease is ours
        self._idle: set[str] = set()  # ours, but no turn runs
        self._leaving: frozenset[str] = frozenset()  # being given back just now
        self._giving = asyncio.Lock()
        self._giving_back: asyncio.Task[None] | None = None

    def taken_here(self, customer: str) -> bool:
        """Whether a turn of this customer runs in this process."""
        lock = self._locks.get(customer)
        return lock is not None and lock.locked()

    async def want(self, customer: str) -> None:
        """Before asking: let no lease of this customer be given back meanwhile."""
        self._idle.discard(customer)
        if customer in self._leaving:
            async with self._giving:
                pass

    async def ask(self, books: Books, customer: str) -> datetime | None:
        """Take the turn inside a transaction that runs anyway; until when, or None: somebody has it."""
        now = self._clock()
        free = await books.customers.lease(customer, self._owner, now, now + LEASE)
        return now + LEASE if free else None

    def got(self, customer: str, until: datetime | None) -> None:
        """That transaction was committed."""
        if until is not None:
            self._held[customer] = until
            self._idle.add(customer)
            self._give_back_soon()

    @asynccontextmanager
    async def turn(self, customer: str, patience: timedelta) -> AsyncIterator[None]:
        """Have the customer's turn while the block runs. Raises Busy when it isn't free within `patience`."""
        lock = self._locks.setdefault(customer, asyncio.Lock())
        async with lock:
            await self.want(customer)
            await self._take(customer, patience)
            renewing = asyncio.create_task(self._renew(customer))
            try:
                yield
            finally:
                renewing.cancel()
                self._idle.add(customer)
                self._give_back_soon()

    async def give_back(self) -> None:
        """Give back every lease that no turn needs."""
        async with self._giving:
            self._leaving = frozenset(customer for customer in self._idle if self._held.pop(customer, None))
            self._idle.clear()
            try:
                await self._release(self._leaving)
            finally:
                self._leaving = frozenset()

    async def _release(self, customers: Collection[str]) -> None:
        if not customers:
            return
        async with self._store.transaction() as books:
            for customer in customers:
                await books.customers.release(customer, self._owner)

    def _give_back_soon(self) -> None:
        if self._giving_back is None or self._giving_back.done():
            self._giving_back = asyncio.create_task(self._give_back_later())

    async def _give_back_later(self) -> None:
        await asyncio.sleep(KEPT_SECONDS)
        try:
            await self.give_back()
        except (SQLAlchemyError, OSError) as error:
            log.warning("leases not given back: they run out by themselves", **blame(error))

    async def _take(self, customer: str, patience: timedelta) -> None:
        if self._held.get(customer, self._clock()) - self._clock() > LEASE / 2:
            return
        deadline = self._clock() + patience
        while not await self._lease(customer):
            if self._clock() >= deadline:
                raise Busy(customer)
            await asyncio.sleep(POLL_SECONDS)

    async def _renew(self, customer: str) -> None:
        while True:
            await asyncio.sleep(RENEW_SECONDS)
            await self._lease(customer)

    async def _lease(self, customer: str) -> bool:
        async with self._store.transaction() as books:
            until = await self.ask(books, customer)
        if until is not None:
            self._held[customer] = until
        return until is not None

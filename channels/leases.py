"""One turn at a time per customer, in this process and among all of them.

Inside the process an asyncio lock queues the turns in the order they came. Among processes a lease in the
store does; it is short and renewed while a turn runs, so that a process that was killed holds nobody up for
longer than `LEASE`.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from weakref import WeakValueDictionary

from crm_store.store import Store

LEASE = timedelta(seconds=6)
RENEW_SECONDS = 2.0
POLL_SECONDS = 0.05


class Busy(Exception):
    """Another process has this customer's turn."""


class Leases:
    """The turns this process has taken."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock
        self._owner = secrets.token_hex(8)
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def taken_here(self, customer: str) -> bool:
        """Whether a turn of this customer runs in this process."""
        lock = self._locks.get(customer)
        return lock is not None and lock.locked()

    @asynccontextmanager
    async def turn(self, customer: str, patience: timedelta) -> AsyncIterator[None]:
        """Have the customer's turn while the block runs. Raises Busy when it isn't free within `patience`."""
        lock = self._locks.setdefault(customer, asyncio.Lock())
        async with lock:
            await self._take(customer, patience)
            renewing = asyncio.create_task(self._renew(customer))
            try:
                yield
            finally:
                renewing.cancel()
                await self._release(customer)

    async def _take(self, customer: str, patience: timedelta) -> None:
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
        now = self._clock()
        async with self._store.transaction() as books:
            return await books.customers.lease(customer, self._owner, now, now + LEASE)

    async def _release(self, customer: str) -> None:
        async with self._store.transaction() as books:
            await books.customers.release(customer, self._owner)

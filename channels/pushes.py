"""What arrives unasked: one look at the store per tick for all customers who are connected to this process.

Other processes write too (colleagues, actions, the command line), so the store is asked, not they.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import structlog

from channels.blaming import blame
from channels.refusals import TooFast
from crm_store.models import MessageRow
from crm_store.store import Store
from crm_store.unasked import merged, newest, unasked

TICK_SECONDS = 0.5
MOST_LISTENERS = 2000
MOST_OF_ONE_CUSTOMER = 6
WAIT_WHEN_FULL = 30  # seconds

log = structlog.get_logger("pushes")


@dataclass(eq=False)
class Listener:
    """One connected page."""

    customer: str
    last: int  # the newest message it was given
    inbox: asyncio.Queue[MessageRow | None] = field(default_factory=asyncio.Queue)  # None: the end


class Pushes:
    """The connected pages, and the tick that serves them."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._listeners: list[Listener] = []

    @property
    def connected(self) -> int:
        """How many pages are connected."""
        return len(self._listeners)

    async def join(self, customer: str, after: int | None) -> Listener:
        """A page that is given what is said unasked after the number `after`; None: from now on.

        Raises TooFast when too many pages are connected.
        """
        self._make_room(customer)
        listener = Listener(customer, after if after is not None else await self._newest(customer))
        self._listeners.append(listener)
        return listener

    def leave(self, listener: Listener) -> None:
        """The page is gone."""
        if listener in self._listeners:
            self._listeners.remove(listener)

    async def watch_forever(self) -> None:
        """Tick while anybody is connected."""
        while True:
            try:
                await self.tick()
            except Exception as error:  # noqa: BLE001 - it must go on; the log has the cause
                log.error("the tick stumbled and goes on", **blame(error))
            await asyncio.sleep(TICK_SECONDS)

    async def tick(self) -> None:
        """Hand out what was said since the last tick."""
        if not self._listeners:
            return
        async with self._store.reading() as books:
            rows = await unasked(books, self._after())
            moved = await merged(books, sorted({listener.customer for listener in self._listeners}))
        for row in rows:
            self._hand_out(row)
        for listener in self._listeners:
            listener.customer = moved.get(listener.customer, listener.customer)

    def end(self) -> None:
        """Let every stream end, so that the process can stop."""
        for listener in self._listeners:
            listener.inbox.put_nowait(None)

    def _after(self) -> dict[str, int]:
        after: dict[str, int] = {}
        for listener in self._listeners:
            after[listener.customer] = min(listener.last, after.get(listener.customer, listener.last))
        return after

    def _hand_out(self, row: MessageRow) -> None:
        for listener in self._listeners:
            if listener.customer == row.customer_id and listener.last < row.id:
                listener.last = row.id
                listener.inbox.put_nowait(row)

    def _make_room(self, customer: str) -> None:
        """A customer's oldest page makes room for a new one; a full house is refused. Raises TooFast."""
        if len(self._listeners) >= MOST_LISTENERS:
            raise TooFast(seconds=WAIT_WHEN_FULL)
        own = [listener for listener in self._listeners if listener.customer == customer]
        for oldest in own[: max(0, len(own) - MOST_OF_ONE_CUSTOMER + 1)]:
            self._listeners.remove(oldest)
            oldest.inbox.put_nowait(None)

    async def _newest(self, customer: str) -> int:
        async with self._store.reading() as books:
            return await newest(books, customer)

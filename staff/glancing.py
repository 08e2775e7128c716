"""Who waits for a colleague and who is here: looked up once a second for all the pages that are open."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from crm_store.floor import Waiting, is_raised, waits_since
from crm_store.store import Store

FRESH_SECONDS = 0.9


@dataclass(frozen=True, slots=True)
class Seen:
    """What pages have to know; equal as long as nothing they show has changed."""

    waiting: int  # conversations in which the customer waits for a word
    raised: tuple[str, ...]  # customers who wait longer than they should
    here: tuple[str, ...]  # colleagues
    details: tuple[tuple[object, ...], ...]  # of each conversation that wants a colleague or has one


class Glance:
    """The last look."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock
        self._lock = asyncio.Lock()
        self._until = 0.0  # monotonic seconds
        self.over = False
        self._seen = Seen(0, (), (), ())

    def end(self) -> None:
        """Let every stream end, so that the process can stop."""
        self.over = True

    async def look(self) -> Seen:
        """What is to be seen now, or was less than a second ago."""
        async with self._lock:
            if time.monotonic() >= self._until:
                self._seen = await self._look()
                self._until = time.monotonic() + FRESH_SECONDS
        return self._seen

    async def _look(self) -> Seen:
        async with self._store.reading() as books:
            listed = await books.floor.listed()
            here = await books.staff.present(self._clock())
        return Seen(
            waiting=sum(waits_since(one) is not None for one in listed),
            raised=tuple(one.customer.id for one in listed if is_raised(one)),
            here=tuple(row.name for row in here),
            details=tuple(_details(one) for one in listed),
        )


def _details(one: Waiting) -> tuple[object, ...]:
    last = None if one.last is None else (one.last.id, bool(one.last.suggested))
    return (one.handover.id, one.handover.colleague, one.handover.raised_at, one.unanswered, last)

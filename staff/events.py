"""What comes in while a page is open, as server-sent events: whose it is, and nothing of what was said.

`message` tells of a new message; `floor` how many customers wait for a colleague, and who waits too long,
each time something about that has changed. While a stream is open its colleague is here for customers.

Other processes write too, so the store is asked once a second for what is new, by the primary key. A stream
ends after a while and the browser asks again from where it was: so a session that has ended, or a process
that stops, is noticed.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Mapping
from typing import Annotated

from litestar import Controller, get
from litestar.params import Parameter
from litestar.response import Stream

from crm_store.models import MessageRow
from one_to_one.roles import Role
from staff.console import Console
from staff.who import EVENTS, Asked, may

TICK_SECONDS = 1.0
LONGEST_SECONDS = 20.0
OVERLAP = 50
"""Numbers before the newest that are looked at again: PostgreSQL may show a message after later ones."""

LARGEST_NUMBER = 2**63 - 1


class Events(Controller):
    """The stream."""

    guards = (may(Role.REVIEWER),)
    include_in_schema = False

    @get(EVENTS)
    async def events(
        self,
        console: Console,
        request: Asked,
        last_event_id: Annotated[
            int | None, Parameter(header="Last-Event-ID", ge=0, le=LARGEST_NUMBER)
        ] = None,
    ) -> Stream:
        """New messages of all customers, from now on or after `Last-Event-ID`; and who waits for somebody."""
        async with console.store.transaction() as books:
            await books.staff.here(request.user.name, console.clock())
        return Stream(
            _told(console, last_event_id),
            media_type="text/event-stream",
            headers={"X-Accel-Buffering": "no", "Cache-Control": "no-store"},
        )


class Watch:
    """What is new in the store since the last look."""

    def __init__(self, console: Console, last: int | None) -> None:
        self._console = console
        self._last = last
        self._known: set[int] = set()

    async def look(self) -> list[MessageRow]:
        """The messages that are new, oldest first; the first look without a number finds none."""
        async with self._console.store.reading() as books:
            begins = self._last is None
            last = await books.logs.newest() if self._last is None else self._last
            rows = await books.logs.since(max(0, last - OVERLAP))
        if begins or not self._known:
            self._known |= {row.id for row in rows if row.id <= last}
        fresh = [row for row in rows if row.id not in self._known]
        self._last = max([last, *(row.id for row in rows)])
        self._known = {
            number for number in self._known | {row.id for row in fresh} if number > self._last - OVERLAP
        }
        return fresh


async def _told(console: Console, last: int | None) -> AsyncIterator[bytes]:
    watch = Watch(console, last)
    if last is None:
        await watch.look()
    yield b": connected\nretry: 1000\n\n"
    until = time.monotonic() + LONGEST_SECONDS
    seen = None
    while time.monotonic() < until and not console.glance.over:
        for row in await watch.look():
            told = {"customer": row.customer_id, "direction": row.direction}
            yield f"id: {row.id}\n".encode() + _event("message", told)
        if seen != (seen := await console.glance.look()):
            yield _event("floor", {"waiting": seen.waiting, "raised": seen.raised})
        await asyncio.sleep(TICK_SECONDS)


def _event(kind: str, told: Mapping[str, object]) -> bytes:
    return f"event: {kind}\ndata: {json.dumps(told)}\n\n".encode()

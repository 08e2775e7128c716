"""The queue: every conversation that wants a colleague or has one, whoever waits longest first."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from litestar import Controller, Response, get

from crm_store.books import Books
from crm_store.floor import Waiting, is_raised, waits_since
from crm_store.models import StaffRow
from one_to_one.roles import Role
from staff.console import Console
from staff.pages import drawn
from staff.voice import names_for
from staff.who import Asked, may


@dataclass(frozen=True, slots=True)
class Place:
    """One conversation in the queue."""

    of: Waiting
    since: datetime | None  # when the customer began to wait for a word; None: they don't
    raised: bool  # whether that is too long
    names: Sequence[str]  # of the customer, to be masked


@dataclass(frozen=True, slots=True)
class Line:
    """The queue, and who is here to serve it."""

    places: Sequence[Place]
    called: Mapping[str, str]  # what the customers are called, as the colleague may see it
    here: Sequence[str]


class Queue(Controller):
    """The queue, as it stands on the first page and above the log."""

    path = "/waiting"
    guards = (may(Role.REVIEWER),)
    include_in_schema = False

    @get("/")
    async def queue(self, console: Console, request: Asked) -> Response[str]:
        """The part of a page."""
        queue = await line(console, request.user)
        return drawn(console, request, "queue.html", colleague=request.user, queue=queue)


async def line(console: Console, colleague: StaffRow) -> Line:
    """The queue as this colleague sees it."""
    named = console.pack.name_topics
    async with console.store.reading() as books:
        places = [await _placed(books, one, colleague.masked, named) for one in await books.floor.listed()]
        people = [place.of.customer.id for place in places]
        called = await names_for(console, books, colleague.masked, people)
        here = await books.staff.present(console.clock())
    return Line(places, called, [row.name for row in here])


async def _placed(books: Books, one: Waiting, masked: bool, named: Collection[str]) -> Place:
    names = await books.logs.names(one.customer.id, named) if masked else ()
    return Place(one, waits_since(one), is_raised(one), tuple(names))

"""The room of customers: the list, and what is owed to any of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from urllib.parse import urlencode

from litestar import Controller, Response, get

from crm_store.books import Books
from crm_store.customer_list import RUNS, Cut, Entry, Run, Sort
from crm_store.models import ComplaintRow, MessageNoteRow, PromiseRow
from one_to_one.roles import Role
from staff.console import Console
from staff.pages import drawn, language, texts_of
from staff.seeking import moment_of, number_of, written
from staff.taught import Words
from staff.voice import Voice, names_for
from staff.who import PLACE, Asked, may

LIST = f"{PLACE}/customers"
OWED = f"{LIST}/open"
ROWS = 50
"""Rows on one page."""

LONGEST = 200
"""Characters that are looked for."""

KINDS = ("complaints", "promises", "solved")
"""What the page of what is owed can show."""


@dataclass(frozen=True, slots=True)
class Line:
    """One customer of the list."""

    entry: Entry
    called: str
    value: str


@dataclass(frozen=True, slots=True)
class Due:
    """One complaint or promise."""

    number: int
    customer: str
    called: str
    row: ComplaintRow | PromiseRow
    words: str  # of the customer; of a promise: what it is
    link: str  # to the message; "": there is none
    notes: Sequence[MessageNoteRow]
    late: bool


class Customers(Controller):
    """All customers."""

    path = "/customers"
    guards = (may(Role.AGENT),)
    include_in_schema = False

    @get("/")
    async def listed(self, console: Console, request: Asked) -> Response[str]:
        """The list, or who is meant by what is looked for."""
        typed = request.query_params.get("q", "").strip()[:LONGEST]
        sort = sort_of(request.query_params.get("sort", ""))
        after = cut_of(request.query_params.get("after", ""), sort)
        async with console.store.reading() as books:
            among = await _among(console, request, books, typed) if typed else None
            found = await books.customer_list.page(sort, ROWS + 1, after, among)
            lines = await _lines(console, request, books, found[:ROWS])
        await _listed(console, request, len(lines), "searched the customers" if typed else "listed customers")
        more = (
            None if len(found) <= ROWS else _address(LIST, q=typed, sort=sort, after=cut(found[ROWS - 1].cut))
        )
        return drawn(
            console,
            request,
            "customers.html",
            colleague=request.user,
            lines=lines,
            typed=typed,
            sort=sort.value,
            sorts=[(one.value, _address(LIST, q=typed, sort=one)) for one in Sort],
            more=more,
            voice=Voice.of(console, language(request), request.user.masked),
        )

    @get("/open")
    async def owed(self, console: Console, request: Asked) -> Response[str]:
        """Complaints and promises that are open, the oldest first; or complaints that were solved."""
        kind = request.query_params.get("show", "")
        kind = kind if kind in KINDS else KINDS[0]
        after = moment_of(request.query_params.get("after", ""))
        words = texts_of(console.texts, language(request))
        async with console.store.reading() as books:
            complaints, promises = await books.owed.counts()
            rows: Sequence[ComplaintRow | PromiseRow]
            if kind == "promises":
                rows = await books.owed.promises(ROWS + 1, after)
            else:
                rows = await books.owed.complaints(ROWS + 1, after, solved=kind == "solved")
            dues = await dues_of(console, request, books, rows[:ROWS], words)
            people = sorted({due.customer for due in dues}) if request.user.masked else []
            names = [
                name for each in people for name in await books.logs.names(each, console.pack.name_topics)
            ]
        await _listed(console, request, len(dues), f"listed {kind}")
        last = rows[ROWS - 1] if len(rows) > ROWS else None
        return drawn(
            console,
            request,
            "owed.html",
            colleague=request.user,
            scripts=("card.js",),
            kind=kind,
            dues=dues,
            counts={"complaints": complaints, "promises": promises},
            more=None if last is None else _address(OWED, show=kind, after=written(_moment(last), last.id)),
            voice=Voice.of(console, language(request), request.user.masked),
            names=names,
        )


async def _among(console: Console, request: Asked, books: Books, typed: str) -> list[str]:
    """Who is meant. By names, numbers and words masked colleagues find nobody: a guess would be told."""
    if request.user.masked:
        return await books.customer_list.found_by_number(typed)
    return await books.customer_list.found(typed, sorted(console.pack.name_topics))


async def dues_of(
    console: Console,
    request: Asked,
    books: Books,
    rows: Sequence[ComplaintRow | PromiseRow],
    words: Words,
) -> list[Due]:
    """Complaints and promises as colleagues read them."""
    tongue, masked, named = language(request), request.user.masked, console.pack.name_topics
    called = await names_for(console, books, masked, [row.customer_id for row in rows])
    hidden = (
        {row.customer_id: await books.logs.names(row.customer_id, named) for row in rows} if masked else {}
    )
    messages = [row.message_id for row in rows if row.message_id is not None]
    notes = await books.cards.notes(messages)
    shown = []
    for row in rows:
        voice = Voice.of(console, tongue, masked, hidden.get(row.customer_id, ()))
        if isinstance(row, ComplaintRow):
            said, late = voice.words(row.words), False
        else:
            said, late = words.get(f"customers.promise_{row.what}", row.what), row.due_at < voice.now
        number = row.message_id
        link = "" if number is None else f"{PLACE}/conversations/{row.customer_id}?m={number}#m{number}"
        name = called.get(row.customer_id, "")
        shown.append(Due(row.id, row.customer_id, name, row, said, link, notes.get(number or 0, ()), late))
    return shown


async def _lines(console: Console, request: Asked, books: Books, entries: Sequence[Entry]) -> list[Line]:
    called = await names_for(console, books, request.user.masked, [entry.customer.id for entry in entries])
    voice = Voice.of(console, language(request), request.user.masked)
    return [
        Line(
            entry,
            called.get(entry.customer.id, ""),
            voice.wording.money(Decimal(entry.value) / 100) if entry.value else "",
        )
        for entry in entries
    ]


def sort_of(typed: str) -> Sort:
    """The order that is asked for; the latest contact first where it is none."""
    return Sort(typed) if typed in set(Sort) else Sort.LAST


def cut(place: Cut) -> str:
    """Where a page ended, for an address."""
    key = f"{place.key.timestamp():.6f}" if isinstance(place.key, datetime) else str(place.key)
    return f"{place.run}_{key}_{place.last}"


def cut_of(typed: str, sort: Sort) -> Cut | None:
    """Where the page before ended, as `cut` puts it; None: it doesn't say."""
    name, _, rest = typed.partition("_")
    key, _, last = rest.partition("_")
    if name not in set(Run) or Run(name) not in RUNS[sort]:
        return None
    run = Run(name)
    if run in (Run.BOUGHT, Run.REST):
        number = number_of(key)
        return None if number is None else Cut(run, number, last)
    moment = moment_of(f"{key}_0")
    fits = moment is not None and (run is not Run.CONTACTED or number_of(last) is not None)
    return Cut(run, moment[0], last) if fits and moment is not None else None


def _moment(row: ComplaintRow | PromiseRow) -> datetime:
    return row.at if isinstance(row, ComplaintRow) else row.due_at


def _address(path: str, **fields: str) -> str:
    given = {name: str(value) for name, value in fields.items() if value}
    return f"{path}?{urlencode(given)}" if given else path


async def _listed(console: Console, request: Asked, count: int, what: str) -> None:
    """Note in the audit that somebody looked through the customers; what for would be words of theirs."""
    async with console.store.transaction() as books:
        await books.audit.record(request.user.name, what, None, console.clock(), found=count)

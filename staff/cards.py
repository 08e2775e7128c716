"""The customer card: beside a conversation, on its own page, and what colleagues change on it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Annotated

from litestar import Controller, Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body

from crm_store.books import Books
from crm_store.merging import unmerge
from crm_store.models import ComplaintRow, CustomerRow, DoubtRow, FactRow, MessageRow, PromiseRow
from crm_store.timeline import timeline
from one_to_one.roles import Role
from staff.card import card_of
from staff.console import Console
from staff.finding import customer_of
from staff.memory_review import corrected
from staff.pages import drawn, language, texts_of, told_beside
from staff.refusals import Refused
from staff.teaching import LARGEST_NUMBER
from staff.timeline import place_of, told, written
from staff.voice import Voice
from staff.who import PLACE, Asked, looked, may

EVENTS = 30
"""Lines of the timeline on one page."""

NOTE_CHARACTERS, REMEDY_CHARACTERS = 2000, 200

ANSWER = "complaint"
"""The promise to answer what was complained about: it is kept when all is put right."""

PAGE, SIDE, LINE = "page", "side", "line"
"""Where a colleague stands: on the card's page, beside a conversation, or on a line of what is owed."""


class Gone(Refused):
    """It was settled meanwhile, or isn't this customer's."""

    status = 409
    text = "customers.gone"


class Empty(Refused):
    """Nothing was written."""

    text = "customers.empty"


class MergedAgain(Refused):
    """A later merge has to be undone first."""

    status = 409
    text = "customers.undo_later_first"


@dataclass(frozen=True, slots=True)
class Change:
    """What a colleague does on a card, and where they stand: on its page, or beside a conversation."""

    on: str = SIDE
    value: str = ""
    polarity: str = "likes"
    words: str = ""  # a note, or what was done about a complaint


ChangeForm = Annotated[Change, Body(media_type=RequestEncodingType.URL_ENCODED)]


class Cards(Controller):
    """One customer."""

    path = "/customers/{customer:str}"
    guards = (may(Role.REVIEWER),)
    include_in_schema = False
    exception_handlers = {Refused: told_beside}  # noqa: RUF012 - declared by litestar as a class attribute

    @get("/")
    async def page(self, console: Console, request: Asked, customer: str) -> Response[str]:
        """The card on its own page, with the timeline; or what of it came before. Raises NoSuchCustomer."""
        below = request.query_params.get("below", "")
        if below:
            return await _older(console, request, customer, below)
        await looked(console, request.user, await _id(console, customer), "a card")
        return await _drawn(console, request, customer, PAGE)

    @get("/card")
    async def side(self, console: Console, request: Asked, customer: str) -> Response[str]:
        """The card beside a conversation. Raises NoSuchCustomer."""
        await looked(console, request.user, await _id(console, customer), "a card")
        return await _drawn(console, request, customer, SIDE)

    # --- what is known ---

    @post("/facts/{number:int}/confirm")
    async def confirm(
        self, console: Console, request: Asked, customer: str, number: int, data: ChangeForm
    ) -> Response[str]:
        """It is true. Raises Gone."""
        async with _doing(console, request, customer, "confirmed a fact", fact=number) as (books, row):
            doubt, _ = await _fact(console, books, row, number)
            await books.fact_reviews.confirm(doubt, request.user.name, console.clock())
        return await _drawn(console, request, customer, data.on, "customers.confirmed")

    @post("/facts/{number:int}/reject")
    async def reject(
        self, console: Console, request: Asked, customer: str, number: int, data: ChangeForm
    ) -> Response[str]:
        """It never was true. Raises Gone."""
        async with _doing(console, request, customer, "rejected a fact", fact=number) as (books, row):
            doubt, _ = await _fact(console, books, row, number)
            await books.fact_reviews.reject(doubt, request.user.name, console.clock())
        return await _drawn(console, request, customer, data.on, "customers.rejected")

    @post("/facts/{number:int}/correct")
    async def correct(
        self, console: Console, request: Asked, customer: str, number: int, data: ChangeForm
    ) -> Response[str]:
        """Something else of the same topic is true. Raises Gone, NothingSuch."""
        async with _doing(console, request, customer, "corrected a fact", fact=number) as (books, row):
            doubt, fact = await _fact(console, books, row, number)
            value, polarity = corrected(console.pack, fact, data.value, data.polarity)
            await books.fact_reviews.correct(doubt, value, polarity, request.user.name, console.clock())
        return await _drawn(console, request, customer, data.on, "customers.corrected")

    # --- what is owed ---

    @post("/complaints/{number:int}/solve", guards=[may(Role.AGENT)])
    async def solve(
        self, console: Console, request: Asked, customer: str, number: int, data: ChangeForm
    ) -> Response[str]:
        """It was put right, by what is written. Raises Gone, Empty."""
        remedy = data.words.strip()[:REMEDY_CHARACTERS]
        if not remedy:
            raise Empty()
        async with _doing(console, request, customer, "solved a complaint", complaint=number) as (books, row):
            complaint = await _complaint(books, row, number, "open")
            await books.complaints.solve(complaint, remedy, request.user.name, console.clock())
            if not any(one.state == "open" for one in await books.complaints.listed(row.id)):
                await books.promises.keep_all(row.id, ANSWER, console.clock())
        return await _drawn(console, request, customer, data.on, "customers.solved")

    @post("/complaints/{number:int}/reopen", guards=[may(Role.AGENT)])
    async def reopen(
        self, console: Console, request: Asked, customer: str, number: int, data: ChangeForm
    ) -> Response[str]:
        """It wasn't put right after all. Raises Gone."""
        async with _doing(console, request, customer, "reopened a complaint", complaint=number) as (
            books,
            row,
        ):
            await books.complaints.reopen(await _complaint(books, row, number, "solved"))
        return await _drawn(console, request, customer, data.on, "customers.reopened")

    @post("/complaints/{number:int}/note", guards=[may(Role.AGENT)])
    async def note(
        self, console: Console, request: Asked, customer: str, number: int, data: ChangeForm
    ) -> Response[str]:
        """A note for colleagues, kept beside the message it was complained with. Raises Gone, Empty."""
        words = data.words.strip()[:NOTE_CHARACTERS]
        if not words:
            raise Empty()
        async with _doing(console, request, customer, "noted something", complaint=number) as (books, row):
            complaint = await _complaint(books, row, number)
            message = await books.session.get(MessageRow, complaint.message_id or 0)
            if message is None:
                raise Gone()
            await books.reviews.note(message, words, request.user.name, console.clock())
        return await _drawn(console, request, customer, data.on, "customers.noted")

    @post("/promises/{number:int}/keep", guards=[may(Role.AGENT)])
    async def keep(
        self, console: Console, request: Asked, customer: str, number: int, data: ChangeForm
    ) -> Response[str]:
        """It was kept. Raises Gone."""
        async with _doing(console, request, customer, "kept a promise", promise=number) as (books, row):
            promise = await _promise(books, row, number)
            await books.promises.keep(promise, console.clock())
        return await _drawn(console, request, customer, data.on, "customers.kept")

    # --- who they are ---

    @post("/merges/{number:int}/undo", guards=[may(Role.AGENT)])
    async def undo(
        self, console: Console, request: Asked, customer: str, number: int, data: ChangeForm
    ) -> Response[str]:
        """They are two after all: each gets back what was theirs. Raises Gone, MergedAgain."""
        async with console.store.transaction() as books:
            row = await customer_of(books, customer)
            standing = [one for one in await books.customers.merges(row.id) if one.undone_at is None]
            if number not in {one.id for one in standing}:
                raise Gone()
            if number != standing[-1].id:
                raise MergedAgain()
            await unmerge(books, standing[-1].absorbed_id, console.clock(), request.user.name)
        return await _drawn(console, request, customer, data.on, "customers.parted")


async def _id(console: Console, customer: str) -> str:
    async with console.store.reading() as books:
        return (await customer_of(books, customer)).id


def _in_range(number: int) -> bool:
    return 0 < number < LARGEST_NUMBER


async def _fact(
    console: Console, books: Books, customer: CustomerRow, number: int
) -> tuple[DoubtRow, FactRow]:
    found = None
    if _in_range(number):
        found = await books.fact_reviews.about(number, console.clock())
    if found is None or found[1].customer_id != customer.id:
        raise Gone()
    return found


async def _complaint(books: Books, customer: CustomerRow, number: int, state: str = "") -> ComplaintRow:
    found = await books.complaints.get(number) if _in_range(number) else None
    if found is None or found.customer_id != customer.id or (state and found.state != state):
        raise Gone()
    return found


async def _promise(books: Books, customer: CustomerRow, number: int) -> PromiseRow:
    found = await books.promises.get(number) if _in_range(number) else None
    if found is None or found.customer_id != customer.id or found.kept_at is not None:
        raise Gone()
    return found


@asynccontextmanager
async def _doing(
    console: Console, request: Asked, customer: str, what: str, **about: int
) -> AsyncIterator[tuple[Books, CustomerRow]]:
    """Something a colleague does to a customer: one transaction, with a line in the audit at its end."""
    async with console.store.transaction() as books:
        row = await customer_of(books, customer)
        yield books, row
        await books.audit.record(request.user.name, what, row.id, console.clock(), **about)


async def _voice(console: Console, request: Asked, books: Books, customer: CustomerRow) -> Voice:
    """How this customer is told of; what they were ever called is hidden from masked colleagues."""
    masked = request.user.masked
    names = await books.logs.names(customer.id, console.pack.name_topics) if masked else []
    if masked:
        named = await books.cards.names([customer.id], console.pack.name_topics)
        names = [*names, *named.values()]
    return Voice.of(console, language(request), masked, names)


def orders_at(request: Asked) -> str:
    """Where orders are shown; "" when no room shows them."""
    served = {route.path.rstrip("/") for route in request.app.routes}
    return f"{PLACE}/orders" if any(path.startswith(f"{PLACE}/orders/{{") for path in served) else ""


async def _drawn(
    console: Console, request: Asked, customer: str, piece: str, toast: str | None = None
) -> Response[str]:
    words = texts_of(console.texts, language(request))
    if piece == LINE and toast is not None:  # it isn't owed any more: its line goes
        headers = {"HX-Trigger": json.dumps({"toast": words[toast]})}
        return Response("", media_type="text/html", headers=headers)
    place = orders_at(request)
    async with console.store.reading() as books:
        row = await customer_of(books, customer)
        voice = await _voice(console, request, books, row)
        card = await card_of(console, books, row, voice, words, place)
        events = await timeline(books.session, row.id, EVENTS + 1) if piece == PAGE else []
    return drawn(
        console,
        request,
        "card.html",
        colleague=request.user,
        scripts=("card.js",),
        toast=toast,
        piece=PAGE if piece == PAGE else SIDE,
        changed=toast is not None,
        card=card,
        voice=voice,
        names=voice.names,
        events=told(events[:EVENTS], voice, words, row.id, place),
        below=written(events[EVENTS - 1].place) if len(events) > EVENTS else "",
    )


async def _older(console: Console, request: Asked, customer: str, below: str) -> Response[str]:
    """The next page of the timeline."""
    words, place = texts_of(console.texts, language(request)), orders_at(request)
    async with console.store.reading() as books:
        row = await customer_of(books, customer)
        voice = await _voice(console, request, books, row)
        events = await timeline(books.session, row.id, EVENTS + 1, place_of(below))
        called = voice.called([*(await books.cards.names([row.id], console.pack.name_topics)).values()])
    await looked(console, request.user, row.id, "a timeline")
    return drawn(
        console,
        request,
        "timeline.html",
        colleague=request.user,
        customer=row,
        called=called,
        voice=voice,
        names=voice.names,
        events=told(events[:EVENTS], voice, words, row.id, place),
        below=written(events[EVENTS - 1].place) if len(events) > EVENTS else "",
    )

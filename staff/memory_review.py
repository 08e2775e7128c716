"""The room of memory: doubtful facts, each with its sentence, to be confirmed, corrected or rejected."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from litestar import Controller, Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body

from crm_store.books import Books
from crm_store.doubts import Week
from crm_store.models import DoubtRow, FactRow, MessageRow
from one_to_one.facts import Polarity
from one_to_one.roles import Role
from one_to_one.shop import ShopPack
from staff.console import Console
from staff.masking import Mask
from staff.pages import drawn, language, texts_of, told_beside
from staff.refusals import Refused
from staff.taught import TYPED_KINDS, Telling
from staff.teaching import LARGEST_NUMBER, VALUE_CHARACTERS, NothingSuch
from staff.who import PLACE, Asked, may

AT_ONCE = 20
"""Facts on the page: those on top are looked at first anyway."""

WEEKS = 26


@dataclass(frozen=True, slots=True)
class Right:
    """What is true instead."""

    value: str = ""
    polarity: str = "likes"


@dataclass(frozen=True, slots=True)
class Doubtful:
    """One fact of the queue, as colleagues read it."""

    number: int
    customer: str
    told: str
    sentence: str  # the message it was read from, or the words kept of it
    link: str  # to the message in its conversation; "": there is none
    reasons: list[str]
    since: object
    choices: list[tuple[str, str]]  # values it could be instead; empty: any text
    value: str
    polarity: str


RightForm = Annotated[Right, Body(media_type=RequestEncodingType.URL_ENCODED)]


class MemoryReview(Controller):
    """The queue, and what is found of each fact."""

    path = "/memory"
    guards = (may(Role.REVIEWER),)
    include_in_schema = False
    exception_handlers = {Refused: told_beside}  # noqa: RUF012 - declared by litestar as a class attribute

    @get("/")
    async def first(self, console: Console, request: Asked) -> Response[str]:
        """The most doubtful facts, and the share of junk week by week."""
        return await _drawn(console, request)

    @post("/{number:int}/confirm")
    async def confirm(self, console: Console, request: Asked, number: int) -> Response[str]:
        """It is true."""
        async with console.store.transaction() as books:
            doubt, _ = await _found(books, number)
            await books.fact_reviews.confirm(doubt, request.user.name, console.clock())
            await _audit(books, console, request, doubt, "confirmed a fact")
        return await _drawn(console, request, "memory.confirmed")

    @post("/{number:int}/reject")
    async def reject(self, console: Console, request: Asked, number: int) -> Response[str]:
        """It never was true."""
        async with console.store.transaction() as books:
            doubt, _ = await _found(books, number)
            await books.fact_reviews.reject(doubt, request.user.name, console.clock())
            await _audit(books, console, request, doubt, "rejected a fact")
        return await _drawn(console, request, "memory.rejected")

    @post("/{number:int}/correct")
    async def correct(self, console: Console, request: Asked, number: int, data: RightForm) -> Response[str]:
        """Something else of the same topic is true. Raises NothingSuch."""
        async with console.store.transaction() as books:
            doubt, fact = await _found(books, number)
            value, right = corrected(console.pack, fact, data.value, data.polarity)
            await books.fact_reviews.correct(doubt, value, right, request.user.name, console.clock())
            await _audit(books, console, request, doubt, "corrected a fact")
        return await _drawn(console, request, "memory.corrected")


def corrected(pack: ShopPack, fact: FactRow, value: str, polarity: str) -> tuple[str, Polarity]:
    """What is true instead of a fact, as typed. Raises NothingSuch: it makes no sense, or is the same."""
    topic = pack.topics.get(fact.topic)
    value = value.strip()[:VALUE_CHARACTERS]
    fits = topic is not None and (value in topic.values or (topic.kind in TYPED_KINDS and value))
    if not fits or polarity not in set(Polarity) or (value, polarity) == (fact.value, fact.polarity):
        raise NothingSuch()
    return value, Polarity(polarity)


async def _found(books: Books, number: int) -> tuple[DoubtRow, FactRow]:
    found = await books.fact_reviews.doubt(number) if 0 < number < LARGEST_NUMBER else None
    if found is None:
        raise NothingSuch()
    return found


async def _audit(books: Books, console: Console, request: Asked, doubt: DoubtRow, what: str) -> None:
    who, at = request.user.name, console.clock()
    await books.audit.record(who, what, doubt.customer_id, at, fact=doubt.fact_id)


async def _drawn(console: Console, request: Asked, toast: str | None = None) -> Response[str]:
    tongue, mask = language(request), Mask(request.user.masked)
    telling = Telling(console.pack, texts_of(console.texts, tongue), tongue, mask)
    now = console.clock()
    async with console.store.reading() as books:
        rows = await books.fact_reviews.queue(AT_ONCE)
        shown = [await _shown(books, doubt, fact, telling, mask) for doubt, fact in rows]
        waiting = await books.fact_reviews.waiting()
        weeks = await books.fact_reviews.weeks(now - timedelta(weeks=WEEKS))
    async with console.store.transaction() as books:
        for customer in sorted({each.customer for each in shown}):
            await books.audit.record(request.user.name, "looked at doubtful facts", customer, now)
    return drawn(
        console,
        request,
        "memory.html",
        colleague=request.user,
        toast=toast,
        facts=shown,
        waiting=waiting,
        weeks=weeks,
        share=share,
    )


async def _shown(books: Books, doubt: DoubtRow, fact: FactRow, telling: Telling, mask: Mask) -> Doubtful:
    message = None if fact.message_id is None else await books.session.get(MessageRow, fact.message_id)
    said = message.text if message is not None and message.text else fact.words
    names = await telling.names(books, fact.customer_id)
    return Doubtful(
        number=doubt.id,
        customer=fact.customer_id,
        told=mask.words(telling.fact(fact.topic, fact.value, fact.polarity), names),
        sentence=mask.words(said, names),
        link=f"{PLACE}/conversations/{fact.customer_id}#m{fact.message_id}" if message is not None else "",
        reasons=list(doubt.reasons),
        since=fact.valid_from,
        choices=telling.values(fact.topic),
        value="" if telling.is_name(fact.topic) and mask.on else mask.words(fact.value, names),
        polarity=fact.polarity,
    )


def share(week: Week) -> int:
    """The share of junk among what was reviewed in a week, in percent."""
    return round(100 * week.junk / week.reviewed)

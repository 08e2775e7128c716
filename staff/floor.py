"""Taking a conversation over: who has it, what waits, what could be said; and handing it back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import uuid4

from litestar import Controller, Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body

from crm_store.books import Books
from crm_store.models import CustomerRow, HandoverRow
from crm_store.speaking import tell
from one_to_one.canned import ours
from one_to_one.facts import Polarity
from one_to_one.language import Language
from one_to_one.replies import Reply
from one_to_one.roles import Role
from staff.console import Console
from staff.finding import customer_of
from staff.masking import Mask
from staff.pages import drawn, told_beside
from staff.refusals import Refused
from staff.seeking import Number
from staff.who import Asked, looked, may

LONGEST = 4000
"""Characters a colleague may say at once, as many as a customer."""

MOST_QUESTIONS = 2
"""That any shop asks in one visit."""

LONGEST_ONCE = 40
SAID = "said something"
NAME = "name"
PERSON = "person"
RECENT = 20
"""Messages among which the customer's last one is looked for."""


class NothingSaid(Refused):
    """There is nothing to send."""

    text = "floor.nothing_said"


class NotYours(Refused):
    """Somebody else has the conversation, or nobody: what was written isn't sent."""

    status = 409
    text = "floor.not_yours"


@dataclass(frozen=True, slots=True)
class Said:
    """What a colleague says, having seen the messages up to `seen`; of a hand-back: the note."""

    words: str = ""
    seen: Number = 0
    once: str = ""  # made when the form is drawn: sent again with the same words, it says nothing new


@dataclass(frozen=True, slots=True)
class Taken:
    """Taking a conversation over from whoever had it when the page was drawn; "": the assistant."""

    holder: str = ""


TakenForm = Annotated[Taken, Body(media_type=RequestEncodingType.URL_ENCODED)]
SaidForm = Annotated[Said, Body(media_type=RequestEncodingType.URL_ENCODED)]


@dataclass(frozen=True, slots=True)
class Ready:
    """A reply that is kept ready, filled in for this customer."""

    title: str
    text: str
    fits: bool  # what the customer said last


@dataclass(frozen=True, slots=True)
class Bar:
    """The state of one conversation, as the bar above it shows it."""

    customer: CustomerRow
    handover: HandoverRow | None
    unanswered: int
    since: datetime | None  # of the oldest message that waits for a word; None: nothing waits
    seen: int  # the newest message
    suggested: dict[str, str]
    note: str  # of the last hand-back; "": there is none
    here: Sequence[str]  # the colleagues who are here for customers
    intent: str  # of the customer's last message; "": it had none
    names: Sequence[str]  # they ever had

    @property
    def waits(self) -> bool:
        """Whether a word is due to the customer: a message is unanswered, or nothing was said to them yet."""
        return self.unanswered > 0 or (self.handover is not None and self.handover.replied_at is None)

    @property
    def raised(self) -> bool:
        """Whether the customer waits longer than they should."""
        return self.since is not None and self.handover is not None and self.handover.raised_at is not None


class Floor(Controller):
    """The bar above a conversation. Its state is drawn anew again and again, what is typed stays."""

    path = "/customers/{customer:str}/floor"
    guards = (may(Role.REVIEWER),)
    include_in_schema = False
    exception_handlers = {Refused: told_beside}  # noqa: RUF012 - declared by litestar as a class attribute

    @get("/")
    async def bar(self, console: Console, request: Asked, customer: str) -> Response[str]:
        """Who has the conversation, and what can be done about it. Raises NoSuchCustomer."""
        await looked(console, request.user, customer, "a conversation")
        return await _drawn(console, request, customer, "whole")

    @get("/state")
    async def state(
        self, console: Console, request: Asked, customer: str, mine: bool = False
    ) -> Response[str]:
        """The part that changes by itself; all of it when `mine` isn't so any more. Raises NoSuchCustomer."""
        async with console.store.reading() as books:
            row = await customer_of(books, customer)
        if mine == (row.held_by == request.user.name):
            return await _drawn(console, request, customer, "state")
        return await _drawn(console, request, customer, "whole", instead_of_state=True)

    @post("/take", guards=[may(Role.AGENT)])
    async def take(self, console: Console, request: Asked, customer: str, data: TakenForm) -> Response[str]:
        """Take the conversation over, also from another colleague; the customer is told by whom.

        Of two who press at once the second sees who was faster.
        """
        name = request.user.name
        async with console.store.transaction() as books:
            row = await customer_of(books, customer)
            await books.floor.lock(row)
            free = (row.held_by or "") in (data.holder, name)
            if free and await books.floor.take(row, name, console.clock()):
                await _tell(console, books, row, "joined", name)
                await books.audit.record(name, "took over", row.id, console.clock())
        toast = "floor.taken" if free else "floor.faster"
        return await _drawn(console, request, customer, "whole", toast=toast)

    @post("/say", guards=[may(Role.AGENT)])
    async def say(self, console: Console, request: Asked, customer: str, data: SaidForm) -> Response[str]:
        """Say something to the customer. A masked colleague who takes what is offered says it whole.

        Raises NothingSaid, NotYours, OnlyInPart.
        """
        words = data.words.strip()[:LONGEST]
        if not words:
            raise NothingSaid()
        name = request.user.name
        async with console.store.transaction() as books:
            row = await _held_by(books, customer, name)
            if request.user.masked:
                words = await _whole(console, books, row.id, words, name)
            once = data.once[:LONGEST_ONCE]
            if not await _said_before(books, row.id, name, once, words):
                sent = await tell(books, row.id, Reply(words), console.clock(), sender="staff", name=name)
                await books.floor.replied(row, data.seen, console.clock())
                await books.promises.keep_all(row.id, PERSON, console.clock())
                noted = {"message": sent.id} | ({"once": once} if once else {})
                await books.audit.record(name, SAID, row.id, console.clock(), **noted)
        return await _drawn(console, request, customer, "whole", toast="floor.sent")

    @post("/back", guards=[may(Role.AGENT)])
    async def back(self, console: Console, request: Asked, customer: str, data: SaidForm) -> Response[str]:
        """Hand back with a note; what was not seen yet is the assistant's to answer. Raises NotYours."""
        name = request.user.name
        async with console.store.transaction() as books:
            row = await _held_by(books, customer, name)
            await books.floor.give_back(row, name, console.clock(), note=data.words.strip(), seen=data.seen)
            await _leave_in_peace(books, row.id)
            await _tell(console, books, row, "returned", name)
            await books.audit.record(name, "handed back", row.id, console.clock())
        return await _drawn(console, request, customer, "whole", toast="floor.returned")


async def _leave_in_peace(books: Books, customer: str) -> None:
    """The assistant asks nothing more in this visit: it can't tell what the two have settled."""
    contact = await books.contacts.latest(customer)
    if contact is not None:
        contact.questions_spent = max(contact.questions_spent, MOST_QUESTIONS)


async def _held_by(books: Books, customer: str, name: str) -> CustomerRow:
    """The customer, held by this colleague until the transaction ends. Raises NoSuchCustomer, NotYours."""
    row = await customer_of(books, customer)
    await books.floor.lock(row)
    if row.held_by != name:
        raise NotYours()
    return row


async def _said_before(books: Books, customer: str, name: str, once: str, words: str) -> bool:
    """Whether the same form has brought these words already: the answer to it was lost on its way back."""
    if not once:
        return False
    for act in await books.audit.last_of(customer, name, SAID, RECENT):
        if act.detail.get("once") == once:
            said = await books.messages.get(act.detail["message"])
            if said.text == words:
                return True
    return False


async def _tell(console: Console, books: Books, customer: CustomerRow, what: str, name: str) -> None:
    """The customer sees who answers from now on: the colleague who joined, or the assistant again."""
    words = console.texts.say(Language(customer.language), f"people.{what}", name=name)
    joins = what == "joined"
    await tell(
        books,
        customer.id,
        Reply(words),
        console.clock(),
        sender="shop" if joins else "bot",
        name=name if joins else None,
    )


async def _bar(console: Console, books: Books, customer: str) -> Bar:
    row = await customer_of(books, customer)
    handover = await books.floor.open(row.id)
    count, since = await books.floor.unanswered(row.id)
    if handover is not None and handover.taken_at is None:
        since = handover.at
    recent = await books.messages.recent(row.id, RECENT)
    theirs = next((one for one in reversed(recent) if one.direction == "in"), None)
    past = await books.floor.past(row.id, 2)
    return Bar(
        customer=row,
        handover=handover,
        unanswered=count,
        since=since,
        seen=recent[-1].id if recent else 0,
        suggested={} if handover is None else await books.floor.suggested(row.id, handover.at),
        note=next((one.note for one in past if one.returned_at is not None and one.note), ""),
        here=[each.name for each in await books.staff.present(console.clock())],
        intent=(theirs and theirs.intent) or "",
        names=await books.logs.names(row.id, console.pack.name_topics),
    )


async def _drawn(
    console: Console,
    request: Asked,
    customer: str,
    piece: str,
    *,
    toast: str | None = None,
    instead_of_state: bool = False,
) -> Response[str]:
    async with console.store.reading() as books:
        bar = await _bar(console, books, customer)
        ready = await _ready(console, books, bar, request.user.name)
    page = drawn(
        console,
        request,
        "floor.html",
        colleague=request.user,
        toast=toast,
        piece=piece,
        bar=bar,
        mine=bar.customer.held_by == request.user.name,
        ready=ready,
        names=bar.names,
        sent=toast == "floor.sent",
        longest=LONGEST,
        once=uuid4().hex,
    )
    if instead_of_state:
        page.headers.update({"HX-Retarget": "#floor", "HX-Reswap": "outerHTML"})
    return page


async def _whole(console: Console, books: Books, customer: str, words: str, name: str) -> str:
    """What a masked colleague sends, with what they read in part in the suggestions filled in."""
    bar = await _bar(console, books, customer)
    ready = await _ready(console, books, bar, name)
    offered = [*map(str, bar.suggested.values()), *(one.text for one in ready)]
    return Mask(True).whole(words, offered, bar.names)


async def _ready(console: Console, books: Books, bar: Bar, name: str) -> list[Ready]:
    """The replies that are kept ready, in the customer's language: those that fit what they said last, the
    shop's own, then those every shop has."""
    tongue = Language(bar.customer.language)
    shop = console.pack.shop.name[tongue]
    known = await books.facts.believed(bar.customer.id, console.clock())
    names = (fact.value for fact in known if fact.topic == NAME and fact.polarity is Polarity.LIKES)
    called = next(names, "")
    kept = [
        Ready(
            one.title[tongue],
            one.filled(tongue, customer=called, name=name, shop=shop),
            bar.intent in one.fits,
        )
        for one in (*console.pack.shop.canned, *ours(console.texts))
    ]
    return sorted(kept, key=lambda one: not one.fits)

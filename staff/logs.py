"""The log: the queue of visits, the search, and one conversation with both its sides."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from litestar import Controller, Response, get
from markupsafe import Markup, escape

from crm_store.books import Books
from crm_store.logs import GUESSED, LOST, Marks, Sought, Visit
from crm_store.models import MessageRow, ReviewCaseRow
from one_to_one.roles import Role
from one_to_one.search_words import found_in
from staff.console import Console
from staff.finding import customer_of
from staff.masking import Mask
from staff.pages import drawn, language, texts_of
from staff.seeking import NEWEST, Seeking, moment_of, number_of, place_of, placed, written
from staff.voice import names_for
from staff.who import PLACE, UNASKED, Asked, looked, may

LIST = f"{PLACE}/conversations"
MANY = 1_000
"""From so many on it isn't counted how many wait for a look."""

ROWS = 50
"""Rows on one page of a list."""

READS = 10
"""How often is read on for one page of what a masked colleague looks for."""

EACH_WAY = 40
"""Messages on either side of the one that is linked to."""

ALWAYS_SHOWN = {"q", "channel", "language", "since", "until", "unreviewed", "order"}
"""Fields of the form that are never folded away."""

SNIPPET = 160
"""Characters of a message in a list."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a list."""

    address: str
    customer: str
    channel: str
    language: str
    at: object
    words: Markup  # what was said, what was looked for marked
    sender: str
    messages: int | None  # of a visit
    message: MessageRow | None
    marks: Marks
    lost: bool
    unsure: bool
    why: str = ""  # why it waits for a look before others

    @property
    def number(self) -> int | None:
        """Of its message."""
        return None if self.message is None else self.message.id


class Reasons:
    """Why a look at a message teaches more than one at others."""

    def __init__(self, words: Mapping[str, str]) -> None:
        self._words = words

    def told(self, case: ReviewCaseRow, message: MessageRow) -> str:
        """All reasons, on one line."""
        sure = 0.0 if message.confidence is None else message.confidence
        likeliest = [str(each.get("name")) for each in message.ranking[:2]]
        one, other = (self._words.get(f"intents.{name}", name) for name in (*likeliest, "", "")[:2])
        told = {"sure": f"{sure:.0%}", "one": one, "other": other}
        reasons = [self._words[f"logs.teaches_{reason}"].format(**told) for reason in case.reasons]
        return self._words["logs.teaches_joined"].join(reasons) or self._words["logs.teaches_nothing"]


class Logs(Controller):
    """What was said."""

    path = "/conversations"
    guards = (may(Role.REVIEWER),)
    include_in_schema = False

    @get("/")
    async def listed(self, console: Console, request: Asked) -> Response[str]:
        """The latest visits; or the messages that fit what is looked for."""
        seeking = Seeking.of(request.query_params)
        zone = ZoneInfo(console.pack.shop.time_zone)
        sought = seeking.sought(zone)
        mask, named = Mask(request.user.masked), console.pack.name_topics
        after = request.query_params.get("before", "")
        async with console.store.reading() as books:
            if seeking.by_teaching:
                waiting = await books.logs.to_review(sought, ROWS + 1, place_of(after), request.user.name)
                shown = {message.id: (case, message) for case, message in waiting[:ROWS]}
                rows = [message for _, message in shown.values()]
                reasons = Reasons(texts_of(console.texts, language(request)))
                lines = [
                    replace(line, why=reasons.told(*shown[line.message.id])) if line.message else line
                    for line in await _of_messages(books, rows, sought.words, mask, named)
                ]
                last_case = waiting[ROWS - 1][0] if len(waiting) > ROWS and lines else None
                more = None if last_case is None else placed(last_case.score, last_case.message_id)
            elif sought.is_of_messages:
                lines, oldest = await _found(books, sought, number_of(after), mask, named)
                more = None if oldest is None else str(oldest)
            else:
                visits = await books.logs.visits(sought, ROWS + 1, moment_of(after))
                lines = await _of_visits(books, visits[:ROWS], mask, named)
                last = visits[ROWS - 1].contact if len(visits) > ROWS else None
                more = None if last is None else written(last.last_at, last.id)
            people = [line.customer for line in lines]
            called = await names_for(console, books, request.user.masked, people)
            to_review = await books.logs.waiting(MANY)
            choices = {
                "intent": await books.logs.intents(),
                "tag": await books.reviews.known_tags(),
                "reviewer": await books.reviews.reviewers(),
            }
        if UNASKED not in request.headers:
            what = "searched the conversations" if sought.is_of_messages else "listed conversations"
            await _listed(console, request, len(lines), what)
        return drawn(
            console,
            request,
            "logs.html",
            colleague=request.user,
            scripts=("logs.js",),
            lines=lines,
            called=called,
            given=dict(seeking.fields),
            of_messages=sought.is_of_messages,
            by_teaching=seeking.by_teaching,
            to_review=f"{MANY - 1}+" if to_review == MANY else str(to_review),
            orders=(
                seeking.address(LIST, order=""),
                seeking.address(LIST, order=NEWEST),
            ),
            more=None if more is None else seeking.address(LIST, before=more),
            continued=bool(after),
            choices=choices,
            narrowed=bool(seeking.fields.keys() - ALWAYS_SHOWN),
            pairs=_titled,
        )

    @get("/{customer:str}")
    async def conversation(self, console: Console, request: Asked, customer: str) -> Response[str]:
        """One conversation, the latest of it or what is around a message. Raises NoSuchCustomer."""
        typed = request.query_params
        around, before, after = (number_of(typed.get(name, "")) for name in ("m", "before", "after"))
        async with console.store.reading() as books:
            row = await customer_of(books, customer)
            if before is not None:
                found = await books.logs.before(row.id, before, 2 * EACH_WAY)
            elif after is not None:
                found = await books.logs.after(row.id, after, 2 * EACH_WAY)
            else:
                found = await books.logs.around(row.id, around, EACH_WAY)
            names = await books.logs.names(row.id, console.pack.name_topics)
            called = await names_for(console, books, request.user.masked, [row.id])
            marks = await books.logs.marks(each.id for each in found)
            channels = await books.customers.identities(row.id)
            earlier = found and await books.logs.before(row.id, found[0].id, 1)
            later = found and await books.logs.after(row.id, found[-1].id, 1)
        if after is None:
            await looked(console, request.user, row.id, "a conversation")
        return drawn(
            console,
            request,
            "conversation.html",
            colleague=request.user,
            scripts=("logs.js", "card.js"),
            customer=row,
            called=called.get(row.id, ""),
            identities=channels,
            messages=found,
            marks=marks,
            unmarked=Marks(),
            names=names,
            chosen=around,
            earlier=bool(earlier),
            later=bool(later),
            piece="before" if before is not None else "after" if after is not None else "",
            lost=LOST,
            guessed=GUESSED,
            panels=_panels(request),
            back=Seeking.of({"q": typed.get("q", "")}).address(LIST),
        )


def _titled(
    names: Sequence[str], prefix: str = "", words: Mapping[str, str] | None = None
) -> list[tuple[str, str]]:
    """The options of a list to choose from: each name with what it is called, or else the name itself."""
    known = words or {}
    return [(name, known.get(f"{prefix}{name}", name)) for name in names]


def _panels(request: Asked) -> frozenset[str]:
    """What other rooms serve beside a conversation."""
    served = {route.path for route in request.app.routes}
    known = {"teach": "/messages/{number:int}/teach", "why": "/messages/{number:int}/why"}
    beside = {name: f"/customers/{{customer:str}}/{name}" for name in ("card", "floor")}
    return frozenset(name for name, path in (known | beside).items() if f"{PLACE}{path}" in served)


async def _listed(console: Console, request: Asked, count: int, what: str) -> None:
    """Note in the audit that somebody looked through conversations; what for would be words of customers."""
    async with console.store.transaction() as books:
        await books.audit.record(request.user.name, what, None, console.clock(), found=count)


async def _of_messages(
    books: Books, rows: Sequence[MessageRow], words: str, mask: Mask, named: Collection[str]
) -> list[Line]:
    """Lines of messages. Who may not read a name doesn't find by it either: a guess would be told."""
    marks = await books.logs.marks(row.id for row in rows)
    names = (
        {each: await books.logs.names(each, named) for each in {row.customer_id for row in rows}}
        if mask.on
        else {}
    )
    return [
        Line(
            address=f"{LIST}/{row.customer_id}?m={row.id}#m{row.id}",
            customer=row.customer_id,
            channel=row.channel,
            language=row.language,
            at=row.at,
            words=marked(mask.words(row.text, names.get(row.customer_id, ())), words),
            sender=row.sender,
            messages=None,
            message=row,
            marks=marks.get(row.id, Marks()),
            lost=row.action == LOST,
            unsure=_is_unsure(row),
        )
        for row in rows
        if not (mask.on and words) or found_in(mask.words(row.text, names.get(row.customer_id, ())), words)
    ]


async def _found(
    books: Books, sought: Sought, before: int | None, mask: Mask, named: Collection[str]
) -> tuple[list[Line], int | None]:
    """A page of messages, and the number of its last one when there are older ones.

    What masked colleagues may not find by is passed over, so that a page can take several reads. When all of
    them leave nothing, nothing older is offered: it would tell that there is something.
    """
    lines: list[Line] = []
    for _ in range(READS):
        found = await books.logs.messages(sought, ROWS + 1, before)
        lines += await _of_messages(books, found, sought.words, mask, named)
        if len(lines) > ROWS:
            return lines[:ROWS], lines[ROWS - 1].number
        if len(found) <= ROWS:
            return lines, None
        before = found[-1].id
    return lines, before if lines else None


async def _of_visits(books: Books, visits: Sequence[Visit], mask: Mask, named: Collection[str]) -> list[Line]:
    rows = [visit.last for visit in visits if visit.last is not None]
    marks = await books.logs.marks(row.id for row in rows)
    people = {visit.contact.customer_id for visit in visits}
    names = {each: await books.logs.names(each, named) for each in people} if mask.on else {}
    lines = []
    for visit in visits:
        row, who = visit.last, visit.contact.customer_id
        lines.append(
            Line(
                address=f"{LIST}/{who}" if row is None else f"{LIST}/{who}?m={row.id}#m{row.id}",
                customer=who,
                channel=visit.contact.channel,
                language=visit.language,
                at=visit.contact.last_at,
                words=marked("" if row is None else mask.words(row.text, names.get(who, ())), ""),
                sender="customer",
                messages=visit.messages,
                message=row,
                marks=Marks() if row is None else marks.get(row.id, Marks()),
                lost=row is not None and row.action == LOST,
                unsure=row is not None and _is_unsure(row),
            )
        )
    return lines


def _is_unsure(row: MessageRow) -> bool:
    return row.confidence is not None and row.confidence < GUESSED and row.action != LOST


def marked(text: str, typed: str, most: int = SNIPPET) -> Markup:
    """A piece of a text, around the first place of what was looked for, with those places marked."""
    places = found_in(text, typed) if typed else []
    start = max(0, places[0][0] - most // 3) if places and places[0][1] > most else 0
    end = min(len(text), start + most)
    pieces, at = [Markup("…") if start else Markup()], start
    for first, last in places:
        if start <= first and last <= end:
            pieces += [escape(text[at:first]), Markup("<mark>"), escape(text[first:last]), Markup("</mark>")]
            at = last
    pieces += [escape(text[at:end]), Markup("…") if end < len(text) else Markup()]
    return Markup().join(pieces)

"""The log of all conversations as colleagues read it: visits, and messages that are looked for, newest first.

Pages are cut by the key of their last row, never by counting, so the thousandth is as near as the first. What
is asked for picks the index it is read by; the rows themselves are the newest ones that fit.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    cast,
    column,
    exists,
    func,
    literal_column,
    select,
    table,
    tuple_,
)
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.ext.asyncio import AsyncSession

from crm_store.messages import SAYS_SOMETHING
from crm_store.models import (
    ComplaintRow,
    ContactRow,
    CustomerRow,
    FactRow,
    MessageRow,
    MessageTagRow,
    ReviewCaseRow,
    ReviewRow,
)
from crm_store.reviews import NEVER_REVIEWED, Reviews
from crm_store.upserting import dialect
from one_to_one.search_words import Query, query

LOST = "action_nlu_fallback"
"""What was done about a message that wasn't understood."""

GUESSED, HARDLY = 0.6, 0.4
"""Confidences below which an intent is a guess, and hardly that: each has an index of its own."""

FEW = 1_000
"""So many messages are put in order at once; of more than that fit, an order is walked."""

IS_IN = MessageRow.direction == literal_column("'in'")
WORDS: ColumnElement[Any] = literal_column("array_to_tsvector(string_to_array(message.words, ' '))")
INDEX = table("message_words", column("rowid"), column("message_words"))
"""SQLite's index of words (r0013)."""

LED_BY_INDEX: ColumnElement[bool] = literal_column("message.id = +message_words.rowid")
"""The plus keeps SQLite from walking the messages and looking each of them up among the words."""


@dataclass(frozen=True, slots=True)
class Sought:
    """What a colleague looks for; what is left empty doesn't matter."""

    words: str = ""
    customer: str = ""
    channel: str = ""
    language: str = ""
    since: datetime | None = None
    until: datetime | None = None  # what was said at this moment isn't meant any more
    intent: str = ""
    below: float | None = None  # GUESSED or HARDLY
    lost: bool = False
    complaint: bool = False
    tag: str = ""
    reviewer: str = ""
    unreviewed: bool = False

    @property
    def is_of_messages(self) -> bool:
        """Whether single messages are meant, rather than visits."""
        return bool(
            self.words or self.language or self.intent or self.tag or self.reviewer or self.below
        ) or (self.lost or self.complaint or self.unreviewed)


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit in the queue."""

    contact: ContactRow
    language: str
    last: MessageRow | None  # what the customer said last
    messages: int


@dataclass(frozen=True, slots=True)
class Marks:
    """What is to be seen of a message at once."""

    complaint: bool = False
    reviewed: bool = False
    flagged: bool = False
    assigned_to: str | None = None
    tags: tuple[str, ...] = ()


class Logs:
    """What was said, for colleagues."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def visits(
        self, sought: Sought, limit: int, before: tuple[datetime, int] | None = None
    ) -> list[Visit]:
        """Visits, the latest first; `before` is when the last one shown ended, and its number."""
        rows = select(ContactRow).order_by(ContactRow.last_at.desc(), ContactRow.id.desc()).limit(limit)
        if before is not None:
            rows = rows.where(tuple_(ContactRow.last_at, ContactRow.id) < before)
        if sought.customer:
            rows = rows.where(ContactRow.customer_id == sought.customer)
        if sought.channel:
            rows = rows.where(ContactRow.channel == sought.channel)
        if sought.since is not None:
            rows = rows.where(ContactRow.last_at >= sought.since)
        if sought.until is not None:
            rows = rows.where(ContactRow.last_at < sought.until)
        return await self._visits(list(await self._session.scalars(rows)))

    async def messages(self, sought: Sought, limit: int, before: int | None = None) -> list[MessageRow]:
        """Messages that fit, the newest first, of those before the number `before`."""
        on = dialect(self._session)
        key = _key(sought, on)
        rows = _fitting(sought, on)
        first, past = await self._numbers(sought)
        if first is not None:
            rows = rows.where(key >= first)
        for end in (past, before):
            if end is not None:
                rows = rows.where(key < end)
        return list(await self._session.scalars(rows.order_by(key.desc()).limit(limit)))

    async def speakers(self, words: str, limit: int) -> list[str]:
        """Whose messages have these words, by the newest `limit` messages that have; each once."""
        sought = Sought(words)
        if not words:
            return []
        on = dialect(self._session)
        said = _fitting(sought, on).with_only_columns(MessageRow.customer_id)
        found = await self._session.scalars(said.order_by(_key(sought, on).desc()).limit(limit))
        return list(dict.fromkeys(found))

    async def to_review(
        self, sought: Sought, limit: int, after: tuple[float, int] | None = None, colleague: str = ""
    ) -> list[tuple[ReviewCaseRow, MessageRow]]:
        """What waits for a look and fits, what teaches most first, without what the colleague is done with.

        `after` is the score and the number of the last one shown. Where little fits, that is put in order;
        else what waits is walked in its order until enough of it fits. Of what is found by its words the
        newest are put in order.
        """
        sought = replace(sought, unreviewed=False)
        fits: list[ColumnElement[bool]] = []
        if sought != Sought():
            few = [row.id for row in await self.messages(sought, FEW)]
            if len(few) < FEW or sought.words:
                fits = [ReviewCaseRow.message_id.in_(few)]
            else:
                first, past = await self._numbers(sought)
                fits = [
                    exists()
                    .where(MessageRow.id == ReviewCaseRow.message_id, *_conditions(sought))
                    .correlate(ReviewCaseRow)
                ]
                fits += [ReviewCaseRow.message_id >= first] if first is not None else []
                fits += [ReviewCaseRow.message_id < past] if past is not None else []
        reviews = Reviews(self._session)
        return await reviews.queue(limit, after=after, reviewer=colleague or None, fitting=fits)

    async def waiting(self, most: int) -> int:
        """How many messages wait for a look; `most` when there are that many or more."""
        some = select(ReviewCaseRow.id).where(ReviewCaseRow.waits).limit(most).subquery()
        return await self._session.scalar(select(func.count()).select_from(some)) or 0

    async def newest(self) -> int:
        """The number of the newest message; 0: there is none."""
        return await self._session.scalar(select(func.max(MessageRow.id))) or 0

    async def since(self, number: int, limit: int = 500) -> list[MessageRow]:
        """Messages of anybody after a number, oldest first."""
        rows = select(MessageRow).where(MessageRow.id > number).order_by(MessageRow.id).limit(limit)
        return list(await self._session.scalars(rows))

    async def around(self, customer: str, message: int | None, each_way: int) -> list[MessageRow]:
        """A piece of a conversation, oldest first: the latest messages, or those on both sides of one."""
        if message is None:
            return await self.before(customer, None, 2 * each_way)
        return [
            *await self.before(customer, message + 1, each_way),
            *await self.after(customer, message, each_way),
        ]

    async def before(self, customer: str, message: int | None, limit: int) -> list[MessageRow]:
        """What was said before a message, oldest first; None: the latest."""
        rows = _of(customer).order_by(MessageRow.id.desc()).limit(limit)
        if message is not None:
            rows = rows.where(MessageRow.id < message)
        return list(await self._session.scalars(rows))[::-1]

    async def after(self, customer: str, message: int, limit: int) -> list[MessageRow]:
        """What was said after a message, oldest first."""
        rows = _of(customer).where(MessageRow.id > message).order_by(MessageRow.id).limit(limit)
        return list(await self._session.scalars(rows))

    async def marks(self, messages: Iterable[int]) -> dict[int, Marks]:
        """What is to be seen of these messages; those of which there is nothing are left out."""
        numbers = list(messages)
        complaints = set(
            await self._session.scalars(
                select(ComplaintRow.message_id).where(ComplaintRow.message_id.in_(numbers))
            )
        )
        cases = {
            row.message_id: row
            for row in await self._session.scalars(
                select(ReviewCaseRow).where(ReviewCaseRow.message_id.in_(numbers))
            )
        }
        tags: dict[int, list[str]] = {}
        named = select(MessageTagRow).where(MessageTagRow.message_id.in_(numbers)).order_by(MessageTagRow.id)
        for row in await self._session.scalars(named):
            tags.setdefault(row.message_id, []).append(row.tag)
        found = complaints | cases.keys() | tags.keys()
        return {
            number: _marks(number in complaints, cases.get(number), tags.get(number, ()))
            for number in found
            if number is not None
        }

    async def names(self, customer: str, topics: Collection[str]) -> list[str]:
        """Every name the customer ever had, for masking. `topics` are those that hold names."""
        rows = select(FactRow.value).where(FactRow.customer_id == customer, FactRow.topic.in_(sorted(topics)))
        return list(dict.fromkeys(await self._session.scalars(rows)))

    async def intents(self) -> list[str]:
        """Every intent there was, by name: each is looked up behind the one before, whatever their number."""
        found: list[str] = []
        while True:
            next_one = select(func.min(MessageRow.intent)).where(
                MessageRow.intent.is_not(None), MessageRow.intent > (found[-1] if found else "")
            )
            name = await self._session.scalar(next_one)
            if name is None:
                return found
            found.append(name)

    async def _numbers(self, sought: Sought) -> tuple[int | None, int | None]:
        """The first number said at or after `since` and at or after `until`: numbers grow with time."""
        return await self._first(sought.since), await self._first(sought.until)

    async def _first(self, at: datetime | None) -> int | None:
        if at is None:
            return None
        first = select(MessageRow.id).where(MessageRow.at >= at).order_by(MessageRow.at).limit(1)
        found = await self._session.scalar(first)
        return await self.newest() + 1 if found is None else found

    async def _visits(self, contacts: Sequence[ContactRow]) -> list[Visit]:
        if not contacts:
            return []
        numbers = [row.id for row in contacts]
        told = (
            select(MessageRow.contact_id, func.count(), func.max(MessageRow.id).filter(IS_IN))
            .where(MessageRow.contact_id.in_(numbers))
            .group_by(MessageRow.contact_id)
        )
        counts = {row[0]: (row[1], row[2]) for row in await self._session.execute(told)}
        last = await self._by_number([latest for _, latest in counts.values() if latest is not None])
        people = select(CustomerRow.id, CustomerRow.language).where(
            CustomerRow.id.in_({row.customer_id for row in contacts})
        )
        languages: Mapping[str, str] = {row[0]: row[1] for row in await self._session.execute(people)}
        return [
            Visit(
                row,
                languages.get(row.customer_id, ""),
                last.get(counts.get(row.id, (0, None))[1] or 0),
                counts.get(row.id, (0, None))[0],
            )
            for row in contacts
        ]

    async def _by_number(self, numbers: Sequence[int]) -> dict[int, MessageRow]:
        rows = await self._session.scalars(select(MessageRow).where(MessageRow.id.in_(numbers)))
        return {row.id: row for row in rows}


def _of(customer: str) -> Select[MessageRow]:
    return select(MessageRow).where(MessageRow.customer_id == customer, SAYS_SOMETHING)


def _marks(complaint: bool, case: ReviewCaseRow | None, tags: Iterable[str]) -> Marks:
    if case is None:
        return Marks(complaint, tags=tuple(tags))
    reviewed = case.reviewed_at is not None
    return Marks(complaint, reviewed, case.flagged, case.assigned_to, tuple(tags))


def _key(sought: Sought, on: str) -> ColumnElement[int]:
    """The number by which the rows are walked: that of the index of words, where they are read by it."""
    return INDEX.c.rowid if _by_index(sought, on) else MessageRow.id.expression


def _by_index(sought: Sought, on: str) -> bool:
    """Whether SQLite's index of words leads. A customer's own messages are few: they are read themselves."""
    return on == "sqlite" and not sought.customer and not query(sought.words).is_empty


def _fitting(sought: Sought, on: str) -> Select[MessageRow]:
    """The statement, without its order."""
    rows = select(MessageRow).where(SAYS_SOMETHING, *_conditions(sought))
    return _saying(rows, query(sought.words), sought, on) if sought.words else rows


def _conditions(sought: Sought) -> list[ColumnElement[bool]]:
    """What a message must be like, apart from its words and its day."""
    conditions = {
        "customer": MessageRow.customer_id == sought.customer,
        "channel": and_(IS_IN, MessageRow.channel == sought.channel),
        "language": and_(IS_IN, MessageRow.language == sought.language),
        "intent": MessageRow.intent == sought.intent,
        "below": _unsure(sought.below),
        "lost": MessageRow.action == LOST,
        "complaint": MessageRow.id.in_(
            select(ComplaintRow.message_id).where(ComplaintRow.message_id.is_not(None))
        ),
        "tag": MessageRow.id.in_(select(MessageTagRow.message_id).where(MessageTagRow.tag == sought.tag)),
        "reviewer": MessageRow.id.in_(
            select(ReviewRow.message_id).where(
                ReviewRow.reviewer == sought.reviewer, ReviewRow.done_at.is_not(None)
            )
        ),
        "unreviewed": and_(IS_IN, NEVER_REVIEWED),
    }
    return [condition for name, condition in conditions.items() if getattr(sought, name)]


def _unsure(below: float | None) -> Any:
    """Spelt out: only then is the index of such messages used."""
    return literal_column(f"message.confidence < {HARDLY if below == HARDLY else GUESSED}")


def _saying(rows: Select[MessageRow], asked: Query, sought: Sought, on: str) -> Select[MessageRow]:
    """Messages with these words. A customer's own are few: they are read, and the index isn't needed."""
    lines = [MessageRow.words.contains(line, autoescape=True) for line in asked.lines]
    if asked.is_empty:
        return rows.where(MessageRow.text.contains(sought.words, autoescape=True))
    if sought.customer:
        spaced = literal_column("' '").concat(MessageRow.words).concat(literal_column("' '"))
        whole = [spaced.contains(f" {word} ", autoescape=True) for word in asked.words]
        begun = [spaced.contains(f" {word}", autoescape=True) for word in asked.beginnings]
        return rows.where(*whole, *begun, *lines)
    if on == "sqlite":
        words = [f'"{word}"' for word in asked.words] + [f'"{word}"*' for word in asked.beginnings]
        return rows.join(INDEX, LED_BY_INDEX).where(
            INDEX.c.message_words.op("MATCH")(" AND ".join(words)), *lines
        )
    words = [f"'{word}'" for word in asked.words] + [f"'{word}':*" for word in asked.beginnings]
    return rows.where(WORDS.op("@@")(cast(" & ".join(words), TSQUERY)), *lines)

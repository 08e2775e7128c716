"""What happened on each day, counted by channel and language: what the charts are drawn from.

A day that has been over for a while is counted once and kept (`day_count`), so that a year among a million
messages is read from some thousand rows; what is kept names nobody and stays when a customer is forgotten.
The last days are counted anew each time. What is decided later counts on the day it was decided.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from crm_store.counting_days import BY_TOPIC, Figure, Rows, statements
from crm_store.models import (
    ComplaintRow,
    ContactRow,
    CustomerRow,
    DayCountRow,
    FactReviewRow,
    FactRow,
    HandoverRow,
    MessageRow,
)
from crm_store.upserting import dialect, insert_for
from one_to_one.spans import DAY, Span, midnight
from one_to_one.teaching.doubting import Doubt

OPEN_DAYS = 2
"""So many days, today included, are counted anew each time: answers come late, clocks differ."""

TOGETHER = 100
"""Days that are counted by one statement."""


@dataclass(frozen=True, slots=True)
class Count:
    """How often something happened on a day."""

    figure: str
    day: date
    channel: str  # "": in none that is known
    language: str
    key: str
    count: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which of it; "" is all."""

    span: Span
    channel: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Complained:
    """One complaint, without what it was about."""

    at: datetime
    solved: bool
    attempts: int  # how often it was solved


@dataclass(frozen=True, slots=True)
class Waited:
    """How long a customer waited for a colleague's first word."""

    at: datetime
    seconds: float


@dataclass(frozen=True, slots=True)
class Found:
    """What a colleague found a fact to be."""

    at: datetime
    junk: bool
    sampled: bool  # nothing was wrong with it at first sight


class Daily:
    """Counts by day, of the whole shop."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def begun(self, zone: ZoneInfo) -> date | None:
        """The shop's first day; None: nothing has happened yet."""
        firsts = [
            await self._session.scalar(select(func.min(each)))
            for each in (ContactRow.started_at, MessageRow.at, FactRow.recorded_at)
        ]
        known = [first.astimezone(zone).date() for first in firsts if first is not None]
        return min(known, default=None)

    async def uncounted(self, span: Span, zone: ZoneInfo) -> list[date]:
        """Days of a span that aren't kept, of those on which something may have happened."""
        begun = await self.begun(zone)
        kept = select(DayCountRow.day).where(
            DayCountRow.figure == Figure.COUNTED, DayCountRow.day.between(span.first, span.last)
        )
        done = set(await self._session.scalars(kept))
        return [day for day in span.days if begun is not None and day >= begun and day not in done]

    async def counted(self, days: Sequence[date], zone: ZoneInfo) -> list[Count]:
        """Count these days now."""
        found = []
        for start in range(0, len(days), TOGETHER):
            some = [
                (day, midnight(day, zone), midnight(day + DAY, zone))
                for day in days[start : start + TOGETHER]
            ]
            for figure, rows in statements(some, dialect(self._session)):
                found += [
                    Count(figure or row.figure, row.day, row.channel, row.language, row.key, row.times)
                    for row in await self._session.execute(rows)
                ]
        return found

    async def keep(self, days: Iterable[date], counts: Iterable[Count]) -> None:
        """Keep the counts of these days for good; days that were kept meanwhile stay as they are."""
        kept = set(days)
        rows = [_row(Count(Figure.COUNTED, day, "", "", "", 1)) for day in sorted(kept)]
        rows += [_row(count) for count in counts if count.day in kept]
        insert = insert_for(dialect(self._session))(DayCountRow).on_conflict_do_nothing()
        for start in range(0, len(rows), 1000):
            await self._session.execute(insert, rows[start : start + 1000])

    async def kept(self, wanted: Wanted) -> list[Count]:
        """What is kept of each day: contacts by channel and language, everything else by its key, questions
        of all topics together.
        """
        row, empty = DayCountRow, literal("")
        split = select(row.figure, row.day, row.channel, row.language, empty, func.sum(row.count))
        keyed = select(row.figure, row.day, empty, empty, row.key, func.sum(row.count))
        each = [
            split.where(row.figure == Figure.CONTACT).group_by(
                row.figure, row.day, row.channel, row.language
            ),
            keyed.where(
                row.figure.in_((Figure.MESSAGE, Figure.ANSWER, Figure.LEARNED, Figure.PROPOSAL))
            ).group_by(row.figure, row.day, row.key),
            select(row.figure, row.day, empty, empty, empty, func.sum(row.count))
            .where(row.figure.in_(BY_TOPIC))
            .group_by(row.figure, row.day),
        ]
        return [
            Count(figure, day, channel, language, key, int(count))
            for statement in each
            for figure, day, channel, language, key, count in await self._session.execute(
                _of(statement, wanted)
            )
        ]

    async def topics(self, wanted: Wanted) -> dict[tuple[str, str], int]:
        """How many questions of each topic were asked, and ended each way, on the days that are kept."""
        row = DayCountRow
        rows = select(row.figure, row.key, func.sum(row.count)).where(row.figure.in_(BY_TOPIC))
        found = await self._session.execute(_of(rows.group_by(row.figure, row.key), wanted))
        return {(figure, topic): int(count) for figure, topic, count in found}

    async def complaints(self, wanted: Wanted, zone: ZoneInfo) -> list[Complained]:
        """Complaints of a span, oldest first."""
        row = ComplaintRow
        rows = _in_span(select(row.at, row.state, row.attempts), row, wanted, zone)
        found = await self._session.execute(rows)
        return [Complained(at, state == "solved", attempts) for at, state, attempts in found]

    async def waits(self, wanted: Wanted, zone: ZoneInfo) -> list[Waited]:
        """How long customers waited for the first word of the colleague who took over."""
        row = HandoverRow
        rows = _in_span(select(row.at, row.replied_at), row, wanted, zone).where(row.replied_at.is_not(None))
        found = await self._session.execute(rows)
        return [Waited(at, (replied - at).total_seconds()) for at, replied in found]

    async def found(self, wanted: Wanted, zone: ZoneInfo) -> list[Found]:
        """What colleagues found remembered facts to be, in the order they did."""
        row = FactReviewRow
        rows = _in_span(select(row.at, row.verdict, row.reasons), row, wanted, zone)
        found = await self._session.execute(rows)
        return [Found(at, verdict != "confirmed", Doubt.SAMPLE in reasons) for at, verdict, reasons in found]


def settled(days: Iterable[date], today: date) -> list[date]:
    """Those that have been over long enough to be kept."""
    return [day for day in days if day <= today - OPEN_DAYS * DAY]


def fitting(counts: Iterable[Count], wanted: Wanted) -> list[Count]:
    """The counts of a channel and a language."""
    return [
        count
        for count in counts
        if wanted.channel in ("", count.channel) and wanted.language in ("", count.language)
    ]


def _of(rows: Rows, wanted: Wanted) -> Rows:
    row = DayCountRow
    rows = rows.where(row.day.between(wanted.span.first, wanted.span.last))
    if wanted.channel:
        rows = rows.where(row.channel == wanted.channel)
    return rows.where(row.language == wanted.language) if wanted.language else rows


def _in_span(
    rows: Rows,
    row: type[ComplaintRow] | type[HandoverRow] | type[FactReviewRow],
    wanted: Wanted,
    zone: ZoneInfo,
) -> Rows:
    """What is about a message, or none: of the span, the channel and the language, oldest first."""
    start, past = midnight(wanted.span.first, zone), midnight(wanted.span.last + DAY, zone)
    rows = (
        rows.join(CustomerRow, CustomerRow.id == row.customer_id)
        .outerjoin(MessageRow, MessageRow.id == row.message_id)
        .where(row.at >= start, row.at < past)
        .order_by(row.at, row.id)
    )
    if wanted.channel:
        rows = rows.where(MessageRow.channel == wanted.channel)
    return rows.where(CustomerRow.language == wanted.language) if wanted.language else rows


def _row(count: Count) -> dict[str, Any]:
    names = ("figure", "day", "channel", "language", "key", "count")
    return {name: getattr(count, name) for name in names}

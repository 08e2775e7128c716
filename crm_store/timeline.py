"""Everything that happened with one customer, the newest first, whatever table tells of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from crm_store.models import (
    AskingRow,
    Base,
    ComplaintRow,
    ConsentRow,
    ContactRow,
    FactReviewRow,
    FactRow,
    HandoverRow,
    IdentityRow,
    MemberRow,
    MergeRow,
    MessageNoteRow,
    OrderLineRow,
    OrderRow,
    OrderStepRow,
    PromiseRow,
    ProposalRow,
    RefillRow,
    UnmetWishRow,
)

BY_COLLEAGUES = "staff"
"""The channel of facts that colleagues confirmed or corrected: their review tells of it already."""

WITHOUT_STEPS = ("draft", "imported")
"""States of orders that no step tells of."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened."""

    at: datetime
    kind: str
    row: Any  # of the kind's table

    @property
    def place(self) -> Place:
        """Where it stands in the timeline."""
        return Place(self.at, self.kind, self.row.id)


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the timeline; of what happened at the same moment the kind decides, then the number."""

    at: datetime
    kind: str
    number: int


@dataclass(frozen=True, slots=True)
class Source:
    """A table that tells of something, and which column says when."""

    kind: str
    table: type[Base]
    moment: InstrumentedAttribute[Any]
    condition: ColumnElement[bool] | None = None

    def of(self, customer: str) -> ColumnElement[bool]:
        """The rows about a customer."""
        if self.table is MergeRow:
            return or_(MergeRow.kept_id == customer, MergeRow.absorbed_id == customer)
        column: InstrumentedAttribute[str] = self.table.customer_id  # type: ignore[attr-defined]
        return column == customer

    def below(self, place: Place) -> ColumnElement[bool]:
        """The rows that stand below a place."""
        if self.kind == place.kind:
            number: InstrumentedAttribute[int] = self.table.id  # type: ignore[attr-defined]
            return tuple_(self.moment, number) < (place.at, place.number)
        return self.moment <= place.at if RANK[self.kind] < RANK[place.kind] else self.moment < place.at


SOURCES: Sequence[Source] = (
    Source("visit", ContactRow, ContactRow.started_at),
    Source("came", IdentityRow, IdentityRow.verified_at),
    Source("merged", MergeRow, MergeRow.merged_at),
    Source("parted", MergeRow, MergeRow.undone_at),
    Source("company", MemberRow, MemberRow.since),
    Source("consent", ConsentRow, ConsentRow.at),
    Source("complained", ComplaintRow, ComplaintRow.at),
    Source("wanted_person", HandoverRow, HandoverRow.at),
    Source("promised", PromiseRow, PromiseRow.made_at),
    Source("ended", FactRow, FactRow.recorded_at, FactRow.valid_until.is_not(None)),
    Source(
        "learned",
        FactRow,
        FactRow.recorded_at,
        and_(
            FactRow.valid_until.is_(None),
            FactRow.provisional.is_(False),
            FactRow.channel != BY_COLLEAGUES,
        ),
    ),
    Source("unmet", UnmetWishRow, UnmetWishRow.at),
    Source("asked", AskingRow, AskingRow.at),
    Source("proposed", ProposalRow, ProposalRow.at),
    Source("order", OrderRow, OrderRow.at, OrderRow.state.in_(WITHOUT_STEPS)),
    Source("order_step", OrderStepRow, OrderStepRow.at),
    Source("refill", RefillRow, RefillRow.at),
    Source("rated", OrderLineRow, OrderLineRow.rated_at),
    Source("noted", MessageNoteRow, MessageNoteRow.at),
    Source("reviewed", FactReviewRow, FactReviewRow.at),
    Source("solved", ComplaintRow, ComplaintRow.solved_at),
    Source("kept", PromiseRow, PromiseRow.kept_at),
    Source("handed_back", HandoverRow, HandoverRow.returned_at),
)
"""Of what happened at one moment, what comes first in a turn is listed first."""

RANK = {source.kind: rank for rank, source in enumerate(SOURCES)}


async def timeline(
    session: AsyncSession, customer: str, limit: int, below: Place | None = None
) -> list[Event]:
    """What happened, the newest first, of what stands below a place; None: from the top."""
    found: list[Event] = []
    for source in SOURCES:
        found += await _newest(session, source, customer, limit, below)
    found.sort(key=lambda event: (event.at, RANK[event.kind], event.row.id), reverse=True)
    return found[:limit]


async def _newest(
    session: AsyncSession, source: Source, customer: str, limit: int, below: Place | None
) -> list[Event]:
    number: InstrumentedAttribute[int] = source.table.id  # type: ignore[attr-defined]
    rows = select(source.table).where(source.of(customer), source.moment.is_not(None))
    if source.condition is not None:
        rows = rows.where(source.condition)
    if below is not None:
        rows = rows.where(source.below(below))
    rows = rows.order_by(source.moment.desc(), number.desc()).limit(limit)
    return [Event(getattr(row, source.moment.key), source.kind, row) for row in await session.scalars(rows)]

"""One customer as colleagues see them at the moment of contact: read for the card, and names for lists."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from crm_store.facts import HOLDS
from crm_store.models import (
    ContactRow,
    DoubtRow,
    FactReviewRow,
    FactRow,
    MergeRow,
    MessageNoteRow,
    MessageRow,
)
from one_to_one.facts import Polarity


@dataclass(frozen=True, slots=True)
class Known:
    """One thing believed of a customer, with what it was read from and who looked at it."""

    row: FactRow
    sentence: str  # the whole message; without one, the words that were kept
    doubts: Sequence[str]  # why a colleague should look at it
    reviewer: str | None  # the colleague who confirmed or corrected it


@dataclass(frozen=True, slots=True)
class Visits:
    """How often they were here."""

    count: int
    first: datetime | None
    last: datetime | None


class Cards:
    """What the card of a customer says."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def known(self, customer: str, contact: int | None) -> list[Known]:
        """What is believed now, the oldest first; of what is provisional only this contact's."""
        ours = or_(FactRow.provisional.is_(False), FactRow.contact_id == contact)
        rows = (
            select(FactRow, MessageRow.text, DoubtRow.reasons)
            .outerjoin(MessageRow, MessageRow.id == FactRow.message_id)
            .outerjoin(DoubtRow, DoubtRow.fact_id == FactRow.id)
            .where(FactRow.customer_id == customer, HOLDS, ours)
            .order_by(FactRow.id)
        )
        found = (await self._session.execute(rows)).all()
        verdicts = select(FactReviewRow.fact_id, FactReviewRow.who).where(
            FactReviewRow.customer_id == customer
        )
        reviewers = {row.fact_id: row.who for row in await self._session.execute(verdicts)}
        return [
            Known(row, text or row.words, reasons or (), reviewers.get(row.id))
            for row, text, reasons in found
        ]

    async def visits(self, customer: str) -> Visits:
        """How often they were here, and when first and last."""
        counted = select(func.count(), func.min(ContactRow.started_at), func.max(ContactRow.last_at))
        row = (await self._session.execute(counted.where(ContactRow.customer_id == customer))).one()
        return Visits(row[0], row[1], row[2])

    async def names(self, customers: Collection[str], topics: Collection[str]) -> dict[str, str]:
        """What each of these customers wants to be called; `topics` hold names, and the latest counts."""
        rows = (
            select(FactRow.customer_id, FactRow.value)
            .where(
                FactRow.customer_id.in_(customers),
                FactRow.topic.in_(topics),
                FactRow.polarity == Polarity.LIKES,
                FactRow.provisional.is_(False),
                HOLDS,
            )
            .order_by(FactRow.id)
        )
        return {row.customer_id: row.value for row in await self._session.execute(rows)}

    async def notes(self, messages: Collection[int]) -> Mapping[int, list[MessageNoteRow]]:
        """What colleagues noted beside these messages, the oldest first."""
        rows = select(MessageNoteRow).where(MessageNoteRow.message_id.in_(messages))
        found: dict[int, list[MessageNoteRow]] = {}
        for row in await self._session.scalars(rows.order_by(MessageNoteRow.id)):
            found.setdefault(row.message_id, []).append(row)
        return found

    async def merge(self, number: int) -> MergeRow | None:
        """One merge; None: there is none of this number."""
        return await self._session.get(MergeRow, number)

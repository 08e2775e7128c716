"""Complaints: what went wrong for a customer."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from crm_store.models import ComplaintRow

REMEDY_CHARACTERS = 200


class Complaints:
    """What customers complained about."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, customer: str, message: int | None, words: str, at: datetime) -> ComplaintRow:
        """An open complaint, in the customer's words."""
        row = ComplaintRow(customer_id=customer, message_id=message, words=words[:1000], at=at, state="open")
        self._session.add(row)
        await self._session.flush()
        return row

    async def get(self, complaint: int) -> ComplaintRow | None:
        """One complaint; None: there is none of this number."""
        return await self._session.get(ComplaintRow, complaint)

    async def solve(self, row: ComplaintRow, remedy: str, who: str, at: datetime) -> None:
        """It was put right by this remedy; once more when the first one didn't do it."""
        if row.state == "open":
            row.state, row.solved_at, row.solved_by = "solved", at, who
            row.remedy, row.attempts = remedy[:REMEDY_CHARACTERS], row.attempts + 1

    async def reopen(self, row: ComplaintRow) -> None:
        """It wasn't put right after all."""
        row.state, row.solved_at, row.solved_by = "open", None, None

    async def put_right_to(self, customer: str) -> int:
        """The message up to which all that went wrong was put right; 0: something wasn't, or nothing went."""
        rows = await self.listed(customer)
        return (
            0
            if any(row.state == "open" for row in rows)
            else max((row.message_id or 0 for row in rows), default=0)
        )

    async def listed(self, customer: str) -> list[ComplaintRow]:
        """All complaints of a customer, oldest first."""
        rows = select(ComplaintRow).where(ComplaintRow.customer_id == customer).order_by(ComplaintRow.id)
        return list(await self._session.scalars(rows))

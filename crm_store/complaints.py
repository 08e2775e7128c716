"""Complaints: what went wrong for a customer."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from crm_store.models import ComplaintRow


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

    async def listed(self, customer: str) -> list[ComplaintRow]:
        """All complaints of a customer, oldest first."""
        rows = select(ComplaintRow).where(ComplaintRow.customer_id == customer).order_by(ComplaintRow.id)
        return list(await self._session.scalars(rows))

"""Promises: what the shop said it would do, by whom and when."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from crm_store.models import PromiseRow


class Promises:
    """What the shop owes customers."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(
        self, customer: str, message: int | None, what: str, owner: str, at: datetime, due_at: datetime
    ) -> PromiseRow:
        """A promise made at `at` and due at `due_at`, with the colleague or system that owns it."""
        row = PromiseRow(
            customer_id=customer, message_id=message, what=what, owner=owner, made_at=at, due_at=due_at
        )
        self._session.add(row)
        await self._session.flush()
        return row

    async def get(self, promise: int) -> PromiseRow | None:
        """One promise; None: there is none of this number."""
        return await self._session.get(PromiseRow, promise)

    async def keep(self, row: PromiseRow, at: datetime) -> None:
        """It was kept."""
        row.kept_at = row.kept_at or at

    async def keep_all(self, customer: str, what: str, at: datetime) -> None:
        """Every open promise of this kind to a customer was kept."""
        for row in await self.listed(customer):
            if row.what == what:
                await self.keep(row, at)

    async def listed(self, customer: str) -> list[PromiseRow]:
        """All promises to a customer, oldest first."""
        rows = select(PromiseRow).where(PromiseRow.customer_id == customer).order_by(PromiseRow.id)
        return list(await self._session.scalars(rows))

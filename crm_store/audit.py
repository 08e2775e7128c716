"""The audit: who did what to a customer's record. It never holds what the customer said."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from crm_store.models import AuditRow


class Audit:
    """Who did what."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def record(
        self, who: str, what: str, customer: str | None, at: datetime, **detail: str | int | None
    ) -> AuditRow:
        """Note an act: by "customer", "bot", "cli" or a colleague's name."""
        row = AuditRow(who=who, what=what, customer_id=customer, at=at, detail=detail)
        self._session.add(row)
        await self._session.flush()
        return row

    async def listed(self, customer: str) -> list[AuditRow]:
        """Everything done to a customer's record, oldest first."""
        rows = select(AuditRow).where(AuditRow.customer_id == customer).order_by(AuditRow.id)
        return list(await self._session.scalars(rows))

    async def last_of(self, customer: str, who: str, what: str, limit: int) -> list[AuditRow]:
        """The last acts of one kind that somebody did to a customer's record, the newest first."""
        rows = select(AuditRow).where(
            AuditRow.customer_id == customer, AuditRow.who == who, AuditRow.what == what
        )
        return list(await self._session.scalars(rows.order_by(AuditRow.id.desc()).limit(limit)))

    async def latest(self, limit: int, before: int | None = None) -> list[AuditRow]:
        """Everything done by anybody, the newest first; of those before the number `before`, if given."""
        rows = select(AuditRow).order_by(AuditRow.id.desc()).limit(limit)
        return list(await self._session.scalars(rows if before is None else rows.where(AuditRow.id < before)))

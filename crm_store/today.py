"""What waits for somebody of the shop: open complaints, promises."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from crm_store.models import ComplaintRow, PromiseRow

MOST = 50
"""Rows of each kind: who sees more than these has other worries."""


class Today:
    """What is to be done, the most urgent first."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def complaints(self) -> list[ComplaintRow]:
        """Complaints that nobody has solved yet, the oldest first."""
        rows = select(ComplaintRow).where(ComplaintRow.state == "open").order_by(ComplaintRow.at).limit(MOST)
        return list(await self._session.scalars(rows))

    async def promises(self) -> list[PromiseRow]:
        """Promises that weren't kept yet, the one due first on top."""
        rows = select(PromiseRow).where(PromiseRow.kept_at.is_(None)).order_by(PromiseRow.due_at).limit(MOST)
        return list(await self._session.scalars(rows))

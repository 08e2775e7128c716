"""What the shop owes: complaints and promises of all customers, read a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from crm_store.models import ComplaintRow, PromiseRow


class Owed:
    """Complaints and promises, for the team."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def complaints(
        self, limit: int, after: tuple[datetime, int] | None = None, *, solved: bool = False
    ) -> Sequence[ComplaintRow]:
        """Open complaints, the oldest first; or those solved, the latest first."""
        place = tuple_(ComplaintRow.at, ComplaintRow.id)
        rows = select(ComplaintRow).where(ComplaintRow.state == ("solved" if solved else "open")).limit(limit)
        if solved:
            rows = rows.order_by(ComplaintRow.at.desc(), ComplaintRow.id.desc())
        else:
            rows = rows.order_by(ComplaintRow.at, ComplaintRow.id)
        if after is not None:
            rows = rows.where(place < after if solved else place > after)
        return list(await self._session.scalars(rows))

    async def promises(self, limit: int, after: tuple[datetime, int] | None = None) -> Sequence[PromiseRow]:
        """Promises that aren't kept yet, the one due first on top."""
        rows = select(PromiseRow).where(PromiseRow.kept_at.is_(None)).limit(limit)
        if after is not None:
            rows = rows.where(tuple_(PromiseRow.due_at, PromiseRow.id) > after)
        return list(await self._session.scalars(rows.order_by(PromiseRow.due_at, PromiseRow.id)))

    async def counts(self) -> tuple[int, int]:
        """How many complaints and how many promises are open."""
        complaints = select(func.count()).select_from(ComplaintRow).where(ComplaintRow.state == "open")
        promises = select(func.count()).select_from(PromiseRow).where(PromiseRow.kept_at.is_(None))
        return await self._session.scalar(complaints) or 0, await self._session.scalar(promises) or 0

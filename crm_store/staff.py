"""The colleagues who answer customers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from crm_store.models import StaffRow


class Staff:
    """The colleagues, by name."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, name: str, at: datetime) -> StaffRow:
        """A colleague; one who is there already is returned."""
        row = await self._session.scalar(select(StaffRow).where(StaffRow.name == name))
        if row is None:
            row = StaffRow(name=name, created_at=at)
            self._session.add(row)
            await self._session.flush()
        return row

    async def listed(self) -> list[StaffRow]:
        """All colleagues, by name."""
        return list(await self._session.scalars(select(StaffRow).order_by(StaffRow.name)))

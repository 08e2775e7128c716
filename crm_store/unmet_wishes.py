"""Wishes that the shop can't meet: kept with their words, so that it learns what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from crm_store.models import UnmetWishRow


class UnmetWishes:
    """What customers wanted in vain."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(
        self,
        customer: str,
        message: int | None,
        at: datetime,
        words: str,
        *,
        wants: Sequence[Mapping[str, str]] = (),
        thing: str | None = None,
    ) -> UnmetWishRow:
        """One wish: values that no product has together, or a thing the shop doesn't know."""
        row = UnmetWishRow(
            customer_id=customer,
            message_id=message,
            at=at,
            words=words[:200],
            wants=[dict(want) for want in wants],
            thing=thing if thing is None else thing[:80],
        )
        self._session.add(row)
        await self._session.flush()
        return row

    async def listed(self, customer: str) -> list[UnmetWishRow]:
        """The unmet wishes of a customer, oldest first."""
        rows = select(UnmetWishRow).where(UnmetWishRow.customer_id == customer).order_by(UnmetWishRow.id)
        return list(await self._session.scalars(rows))

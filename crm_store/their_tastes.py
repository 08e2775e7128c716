"""What customers told of the tastes of those whom they buy for: kept by person, and never their own."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from crm_store.models import TheirTasteRow
from one_to_one.facts import Heard

OF_ONE = (
    select(TheirTasteRow)
    .where(TheirTasteRow.customer_id == bindparam("customer"), TheirTasteRow.who == bindparam("who"))
    .order_by(TheirTasteRow.id)
)


class TheirTastes:
    """The tastes of other people, as customers told them."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def of(self, customer: str, who: str) -> list[TheirTasteRow]:
        """What was told of one person, oldest first."""
        return list(await self._session.scalars(OF_ONE, {"customer": customer, "who": who}))

    async def listed(self, customer: str) -> list[TheirTasteRow]:
        """What was told of anybody, oldest first."""
        rows = select(TheirTasteRow).where(TheirTasteRow.customer_id == customer).order_by(TheirTasteRow.id)
        return list(await self._session.scalars(rows))

    async def learn(self, customer: str, who: str, heard: Heard, message: int, at: datetime) -> None:
        """Write one down."""
        self._session.add(
            TheirTasteRow(
                customer_id=customer,
                message_id=message,
                who=who,
                topic=heard.topic,
                value=heard.value,
                polarity=heard.polarity,
                words=heard.words[:200],
                at=at,
            )
        )
        await self._session.flush()

    async def drop(self, row: TheirTasteRow) -> None:
        """It holds no longer."""
        await self._session.delete(row)
        await self._session.flush()

    async def forget(self, customer: str, who: str) -> None:
        """Forget all that was told of one person."""
        ours = (TheirTasteRow.customer_id == customer) & (TheirTasteRow.who == who)
        await self._session.execute(delete(TheirTasteRow).where(ours))

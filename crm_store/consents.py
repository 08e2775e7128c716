"""Consents: what a customer allowed or refused, with the words they were shown."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from crm_store.models import ConsentRow

STATES = (
    select(ConsentRow.purpose, ConsentRow.state)
    .where(ConsentRow.customer_id == bindparam("customer"))
    .order_by(ConsentRow.at, ConsentRow.id)
)


class Consents:
    """The newest row of a purpose counts; the others are its history."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def current(self, customer: str) -> dict[str, ConsentRow]:
        """How each purpose stands, by purpose; one never talked about is missing."""
        return {row.purpose: row for row in await self.listed(customer)}

    async def states(self, customer: str) -> dict[str, str]:
        """The state of each purpose, by purpose, without the rows: read in every turn."""
        rows = await self._session.execute(STATES, {"customer": customer})
        return {row[0]: row[1] for row in rows}

    async def listed(self, customer: str) -> list[ConsentRow]:
        """Everything ever allowed or refused, oldest first."""
        rows = select(ConsentRow).where(ConsentRow.customer_id == customer)
        return list(await self._session.scalars(rows.order_by(ConsentRow.at, ConsentRow.id)))

    async def record(
        self,
        customer: str,
        purpose: str,
        state: str,
        words: str,
        at: datetime,
        message: int | None = None,
    ) -> ConsentRow:
        """Note that a purpose was granted, denied or revoked, and the words shown."""
        row = ConsentRow(
            customer_id=customer, purpose=purpose, state=state, words=words[:1000], at=at, message_id=message
        )
        self._session.add(row)
        await self._session.flush()
        return row

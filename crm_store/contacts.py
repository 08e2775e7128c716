"""Contacts: one visit of a customer each, ended by a while of silence."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from crm_store.models import ContactRow

LATEST = (
    select(ContactRow)
    .where(ContactRow.customer_id == bindparam("customer"))
    .order_by(ContactRow.last_at.desc(), ContactRow.id.desc())
    .limit(1)
)


class Contacts:
    """The visits of customers, whatever channel they came by."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def current(self, customer: str, channel: str, at: datetime, silence: timedelta) -> ContactRow:
        """The visit this moment belongs to: the latest one, or a new one after `silence`."""
        latest = await self.latest(customer)
        if latest is not None and not latest.ended and at - latest.last_at < silence:
            latest.last_at, latest.closed = max(latest.last_at, at), False
            return latest
        row = ContactRow(customer_id=customer, channel=channel, started_at=at, last_at=at)
        row.ended, row.closed, row.questions_spent, row.passing = False, False, 0, None
        self._session.add(row)
        await self._session.flush()
        return row

    async def latest(self, customer: str) -> ContactRow | None:
        """The last visit; None: there was none."""
        return await self._session.scalar(LATEST, {"customer": customer})

    async def end(self, customer: str) -> None:
        """Let the next message begin a new visit."""
        latest = await self.latest(customer)
        if latest is not None:
            latest.ended = True

    async def count(self, customer: str) -> int:
        """How many visits there were."""
        counted = select(func.count()).select_from(ContactRow).where(ContactRow.customer_id == customer)
        return await self._session.scalar(counted) or 0

    async def listed(self, customer: str) -> list[ContactRow]:
        """All visits, oldest first."""
        rows = select(ContactRow).where(ContactRow.customer_id == customer).order_by(ContactRow.id)
        return list(await self._session.scalars(rows))

    async def spend_question(self, contact: ContactRow) -> None:
        """Count one question against the contact's budget."""
        contact.questions_spent += 1

"""Refills: the same again and again, until the customer pauses or stops it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from crm_store.models import OrderLineRow, OrderRow, RefillRow

ACTIVE, PAUSED, STOPPED = "active", "paused", "stopped"


class Refills:
    """What comes again by itself."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def begin(self, order: OrderRow, line: OrderLineRow, every_days: int, at: datetime) -> RefillRow:
        """The same as a line of an order, every so many days from when that was placed."""
        row = RefillRow(
            customer_id=order.customer_id,
            product=line.product,
            options=dict(line.options),
            quantity=line.quantity,
            price=line.price,
            details=_lasting(order.details),
            every_days=every_days,
            state=ACTIVE,
            next_at=max(at, order.at + timedelta(days=every_days)),
            at=at,
        )
        self._session.add(row)
        await self._session.flush()
        return row

    async def get(self, refill: int, customer: str) -> RefillRow | None:
        """A refill of this customer; None: it isn't theirs."""
        rows = select(RefillRow).where(RefillRow.id == refill, RefillRow.customer_id == customer)
        return await self._session.scalar(rows)

    async def running(self, customer: str) -> list[RefillRow]:
        """Those of a customer that aren't stopped, oldest first."""
        rows = select(RefillRow).where(RefillRow.customer_id == customer, RefillRow.state != STOPPED)
        return list(await self._session.scalars(rows.order_by(RefillRow.id)))

    async def due(self, at: datetime, limit: int) -> list[RefillRow]:
        """Those whose next order is to be made now, of any customer, the longest overdue first."""
        rows = select(RefillRow).where(RefillRow.state == ACTIVE, RefillRow.next_at <= at)
        return list(await self._session.scalars(rows.order_by(RefillRow.next_at, RefillRow.id).limit(limit)))

    async def advance(self, row: RefillRow, at: datetime) -> bool:
        """Let its next order be made, once: the one after that is due a whole rhythm later.

        False: another process was quicker, or it was paused a moment ago.
        """
        step = timedelta(days=row.every_days)
        missed = max(0, (at - row.next_at) // step)  # nobody gets five at once after a long standstill
        taken = (
            update(RefillRow)
            .where(RefillRow.id == row.id, RefillRow.state == ACTIVE, RefillRow.next_at == row.next_at)
            .values(next_at=row.next_at + step * (missed + 1))
            .returning(RefillRow.id)
            .execution_options(synchronize_session=False)
        )
        if await self._session.scalar(taken) is None:
            return False
        await self._session.refresh(row)
        return True

    async def change_rhythm(self, row: RefillRow, every_days: int, at: datetime) -> None:
        """From now on every so many days, counted from the last one."""
        last = row.next_at - timedelta(days=row.every_days)
        row.every_days, row.state = every_days, ACTIVE
        row.next_at = max(at + timedelta(days=1), last + timedelta(days=every_days))
        await self._session.flush()

    async def pause(self, row: RefillRow) -> None:
        """Nothing more until it is taken up again."""
        row.state = PAUSED
        await self._session.flush()

    async def resume(self, row: RefillRow, at: datetime) -> None:
        """Go on: what was due meanwhile is left out, and the next comes tomorrow at the earliest."""
        row.state, row.next_at = ACTIVE, max(row.next_at, at + timedelta(days=1))
        await self._session.flush()

    async def stop(self, row: RefillRow) -> None:
        """Never again, unless they begin a new one."""
        row.state = STOPPED
        await self._session.flush()


def _lasting(details: dict[str, Any] | None) -> dict[str, Any]:
    """The details of an order that the next one has too."""
    return {name: value for name, value in (details or {}).items() if name not in ("label_message", "notes")}

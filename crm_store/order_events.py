"""What the shop's own system is told about orders: written with the order, kept until it took it.

The bodies follow Standard Webhooks (https://www.standardwebhooks.com): type, timestamp, data.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from crm_store.models import OrderEventRow, OrderLineRow, OrderRow
from one_to_one.amounts import plain

ERROR_CHARACTERS = 200

WAITING = "waiting"


class OrderEvents:
    """The outbox of orders."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def record(self, order: OrderRow, kind: str, at: datetime) -> OrderEventRow:
        """Tell what became of an order, as it is now; `kind`: "placed", "changed", or its state."""
        lines = select(OrderLineRow).where(OrderLineRow.order_id == order.id).order_by(OrderLineRow.id)
        name = f"order.{kind}"
        row = OrderEventRow(
            customer_id=order.customer_id,
            order_id=order.id,
            event=f"evt_{secrets.token_hex(12)}",
            kind=name,
            body={
                "type": name,
                "timestamp": at.isoformat(),
                "data": as_told(order, list(await self._session.scalars(lines))),
            },
            at=at,
            state=WAITING,
            attempts=0,
            due_at=at,
        )
        self._session.add(row)
        await self._session.flush()
        return row

    async def due(self, at: datetime, limit: int) -> list[OrderEventRow]:
        """What is to be sent now, oldest first; of each order only the oldest that waits, so that they keep
        their order."""
        older = aliased(OrderEventRow)
        before = select(older.id).where(
            older.order_id == OrderEventRow.order_id,
            older.state == WAITING,
            older.id < OrderEventRow.id,
        )
        rows = (
            select(OrderEventRow)
            .where(OrderEventRow.state == WAITING, OrderEventRow.due_at <= at, ~before.exists())
            .order_by(OrderEventRow.id)
            .limit(limit)
        )
        return list(await self._session.scalars(rows))

    async def claim(self, event: int, seen: datetime, until: datetime) -> bool:
        """Take one to send it, for as long as `until`; False: another process has it.

        It counts as a try, so that one that kills its process is tried less and less often too.
        """
        taken = (
            update(OrderEventRow)
            .where(OrderEventRow.id == event, OrderEventRow.state == WAITING, OrderEventRow.due_at == seen)
            .values(due_at=until, attempts=OrderEventRow.attempts + 1)
            .returning(OrderEventRow.id)
            .execution_options(synchronize_session=False)
        )
        return await self._session.scalar(taken) is not None

    async def get(self, event: int) -> OrderEventRow | None:
        """One of them; None: it went, with its customer."""
        return await self._session.get(OrderEventRow, event)

    async def sent(self, row: OrderEventRow) -> None:
        """The shop's system took it."""
        row.state, row.due_at, row.error = "sent", None, None

    async def failed(self, row: OrderEventRow, error: str, due_at: datetime | None) -> None:
        """It was refused, or nobody was there: try again at `due_at`; None: given up."""
        row.state = "failed" if due_at is None else WAITING
        row.error, row.due_at = error[:ERROR_CHARACTERS], due_at

    async def again(self, order: int, at: datetime) -> int:
        """Send everything of an order that wasn't taken yet, now; how many."""
        anew = (
            update(OrderEventRow)
            .where(OrderEventRow.order_id == order, OrderEventRow.state != "sent")
            .values(state=WAITING, due_at=at, attempts=0)
            .returning(OrderEventRow.id)
            .execution_options(synchronize_session=False)
        )
        return len(list(await self._session.scalars(anew)))

    async def of_order(self, order: int) -> list[OrderEventRow]:
        """Everything told about an order, oldest first."""
        rows = select(OrderEventRow).where(OrderEventRow.order_id == order).order_by(OrderEventRow.id)
        return list(await self._session.scalars(rows))

    async def counts(self) -> dict[str, int]:
        """How many there are in each state."""
        counted = select(OrderEventRow.state, func.count()).group_by(OrderEventRow.state)
        return {row[0]: row[1] for row in await self._session.execute(counted)}


def as_told(order: OrderRow, lines: Sequence[OrderLineRow]) -> dict[str, Any]:
    """An order for production and finance. Amounts are text in its currency, times ISO 8601 in UTC."""
    return {
        "number": order.id,
        "state": order.state,
        "placed_at": order.at.isoformat(),
        "currency": order.currency,
        "total": plain(order.total),
        "fees": plain(order.fees or Decimal(0)),
        "cost": plain(order.cost),
        "margin": plain(margin(order)),
        "details": dict(order.details or {}),
        "lines": [_line(line) for line in lines],
    }


def _line(line: OrderLineRow) -> dict[str, Any]:
    made = line.specification or {"product": line.product, "modules": dict(line.options)}
    return {
        "product": line.product,
        "title": line.title,
        "quantity": plain(line.quantity),
        "price": plain(line.price),
        "cost": plain(line.cost),
        "margin": plain(line.price - line.cost),
        "specification": {name: value for name, value in made.items() if name != "stock"},
    }


def margin(order: OrderRow) -> Decimal:
    """What the shop earns on an order's goods; fees are spent on what they are for."""
    return order.total - (order.fees or Decimal(0)) - order.cost

"""All orders of the shop, for colleagues and for other programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from crm_store.models import OrderLineRow, OrderRow
from one_to_one.order_states import BOUGHT, OrderState

AT_ONCE = 500
"""Orders read in one step."""

WRITTEN = (*BOUGHT, OrderState.CANCELLED)
"""States of orders that were placed here, whatever became of them."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One order with its lines."""

    order: OrderRow
    lines: Sequence[OrderLineRow]


async def entries(
    session: AsyncSession, *, since: datetime | None = None, states: Sequence[str] = WRITTEN
) -> list[Entry]:
    """Orders placed here since a moment, in these states, in the order of their numbers."""
    found: list[Entry] = []
    last = 0
    while orders := await _slice(session, last, since, states):
        last = orders[-1].id
        lines = select(OrderLineRow).where(OrderLineRow.order_id.in_([order.id for order in orders]))
        by_order: dict[int, list[OrderLineRow]] = {}
        for line in await session.scalars(lines.order_by(OrderLineRow.id)):
            by_order.setdefault(line.order_id, []).append(line)
        found += [Entry(order, by_order.get(order.id, [])) for order in orders]
    return found


async def _slice(
    session: AsyncSession, last: int, since: datetime | None, states: Sequence[str]
) -> list[OrderRow]:
    rows = select(OrderRow).where(OrderRow.id > last, OrderRow.state.in_(states))
    if since is not None:
        rows = rows.where(OrderRow.at >= since)
    return list(await session.scalars(rows.order_by(OrderRow.id).limit(AT_ONCE)))


async def by_number(session: AsyncSession, number: int) -> OrderRow | None:
    """One order of anybody; None: there is none of that number that was placed here."""
    return await session.scalar(select(OrderRow).where(OrderRow.id == number, OrderRow.state.in_(WRITTEN)))

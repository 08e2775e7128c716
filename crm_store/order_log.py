"""The orders of all customers, as colleagues look for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, String, cast, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from crm_store.models import FactRow, OrderEventRow, OrderLineRow, OrderRow
from crm_store.order_book import WRITTEN, Entry

LARGEST_NUMBER = 2**63 - 1
ESCAPE = "\\"


@dataclass(frozen=True, slots=True)
class SoughtOrders:
    """What a colleague looks for."""

    words: str = ""  # a number, part of a title or of a customer's id, or a name
    states: Sequence[str] = WRITTEN
    customer: str = ""  # of this one only
    name_topics: Sequence[str] = ()  # the topics that hold what customers are called


async def found(session: AsyncSession, sought: SoughtOrders, limit: int, before: int | None) -> list[Entry]:
    """The orders that fit, the newest number first, below the number `before`; with their lines."""
    wanted = select(OrderRow).where(OrderRow.state.in_([*sought.states]))
    if before is not None:
        wanted = wanted.where(OrderRow.id < before)
    if sought.customer:
        wanted = wanted.where(OrderRow.customer_id == sought.customer)
    if sought.words:
        wanted = wanted.where(_fits(sought))
    rows = list(await session.scalars(wanted.order_by(OrderRow.id.desc()).limit(limit)))
    lines = select(OrderLineRow).where(OrderLineRow.order_id.in_([row.id for row in rows]))
    of: dict[int, list[OrderLineRow]] = {}
    for line in await session.scalars(lines.order_by(OrderLineRow.id)):
        of.setdefault(line.order_id, []).append(line)
    return [Entry(row, of.get(row.id, [])) for row in rows]


def _fits(sought: SoughtOrders) -> ColumnElement[bool]:
    words = sought.words.removeprefix("#")
    if words.isascii() and words.isdigit() and int(words) <= LARGEST_NUMBER:
        return OrderRow.id == int(words)
    part = f"%{_literal(sought.words.lower())}%"
    titled = exists().where(
        OrderLineRow.order_id == OrderRow.id, func.lower(OrderLineRow.title).like(part, escape=ESCAPE)
    )
    named = exists().where(
        FactRow.customer_id == OrderRow.customer_id,
        FactRow.topic.in_([*sought.name_topics]),
        FactRow.superseded_at.is_(None),
        func.lower(cast(FactRow.value, String)).like(part, escape=ESCAPE),
    )
    return or_(OrderRow.customer_id.like(part, escape=ESCAPE), titled, named)


def _literal(words: str) -> str:
    """The words with what means something to LIKE taken as it stands."""
    for sign in (ESCAPE, "%", "_"):
        words = words.replace(sign, ESCAPE + sign)
    return words


async def counts(session: AsyncSession, states: Sequence[str]) -> dict[str, int]:
    """How many orders there are in each of these states."""
    rows = select(OrderRow.state, func.count()).where(OrderRow.state.in_([*states])).group_by(OrderRow.state)
    return {row[0]: row[1] for row in await session.execute(rows)}


async def waiting_events(session: AsyncSession, orders: Sequence[int]) -> dict[int, str]:
    """Of these orders those that the shop's own system didn't take when tried: "waiting", or "failed"."""
    tried = or_(OrderEventRow.state == "failed", OrderEventRow.attempts > 0)
    rows = select(OrderEventRow.order_id, OrderEventRow.state).where(
        OrderEventRow.order_id.in_([*orders]), OrderEventRow.state != "sent", tried
    )
    told: dict[int, str] = {}
    for order, state in await session.execute(rows):
        told[order] = "failed" if "failed" in (state, told.get(order)) else state
    return told

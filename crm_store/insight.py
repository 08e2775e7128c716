"""What customers ordered, and how they took what was new to them, read for learning from all at once."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from crm_store.crowd import BOUGHT, OWN, private_customers
from crm_store.models import OrderLineRow, OrderRow, ProposalRow
from one_to_one.exploring import Trial
from one_to_one.history import Rating
from one_to_one.lessons import UNTIMELY

LINES, PROPOSALS = 1_000_000, 200_000
"""The newest so many are learned from."""


async def orders(session: AsyncSession) -> list[tuple[str, str]]:
    """Customer and product of every order line they didn't dislike, but of those who want no profile."""
    private = await private_customers(session)
    bought = (
        select(OrderLineRow.customer_id, OrderLineRow.product)
        .join(OrderRow, OrderRow.id == OrderLineRow.order_id)
        .where(
            OrderRow.state.in_(BOUGHT),
            OWN,
            OrderLineRow.rating.is_distinct_from(Rating.DISLIKED.value),
        )
        .order_by(OrderLineRow.id.desc())
        .limit(LINES)
    )
    rows = await session.execute(bought)
    return [(customer, product) for customer, product in rows if customer not in private]


async def trials(session: AsyncSession) -> list[Trial]:
    """Every product that was proposed as new to somebody, and what came of it."""
    private = await private_customers(session)
    settled = (
        select(ProposalRow.customer_id, ProposalRow.items, ProposalRow.outcome, ProposalRow.picked)
        .where(
            ProposalRow.outcome != "open",
            or_(ProposalRow.reason.is_(None), ProposalRow.reason.not_in(sorted(UNTIMELY))),
        )
        .order_by(ProposalRow.id.desc())
        .limit(PROPOSALS)
    )
    return [
        Trial(
            row.customer_id,
            str(item["product"]),
            row.outcome,
            row.picked == number or bool(item.get("taken")),
        )
        for row in await session.execute(settled)
        if row.customer_id not in private
        for number, item in enumerate(row.items, start=1)
        if item.get("novel")
    ]

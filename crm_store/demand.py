"""What was sold and what was wished for in vain, of all customers; nobody's words."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from crm_store.models import OrderLineRow, OrderRow, UnmetWishRow
from one_to_one.demand import Sold, Wished
from one_to_one.order_states import BOUGHT

BETWEEN = " + "


async def sold(session: AsyncSession, since: datetime | None) -> list[Sold]:
    """Every line that was bought since a moment, here or before Dripwise."""
    rows = (
        select(
            OrderLineRow.product,
            OrderLineRow.options,
            OrderLineRow.quantity,
            OrderLineRow.price,
            OrderLineRow.cost,
        )
        .join(OrderRow, OrderRow.id == OrderLineRow.order_id)
        .where(OrderRow.state.in_((*BOUGHT, "imported")))
    )
    if since is not None:
        rows = rows.where(OrderRow.at >= since)
    return [Sold(*row) for row in await session.execute(rows.order_by(OrderLineRow.id))]


async def wished(session: AsyncSession, since: datetime | None) -> list[Wished]:
    """Every wish that couldn't be met since a moment."""
    rows = select(UnmetWishRow.customer_id, UnmetWishRow.thing, UnmetWishRow.wants)
    if since is not None:
        rows = rows.where(UnmetWishRow.at >= since)
    found = [
        Wished(customer, thing or _wants(wants))
        for customer, thing, wants in await session.execute(rows.order_by(UnmetWishRow.id))
    ]
    return [wish for wish in found if wish.what]


def _wants(wants: list[dict[str, str]]) -> str:
    """Values that no product has together, such as `colour=red + cut=long`."""
    signs = {"likes": "=", "dislikes": "≠", "never": "≠"}
    said = sorted(
        f"{want.get('topic')}{signs.get(want.get('polarity', 'likes'), '=')}{want.get('value')}"
        for want in wants
    )
    return BETWEEN.join(said)

"""What was made up for customers, step by step: to go back, to lay by, to show and to share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from crm_store.models import ConfigurationRow
from one_to_one.basket import Basket, Configured, around


class Configurations:
    """The steps of every draft, and what was laid by."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session
        self._latest: dict[int, ConfigurationRow | None] = {}  # of each draft, as read or written last

    async def add(
        self,
        customer: str,
        made: Configured,
        at: datetime,
        *,
        order: int | None = None,
        before: int | None = None,
        place: int = 1,
        beside: Sequence[Configured] = (),
    ) -> ConfigurationRow:
        """Write down one step; `order` is the draft it belongs to, `before` the step it followed.

        `place` is where it stands among the things of its order, `beside` what lies beside it.
        """
        row = ConfigurationRow(
            customer_id=customer,
            order_id=order,
            before_id=before,
            at=at,
            product=made.product,
            options=dict(made.options),
            said=list(made.said),
            assumed=list(made.assumed),
            quantity=made.quantity,
            place=place,
            beside=[_kept(thing) for thing in beside],
        )
        self._session.add(row)
        await self._session.flush()
        if order is not None:
            self._latest[order] = row
        return row

    async def get(self, number: int, customer: str) -> ConfigurationRow | None:
        """A step of this customer; None: it isn't theirs."""
        row = select(ConfigurationRow).where(
            ConfigurationRow.id == number, ConfigurationRow.customer_id == customer
        )
        return await self._session.scalar(row)

    async def shared(self, number: int) -> ConfigurationRow | None:
        """A step by its number, whoever's it is: only for those who hold a sealed link to it."""
        return await self._session.get(ConfigurationRow, number)

    async def of_order(self, order: int) -> ConfigurationRow | None:
        """Where a draft stands now; None: nothing was written down about it."""
        if order not in self._latest:
            rows = select(ConfigurationRow).where(ConfigurationRow.order_id == order)
            self._latest[order] = await self._session.scalar(
                rows.order_by(ConfigurationRow.id.desc()).limit(1)
            )
        return self._latest[order]

    async def hand_over(self, draft: int, order: int) -> None:
        """The steps of a draft become those of the order whose place it took."""
        self._latest.pop(draft, None)
        self._latest.pop(order, None)
        moved = update(ConfigurationRow).where(ConfigurationRow.order_id == draft).values(order_id=order)
        await self._session.execute(moved.execution_options(synchronize_session="fetch"))

    async def save(self, row: ConfigurationRow, at: datetime) -> None:
        """Lay it by for later."""
        row.saved_at = at
        await self._session.flush()

    async def drop(self, row: ConfigurationRow) -> None:
        """Lay it by no longer."""
        row.saved_at = None
        await self._session.flush()

    async def saved(self, customer: str, limit: int) -> list[ConfigurationRow]:
        """What they laid by, newest first."""
        rows = (
            select(ConfigurationRow)
            .where(ConfigurationRow.customer_id == customer, ConfigurationRow.saved_at.is_not(None))
            .order_by(ConfigurationRow.saved_at.desc(), ConfigurationRow.id.desc())
            .limit(limit)
        )
        return list(await self._session.scalars(rows))


def basket_of(row: ConfigurationRow) -> Basket:
    """All that an order held at a step, the one that the step was about in hand."""
    made = Configured(row.product, row.options, row.quantity, row.said, row.assumed)
    return around(made, [_read(thing) for thing in row.beside], row.place)


def _kept(thing: Configured) -> dict[str, Any]:
    """A thing as JSON can hold it."""
    return {
        "product": thing.product,
        "options": dict(thing.options),
        "quantity": str(thing.quantity),
        "said": list(thing.said),
        "assumed": list(thing.assumed),
    }


def _read(kept: Mapping[str, Any]) -> Configured:
    quantity = Decimal(kept["quantity"])
    return Configured(kept["product"], kept["options"], quantity, kept["said"], kept["assumed"])

"""What is left of what the shop has counted: taken down with an order, given back when it is cancelled.

A row is made when something is first sold. The pack's number is the count: when it changes there, the shop
has counted anew, and what is left begins from it. Amounts are thousandths of a unit in the store.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_CEILING, Decimal

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from crm_store.models import StockRow
from crm_store.upserting import insert_new

PARTS = 1000
"""Parts of a unit that are told apart."""


class Stock:
    """How much there is of each item, for everybody."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def take(self, wanted: Mapping[str, Decimal], counted: Mapping[str, int]) -> str | None:
        """Take these units of each item, all or nothing; the item there is too little of, or None: taken.

        `counted` is what the pack says of each, in units. Of two who want the last one, one gets it.
        """
        taken: dict[str, Decimal] = {}
        for item in sorted(wanted):  # always in one order, so that two never wait for each other
            if not await self._take(item, _parts(wanted[item]), counted[item] * PARTS):
                await self.give_back(taken)
                return item
            taken[item] = wanted[item]
        return None

    async def _take(self, item: str, parts: int, counted: int) -> bool:
        await insert_new(
            self._session, StockRow, {"item": item, "counted": counted, "left": counted}, ["item"]
        )
        await self.recount(item, counted)
        taken = (
            update(StockRow)
            .where(StockRow.item == item, StockRow.left >= parts)
            .values(left=StockRow.left - parts)
            .returning(StockRow.left)
            .execution_options(synchronize_session=False)
        )
        return await self._session.scalar(taken) is not None

    async def recount(self, item: str, counted: int, *, even_if_same: bool = False) -> None:
        """The shop counted an item, in parts; without `even_if_same` only if the number is another one."""
        anew = update(StockRow).where(StockRow.item == item).values(counted=counted, left=counted)
        if not even_if_same:
            anew = anew.where(StockRow.counted != counted)
        await self._session.execute(anew.execution_options(synchronize_session=False))

    async def give_back(self, taken: Mapping[str, Decimal]) -> None:
        """What was taken is there again."""
        for item in sorted(taken):
            back = update(StockRow).where(StockRow.item == item)
            back = back.values(left=StockRow.left + _parts(taken[item]))
            await self._session.execute(back.execution_options(synchronize_session=False))

    async def left(self, below: int | None = None) -> dict[str, tuple[int, Decimal]]:
        """Of each item that was ever sold: how many were counted, and the units left of them.

        With `below` only those of which fewer whole units than that are left.
        """
        rows = select(StockRow.item, StockRow.counted, StockRow.left)
        if below is not None:
            rows = rows.where(StockRow.left < below * PARTS)
        found = await self._session.execute(rows.order_by(StockRow.item))
        return {item: (counted // PARTS, Decimal(left) / PARTS) for item, counted, left in found}


def _parts(units: Decimal) -> int:
    return int((units * PARTS).to_integral_value(ROUND_CEILING))

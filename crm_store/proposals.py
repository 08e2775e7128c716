"""Proposals: what was offered to a customer, why, and what came of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from crm_store.models import ProposalRow

RECENT = (
    select(ProposalRow)
    .where(ProposalRow.customer_id == bindparam("customer"))
    .order_by(ProposalRow.id.desc())
    .limit(bindparam("count", type_=Integer))
)


class Proposals:
    """What customers were offered."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(
        self,
        customer: str,
        contact: int | None,
        message: int | None,
        at: datetime,
        currency: str,
        items: Sequence[Mapping[str, Any]],
    ) -> ProposalRow:
        """A new, open proposal. Items are JSON: amounts as text."""
        row = ProposalRow(
            customer_id=customer,
            contact_id=contact,
            message_id=message,
            at=at,
            currency=currency,
            items=[dict(item) for item in items],
            outcome="open",
        )
        self._session.add(row)
        await self._session.flush()
        return row

    async def get(self, proposal: int, customer: str) -> ProposalRow | None:
        """A proposal made to this customer; None: it wasn't."""
        row = select(ProposalRow).where(ProposalRow.id == proposal, ProposalRow.customer_id == customer)
        return await self._session.scalar(row)

    async def latest(self, customer: str) -> ProposalRow | None:
        """The newest proposal; None: there was none."""
        recent = await self.recent(customer, 1)
        return recent[0] if recent else None

    async def recent(self, customer: str, limit: int) -> list[ProposalRow]:
        """Proposals, newest first."""
        return list(await self._session.scalars(RECENT, {"customer": customer, "count": limit}))

    async def settle(
        self, proposal: ProposalRow, outcome: str, at: datetime, *, picked: int | None = None
    ) -> None:
        """Note what came of it: accepted (and which item), changed, rejected or ignored."""
        proposal.outcome, proposal.outcome_at, proposal.picked = outcome, at, picked

    async def take_also(self, proposal: ProposalRow, numbers: Collection[int]) -> None:
        """Note that these of its items, counted from 1, were taken beside the one that was picked."""
        if numbers:
            proposal.items = [
                {**item, "taken": True} if place in numbers else item
                for place, item in enumerate(proposal.items, start=1)
            ]

    async def explain(self, proposal: ProposalRow, reason: str, words: str | None) -> None:
        """Note why it was turned down, with the customer's own words if there are any."""
        proposal.reason = reason
        proposal.reason_words = words if words is None else words[:200]

    async def turn_down(self, proposal: ProposalRow, number: int, reason: str) -> None:
        """Note that one of its items, counted from 1, isn't wanted, whatever comes of the others.

        `reason` is a code (`one_to_one/lessons.py`); "": none was given.
        """
        proposal.items = [
            {**item, "turned_down": reason} if place == number else item
            for place, item in enumerate(proposal.items, start=1)
        ]

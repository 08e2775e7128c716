"""What the customer ordered, rated and was shown, as the rules want to read it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from actions.turn import Turn
from crm_store.models import ProposalRow
from crm_store.past import all_orders_of
from one_to_one.history import Ordered, Shown

PROPOSALS = 10
"""Earlier proposals that still matter."""


async def ordered(turn: Turn) -> list[Ordered]:
    """Every line of the latest orders that was for themselves, oldest first, with its rating."""
    return [one for one in await everything(turn) if not one.receiver]


async def given(turn: Turn, who: str) -> list[Ordered]:
    """What they ordered as presents for one person, oldest first."""
    return [one for one in await everything(turn) if one.receiver == who]


async def everything(turn: Turn) -> list[Ordered]:
    """Every line of the latest orders, presents included. Looked up once a turn."""
    if turn.past is None:
        turn.past = await all_orders_of(turn.books, turn.customer.id, turn.pack)
    return turn.past


async def habits(turn: Turn) -> list[Ordered]:
    """What they order, to judge by: of what is sensitive only what they let us keep.

    The rest stays in the orders that it was said for.
    """
    private = {
        name for name in turn.pack.modules if (topic := turn.pack.topics.get(name)) and topic.sensitive
        and not turn.consents.keeps(topic)
    }  # fmt: skip
    if not private:
        return await ordered(turn)
    return [
        replace(one, options={name: code for name, code in one.options.items() if name not in private})
        for one in await ordered(turn)
    ]


def shown(proposals: Sequence[ProposalRow], *, other: bool = False) -> list[Shown]:
    """Every product of these proposals that was chosen for the customer, or for an `other` person."""
    return [
        Shown(
            item["product"],
            proposal.at,
            _outcome(proposal, number),
            item.get("turned_down") or proposal.reason or "",
            Decimal(item["price"]),
            item.get("offer") or "",
        )
        for proposal in proposals
        for number, item in enumerate(proposal.items, start=1)
        if bool(item.get("other")) == other
    ]


def _outcome(proposal: ProposalRow, number: int) -> str:
    """What came of one item: of an accepted proposal only what was taken is accepted."""
    if "turned_down" in proposal.items[number - 1]:
        return "rejected"
    item = proposal.items[number - 1]
    if proposal.outcome == "accepted" and proposal.picked not in (None, number) and not item.get("taken"):
        return "ignored"
    return "other" if proposal.outcome == "changed" else proposal.outcome

"""A proposal as it is written down, to be explained and learned from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from actions.turn import Turn
from crm_store.models import ProposalRow
from one_to_one.proposals import Proposed

type Item = Mapping[str, Any]


async def write(
    turn: Turn, items: Sequence[Proposed], *, other: bool = False, more: Sequence[Item] = ()
) -> ProposalRow:
    """Write a proposal down; `more` is kept with each item of a clash."""
    theirs = {"other": True} if other else {}
    return await turn.books.proposals.add(
        turn.customer.id,
        turn.contact.id,
        turn.message.id,
        turn.now,
        turn.pack.shop.currency,
        [
            {**_kept(item), **theirs, **extra}
            for item, extra in zip(items, more or [{}] * len(items), strict=True)
        ],
    )


def _kept(item: Proposed) -> Item:
    """A proposed product as it is written down: amounts as text."""
    return {
        "product": item.product,
        "options": dict(item.options),
        "price": str(item.price),
        "cost": str(item.cost),
        "facts": [fact for fact in item.used if fact > 0],  # wishes are never written
        "assumed": list(item.assumed),
        "novel": item.novel,
        "score": item.score,
        "new_in": [list(value) for value in item.new_in],
        "pushed": item.pushed,
        "alike": item.alike,
        "offer": item.offer,
    }

"""What suggestions of the next choice rest on: what they said, what they ordered, what others made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from actions import past, wishing
from actions.turn import Turn
from crm_store.models import OrderLineRow
from one_to_one.configuring.predicting import Predictor, learn
from one_to_one.configuring.suggesting import ranking, wishes_of
from one_to_one.configuring.wishing import Wish
from one_to_one.history import Ordered

OTHERS = 200
"""So many of the latest orders of other customers teach what goes together."""


@dataclass(frozen=True, slots=True)
class Known:
    """What suggestions rest on."""

    wishes: Sequence[Wish]
    own: Sequence[Ordered]
    predictor: Predictor


async def known_of(turn: Turn) -> Known:
    """What the customer said and ordered, and what others did."""
    table = turn.waits_for("proposal") or {}
    basis = wishing.basis(turn, other=bool(table.get("other")))
    own = await past.habits(turn) if turn.consents.personal else []
    barred = [Wish(name, frozenset({code}), firm=True, avoid=True) for name, code in turn.barred]
    others = await turn.books.orders.made_by_others(turn.customer.id, OTHERS)
    return Known([*barred, *wishes_of(turn.pack, basis, own, turn.now)], own, learn(others))


async def in_order(turn: Turn, line: OrderLineRow, name: str, codes: Sequence[str]) -> list[str]:
    """The options of one module that can be had, the likeliest beside the other choices first."""
    known = await known_of(turn)
    picks = {other: code for other, code in line.options.items() if other != name}
    ranked = ranking(
        turn.pack, line.product, name, codes, picks, known.wishes, known.own, known.predictor, turn.now
    )
    return [one.code for one in ranked]

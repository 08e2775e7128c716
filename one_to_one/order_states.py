"""The way of an order: draft, perhaps awaiting a yes, placed, in production, sent, done; or cancelled."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class OrderState(StrEnum):
    """Where an order stands."""

    DRAFT = "draft"  # waits for the customer's yes
    AWAITING = "awaiting"  # waits for a yes of the customer's company
    PLACED = "placed"
    IN_PRODUCTION = "in_production"
    SENT = "sent"
    DONE = "done"
    CANCELLED = "cancelled"
    REPLACED = "replaced"  # what an order was before it was changed


NEXT: Mapping[OrderState, frozenset[OrderState]] = {
    OrderState.DRAFT: frozenset({OrderState.AWAITING, OrderState.PLACED, OrderState.CANCELLED}),
    OrderState.AWAITING: frozenset({OrderState.DRAFT, OrderState.CANCELLED}),
    OrderState.PLACED: frozenset(
        {OrderState.IN_PRODUCTION, OrderState.SENT, OrderState.DONE, OrderState.CANCELLED}
    ),
    OrderState.IN_PRODUCTION: frozenset({OrderState.SENT, OrderState.DONE, OrderState.CANCELLED}),
    OrderState.SENT: frozenset({OrderState.DONE}),
    OrderState.DONE: frozenset(),
    OrderState.CANCELLED: frozenset(),
    OrderState.REPLACED: frozenset(),
}
"""The states an order may come into next. What was sent can't be called back."""

BOUGHT = frozenset({OrderState.PLACED, OrderState.IN_PRODUCTION, OrderState.SENT, OrderState.DONE})
"""States of what the customer did order, and didn't take back."""

UNDER_WAY = frozenset({OrderState.PLACED, OrderState.IN_PRODUCTION, OrderState.SENT})
"""States of what was ordered and hasn't arrived."""


def may_follow(state: str, wanted: str) -> bool:
    """Whether an order may go from one state straight to another; an imported one never moves."""
    return state in list(OrderState) and wanted in NEXT[OrderState(state)]

"""What the customer ordered, rated and was shown, as the rules want to read it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from actions.turn import Turn
from crm_store.books import Books
from crm_store.models import OrderLineRow, ProposalRow
from one_to_one.history import Ordered, Rating, Shown

PROPOSALS = 10
"""Earlier proposals that still matter."""

ORDERS = 20
"""Earlier orders that still matter."""


async def ordered(turn: Turn) -> list[Ordered]:
    """Every line of the latest orders, oldest first, with its rating. Looked up once a turn."""
    if turn.past is None:
        turn.past = await orders_of(turn.books, turn.customer.id)
    return turn.past


async def orders_of(books: Books, customer: str) -> list[Ordered]:
    """Every line of a customer's latest orders, oldest first, with its rating."""
    orders = {order.id: order.at for order in await books.orders.placed(customer, ORDERS)}
    if not orders:
        return []
    lines = await books.orders.all_lines(customer)
    return [_ordered(line, orders[line.order_id]) for line in lines if line.order_id in orders]


def _ordered(line: OrderLineRow, at: datetime) -> Ordered:
    rating = Rating(line.rating) if line.rating else None
    return Ordered(line.product, dict(line.options), at, rating, line.id)


def shown(proposals: Sequence[ProposalRow]) -> list[Shown]:
    """Every product of these proposals."""
    return [
        Shown(item["product"], proposal.at, _outcome(proposal))
        for proposal in proposals
        for item in proposal.items
    ]


def _outcome(proposal: ProposalRow) -> str:
    return "other" if proposal.outcome == "changed" else proposal.outcome

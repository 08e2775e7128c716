"""What the customer ordered, rated and was shown, as the rules want to read it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from actions.turn import Turn
from crm_store.books import Books
from crm_store.models import OrderLineRow, ProposalRow
from one_to_one.history import Ordered, Rating, Shown
from one_to_one.lessons import read_too
from one_to_one.shop import ShopPack

PROPOSALS = 10
"""Earlier proposals that still matter."""

ORDERS = 20
"""Earlier orders that still matter."""


async def ordered(turn: Turn) -> list[Ordered]:
    """Every line of the latest orders, oldest first, with its rating. Looked up once a turn."""
    if turn.past is None:
        turn.past = await orders_of(turn.books, turn.customer.id, turn.pack)
    return turn.past


async def orders_of(books: Books, customer: str, pack: ShopPack | None = None) -> list[Ordered]:
    """Every line of a customer's latest orders, oldest first, with its rating.

    With the `pack` also what there was too much of, in the words of the rating.
    """
    orders = {order.id: order.at for order in await books.orders.placed(customer, ORDERS)}
    if not orders:
        return []
    lines = await books.orders.all_lines(customer)
    return [_ordered(pack, line, orders[line.order_id]) for line in lines if line.order_id in orders]


def _ordered(pack: ShopPack | None, line: OrderLineRow, at: datetime) -> Ordered:
    rating = Rating(line.rating) if line.rating else None
    too = read_too(line.rating_words, pack) if pack and line.rating_words else ()
    return Ordered(line.product, dict(line.options), at, rating, line.id, too)


def shown(proposals: Sequence[ProposalRow], *, other: bool = False) -> list[Shown]:
    """Every product of these proposals that was chosen for the customer, or for an `other` person."""
    return [
        Shown(
            item["product"],
            proposal.at,
            _outcome(proposal, number),
            proposal.reason or "",
            Decimal(item["price"]),
            item.get("offer") or "",
        )
        for proposal in proposals
        for number, item in enumerate(proposal.items, start=1)
        if bool(item.get("other")) == other
    ]


def _outcome(proposal: ProposalRow, number: int) -> str:
    """What came of one item: of an accepted proposal only what was taken is accepted."""
    if proposal.outcome == "accepted" and proposal.picked not in (None, number):
        return "ignored"
    return "other" if proposal.outcome == "changed" else proposal.outcome

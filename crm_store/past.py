"""What a customer ordered before, as the rules want to read it."""

from __future__ import annotations

from datetime import datetime

from crm_store.books import Books
from crm_store.models import OrderLineRow
from one_to_one.history import Ordered, Rating
from one_to_one.lessons import read_too
from one_to_one.shop import ShopPack

ORDERS = 20
"""Earlier orders that still matter."""


async def orders_of(books: Books, customer: str, pack: ShopPack | None = None) -> list[Ordered]:
    """Every line of a customer's latest orders that is for themselves, oldest first, with its rating."""
    return [one for one in await all_orders_of(books, customer, pack) if not one.receiver]


async def all_orders_of(books: Books, customer: str, pack: ShopPack | None = None) -> list[Ordered]:
    """Every line, presents included.

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
    receiver = line.receiver or ""
    return Ordered(line.product, dict(line.options), at, rating, line.id, too, receiver, line.order_id)

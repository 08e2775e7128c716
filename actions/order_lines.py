"""An order's lines: made from a product as it is chosen, and put into words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from actions.turn import Turn
from crm_store.models import OrderLineRow, OrderRow, ProposalRow
from crm_store.orders import Line
from one_to_one.checkout import Details
from one_to_one.configuring.workshop import workshop_of
from one_to_one.pricing import cost, price, still_made
from one_to_one.shop import Offer, Product
from one_to_one.specials import is_on, on_terms


def offer_of(
    turn: Turn, proposal: ProposalRow | None, product: str, options: Mapping[str, str]
) -> Offer | None:
    """The offer on whose terms a product was proposed, if it still holds in these options."""
    items = () if proposal is None else proposal.items
    made = next((item.get("offer") for item in items if item["product"] == product), None)
    offer = turn.pack.offers.get(made or "")
    if offer is None or not is_on(offer, turn.pack, turn.now):
        return None
    return offer if all(options.get(topic) == code for topic, code in offer.options.items()) else None


def line_of(
    turn: Turn, product: Product, options: Mapping[str, str], quantity: Decimal, offer: Offer | None = None
) -> Line:
    """A line at today's price."""
    return Line(
        product=product.id,
        title=turn.words.title(product, options),
        price=price(turn.pack, on_terms(product, offer), options, int(quantity)),
        cost=cost(turn.pack, product, options),
        quantity=quantity,
        options=dict(options),
    )


def summary(turn: Turn, order: OrderRow, line: OrderLineRow) -> dict[str, object]:
    """The fields of every text about an order. `when` is the day it is expected."""
    return {
        "title": title(turn, line),
        "quantity": turn.words.number(line.quantity),
        "price": turn.words.money(line.price),
        "total": turn.words.money(order.total),
        "when": turn.words.weekday(expected(turn, order, line, max(order.at, turn.now))),
        "number": order.id,
    }


def title(turn: Turn, line: OrderLineRow) -> str:
    """What was ordered, in this turn's language; as it was called then, when it isn't made any more."""
    product = turn.pack.products.get(line.product)
    if product is None or still_made(turn.pack, line.options) != line.options:
        return line.title
    return turn.words.title(product, line.options)


def expected(turn: Turn, order: OrderRow, line: OrderLineRow, ordered_at: datetime) -> datetime:
    """When it is with the customer: made, and brought the way they chose."""
    product = turn.pack.products.get(line.product)
    details: Details = order.details or {}
    way = turn.pack.shop.checkout.delivery.get(details.get("delivery", ""))
    options = still_made(turn.pack, line.options)
    made = workshop_of(turn.shelf).lead_days(product.id, options) if product else 0
    return ordered_at + timedelta(days=made + (way.days if way else 0))

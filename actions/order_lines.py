"""An order's lines: made from a product as it is chosen, and put into words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from actions.turn import Turn
from crm_store.models import OrderLineRow, OrderRow, ProposalRow
from crm_store.orders import Line
from one_to_one.checkout import Details
from one_to_one.configuring.workshop import workshop_of
from one_to_one.pricing import complete_now, cost, price, still_made
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


async def remade(
    turn: Turn, order: OrderRow, product: Product, options: Mapping[str, str], quantity: Decimal
) -> Line:
    """A line of a draft as it is made and priced today.

    Of a change to what was ordered, what was agreed keeps its price for the shop's term: only the
    difference is priced anew.
    """
    number = order.proposal_id
    proposal = None if number is None else await turn.books.proposals.get(number, turn.customer.id)
    line = line_of(turn, product, options, quantity, offer_of(turn, proposal, product.id, options))
    agreed = await _agreed(turn, order)
    if (
        agreed is None
        or agreed.product != product.id
        or still_made(turn.pack, agreed.options) != agreed.options
    ):
        return line
    before = complete_now(turn.pack, product, agreed.options)
    offer = offer_of(turn, proposal, product.id, before)
    today = price(turn.pack, on_terms(product, offer), before, int(agreed.quantity))
    return replace(line, price=max(agreed.price + line.price - today, Decimal(0)))


async def _agreed(turn: Turn, order: OrderRow) -> OrderLineRow | None:
    """The line a draft would change, if its price is still kept; None: there is none, or it isn't."""
    number = order.changes_id
    placed = None if number is None else await turn.books.orders.get(number, turn.customer.id)
    if placed is None or placed.priced_until is None or placed.priced_until <= turn.now:
        return None
    return (await turn.books.orders.lines(placed))[0]


def summary(turn: Turn, order: OrderRow, line: OrderLineRow) -> dict[str, object]:
    """The fields of every text about an order. `when` is the day it is expected."""
    return {
        "title": title(turn, line),
        "quantity": turn.words.number(line.quantity),
        "price": turn.words.money(line.price),
        "total": turn.words.money(order.total),
        "when": turn.words.weekday(expected(turn, order, line, max(order.at, turn.now))),
        "number": order.changes_id or order.id,
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

"""An order's lines: made from a product as it is chosen, one of them in hand, and put into words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from actions.turn import Turn
from crm_store import configurations
from crm_store.models import OrderLineRow, OrderRow, ProposalRow
from crm_store.orders import Line
from one_to_one.basket import Basket, Configured
from one_to_one.checkout import Details
from one_to_one.configuring.workshop import workshop_of
from one_to_one.pricing import complete_now, cost, price, still_made
from one_to_one.shop import Offer, Product
from one_to_one.specials import is_on, on_terms

LATELY = 5
"""Proposals among which the one is looked for in which a thing was offered."""


async def in_hand(turn: Turn, order: OrderRow) -> OrderLineRow:
    """The line that changes are about: the one that was put in or named last."""
    lines = await turn.books.orders.lines(order)
    if len(lines) == 1:
        return lines[0]
    step = await turn.books.configurations.of_order(order.id)
    place = 1 if step is None else step.place
    return lines[min(place, len(lines)) - 1]


async def basket_of(turn: Turn, order: OrderRow) -> Basket:
    """All that an order holds, with what was said and assumed of each."""
    lines = await turn.books.orders.lines(order)
    step = await turn.books.configurations.of_order(order.id)
    last = None if step is None else configurations.basket_of(step)
    if last is None or len(last.things) != len(lines):
        return Basket(tuple(Configured(one.product, one.options, one.quantity) for one in lines))
    made = (
        replace(thing, product=one.product, options=one.options, quantity=one.quantity)
        for thing, one in zip(last.things, lines, strict=True)
    )
    return replace(last, things=tuple(made))


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
    proposal = await _proposed(turn, order, product.id)
    line = line_of(turn, product, options, quantity, offer_of(turn, proposal, product.id, options))
    agreed = await _agreed(turn, order, product.id, options)
    if agreed is None or still_made(turn.pack, agreed.options) != agreed.options:
        return line
    before = complete_now(turn.pack, product, agreed.options)
    offer = offer_of(turn, proposal, product.id, before)
    today = price(turn.pack, on_terms(product, offer), before, int(agreed.quantity))
    return replace(line, price=max(agreed.price + line.price - today, Decimal(0)))


async def _proposed(turn: Turn, order: OrderRow, product: str) -> ProposalRow | None:
    """The proposal in which a product of an order was offered: the order's own, else one they took lately."""
    number = order.proposal_id
    own = None if number is None else await turn.books.proposals.get(number, turn.customer.id)
    if own is None or any(item["product"] == product for item in own.items):
        return own
    taken = [
        one
        for one in await turn.books.proposals.recent(turn.customer.id, LATELY)
        if one.outcome == "accepted" and any(item["product"] == product for item in one.items)
    ]
    return taken[0] if taken else own


async def _agreed(
    turn: Turn, order: OrderRow, product: str, options: Mapping[str, str]
) -> OrderLineRow | None:
    """The line that a draft would change into one of this product, if its price is kept; None: it isn't.

    Of several of the same product the one that is made alike.
    """
    number = order.changes_id
    placed = None if number is None else await turn.books.orders.get(number, turn.customer.id)
    if placed is None or placed.priced_until is None or placed.priced_until <= turn.now:
        return None
    before = [line for line in await turn.books.orders.lines(placed) if line.product == product]
    return next((line for line in before if line.options == options), before[0] if before else None)


def copy_of(line: OrderLineRow) -> Line:
    """A line as it is written."""
    return Line(
        line.product, line.title, line.price, line.cost, line.quantity, dict(line.options), line.receiver
    )


def is_made(turn: Turn, thing: Configured) -> bool:
    """Whether the shop still makes a thing like that."""
    return thing.product in turn.pack.products and still_made(turn.pack, thing.options) == dict(thing.options)


def summary(turn: Turn, order: OrderRow, lines: Sequence[OrderLineRow]) -> dict[str, object]:
    """The fields of every text about an order. `when` is the day all of it is expected."""
    return {
        **named(turn, [(title(turn, line), line.quantity) for line in lines]),
        "total": turn.words.money(order.total),
        "when": turn.words.weekday(expected(turn, order, lines, max(order.at, turn.now))),
        "number": order.changes_id or order.id,
    }


def named(turn: Turn, counted: Sequence[tuple[str, Decimal]]) -> dict[str, object]:
    """Titles with how many there are of each, as fields: the titles, all with their numbers, the sum."""
    key = "several.the_only" if len(counted) == 1 else "several.one_of"
    return {
        "title": turn.words.listed(called for called, _ in counted),
        "quantity": turn.words.number(sum((number for _, number in counted), Decimal(0))),
        "things": turn.words.listed(
            turn.texts.say(turn.language, key, title=called, quantity=turn.words.number(number))
            for called, number in counted
        ),
    }


def listed(turn: Turn, lines: Sequence[OrderLineRow]) -> str:
    """Each thing of a draft in a line of its own, with what so many of it come to."""
    return "\n".join(
        turn.texts.say(
            turn.language,
            "several.line",
            number=number,
            title=title(turn, line),
            quantity=turn.words.number(line.quantity),
            amount=turn.words.money(line.price * line.quantity),
        )
        for number, line in enumerate(lines, start=1)
    )


def title(turn: Turn, line: OrderLineRow) -> str:
    """What was ordered, in this turn's language; as it was called then, when it isn't made any more."""
    product = turn.pack.products.get(line.product)
    if product is None or still_made(turn.pack, line.options) != line.options:
        return line.title
    return turn.words.title(product, line.options)


def expected(turn: Turn, order: OrderRow, lines: Sequence[OrderLineRow], ordered_at: datetime) -> datetime:
    """When all of it is with the customer: made, and brought the way they chose."""
    details: Details = order.details or {}
    way = turn.pack.shop.checkout.delivery.get(details.get("delivery", ""))
    made = max((_made_in(turn, line) for line in lines), default=0)
    return ordered_at + timedelta(days=made + (way.days if way else 0))


def _made_in(turn: Turn, line: OrderLineRow) -> int:
    """The days until one thing is made."""
    options = still_made(turn.pack, line.options)
    return (
        workshop_of(turn.shelf).lead_days(line.product, options) if line.product in turn.pack.products else 0
    )

"""The most that something may cost: looked at again after each change, with what would keep within it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal

from actions import checkout, configuring, laying_out, naming, wishing
from actions.turn import Turn
from crm_store.models import OrderLineRow, OrderRow
from one_to_one.checkout import fees
from one_to_one.configuring.fitting import avoiding
from one_to_one.configuring.workshop import workshop_of
from one_to_one.preferences import amount, beliefs
from one_to_one.pricing import price
from one_to_one.proposals import budget_topics, spending_limit
from one_to_one.replies import Button
from one_to_one.rules import NONE
from one_to_one.shop import Product

WAYS = 3
"""No more single changes than this are offered."""

LONGEST = 64
"""Bytes that a button may carry."""


async def over(turn: Turn, order: OrderRow, line: OrderLineRow) -> tuple[str, list[Button]]:
    """That it costs more than they said it may, and the changes that would mend it; "" when it doesn't.

    A limit on a present, or on an order of several things in the making, is on all of it, the fee of
    delivery included; their own is on one piece.
    """
    product, lines = turn.pack.products.get(line.product), await turn.books.orders.lines(order)
    other = await is_for_another(turn, order)
    limit = _of_present(turn) if other else of_their_own(turn)
    other = other or (len(lines) > 1 and _is_said_of(turn, order))
    comes_to = order.total if other else line.price
    if product is None or limit is None or comes_to <= limit:
        return "", []
    step = await turn.books.configurations.of_order(order.id)
    said = set(step.said if step else ())
    ways = _ways(turn, order, line, product, limit, said, other=other)
    told = "limits.ways"
    if not ways:
        ways, told = _several(turn, order, line, product, limit, said, other=other), "limits.several"
    if other and len(lines) > 1:
        ways, told = [*ways, *_less(turn, order, lines, limit)][:WAYS], "limits.ways"
    key = "limits.over_with_fee" if other and order.fees else "limits.over"
    text = turn.texts.say(
        turn.language, key, amount=turn.words.money(comes_to), limit=turn.words.money(limit)
    )
    if ways:
        titles = turn.words.listed(way.title for way in ways)
        text = turn.texts.say(turn.language, "talk.space").join(
            (text, turn.texts.say(turn.language, told, ways=titles))
        )
    return text, ways


def _is_said_of(turn: Turn, order: OrderRow) -> bool:
    """Whether their limit was named of an order: since it was begun."""
    topics = budget_topics(turn.pack)
    return any(one.topic in topics for one in turn.heard) or any(
        fact.topic in topics and fact.recorded_at >= order.at for fact in turn.known
    )


def _less(turn: Turn, order: OrderRow, lines: Sequence[OrderLineRow], limit: Decimal) -> Iterator[Button]:
    """Of several things those without one of which it keeps within the limit."""
    details, goods = checkout.details_of(turn, order), order.total - (order.fees or Decimal(0))
    for place, line in enumerate(lines, start=1):
        left = goods - line.price * line.quantity
        if left + fees(checkout.terms(turn), details, left) <= limit:
            name = laying_out.name(turn, line.product)
            yield turn.button("take_out", f"edit:{order.id}:out:{place}", number=place, name=name)


def _of_present(turn: Turn) -> Decimal | None:
    """The last limit that was named for somebody else in this contact, whomever the talk is about now."""
    topics = budget_topics(turn.pack)
    said = [wish for wish in turn.passing.wishes if wish.who and wish.topic in topics]
    return amount(said[-1].value) if said else None


def of_their_own(turn: Turn) -> Decimal | None:
    """The most that one piece may cost them; None: they named none."""
    basis = wishing.basis(turn, other=False)
    return spending_limit(turn.pack, beliefs(basis, turn.pack, turn.now))


async def is_for_another(turn: Turn, order: OrderRow) -> bool:
    """Whether it was proposed for somebody else."""
    made_of = order.proposal_id
    proposal = None if made_of is None else await turn.books.proposals.get(made_of, turn.customer.id)
    return proposal is not None and any(item.get("other") for item in proposal.items)


def _several(
    turn: Turn,
    order: OrderRow,
    line: OrderLineRow,
    product: Product,
    limit: Decimal,
    said: Collection[str],
    *,
    other: bool,
) -> list[Button]:
    """Where no single change is enough: as few as can be that are, what they chose given up last."""
    around = _whole(turn, order, line, line.price) - line.price * line.quantity if other else Decimal(0)
    made = workshop_of(turn.pack).best(
        [
            *configuring.kept(line.options, said),
            *configuring.near(turn, line.options),
            *avoiding(turn.barred),
        ],
        product=product.id,
        picks=configuring.measures(turn, product, line.options),
        budget=(limit - around) / line.quantity if other else limit,
        quantity=int(line.quantity),
        margin_weight=0.0,
        day=turn.now.date(),
        groups=turn.groups,
    )
    if made is None:
        return []
    whole = _whole(turn, order, line, made.price) if other else made.price
    picks = {name: code for name, code in made.options.items() if line.options.get(name) != code}
    payload = ":".join((f"option:{order.id}", *(f"{name}:{code}" for name, code in picks.items())))
    if whole > limit or len(payload.encode()) > LONGEST:
        return []
    labels = [naming.label_of(turn, name, code) for name, code in picks.items()]
    return [Button(turn.words.listed(labels), payload)]


def _ways(
    turn: Turn,
    order: OrderRow,
    line: OrderLineRow,
    product: Product,
    limit: Decimal,
    said: Collection[str],
    *,
    other: bool,
) -> list[Button]:
    """Single changes that keep within the limit: how it is delivered, or an option.

    What the customer chose themselves is given up last; of the others the dearest come first.
    """
    brought = [
        Button(label, f"detail:{order.id}:delivery:{code}")
        for code, label in checkout.choices(turn, "delivery", checkout.details_of(turn, order)).items()
        if other and _whole(turn, order, line, line.price, delivery=code) <= limit
    ]
    found = []
    for name, chosen in line.options.items():
        picks = {module: code for module, code in line.options.items() if module != name}
        left = workshop_of(turn.pack).left(product.id, picks, day=turn.now.date(), groups=turn.groups)
        for code in left.get(name, ()):
            options = {**picks, name: code}
            each = price(turn.pack, product, options, int(line.quantity))
            whole = _whole(turn, order, line, each) if other else each
            if code != chosen and whole <= limit and (name, code) not in turn.barred:
                way = Button(_called(turn, name, chosen, code), f"option:{order.id}:{name}:{code}")
                found.append((name in said, -whole, way))
    ranked = sorted(found, key=lambda each: each[:2])
    return [*brought, *(way for _, _, way in ranked)][:WAYS]


def _called(turn: Turn, name: str, chosen: str, code: str) -> str:
    """What another choice is called; of none what is left out."""
    if code == NONE:
        return turn.text("conflicting.without", thing=naming.label_of(turn, name, chosen))
    return naming.label_of(turn, name, code)


def _whole(
    turn: Turn, order: OrderRow, line: OrderLineRow, each: Decimal, *, delivery: str | None = None
) -> Decimal:
    """What all of it comes to at this price of one, fees included."""
    details = {**checkout.details_of(turn, order), **({"delivery": delivery} if delivery else {})}
    others = order.total - (order.fees or Decimal(0)) - line.price * line.quantity
    goods = each * line.quantity + others
    return goods + fees(checkout.terms(turn), details, goods)

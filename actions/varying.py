"""Others of the same: really different configurations of one product, named by how they differ."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal

from actions import keeping, limits, menus, naming, reading_changes, ways_out
from actions.foreseeing import known_of
from actions.order_lines import in_hand
from actions.turn import Turn
from actions.ways_out import Way
from crm_store.models import OrderRow
from one_to_one.answers import read_refusal
from one_to_one.basket import Configured
from one_to_one.configuring.wishing import Wish
from one_to_one.configuring.workshop import Made, workshop_of
from one_to_one.made_pictures import name_of
from one_to_one.pricing import codes_of
from one_to_one.rules import NONE
from one_to_one.shop import Product

COUNT = 2
"""So many others are shown at once."""

OTHERS = "others"
"""What stands in a button for others, where a module's name stands else."""

CHOSEN = 1.0
"""What a choice of the customer's counts: one may be given up for something quite different."""


def asks(turn: Turn) -> bool:
    """Whether they want to see others, and say nothing else."""
    if turn.heard or len(turn.said) > reading_changes.SHORT or read_refusal(turn.said, turn.answers):
        return False
    return turn.mentions("proposing.others") or turn.mentions("varying.words")


async def show(turn: Turn, order: OrderRow) -> None:
    """Really different ones of what is being made, each with its picture and price; then wait for one."""
    line = await in_hand(turn, order)
    product = turn.pack.products.get(line.product)
    step = await turn.books.configurations.of_order(order.id)
    elsewhere = (
        turn.button("other_products", f"other:{order.proposal_id}")
        if order.proposal_id is not None
        else turn.button("other_products", "propose")
    )
    leave = turn.button("back", f"back:{order.id}:{menus.DRAFT}")
    made = [] if product is None else await alternatives(
        turn, product, line.options, step.said if step else (), int(line.quantity)
    )  # fmt: skip
    turn.may_ask = False
    if not made or product is None:
        turn.say("varying.none", [elsewhere, leave])
        turn.wait_for("order", order.id)
        return
    ways = [Way(product.id, picks, how, one.options) for one, picks, how in apart(turn, made, line.options)]
    turn.say("varying.lead", name=product.name[turn.language])
    kept = [way.as_kept(line.product) for way in ways]
    buttons = ways_out.buttons(turn, order, kept)
    for number, (way, button) in enumerate(zip(ways, buttons, strict=True), start=1):
        drawn = await picture(turn, product, way.options, line.quantity)
        turn.add(ways_out.line_of(turn, line, number, way), [button], image=drawn)
    turn.offer(elsewhere, leave)
    ways_out.wait(turn, order, kept)


async def alternatives(
    turn: Turn, product: Product, options: Mapping[str, str], said: Collection[str], quantity: int = 1
) -> list[Made]:
    """Others of a product that are good, and differ from what there is and from each other in a third."""
    wishes = [*(await known_of(turn)).wishes, *_wishes(options, said)]
    picks = {name: code for name, code in options.items() if turn.pack.modules[name].ask}
    limit = limits.of_their_own(turn)
    day, workshop = turn.now.date(), workshop_of(turn.pack)
    first = workshop.best(
        wishes, product=product.id, picks=options, quantity=quantity, day=day, groups=turn.groups
    )
    if first is None:
        return []
    budget = limit if limit is not None and first.price <= limit else None
    return workshop.alternatives(
        first,
        wishes,
        count=COUNT,
        product=product.id,
        picks=picks,
        budget=budget,
        day=day,
        groups=turn.groups,
    )


def _wishes(options: Mapping[str, str], said: Collection[str]) -> Iterator[Wish]:
    for name in options:
        if name in said:
            for code in codes_of(options[name]) or (NONE,):
                yield Wish(name, frozenset({code}), CHOSEN)


def apart(
    turn: Turn, made: list[Made], before: Mapping[str, str]
) -> Iterator[tuple[Made, dict[str, str], str]]:
    """Each with what it has otherwise, in its parts and in words."""
    for one in made:
        picks = {name: code for name, code in one.options.items() if before.get(name) != code}
        named = [naming.label_of(turn, name, code) for name, code in picks.items() if codes_of(code)]
        without = [
            turn.text("conflicting.without", thing=naming.label_of(turn, name, before[name]))
            for name, code in picks.items()
            if not codes_of(code)
        ]
        yield one, picks, turn.words.listed([*named, *without])


async def picture(turn: Turn, product: Product, options: Mapping[str, str], quantity: Decimal) -> str | None:
    """The picture of one of them as it is made, else that of the product."""
    if turn.pack.drawing is None:
        return product.image or None
    made = Configured(product.id, dict(options), quantity, [], [])
    row = await turn.books.configurations.add(turn.customer.id, made, turn.now)
    return name_of(keeping.token_of(turn, row), turn.language)

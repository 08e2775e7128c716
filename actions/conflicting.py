"""Choices and a budget that can't be had together: told, with what would have to give way for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from actions.turn import Turn
from one_to_one.configuring.wishing import Wish, budget_wish
from one_to_one.configuring.workshop import Way, workshop_of
from one_to_one.facts import Fact, Polarity
from one_to_one.preferences import beliefs
from one_to_one.pricing import price
from one_to_one.proposals import Proposed, spending_limit
from one_to_one.rules import PRODUCT

ASKED, KNOWN, MONEY = 2.0, 1.0, 1.5
"""What is cared about: a choice asked for now, one that is remembered, and the budget."""

WAYS = 3
"""No more ways out than this."""


@dataclass(frozen=True, slots=True)
class Told:
    """Why not all of it can be had, and what can."""

    lead: str
    items: Sequence[Proposed]
    lines: Sequence[str]


def over_budget(
    turn: Turn, believed: Sequence[Fact], items: Sequence[Proposed], allowed: Sequence[Proposed]
) -> Told | None:
    """What can be had for their money, and what they'd give up for it; None: there is no such clash.

    `allowed` is all that may be proposed to them, whatever it costs: the ways out are among these.
    """
    limit = spending_limit(turn.pack, beliefs(believed, turn.pack, turn.now))
    choices = [wish for wish in map(_wish, believed) if _of_module(turn, wish)]
    if limit is None or not choices or not items or min(item.price for item in items) <= limit:
        return None
    least = min(price(turn.pack, turn.pack.products[item.product], items[0].options) for item in allowed)
    suiting = Wish(PRODUCT, frozenset(item.product for item in allowed), firm=True)
    found = workshop_of(turn.pack).conflict(
        [suiting, *choices, budget_wish(limit, MONEY)],
        fancied={item.product: item.score for item in allowed},
        day=turn.now.date(),
        count=WAYS,
    )
    if found is None or not found.ways:
        return None
    made = [_cheapest(turn, way, suiting, choices, least) for way in found.ways if way.give_up]
    ways = [way for way in made if way is not None]
    lead = turn.text(
        "conflicting.over_budget",
        wish=turn.words.listed(_called(turn, wish) for wish in choices),
        limit=turn.words.money(limit),
        least=turn.words.money(least),
    )
    lines = [_line(turn, number, way, limit) for number, way in enumerate(ways, start=1)]
    return Told(lead, [_item(way, believed) for way in ways], lines)


def _cheapest(turn: Turn, way: Way, suiting: Wish, choices: Sequence[Wish], least: Decimal) -> Way | None:
    """Where the money gives way, no more than it must."""
    if all(wish.most is None for wish in way.give_up):
        return way
    kept = [replace(wish, firm=True) for wish in choices if wish not in way.give_up]
    made = workshop_of(turn.pack).best([suiting, *kept], budget=least, day=turn.now.date())
    return None if made is None else Way(way.give_up, made)


def _wish(fact: Fact) -> Wish:
    weight = ASKED if fact.id < 0 else KNOWN
    liked = fact.polarity is Polarity.LIKES
    return Wish(fact.topic, frozenset({fact.value}), weight if liked else 0.0, avoid=not liked, why=fact)


def _of_module(turn: Turn, wish: Wish) -> bool:
    """Whether it is a choice that the shop makes, and one that is wanted."""
    module = turn.pack.modules.get(wish.module)
    return module is not None and not wish.avoid and wish.codes <= module.options.keys()


def _called(turn: Turn, wish: Wish) -> str:
    [code] = wish.codes
    return turn.pack.modules[wish.module].options[code].label[turn.language]


def _line(turn: Turn, number: int, way: Way, limit: Decimal) -> str:
    product = turn.pack.products[way.made.product]
    given = [_called(turn, wish) for wish in way.give_up if wish.most is None]
    key = "conflicting.without" if given else "conflicting.dearer"
    return turn.text(
        key,
        number=number,
        title=turn.words.title(product, way.made.options),
        price=turn.words.money(way.made.price),
        without=turn.words.listed(given),
        limit=turn.words.money(limit),
    )


def _item(way: Way, believed: Sequence[Fact]) -> Proposed:
    made = way.made
    known = {fact.topic for fact in believed}
    assumed = tuple(name for name in made.options if name not in known)
    return Proposed(made.product, dict(made.options), made.price, made.cost, (), assumed, False, made.utility)

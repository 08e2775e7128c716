"""What was asked for just now weighs more than all that was liked before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from actions.turn import Turn
from one_to_one.facts import Heard, Polarity
from one_to_one.history import Ordered
from one_to_one.proposals import Proposed, propose
from one_to_one.shop import Product


def put_first(
    turn: Turn, items: Sequence[Proposed], history: Sequence[Ordered]
) -> tuple[Sequence[Proposed], str | None]:
    """The proposal with what was asked for at its head; and the wish in words when there is no such thing."""
    wish = [one for one in turn.heard if one.polarity is Polarity.LIKES and _is_attribute(turn, one.topic)]
    products = turn.pack.products
    if not wish or any(_fits(products[item.product], wish) for item in items):
        return sorted(items, key=lambda item: not _fits(products[item.product], wish)), None
    fitting = {name: product for name, product in products.items() if _fits(product, wish)}
    found = propose(replace(turn.pack, products=fitting), turn.known, history, (), turn.now, count=1)
    if not found:
        return items, turn.words.listed(turn.words.fact(one) for one in wish)
    return [replace(found[0], novel=False), *items[: len(items) - 2], *items[-1:]], None


def _is_attribute(turn: Turn, topic: str) -> bool:
    return any(topic in product.attributes for product in turn.pack.products.values())


def _fits(product: Product, wish: Sequence[Heard]) -> bool:
    return all(one.value in product.attributes.get(one.topic, ()) for one in wish)

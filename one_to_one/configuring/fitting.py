"""A configuration that can be made, as near as possible to one that was put together choice by choice."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date

from one_to_one.configuring.holding import broken_rules
from one_to_one.configuring.wishing import Wish
from one_to_one.configuring.workshop import workshop_of
from one_to_one.pricing import codes_of, complete_now
from one_to_one.rules import NONE
from one_to_one.shop import Product, ShopPack

WANTED = 10.0
"""What keeping a choice counts that isn't merely assumed, where an assumed one counts 1."""


def fitting(
    pack: ShopPack,
    product: Product,
    options: Mapping[str, str],
    *,
    assumed: Collection[str] = (),
    barred: Collection[tuple[str, str]] = (),
    day: date | None = None,
) -> dict[str, str]:
    """Every module's choice: the given one, else the default, unless a rule forbids them together.

    Then what is merely `assumed` gives way first, and of the rest as little as possible. What is `barred`
    (module and code) is never chosen. Where nothing at all could be made, the choices stay as they are:
    `Workshop.valid` tells why they can't be had.
    """
    whole = complete_now(pack, product, options)
    if not broken_rules(pack, product, whole) and not holds_any(whole, barred):
        return whole
    known = options.keys() - set(assumed)
    wishes = [
        Wish(name, frozenset({code}), WANTED if name in known else 1.0)
        for name, chosen in whole.items()
        for code in (codes_of(chosen) or (NONE,))
    ]
    wishes.extend(avoiding(barred))
    made = workshop_of(pack).best(wishes, product=product.id, margin_weight=0.0, day=day)
    return whole if made is None else dict(made.options)


def avoiding(barred: Collection[tuple[str, str]]) -> Iterator[Wish]:
    """That none of these, module and code, is chosen, whatever else has to give way."""
    return (Wish(name, frozenset({code}), firm=True, avoid=True) for name, code in barred)


def holds_any(options: Mapping[str, str], barred: Collection[tuple[str, str]]) -> bool:
    """Whether any of these, module and code, is chosen."""
    return any(code in codes_of(options.get(name, NONE)) for name, code in barred)

"""Whether a wish can be met, and if not, which part of it has to give way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from one_to_one.catalogue import Flags, catalogue_of
from one_to_one.shop import ShopPack

type Value = tuple[str, str]


@dataclass(frozen=True, slots=True)
class GivingWay:
    """One part of a wish: without it, so many products have the rest."""

    value: Value
    left: int


def fitting(pack: ShopPack, wish: Sequence[Value]) -> frozenset[str]:
    """The products in stock that have every one of these (topic, value)."""
    catalogue = catalogue_of(pack)
    return frozenset(catalogue.products[row].id for row in np.flatnonzero(_having(pack, wish)))


def fitting_either(pack: ShopPack, wish: Sequence[Value], habits: Sequence[Value]) -> frozenset[str]:
    """The products in stock that have every part of a wish, and of each topic of `habits` one value.

    Who does it this way and sometimes that wants no single thing that is good for both.
    """
    fit = fitting(pack, wish)
    for topic in dict.fromkeys(topic for topic, _ in habits):
        values = [value for value in habits if value[0] == topic]
        fit &= frozenset().union(*(fitting(pack, [value]) for value in values))
    return fit


def _having(pack: ShopPack, wish: Sequence[Value]) -> Flags:
    catalogue = catalogue_of(pack)
    fit = catalogue.in_stock.copy()
    for value in wish:
        fit &= catalogue.having([catalogue.column[value]] if value in catalogue.column else [])
    return fit


def giving_way(pack: ShopPack, wish: Sequence[Value]) -> list[GivingWay]:
    """The parts of a wish that nothing meets as a whole, any one of which leaves something if it is given up.

    Those that leave most come first; empty when even one part fewer isn't enough.
    """
    parts = list(dict.fromkeys(wish))
    left = [
        GivingWay(part, int(_having(pack, [other for other in parts if other != part]).sum()))
        for part in parts
    ]
    possible = [one for one in left if one.left > 0 and len(parts) > 1]
    return sorted(possible, key=lambda one: (-one.left, parts.index(one.value)))

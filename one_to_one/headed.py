"""The parts of a thing under the headings of its shop: what it is made of, where that is more than a few."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from one_to_one.language import Language
from one_to_one.pricing import chosen_of
from one_to_one.shop import Product, ShopPack


@dataclass(frozen=True, slots=True)
class Group:
    """Some modules, and what they are told under."""

    label: str  # "": the pack puts them under nothing
    modules: tuple[str, ...]  # in the order of the heading


def grouped(pack: ShopPack, modules: Iterable[str], language: Language) -> Iterator[Group]:
    """These modules under the headings of the pack, in its order; those under none come last."""
    left = dict.fromkeys(modules)
    for heading in pack.headings:
        there = tuple(name for name in heading.modules if name in left)
        if there:
            yield Group(heading.label[language], there)
        left = {name: None for name in left if name not in there}
    if left:
        yield Group("", tuple(left))


def added(pack: ShopPack, product: Product, options: Mapping[str, str], modules: Iterable[str]) -> Decimal:
    """What these modules add to the standard price of one; nothing where they multiply it."""
    more = Decimal(0)
    for name in modules:
        module = pack.modules[name]
        chosen = list(chosen_of(module, options[name]))
        usual = list(chosen_of(module, pack.default_of(product, module)))
        if any(one.factor != 1 for one in (*chosen, *usual)):
            return Decimal(0)
        more += sum((one.price for one in chosen), Decimal(0)) - sum((one.price for one in usual), Decimal(0))
    return more

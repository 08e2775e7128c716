"""A configured product as it can be made today, and what can be told of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from one_to_one.headed import grouped
from one_to_one.language import Language
from one_to_one.pricing import chosen_of, complete_now, cost, price
from one_to_one.shop import Product, ShopPack


@dataclass(frozen=True, slots=True)
class Thing:
    """One product with an option for every module it has."""

    pack: ShopPack
    product: Product
    options: Mapping[str, str]  # module -> code

    @property
    def price(self) -> Decimal:
        """Of one, in the shop's currency."""
        return price(self.pack, self.product, self.options)

    @property
    def cost(self) -> Decimal:
        """What one costs the shop."""
        return cost(self.pack, self.product, self.options)

    def groups(self, language: Language) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
        """The choices under the headings of the pack; what stands under none, under ""."""
        for group in grouped(self.pack, self.options, language):
            if choices := tuple(self.choices(language, group.modules)):
                yield group.label, choices

    def choices(self, language: Language, modules: Collection[str]) -> Iterator[tuple[str, str]]:
        """Each of these modules and what was chosen of it, in words and in the order of the pack."""
        for name, module in self.pack.modules.items():
            if name in self.options and name in modules:
                chosen = [each.label[language] for each in chosen_of(module, self.options[name])]
                if chosen:
                    yield module.label[language], " + ".join(chosen)


def thing_of(pack: ShopPack, product: str, options: Mapping[str, str]) -> Thing | None:
    """What was configured once, as it can be made now; None: not any more.

    Options that are gone from the pack give way to what is assumed now.
    """
    made = pack.products.get(product)
    if made is None or made.stock <= 0:
        return None
    return Thing(pack, made, complete_now(pack, made, options))

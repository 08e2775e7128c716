"""What a configured product costs the customer, and what it costs the shop.

The price of one is the product's, times the factors of what is chosen, plus what each of it adds; where
several are bought, times the factor for so many; then rounded up to the shop's price step.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import ROUND_CEILING, Decimal
from functools import lru_cache
from math import prod

import numpy as np

from one_to_one.catalogue import Catalogue, Floats
from one_to_one.rules import NONE
from one_to_one.shop import Module, Option, Product, ShopPack

CENT = Decimal("0.01")

BETWEEN = "+"
"""What stands between the codes of a module of which several are chosen."""


def price(pack: ShopPack, product: Product, options: Mapping[str, str], quantity: int = 1) -> Decimal:
    """The price of one of `quantity`, in the shop's currency, rounded up to the shop's price step.

    A module missing from `options` counts with its default. Raises KeyError for an unknown option.
    """
    chosen = tuple(_options(pack, product, options))
    amount = product.price
    for option in chosen:
        amount *= option.factor
    amount += sum((option.price for option in chosen), Decimal(0))
    return round_up(amount * quantity_factor(product, quantity), pack.shop.price_step)


def cost(pack: ShopPack, product: Product, options: Mapping[str, str]) -> Decimal:
    """What one costs the shop, in its currency, to the cent above."""
    chosen = tuple(_options(pack, product, options))
    amount = product.cost
    for option in chosen:
        amount *= option.factor
    return round_up(amount + sum((option.cost for option in chosen), Decimal(0)), CENT)


def quantity_factor(product: Product, quantity: int) -> Decimal:
    """What the price of one is multiplied by when so many are bought."""
    reached = [step.factor for step in product.quantity_prices if step.least <= quantity]
    return reached[-1] if reached else Decimal(1)


def prices_of(pack: ShopPack, catalogue: Catalogue, options: Mapping[str, str]) -> Floats:
    """The prices of all products at once, as `price` makes them; rows are those of the catalogue."""
    step = float(pack.shop.price_step)
    terms = np.array([_terms(pack, each, options) for each in catalogue.choices])
    factors, added = terms[catalogue.choice_of].T
    return np.asarray(np.ceil((catalogue.prices * factors + added) / step - 1e-9) * step)


def _terms(pack: ShopPack, product: Product, options: Mapping[str, str]) -> tuple[float, float]:
    """What a product's price is multiplied by, and what is added."""
    factor, added = Decimal(1), Decimal(0)
    for option in _options(pack, product, options):
        factor, added = factor * option.factor, added + option.price
    return float(factor), float(added)


def margin(pack: ShopPack, product: Product, options: Mapping[str, str]) -> Decimal:
    """What the shop earns on one, in its currency; below zero when it loses."""
    return price(pack, product, options) - cost(pack, product, options)


def round_up(amount: Decimal, step: Decimal) -> Decimal:
    """The smallest multiple of `step` that isn't below `amount`."""
    return (amount / step).to_integral_value(ROUND_CEILING) * step


def complete(pack: ShopPack, product: Product, options: Mapping[str, str]) -> dict[str, str]:
    """What is chosen of every module of a product: the chosen option, else the default.

    Of modules that the product hasn't, nothing; an option that is made, but not for this product, gives way
    to the default. One that the shop doesn't know is kept: whoever uses it must tell that it is gone.
    """
    return {
        name: _fitting(pack, product, module, options.get(name))
        for name, module in pack.modules_of(product).items()
    }


def still_made(pack: ShopPack, options: Mapping[str, str]) -> dict[str, str]:
    """What of a configuration the shop still knows; what was taken out of the pack since is left out."""
    return {
        name: chosen
        for name, chosen in options.items()
        if name in pack.modules and all(code in pack.modules[name].options for code in codes_of(chosen))
    }


def complete_now(pack: ShopPack, product: Product, options: Mapping[str, str]) -> dict[str, str]:
    """The same of an older configuration: what was taken out of the pack gives way to the default."""
    return complete(pack, product, still_made(pack, options))


def chosen_of(module: Module, chosen: str) -> Iterator[Option]:
    """The options that stand in a configuration. Raises KeyError for an unknown one."""
    if chosen == NONE:
        nothing = module.options.get(NONE)  # where the pack says what leaving out is called
        if nothing is None and not module.optional:
            raise KeyError(chosen)
        yield from (() if nothing is None else (nothing,))
    else:
        yield from (module.options[code] for code in codes_of(chosen))


def factor_of(module: Module, chosen: str) -> Decimal:
    """What the product's price and cost are multiplied by for what is chosen of a module."""
    return prod((option.factor for option in chosen_of(module, chosen)), start=Decimal(1))


@lru_cache(maxsize=4096)
def codes_of(chosen: str) -> tuple[str, ...]:
    """The options that are chosen of a module: none, one or several."""
    return () if chosen == NONE else tuple(chosen.split(BETWEEN))


def joined(module: Module, codes: Iterable[str]) -> str:
    """Options of a module as they stand in a configuration, in the order of the pack."""
    picked = set(codes)
    return BETWEEN.join(code for code in module.options if code in picked) or NONE


def _fitting(pack: ShopPack, product: Product, module: Module, chosen: str | None) -> str:
    if chosen is None:
        return pack.default_of(product, module)
    there = pack.options_of(product, module)
    foreign = any(code in module.options and code not in there for code in codes_of(chosen))
    return pack.default_of(product, module) if foreign else chosen


def _options(pack: ShopPack, product: Product, options: Mapping[str, str]) -> Iterator[Option]:
    for name, chosen in complete(pack, product, options).items():
        yield from chosen_of(pack.modules[name], chosen)

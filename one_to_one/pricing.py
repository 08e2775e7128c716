"""What a configured product costs the customer, and what it costs the shop."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import ROUND_CEILING, Decimal
from math import prod

import numpy as np

from one_to_one.catalogue import Floats
from one_to_one.shop import Option, Product, ShopPack


def price(pack: ShopPack, product: Product, options: Mapping[str, str]) -> Decimal:
    """The price of one, in the shop's currency, rounded up to the shop's price step.

    A module missing from `options` counts with its default. Raises KeyError for an unknown option.
    """
    chosen = tuple(_options(pack, options))
    amount = product.price
    for option in chosen:
        amount *= option.factor
    return round_up(amount + sum((option.price for option in chosen), Decimal(0)), pack.shop.price_step)


def cost(pack: ShopPack, product: Product, options: Mapping[str, str]) -> Decimal:
    """What one costs the shop, in its currency, to the cent above."""
    chosen = tuple(_options(pack, options))
    amount = product.cost
    for option in chosen:
        amount *= option.factor
    return round_up(amount + sum((option.cost for option in chosen), Decimal(0)), Decimal("0.01"))


def prices_of(pack: ShopPack, amounts: Floats, options: Mapping[str, str]) -> Floats:
    """The prices of many products at once, whose own prices are `amounts`, as `price` makes them."""
    step = float(pack.shop.price_step)
    chosen = tuple(_options(pack, options))
    factor = float(prod((option.factor for option in chosen), start=Decimal(1)))
    added = float(sum((option.price for option in chosen), Decimal(0)))
    return np.asarray(np.ceil((amounts * factor + added) / step - 1e-9) * step)


def margin(pack: ShopPack, product: Product, options: Mapping[str, str]) -> Decimal:
    """What the shop earns on one, in its currency; below zero when it loses."""
    return price(pack, product, options) - cost(pack, product, options)


def round_up(amount: Decimal, step: Decimal) -> Decimal:
    """The smallest multiple of `step` that isn't below `amount`."""
    return (amount / step).to_integral_value(ROUND_CEILING) * step


def complete(pack: ShopPack, options: Mapping[str, str]) -> dict[str, str]:
    """One option for every module of the shop: the chosen one, else the default."""
    return {topic: options.get(topic, module.default) for topic, module in pack.modules.items()}


def _options(pack: ShopPack, options: Mapping[str, str]) -> Iterator[Option]:
    for topic, code in complete(pack, options).items():
        yield pack.modules[topic].options[code]

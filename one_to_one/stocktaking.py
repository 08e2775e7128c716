"""What an order takes from the shelf, and the pack as it is once something has run out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from math import prod

from one_to_one.pricing import chosen_of, factor_of
from one_to_one.shop import Module, ShopPack


def needs(pack: ShopPack, product: str, options: Mapping[str, str], quantity: Decimal) -> dict[str, Decimal]:
    """The units of each item that so many pieces take: of the product, and of options that are counted.

    A product's stock counts units of its default size, so a piece twice the size takes two.
    """
    modules = {name: pack.modules[name] for name in options if name in pack.modules}
    sizes = (factor_of(module, options[name]) for name, module in modules.items())
    taken = {product: quantity * prod(sizes, start=Decimal(1))}
    for name, module in modules.items():
        for option in chosen_of(module, options[name]):
            if option.stock is not None:
                taken[f"{name}:{option.code}"] = quantity
    return taken


def counted(pack: ShopPack, items: Iterable[str]) -> dict[str, int]:
    """What the pack says there is of each of these items; of what it no longer has, nothing."""
    return {item: _counted(pack, item) for item in items}


def _counted(pack: ShopPack, item: str) -> int:
    if item in pack.products:
        return pack.products[item].stock
    name, _, code = item.partition(":")
    option = pack.modules[name].options.get(code) if name in pack.modules else None
    return 0 if option is None else option.stock or 0


def is_counted(pack: ShopPack, item: str) -> bool:
    """Whether the pack says how much there is of an item."""
    name, _, code = item.partition(":")
    if item in pack.products:
        return True
    option = pack.modules[name].options.get(code) if name in pack.modules else None
    return option is not None and option.stock is not None


def with_left(pack: ShopPack, left: Mapping[str, int]) -> ShopPack:
    """The pack with so many whole units of these items, and all others as they were counted."""
    if not left:
        return pack
    products = {
        name: replace(product, stock=max(0, left[name])) if name in left else product
        for name, product in pack.products.items()
    }
    modules = {name: _module_with(module, left) for name, module in pack.modules.items()}
    return replace(pack, products=products, modules=modules)


def _module_with(module: Module, left: Mapping[str, int]) -> Module:
    short = {code for code in module.options if f"{module.topic}:{code}" in left}
    if not short:
        return module
    options = {
        code: replace(option, stock=max(0, left[f"{module.topic}:{code}"])) if code in short else option
        for code, option in module.options.items()
    }
    return replace(module, options=options)

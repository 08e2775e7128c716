"""What production makes: every module with its code, so that nothing is left to guess."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from one_to_one.checkout import Details
from one_to_one.configuring.workshop import workshop_of
from one_to_one.shop import ShopPack
from one_to_one.stocktaking import needs

NOTES = ("label_message", "packaging", "notes")
"""Details of an order that production needs to know."""


def specification(
    pack: ShopPack, product: str, options: Mapping[str, str], quantity: Decimal, details: Details
) -> dict[str, Any]:
    """One line as the workshop makes it, with notes, and what it takes of the stock (units as text)."""
    taken = needs(pack, product, options, quantity)
    return {
        **workshop_of(pack).specification(product, options, int(quantity)),
        "notes": notes(details),
        "stock": {item: str(units) for item, units in taken.items()},
    }


def notes(details: Details) -> dict[str, str]:
    """What production needs to know beside the products."""
    return {name: details[name] for name in NOTES if details.get(name)}

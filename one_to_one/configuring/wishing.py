"""What a customer wants of the thing that is to be made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from one_to_one.facts import Fact
from one_to_one.pricing import codes_of
from one_to_one.rules import NONE, PRODUCT

BUDGET = "budget"
"""What the wish is about that is met by a price."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Any of these codes, or with `avoid` none of them; or, of a budget, a price of no more than `most`."""

    module: str  # or PRODUCT: the codes are ids of products; or BUDGET
    codes: frozenset[str] = frozenset()
    weight: float = 1.0  # what meeting it is worth, 0 or more; 1 is one liked value
    firm: bool = False  # never given up: a "never", a consented allergy
    avoid: bool = False
    most: Decimal | None = None  # of a budget: the most that one may cost
    why: Fact | None = None  # where it comes from, to be told in the customer's words

    def met(self, product: str, options: Mapping[str, str], price: Decimal) -> bool:
        """Whether something that is made meets it."""
        if self.most is not None:
            return price <= self.most
        picked = (
            {product} if self.module == PRODUCT else set(codes_of(options.get(self.module, NONE)) or (NONE,))
        )
        return picked.isdisjoint(self.codes) is self.avoid


def budget_wish(most: Decimal, weight: float = 1.0, *, firm: bool = False, why: Fact | None = None) -> Wish:
    """That one doesn't cost more than this."""
    return Wish(BUDGET, weight=weight, firm=firm, most=most, why=why)

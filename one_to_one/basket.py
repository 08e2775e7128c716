"""What an order is made of: several things, each made up in its own way, and one of them in hand.

What is changed is changed about the one in hand: it was put in last, or named last.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

MOST = 20
"""No more different things than this go into one order."""


@dataclass(frozen=True, slots=True)
class Configured:
    """A product as it is to be made, before it is written down."""

    product: str
    options: Mapping[str, str]  # module -> code
    quantity: Decimal = Decimal(1)
    said: Sequence[str] = field(default=())  # the modules the customer chose themselves
    assumed: Sequence[str] = field(default=())  # the modules nobody knew anything about

    def is_same_as(self, other: Configured) -> bool:
        """Whether it is the same thing made the same way, however many of it."""
        return self.product == other.product and dict(self.options) == dict(other.options)


@dataclass(frozen=True, slots=True)
class Basket:
    """Several things in the order they were put in, never none; places count from 1."""

    things: tuple[Configured, ...]
    hand: int = 1  # the place of the one in hand

    @property
    def in_hand(self) -> Configured:
        """What changes are about."""
        return self.things[self.hand - 1]

    @property
    def beside(self) -> tuple[Configured, ...]:
        """What lies beside the one in hand."""
        return (*self.things[: self.hand - 1], *self.things[self.hand :])

    def taking(self, place: int) -> Basket:
        """Another one in hand. Raises ValueError where there is none."""
        if not 1 <= place <= len(self.things):
            raise ValueError(f"there is no thing {place} of {len(self.things)}")
        return replace(self, hand=place)

    def remade(self, thing: Configured) -> Basket:
        """The one in hand made otherwise; the others stay."""
        return Basket((*self.things[: self.hand - 1], thing, *self.things[self.hand :]), self.hand)

    def adding(self, thing: Configured) -> Basket:
        """One more thing, in hand; of one that is there already so many more."""
        for place, there in enumerate(self.things, start=1):
            if there.is_same_as(thing):
                more = replace(there, quantity=there.quantity + thing.quantity)
                return self.taking(place).remade(more)
        return Basket((*self.things, thing), len(self.things) + 1)

    def without(self, place: int) -> Basket:
        """One thing less; if it was in hand, the last one is now. Raises ValueError for the only one."""
        if len(self.things) == 1:
            raise ValueError("a basket isn't empty")
        kept = self.taking(place).beside
        if place == self.hand:
            return Basket(kept, len(kept))
        return Basket(kept, self.hand - (place < self.hand))

    def each(self, quantity: Decimal) -> Basket:
        """So many of each thing."""
        return replace(self, things=tuple(replace(thing, quantity=quantity) for thing in self.things))


def around(thing: Configured, beside: Sequence[Configured], place: int) -> Basket:
    """A thing in hand at its place among those beside it."""
    return Basket((*beside[: place - 1], thing, *beside[place - 1 :]), min(place, len(beside) + 1))

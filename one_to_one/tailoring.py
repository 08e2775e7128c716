"""A product made up for one customer: their choices kept, with what suits its use, within their budget."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property

import numpy as np

from one_to_one.catalogue import Catalogue, Floats
from one_to_one.configuring.fitting import WANTED, avoiding, fitting, holds_any
from one_to_one.configuring.holding import broken_rules
from one_to_one.configuring.wishing import Wish
from one_to_one.configuring.workshop import workshop_of
from one_to_one.preferences import Beliefs
from one_to_one.pricing import codes_of, complete_now
from one_to_one.rules import NONE
from one_to_one.shop import Product, ShopPack
from one_to_one.tastes import DISLIKE, LIKE, ORDERED

type Chosen = tuple[str, str]
"""A module, and the code of one of its options."""


@dataclass(frozen=True, slots=True)
class Tailored:
    """A product as it would be made for them."""

    options: Mapping[str, str]
    worth: float  # what its modules are worth to them, beside the product itself; 1 is one liked value


@dataclass(frozen=True)
class Tailor:
    """What one customer wants of the modules, and how far each product can have it."""

    pack: ShopPack
    catalogue: Catalogue
    believed: Beliefs
    options: Mapping[str, str]  # of every module of the shop: their choice, else what is assumed
    assumed: Collection[str]  # the modules of which their choice isn't known
    barred: Collection[Chosen] = ()  # what they can't have, or never want
    budget: Decimal | None = None  # for one, in the shop's currency
    day: date | None = None  # in the shop's time zone
    groups: Collection[str] = ()  # those they belong to
    _made: dict[str, Tailored] = field(default_factory=dict)

    def made(self, product: Product) -> Tailored:
        """The best they could get of it; where nothing can be had for their budget, what comes nearest."""
        if product.id not in self._made:
            options = self._options(product)
            self._made[product.id] = Tailored(options, self._worth(options))
        return self._made[product.id]

    def with_choices(self, choices: Mapping[str, str]) -> Tailor:
        """The same with some choices made for them, as an offer does."""
        assumed = [name for name in self.assumed if name not in choices]
        return replace(self, options={**self.options, **choices}, assumed=assumed, _made={})

    @cached_property
    def most(self) -> Floats:
        """Of each product of the catalogue what its modules are worth at most, rules and money aside."""
        by_choice = np.array([self._most(product) for product in self.catalogue.choices])
        return np.asarray(by_choice[self.catalogue.choice_of])

    @cached_property
    def exact(self) -> bool:
        """Whether every product is worth as much as it could be: nothing binds what is chosen of it."""
        return not self._worths or not (self.pack.rules or self._called or self.barred)

    def _options(self, product: Product) -> Mapping[str, str]:
        whole = complete_now(self.pack, product, self.options)
        fits = not holds_any(whole, self.barred) and not broken_rules(self.pack, product, whole)
        if fits and not self._called:
            return whole
        made = workshop_of(self.pack).best(
            self._wishes,
            product=product.id,
            budget=self.budget,
            margin_weight=0.0,
            day=self.day,
            groups=self.groups,
        )
        if made is not None:
            return made.options
        return fitting(
            self.pack, product, self.options, assumed=self.assumed, barred=self.barred, day=self.day
        )

    @cached_property
    def _wishes(self) -> list[Wish]:
        """Their choices stay; of what is assumed, what suits what it is wanted for comes first."""
        return [*self._known(), *self._suiting(), *self._spurned(), *avoiding(self.barred)]

    def _known(self) -> Iterator[Wish]:
        for name, chosen in self.options.items():
            if name not in self.assumed:
                yield from (Wish(name, frozenset({code}), WANTED) for code in codes_of(chosen) or (NONE,))

    def _suiting(self) -> Iterator[Wish]:
        for (name, code), weight, _ in self._called:
            yield Wish(name, frozenset({code}), weight)

    def _spurned(self) -> Iterator[Wish]:
        for name in self.pack.modules:
            yield from (Wish(name, frozenset({c}), WANTED, avoid=True) for c in self.believed.disliked(name))

    @cached_property
    def _called(self) -> list[tuple[Chosen, float, float]]:
        """What suits what they want it for, as far as they haven't chosen otherwise.

        With what it counts beside the defaults, and what it is worth: all that one thing calls for is worth
        as much together as that thing.
        """
        return [
            ((name, code), counts, counts * LIKE / len(value.calls_for))
            for topic in self.pack.topics.values()
            for liked, belief in self.believed.liked(topic.name).items()
            if (value := topic.values.get(liked)) is not None
            for name, codes in value.calls_for.items()
            if name in self.assumed
            for place, code in enumerate(codes)
            if (counts := belief.weight * (1 - place / len(codes)))
        ]

    @cached_property
    def _worths(self) -> Mapping[Chosen, float]:
        """What each option is worth to them that isn't as good to them as any other."""
        worths: dict[Chosen, float] = {}

        def add(name: str, code: str, worth: float) -> None:
            worths[name, code] = worths.get((name, code), 0.0) + worth

        for name, module in self.pack.modules.items():
            if name in self.catalogue.columns:  # the products themselves are weighed by it
                continue
            liked, disliked = self.believed.liked(name), self.believed.disliked(name)
            for code in liked.keys() & module.options.keys():
                add(name, code, LIKE * liked[code].weight)
            for code in disliked.keys() & module.options.keys():
                add(name, code, DISLIKE * disliked[code].weight)
            if not liked and name not in self.assumed and not module.once:
                for code in codes_of(self.options[name]) or (NONE,):
                    add(name, code, ORDERED)
        for (name, code), _, worth in self._called:
            add(name, code, worth)
        return worths

    def _worth(self, options: Mapping[str, str]) -> float:
        return sum(
            self._worths.get((name, code), 0.0)
            for name, chosen in options.items()
            for code in codes_of(chosen) or (NONE,)
        )

    def _most(self, product: Product) -> float:
        if self.exact:
            return self._worth(complete_now(self.pack, product, self.options)) if self._worths else 0.0
        valued = {name for name, _ in self._worths}
        total = 0.0
        for name, module in self.pack.modules_of(product).items():
            if name in valued:
                codes = (*self.pack.options_of(product, module), *((NONE,) if module.optional else ()))
                worths = [self._worths.get((name, code), 0.0) for code in codes]
                total += sum(w for w in worths if w > 0) if module.several else max(worths, default=0.0)
        return total

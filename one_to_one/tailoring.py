"""A product made up for one customer: their choices kept, with what suits its use, within their budget."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property

import numpy as np

from one_to_one.catalogue import Catalogue, Flags, Floats
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


@dataclass(frozen=True, slots=True)
class Call:
    """An option that suits a use."""

    use: tuple[str, str]  # topic and value
    module: str
    code: str
    weight: float  # what it counts beside the defaults
    worth: float  # what it is worth: all that one use calls for as much together as that use itself


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
            self._made[product.id] = Tailored(options, self._worth(product, options))
        return self._made[product.id]

    def with_choices(self, choices: Mapping[str, str]) -> Tailor:
        """The same with some choices made for them, as an offer does."""
        assumed = [name for name in self.assumed if name not in choices]
        return replace(self, options={**self.options, **choices}, assumed=assumed, _made={})

    @cached_property
    def most(self) -> Floats:
        """Of each product of the catalogue what its modules are worth at most, rules and money aside."""
        own = np.array([self._most(product, self._worths) for product in self.catalogue.choices])
        most = own[self.catalogue.choice_of]
        for value in {call.use for call in self._called}:
            suiting = np.array(
                [self._most(product, self._worths_for(value)) for product in self.catalogue.choices]
            )
            most += np.where(self._suited(value), suiting[self.catalogue.choice_of], 0.0)
        return np.asarray(most)

    @cached_property
    def exact(self) -> bool:
        """Whether every product is worth as much as it could be: nothing binds what is chosen of it."""
        return not (self._called or self._worths) or not (self.pack.rules or self._called or self.barred)

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
        calls = calls_of(self.pack, self.believed)  # of what they chose too: not every product has it
        yield from (Wish(call.module, frozenset({call.code}), call.weight) for call in calls)

    def _spurned(self) -> Iterator[Wish]:
        for name in self.pack.modules:
            yield from (Wish(name, frozenset({c}), WANTED, avoid=True) for c in self.believed.disliked(name))

    @cached_property
    def _called(self) -> list[Call]:
        """What suits what they want it for, as far as they haven't chosen otherwise."""
        return [call for call in calls_of(self.pack, self.believed) if call.module in self.assumed]

    def _worths_for(self, use: tuple[str, str]) -> dict[Chosen, float]:
        """What is worth something for one use: all that it calls for as much together as that use itself."""
        return {(call.module, call.code): call.worth for call in self._called if call.use == use}

    def _suited(self, use: tuple[str, str]) -> Flags:
        """Which products are for a use; all, where products aren't told apart by it."""
        topic, _ = use
        if topic not in self.catalogue.columns:
            return np.ones(len(self.catalogue.products), dtype=bool)
        column = self.catalogue.column.get(use)
        return self.catalogue.having([] if column is None else [column])

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
        return worths

    def _worth(self, product: Product, options: Mapping[str, str]) -> float:
        row = self.catalogue.row[product.id]
        uses = {call.use for call in self._called}
        for_uses = [self._worths_for(use) for use in uses if self._suited(use)[row]]
        return sum(_summed(worths, options) for worths in (self._worths, *for_uses))

    def _most(self, product: Product, worths: Mapping[Chosen, float]) -> float:
        if not worths:
            return 0.0
        if self.exact:
            return _summed(worths, complete_now(self.pack, product, self.options))
        valued = {name for name, _ in worths}
        total = 0.0
        for name, module in self.pack.modules_of(product).items():
            if name in valued:
                codes = (*self.pack.options_of(product, module), *((NONE,) if module.optional else ()))
                each = [worths.get((name, code), 0.0) for code in codes]
                total += sum(w for w in each if w > 0) if module.several else max(each, default=0.0)
        return total


def _summed(worths: Mapping[Chosen, float], options: Mapping[str, str]) -> float:
    return sum(
        worths.get((name, code), 0.0)
        for name, chosen in options.items()
        for code in codes_of(chosen) or (NONE,)
    )


def calls_of(pack: ShopPack, believed: Beliefs) -> list[Call]:
    """All that suits what somebody wants a thing for."""
    return [
        Call((topic.name, liked), name, code, counts, counts * LIKE / len(value.calls_for))
        for topic in pack.topics.values()
        for liked, belief in believed.liked(topic.name).items()
        if (value := topic.values.get(liked)) is not None
        for name, codes in value.calls_for.items()
        for place, code in enumerate(codes)
        if (counts := belief.weight * (1 - place / len(codes)))
    ]

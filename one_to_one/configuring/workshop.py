"""The workshop of a shop: what can be made for one customer, what is best, what is left, and what clashes.

One per pack (`workshop_of`). Everything that depends on the customer or the moment is an argument: the day,
the groups they belong to (of a company: its roles), how many they want, what they wish and can spend.

A configuration maps each module of a product to a code; several codes stand together with `+` between them in
the order of the pack, nothing chosen is `none`, a number is written plainly. See docs/configurator.md.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from math import inf

from one_to_one.configuring.benches import BESIDE, EQUAL, Bench, Demand, Order, Situation
from one_to_one.configuring.frames import Signature, signature
from one_to_one.configuring.holding import broken_rules
from one_to_one.configuring.wishing import Wish, budget_wish
from one_to_one.pricing import codes_of, complete, cost, price
from one_to_one.rules import NONE, PRODUCT, modules_in
from one_to_one.shop import Availability, Product, ShopPack

__all__ = ["Breach", "Broken", "Conflict", "Made", "Way", "Wish", "Workshop", "budget_wish", "workshop_of"]

_KEPT = 4
"""How many packs keep their workshop at once."""


@dataclass(frozen=True, slots=True)
class Made:
    """One product made up: every module of it has its choice."""

    product: str
    options: Mapping[str, str]
    quantity: int
    price: Decimal  # of one, in the shop's currency, as `pricing.price` makes it
    cost: Decimal  # of one
    utility: float  # what it is worth to this customer, and to the shop within its rules
    unmet: tuple[Wish, ...] = ()  # the wishes it doesn't meet, in the order in which they were given


class Breach(StrEnum):
    """Why something can't be had as it is."""

    RULE = "rule"  # what is picked doesn't fit together
    GONE = "gone"  # the shop has no such product, module or option (any more)
    MISSING = "missing"  # nothing is chosen of a module that can't be left out
    ELSEWHERE = "elsewhere"  # there is such an option, but not for this product
    SEASON = "season"  # not on this day
    GROUP = "group"  # not for this customer
    STOCK = "stock"  # not so many are left


@dataclass(frozen=True, slots=True)
class Broken:
    """One reason why a configuration can't be had."""

    breach: Breach
    rule: str = ""  # the id of the rule, whose `why` says it to customers
    picks: tuple[tuple[str, str], ...] = ()  # (module, code) of what the reason is about


@dataclass(frozen=True, slots=True)
class Way:
    """One way out of a conflict."""

    give_up: tuple[Wish, ...]
    made: Made  # the nearest that can be had then


@dataclass(frozen=True, slots=True)
class Conflict:
    """Wishes that can't be met all at once."""

    clash: tuple[Wish, ...]  # wishes that don't go together; all the others may stay
    rules: tuple[str, ...]  # the ids of the rules because of which; none where it is the money alone
    ways: tuple[Way, ...]  # what to give up, cheapest first; empty when even what is firm can't be had


class Workshop:
    """What one shop can make."""

    def __init__(self, pack: ShopPack) -> None:
        self.pack = pack
        self._benches: dict[Signature, Bench] = {}
        self._bench_of: dict[str, Bench] = {}

    def left(
        self,
        product: str,
        picks: Mapping[str, str] | None = None,
        *,
        day: date | None = None,
        groups: Collection[str] = (),
        quantity: int = 1,
        of: Collection[str] | None = None,
    ) -> dict[str, tuple[str, ...]]:
        """Every option of every module (or those in `of`) still possible with `picks`, and none that isn't.

        Of a module that is picked: what it could be changed to while the other picks stay; of one with
        several options: what could stand together with what is picked of it. Picks that can't be had together
        leave nothing of the others. Raises KeyError for an unknown product.
        """
        made = self.pack.products[product]
        return self._bench(made).left(dict(picks or {}), Situation(day, frozenset(groups), quantity), of)

    def best(
        self,
        wishes: Sequence[Wish] = (),
        *,
        product: str | None = None,
        picks: Mapping[str, str] | None = None,
        budget: Decimal | None = None,
        quantity: int = 1,
        day: date | None = None,
        groups: Collection[str] = (),
        fancied: Mapping[str, float] | None = None,
        margin_weight: float | None = None,
        unlike: Sequence[Made] = (),
        by: int = 1,
    ) -> Made | None:
        """What is worth most to the customer, exactly; None when nothing can be made like that.

        `picks` are kept, and the price of one stays within `budget`. Firm wishes are met; the others count
        what they weigh. `fancied` is what each product is worth to them by itself (else nothing),
        `margin_weight` what the shop's interest counts (else as `proposing` in shop.yml says). Where nothing
        is wished for, the default is assumed. It differs from each of `unlike` in `by` choices, the product
        being one of them. Only products in stock are chosen; one that is named is made up in any case.
        """
        demand = self._demand(wishes, picks, budget, quantity, day, groups, margin_weight)
        demand = replace(demand, unlike=tuple((one.product, one.options) for one in unlike), by=by)
        return self._best(demand, self._candidates(demand, product), fancied or {})

    def alternatives(
        self,
        first: Made,
        wishes: Sequence[Wish] = (),
        *,
        count: int = 2,
        product: str | None = None,
        picks: Mapping[str, str] | None = None,
        budget: Decimal | None = None,
        day: date | None = None,
        groups: Collection[str] = (),
        fancied: Mapping[str, float] | None = None,
        margin_weight: float | None = None,
    ) -> list[Made]:
        """Others that are good, and really different from `first` and from each other; the best first.

        Different is another product, or another choice in a third of the modules; with `product` always the
        latter. Fewer than `count` when there are no others that are nearly as good.
        """
        found = [first]
        by = 1 if product is None else max(1, round(len(first.options) * DIFFERENT))
        while len(found) <= count:
            apart = found if product is not None else [replace(one, options={}) for one in found]
            other = self.best(
                wishes,
                product=product,
                picks=picks,
                budget=budget,
                quantity=first.quantity,
                day=day,
                groups=groups,
                fancied=fancied,
                margin_weight=margin_weight,
                unlike=apart,
                by=by,
            )
            if other is None or other.utility < first.utility - NEARLY:
                break
            found.append(other)
        return found[1:]

    def conflict(
        self,
        wishes: Sequence[Wish],
        *,
        product: str | None = None,
        picks: Mapping[str, str] | None = None,
        quantity: int = 1,
        day: date | None = None,
        groups: Collection[str] = (),
        fancied: Mapping[str, float] | None = None,
        margin_weight: float | None = None,
        count: int = 3,
    ) -> Conflict | None:
        """Why not all wishes can be met at once, and up to `count` ways out; None when they can.

        A budget is a wish (`budget_wish`). What is given up weighs least in all; a firm wish never is.
        """
        demand = self._demand(wishes, picks, None, quantity, day, groups, margin_weight)
        candidates = self._candidates(demand, product)
        if any(self._bench(one).fits(one, demand, wishes) for one in candidates):
            return None
        ways: list[Way] = []
        keeping = replace(demand, keeping=True)
        while len(ways) < count:
            made = self._best(keeping, candidates, fancied or {})
            if made is None:
                break
            ways.append(Way(made.unmet, made))
            keeping = replace(keeping, not_again=(*keeping.not_again, made.unmet))
        clash = self._clash(demand, candidates, wishes)
        about = ways[0].made.product if ways else next((one.id for one in candidates), None)
        rules = self._bench(self.pack.products[about]).because(demand, clash) if about else ()
        return Conflict(clash, rules, tuple(ways))

    def valid(
        self,
        product: str,
        options: Mapping[str, str],
        *,
        day: date | None = None,
        groups: Collection[str] = (),
        quantity: int = 1,
    ) -> list[Broken]:
        """Every reason why a finished configuration can't be had; empty when it can."""
        made = self.pack.products.get(product)
        if made is None:
            return [Broken(Breach.GONE, picks=((PRODUCT, product),))]
        broken = [*self._unavailable((PRODUCT, product), made.availability, day, groups)]
        if made.stock < quantity:
            broken.append(Broken(Breach.STOCK, picks=((PRODUCT, product),)))
        broken.extend(self._amiss(made, options, day, groups, quantity))
        if not any(one.breach in _UNREADABLE for one in broken):
            picked = {PRODUCT: product, **options}
            broken.extend(
                Broken(Breach.RULE, rule.id, tuple((m, picked[m]) for m in modules_in(rule) if m in picked))
                for rule in broken_rules(self.pack, made, options)
            )
        return broken

    def count(self, product: str | None = None) -> int:
        """How many different configurations there are of a product, or of all; on whatever day."""
        products = self.pack.products.values() if product is None else [self.pack.products[product]]
        return sum(self._bench(one).count for one in products)

    def specification(self, product: str, options: Mapping[str, str], quantity: int = 1) -> dict[str, object]:
        """What production needs to make it: the product and module codes, exactly, and how many."""
        made = self.pack.products[product]
        whole = complete(self.pack, made, options)
        return {
            "product": product,
            "quantity": quantity,
            "modules": {name: list(codes_of(chosen)) for name, chosen in whole.items()},
            "lead_days": self.lead_days(product, whole),
        }

    def lead_days(self, product: str, options: Mapping[str, str]) -> int:
        """How many days it takes: the product's, and the longest that what is chosen adds."""
        made = self.pack.products[product]
        added = [
            option.lead_days
            for name, chosen in complete(self.pack, made, options).items()
            for code in codes_of(chosen)
            if (option := self.pack.modules[name].options.get(code)) is not None
        ]
        return made.lead_days + max(added, default=0)

    def _bench(self, product: Product) -> Bench:
        """Where a product is made up; products about which the same can be chosen share one."""
        if product.id not in self._bench_of:
            key = signature(self.pack, product)
            if key not in self._benches:
                self._benches[key] = Bench(self.pack, product)
            self._bench_of[product.id] = self._benches[key]
        return self._bench_of[product.id]

    def _demand(
        self,
        wishes: Sequence[Wish],
        picks: Mapping[str, str] | None,
        budget: Decimal | None,
        quantity: int,
        day: date | None,
        groups: Collection[str],
        margin_weight: float | None,
    ) -> Demand:
        weight = self.pack.shop.proposing.margin_weight if margin_weight is None else margin_weight
        situation = Situation(day, frozenset(groups), quantity)
        return Demand(tuple(wishes), dict(picks or {}), budget, situation, weight)

    def _candidates(self, demand: Demand, product: str | None) -> list[Product]:
        """The products that may be chosen."""
        if product is not None:
            return [self.pack.products[product]] if product in self.pack.products else []
        least = max(self.pack.shop.proposing.least_stock, demand.situation.quantity, 1)
        return [
            one
            for one in self.pack.products.values()
            if one.stock >= least and one.availability.on(demand.situation.day, demand.situation.groups)
        ]

    def _best(
        self, demand: Demand, candidates: Sequence[Product], fancied: Mapping[str, float]
    ) -> Made | None:
        """The best of the best of each product: the most promising first, until no other could be better."""
        beside = BESIDE if demand.keeping else 1.0
        orders = [Order(self._bench(one), one, demand) for one in candidates]
        fancy = [fancied.get(one.id, 0.0) for one in candidates]
        promised = [order.promise + beside * more for order, more in zip(orders, fancy, strict=True)]
        best: Made | None = None
        highest = -inf
        for place in sorted(range(len(candidates)), key=lambda place: (-promised[place], place)):
            if promised[place] <= highest + EQUAL:
                break
            found = orders[place].best(highest - beside * fancy[place])
            if found is None:
                continue
            options, rank, utility = found
            if rank + beside * fancy[place] > highest + EQUAL:
                highest = rank + beside * fancy[place]
                best = self._made(candidates[place], options, demand, utility + fancy[place])
        return best

    def _made(self, product: Product, options: Mapping[str, str], demand: Demand, utility: float) -> Made:
        quantity = demand.situation.quantity
        amount = price(self.pack, product, options, quantity)
        unmet = tuple(wish for wish in demand.wishes if not wish.met(product.id, options, amount))
        expense = cost(self.pack, product, options)
        return Made(product.id, options, quantity, amount, expense, round(utility, 9), unmet)

    def _clash(
        self, demand: Demand, candidates: Sequence[Product], wishes: Sequence[Wish]
    ) -> tuple[Wish, ...]:
        """A smallest set of wishes that don't go together: without any of them the others would."""
        needed = list(wishes)
        for wish in sorted(wishes, key=lambda wish: (wish.firm, wish.weight)):
            fewer = [one for one in needed if one is not wish]
            if not any(self._bench(one).fits(one, demand, fewer) for one in candidates):
                needed = fewer
        return tuple(needed)

    def _unavailable(
        self,
        pick: tuple[str, str],
        availability: Availability,
        day: date | None,
        groups: Collection[str],
    ) -> Iterator[Broken]:
        if not availability.on(None, groups):
            yield Broken(Breach.GROUP, picks=(pick,))
        elif not availability.on(day, groups):
            yield Broken(Breach.SEASON, picks=(pick,))

    def _amiss(
        self,
        product: Product,
        options: Mapping[str, str],
        day: date | None,
        groups: Collection[str],
        quantity: int,
    ) -> Iterator[Broken]:
        """What is wrong with each choice by itself."""
        modules = self.pack.modules_of(product)
        for name, chosen in options.items():
            module = modules.get(name)
            if module is None:
                yield Broken(Breach.GONE, picks=((name, chosen),))
                continue
            there = self.pack.options_of(product, module)
            codes = codes_of(chosen)
            if not codes and not module.optional and NONE not in there:
                yield Broken(Breach.MISSING, picks=((name, NONE),))
            if len(codes) > 1 and not module.several:
                yield Broken(Breach.GONE, picks=((name, chosen),))
                continue
            for code in codes:
                option = module.options.get(code)
                if option is None:
                    yield Broken(Breach.GONE, picks=((name, code),))
                elif code not in there:
                    yield Broken(Breach.ELSEWHERE, picks=((name, code),))
                else:
                    yield from self._unavailable((name, code), option.availability, day, groups)
                    if option.stock is not None and option.stock < quantity:
                        yield Broken(Breach.STOCK, picks=((name, code),))
        yield from (Broken(Breach.MISSING, picks=((name, NONE),)) for name in modules if name not in options)


DIFFERENT = 1 / 3
"""The share of the modules in which an alternative of the same product differs."""

NEARLY = 1.5
"""So much less than the best an alternative may be worth: about one wish."""

_UNREADABLE = frozenset({Breach.GONE, Breach.MISSING, Breach.ELSEWHERE})


def workshop_of(pack: ShopPack) -> Workshop:
    """The workshop of a pack, made once and kept for the packs used last."""
    kept = _workshops.get(id(pack))
    if kept is not None and kept.pack is pack:
        return kept
    while len(_workshops) >= _KEPT:
        del _workshops[next(iter(_workshops))]
    _workshops[id(pack)] = Workshop(pack)
    return _workshops[id(pack)]


_workshops: dict[int, Workshop] = {}

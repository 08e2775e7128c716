"""Where products about which the same can be chosen are made up: their rules, put into numbers once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_FLOOR, Decimal
from functools import cached_property
from itertools import combinations
from math import inf, prod

import numpy as np

from one_to_one.configuring.best import Aim, Column, Program
from one_to_one.configuring.counting import configurations
from one_to_one.configuring.flipping import choices_in
from one_to_one.configuring.frames import Statement, frame_of
from one_to_one.configuring.holding import Checked
from one_to_one.configuring.reasoning import Literal, Reasoner
from one_to_one.configuring.space import Table
from one_to_one.configuring.trying import from_the_best
from one_to_one.configuring.wishing import Wish
from one_to_one.pricing import codes_of, joined, quantity_factor
from one_to_one.rules import NONE, PRODUCT
from one_to_one.shop import ALWAYS, Option, Product, ShopPack

ASSUMED = 0.2
"""What the default of a module counts of which nothing is wished: less than any plain wish."""

LEAST = 1e-3
"""What the default counts beside wishes: it decides between equals."""

KEPT = 100.0
"""In a conflict a wish that is kept counts so much more than anything else."""

TRIES = 150
"""So many combinations are tried before the rules are put to the solver."""

ROWS = 1000
"""A table of more rows than this is left to the solver."""

MANY = 10
"""Of more options than this, of which several can be chosen, not all combinations are listed."""

EQUAL = 1e-7
"""Differences in rank that are none."""

ROUNDING = 1e-6
"""Of a price step: so little isn't rounded up."""

BESIDE = 0.002
"""And what else counts, counts so little that it decides only between equals."""


@dataclass(frozen=True, slots=True)
class Situation:
    """When, for whom and how many."""

    day: date | None  # in the shop's time zone; None: any
    groups: frozenset[str]  # those the customer belongs to
    quantity: int


@dataclass(frozen=True, slots=True)
class Demand:
    """All that bears on what is best."""

    wishes: tuple[Wish, ...]
    picks: Mapping[str, str]
    budget: Decimal | None
    situation: Situation
    margin_weight: float
    unlike: tuple[tuple[str, Mapping[str, str]], ...] = ()  # (product, options) from which it differs
    by: int = 1  # in so many choices, the product being one
    keeping: bool = False  # whether as much as possible of the wishes is kept, whatever else
    not_again: tuple[tuple[Wish, ...], ...] = ()  # of each of these one wish at least is kept


@dataclass(frozen=True, slots=True)
class _Value:
    """Something that can be chosen of a module: one option, several, or none."""

    chosen: str
    codes: frozenset[str]
    factor: float
    price: float
    cost: float


class Bench:
    """Where some products are made up."""

    def __init__(self, pack: ShopPack, example: Product) -> None:
        """For all products about which the same can be chosen as about this one."""
        self.pack = pack
        self.frame = frame_of(pack, example)
        self._limited = {
            (name, code): option
            for name, module in self.frame.modules.items()
            for code, option in module.options.items()
            if option.availability != ALWAYS or option.stock is not None
        }
        self.defaults = {
            name: pack.default_of(example, module) for name, module in self.frame.modules.items()
        }

        self.terms = {
            (name, code): (float(option.factor), float(option.price), float(option.cost))
            for name, module in self.frame.modules.items()
            for code, option in module.options.items()
        }
        """Of each option: its factor, and what it adds to the price and the cost of one."""
        factors = {
            name: [self.terms[name, code][0] for code in codes if code != NONE]
            for name, codes in self.frame.codes.items()
        }
        self._rules = list(pack.rules)
        self.factored = tuple(name for name, each in factors.items() if any(one != 1 for one in each))
        """The modules that multiply the price."""
        severals = {name for name in factors if self.frame.modules[name].several}
        self.highest = prod(
            prod(max(1.0, one) for one in each) if name in severals else max([*each, 1.0])
            for name, each in factors.items()
        )
        self.lowest = prod(
            prod(min(1.0, one) for one in each) if name in severals else min([*each, 1.0])
            for name, each in factors.items()
        )

    @cached_property
    def _reasoner(self) -> Reasoner:
        return Reasoner(self.frame.space)

    @cached_property
    def _told_apart(self) -> Reasoner:
        return Reasoner(self.frame.space, self.frame.rule_of)

    @cached_property
    def program(self) -> Program:
        factors = {
            choice: each
            for name in self.frame.modules
            for choice, each in self._factors(name)
            if any(factor != 1 for factor in each.values())
        }
        return Program(self.frame.space, factors)

    @cached_property
    def count(self) -> int:
        """The number of different configurations of one product."""
        return configurations(self.frame.space)

    def left(
        self, picks: dict[str, str], situation: Situation, of: Collection[str] | None = None
    ) -> dict[str, tuple[str, ...]]:
        """See `Workshop.left`."""
        about = [name for name in self.frame.modules if of is None or name in of]
        barred = [-self._literal(*each) for each in self.barred(situation)]
        known = {name: code for name, code in picks.items() if self.frame.knows(name, code)}
        fits = len(known) == len(picks)
        open_ = [name for name in about if name not in picks]
        left = self._left(open_, known, barred) if fits else dict.fromkeys(open_, ())
        for name in about:
            if name in picks:
                others = {other: code for other, code in known.items() if other != name}
                alone = len(others) == len(picks) - 1
                left |= self._changes(name, known.get(name), others, barred) if alone else {name: ()}
        return {name: left[name] for name in about}

    def _changes(
        self, module: str, chosen: str | None, others: Mapping[str, str], barred: Sequence[Literal]
    ) -> dict[str, tuple[str, ...]]:
        """What a module that is picked could be changed to; or of several, have added."""
        if chosen is None or not self.frame.modules[module].several or chosen == NONE:
            return self._left([module], others, barred)
        added = [self._literal(module, code) for code in codes_of(chosen)]
        found = self._left([module], others, [*barred, *added])
        if NONE in self.frame.codes[module] and NONE in self._left([module], others, barred)[module]:
            found[module] = (*found[module], NONE)
        return found

    def _left(
        self, modules: Sequence[str], picks: Mapping[str, str], more: Sequence[Literal]
    ) -> dict[str, tuple[str, ...]]:
        assumed = [*more, *self._literals(picks)]
        picked = [(name, code) for name in modules for code in self.frame.codes[name]]
        numbers = {each: self._literal(*each) for each in picked}
        possible = self._reasoner.possible(list(numbers.values()), assumed)
        return {
            name: tuple(code for code in self.frame.codes[name] if numbers[name, code] in possible)
            for name in modules
        }

    def fits(self, product: Product, demand: Demand, wishes: Sequence[Wish]) -> bool:
        """Whether all these wishes can be met at once."""
        firm = tuple(replace(wish, firm=True) for wish in wishes)
        return Order(self, product, replace(demand, wishes=firm, margin_weight=0.0)).possible()

    def because(self, demand: Demand, wishes: Sequence[Wish]) -> tuple[str, ...]:
        """The ids of the shop's rules because of which these wishes can't be met together; money aside."""
        reasoner = self._told_apart
        assumed: list[Literal] = []
        for picks in (demand.picks,):
            for name, chosen in picks.items():
                if self.frame.knows(name, chosen):
                    assumed.extend(
                        reasoner.literal(pick, holds) for pick, holds in self.frame.statements(name, chosen)
                    )
        for wish in wishes:
            if wish.module in self.frame.modules:
                met = [reasoner.literal(pick, holds) for pick, holds in self.meeting(wish)]
                assumed.extend([-number for number in met] if wish.avoid else [reasoner.any_of(met)])
        return reasoner.because(assumed) or ()

    @cached_property
    def _named(self) -> Counter[str]:
        """How many rules are about each choice of the space."""
        return Counter(name for rule in self.frame.space.rules for name in choices_in(rule))

    @cached_property
    def unbound(self) -> frozenset[str]:
        """The modules that no rule is about."""
        modules = self.frame.modules.items()
        return frozenset(name for name, module in modules if not module.several and not self._named[name])

    @cached_property
    def tables_alone(self) -> frozenset[tuple[str, ...]]:
        """The scopes of tables about whose modules there is no other rule."""
        return frozenset(scope for scope, _ in self.tables if all(self._named[name] == 1 for name in scope))

    @cached_property
    def tables(self) -> list[tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]]:
        """The tables that are short enough to go through, no module being in two of them."""
        found: list[tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]] = []
        for rule in self.frame.space.rules:
            if not isinstance(rule, Table) or not rule.scope or len(rule.rows) > ROWS:
                continue
            if not any(set(rule.scope) & set(scope) for scope, _ in found):
                found.append((rule.scope, rule.rows))
        return found

    def fit_together(self, product: Product, options: Mapping[str, str]) -> bool:
        """Whether a configuration keeps the rules; the rule that was broken last is looked at first."""
        checked = Checked(self.pack, product, options)
        for place, rule in enumerate(self._rules):
            if not checked.keeps(rule):
                self._rules.insert(0, self._rules.pop(place))
                return False
        return True

    @cached_property
    def listed(self) -> bool:
        """Whether all that can be chosen of each module can be listed."""
        modules = self.frame.modules.items()
        return all(not module.several or len(self.frame.codes[name]) <= MANY for name, module in modules)

    @cached_property
    def values(self) -> dict[str, tuple[_Value, ...]]:
        """Of each module all that can be chosen by itself, several options together included."""
        return {
            name: tuple(self.value(name, chosen) for chosen in self._values(name))
            for name in self.frame.modules
        }

    def value(self, name: str, chosen: str) -> _Value:
        """What can be chosen of a module, with what it brings."""
        codes = codes_of(chosen)
        terms = [self.terms[name, code] for code in codes]
        factor = prod(term[0] for term in terms)
        amounts, expenses = (sum(term[place] for term in terms) for place in (1, 2))
        return _Value(chosen, frozenset(codes) or frozenset({NONE}), factor, amounts, expenses)

    def _values(self, name: str) -> Iterator[str]:
        module, codes = self.frame.modules[name], self.frame.codes[name]
        if not module.several:
            yield from codes
            return
        options = [code for code in codes if code != NONE]
        most = len(options) if module.most is None else min(module.most, len(options))
        for size in range(0 if NONE in codes else 1, most + 1):
            yield from (joined(module, some) for some in combinations(options, size))

    def meeting(self, wish: Wish) -> list[Statement]:
        """What in the space says that one of the codes of a wish is picked."""
        codes = self.frame.codes[wish.module]
        return [self.frame.statement(wish.module, code) for code in codes if code in wish.codes]

    def barred(self, situation: Situation) -> Iterator[tuple[str, str]]:
        """What can't be had in this situation."""
        for (name, code), option in self._limited.items():
            if code in self.frame.codes[name] and not _can_be_had(option, situation):
                yield name, code

    def _literal(self, module: str, code: str) -> Literal:
        pick, holds = self.frame.statement(module, code)
        return self._reasoner.literal(pick, holds)

    def _literals(self, picks: Mapping[str, str]) -> list[Literal]:
        return [
            self._reasoner.literal(pick, holds)
            for name, chosen in picks.items()
            for pick, holds in self.frame.statements(name, chosen)
        ]

    def _factors(self, module: str) -> Iterator[tuple[str, dict[str, float]]]:
        """The choices of the space that a module is, each with the factors of its codes."""
        options = self.frame.modules[module].options
        if not self.frame.modules[module].several:
            yield (
                module,
                {code: float(options[code].factor) for code in self.frame.codes[module] if code != NONE},
            )
            return
        for code in self.frame.codes[module]:
            if code != NONE:
                (name, yes), _ = self.frame.statement(module, code)
                yield name, {yes: float(options[code].factor)}


def _can_be_had(option: Option, situation: Situation) -> bool:
    enough = option.stock is None or option.stock >= situation.quantity
    return enough and option.availability.on(situation.day, situation.groups)


@dataclass(frozen=True, slots=True)
class _Sum:
    """A constant and weights by column."""

    constant: float
    weights: dict[Column, float] = field(default_factory=dict)

    def most(self) -> float:
        """No choice of the columns makes it more."""
        return self.constant + sum(weight for weight in self.weights.values() if weight > 0)


type Ranking = list[tuple[float, dict[str, str]]]
"""What can be chosen of a module, or of several that are bound together, and what it adds; the best first."""


def _turned(ranking: Sequence[tuple[float, str]]) -> Iterator[tuple[str, float]]:
    return ((chosen, gain) for gain, chosen in ranking)


class Order:
    """One demand, put to one product: which columns it bears on, and how."""

    def __init__(self, bench: Bench, product: Product, demand: Demand) -> None:
        self._bench = bench
        self._frame = bench.frame
        self._pack = bench.pack
        self._product = product
        self._demand = demand
        self._barred = frozenset(bench.barred(demand.situation))
        self._times = float(quantity_factor(product, demand.situation.quantity))

    def possible(self) -> bool:
        """Whether anything can be made that is firmly wanted."""
        aim = self._aim(plain=True)
        return aim is not None and self._bench.program.solve(aim) is not None

    def best(self, above: float) -> tuple[dict[str, str], float, float] | None:
        """See `Bench.best`."""
        if self.promise <= above + EQUAL:
            return None
        limit = next((w for w in self._demand.wishes if w.most is not None and not w.firm), None)
        if limit is not None and limit.most is not None and not self._demand.not_again:
            return self._within_or_not(limit, limit.most, above)
        known, options = self._tried(above) if self._bench.listed else (False, None)
        if not known:
            aim = self._aim()
            made = None if aim is None else self._bench.program.solve(aim, above)
            options = None if made is None else self._frame.configuration(made)
        return None if options is None else (options, self._rank(options), self.utility(options))

    def _within_or_not(
        self, limit: Wish, most: Decimal, above: float
    ) -> tuple[dict[str, str], float, float] | None:
        """The better of the best within a budget that isn't firm, and the best whatever it costs."""
        others = tuple(wish for wish in self._demand.wishes if wish is not limit)
        budget = most if self._demand.budget is None else min(most, self._demand.budget)
        within = replace(self._demand, wishes=others, budget=budget)
        kept = Order(self._bench, self._product, within).best(above - self._counts(limit))
        best = kept and (kept[0], kept[1] + self._counts(limit), kept[2] + limit.weight)
        whatever = replace(self._demand, wishes=others)
        free = Order(self._bench, self._product, whatever).best(best[1] if best else above)
        return free or best

    @cached_property
    def promise(self) -> float:
        """No configuration ranks higher; below everything where nothing firm can be had at all."""
        rankings = list(self._rankings.values())
        if not all(rankings) or (self._demand.budget is not None and self._cheapest > self._demand.budget):
            return -inf
        return self._fixed + sum(ranking[0][0] for ranking in rankings)

    @cached_property
    def _fixed(self) -> float:
        """What counts whatever is chosen of the modules, at most."""
        elsewhere = [w for w in self._demand.wishes if w.module not in self._frame.modules and not w.firm]
        total = sum(self._counts(wish) for wish in elsewhere if self._may_be_met(wish))
        return total + self._beside_weight * self._interest_of_product()

    def _may_be_met(self, wish: Wish) -> bool:
        if wish.most is not None:
            return self._cheapest <= wish.most
        picked = self._product.id if wish.module == PRODUCT else NONE
        return (picked in wish.codes) is not wish.avoid

    @cached_property
    def _cheapest(self) -> Decimal:
        """It can't be made for less."""
        base, times = float(self._product.price), self._times
        added = sum(
            min((self._bench.terms[name, code][1] for code in codes if code != NONE), default=0.0)
            for name, codes in self._frame.codes.items()
            if NONE not in codes
        )
        return Decimal((base * self._bench.lowest + added) * times * (1 - ROUNDING))

    @cached_property
    def _rankings(self) -> dict[str, list[tuple[float, str]]]:
        """Of each module what can be chosen by itself, and what it adds to the rank; the best first."""
        return {name: self._ranking(name) or self._bound(name) for name in self._frame.modules}

    def _bound(self, name: str) -> list[tuple[float, str]]:
        """Of a module of which too many combinations can be chosen to list them: no more than this."""
        if self._bench.listed or not self._frame.modules[name].several or name in self._demand.picks:
            return []
        gains = [self._plain_gain(name, {code}) for code in self._frame.codes[name]]
        wishes = [wish for wish in self._demand.wishes if wish.module == name and not wish.firm]
        bound = sum(map(self._counts, wishes)) + self._beside_weight * sum(g for g in gains if g > 0)
        return [(bound, self._bench.defaults[name])]

    def _ranking(self, name: str) -> list[tuple[float, str]]:
        wishes = [
            (wish.codes, wish.avoid, wish.firm, 0.0 if wish.firm else self._counts(wish))
            for wish in self._demand.wishes
            if wish.module == name
        ]
        barred = {code for module, code in self._barred if module == name}
        usual, default, per_money = self._usual(name), self._bench.defaults[name], self._per_money
        own = self._own if self._bench.factored == (name,) else 0.0
        ranking = []
        for value in self._choices(name):
            if not barred.isdisjoint(value.codes):
                continue
            gain = 0.0
            for codes, avoid, firm, counts in wishes:
                if value.codes.isdisjoint(codes) is avoid:
                    gain += counts
                elif firm:
                    break
            else:
                earned = value.price * self._times - value.cost + own * (value.factor - 1.0)
                plain = per_money * earned + (usual if default in value.codes else 0.0)
                ranking.append((gain + self._beside_weight * plain, value.chosen))
        ranking.sort(key=lambda each: -each[0])
        return self._worth_a_look(name, ranking) if name in self._bench.unbound else ranking

    def _worth_a_look(self, name: str, ranking: list[tuple[float, str]]) -> list[tuple[float, str]]:
        """Of a module that no rule binds only what nothing cheaper outdoes."""
        kept = self._not_outdone([(gain, {name: chosen}) for gain, chosen in ranking])
        return [(gain, some[name]) for gain, some in kept]

    def _not_outdone(self, ranking: Ranking) -> Ranking:
        """Of choices that nothing else depends on only what nothing cheaper outdoes."""
        if self._demand.unlike or self._demand.not_again or len(self._bench.factored) > 1:
            return ranking
        if self._demand.budget is None and all(wish.most is None for wish in self._demand.wishes):
            return ranking[:1]
        kept: Ranking = []
        cheapest = inf
        for gain, some in ranking:
            added = sum(self._adds(name, chosen) for name, chosen in some.items())
            if added < cheapest:
                kept.append((gain, some))
                cheapest = added
        return kept

    def _choices(self, name: str) -> Sequence[_Value]:
        picked = self._demand.picks.get(name)
        if picked is not None:
            return [self._bench.value(name, picked)] if self._frame.knows(name, picked) else []
        several = self._frame.modules[name].several
        return () if several and not self._bench.listed else self._bench.values[name]

    def _plain_gain(self, name: str, codes: Collection[str]) -> float:
        """What a choice is worth beside wishes."""
        gain = self._usual(name) if self._bench.defaults[name] in codes else 0.0
        if self._demand.margin_weight:
            for code in codes:
                factor, amount, expense = self._bench.terms.get((name, code), (1.0, 0.0, 0.0))
                gain += self._per_money * (amount * self._times - expense)
                if self._bench.factored == (name,):
                    gain += self._per_money * self._own * (factor - 1.0)
        return gain

    @property
    def _own(self) -> float:
        """What the shop earns on the product itself."""
        return float(self._product.price) * self._times - float(self._product.cost)

    def _interest_of_product(self) -> float:
        """Of the product itself, with the factors of its options where more than one module has them."""
        most = self._bench.highest if self._own > 0 else self._bench.lowest
        return self._per_money * self._own * (most if len(self._bench.factored) > 1 else 1.0)

    @property
    def _beside_weight(self) -> float:
        return BESIDE if self._demand.keeping else 1.0

    def _tried(self, above: float) -> tuple[bool, dict[str, str] | None]:
        """Whether the best is among the first few combinations, whatever fits together; and which it is.

        What ranks no higher than `above` isn't looked for.
        """
        if self._demand.not_again:
            return False, None
        fixed, rankings = self._fixed, self._joint
        if self._demand.budget is not None:
            fixed, rankings = self._thrifty(self._affordable(self._demand.budget))
        if not all(rankings):
            return True, None
        gains = [[gain for gain, _ in ranking] for ranking in rankings]
        best, highest = None, above
        for tries, (total, places) in enumerate(from_the_best(gains)):
            if fixed + total <= highest + EQUAL:
                return True, best
            if tries == TRIES:
                return False, None
            picked: dict[str, str] = {}
            for ranking, place in zip(rankings, places, strict=True):
                picked |= ranking[place][1]
            options = {name: picked[name] for name in self._frame.modules}
            if self._can_be_had(options) and (rank := self._rank(options)) > highest + EQUAL:
                best, highest = options, rank
        return True, best

    @cached_property
    def _joint(self) -> list[Ranking]:
        """The rankings, where modules that a table binds count as one: only its rows are combined."""
        rankings = {name: dict(_turned(ranking)) for name, ranking in self._rankings.items()}
        joint: list[Ranking] = []
        for scope, rows in self._bench.tables:
            by_module = [rankings.pop(name) for name in scope]
            sums = []
            for row in rows:
                gains = [each.get(code) for each, code in zip(by_module, row, strict=True)]
                if None not in gains:
                    sums.append((sum(gain for gain in gains if gain is not None), row))
            sums.sort(key=lambda each: -each[0])
            ranking = [(total, dict(zip(scope, row, strict=True))) for total, row in sums]
            joint.append(self._not_outdone(ranking) if scope in self._bench.tables_alone else ranking)
        joint.extend([(gain, {name: code}) for code, gain in each.items()] for name, each in rankings.items())
        return joint

    def _thrifty(self, limit: float) -> tuple[float, list[Ranking]]:
        """The rankings when money counts too, as much as makes the best of each affordable (Everett, 1963).

        What is over the limit is worth less, what is below it no less than it is: so the sums still bound
        what anything affordable is worth.
        """
        rankings = self._joint
        if len(self._bench.factored) > 1 or not all(rankings):
            return self._fixed, rankings
        base = float(self._product.price) * self._times
        costs = [
            np.array([sum(self._adds(*each) for each in some.items()) for _, some in ranking])
            for ranking in rankings
        ]
        gains = [np.array([gain for gain, _ in ranking]) for ranking in rankings]
        if base + sum(each[0] for each in costs) <= limit:
            return self._fixed, rankings
        low, high = 0.0, 100.0 / max(base, 1.0)
        for _ in range(14):
            worth = (low + high) / 2
            pairs = zip(gains, costs, strict=True)
            spent = base + sum(cost[np.argmax(gain - worth * cost)] for gain, cost in pairs)
            low, high = (worth, high) if spent > limit else (low, worth)
        weighed = [
            sorted(
                zip((gain - high * cost).tolist(), (some for _, some in ranking), strict=True),
                key=lambda each: -each[0],
            )
            for gain, cost, ranking in zip(gains, costs, rankings, strict=True)
        ]
        return self._fixed + high * (limit - base), weighed

    def _adds(self, name: str, chosen: str) -> float:
        """What a choice adds to the price, where no more than one module multiplies it."""
        added = 0.0
        for code in codes_of(chosen):
            factor, amount, _ = self._bench.terms[name, code]
            added += amount + float(self._product.price) * (factor - 1.0)
        return added * self._times

    def _can_be_had(self, options: Mapping[str, str]) -> bool:
        """Whether it is within the budget, as firmly wished, unlike the others, and fits together."""
        amount = self._amount(options)
        if self._demand.budget is not None and amount > self._affordable(self._demand.budget):
            return False
        firm = (wish for wish in self._demand.wishes if wish.firm)
        return (
            all(self._meets(wish, options, amount) for wish in firm)
            and all(self._far_enough(options, *other) for other in self._demand.unlike)
            and self._bench.fit_together(self._product, options)
        )

    def _amount(self, options: Mapping[str, str]) -> float:
        """The price of one before it is rounded up."""
        product, added = float(self._product.price), 0.0
        for name, chosen in options.items():
            for code in codes_of(chosen):
                factor, amount, _ = self._bench.terms[name, code]
                product, added = product * factor, added + amount
        return (product + added) * self._times

    def _meets(self, wish: Wish, options: Mapping[str, str], amount: float) -> bool:
        if wish.most is not None:
            return amount <= self._affordable(wish.most)
        return wish.met(self._product.id, options, wish.most or Decimal(0))

    def _far_enough(self, options: Mapping[str, str], product: str, other: Mapping[str, str]) -> bool:
        differing = sum(options.get(name) != chosen for name, chosen in other.items())
        return differing + (product != self._product.id) >= self._demand.by

    def utility(self, options: Mapping[str, str]) -> float:
        """What a configuration is worth: wishes met, defaults that are kept, and the shop's interest."""
        return sum(wish.weight for wish in self._wishes_met(options)) + self._beside(options)

    def _wishes_met(self, options: Mapping[str, str]) -> list[Wish]:
        amount = self._amount(options)
        return [w for w in self._demand.wishes if not w.firm and self._meets(w, options, amount)]

    def _beside(self, options: Mapping[str, str]) -> float:
        usual = sum(
            self._usual(name)
            for name, default in self._bench.defaults.items()
            if default in (codes_of(options[name]) or (NONE,))
        )
        return usual + self._interest(options)

    def _rank(self, options: Mapping[str, str]) -> float:
        met = sum(self._counts(wish) for wish in self._wishes_met(options))
        return met + self._beside(options) * self._beside_weight

    def _counts(self, wish: Wish) -> float:
        """What meeting a wish adds to the rank."""
        return (wish.weight + LEAST) * KEPT if self._demand.keeping else wish.weight

    def _usual(self, module: str) -> float:
        return LEAST if module in self._wished else ASSUMED

    @cached_property
    def _wished(self) -> frozenset[str]:
        """The modules of which something is wished for."""
        return frozenset(wish.module for wish in self._demand.wishes if not wish.avoid)

    def _interest(self, options: Mapping[str, str]) -> float:
        """What the shop earns on it, as a share of the product's price, times what that may count."""
        if not self._demand.margin_weight:
            return 0.0
        product, added = 1.0, 0.0
        for name, chosen in options.items():
            for code in codes_of(chosen):
                factor, amount, expense = self._bench.terms[name, code]
                product *= factor
                added += amount * self._times - expense
        return self._per_money * (self._own * product + added)

    @property
    def _per_money(self) -> float:
        return self._demand.margin_weight / float(self._product.price)

    def _aim(self, *, plain: bool = False) -> Aim | None:
        """The demand in numbers; None when something firm can't be had at all."""
        aim = Aim()
        aim.zeros.update(self._column(*each) for each in self._barred)
        if not plain:
            aim.zeros.update(self._column(*each) for each in self._outdone())
        met = {wish: self._met(aim, wish) for wish in self._demand.wishes}
        firm = [(met[wish],) for wish in self._demand.wishes if wish.firm]
        again = [tuple(met[wish] for wish in wishes) for wishes in self._demand.not_again]
        if not self._keep_picks(aim) or not all(self._one_of(aim, each) for each in [*firm, *again]):
            return None
        if self._demand.budget is not None and not self._keep_within(aim, self._demand.budget):
            return None
        if not all(self._differ(aim, one, options) for one, options in self._demand.unlike):
            return None
        if not plain:
            self._value(aim, met)
        return aim

    def _outdone(self) -> Iterator[tuple[str, str]]:
        """What isn't part of the best: nothing else depends on it, and something no dearer is worth more."""
        kept: dict[str, set[str]] = {name: set() for name in self._bench.unbound}
        kept |= {name: set() for scope in self._bench.tables_alone for name in scope}
        for ranking in self._joint:
            for _, some in ranking:
                for name in some.keys() & kept.keys():
                    kept[name].add(some[name])
        for name, codes in kept.items():
            yield from ((name, code) for code in self._frame.codes[name] if code not in codes)

    def _column(self, module: str, code: str) -> Column:
        return self._bench.program.column[self._frame.statement(module, code)[0]]

    def _keep_picks(self, aim: Aim) -> bool:
        column = self._bench.program.column
        for name, chosen in self._demand.picks.items():
            if not self._frame.knows(name, chosen):
                return False
            for pick, holds in self._frame.statements(name, chosen):
                (aim.ones if holds else aim.zeros).add(column[pick])
        return True

    def _met(self, aim: Aim, wish: Wish) -> _Sum:
        """1 where a wish is met, else 0."""
        if wish.most is not None:
            return self._met_budget(aim, wish.most)
        if wish.module not in self._frame.modules:
            picked = self._product.id if wish.module == PRODUCT else NONE
            return _Sum(float((picked in wish.codes) is not wish.avoid))
        columns = [
            self._column(wish.module, code) for code in self._frame.codes[wish.module] if code in wish.codes
        ]
        if not self._frame.modules[wish.module].several:
            return _Sum(float(wish.avoid), dict.fromkeys(columns, -1.0 if wish.avoid else 1.0))
        met = self._added(aim)
        if wish.avoid:
            aim.rows.extend(({met: 1.0, column: 1.0}, -inf, 1.0) for column in columns)
        else:
            aim.rows.append(({met: 1.0} | dict.fromkeys(columns, -1.0), -inf, 0.0))
        return _Sum(0.0, {met: 1.0})

    def _met_budget(self, aim: Aim, most: Decimal) -> _Sum:
        amount, limit = self._price, self._affordable(most)
        over = amount.most() - limit
        if over <= 0:
            return _Sum(1.0)
        met = self._added(aim, whole=True)
        aim.rows.append((amount.weights | {met: over}, -inf, limit + over - amount.constant))
        return _Sum(0.0, {met: 1.0})

    def _added(self, aim: Aim, *, whole: bool = False) -> Column:
        aim.added.append(whole)
        return self._bench.program.columns + len(aim.added) - 1

    def _one_of(self, aim: Aim, sums: Sequence[_Sum]) -> bool:
        """One of these is 1; False when that is impossible."""
        weights: dict[Column, float] = {}
        for each in sums:
            for column, weight in each.weights.items():
                weights[column] = weights.get(column, 0.0) + weight
        least = 1.0 - sum(each.constant for each in sums)
        if weights:
            aim.rows.append((weights, least, inf))
        return bool(weights) or least <= 0

    def _keep_within(self, aim: Aim, most: Decimal) -> bool:
        amount = self._price
        limit = self._affordable(most) - amount.constant
        if amount.weights:
            aim.rows.append((amount.weights, -inf, limit))
        return bool(amount.weights) or limit >= 0

    def _affordable(self, most: Decimal) -> float:
        """What the sum before rounding up may come to; a little room for the solver's arithmetic."""
        step = self._pack.shop.price_step
        return float((most / step).to_integral_value(ROUND_FLOOR) * step) + float(step) * ROUNDING

    @cached_property
    def _price(self) -> _Sum:
        """The price of one, before it is rounded up."""
        return self._amounts(float(self._product.price) * self._times, lambda o: float(o.price) * self._times)

    def _amounts(self, base: float, added: Callable[[Option], float]) -> _Sum:
        """An amount that the factors multiply, and what each option adds to it."""
        weights: dict[Column, float] = {}
        for name, module in self._frame.modules.items():
            for code in self._frame.codes[name]:
                if code != NONE and (more := added(module.options[code])):
                    weights[self._column(name, code)] = more
        for column, factor in self._bench.program.products.items():
            weights[column] = weights.get(column, 0.0) + base * factor
        return _Sum(0.0 if self._bench.program.products else base, weights)

    def _differ(self, aim: Aim, product: str, options: Mapping[str, str]) -> bool:
        """That it differs from another, the product being one choice; False when that is impossible."""
        by = self._demand.by - (product != self._product.id)
        if by <= 0:
            return True
        if by > len(options):
            return False
        same: dict[Column, float] = {}
        for name, chosen in options.items():
            if not self._frame.knows(name, chosen):
                by -= 1
            elif self._frame.modules[name].several:
                same[self._same(aim, name, chosen)] = 1.0
            else:
                same[self._column(name, chosen)] = 1.0
        aim.rows.append((same, -inf, float(len(same) - by)))
        return True

    def _same(self, aim: Aim, module: str, chosen: str) -> Column:
        """1 where the very same of several options are chosen."""
        same, column = self._added(aim), self._bench.program.column
        stated = list(self._frame.statements(module, chosen))
        weights = {column[pick]: -1.0 if holds else 1.0 for pick, holds in stated}
        aim.rows.append((weights | {same: 1.0}, 1.0 - sum(holds for _, holds in stated), inf))
        return same

    def _value(self, aim: Aim, met: Mapping[Wish, _Sum]) -> None:
        """What everything is worth."""
        gain = aim.gain
        for wish in self._demand.wishes:
            if not wish.firm:
                aim.constant += met[wish].constant * self._counts(wish)
                for column, weight in met[wish].weights.items():
                    gain[column] = gain.get(column, 0.0) + weight * self._counts(wish)
        rest: dict[Column, float] = {}
        for name, default in self._bench.defaults.items():
            if default in self._frame.codes[name]:
                rest[self._column(name, default)] = self._usual(name)
        if self._demand.margin_weight:
            earned = self._amounts(self._own, lambda o: float(o.price) * self._times - float(o.cost))
            aim.constant += earned.constant * self._per_money * self._beside_weight
            for column, weight in earned.weights.items():
                rest[column] = rest.get(column, 0.0) + weight * self._per_money
        for column, weight in rest.items():
            gain[column] = gain.get(column, 0.0) + weight * self._beside_weight

"""Where products about which the same can be chosen are made up: their rules, put into numbers once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_FLOOR, Decimal
from functools import cached_property
from math import inf, prod

from one_to_one.configuring.best import Aim, Column, Program
from one_to_one.configuring.counting import configurations
from one_to_one.configuring.frames import Statement, frame_of
from one_to_one.configuring.reasoning import Literal, Reasoner
from one_to_one.configuring.wishing import Wish
from one_to_one.pricing import chosen_of, codes_of, price, quantity_factor
from one_to_one.rules import NONE, PRODUCT
from one_to_one.shop import ALWAYS, Option, Product, ShopPack

ASSUMED = 0.4
"""What the default of a module counts of which nothing is wished: about what everybody expects."""

LEAST = 1e-3
"""What the default counts beside wishes: it decides between equals."""

KEPT = 100.0
"""In a conflict a wish that is kept counts so much more than anything else."""

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

    def left(self, picks: dict[str, str], situation: Situation) -> dict[str, tuple[str, ...]]:
        """See `Workshop.left`."""
        barred = [-self._literal(*each) for each in self.barred(situation)]
        known = {name: code for name, code in picks.items() if self.frame.knows(name, code)}
        fits = len(known) == len(picks)
        open_ = [name for name in self.frame.modules if name not in picks]
        left = self._left(open_, known, barred) if fits else dict.fromkeys(open_, ())
        for name in picks:
            if name in self.frame.modules:
                others = {other: code for other, code in known.items() if other != name}
                alone = len(others) == len(picks) - 1
                left |= self._changes(name, known.get(name), others, barred) if alone else {name: ()}
        return {name: left[name] for name in self.frame.modules}

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

    def promise(self, product: Product, demand: Demand) -> float:
        """What the best could be worth at most, without looking at what fits together."""
        return _Order(self, product, demand).promise

    def best(self, product: Product, demand: Demand) -> tuple[dict[str, str], float, float] | None:
        """The best configuration of a product, its rank among those of others, and its utility."""
        return _Order(self, product, demand).best()

    def fits(self, product: Product, demand: Demand, wishes: Sequence[Wish]) -> bool:
        """Whether all these wishes can be met at once."""
        firm = tuple(replace(wish, firm=True) for wish in wishes)
        return _Order(self, product, replace(demand, wishes=firm, margin_weight=0.0)).possible()

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


class _Order:
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

    def best(self) -> tuple[dict[str, str], float, float] | None:
        """See `Bench.best`."""
        aim = self._aim()
        made = None if aim is None else self._bench.program.solve(aim)
        if made is None:
            return None
        options = self._frame.configuration(made)
        return options, self._rank(options), self.utility(options)

    @property
    def promise(self) -> float:
        """No configuration ranks higher."""
        wishes = sum(self._counts(wish) for wish in self._demand.wishes if not wish.firm)
        usual = sum(self._usual(name) for name in self._frame.modules)
        other = usual + self._interest_at_most()
        return wishes + other * (BESIDE if self._demand.keeping else 1.0)

    def utility(self, options: Mapping[str, str]) -> float:
        """What a configuration is worth: wishes met, defaults that are kept, and the shop's interest."""
        return sum(wish.weight for wish in self._wishes_met(options)) + self._beside(options)

    def _wishes_met(self, options: Mapping[str, str]) -> list[Wish]:
        amount = price(self._pack, self._product, options, self._demand.situation.quantity)
        return [w for w in self._demand.wishes if not w.firm and w.met(self._product.id, options, amount)]

    def _beside(self, options: Mapping[str, str]) -> float:
        usual = sum(
            self._usual(name)
            for name, default in self._bench.defaults.items()
            if default in (codes_of(options[name]) or (NONE,))
        )
        return usual + self._interest(options)

    def _rank(self, options: Mapping[str, str]) -> float:
        met = sum(self._counts(wish) for wish in self._wishes_met(options))
        return met + self._beside(options) * (BESIDE if self._demand.keeping else 1.0)

    def _counts(self, wish: Wish) -> float:
        """What meeting a wish adds to the rank."""
        return (wish.weight + LEAST) * KEPT if self._demand.keeping else wish.weight

    def _usual(self, module: str) -> float:
        wished = any(wish.module == module and not wish.avoid for wish in self._demand.wishes)
        return LEAST if wished else ASSUMED

    def _interest(self, options: Mapping[str, str]) -> float:
        """What the shop earns on it, as a share of the product's price, times what that may count."""
        if not self._demand.margin_weight:
            return 0.0
        base = float(self._product.price) * self._times, float(self._product.cost)
        factor, added = 1.0, 0.0
        for name, chosen in options.items():
            for option in chosen_of(self._frame.modules[name], chosen):
                factor *= float(option.factor)
                added += float(option.price) * self._times - float(option.cost)
        return self._per_money * ((base[0] - base[1]) * factor + added)

    @property
    def _per_money(self) -> float:
        return self._demand.margin_weight / float(self._product.price)

    def _interest_at_most(self) -> float:
        if not self._demand.margin_weight:
            return 0.0
        factor, added = 1.0, 0.0
        for name, module in self._frame.modules.items():
            options = [module.options[code] for code in self._frame.codes[name] if code != NONE]
            gains = [float(option.price) * self._times - float(option.cost) for option in options]
            factors = [float(option.factor) for option in options]
            if module.several:
                added += sum(gain for gain in gains if gain > 0)
                factor *= prod(each for each in factors if each > 1)
            else:
                added += max([*gains, *([0.0] if module.optional else [])], default=0.0)
                factor *= max([*factors, *([1.0] if module.optional else [])], default=1.0)
        own = float(self._product.price) * self._times - float(self._product.cost)
        return self._per_money * (max(own * factor, 0.0) + added)

    def _aim(self, *, plain: bool = False) -> Aim | None:
        """The demand in numbers; None when something firm can't be had at all."""
        aim = Aim()
        aim.zeros.update(self._column(*each) for each in self._barred)
        met = {wish: self._met(aim, wish) for wish in self._demand.wishes}
        firm = [(met[wish],) for wish in self._demand.wishes if wish.firm]
        kept = [tuple(met[wish] for wish in wishes) for wishes in self._demand.not_again]
        if not self._keep_picks(aim) or not all(self._one_of(aim, each) for each in [*firm, *kept]):
            return None
        if self._demand.budget is not None and not self._keep_within(aim, self._demand.budget):
            return None
        if not all(self._differ(aim, one, options) for one, options in self._demand.unlike):
            return None
        if not plain:
            self._value(aim, met)
        return aim

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
                for column, weight in met[wish].weights.items():
                    gain[column] = gain.get(column, 0.0) + weight * self._counts(wish)
        rest: dict[Column, float] = {}
        for name, default in self._bench.defaults.items():
            if default in self._frame.codes[name]:
                rest[self._column(name, default)] = self._usual(name)
        if self._demand.margin_weight:
            own = float(self._product.price) * self._times - float(self._product.cost)
            earned = self._amounts(own, lambda o: float(o.price) * self._times - float(o.cost))
            for column, weight in earned.weights.items():
                rest[column] = rest.get(column, 0.0) + weight * self._per_money
        for column, weight in rest.items():
            gain[column] = gain.get(column, 0.0) + weight * (BESIDE if self._demand.keeping else 1.0)

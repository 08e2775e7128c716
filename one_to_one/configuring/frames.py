"""A product of a pack as a space of choices: the modules it has, and the shop's rules that bind them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations, product
from math import lcm

from one_to_one.configuring.space import Choice, Clause, Limit, Pick, Rule, Space, Table
from one_to_one.pricing import BETWEEN, codes_of, joined
from one_to_one.rules import NONE, PRODUCT, AtMost, Excludes, Needs, Picked, Rows, Same, Sum, modules_in
from one_to_one.rules import Rule as ShopRule
from one_to_one.shop import Has, Module, Product, ShopPack

YES, NO = "yes", "no"
"""The codes of an option where several can be picked: each is a choice of its own."""

LONG = 40
"""A clause that lists more codes than this is cut into several that each list what isn't picked."""

type Statement = tuple[Pick, bool]
"""A pick that is made, or one that isn't."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What can be chosen about a product, as a space, and how configurations are written in it."""

    modules: Mapping[str, Module]  # of the product, in the order of the pack
    codes: Mapping[str, tuple[str, ...]]  # module → its options for this product, then NONE where it may be
    space: Space
    rule_of: tuple[str, ...]  # of each rule of the space: the id of the shop's rule it is made from, or ""

    def statement(self, module: str, code: str) -> Statement:
        """What it means in the space that a code is picked."""
        several = self.modules[module].several
        return ((f"{module}{BETWEEN}{code}", YES) if several else (module, code)), True

    def statements(self, module: str, chosen: str) -> Iterator[Statement]:
        """What a chosen value of a configuration says: this, and of several options no other."""
        if not self.modules[module].several:
            yield (module, chosen), True
            return
        picked = codes_of(chosen) or (NONE,)
        for code in self.codes[module]:
            pick, _ = self.statement(module, code)
            yield pick, code in picked

    def knows(self, module: str, chosen: str) -> bool:
        """Whether a value can stand in a configuration of this product at all."""
        if module not in self.modules:
            return False
        picked = codes_of(chosen) or (NONE,) if self.modules[module].several else (chosen,)
        return all(code in self.codes[module] for code in picked)

    def configuration(self, made: Mapping[str, str]) -> dict[str, str]:
        """What is made in the space, as the dialogue and the orders write it."""
        return {
            name: joined(module, self._picked(name, made)) if module.several else made[name]
            for name, module in self.modules.items()
        }

    def _picked(self, module: str, made: Mapping[str, str]) -> Iterable[str]:
        return (code for code in self.codes[module] if made.get(f"{module}{BETWEEN}{code}") == YES)


type Signature = tuple[object, ...]
"""Products with the same one have the same frame."""


def signature(pack: ShopPack, product: Product) -> Signature:
    """What the frame of a product depends on."""
    named = any(PRODUCT in modules_in(rule) for rule in pack.rules)
    narrowed = tuple(sorted((name, frozenset(codes)) for name, codes in product.options.items()))
    amounts = tuple(sorted(product.has.items())) if any(isinstance(r, Sum | Same) for r in pack.rules) else ()
    return (tuple(pack.modules_of(product)), narrowed, amounts, product.id if named else "")


def frame_of(pack: ShopPack, product: Product) -> Frame:
    """The frame of one product."""
    return _Carpenter(pack, product).frame()


class _Carpenter:
    """Makes one frame."""

    def __init__(self, pack: ShopPack, product: Product) -> None:
        self._pack = pack
        self._product = product
        self._modules = pack.modules_of(product)
        self._codes = {
            name: tuple(
                dict.fromkeys((*pack.options_of(product, module), *((NONE,) if module.optional else ())))
            )
            for name, module in self._modules.items()
        }

    def frame(self) -> Frame:
        choices = {choice.name: choice for choice in self._choices()}
        rules: list[tuple[str, Rule]] = [("", rule) for rule in self._of_modules()]
        for rule in self._pack.rules:
            rules.extend((rule.id, made) for made in self._of_rule(rule))
        space = Space(choices, tuple(rule for _, rule in rules))
        return Frame(self._modules, self._codes, space, tuple(name for name, _ in rules))

    def _choices(self) -> Iterator[Choice]:
        for name, module in self._modules.items():
            if module.several:
                yield from (Choice(f"{name}{BETWEEN}{code}", (YES, NO)) for code in self._codes[name])
            else:
                yield Choice(name, self._codes[name])

    def _of_modules(self) -> Iterator[Rule]:
        """Of several options: one at least, unless none is allowed, and so many at most."""
        for name, module in self._modules.items():
            if not module.several:
                continue
            options = [self._pick(name, code) for code in self._codes[name] if code != NONE]
            every = [self._pick(name, code) for code in self._codes[name]]
            yield Clause(tuple((pick, True) for pick in every))
            if module.optional:
                none = self._pick(name, NONE)
                yield from (Clause(((none, False), (pick, False))) for pick in options)
            if module.most is not None and module.most < len(options):
                yield Limit(dict.fromkeys(options, 1), module.most)

    def _pick(self, module: str, code: str) -> Pick:
        several = self._modules[module].several
        return (f"{module}{BETWEEN}{code}", YES) if several else (module, code)

    def _of_rule(self, rule: ShopRule) -> Iterator[Rule]:
        match rule:
            case Needs():
                for module, codes in rule.then.items():
                    needed = self._any(module, codes)
                    if needed is not None:
                        yield from self._clauses(rule.when, needed)
            case Excludes():
                yield from self._clauses(rule.of, ())
            case AtMost():
                yield from self._at_most(rule)
            case Sum():
                yield from self._sum(rule)
            case Same():
                for one, other in combinations(rule.modules, 2):
                    yield from self._same(rule, one, other)
            case Rows():
                yield from self._rows(rule)

    def _any(self, module: str, codes: Sequence[str]) -> tuple[Statement, ...] | None:
        """The statements of which one holds when any of the codes is picked; None when that is so anyway."""
        if module not in self._modules:
            always = self._product.id in codes if module == PRODUCT else NONE in codes
            return None if always else ()
        return tuple((self._pick(module, code), True) for code in codes if code in self._codes[module])

    def _clauses(self, when: Picked, then: tuple[Statement, ...]) -> Iterator[Clause]:
        """Not all of `when`, or any of `then`."""
        unmet = [self._none_of(module, codes) for module, codes in when.items()]
        if all(ways is not None for ways in unmet):
            for row in product(*(ways for ways in unmet if ways)):
                yield Clause((*(statement for way in row for statement in way), *then))

    def _none_of(self, module: str, codes: Sequence[str]) -> tuple[tuple[Statement, ...], ...] | None:
        """The ways to say that none of the codes is picked: each is a clause, and all of them hold.

        Empty where one of the codes is picked in any case; None where none of them can be picked at all.
        """
        met = self._any(module, codes)
        if met is None:
            return ()
        if not met:
            return None
        others = [code for code in self._codes[module] if code not in codes]
        if len(met) == 1 or self._modules[module].several or len(others) > LONG:
            return tuple(((pick, False),) for pick, _ in met)
        return (tuple((self._pick(module, code), True) for code in others),)

    def _at_most(self, rule: AtMost) -> Iterator[Rule]:
        counted = [(m, code) for m, codes in rule.of.items() if m in self._modules for code in codes]
        picks = [self._pick(m, code) for m, code in counted if code in self._codes[m]]
        if len(picks) > rule.most:
            yield Limit(dict.fromkeys(picks, 1), rule.most)

    def _sum(self, rule: Sum) -> Iterator[Rule]:
        """What is taken less what is supplied, in whole units."""
        supply = rule.most if isinstance(rule.most, str) else None
        room = Decimal(0) if supply else Decimal(rule.most)
        room -= _net(self._product.has, rule.of, supply)
        weights = {
            self._pick(name, code): _net(module.options[code].has, rule.of, supply)
            for name, module in self._modules.items()
            for code in self._codes[name]
            if code != NONE
        }
        unit = lcm(*(amount.as_integer_ratio()[1] for amount in (room, *weights.values())))
        taken = {pick: int(amount * unit) for pick, amount in weights.items() if amount}
        if taken:
            yield Limit(taken, int(room * unit))
        elif room < 0:
            yield Clause(())

    def _same(self, rule: Same, one: str, other: str) -> Iterator[Rule]:
        """For each code of one module: any code of the other that agrees."""
        if one not in self._modules or other not in self._modules:
            return
        for code in self._codes[one]:
            mine = self._has(one, code, rule.of)
            theirs = {there: self._has(other, there, rule.of) for there in self._codes[other]}
            fits = tuple(there for there, has in theirs.items() if None in (mine, has) or has == mine)
            if len(fits) < len(theirs):
                yield from self._clauses({one: (code,)}, self._any(other, fits) or ())

    def _has(self, module: str, code: str, of: str) -> Decimal | str | None:
        return None if code == NONE else self._modules[module].options[code].has.get(of)

    def _rows(self, rule: Rows) -> Iterator[Rule]:
        scope = [name for name in rule.modules if name != PRODUCT]
        if any(name not in self._modules for name in scope):
            return
        rows = []
        for row in rule.rows:
            by_module = dict(zip(rule.modules, row, strict=True))
            if by_module.get(PRODUCT, self._product.id) == self._product.id and all(
                by_module[name] in self._codes[name] for name in scope
            ):
                rows.append(tuple(by_module[name] for name in scope))
        yield Table(tuple(scope), tuple(dict.fromkeys(rows)))


def _net(has: Has, of: str, supply: str | None) -> Decimal:
    """How much of something is taken, less what is supplied of it."""
    taken, supplied = has.get(of, Decimal(0)), has.get(supply or "", Decimal(0))
    amounts = [amount if isinstance(amount, Decimal) else Decimal(0) for amount in (taken, supplied)]
    return amounts[0] - amounts[1]

"""Whether a finished configuration keeps the rules of its shop, one rule at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import combinations

from one_to_one.pricing import codes_of
from one_to_one.rules import NONE, PRODUCT, AtMost, Excludes, Needs, Rows, Rule, Same, Sum
from one_to_one.shop import Has, Product, ShopPack


def broken_rules(pack: ShopPack, product: Product, options: Mapping[str, str]) -> list[Rule]:
    """The rules that a configuration breaks, in the order of the pack."""
    checked = Checked(pack, product, options)
    return [rule for rule in pack.rules if not checked.keeps(rule)]


class Checked:
    """One configuration, looked at."""

    def __init__(self, pack: ShopPack, product: Product, options: Mapping[str, str]) -> None:
        self._modules = pack.modules_of(product)
        self._product = product
        self._picked = {name: codes_of(options.get(name, NONE)) or (NONE,) for name in self._modules}
        self._picked[PRODUCT] = (product.id,)

    def keeps(self, rule: Rule) -> bool:
        """Whether the configuration keeps one rule."""
        match rule:
            case Needs():
                return not self._all(rule.when) or self._all(rule.then)
            case Excludes():
                return not self._all(rule.of)
            case AtMost():
                return self._count(rule) <= rule.most
            case Sum():
                return self._sum(rule)
            case Same():
                return all(self._agree(rule, one, other) for one, other in combinations(rule.modules, 2))
            case Rows():
                return self._listed(rule)

    def _all(self, of: Mapping[str, Sequence[str]]) -> bool:
        return all(not set(codes).isdisjoint(self._codes(name)) for name, codes in of.items())

    def _codes(self, module: str) -> tuple[str, ...]:
        return self._picked.get(module, (NONE,))

    def _count(self, rule: AtMost) -> int:
        return sum(code in codes for name, codes in rule.of.items() for code in self._picked.get(name, ()))

    def _sum(self, rule: Sum) -> bool:
        if isinstance(rule.most, str):
            return self._amount(rule.of) <= self._amount(rule.most)
        return self._amount(rule.of) <= rule.most

    def _amount(self, of: str) -> Decimal:
        chosen = [
            self._modules[name].options[code].has
            for name in self._modules
            for code in self._picked[name]
            if code != NONE
        ]
        return sum((_of(has, of) for has in (self._product.has, *chosen)), Decimal(0))

    def _agree(self, rule: Same, one: str, other: str) -> bool:
        said = {self._has(name, rule.of) for name in (one, other)} - {None}
        return len(said) < 2

    def _has(self, module: str, of: str) -> Decimal | str | None:
        [code] = self._codes(module)
        return None if code == NONE else self._modules[module].options[code].has.get(of)

    def _listed(self, rule: Rows) -> bool:
        if any(name not in self._picked for name in rule.modules):
            return True
        return tuple(self._picked[name][0] for name in rule.modules) in rule.rows


def _of(has: Has, name: str) -> Decimal:
    amount = has.get(name, Decimal(0))
    return amount if isinstance(amount, Decimal) else Decimal(0)

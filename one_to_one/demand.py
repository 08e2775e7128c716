"""What is asked for: every option, pairs of options nobody ever took together, and wishes that went unmet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from one_to_one.pricing import codes_of
from one_to_one.rules import NONE
from one_to_one.shop import ShopPack

PRODUCT = "product"
"""The product is a choice like any other."""


@dataclass(frozen=True, slots=True)
class Sold:
    """One line of an order."""

    product: str
    options: Mapping[str, str]
    quantity: Decimal
    price: Decimal  # of one
    cost: Decimal  # of one


@dataclass(frozen=True, slots=True)
class Wished:
    """Something that a customer wanted in vain."""

    customer: str
    what: str  # codes as `topic=value`, joined by "+", or what the thing is called


@dataclass(frozen=True, slots=True)
class Demand:
    """One option, and how it sells. Amounts are in the shop's currency."""

    module: str
    option: str
    lines: int
    pieces: Decimal
    share: float  # of the lines that have the module; 0 when there are none
    revenue: Decimal
    margin: Decimal
    known: bool = True  # whether the pack still has it


@dataclass(frozen=True, slots=True)
class Untaken:
    """Two options that nobody ever took together, though each is taken."""

    one: tuple[str, str]  # module, option
    other: tuple[str, str]
    expected: float  # lines it would have been in, if the two had nothing to do with each other


@dataclass(frozen=True, slots=True)
class Unmet:
    """A wish, by how many it was made."""

    what: str
    times: int
    customers: int


def demanded(pack: ShopPack, sold: Sequence[Sold]) -> list[Demand]:
    """Every option of the pack and everything that was sold, module by module, the most wanted first."""
    lines: Counter[tuple[str, str]] = Counter()
    pieces: dict[tuple[str, str], Decimal] = {}
    revenue: dict[tuple[str, str], Decimal] = {}
    margin: dict[tuple[str, str], Decimal] = {}
    having: Counter[str] = Counter()
    for line in sold:
        having.update({module for module, _ in chosen(line)})
        for choice in chosen(line):
            lines[choice] += 1
            pieces[choice] = pieces.get(choice, Decimal(0)) + line.quantity
            revenue[choice] = revenue.get(choice, Decimal(0)) + line.price * line.quantity
            margin[choice] = margin.get(choice, Decimal(0)) + (line.price - line.cost) * line.quantity
    known = choices(pack)
    order = {module: number for number, module in enumerate([PRODUCT, *pack.modules])}
    found = [
        Demand(
            module=module,
            option=option,
            lines=lines[module, option],
            pieces=pieces.get((module, option), Decimal(0)),
            share=lines[module, option] / having[module] if having[module] else 0.0,
            revenue=revenue.get((module, option), Decimal(0)),
            margin=margin.get((module, option), Decimal(0)),
            known=(module, option) in known,
        )
        for module, option in known | set(lines)
    ]
    return sorted(
        found, key=lambda one: (order.get(one.module, len(order)), one.module, -one.lines, one.option)
    )


def choices(pack: ShopPack) -> set[tuple[str, str]]:
    """Everything the pack lets a customer choose."""
    options = {(name, code) for name, module in pack.modules.items() for code in module.options}
    left_out = {(name, NONE) for name, module in pack.modules.items() if module.optional}
    return {(PRODUCT, product) for product in pack.products} | options | left_out


def chosen(line: Sold) -> tuple[tuple[str, str], ...]:
    """What was chosen in a line: the product, and each option."""
    options = [
        (name, code) for name, said in sorted(line.options.items()) for code in (codes_of(said) or (NONE,))
    ]
    return ((PRODUCT, line.product), *options)


def never_together(pack: ShopPack, sold: Sequence[Sold], most: int) -> list[Untaken]:
    """Pairs of the pack's options, of different modules, in no line together: those first whose absence
    surprises most. Pairs that the product doesn't have are none."""
    single: Counter[tuple[str, str]] = Counter()
    together: Counter[tuple[tuple[str, str], tuple[str, str]]] = Counter()
    both: Counter[tuple[str, str]] = Counter()  # lines that have two modules
    for line in sold:
        mine = sorted(set(chosen(line)))
        single.update(mine)
        both.update(combinations(sorted({module for module, _ in mine}), 2))
        together.update(combinations(mine, 2))
    taken = sorted(choice for choice in choices(pack) if single[choice])
    found = [
        Untaken(one, other, single[one] * single[other] / both[one[0], other[0]])
        for one, other in combinations(taken, 2)
        if one[0] != other[0]
        and not together[one, other]
        and both[one[0], other[0]]
        and _fits(pack, one, other)
    ]
    return sorted(found, key=lambda pair: (-pair.expected, pair.one, pair.other))[:most]


def _fits(pack: ShopPack, one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Whether a product has the option at all, where one of the two is a product."""
    for (module, name), (of, code) in ((one, other), (other, one)):
        if module == PRODUCT:
            product = pack.products[name]
            return of in pack.modules_of(product) and (
                code == NONE or code in pack.options_of(product, pack.modules[of])
            )
    return True


def unmet(wishes: Iterable[Wished]) -> list[Unmet]:
    """The wishes that went unmet, by how often they were made."""
    times: Counter[str] = Counter()
    who: dict[str, set[str]] = {}
    for wish in wishes:
        times[wish.what] += 1
        who.setdefault(wish.what, set()).add(wish.customer)
    return [
        Unmet(what, count, len(who[what]))
        for what, count in sorted(times.items(), key=lambda x: (-x[1], x[0]))
    ]

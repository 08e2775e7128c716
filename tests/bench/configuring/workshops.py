"""How long the workshop takes for the best, and for what is left: on every pack, and as options grow.

The demands are drawn from a fixed seed: up to four wishes about any modules, one in ten of them firm, tastes
in products, and for two of three customers a budget around what the shop's products cost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from random import Random
from time import perf_counter

from cli.benching import BenchOptions, Figure
from one_to_one.configuring.wishing import Wish
from one_to_one.configuring.workshop import Workshop
from one_to_one.pack import read_pack
from one_to_one.rules import Excludes, Needs, Rule, Sum
from one_to_one.shop import Module, Option, ShopPack
from settings import ROOT

AIM = 30.0
"""Milliseconds within which the best should be found."""

DEMANDS = 200
SIZES = (100, 1_000, 10_000)
"""Options of the shops made up by rule."""

ROUNDS = 2
"""The quickest of so many counts: what else the machine does isn't measured."""


@dataclass(frozen=True, slots=True)
class Demand:
    """What one customer wants."""

    wishes: tuple[Wish, ...]
    budget: Decimal | None
    fancied: Mapping[str, float]


def measure(options: BenchOptions) -> Iterator[Figure]:
    """The packs of the project, then shops with more and more options."""
    for folder in sorted(path.parent for path in (ROOT / "data" / "shops").glob("*/shop.yml")):
        options.say(f"Making up things in {folder.name} …")
        yield from _figures(read_pack(folder), folder.name, DEMANDS)
    pack = read_pack(ROOT / "data" / "shops" / "coffee")
    for size in SIZES:
        options.say(f"Making up things of {size:,} options …")
        yield from _figures(grown(pack, size), f"{size}_options", max(10, DEMANDS * 100 // size))


def _figures(pack: ShopPack, name: str, count: int) -> Iterator[Figure]:
    workshop, demands = Workshop(pack), list(drawn(pack, count))
    day = datetime.now(UTC).date()
    for product in pack.products:
        workshop.left(product, day=day)
    workshop.best(day=day)
    bests, lefts = [], []
    for demand in demands:
        best = partial(workshop.best, demand.wishes, budget=demand.budget, fancied=demand.fancied, day=day)
        taken, made = _quickest(best)
        bests.append(taken)
        if made is not None:
            half = dict(list(made.options.items())[: len(made.options) // 2])
            lefts.append(_quickest(partial(workshop.left, made.product, half, day=day))[0])
    yield Figure(f"best.p95_ms.{name}", _p95(bests), "ms", AIM, "asked of us")
    yield Figure(f"left.p95_ms.{name}", _p95(lefts), "ms")


def _quickest[T](work: Callable[[], T]) -> tuple[float, T]:
    """Milliseconds, and what came of it."""
    taken = []
    for _ in range(ROUNDS):
        start = perf_counter()
        result = work()
        taken.append((perf_counter() - start) * 1000)
    return min(taken), result


def _p95(values: Sequence[float]) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]


def drawn(pack: ShopPack, count: int) -> Iterator[Demand]:
    """What so many customers want; always the same."""
    random = Random(5)
    prices = sorted(product.price for product in pack.products.values())
    for _ in range(count):
        names = random.sample(sorted(pack.modules), min(len(pack.modules), random.randint(0, 4)))
        wishes = tuple(
            Wish(
                name,
                frozenset({random.choice(list(pack.modules[name].options))}),
                random.choice([0.3, 0.6, 1.0]),
                firm=random.random() < 0.1,
            )
            for name in names
        )
        budget = random.choice([None, *(prices[len(prices) * part // 4] * Decimal("1.1") for part in (1, 2))])
        yield Demand(wishes, budget, {name: random.random() * 2 for name in pack.products})


def grown(pack: ShopPack, size: int) -> ShopPack:
    """A shop with one product and so many options, in as many modules as each has options; by rule."""
    random, side = Random(size), round(size**0.5)
    modules = {f"m{place}": _module(f"m{place}", side, random) for place in range(side)}
    rules: list[Rule] = []
    for one in range(side - 1):
        first, other = f"m{one}", f"m{one + 1}"
        codes = [f"o{code}" for code in range(1, side)]
        why = pack.shop.name
        rules.append(
            Excludes(f"x{one}", why, {first: (random.choice(codes),), other: (random.choice(codes),)})
        )
        needed = ("o0", *random.sample(codes, side // 2))
        rules.append(Needs(f"n{one}", why, {first: (random.choice(codes),)}, {other: needed}))
    rules.append(Sum("watts", pack.shop.name, "watts", Decimal(60)))
    product = next(iter(pack.products.values()))
    product = replace(product, price=Decimal(1000), cost=Decimal(600), stock=99)
    return replace(pack, products={product.id: product}, modules=modules, rules=tuple(rules), offers={})


def _module(name: str, size: int, random: Random) -> Module:
    """The first option is the default and costs nothing; the first eight modules take something."""
    options = {}
    for code in range(size):
        price = Decimal(random.randint(0, 90) if code else 0)
        has = {"watts": Decimal(random.randint(1, 20))} if int(name[1:]) < 8 and code else {}
        options[f"o{code}"] = Option(f"o{code}", {}, Decimal(1), price, price / 2, has=has)
    return Module(name, {}, options, "o0")

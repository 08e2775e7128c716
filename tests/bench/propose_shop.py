"""Proposals of shops made up by rule: how long one takes, and whether it meets tastes that are known.

Customers have hidden tastes, of which they state some; they ordered, turned down and rated things before.
The proposal is made by the rules the shop uses, with everything it knows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from time import perf_counter

import numpy as np

from cli.benching import BenchOptions, Figure
from one_to_one.alike import Alike
from one_to_one.exploring import Appeal
from one_to_one.facts import Fact, Polarity
from one_to_one.history import Ordered, Rating, Shown
from one_to_one.insight import Insight
from one_to_one.proposals import Proposed, propose
from one_to_one.shop import ShopPack
from tests.bench.big_shops import NOW, customer, shop

SIZES = (100, 1_000, 10_000)
"""Products of the shops that are timed."""

TOPICS = 20
CUSTOMERS, ROUNDS = 60, 3
STATED = 6
"""Facts of each customer whose proposal is judged."""

AIM = 5.0
"""Milliseconds within which a proposal should be made with 10,000 products."""


def figures(
    options: BenchOptions, sizes: Sequence[int] = SIZES, customers: int = CUSTOMERS
) -> Iterator[Figure]:
    """The time of a proposal by size, then how well it meets what was stated."""
    for size in sizes:
        options.say(f"Proposing from {size:,} products")
        yield _time(shop(size, TOPICS), size, customers)
    options.say("Judging proposals by tastes that are known")
    yield from _quality(shop(1_000, TOPICS), customers)


def _time(pack: ShopPack, size: int, customers: int) -> Figure:
    """Of each customer's proposals the quickest round counts: what else the machine does isn't measured."""
    insight = _insight(pack)
    people = [_person(pack, seed) for seed in range(customers)]
    _made(pack, people[0], insight, 1)
    taken = []
    for seed, person in enumerate(people, start=1):
        rounds = []
        for _ in range(ROUNDS):
            start = perf_counter()
            _made(pack, person, insight, seed)
            rounds.append(perf_counter() - start)
        taken.append(min(rounds) * 1000)
    aim = AIM if size == max(SIZES) else None
    return Figure(
        f"propose.p95_ms.{size}", float(np.percentile(taken, 95)), "ms", aim, "our aim" if aim else ""
    )


type Person = tuple[list[Fact], list[Ordered], list[Shown]]


def _person(pack: ShopPack, seed: int) -> Person:
    """Somebody with fifteen facts, eight orders and ten things turned down."""
    dice = np.random.default_rng(seed)
    names = list(pack.products)
    ratings = (None, Rating.LIKED, Rating.OK, Rating.DISLIKED)
    orders = [
        Ordered(names[int(dice.integers(len(names)))], {}, NOW - timedelta(days=9 * n), ratings[n % 4], n)
        for n in range(1, 9)
    ]
    shown = [
        Shown(names[int(dice.integers(len(names)))], NOW - timedelta(days=n), "rejected")
        for n in range(2, 12)
    ]
    return customer(pack, 15, seed), orders, shown


def _insight(pack: ShopPack) -> Insight:
    """As much learned from others as there can be of this catalogue."""
    names = list(pack.products)
    near = {
        name: tuple((names[(n * 7 + k) % len(names)], 1 / k) for k in range(1, 21))
        for n, name in enumerate(names)
    }
    counts = {name: (float(n % 5), float(n % 7)) for n, name in enumerate(names)}
    return Insight(alike=Alike(10_000, 50_000, near), appeal=Appeal(products=counts))


def _made(pack: ShopPack, person: Person, insight: Insight, seed: int) -> tuple[Proposed, ...]:
    facts, orders, shown = person
    return propose(pack, facts, orders, shown, NOW, seed=seed, insight=insight)


def _quality(pack: ShopPack, customers: int) -> Iterator[Figure]:
    """How many of the stated likes the proposals meet, beside chance; and how many hold something new."""
    met, chance, against, new, total = [], [], 0, 0, 0
    dice = np.random.default_rng(3)
    for seed in range(customers):
        known = customer(pack, STATED, seed + 1000)
        items = propose(pack, known, [], [], NOW, seed=seed + 1)
        regular = [item.product for item in items if not item.novel]
        anything = dice.choice(sorted(pack.products), size=len(regular)).tolist()
        met += [_share_met(pack, known, name) for name in regular]
        chance += [_share_met(pack, known, name) for name in anything]
        against += sum(_is_against(pack, known, item.product) for item in items)
        new += sum(item.novel for item in items)
        total += len(items)
    yield Figure(
        "propose.likes_met", float(np.nanmean(met)), "share", float(np.nanmean(chance)), "taken at random"
    )
    yield Figure("propose.against_dislikes", against / total, "share", 0.0, "none should be")
    yield Figure("propose.novelty", new / total, "share", 1 / 3, "one of three")


def _share_met(pack: ShopPack, known: Sequence[Fact], product: str) -> float:
    """Of the likes about products, the share that this one has; nan when there are none."""
    attributes = pack.products[product].attributes
    likes = [fact for fact in known if fact.polarity is Polarity.LIKES and fact.topic in attributes]
    return sum(fact.value in attributes[fact.topic] for fact in likes) / len(likes) if likes else float("nan")


def _is_against(pack: ShopPack, known: Sequence[Fact], product: str) -> bool:
    attributes = pack.products[product].attributes
    return any(
        fact.polarity is not Polarity.LIKES and fact.value in attributes.get(fact.topic, ()) for fact in known
    )

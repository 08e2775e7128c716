"""Who the simulated customers are: tastes that nobody sees, and that drift.

A customer belongs to one of a few *types*. A type likes what a few products of the catalogue have (its
anchors), and has a leaning of its own for everything else (a Dirichlet draw for each topic), so that
customers of a type resemble each other, and what they like can be had. Nothing here knows how the shop
weighs tastes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from one_to_one.facts import Heard, Polarity
from one_to_one.shop import Product, ShopPack, Topic, TopicKind

type Floats = NDArray[np.float64]

TYPES = 6
ANCHORS = 3
"""Products that a type's tastes are drawn around."""

ANCHORED = 0.6
"""How much of a type's leaning comes from its anchors; the rest is its own."""

PEAKED = 0.4
"""The concentration of the Dirichlet draw: below 1, a few values get most of it."""

ODD = 0.15
"""How often somebody is unlike their type in a topic."""

CARES_NOT = 0.2
"""How often somebody doesn't mind in a topic at all."""

DISLIKES = 0.25
"""How often a topic has a value that somebody dislikes; one in eight of these is a never."""

NEVER = 0.125
SENSITIVE = 0.08
"""How many customers have something to say in a sensitive topic."""

CLOSE = 0.4
"""What a neighbour of the liked value is worth on a scale, where the value itself is worth 1."""

WRONG = -1.5
"""What a disliked value is worth."""

FORBIDDEN = -10.0
OWN = 0.15
"""The spread of what somebody finds in a product that no topic explains."""

DEAR = 1.5
"""What a product at twice the customer's limit costs them, in utility, where they mind money most."""

type Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Taste:
    """What one customer wants, at one moment. The shop never sees it."""

    wants: Mapping[str, tuple[str, ...]]  # topic -> liked values, dearest first; empty: doesn't mind
    averse: frozenset[Pair]
    never: frozenset[Pair]

    def is_true(self, topic: str, value: str, polarity: Polarity) -> bool:
        """Whether a statement about them holds."""
        if polarity is Polarity.LIKES:
            return value in self.wants.get(topic, ())
        if polarity is Polarity.NEVER:
            return (topic, value) in self.never
        return (topic, value) in self.averse | self.never

    def said(self, topic: Topic) -> list[Heard]:
        """What they would truly answer when asked about a topic; empty: they don't mind, or have none."""
        liked = [_heard(topic.name, value, topic.answer) for value in self.wants.get(topic.name, ())]
        bad = [_heard(t, v, Polarity.DISLIKES) for t, v in sorted(self.averse) if t == topic.name]
        worst = [_heard(t, v, Polarity.NEVER) for t, v in sorted(self.never) if t == topic.name]
        if topic.answer is not Polarity.LIKES:
            return worst
        return [*liked, *bad, *worst] if topic.many or not liked else liked


def _heard(topic: str, value: str, polarity: Polarity) -> Heard:
    return Heard(topic, value, polarity, 1.0, f"{topic} {value}")


@dataclass(frozen=True, slots=True)
class Manner:
    """How somebody behaves, as chances (0..1)."""

    refuses: float  # rather not say
    later: float  # not now
    ignores: float  # says nothing to the question
    digresses: float  # answers with something else
    interrupts: float  # leaves half-way
    hurry: float  # orders the usual and nothing else, when there is a usual
    volunteers: float  # says what they like, or what changed, unasked
    complains: float  # something went wrong with an order
    mood: float  # wants something else just today
    consents: bool  # lets sensitive things be kept


@dataclass(frozen=True)
class Person:
    """One customer to be: taste, manner, and the days on which they come."""

    number: int
    kind: int  # their type
    manner: Manner
    days: tuple[float, ...]  # of the year, rising
    channels: tuple[int, ...]  # of each visit: 0 the first channel, 1 the second
    linked: float  # the day on which they let the shop know that both are them
    language: str
    importance: Mapping[str, float]  # topic -> weight; those that products differ in sum to 1
    minds_money: float  # 0..1
    quirks: Floats  # of each product: what only they find in it


@dataclass(frozen=True)
class World:
    """A pack as the customers see it, and the types they come from."""

    pack: ShopPack
    seed: int
    types: Sequence[Mapping[str, Floats]] = field(default=(), repr=False)

    @cached_property
    def products(self) -> list[Product]:
        """All products, in the order of their ids."""
        return sorted(self.pack.products.values(), key=lambda product: product.id)

    @cached_property
    def row(self) -> dict[str, int]:
        """Product id → its place."""
        return {product.id: number for number, product in enumerate(self.products)}

    @cached_property
    def tasted(self) -> list[Topic]:
        """The topics in which products differ, of those whose answer is a liking."""
        attributes = {name for product in self.products for name in product.attributes}
        return [t for t in self.pack.topics.values() if t.name in attributes and t.values and not t.sensitive]

    @cached_property
    def has(self) -> Mapping[str, NDArray[np.bool_]]:
        """Topic → products × values: who has what."""
        return {
            topic.name: np.array(
                [[code in p.attributes.get(topic.name, ()) for code in topic.values] for p in self.products],
                dtype=bool,
            )
            for topic in self.tasted
        }

    @cached_property
    def prices(self) -> Floats:
        """Of each product, as it is sold by default."""
        return np.array([float(product.price) for product in self.products])

    @cached_property
    def in_stock(self) -> NDArray[np.bool_]:
        """Which can be had at all."""
        return np.array([product.stock > 0 for product in self.products], dtype=bool)

    @cached_property
    def leanings(self) -> list[dict[str, Floats]]:
        """Of each type: topic → how much it leans to each value; sums to 1."""
        chance = np.random.default_rng([self.seed, 0])
        return [self._leaning(chance) for _ in range(TYPES)]

    def _leaning(self, chance: np.random.Generator) -> dict[str, Floats]:
        anchors = chance.choice(len(self.products), size=min(ANCHORS, len(self.products)), replace=False)
        found: dict[str, Floats] = {}
        for topic in self.pack.topics.values():
            if not topic.values:
                continue
            own = chance.dirichlet(np.full(len(topic.values), PEAKED))
            held = self.has[topic.name][anchors].sum(axis=0) if topic.name in self.has else np.zeros(0)
            found[topic.name] = (
                ANCHORED * held / held.sum() + (1 - ANCHORED) * own if held.size and held.sum() else own
            )
        return found


def person(world: World, number: int, days: int) -> tuple[Person, Taste]:
    """The customer of this number, and their taste on the day they come first."""
    chance = np.random.default_rng([world.seed, 1, number])
    kind = int(chance.choice(TYPES, p=shares()))
    visits = tuple(_visits(chance, days))
    second = float(chance.random()) < 0.25
    weights = importance_drawn(world, chance)
    return (
        Person(
            number=number,
            kind=kind,
            manner=_manner(chance),
            days=visits,
            channels=tuple(int(second and chance.random() < 0.4) for _ in visits),
            linked=float(chance.uniform(0.2, 1.0) * days) if second else 0.0,
            language=str(chance.choice(["zh-Hant", "zh-Hans", "en"])),
            importance={t.name: float(w) for t, w in zip(world.tasted, weights, strict=True)},
            minds_money=float(chance.beta(2, 2)),
            quirks=chance.normal(0.0, OWN, size=len(world.products)),
        ),
        drawn_taste(world, kind, chance),
    )


def importance_drawn(world: World, chance: np.random.Generator) -> Floats:
    """How much each topic that products differ in matters to somebody; sums to 1."""
    weights = chance.gamma(1.5, size=len(world.tasted))
    return np.asarray(weights / weights.sum())


def shares() -> Floats:
    """How much of everybody each type is."""
    falling = np.array([1.0 / (rank + 2) for rank in range(TYPES)])
    return np.asarray(falling / falling.sum())


def _visits(chance: np.random.Generator, days: int) -> Iterator[float]:
    """From some day of the first three quarters on, at a rhythm of their own, never quite regularly."""
    gap = float(np.clip(chance.lognormal(3.2, 0.5), 7, 120))
    day = float(chance.uniform(0, 0.75 * days)) if chance.random() < 0.7 else float(chance.uniform(0, 20))
    while day < days:
        yield day
        day += float(chance.gamma(4.0, gap / 4.0)) + 0.1


def _manner(chance: np.random.Generator) -> Manner:
    def about(mean: float) -> float:
        return float(chance.beta(4 * mean, 4 * (1 - mean)))

    return Manner(
        refuses=about(0.06),
        later=about(0.05),
        ignores=about(0.1),
        digresses=about(0.05),
        interrupts=about(0.05),
        hurry=about(0.35),
        volunteers=about(0.35),
        complains=about(0.04),
        mood=about(0.06),
        consents=bool(chance.random() < 0.7),
    )


def drawn_taste(world: World, kind: int, chance: np.random.Generator) -> Taste:
    """The taste of somebody of this type."""
    wants: dict[str, tuple[str, ...]] = {}
    averse, never = set[Pair](), set[Pair]()
    for topic in world.pack.topics.values():
        if topic.sensitive and topic.values:
            if chance.random() < SENSITIVE:
                never.add((topic.name, str(chance.choice(list(topic.values)))))
            continue
        wants[topic.name] = _wants(world, kind, topic, chance)
        if topic.values and topic in world.tasted and chance.random() < DISLIKES:
            bad = _unliked(world, kind, topic, wants[topic.name], chance)
            if bad is not None:
                (never if chance.random() < NEVER and not topic.suits else averse).add((topic.name, bad))
    return Taste(wants, frozenset(averse), frozenset(never))


def _wants(world: World, kind: int, topic: Topic, chance: np.random.Generator) -> tuple[str, ...]:
    if topic.kind is TopicKind.NUMBER:
        return (str(1 + int(chance.poisson(1.2))),)
    if topic.kind is TopicKind.MONEY:
        limit = float(np.quantile(world.prices, chance.uniform(0.3, 1.0)))
        return (str(int(-(-limit // 10) * 10)),) if chance.random() < 0.6 else ()
    if not topic.values:
        return (f"{topic.name} of theirs",) if chance.random() < 0.5 else ()
    if topic in world.tasted and chance.random() < CARES_NOT:
        return ()
    leaning = world.leanings[kind][topic.name]
    if chance.random() < ODD:
        leaning = np.full(len(leaning), 1.0 / len(leaning))
    possible = int((leaning > 0).sum())
    count = min(possible, 1 + int(chance.binomial(2, 0.35)) if topic.many else 1)
    drawn = chance.choice(list(topic.values), size=count, replace=False, p=leaning)
    return tuple(str(value) for value in drawn)


def _unliked(
    world: World, kind: int, topic: Topic, liked: Sequence[str], chance: np.random.Generator
) -> str | None:
    """On a scale what is furthest from the liked; else what the type leans to least, more or less."""
    codes = list(topic.values)
    if topic.scale and liked:
        place = codes.index(liked[0])
        far = codes[0] if place > len(codes) - 1 - place else codes[-1]
        return far if abs(codes.index(far) - place) > 1 else None
    against = 1.0 / (world.leanings[kind][topic.name] + 0.05)
    bad = str(chance.choice(codes, p=against / against.sum()))
    return None if bad in liked else bad


DRIFT = {True: 0.25, False: 0.1}
"""How often a year a topic changes: one that products differ in, or another."""


def drifted(
    world: World, who: Person, taste: Taste, span: float, chance: np.random.Generator
) -> tuple[Taste, list[str]]:
    """The taste after `span` days: a Poisson process in each topic; and the topics that changed."""
    wants, averse, never = dict(taste.wants), taste.averse, taste.never
    changed = []
    for name in taste.wants:
        topic = world.pack.topics[name]
        if topic.kind in (TopicKind.NAME, TopicKind.TEXT, TopicKind.TEXTS):
            continue
        if chance.random() < 1.0 - np.exp(-DRIFT[name in world.has] * span / 365.0):
            fresh = _moved(world, who, topic, wants[name], chance)
            if fresh != wants[name]:
                wants[name] = fresh
                averse = frozenset(p for p in averse if p[0] != name or p[1] not in fresh)
                never = frozenset(p for p in never if p[0] != name or p[1] not in fresh)
                changed.append(name)
    return (replace(taste, wants=wants, averse=averse, never=never), changed) if changed else (taste, [])


def _moved(
    world: World, who: Person, topic: Topic, liked: tuple[str, ...], chance: np.random.Generator
) -> tuple[str, ...]:
    """One step on a scale; else drawn anew, now and then as another type would."""
    codes = list(topic.values)
    if topic.scale and liked:
        place = codes.index(liked[0]) + int(chance.choice([-1, 1]))
        return (codes[min(max(place, 0), len(codes) - 1)],)
    kind = who.kind if chance.random() < 0.7 else int(chance.integers(TYPES))
    return _wants(world, kind, topic, chance)


def utility(world: World, who: Person, taste: Taste) -> Floats:
    """What each product is truly worth to them: 1 is all they like and nothing they don't."""
    total = np.array(who.quirks)
    for topic in world.tasted:
        total += who.importance[topic.name] * match(world, topic, taste)
    limit = next(
        (float(v[0]) for t, v in taste.wants.items() if v and world.pack.topics[t].kind is TopicKind.MONEY),
        None,
    )
    if limit is not None:
        total -= DEAR * who.minds_money * np.maximum(0.0, world.prices / limit - 1.0)
    return np.asarray(np.where(world.in_stock, total, -np.inf))


def match(world: World, topic: Topic, taste: Taste) -> Floats:
    """How well each product suits the taste in one topic: 1 is as liked."""
    has, worth = world.has[topic.name], _worth(topic, taste)
    if topic.suits:  # what suits several things need suit only one of theirs
        return np.asarray(np.where(has, worth, -np.inf).max(axis=1, initial=-np.inf).clip(FORBIDDEN, 1.0)) * (
            has.any(axis=1)
        )
    good = np.where(has, np.maximum(worth, 0.0), 0.0).max(axis=1, initial=0.0)
    bad = np.where(has, np.minimum(worth, 0.0), 0.0).min(axis=1, initial=0.0)
    return np.asarray(good + bad)


def _worth(topic: Topic, taste: Taste) -> Floats:
    codes = list(topic.values)
    liked = taste.wants.get(topic.name, ())
    worth = np.array([1.0 if code in liked else 0.0 for code in codes])
    if topic.scale:
        for value in liked:
            place = codes.index(value)
            for beside in (place - 1, place + 1):
                if 0 <= beside < len(codes) and not worth[beside]:
                    worth[beside] = CLOSE
    for number, code in enumerate(codes):
        if (topic.name, code) in taste.averse:
            worth[number] = WRONG
        if (topic.name, code) in taste.never:
            worth[number] = FORBIDDEN
    return worth

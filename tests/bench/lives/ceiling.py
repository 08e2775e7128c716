"""How soon a good proposal could come, if questions were chosen by who knows everything but this customer.

`python -m tests.bench.lives.ceiling`: customers answer truthfully, one question after the other, tell nothing
unasked and buy nothing. An *insider* knows the types of this world, how often each answers what, and how
much tastes weigh; not whom it has before it. Nobody without clairvoyance can know more, so it tells what
choosing questions could bring, and, for every way of asking, how probable a good proposal is: what only this
customer finds in a product is averaged out, and few customers suffice to compare. See docs/lives.md.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property

import numpy as np

from one_to_one.catalogue import Flags, Floats
from one_to_one.crowd import crowd_of_catalogue
from one_to_one.crowd_counts import Person as Counted
from one_to_one.crowd_counts import count
from one_to_one.crowd_model import LearnedCrowd
from one_to_one.facts import Fact, FactId, Polarity, Source
from one_to_one.insight import Insight
from one_to_one.ledger import Question, QuestionState
from one_to_one.pack import read_pack
from one_to_one.planner import next_question
from one_to_one.proposals import propose
from one_to_one.shop import Topic, TopicKind
from settings import ROOT
from tests.bench.lives.people import (
    DEAR,
    OWN,
    TYPES,
    Taste,
    World,
    drawn_taste,
    importance_drawn,
    match,
    person,
    shares,
    utility,
)
from tests.bench.lives.visits import BEGAN, BEST, FIRM

MOST = 6
"""So many questions at most."""

EACH = 80
"""So many customers of each type are imagined."""

HEARD = 600
"""From so many customers of each type it is known how often they answer what."""

LOOKED_AT = 6
"""So many of the answers to a question are thought of, the likeliest."""

OTHERS = 500
"""So many others taught the shop, where it has learned: half of their tastes, and what they bought."""

SEEDS = range(31, 37)

type Said = tuple[tuple[str, Polarity], ...]
"""What somebody answers: values, and how they are meant. Empty: they don't mind."""

type Known = Mapping[str, Said]
type Answers = Sequence[Mapping[str, Counter[Said]]]
"""Type → topic → how many answer what."""


def said(taste: Taste, topic: Topic) -> Said:
    """Their answer."""
    return tuple((heard.value, heard.polarity) for heard in taste.said(topic))


@dataclass(frozen=True)
class Insider:
    """Knows how customers of this world come about."""

    world: World
    seed: int = 0
    _matches: dict[tuple[str, Said], Floats] = field(default_factory=dict, repr=False)

    @cached_property
    def topics(self) -> dict[str, Topic]:
        """What can be asked, in the order of the pack: what products differ in, and the budget."""
        every = self.world.pack.topics.values()
        return {t.name: t for t in every if t in self.world.tasted or t.kind is TopicKind.MONEY}

    @cached_property
    def _imagined(self) -> Sequence[Taste]:
        chance = np.random.default_rng([self.world.seed, 9, self.seed])
        return [drawn_taste(self.world, kind, chance) for kind in range(TYPES) for _ in range(EACH)]

    @cached_property
    def _manner(self) -> tuple[Floats, Floats, Floats]:
        """What topics weigh to each, what only they find in products, how much they mind money."""
        chance, size = np.random.default_rng([self.world.seed, 10, self.seed]), TYPES * EACH
        weights = np.array([importance_drawn(self.world, chance) for _ in range(size)])
        quirks = chance.normal(0.0, OWN, size=(size, len(self.world.products)))
        return weights, quirks, chance.beta(2, 2, size=(size, 1))

    @cached_property
    def _answers(self) -> Answers:
        chance = np.random.default_rng([self.world.seed, 11])
        told: Answers = [{name: Counter() for name in self.topics} for _ in range(TYPES)]
        for kind, counts in enumerate(told):
            for _ in range(HEARD):
                taste = drawn_taste(self.world, kind, chance)
                for name, topic in self.topics.items():
                    counts[name][said(taste, topic)] += 1
        return told

    @cached_property
    def _worth(self) -> Mapping[str, Floats]:
        """Topic → imagined customers × products: what it adds, where they don't say otherwise."""
        return {
            name: np.array([self._adds(name, said(taste, topic)) for taste in self._imagined])
            for name, topic in self.topics.items()
        }

    def _adds(self, name: str, answer: Said) -> Floats:
        """What an answer adds to each product, before it is weighed."""
        if (name, answer) not in self._matches:
            self._matches[name, answer] = self._added(self.topics[name], answer)
        return self._matches[name, answer]

    def _added(self, topic: Topic, answer: Said) -> Floats:
        liked, averse, never = (
            [value for value, meant in answer if meant is polarity]
            for polarity in (Polarity.LIKES, Polarity.DISLIKES, Polarity.NEVER)
        )
        if topic.kind is TopicKind.MONEY:
            over = self.world.prices / float(liked[0]) - 1.0 if liked else np.zeros(len(self.world.prices))
            return np.asarray(-DEAR * np.maximum(0.0, over))
        pairs = [frozenset((topic.name, value) for value in values) for values in (averse, never)]
        return match(self.world, topic, Taste({topic.name: tuple(liked)}, *pairs))

    def types(self, known: Known) -> Floats:
        """How probable each type is for somebody who answered so."""
        unheard = 1.0 / HEARD
        chances = np.log(shares())
        for name, answer in known.items():
            chances += np.log([counts[name][answer] + unheard for counts in self._answers])
        likely = np.exp(chances - chances.max())
        return np.asarray(likely / likely.sum())

    def answers(self, known: Known, name: str) -> list[tuple[Said, float]]:
        """The likeliest answers to a question, with their chances; these sum to 1."""
        expected: Counter[Said] = Counter()
        for chance, counts in zip(self.types(known), self._answers, strict=True):
            expected.update({answer: chance * often for answer, often in counts[name].items()})
        likeliest = expected.most_common(LOOKED_AT)
        whole = sum(often for _, often in likeliest)
        return [(answer, often / whole) for answer, often in likeliest]

    def _good(self, known: Known) -> tuple[Floats, Flags]:
        """Of each imagined customer who answers so: how probable, and which products are good for them."""
        weights, quirks, minds = self._manner
        total = np.where(self.world.in_stock, quirks, -np.inf)
        places = {topic.name: place for place, topic in enumerate(self.world.tasted)}
        for name, topic in self.topics.items():
            weight = minds if topic.kind is TopicKind.MONEY else weights[:, [places[name]]]
            total += weight * (self._adds(name, known[name]) if name in known else self._worth[name])
        least = int(np.ceil(BEST * (total.shape[1] - 1) - 1e-9))
        good = total >= np.partition(total, least, axis=1)[:, [least]]
        chances = self.types(known).repeat(EACH) / EACH
        return chances, good

    def chance(self, known: Known, shown: Collection[int]) -> float:
        """How probable it is that one of these products is good for somebody who answered so."""
        chances, good = self._good(known)
        return float(chances @ good[:, sorted(shown)].any(axis=1))

    def best_three(self, known: Known) -> list[int]:
        """What it would propose: one after the other what is likeliest good, where none before is."""
        chances, good = self._good(known)
        found: list[int] = []
        for _ in range(3):
            found.append(int(np.argmax(chances @ good)))
            chances = chances * ~good[:, found[-1]]
        return found

    def best_question(self, known: Known, shown: Callable[[Known], Sequence[int]]) -> str:
        """The question after whose answer a good proposal is likeliest; `shown`: what is proposed then."""

        def worth(name: str) -> float:
            then = [({**known, name: answer}, chance) for answer, chance in self.answers(known, name)]
            return sum(chance * self.chance(one, shown(one)) for one, chance in then)

        return max((name for name in self.topics if name not in known), key=worth)


@dataclass(frozen=True)
class Shop:
    """What the shop proposes and asks."""

    insider: Insider
    insight: Insight
    _proposed: dict[tuple[tuple[str, Said], ...], list[int]] = field(default_factory=dict, repr=False)

    def shown(self, known: Known) -> list[int]:
        """The rows of what it proposes to somebody who answered so."""
        key = tuple(sorted(known.items()))
        if key not in self._proposed:
            world = self.insider.world
            items = propose(world.pack, _facts(known), (), (), BEGAN, insight=self.insight)
            self._proposed[key] = [world.row[item.product] for item in items]
        return self._proposed[key]

    def question(self, known: Known) -> str | None:
        """What the planner asks next."""
        before = BEGAN - timedelta(days=100)
        ledger = {
            name: Question(name, QuestionState.ANSWERED, before + timedelta(days=n), 1, n)
            for n, name in enumerate(known)
        }
        for name in self.insider.world.pack.topics:
            if name not in self.insider.topics:
                ledger[name] = Question(name, QuestionState.PAUSED, before, 1, 0)
        pack = self.insider.world.pack
        planned = next_question(pack, _facts(known), ledger, 0, BEGAN, contact=MOST + 1, insight=self.insight)
        return None if planned is None else planned.topic


def _facts(known: Known) -> list[Fact]:
    source = Source(None, "web", BEGAN)
    told = [(name, value, meant) for name, answer in known.items() for value, meant in answer]
    return [
        Fact(FactId(n), name, value, meant, True, 1.0, BEGAN, None, BEGAN, source)
        for n, (name, value, meant) in enumerate(told, start=1)
    ]


def taught(world: World, others: int) -> Insight:
    """What the shop knows from others who told half of their tastes and bought what they like best."""
    if not others:
        return Insight()
    people = [_other(world, 100_000 + number) for number in range(others)]
    return Insight(crowd=LearnedCrowd(count(people, BEGAN), crowd_of_catalogue(world.pack)))


def _other(world: World, number: int) -> Counted:
    who, taste = person(world, number, 365)
    chance = np.random.default_rng([world.seed, 5, number])
    felt = utility(world, who, taste) + chance.normal(0.0, FIRM, size=len(world.products))
    told = [topic.name for topic in world.tasted if chance.random() < 0.5]
    bought = [world.products[row].id for row in np.argsort(-felt)[:2]]
    return Counted({t: taste.wants[t] for t in told if taste.wants[t]}, dict.fromkeys(bought, 0.5))


type Ask = Callable[[Known], str | None]
type Show = Callable[[Known], Sequence[int]]


def ways(shop: Shop, other: Insider, chance: np.random.Generator) -> dict[str, tuple[Ask, Show]]:
    """Ways of asking, and of proposing. The insider who asks isn't the one who judges."""

    def left(known: Known) -> list[str]:
        return [name for name in shop.insider.topics if name not in known]

    return {
        "fixed order": (lambda known: left(known)[0], shop.shown),
        "random": (lambda known: left(known)[int(chance.integers(len(left(known))))], shop.shown),
        "planner": (lambda known: shop.question(known) or left(known)[0], shop.shown),
        "insider's questions": (_kept(lambda known: other.best_question(known, shop.shown)), shop.shown),
        "insider's questions and proposals": (
            _kept(lambda known: other.best_question(known, other.best_three)),
            other.best_three,
        ),
    }


def _kept(ask: Callable[[Known], str]) -> Ask:
    """The same question to everybody who answered the same so far."""
    kept: dict[tuple[tuple[str, Said], ...], str] = {}

    def asked(known: Known) -> str:
        key = tuple(sorted(known.items()))
        if key not in kept:
            kept[key] = ask(known)
        return kept[key]

    return asked


@dataclass(frozen=True, slots=True)
class Asked:
    """What one way of asking came to with one customer."""

    until: float  # expected questions until a good proposal, MOST at most
    good: tuple[float, ...]  # how probable a good proposal is after 0, 1, … questions
    order: tuple[str, ...]  # what was asked


def asked(insider: Insider, taste: Taste, ask: Ask, show: Show) -> Asked:
    """Ask so many questions, and propose before the first and after each."""
    known: dict[str, Said] = {}
    seen: set[int] = set()
    until, good = 0.0, []
    for asked_so_far in range(MOST + 1):
        shown = show(known)
        seen.update(shown)
        good.append(insider.chance(known, shown))
        if asked_so_far < MOST:
            until += 1.0 - insider.chance(known, seen)
            name = ask(known)
            assert name is not None
            known[name] = said(taste, insider.topics[name])
    return Asked(until, tuple(good), tuple(known))


def compared(world: World, customers: int, others: int) -> dict[str, list[Asked]]:
    """The same customers, asked in every way."""
    insider = Insider(world)
    shop = Shop(insider, taught(world, others))
    every = ways(shop, Insider(world, seed=1), np.random.default_rng([world.seed, 7]))
    tastes = [person(world, number, 365)[1] for number in range(customers)]
    return {name: [asked(insider, taste, *way) for taste in tastes] for name, way in every.items()}


def report(worlds: Sequence[Mapping[str, Sequence[Asked]]]) -> None:
    """Print means, and differences to the fixed order with their standard error over the worlds."""
    for name in worlds[0]:
        means = np.array([np.mean([one.until for one in world[name]]) for world in worlds])
        fixed = np.array([np.mean([one.until for one in world["fixed order"]]) for world in worlds])
        less, error = means - fixed, np.std(means - fixed, ddof=1) / np.sqrt(len(worlds))
        good = np.mean([one.good for world in worlds for one in world[name]], axis=0)
        firsts = [Counter(one.order[n] for world in worlds for one in world[name]) for n in (0, 1)]
        print(f"{name}: {means.mean():.2f}, {less.mean():+.2f} ± {error:.2f}; good {good.round(3).tolist()}")
        print("   ", *(", ".join(f"{t} {n}" for t, n in first.most_common(4)) + ";" for first in firsts))


def main() -> None:
    """Ask in a shop that has learned nothing from others, and in one that has."""
    pack = read_pack(ROOT / "data" / "shops" / "coffee")
    customers = int(os.environ.get("BENCH_CUSTOMERS", "20"))
    for others in (0, OTHERS):
        print(f"{customers} customers in each of {len(SEEDS)} worlds, taught by {others} others")
        report([compared(World(pack, seed), customers, others) for seed in SEEDS])


if __name__ == "__main__":
    main()

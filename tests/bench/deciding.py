"""How long it takes to decide on the next question, as customers, facts, topics and products grow.

Processor time of one process, so that a busy machine doesn't count; shops and customers are made up by rule
(`big_shops.py`). A decision is what the shop does in a turn: the utility of every product for this customer,
then the question; what is kept per shop and per crowd is made before.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from cli.benching import BenchOptions, Figure
from one_to_one.catalogue import catalogue_of
from one_to_one.crowd import Crowd, crowd_of_catalogue
from one_to_one.crowd_counts import Person, count
from one_to_one.crowd_model import LearnedCrowd
from one_to_one.facts import Fact
from one_to_one.insight import Insight
from one_to_one.ledger import Question, QuestionState
from one_to_one.planner import next_question
from one_to_one.proposals import propose
from one_to_one.shop import ShopPack
from tests.bench.big_shops import NOW, customer, shop

AIM = 5.0
"""Milliseconds that a decision may take."""

SOURCE = "our aim"
PRODUCTS, TOPICS, FACTS, CUSTOMERS = 100, 20, 10, 1_000
"""What stays as it is while one of them grows."""

GROWN = {
    "products": (100, 1_000, 10_000, 100_000),
    "topics": (2, 20, 200, 2_000),
    "facts": (1, 10, 100, 1_000),
    "customers": (1_000, 10_000, 100_000, 1_000_000),
}
"""Each grows tenfold three times: facts of one customer, customers that the crowd learned from."""

LARGE = (10_000, 200)
"""The shop for which five milliseconds are promised: products and topics, with `LARGE_FACTS` known."""

LARGE_FACTS = 20
REPEATS = 200
"""Decisions of which each figure is the 95th of a hundred."""

PEOPLE = 40
"""Different customers among them."""


@dataclass(frozen=True, slots=True)
class Scene:
    """One size to measure."""

    name: str
    pack: ShopPack
    facts: int
    crowd: Crowd | None = None


def figures(options: BenchOptions, repeats: int = REPEATS, limit: int = 10_000_000) -> Iterator[Figure]:
    """Milliseconds of a decision and of a proposal, the 95th of a hundred; no size beyond `limit`."""
    for scene in scenes(options.say, limit):
        people = [customer(scene.pack, scene.facts, seed) for seed in range(PEOPLE)]
        catalogue_of(scene.pack)
        yield _figure(f"decision.p95_ms.{scene.name}", _p95(_decisions(scene, people), repeats))
        if scene.crowd is None:
            yield _figure(f"proposal.p95_ms.{scene.name}", _p95(_proposals(scene, people), repeats))


def scenes(say: Callable[[str], None], limit: int) -> Iterator[Scene]:
    """The sizes, one after the other; a shop is made when its turn comes."""
    for what, sizes in GROWN.items():
        for size in sizes:
            if size <= limit:
                say(f"{size:,} {what}")
                yield _grown(what, size)
    products, topics = LARGE
    if products <= limit:
        say(f"{products:,} products and {topics} topics")
        large = shop(products, topics)
        yield Scene(f"{products}x{topics}", large, LARGE_FACTS)
        yield Scene(f"{products}x{topics}_million", large, LARGE_FACTS, learned(large, 1_000_000))


def _grown(what: str, size: int) -> Scene:
    products, topics, facts = (
        size if what == name else usual
        for name, usual in (("products", PRODUCTS), ("topics", TOPICS), ("facts", FACTS))
    )
    if what == "facts":  # there has to be so much to know
        topics = max(topics, size // 2)
    pack = shop(products, topics)
    crowd = learned(pack, size) if what == "customers" else None
    return Scene(f"{what}_{size}", pack, facts, crowd)


def learned(pack: ShopPack, customers: int) -> LearnedCrowd:
    """What so many customers taught: a thousand made up, each counted as often as it takes."""
    made = [_person(pack, seed) for seed in range(CUSTOMERS)]
    counts = count(made, NOW)
    times = customers // CUSTOMERS
    grown = type(counts)(
        people=counts.people * times,
        columns=counts.columns,
        known=counts.known * times,
        said=counts.said * times,
        pairs=counts.pairs * times,
        answers={t: {a: n * times for a, n in said.items()} for t, said in counts.answers.items()},
        counted_at=counts.counted_at,
    )
    return LearnedCrowd(grown, crowd_of_catalogue(pack))


def _person(pack: ShopPack, seed: int) -> Person:
    facts = customer(pack, FACTS, seed)
    answers: dict[str, list[str]] = {}
    for fact in facts:
        answers.setdefault(fact.topic, []).append(fact.value)
    product = list(pack.products)[seed % len(pack.products)]
    return Person(answers, {product: 1.0})


def _decisions(scene: Scene, people: Sequence[Sequence[Fact]]) -> Callable[[int], object]:
    ledgers = [_ledger(facts) for facts in people]

    def decide(turn: int) -> object:
        place = turn % len(people)
        return next_question(
            scene.pack,
            people[place],
            ledgers[place],
            0,
            NOW,
            contact=turn,
            insight=Insight(crowd=scene.crowd),
        )

    return decide


def _ledger(facts: Sequence[Fact]) -> dict[str, Question]:
    """What is known was asked once, long ago."""
    return {
        fact.topic: Question(fact.topic, QuestionState.ANSWERED, fact.since, 1, -1, fact.since, 1)
        for fact in facts
    }


def _proposals(scene: Scene, people: Sequence[Sequence[Fact]]) -> Callable[[int], object]:
    return lambda turn: propose(scene.pack, people[turn % len(people)], (), (), NOW)


def _p95(work: Callable[[int], object], repeats: int) -> float:
    """Milliseconds of processor time that 95 of 100 stay below; one round goes before."""
    for turn in range(min(PEOPLE, repeats)):
        work(turn)
    taken = []
    for turn in range(repeats):
        before = time.process_time_ns()
        work(turn)
        taken.append(time.process_time_ns() - before)
    return float(np.quantile(taken, 0.95) / 1e6)


def _figure(measure: str, value: float) -> Figure:
    promised = measure.startswith(f"decision.p95_ms.{LARGE[0]}x{LARGE[1]}")
    return Figure(measure, value, "ms", AIM if promised else None, SOURCE if promised else "")

"""A whole population through the year: two workers, and a crowd that is counted anew each month."""

from __future__ import annotations

import multiprocessing
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from multiprocessing.connection import Connection, wait
from threading import Thread

import numpy as np

from one_to_one.crowd import crowd_of_catalogue
from one_to_one.crowd_counts import Counts
from one_to_one.crowd_counts import Person as Counted
from one_to_one.crowd_counts import count as counted
from one_to_one.crowd_model import LearnedCrowd
from one_to_one.history import Rating
from one_to_one.planner import Standing
from one_to_one.preferences import beliefs
from one_to_one.shop import ShopPack, TopicKind
from tests.bench.lives.keeper import Choose, Keeper
from tests.bench.lives.pages import MemoryPages, Pages
from tests.bench.lives.people import World, person
from tests.bench.lives.scores import Scores, Watch
from tests.bench.lives.visits import BEGAN, Life

MONTH = 365.0 / 12.0
WORKERS = 2
PLANNER, RANDOM, FIXED = "planner", "random", "fixed_order"
SEER = "seer"
"""Knows the hidden taste and asks what leads to the best next proposal: what no way of asking can know."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be simulated."""

    pack: ShopPack
    customers: int
    months: int = 12
    seed: int = 20261126
    asking: str = PLANNER  # or RANDOM, FIXED, SEER: among the questions that products depend on
    crowded: bool = True  # whether what similar customers say is used
    waits: int = 0  # while of fewer topics something is liked, a question is put before anything is proposed


@dataclass(slots=True)
class Group:
    """Some of the customers, living side by side."""

    plan: Plan
    numbers: Sequence[int]
    scores: Scores = field(default_factory=Scores)
    lives: list[Life] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Everybody is born; nobody has come yet."""
        world = World(self.plan.pack, self.plan.seed)
        self.lives = [born(world, number, self.plan, self.scores) for number in self.numbers]

    def live(self, month: int, counts: Counts | None) -> list[Counted]:
        """One month; what the crowd may learn from at its end."""
        crowd = None
        if self.plan.crowded and counts is not None and counts.columns:
            crowd = LearnedCrowd(counts, crowd_of_catalogue(self.plan.pack))
        for life in self.lives:
            for keeper in life.keepers.values():
                keeper.crowd = crowd
            life.upto(month * MONTH)
        self._look(month)
        return [told for life in self.lives if (told := learned_from(life)) is not None]

    def _look(self, month: int) -> None:
        """At the end of a month: how much of what is believed is true, and how much is known."""
        last = month == self.plan.months
        for life in self.lives:
            if life.contacts:
                look(life, month, self.scores, last=last)
                if last:
                    found = life.good_after is not None
                    all_asked, tastes = (
                        (life.good_after, life.good_after_tastes)
                        if found
                        else (life.questions, life.tastes_asked)
                    )
                    self.scores.add(f"{'good_after' if found else 'not_good'}:{all_asked}")
                    self.scores.add(f"{'good_after' if found else 'not_good'}_tastes:{tastes}")
                    self.scores.add("came")


def born(
    world: World, number: int, plan: Plan, scores: Scores, blank: Callable[[], Pages] | None = None
) -> Life:
    """One customer, unknown to the shop on either channel; `blank` makes their pages (None: in memory)."""
    who, taste = person(world, number, round(plan.months * MONTH))
    chance = np.random.default_rng([plan.seed, 2, number])
    numbers = count(1)
    choose = chooser(plan.asking, np.random.default_rng([plan.seed, 3, number]))
    pages = blank or (lambda: MemoryPages(plan.pack, numbers))
    keepers = {c: Keeper(plan.pack, pages(), None, choose) for c in (0, 1)}
    watches = {c: Watch(most=keepers[0].most_questions()) for c in (0, 1)}
    life = Life(world, who, taste, keepers, scores, chance, watches, waits=plan.waits)
    if plan.asking == SEER:
        for keeper in keepers.values():
            keeper.choose = seer(life, keeper)
    return life


def chooser(asking: str, chance: np.random.Generator) -> Choose | None:
    """Random or fixed order, among the questions whose answer some product or module depends on."""
    if asking == PLANNER:
        return None

    def choose(standing: Standing) -> str | None:
        open_ = askable(standing)
        if not open_:
            return None
        return open_[0] if asking == FIXED else open_[int(chance.integers(len(open_)))]

    return choose


def askable(standing: Standing) -> list[str]:
    """What the ledger lets be asked, of what some product or module depends on."""
    pack = standing.pack
    used = {name for product in pack.products.values() for name in product.attributes} | set(pack.modules)
    return [
        topic.name for topic in standing.open_topics() if topic.name in used or topic.kind is TopicKind.MONEY
    ]


def seer(life: Life, keeper: Keeper) -> Choose:
    """Looks at what they would answer to each question, and what would be proposed then."""

    def choose(standing: Standing) -> str | None:
        now = standing.now
        best = {
            name: life.best_of(keeper.would_propose(life.taste.said(standing.pack.topics[name]), now))
            for name in askable(standing)
        }
        return max(best, key=lambda name: best[name], default=None)

    return choose


def learned_from(life: Life) -> Counted | None:
    """What the crowd counts of one customer: what they said they like, and what they bought and liked."""
    keeper = life.keepers[0] if life.keepers[0].pages.ledger() else life.keepers[1]
    now = BEGAN + timedelta(days=life.since)
    answers = keeper.taken_to_like(now)
    bought = Counter(o.product for o in keeper.pages.ordered() if o.rating is not Rating.DISLIKED)
    if not answers and not bought:
        return None
    whole = sum(bought.values())
    return Counted(answers, {product: times / whole for product, times in bought.items()})


def look(life: Life, month: int, scores: Scores, *, last: bool) -> None:
    """Compare what is believed with the truth."""
    pack, now = life.world.pack, BEGAN + timedelta(days=month * MONTH)
    keepers = {id(keeper): keeper for keeper in life.keepers.values()}.values()
    facts = [fact for keeper in keepers for fact in keeper.pages.facts()]
    if not facts and not last:
        return
    for kind in ("stated", "inferred"):
        some = [fact for fact in facts if fact.stated is (kind == "stated")]
        true = sum(life.taste.is_true(fact.topic, fact.value, fact.polarity) for fact in some)
        for curve in (f"month:{month}:", *([""] if last else [])):
            scores.add(f"{curve}{kind}", len(some))
            scores.add(f"{curve}{kind}_true", true)
    held = beliefs(facts, pack, now)
    real = [name for name, wants in life.taste.wants.items() if wants and pack.topics[name].bears_on]
    known = sum(any(held.liked(name).get(value) for value in life.taste.wants[name]) for name in real)
    for curve in (f"month:{month}:", *([""] if last else [])):
        scores.add(f"{curve}tastes", len(real))
        scores.add(f"{curve}tastes_known", known)


def simulate(plan: Plan, say: Callable[[str], None] = lambda _: None, workers: int = WORKERS) -> Scores:
    """Everybody's year. The same plan gives the same scores, whatever the number of workers."""
    numbers = range(plan.customers)
    groups = [Worker(plan, numbers[n::workers]) for n in range(workers)] if workers > 1 else []
    if not groups:
        group = Group(plan, numbers)
        counts: Counts | None = None
        for month in range(1, plan.months + 1):
            counts = counted(group.live(month, counts), BEGAN + timedelta(days=month * MONTH))
        return group.scores
    try:
        return _together(plan, groups, say)
    finally:
        for worker in groups:
            worker.stop()


def _together(plan: Plan, groups: Sequence[Worker], say: Callable[[str], None]) -> Scores:
    counts: Counts | None = None
    scores = Scores()
    for month in range(1, plan.months + 1):
        for worker in groups:
            worker.send((month, counts))
        told = [worker.receive() for worker in groups]
        counts = counted((one for people, _ in told for one in people), BEGAN + timedelta(days=month * MONTH))
        scores = Scores().together(part for _, part in told)
        say(f"{plan.asking}, month {month}: {scores.counts['contacts']:,} contacts so far")
    return scores


class Worker:
    """A process that lives a group's months, one at a time."""

    def __init__(self, plan: Plan, numbers: Sequence[int]) -> None:
        context = multiprocessing.get_context("spawn")
        self._ours, theirs = context.Pipe()
        self._process = context.Process(target=_work, args=(theirs, plan, numbers), daemon=True)
        self._process.start()
        theirs.close()

    def send(self, month: tuple[int, Counts | None]) -> None:
        """Let it live this month."""
        self._ours.send(month)

    def receive(self) -> tuple[list[Counted], Scores]:
        """What it was like: whom to learn from, and the scores so far. Raises EOFError if it died."""
        people, scores = self._ours.recv()
        return list(people), scores

    def stop(self) -> None:
        """No more months, not even the one that is being lived."""
        self._ours.close()
        self._process.terminate()
        self._process.join(timeout=10)


def _work(pipe: Connection, plan: Plan, numbers: Sequence[int]) -> None:
    Thread(target=_end_with_parent, daemon=True).start()
    group = Group(plan, numbers)
    for month, counts in _months(pipe):
        pipe.send((group.live(month, counts), group.scores))


def _end_with_parent() -> None:
    """Nobody waits for what is lived once the process that asked for it was killed."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _months(pipe: Connection) -> Iterator[tuple[int, Counts | None]]:
    while True:
        try:
            yield pipe.recv()
        except EOFError:
            return

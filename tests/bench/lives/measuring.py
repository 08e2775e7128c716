"""`bench lives`: what the shop is like for ten thousand customers over a year.

The pack is the one of the settings (`DRIPWISE_SHOP`); `BENCH_CUSTOMERS` makes the population smaller.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from cli.benching import BenchOptions, Figure
from one_to_one.pack import read_pack
from settings import Settings
from tests.bench.lives import talking
from tests.bench.lives.running import FIXED, PLANNER, RANDOM, SEER, Plan, simulate
from tests.bench.lives.scores import Scores

CUSTOMERS = 10_000
COMPARED = 1_200
"""So many customers live again with every way of asking."""

WORLDS = 12
"""They live in so many worlds, each with types of its own: one world may favour one order by luck."""

LIMIT = "BENCH_CUSTOMERS"
"""An environment variable: how many customers, where time is short."""

ALONE = "catalogue_alone"
"""The planner without what similar customers teach."""

ASKING_FIRST, FEW = "asking_first", 3
"""The planner, but while of fewer topics something is known it asks before it proposes anything."""

NEVER = {
    "questions_repeated": "issue 4: none; see docs/lives.md",
    "over_budget": "contacts with more questions than the shop's budget; none",
    "refusals_broken": "questions asked again within the term of their refusal; none",
    "asked_after_refusal": "questions after a refusal of the same contact; none",
    "asked_after_complaint": "contacts with a complaint in which something was asked; none",
    "sensitive_in_a_row": "two questions about sensitive topics in a row; none",
    "never_proposed": "products proposed with what the customer said they never want; none",
}
"""What must not happen once."""


def measure(options: BenchOptions) -> Iterator[Figure]:
    """The big run in facts, the small one in text, then the rivals of the planner."""
    customers = int(os.environ.get(LIMIT, CUSTOMERS))
    plan = Plan(read_pack(Settings().shop_folder), customers)
    scores = simulate(plan, options.say)
    yield from figures(scores)
    yield from talking.measure(options, plan.pack, Settings().shop_folder)
    few = replace(plan, customers=min(customers, COMPARED))
    yield from comparison({name: in_worlds(one, options.say) for name, one in ways(few).items()})


def ways(plan: Plan) -> dict[str, Plan]:
    """The planner first, then its rivals, with the same customers."""
    return {
        **{asking: replace(plan, asking=asking) for asking in (PLANNER, RANDOM, FIXED, SEER)},
        ALONE: replace(plan, crowded=False),
        ASKING_FIRST: replace(plan, waits=FEW),
    }


def in_worlds(plan: Plan, say: Callable[[str], None] = lambda _: None) -> list[Scores]:
    """The same number of customers, shared out over several worlds: the scores of each."""
    size = max(1, plan.customers // WORLDS)
    worlds = [replace(plan, customers=size, seed=plan.seed + number) for number in range(WORLDS)]
    return [simulate(world, say) for world in worlds]


def figures(scores: Scores) -> Iterator[Figure]:
    """What was seen over all lives."""
    for name, what in NEVER.items():
        yield Figure(f"lives.{name}", scores.counts[name], "times", 0, what)
    yield Figure("lives.customers", scores.counts["came"], "customers")
    yield Figure("lives.contacts", scores.counts["contacts"], "contacts")
    yield Figure(
        "lives.questions_per_contact", scores.share("asked", "contacts"), "questions", 1, "the shop's budget"
    )
    for name, part, whole, unit, reference, source in SHARES:
        yield Figure(f"lives.{name}", scores.share(part, whole), unit, reference, source)
    for number in range(1, 13):
        months = f"month:{number}:"
        share = scores.share(f"{months}accepted", f"{months}judged")
        yield Figure(f"lives.acceptance.month_{number}", share, "share of proposals")


SHARES: tuple[tuple[str, str, str, str, float | None, str], ...] = (
    ("hurry_unasked", "hurried_unasked", "hurried", "share of contacts in a hurry", 1, "all"),
    ("acceptance", "accepted", "judged", "share of proposals", None, "bought, of those that were decided on"),
    (
        "good_proposals",
        "good_proposals",
        "proposals",
        "share of proposals",
        None,
        "one of the three is among the best twentieth of the catalogue for this customer",
    ),
    ("novel_share", "items_new", "items", "share of products", 1 / 3, "issue 4: one of three"),
    ("novel_accepted", "accepted_new", "accepted", "share of what was bought", None, ""),
    ("facts_true_now", "stated_true", "stated", "share of stated facts", None, "true at the end of the year"),
    ("inferred_true_now", "inferred_true", "inferred", "share of inferred facts", None, "the same"),
    ("facts_known", "tastes_known", "tastes", "share of the hidden tastes", None, "that bear on products"),
    ("questions_answered", "answered", "questions", "share of questions", None, "about topics"),
)  # fmt: skip
"""Name, part, whole, unit, reference, source."""


def comparison(compared: Mapping[str, Sequence[Scores]]) -> Iterator[Figure]:
    """The planner beside its rivals, for the same customers; `compared`: the scores of each world."""
    for asking, worlds in compared.items():
        end = "" if asking == PLANNER else f".{asking}"
        scores = Scores().together(worlds)
        source = f"the same {scores.counts['came']:,} customers in {len(worlds)} worlds"
        for name, kind in UNTIL:
            yield Figure(f"lives.{name}{end}", scores.until_good(kind), "questions, at most 6", None, source)
        for name, part, whole, unit in COMPARED_SHARES:
            yield Figure(f"lives.compared.{name}{end}", scores.share(part, whole), unit, None, source)
    for asking, worlds in compared.items():
        if asking != PLANNER:
            yield from ahead(compared[PLANNER], worlds, asking)


UNTIL = (("questions_until_good_proposal", ""), ("taste_questions_until_good_proposal", "_tastes"))
COMPARED_SHARES = (
    ("acceptance", "accepted", "judged", "share of proposals"),
    ("bought", "bought", "wanted", "share of the contacts in which a proposal was wanted"),
    ("good_proposals", "good_proposals", "proposals", "share of proposals"),
    ("facts_known", "tastes_known", "tastes", "share of the hidden tastes"),
)


def ahead(planner: Sequence[Scores], rival: Sequence[Scores], asking: str) -> Iterator[Figure]:
    """How far the planner is ahead of a rival, world by world, and one standard error of the mean."""
    fewer = [theirs.until_good() - ours.until_good() for ours, theirs in zip(planner, rival, strict=True)]
    more = [
        ours.share("accepted", "judged") - theirs.share("accepted", "judged")
        for ours, theirs in zip(planner, rival, strict=True)
    ]
    source = f"planner beside {asking}, world by world; the mean of {len(planner)} worlds"
    for name, unit, gaps in (("fewer_questions", "questions", fewer), ("more_accepted", "share", more)):
        yield Figure(f"lives.ahead.{name}.{asking}", float(np.mean(gaps)), unit, None, source)
        if len(gaps) > 1:
            error = float(np.std(gaps, ddof=1) / np.sqrt(len(gaps)))
            yield Figure(f"lives.ahead.{name}.{asking}.error", error, unit, None, "one standard error")

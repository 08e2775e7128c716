"""What similar customers chose has its part in which question comes next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from one_to_one.alike import Alike
from one_to_one.crowd import crowd_of_catalogue
from one_to_one.crowd_counts import Counts, Person, count
from one_to_one.crowd_model import LearnedCrowd
from one_to_one.deciding import best_question
from one_to_one.deciding import ranking as ranking_of
from one_to_one.facts import Fact
from one_to_one.history import Ordered
from one_to_one.information import Case, view_of
from one_to_one.insight import ENOUGH, NOTHING, Insight
from one_to_one.planner import Considered, considered, next_question
from tests.bench.big_shops import customer
from tests.bench.big_shops import shop as big_shop
from tests.bench.deciding import learned
from tests.unit.packs import NOW, facts_of, pack, product, topic

SHAPES, SHADES = ("round", "square", "flat"), ("pale", "dark", "clear")
SHOP = pack(
    [topic("shade", *SHADES), topic("shape", *SHAPES), topic("use", "daily", "guests")],
    [product(f"{shape}-{shade}", shape=shape, shade=shade) for shape in SHAPES for shade in SHADES],
)
ROUND = [Person({"use": ["daily"]}, {f"round-{shade}": 1.0}) for shade in SHADES]
DARK = [Person({"use": ["guests"]}, {f"{shape}-dark": 1.0}) for shape in SHAPES]


def counted(people: Sequence[Person], times: int) -> Counts:
    """What so many groups of these teach."""
    return count([*people] * times, NOW)


def insight(counts: Counts) -> Insight:
    return Insight(crowd=LearnedCrowd(counts, crowd_of_catalogue(SHOP)))


def ranking(known: Sequence[Fact], others: Insight) -> list[Considered]:
    return [one for one in considered(SHOP, known, {}, 0, NOW, insight=others)[1] if one.excluded is None]


def first(known: Sequence[Fact], others: Insight) -> str:
    planned = next_question(SHOP, known, {}, 0, NOW, insight=others)
    assert planned is not None
    return planned.topic


def test_people_alike_choose_the_round_ones_so_the_shade_is_asked_first() -> None:
    others = insight(counted([*ROUND, *DARK], 40))
    assert first(facts_of(use="daily"), others) == "shade"
    assert first(facts_of(use="guests"), others) == "shape"
    gains = {one.topic: one.gain for one in ranking(facts_of(use="daily"), NOTHING)}
    assert gains["shade"] == gains["shape"]  # by the catalogue alone both are worth the same


def test_what_others_chose_is_in_the_utility_as_a_proposal_has_it() -> None:
    others, known = insight(counted([*ROUND, *DARK], 40)), facts_of(use="daily")
    alone, view = view_of(SHOP, known, (), NOW), view_of(SHOP, known, (), NOW, others)
    added = view.utility - alone.utility
    assert np.allclose(added, others.expected(view.catalogue, {"use": ["daily"]}))
    assert added[view.catalogue.row["round-pale"]] > added[view.catalogue.row["flat-pale"]]


def test_what_others_ordered_with_it_is_in_the_utility_too() -> None:
    alike = Insight(alike=Alike(60, 300, {"round-pale": (("flat-clear", 1.0),)}))
    ordered = [Ordered("round-pale", {}, NOW, None, 1)]
    alone, view = view_of(SHOP, (), ordered, NOW), view_of(SHOP, (), ordered, NOW, alike)
    added = view.utility - alone.utility
    assert added[view.catalogue.row["flat-clear"]] > 0
    assert np.count_nonzero(added) == 1


def test_with_nobody_or_too_few_the_catalogue_alone_counts() -> None:
    nobody = Insight(crowd=crowd_of_catalogue(SHOP))
    few = insight(counted([*ROUND, *DARK], 8))
    assert few.crowd is not None
    assert 0 < few.crowd.customers < ENOUGH
    for others in (nobody, few):
        assert np.array_equal(view_of(SHOP, (), (), NOW, others).utility, view_of(SHOP, (), (), NOW).utility)


def test_a_million_who_say_the_same_as_a_thousand_lead_to_the_same_question() -> None:
    some = counted([*ROUND, *DARK], 200)
    many = replace(
        some,
        people=some.people * 1_000,
        known=some.known * 1_000,
        said=some.said * 1_000,
        pairs=some.pairs * 1_000,
        answers={t: {a: n * 1_000 for a, n in said.items()} for t, said in some.answers.items()},
    )
    for use in ("daily", "guests"):
        assert first(facts_of(use=use), insight(some)) == first(facts_of(use=use), insight(many))


@pytest.mark.parametrize("customers", [1_000, 1_000_000])
def test_no_question_gains_more_than_it_is_said_to_at_most(customers: int) -> None:
    large = big_shop(300, 20)
    crowd = learned(large, customers)
    for seed in range(8):
        view = view_of(large, customer(large, 5, seed), (), NOW, Insight(crowd=crowd))
        case = Case(view, list(large.topics), {}, crowd)
        for name, most in case.prospects():
            assert case.outlook(name).gain - case.burden(name) <= most + 1e-9
        whole = ranking_of(case)[0]
        found = best_question(case)
        assert found is not None
        assert found.topic == whole.topic
        assert found.value == pytest.approx(whole.value)


def test_a_crowd_that_chose_from_another_catalogue_counts_for_what_is_left_of_it() -> None:
    fewer = replace(SHOP, products={k: v for k, v in SHOP.products.items() if not k.startswith("flat")})
    others = insight(counted([*ROUND, *DARK], 40))
    view = view_of(fewer, facts_of(use="daily"), (), NOW, others)
    best = view.catalogue.products[int(np.argmax(view.utility))].id
    assert best.startswith("round")

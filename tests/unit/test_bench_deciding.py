"""The bench of how long a decision takes, on small made-up shops."""

from __future__ import annotations

from pathlib import Path

from cli.benching import BenchOptions
from one_to_one.insight import Insight
from one_to_one.planner import next_question
from tests.bench.big_shops import NOW, customer, shop
from tests.bench.deciding import figures, learned


def measured() -> dict[str, float]:
    said: list[str] = []
    options = BenchOptions(Path("nowhere"), said.append)
    found = {one.measure: one.value for one in figures(options, repeats=3, limit=200)}
    assert said
    return found


def test_every_size_has_its_figure() -> None:
    names = measured().keys()
    assert {"decision.p95_ms.products_100", "decision.p95_ms.topics_20", "decision.p95_ms.facts_100"} <= names
    assert "proposal.p95_ms.products_100" in names


def test_a_decision_takes_some_time() -> None:
    assert all(0 < value < 10_000 for value in measured().values())


def test_a_made_up_shop_has_what_was_asked_for() -> None:
    made = shop(300, 30)
    assert (len(made.products), len(made.topics)) == (300, 30)
    assert shop(300, 30) == made


def test_of_a_made_up_customer_so_much_is_known() -> None:
    made = shop(50, 30)
    facts = customer(made, 12)
    assert len(facts) == 12
    assert len({fact.id for fact in facts}) == 12


def test_a_crowd_of_a_thousand_takes_part_in_the_decision() -> None:
    made = shop(60, 12)
    crowd = learned(made, 1_000)
    assert crowd.customers == 1_000
    assert next_question(made, customer(made, 3), {}, 0, NOW, insight=Insight(crowd=crowd)) is not None

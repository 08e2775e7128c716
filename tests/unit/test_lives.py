"""Simulated lives: what may never happen to anybody, and that a simulation can be repeated."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import httpx
import numpy as np
import pytest
import yaml

from one_to_one.facts import Heard, Polarity
from one_to_one.language import Language
from one_to_one.ledger import QuestionState
from one_to_one.pack import read_pack
from one_to_one.planner import Planned
from one_to_one.shop import ShopPack
from settings import ROOT
from tests.bench.lives.ceiling import Insider, Said, said
from tests.bench.lives.measuring import NEVER, ahead, comparison, figures
from tests.bench.lives.people import World, drifted, person, utility
from tests.bench.lives.running import FIXED, RANDOM, SEER, Plan, simulate
from tests.bench.lives.scores import Scores, Watch
from tests.bench.lives.talking import PHRASES, Talker, Typing
from tests.bench.lives.visits import BEST
from tests.unit.packs import NOW, bakery


@pytest.fixture(scope="module")
def coffee() -> ShopPack:
    return read_pack(ROOT / "data" / "shops" / "coffee")


@pytest.fixture(scope="module")
def lived(coffee: ShopPack) -> Scores:
    return simulate(Plan(coffee, 20, months=2), workers=1)


@pytest.mark.parametrize("what", NEVER)
def test_it_never_happens_in_twenty_lives_of_two_months(lived: Scores, what: str) -> None:
    assert lived.counts["contacts"] > 20
    assert lived.counts["questions"] > 10
    assert lived.counts[what] == 0


def test_it_never_happens_in_another_shop_either() -> None:
    scores = simulate(Plan(bakery(questions=2), 20, months=3), workers=1)
    assert scores.counts["questions"] > 10
    assert {name: scores.counts[name] for name in NEVER} == dict.fromkeys(NEVER, 0)


def test_customers_in_a_hurry_are_asked_nothing(coffee: ShopPack) -> None:
    scores = simulate(Plan(coffee, 15, months=6), workers=1)
    assert scores.counts["hurried"] > 0
    assert scores.counts["hurried_unasked"] == scores.counts["hurried"]


def test_the_same_plan_gives_the_same_scores(coffee: ShopPack, lived: Scores) -> None:
    assert simulate(Plan(coffee, 20, months=2), workers=1).counts == lived.counts
    assert simulate(Plan(coffee, 20, months=2, seed=1), workers=1).counts != lived.counts


@pytest.mark.parametrize("asking", [RANDOM, FIXED, SEER])
def test_the_rivals_keep_the_ledger_too(coffee: ShopPack, asking: str) -> None:
    scores = simulate(Plan(coffee, 10, months=2, asking=asking), workers=1)
    assert scores.counts["questions"] > 0
    assert {name: scores.counts[name] for name in NEVER} == dict.fromkeys(NEVER, 0)


def test_who_sees_the_taste_needs_fewer_questions_than_chance(coffee: ShopPack) -> None:
    seen, drawn = (
        simulate(Plan(coffee, 30, months=3, asking=asking, crowded=False), workers=1)
        for asking in (SEER, RANDOM)
    )
    assert seen.until_good() < drawn.until_good()


def test_where_it_asks_first_fewer_proposals_are_made_before_something_is_known(coffee: ShopPack) -> None:
    first, at_once = (simulate(Plan(coffee, 20, months=2, waits=waits), workers=1) for waits in (3, 0))
    assert 0 < first.counts["proposals"] < at_once.counts["proposals"]
    assert {name: first.counts[name] for name in NEVER} == dict.fromkeys(NEVER, 0)


STARTS_A_LONG_YEAR = """
import time
from pathlib import Path
from one_to_one.pack import read_pack
from tests.bench.lives.running import Plan, Worker

if __name__ == "__main__":
    worker = Worker(Plan(read_pack(Path("data/shops/coffee")), 2_000), range(2_000))
    worker.send((12, None))
    print("living", flush=True)
    time.sleep(600)
"""


def test_a_killed_bench_leaves_no_worker_behind() -> None:
    command = [sys.executable, "-c", STARTS_A_LONG_YEAR]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as bench:
        assert bench.stdout is not None
        assert bench.stdout.readline() == "living\n"
        bench.kill()
        assert bench.communicate(timeout=240)[0] == ""  # its output ends with the last who holds it


def test_every_figure_has_a_name_of_its_own(lived: Scores) -> None:
    found = [*figures(lived), *comparison({"planner": [lived], "random": [lived]})]
    assert {f.measure for f in found} >= {
        "lives.questions_repeated",
        "lives.acceptance",
        "lives.facts_true_now",
    }
    assert max(Counter(figure.measure for figure in found).values()) == 1


def test_how_far_the_planner_is_ahead_is_told_world_by_world_with_its_error() -> None:
    def world(asked: int, bought: int) -> Scores:
        return Scores(Counter({f"good_after:{asked}": 10, "judged": 10, "accepted": bought}))

    ours, theirs = [world(1, 8), world(2, 7)], [world(2, 6), world(5, 7)]
    found = {figure.measure: figure.value for figure in ahead(ours, theirs, "random")}
    assert found == pytest.approx(
        {
            "lives.ahead.fewer_questions.random": 2.0,
            "lives.ahead.fewer_questions.random.error": 1.0,
            "lives.ahead.more_accepted.random": 0.1,
            "lives.ahead.more_accepted.random.error": 0.1,
        }
    )


def test_customers_of_a_type_resemble_each_other(coffee: ShopPack) -> None:
    world = World(coffee, 7)
    people = [person(world, number, 365) for number in range(120)]
    kept = world.in_stock
    worth = [
        np.where(kept, utility(world, who, replace(taste, never=frozenset())), 0.0) for who, taste in people
    ]
    alike = np.corrcoef(np.array(worth))
    same = np.array([[one.kind == other.kind for other, _ in people] for one, _ in people])
    apart = ~np.eye(len(people), dtype=bool)
    assert alike[same & apart].mean() > alike[~same].mean() + 0.03


def test_tastes_drift(coffee: ShopPack) -> None:
    world, chance = World(coffee, 7), np.random.default_rng(1)
    people = [person(world, number, 365) for number in range(50)]
    changes = [len(drifted(world, who, taste, 365.0, chance)[1]) for who, taste in people]
    assert 0.5 < np.mean(changes) < 5
    assert all(not drifted(world, who, taste, 0.0, chance)[1] for who, taste in people)


def test_what_they_never_want_is_worth_least(coffee: ShopPack) -> None:
    world = World(coffee, 7)
    who, taste = person(world, 0, 365)
    never = replace(taste, never=frozenset({("roast", "dark")}), averse=frozenset())
    worth = utility(world, who, never)
    dark = world.has["roast"][:, list(coffee.topics["roast"].values).index("dark")] & world.in_stock
    assert worth[dark].max() < worth[world.in_stock & ~dark].max()


def planned(topic: str, wording: int = 0) -> Planned:
    return Planned(topic, 0.1, wording)


def test_the_watch_sees_a_known_thing_asked_again() -> None:
    pack, scores, watch = bakery(), Scores(), Watch()
    watch.told([Heard("crust", "firm", Polarity.LIKES, 1.0, "firm")], pack, NOW)
    watch.asked(scores, planned("crust"), pack.topics["crust"], [], NOW + timedelta(days=30))
    assert scores.counts["questions_repeated"] == 1


def test_the_watch_sees_a_question_put_twice_in_the_same_words() -> None:
    pack, scores, watch = bakery(), Scores(), Watch()
    watch.asked(scores, planned("crust"), pack.topics["crust"], [], NOW)
    watch.asked(scores, planned("crust", 1), pack.topics["crust"], [], NOW + timedelta(days=3))
    assert scores.counts["questions_repeated"] == 0
    watch.asked(scores, planned("crust", 1), pack.topics["crust"], [], NOW + timedelta(days=6))
    assert scores.counts["questions_repeated"] == 1


def test_the_watch_sees_a_broken_refusal() -> None:
    pack, scores, watch = bakery(), Scores(), Watch()
    watch.waved_aside("crust", QuestionState.DECLINED, NOW)
    watch.begin(2)
    watch.asked(scores, planned("crust", 1), pack.topics["crust"], [], NOW + timedelta(days=30))
    assert scores.counts["refusals_broken"] == 1


def test_questions_until_a_good_proposal_count_those_who_left_before() -> None:
    scores = Scores()
    scores.add("good_after:0", 2)
    scores.add("good_after:2", 1)
    scores.add("not_good:1", 1)
    assert scores.until_good() == pytest.approx(0.5 + 0.5)


def typed(pack: ShopPack, buttons: list[str], contacts: int = 3) -> Typing:
    """What is counted of somebody who types to a shop that always answers with these buttons."""

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/sessions"):
            return httpx.Response(201, json={"token": "t", "customer": "c"})
        reply = {"text": "so", "buttons": [{"title": one, "payload": one} for one in buttons]}
        return httpx.Response(200, json={"replies": [reply]})

    who, taste = person(World(pack, 3), 4, 365)
    phrases = yaml.safe_load(PHRASES.read_text(encoding="utf-8"))["en"]
    typing = Typing()
    talker = Talker("http://shop", pack, who, taste, Language.ENGLISH, phrases, typing)
    talker.chance = np.random.default_rng(1)
    with httpx.Client(base_url="http://shop", transport=httpx.MockTransport(answer)) as talker.web:
        for contact in range(contacts):
            talker.come(contact)
    return typing


def test_who_types_to_a_shop_that_never_asks_counts_nothing(coffee: ShopPack) -> None:
    typing = typed(coffee, ["propose"])
    assert (typing.contacts, typing.questions, typing.repeated, typing.over_budget) == (3, 0, 0, 0)


def test_who_types_notices_a_shop_that_asks_the_same_again_and_again(coffee: ShopPack) -> None:
    typing = typed(coffee, ["answer:roast:dark", "skip:roast"])
    assert typing.repeated > 0
    assert typing.over_budget > 0


@pytest.mark.parametrize("language", list(Language))
def test_there_are_phrases_of_every_kind_in_every_language(language: Language) -> None:
    listed = yaml.safe_load(PHRASES.read_text(encoding="utf-8"))
    assert listed[language.value].keys() == listed["en"].keys()
    assert all(
        "{thing}" in phrase
        for kind in ("likes", "dislikes", "answers")
        for phrase in listed[language.value][kind]
    )


def test_an_insider_foretells_how_probable_a_good_proposal_is(coffee: ShopPack) -> None:
    world = World(coffee, 5)
    shown = Insider(world, seed=1).best_three({})
    worths = [utility(world, *person(world, number, 30)) for number in range(300)]
    good = [max(np.sum(worth[row] > worth) for row in shown) >= BEST * (len(worth) - 1) for worth in worths]
    assert Insider(world).chance({}, shown) == pytest.approx(np.mean(good), abs=0.1)


def test_the_more_is_known_the_likelier_what_an_insider_proposes_is_good(coffee: ShopPack) -> None:
    insider = Insider(World(coffee, 5))
    _, taste = person(insider.world, 3, 30)
    known: dict[str, Said] = {}
    chances = []
    for name in ("origin", "flavour", "process", "acidity", "roast"):
        chances.append(insider.chance(known, insider.best_three(known)))
        known[name] = said(taste, coffee.topics[name])
    assert chances[-1] > chances[0]
    assert sum(chance for _, chance in insider.answers(known, "milk")) == pytest.approx(1)

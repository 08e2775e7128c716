"""What an answer is worth: the quick way agrees with the definition, over the whole catalogue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from one_to_one import shortlist
from one_to_one.catalogue import ONE_OF_SEVERAL, YEAR, catalogue_of
from one_to_one.crowd import CatalogueCrowd, Given, crowd_of_catalogue
from one_to_one.deciding import best_question, ranking
from one_to_one.facts import Fact, Polarity
from one_to_one.information import PROPOSALS, RANKS, Case, decides_between, view_of
from one_to_one.pack import read_pack
from one_to_one.shop import ShopPack
from one_to_one.tastes import FAR
from settings import ROOT
from tests.bench.big_shops import customer
from tests.bench.big_shops import shop as big_shop
from tests.unit.packs import CHOICES, NOW, bakery, bicycles, fact, facts_of, pack, product, topic

PACKS = {
    "bakery": bakery(),
    "bicycles": bicycles(),
    "coffee": read_pack(ROOT / "data" / "shops" / "coffee"),
    "big": big_shop(600, 30),
}


def utility(shop: ShopPack, facts: Sequence[Fact]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Of each product, as a proposal would see it."""
    return view_of(shop, facts, (), NOW).utility


def by_definition(shop: ShopPack, facts: Sequence[Fact], name: str, code: str) -> float:
    """How much better the three best are for knowing the answer, in all the proposals that it serves."""
    kept = [one for one in facts if one.topic != name or one.polarity is not Polarity.LIKES]
    then = utility(shop, [*kept, fact(9999, name, code)]) - _cautious(shop, name, code)
    now = np.argsort(-utility(shop, facts), kind="stable")[: len(RANKS)]
    best = np.sort(then)[::-1][: len(RANKS)]
    better = float(np.array(RANKS) @ (best - then[now]))
    asked = shop.topics[name]
    served = 1 + PROPOSALS * asked.half_life / (asked.half_life + YEAR)
    return better * served / (ONE_OF_SEVERAL if asked.many else 1.0)


def _cautious(shop: ShopPack, name: str, code: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """What a like takes from the far end of its scale: care in proposing, no gain of having asked."""
    catalogue = catalogue_of(shop)
    far = catalogue.far[[catalogue.column[name, code]]].toarray()[0]
    return np.asarray(FAR * (catalogue.has @ far))


@st.composite
def situations(draw: st.DrawFn) -> tuple[str, list[Fact], str]:
    """A shop, what is known of a customer, and a topic of taste that isn't answered."""
    name = draw(st.sampled_from(sorted(PACKS)))
    shop = PACKS[name]
    facts = customer(shop, draw(st.integers(0, 6)), seed=draw(st.integers(0, 10_000)))
    facts = [one for one in facts if one.polarity is not Polarity.NEVER]
    liked = {one.topic for one in facts}
    columns = view_of(shop, (), (), NOW).catalogue.columns
    tastes = {t for t in columns if t not in liked and shop.topics[t].answer is Polarity.LIKES}
    assume(tastes - set(shop.modules))
    return name, facts, draw(st.sampled_from(sorted(tastes - set(shop.modules))))


@given(situations())
def test_the_gain_of_each_answer_is_that_of_the_definition(situation: tuple[str, list[Fact], str]) -> None:
    name, facts, asked = situation
    shop = PACKS[name]
    case = Case(view_of(shop, facts, (), NOW), [asked], {})
    for answer in case.outlook(asked).answers:
        assert answer.gain == pytest.approx(by_definition(shop, facts, asked, answer.value), abs=1e-9)


@given(situations())
def test_no_gain_is_above_its_bound(situation: tuple[str, list[Fact], str]) -> None:
    name, facts, asked = situation
    case = Case(view_of(PACKS[name], facts, (), NOW), [asked], {})
    assert case.outlook(asked).gain - case.burden(asked) <= dict(case.prospects())[asked] + 1e-9


@pytest.mark.parametrize("name", sorted(PACKS))
def test_looking_at_few_products_decides_as_looking_at_all(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = PACKS[name]
    for seed in range(5):
        facts = customer(shop, 8, seed)
        view = view_of(shop, facts, (), NOW)
        known = {one.topic for one in facts}
        topics = [one for one in shop.topics if one not in known]
        monkeypatch.setattr(shortlist, "CLOSELY", 10_000)
        whole = best_question(Case(view, topics, {}))
        monkeypatch.setattr(shortlist, "CLOSELY", 7)
        monkeypatch.setattr(shortlist, "CELLS", 0)
        few = best_question(Case(view, topics, {}))
        assert (whole is None) == (few is None)
        if whole is not None and few is not None:
            assert few.topic == whole.topic
            assert few.gain == pytest.approx(whole.gain)


@pytest.mark.parametrize("name", sorted(PACKS))
def test_the_quick_way_to_the_best_question_finds_the_first_of_the_ranking(name: str) -> None:
    shop = PACKS[name]
    for seed in range(5):
        case = Case(view_of(shop, customer(shop, 5, seed), (), NOW), list(shop.topics), {})
        best, ranked = best_question(case), ranking(case)
        assert best is not None
        assert best.topic == ranked[0].topic


def test_a_stale_answer_is_worth_what_another_one_would_bring() -> None:
    shop = bicycles()
    old = fact(1, "frame", "steel", since=NOW - timedelta(days=700))
    case = Case(view_of(shop, [old], (), NOW), ["frame"], {"frame": 1.0})
    for answer in case.outlook("frame").answers:
        assert answer.gain == pytest.approx(by_definition(shop, [old], "frame", answer.value))


def test_an_answer_that_is_only_thought_of_counts_as_if_it_were_known() -> None:
    shop = bicycles()
    imagined = Case(view_of(shop, (), (), NOW), ["frame", "gears"], {}).answered("frame", "steel")
    known = Case(view_of(shop, facts_of(frame="steel"), (), NOW), ["gears"], {})
    assert list(imagined.topics) == ["gears"]
    assert imagined.outlook("gears").gain == pytest.approx(known.outlook("gears").gain)


class Steely(CatalogueCrowd):
    """Nine customers in ten ride steel."""

    def __init__(self, shop: ShopPack) -> None:
        crowd = crowd_of_catalogue(shop)
        super().__init__(crowd.values, crowd.catalogue)

    def answer_chances(self, topic: str, given: Given) -> Mapping[str, float]:
        return {"steel": 0.9, "carbon": 0.1} if topic == "frame" else {}


def test_what_similar_customers_answer_weighs_the_answers() -> None:
    view = view_of(bicycles(), (), (), NOW)
    chances = {
        a.value: a.chance for a in Case(view, ["frame"], {}, Steely(bicycles())).outlook("frame").answers
    }
    assert chances == pytest.approx({"steel": 0.9, "carbon": 0.1})


def test_what_they_do_not_want_is_no_possible_answer() -> None:
    facts = [fact(1, "frame", "steel", Polarity.DISLIKES)]
    case = Case(view_of(bicycles(), facts, (), NOW), ["frame"], {})
    assert "steel" not in [answer.value for answer in case.outlook("frame").answers]


def test_it_decides_between_the_two_that_most_answers_would_put_first() -> None:
    products = [product(name, shape=name, shade=("pale",)) for name in ("round", "square", "flat")]
    shop = pack([topic("shape", "round", "square", "flat"), topic("shade", "pale", kind=CHOICES)], products)
    case = Case(view_of(shop, (), (), NOW), ["shape", "shade"], {})
    assert decides_between(case, case.outlook("shape")) is not None
    assert decides_between(case, case.outlook("shade")) is None

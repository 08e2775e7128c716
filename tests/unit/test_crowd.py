"""What customers in general teach about one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from one_to_one.catalogue import catalogue_of
from one_to_one.crowd import CatalogueCrowd, Given, crowd_of_catalogue
from one_to_one.crowd_counts import FEWEST, Counts, Person, count, load, save
from one_to_one.crowd_model import LearnedCrowd
from one_to_one.errors import CrowdUnreadable
from tests.unit.packs import pack, product, topic

NOW = datetime(2026, 3, 1, tzinfo=UTC)
TASTE = topic("taste", "bitter", "sour", "sweet")
TIME = topic("time", "morning", "night")
PACK = pack(
    topics=[TASTE, TIME], products=[product("lemon", taste=("sour",)), product("cake", taste=("sweet",))]
)
NO_CATALOGUE = CatalogueCrowd(
    {"taste": ("bitter", "sour", "sweet"), "time": ("morning", "night")}, None, ("a", "b")
)


def person(product: str = "", **answers: str) -> Person:
    said = {topic: tuple(values.split()) for topic, values in answers.items()}
    return Person(said, {product: 1.0} if product else {})


def learned(*people: Person, prior: CatalogueCrowd = NO_CATALOGUE) -> LearnedCrowd:
    return LearnedCrowd(count(people, NOW), prior)


def best(chances: Mapping[str, float]) -> str:
    return max(chances, key=lambda name: chances[name])


CHOOSERS = [person("a", taste="sour", time="morning")] * 60 + [person("b", taste="sweet", time="night")] * 40


def test_without_customers_the_catalogue_says_what_is_likely() -> None:
    crowd = crowd_of_catalogue(PACK)
    chances = crowd.answer_chances("taste", {})
    assert chances["sour"] == chances["sweet"] > chances["bitter"] > 0
    assert best(crowd.choice_chances({"taste": ["sweet"]})) == "cake"
    assert crowd.customers == 0


def test_customers_alike_in_what_is_given_are_listened_to() -> None:
    crowd = learned(*CHOOSERS)
    assert best(crowd.choice_chances({})) == "a"
    assert best(crowd.choice_chances({"taste": ["sweet"]})) == "b"
    assert crowd.answer_chances("time", {"taste": ["sour"]})["morning"] > 0.8


@pytest.mark.parametrize(
    "given", [{}, {"taste": ["sour"]}, {"taste": ["sour", "sweet"], "time": ["night"]}, {"taste": ()}]
)
def test_chances_sum_to_one_whatever_is_given(given: Given) -> None:
    crowd = learned(*CHOOSERS)
    assert sum(crowd.choice_chances(given).values()) == pytest.approx(1)
    assert sum(crowd.answer_chances("time", given).values()) == pytest.approx(1)
    outlook = crowd.outlook("time", given)
    assert outlook.chances.sum() == pytest.approx(1)
    assert np.allclose(outlook.choices.sum(axis=1), 1)


def test_few_customers_move_the_prior_a_little_and_many_a_lot() -> None:
    few = learned(*CHOOSERS[:6]).choice_chances({})["a"]
    many = learned(*CHOOSERS[:6] * 100).choice_chances({})["a"]
    assert 0.5 < few < 0.8 < many


def test_nothing_is_concluded_from_what_was_not_asked() -> None:
    silent = [person("b", taste="sweet")] * 40
    crowd = learned(*CHOOSERS, *silent)
    alone = learned(*CHOOSERS)
    ours, theirs = (c.answer_chances("time", {"taste": ["sweet"]})["night"] for c in (crowd, alone))
    assert ours > 0.65
    assert theirs > 0.65


def test_what_nobody_or_too_few_said_counts_as_not_given() -> None:
    crowd = learned(*CHOOSERS)
    assert crowd.choice_chances({"taste": ["bitter"]}) == crowd.choice_chances({})
    assert crowd.choice_chances({"shoes": ["red"]}) == crowd.choice_chances({})


def test_that_none_applies_is_an_answer_too() -> None:
    milkless = [person("a", taste="sour", time="")] * 30
    crowd = learned(*CHOOSERS, *milkless)
    assert crowd.choice_chances({"time": ()})["a"] > crowd.choice_chances({})["a"]


def test_several_values_named_together_are_one_answer() -> None:
    both = [person("a", taste="bitter sour")] * 10 + [person("b", taste="sweet")] * 10
    outlook = learned(*both).outlook("taste", {})
    assert set(outlook.answers) == {("bitter", "sour"), ("sweet",)}
    assert outlook.choices[list(outlook.answers).index(("bitter", "sour"))][0] > 0.5


def test_a_product_no_longer_made_is_not_expected() -> None:
    crowd = learned(*CHOOSERS, *[person("gone", taste="sour")] * 50)
    assert set(crowd.choice_chances({"taste": ["sour"]})) == {"a", "b"}


def numbers(counts: Counts) -> np.ndarray:
    return np.concatenate([counts.known.ravel(), counts.said.ravel(), counts.pairs.ravel()])


def test_what_fewer_than_five_people_share_is_not_kept() -> None:
    rare = [person("c", taste="umami", time="noon")] * (FEWEST - 1)
    odd = [person("a", taste="sweet", time="morning")] * (FEWEST - 1)
    counts = count([*CHOOSERS, *rare, *odd], NOW)
    kept = {value for _, value in counts.columns}
    assert not kept & {"umami", "noon", "c"}
    assert all(number == 0 or number >= FEWEST for number in numbers(counts))
    assert all(times >= FEWEST for answers in counts.answers.values() for times in answers.values())


def test_counts_are_written_and_read_back_whole(tmp_path: Path) -> None:
    counts = count(CHOOSERS, NOW)
    save(counts, tmp_path / "crowd" / "counts.npz")
    again = load(tmp_path / "crowd" / "counts.npz")
    assert (again.people, again.columns, again.answers) == (counts.people, counts.columns, counts.answers)
    assert np.array_equal(numbers(again), numbers(counts))
    assert again.counted_at == NOW


def test_a_broken_file_is_told_with_its_name(tmp_path: Path) -> None:
    file = tmp_path / "counts.npz"
    file.write_bytes(b"PK\x03\x04 not whole")
    with pytest.raises(CrowdUnreadable, match=r"counts\.npz"):
        load(file)


def test_nobody_at_all_is_the_prior() -> None:
    crowd = learned()
    assert crowd.choice_chances({"taste": ["sour"]}) == {"a": 0.5, "b": 0.5}
    assert crowd.answer_chances("time", {}) == {"morning": 0.5, "night": 0.5}


@pytest.mark.parametrize("people", [0, 1])
def test_people_of_whom_nothing_is_counted_bound_no_answer(people: int) -> None:
    catalogue = catalogue_of(PACK)
    crowd = learned(*[person("lemon", taste="sour")] * people, prior=crowd_of_catalogue(PACK))
    assert crowd.answers_at_most(catalogue, {}).tolist() == [1.0] * len(catalogue.values)

"""What questions earned among people who weren't learned from."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from one_to_one.crowd import CatalogueCrowd
from one_to_one.crowd_counts import Person
from one_to_one.crowd_trials import Trials, Tried, promise, trials
from one_to_one.deciding import best_question

NOW = datetime(2026, 3, 1, tzinfo=UTC)
PRIOR = CatalogueCrowd({}, None, ("a", "b", "c"))
BURDENS = {"colour": 0.0, "hat": 0.0, "shoe": 0.0}
CHOICE = {"red": "a", "blue": "b"}


def people(count: int = 400) -> list[Person]:
    """The colour decides between a and b; green ones choose by their hat; shoes mean nothing."""
    chance = np.random.default_rng(2)
    return [_person(chance) for _ in range(count)]


def _person(chance: np.random.Generator) -> Person:
    colour = str(chance.choice(["red", "blue", "green"]))
    hat = str(chance.choice(["top", "flat"]))
    shoe = str(chance.choice([str(size) for size in range(30)]))
    chosen = CHOICE.get(colour) or ("c" if hat == "top" else "a")
    return Person({"colour": (colour,), "hat": (hat,), "shoe": (shoe,)}, {chosen: 1.0})


@pytest.fixture(scope="module")
def tried() -> Trials:
    return trials(people(), PRIOR, NOW)


def test_a_question_that_decides_earns_and_one_that_means_nothing_does_not(tried: Trials) -> None:
    assert tried.earned(frozenset(), "colour") > 0.2
    assert tried.earned(frozenset({"colour"}), "shoe") < 0.03


def test_the_model_promises_more_than_a_meaningless_question_earns(tried: Trials) -> None:
    known = frozenset({"colour", "hat"})
    assert tried.promised(known, "shoe") >= 0 > tried.earned(known, "shoe") - 0.03


def test_what_decides_is_asked_first(tried: Trials) -> None:
    first = best_question(Tried(tried, BURDENS))
    assert first is not None
    assert first.topic == "colour"


def test_an_answered_question_is_not_asked_again(tried: Trials) -> None:
    case = Tried(tried, BURDENS).told("colour", ("green",))
    assert "colour" not in case.topics
    assert case.given == {"colour": ("green",)}


def test_an_answer_of_several_values_is_taken_apart(tried: Trials) -> None:
    case = Tried(tried, BURDENS).answered("colour", "blue\0green")
    assert case.given == {"colour": ("blue", "green")}


def test_the_favourite_follows_the_answers(tried: Trials) -> None:
    case = Tried(tried, BURDENS)
    assert case.told("colour", ("red",)).favourite() == "a"
    assert case.told("colour", ("blue",)).favourite() == "b"


def test_a_promise_is_never_negative_and_names_what_would_be_proposed(tried: Trials) -> None:
    outlook = promise(tried.crowd, {}, "colour")
    assert all(answer.gain >= 0 for answer in outlook.answers)
    assert {answer.value: answer.best for answer in outlook.answers}["blue"] == "b"


def test_a_burden_heavier_than_the_gain_leaves_the_question_unasked(tried: Trials) -> None:
    assert best_question(Tried(tried, dict.fromkeys(BURDENS, 2.0))) is None

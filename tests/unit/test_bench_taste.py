"""The taste-test bench on made-up surveys."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import pytest

from cli.benching import BenchOptions, NoData
from tests.bench import taste

HEAD = [
    "id",
    "Drink A notes",
    "drink_b_personal_preference",
    "prefer_ab",
    "milk",
    "brew",
    "words",
    "prefer_overall",
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Who takes milk prefers drink A; the rest says nothing about it."""
    chance = random.Random(4)
    (tmp_path / "coffee_taste_test").mkdir()
    with (tmp_path / "coffee_taste_test" / "answers.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEAD)
        for number in range(150):
            milk = chance.choice(["yes", "no", "NA"])
            likes = "Drink A" if milk == "yes" else "Drink B"
            brew = chance.choice(["Pour over, Espresso", "Espresso", "Milk, cream, or both, Espresso"])
            leak = "x" if likes == "Drink A" else "y"
            liked = likes if number % 30 else "NA"
            writer.writerow([number, leak, leak, leak, milk, brew, f"my words {number}", liked])
    return tmp_path


def quiet(_: str) -> None:
    pass


def survey(folder: Path) -> taste.Survey:
    return taste.read(folder / "coffee_taste_test")


def test_only_what_a_shop_could_ask_is_asked(folder: Path) -> None:
    assert survey(folder).topics == ("milk", "brew")


def test_who_named_no_favourite_is_left_out(folder: Path) -> None:
    assert len(survey(folder).people) == 145


@pytest.mark.parametrize(
    ("cell", "options"),
    [
        ("Pour over, Espresso", ("Pour over", "Espresso")),
        ("Milk, cream, or both, Espresso", ("Milk, cream, or both", "Espresso")),
        ("Chain (e.g. One, Two), Cafe", ("Chain (e.g. One, Two)", "Cafe")),
        ("NA", ()),
        ("", ()),
    ],
)
def test_the_options_of_an_answer_are_taken_apart(cell: str, options: tuple[str, ...]) -> None:
    assert taste.named(cell) == options


def test_everybody_is_held_out_once(folder: Path) -> None:
    people = survey(folder).people
    held_out = [test for _, test in taste.folds(people)]
    assert sum(map(len, held_out)) == len(people)
    assert all(len(train) + len(test) == len(people) for train, test in taste.folds(people))


RATED = {"Drink A": "drink_a_preference", "Drink B": "drink_b_preference"}


def test_the_ratings_of_all_tasted_coffees_are_found() -> None:
    columns = ["drink_a_preference", "drink_a_notes", "drink_b_preference", "prefer_overall"]
    assert taste.rating_columns(columns, ["Drink A", "Drink B"]) == RATED


def test_without_a_rating_of_each_coffee_none_counts() -> None:
    assert taste.rating_columns(["drink_b_preference"], ["Drink A", "Drink B"]) == {}


def test_what_was_rated_nearly_as_high_was_nearly_chosen() -> None:
    row = {"prefer_overall": "Drink A", "drink_a_preference": "4", "drink_b_preference": "4"}
    assert taste.chosen(row, RATED) == {"Drink A": 0.75, "Drink B": 0.25}


@pytest.mark.parametrize("mark", ["NA", "", "nan", "very good"])
def test_who_did_not_rate_all_of_them_chose_what_they_named(mark: str) -> None:
    row = {"prefer_overall": "Drink A", "drink_a_preference": "1", "drink_b_preference": mark}
    assert taste.chosen(row, RATED) == {"Drink A": 1.0}


def test_one_question_foretells_what_it_decides(folder: Path) -> None:
    found = {figure.measure: figure.value for figure in taste.figures(BenchOptions(folder, quiet))}
    assert set(found) == {
        f"coffee.{way}.{k}_questions" for way in ("accuracy", "fixed_order") for k in range(5)
    }
    assert found["coffee.accuracy.1_questions"] == 1.0 == found["coffee.fixed_order.1_questions"]
    assert found["coffee.accuracy.0_questions"] < 0.8


def test_a_folder_without_the_target_is_named(tmp_path: Path) -> None:
    with pytest.raises(NoData, match="answers"):
        taste.read(tmp_path)

"""The favourite of four coffees, foretold from a few answers: the Great American Coffee Taste Test of 2023.

People are held out in five folds (by lot, the same every time). For each of them the planner chooses one
question after the other, seeing only the answers so far, and after each the likeliest favourite is compared
with the one they named after tasting blind. Beside it, the same model with a fixed order of questions, chosen
on the training folds alone: one after the other whichever earned most there in cross-validation.

What can be asked is every column of the survey but these: the one with a value of its own for everybody, what
is named after the tasted coffees or after the question for the favourite, and free text. An answer may name
several options; an empty one, which the survey has where a question doesn't apply ("how do you brew at
home" of somebody who doesn't), is the answer that none applies.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import exp
from pathlib import Path

import numpy as np

from cli.benching import BenchOptions, Figure, NoData
from one_to_one.crowd import CatalogueCrowd
from one_to_one.crowd_counts import FEWEST, Person
from one_to_one.crowd_trials import Trials, Tried, trials
from one_to_one.deciding import best_question

TARGET = "prefer_overall"
FOLDS = 5
QUESTIONS = 4
SEED = 20231020
MISSING = frozenset({"", "NA"})
OPTION = re.compile(r", (?![a-z])(?![^(]*\))")
"""Parts the options of an answer: an option of several parts goes on in lower case or in brackets."""

MARK = re.compile(r"\d{1,2}(\.\d+)?")
"""A rating."""

NAMED = 0.5
"""How much of what somebody chose is the favourite they named; the rest goes by their ratings."""

PER_MARK = 2.0
"""By how much, in logits, a coffee rated one mark higher is likelier to be chosen again."""

SHARED = 0.5
"""In a question to choose from, at least so many of the options named are named by several people."""

PUBLISHED = {
    0: (0.370, "always the majority"),
    1: (0.438, "best question with hindsight"),
    2: (0.455, "aim; best pair with hindsight .452"),
    4: (0.465, "aim; best four with hindsight .462"),
}
NEVER = datetime(2023, 10, 20, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Survey:
    """Who answered what, and liked which best."""

    topics: tuple[str, ...]
    favourites: tuple[str, ...]
    people: Sequence[Person]


def figures(options: BenchOptions) -> Iterator[Figure]:
    """How many favourites are foretold after each number of questions."""
    survey = read(options.folder("coffee_taste_test"))
    options.say(f"Taste test: {len(survey.people):,} people, {len(survey.topics)} questions to choose from …")
    adaptive, fixed = [], []
    for number, (train, test) in enumerate(folds(survey.people)):
        tried = trials(train, prior(survey), NEVER)
        adaptive.append(accuracies(tried, survey.topics, test))
        fixed.append(accuracies_in_order(tried, fixed_order(tried, survey.topics), test))
        options.say(f"Fold {number + 1} of {FOLDS}")
    for name, found in (("accuracy", adaptive), ("fixed_order", fixed)):
        for asked, share in enumerate(np.mean(found, axis=0)):
            reference, source = PUBLISHED.get(asked, (None, ""))
            yield Figure(
                f"coffee.{name}.{asked}_questions", float(share), "share foretold", reference, source
            )


def read(folder: Path) -> Survey:
    """Read the survey. Raises NoData when no file has the target."""
    for file in sorted(folder.glob("*.csv")):
        with file.open(encoding="utf-8", newline="") as opened:
            rows = [row for row in csv.DictReader(opened) if row.get(TARGET, "") not in MISSING]
        if rows:
            return survey_of(rows)
    raise NoData(folder=folder / "answers.csv")


def survey_of(rows: Sequence[Mapping[str, str]]) -> Survey:
    """What can be asked, and the answers of those who named a favourite."""
    favourites = tuple(sorted({row[TARGET] for row in rows}))
    topics = tuple(
        name for name in rows[0] if not is_about_tasting(name, favourites) and is_question(rows, name)
    )
    rated = rating_columns(list(rows[0]), favourites)
    people = [Person({t: named(row[t]) for t in topics}, chosen(row, rated)) for row in rows]
    return Survey(topics, favourites, people)


def rating_columns(columns: Sequence[str], favourites: Sequence[str]) -> dict[str, str]:
    """Of each tasted coffee, the column that says how it was liked; empty when one of them has none."""
    stem = _plain(TARGET).split()[0]
    found = {
        favourite: column
        for favourite in favourites
        for column in columns
        if _plain(favourite) in _plain(column) and stem in _plain(column)
    }
    return found if len(found) == len(favourites) else {}


def chosen(row: Mapping[str, str], rated: Mapping[str, str]) -> dict[str, float]:
    """What somebody chose: the favourite they named, and what they rated nearly as high.

    Of those who are learned from, ratings tell more than one name; of those foretold only the name counts.
    """
    marks = {coffee: row[column] for coffee, column in rated.items()}
    if not marks or not all(MARK.fullmatch(mark) for mark in marks.values()):
        return {row[TARGET]: 1.0}
    liked = {coffee: exp(PER_MARK * float(mark)) for coffee, mark in marks.items()}
    shares = {coffee: (1.0 - NAMED) * weight / sum(liked.values()) for coffee, weight in liked.items()}
    shares[row[TARGET]] += NAMED
    return shares


def favourite_of(person: Person) -> str:
    """The coffee they named."""
    return max(person.chosen, key=lambda coffee: person.chosen[coffee])


def is_about_tasting(column: str, favourites: Sequence[str]) -> bool:
    """Whether a column tells about the tasted coffees: it is named after one, or as the target is."""
    name = _plain(column)
    return name.startswith(_plain(TARGET).split()[0]) or any(_plain(one) in name for one in favourites)


def _plain(name: str) -> str:
    return " ".join(re.findall("[a-z0-9]+", name.lower()))


def is_question(rows: Sequence[Mapping[str, str]], column: str) -> bool:
    """Whether its answers are chosen from a list, rather than written, or everybody's own."""
    times = Counter(option for row in rows for option in named(row[column]))
    shared = sum(count for count in times.values() if count >= FEWEST)
    return len(times) > 1 and shared >= SHARED * sum(times.values())


def named(cell: str) -> tuple[str, ...]:
    """The options that an answer names."""
    return () if cell in MISSING else tuple(dict.fromkeys(OPTION.split(cell)))


def folds(people: Sequence[Person]) -> Iterator[tuple[list[Person], list[Person]]]:
    """Those to learn from and those to be foretold, five times."""
    fold_of = np.random.default_rng(SEED).permutation(len(people)) % FOLDS
    for fold in range(FOLDS):
        train = [person for person, of in zip(people, fold_of, strict=True) if of != fold]
        yield train, [person for person, of in zip(people, fold_of, strict=True) if of == fold]


def prior(survey: Survey) -> CatalogueCrowd:
    """Nothing is known beforehand of the coffees."""
    return CatalogueCrowd(dict.fromkeys(survey.topics, ()), None, survey.favourites)


def accuracies(tried: Trials, topics: Sequence[str], test: Sequence[Person]) -> list[float]:
    """The share of favourites foretold after 0, 1, 2, … questions that the planner chose."""
    hits = np.array([list(_hits(Tried(tried, dict.fromkeys(topics, 0.0)), person)) for person in test])
    return [float(share) for share in hits.mean(axis=0)]


def _hits(case: Tried, person: Person) -> Iterator[bool]:
    now = case
    yield now.favourite() == favourite_of(person)
    for _ in range(QUESTIONS):
        question = best_question(now)
        if question is not None:
            now = now.told(question.topic, person.answers[question.topic])
        yield now.favourite() == favourite_of(person)


def fixed_order(tried: Trials, topics: Sequence[str]) -> list[str]:
    """One after the other, the question that earned most among the people learned from."""
    order: list[str] = []
    while len(order) < min(QUESTIONS, len(topics)):
        left = [topic for topic in topics if topic not in order]
        order.append(max(left, key=lambda topic: tried.earned(frozenset(order), topic)))
    return order


def accuracies_in_order(tried: Trials, order: Sequence[str], test: Sequence[Person]) -> list[float]:
    """The same when everybody is asked the same questions."""
    asked = [order[:count] for count in range(QUESTIONS + 1)]
    return [float(np.mean([_foretold(tried, person, topics) for person in test])) for topics in asked]


def _foretold(tried: Trials, person: Person, topics: Sequence[str]) -> bool:
    case = Tried(tried, {}, {topic: person.answers[topic] for topic in topics})
    return case.favourite() == favourite_of(person)

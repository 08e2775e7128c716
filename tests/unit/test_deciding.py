"""The decision over anything that can be asked: what the shop and the benches share."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pytest

from one_to_one.catalogue import Catalogue, Floats
from one_to_one.crowd import Given, Outlook
from one_to_one.crowd_trials import promise
from one_to_one.deciding import Outlook as Promised
from one_to_one.deciding import best_question, ranking


@dataclass(frozen=True)
class People:
    """A crowd that is known to the last person: each row is one of equally many people."""

    rows: tuple[Mapping[str, str], ...]  # topic -> answer, and "favourite" -> product

    @property
    def customers(self) -> int:
        return len(self.rows)

    @property
    def products(self) -> Sequence[str]:
        return sorted({row["favourite"] for row in self.rows})

    def outlook(self, topic: str, given: Mapping[str, Collection[str]]) -> Outlook:
        chances = self.answer_chances(topic, given)
        after = [self.choice_chances({**given, topic: (value,)}) for value in chances]
        choices = np.array([[one.get(product, 0.0) for product in self.products] for one in after])
        return Outlook([(value,) for value in chances], np.array(list(chances.values())), choices)

    def _alike(self, given: Mapping[str, Collection[str]]) -> list[Mapping[str, str]]:
        return [row for row in self.rows if all(row[topic] in codes for topic, codes in given.items())]

    def _shares(self, name: str, given: Mapping[str, Collection[str]]) -> dict[str, float]:
        alike = self._alike(given)
        found = sorted({row[name] for row in alike})
        return {one: sum(row[name] == one for row in alike) / len(alike) for one in found}

    def answer_chances(self, topic: str, given: Mapping[str, Collection[str]]) -> Mapping[str, float]:
        return self._shares(topic, given)

    def choice_chances(self, given: Mapping[str, Collection[str]]) -> Mapping[str, float]:
        return self._shares("favourite", given)

    def answers_at_most(self, catalogue: Catalogue, given: Mapping[str, Collection[str]]) -> Floats:
        return np.ones(len(catalogue.values))

    def choices(self, given: Mapping[str, Collection[str]]) -> Floats:
        chances = self.choice_chances(given)
        return np.array([chances.get(product, 0.0) for product in self.products])


@dataclass(frozen=True)
class Favourites:
    """Finding the favourite of somebody who is known through others like them, by what is promised alone."""

    crowd: People
    burdens: Mapping[str, float]
    given: Given = field(default_factory=dict)

    @property
    def topics(self) -> Collection[str]:
        return [topic for topic in self.burdens if topic not in self.given]

    def burden(self, topic: str) -> float:
        return self.burdens[topic]

    def prospects(self) -> Iterator[tuple[str, float]]:
        return ((topic, float("inf")) for topic in self.topics)

    def outlook(self, topic: str) -> Promised:
        return promise(self.crowd, self.given, topic)

    def answered(self, topic: str, value: str) -> Favourites:
        return replace(self, given={**self.given, topic: (value,)})


def person(hat: str, shoes: str, coat: str, favourite: str) -> dict[str, str]:
    return {"hat": hat, "shoes": shoes, "coat": coat, "favourite": favourite}


# The hat tells the favourite three times in four; shoes and coat tell it only together; the coat is as good
# as the shoes.
PEOPLE = People(
    tuple(
        person("red" if tells else "blue", shoes, coat, "a" if (shoes == coat) else "b")
        for shoes in ("old", "new")
        for coat in ("old", "new")
        for n in range(4)
        for tells in [(n < 3) == (shoes == coat)]
    )
)
FREE = {"hat": 0.0, "shoes": 0.0, "coat": 0.0}


def test_one_question_ahead_the_hat_tells_most() -> None:
    best = best_question(Favourites(PEOPLE, FREE))
    assert best is not None
    assert best.topic == "hat"
    assert best.gain == pytest.approx(0.75 - 0.5)


def test_two_questions_ahead_shoes_and_coat_tell_everything() -> None:
    best = best_question(Favourites(PEOPLE, FREE), ahead=2)
    assert best is not None
    assert best.topic in ("coat", "shoes")
    assert best.value == pytest.approx(1.0 - 0.5)


def test_what_is_known_is_not_asked() -> None:
    assert "hat" in [one.topic for one in ranking(Favourites(PEOPLE, FREE))]
    assert "hat" not in [one.topic for one in ranking(Favourites(PEOPLE, FREE, {"hat": ("red",)}))]


def test_once_the_shoes_are_known_the_coat_decides() -> None:
    best = best_question(Favourites(PEOPLE, FREE).answered("shoes", "old"))
    assert best is not None
    assert best.topic == "coat"
    assert best.value == pytest.approx(0.5)


def test_a_question_that_costs_more_than_it_gives_is_not_asked() -> None:
    assert best_question(Favourites(PEOPLE, dict.fromkeys(FREE, 0.3))) is None


def test_a_cheaper_question_wins_over_a_slightly_better_one() -> None:
    dear = Favourites(PEOPLE, {"hat": 0.2, "coat": 0.0}, {"shoes": ("old",)})
    best = best_question(dear)
    assert best is not None
    assert best.topic == "coat"


def test_of_equals_the_first_by_name_is_asked() -> None:
    twins = People(tuple(person(x, x, x, x) for x in ("a", "b")))
    best = best_question(Favourites(twins, FREE))
    assert best is not None
    assert best.topic == "coat"

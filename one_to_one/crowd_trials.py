"""What questions brought among people who weren't learned from, and what the next may bring this one.

What a model promises of a question is too much where the model is too sure of itself. So the gain of asking
is what it earned in cross-validation (Stone, *J. R. Stat. Soc. B* 36, 1974), moved up or down by how much
more or less than on average the model promises for this customer.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

import numpy as np

from one_to_one.catalogue import Floats
from one_to_one.crowd import CatalogueCrowd, Crowd, Given
from one_to_one.crowd_counts import Person, count
from one_to_one.crowd_model import LearnedCrowd
from one_to_one.deciding import Answer, Outlook

PARTS = 5
"""People are tried in so many parts: each by what was learned from the others."""

SEEDS = (0, 1, 2, 3, 4)
"""The parts are drawn anew so many times: what a question earns is a small difference of noisy shares."""

PERSONAL = 0.1
"""How much of what the model promises this customer beyond the average is believed."""

SHARPNESS = 40.0
"""A product less likely than the likeliest by one part in so many counts a third as much as it."""

LOOKED_AT = 60
"""From so many people it is seen what the model promises on average."""


@dataclass(frozen=True)
class Part:
    """Some people, and what was learned from all others."""

    crowd: LearnedCrowd
    people: Sequence[Person]

    def found(self, asked: Collection[str]) -> Floats:
        """How much of what each chose is the product thought likeliest once these were asked.

        Of products about equally likely each counts: who was found by a hair says little about the question.
        """
        chances = self.crowd.choices_of(self._leanings, asked)
        ahead = np.exp(SHARPNESS * (chances - chances.max(axis=1, keepdims=True)))
        return np.asarray((ahead * self._chosen).sum(axis=1) / ahead.sum(axis=1))

    @cached_property
    def _leanings(self) -> Floats:
        return self.crowd.leanings([person.answers for person in self.people])

    @cached_property
    def _chosen(self) -> Floats:
        products = self.crowd.products
        return np.array([[p.chosen.get(product, 0.0) for product in products] for p in self.people])


@dataclass(frozen=True)
class Trials:
    """People with what was learned from others, so that it is seen what questions are worth."""

    crowd: LearnedCrowd  # learned from all of them
    people: Sequence[Person]
    parts: Sequence[Part]
    _found: dict[frozenset[str], float] = field(default_factory=dict, repr=False)
    _promised: dict[tuple[frozenset[str], str], float] = field(default_factory=dict, repr=False)

    def earned(self, asked: frozenset[str], topic: str) -> float:
        """How many more favourites were found with this question than without it, as a share."""
        return self.found(asked | {topic}) - self.found(asked)

    def found(self, asked: frozenset[str]) -> float:
        """The share of favourites that were thought likeliest once these were asked."""
        if asked not in self._found:
            shares = [part.found(asked) for part in self.parts]
            self._found[asked] = float(np.concatenate(shares).mean()) if shares else 0.0
        return self._found[asked]

    def promised(self, asked: frozenset[str], topic: str) -> float:
        """What the model promises of the question on average."""
        if (asked, topic) not in self._promised:
            several = self.people[:: max(1, len(self.people) // LOOKED_AT)]
            promises = [promise(self.crowd, _known(person, asked), topic).gain for person in several]
            self._promised[asked, topic] = float(np.mean(promises or [0.0]))
        return self._promised[asked, topic]


@dataclass(frozen=True)
class Tried:
    """One customer, whose favourite is to be found; a `deciding.Problem`. Gains are chances of finding it."""

    trials: Trials
    burdens: Mapping[str, float]  # topic -> burden, of all that may be asked
    given: Given = field(default_factory=dict)

    @property
    def topics(self) -> Collection[str]:
        """What wasn't asked yet."""
        return [topic for topic in self.burdens if topic not in self.given]

    def burden(self, topic: str) -> float:
        """What asking costs."""
        return self.burdens[topic]

    def prospects(self) -> Iterator[tuple[str, float]]:
        """Nothing is known beforehand."""
        return ((topic, float("inf")) for topic in self.topics)

    def outlook(self, topic: str) -> Outlook:
        """What it has earned, and more or less by what this customer is promised."""
        promised = promise(self.trials.crowd, self.given, topic)
        usual = self.trials.promised(self._asked, topic)
        lift = self.trials.earned(self._asked, topic) - PERSONAL * usual
        return Outlook(
            tuple(replace(answer, gain=PERSONAL * answer.gain + lift) for answer in promised.answers)
        )

    def answered(self, topic: str, value: str) -> Tried:
        """The case once this is the answer."""
        return self.told(topic, tuple(part for part in value.split("\0") if part))

    def told(self, topic: str, values: Collection[str]) -> Tried:
        """The case once these values are the answer; none: none of them applies."""
        return replace(self, given={**self.given, topic: tuple(values)})

    def favourite(self) -> str:
        """What would be proposed now."""
        return _likeliest(self.trials.crowd, self.given)

    @cached_property
    def _asked(self) -> frozenset[str]:
        return frozenset(self.given)


def trials(
    people: Sequence[Person], prior: CatalogueCrowd, at: datetime, *, seeds: Sequence[int] = SEEDS
) -> Trials:
    """Learn from all who chose something, and, part by part, from all but those it is tried with."""
    chose = [person for person in people if person.chosen]
    parts = [part for seed in seeds for part in _parts(chose, prior, at, seed)]
    return Trials(LearnedCrowd(count(chose, at), prior), chose, parts)


def _parts(people: Sequence[Person], prior: CatalogueCrowd, at: datetime, seed: int) -> Iterator[Part]:
    part_of = np.random.default_rng(seed).permutation(len(people)) % PARTS
    for part in range(PARTS):
        tried = [person for person, of in zip(people, part_of, strict=True) if of == part]
        others = [person for person, of in zip(people, part_of, strict=True) if of != part]
        if tried:
            yield Part(LearnedCrowd(count(others, at), prior), tried)


def promise(crowd: Crowd, given: Given, topic: str) -> Outlook:
    """By how much the model says that an answer raises the chance of proposing the favourite."""
    outlook = crowd.outlook(topic, given)
    if not outlook.answers:
        return Outlook(())
    anyway = int((outlook.chances @ outlook.choices).argmax())
    gains = outlook.choices.max(axis=1) - outlook.choices[:, anyway]
    best = outlook.choices.argmax(axis=1)
    return Outlook(
        tuple(
            Answer("\0".join(answer), float(chance), float(gain), crowd.products[first])
            for answer, chance, gain, first in zip(
                outlook.answers, outlook.chances, gains, best.tolist(), strict=True
            )
        )
    )


def _known(person: Person, asked: Collection[str]) -> Given:
    return {topic: person.answers[topic] for topic in sorted(asked) if topic in person.answers}


def _likeliest(crowd: Crowd, given: Given) -> str:
    chances = crowd.choice_chances(given)
    return max(chances, key=lambda product: (chances[product], product))

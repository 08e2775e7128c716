"""What similar customers answered and chose, and what the catalogue lets expect before anybody has."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from one_to_one.catalogue import Catalogue, Floats, catalogue_of
from one_to_one.shop import ShopPack

type Given = Mapping[str, Collection[str]]
"""Topic → the value codes liked. An empty collection: asked, and none of the values applies."""

type Answer = tuple[str, ...]
"""The value codes of one answer, in the order of the alphabet."""

type Liked = tuple[tuple[str, str], ...]
"""Topic and value code of each thing liked."""

LATEST = 32
"""What would be chosen is kept for so many sets of likes, those that were asked for last."""

FITS = 1.0
"""By how much (in natural logarithms) a product is likelier to be chosen for each liked value it has."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What the answer to one question may be, and what would be chosen after each."""

    answers: Sequence[Answer]
    chances: Floats  # of each answer; they sum to 1
    choices: Floats  # a row for each answer, a column for each product; each row sums to 1


class Crowd(Protocol):
    """What is known of customers in general, as far as it helps with one. Small, and quick to ask."""

    @property
    def customers(self) -> int:
        """How many customers it was learned from."""
        ...

    @property
    def products(self) -> Sequence[str]:
        """The products that can be chosen."""
        ...

    def answer_chances(self, topic: str, given: Given) -> Mapping[str, float]:
        """Value → the chance that it is the one named; they sum to 1. Empty for a topic without values."""
        ...

    def answers_at_most(self, catalogue: Catalogue, given: Given) -> Floats:
        """Of each column of the catalogue: its value is no likelier the answer. Quick, and needn't be close.

        Of topics that are in `given` it says nothing.
        """
        ...

    def choice_chances(self, given: Given) -> Mapping[str, float]:
        """Product → the chance that it would be the favourite; they sum to 1."""
        ...

    def choices(self, given: Given) -> Floats:
        """The same as an array, in the order of `products`."""
        ...

    def outlook(self, topic: str, given: Given) -> Outlook:
        """What the answer may be, several values at once included, and what would be chosen after it."""
        ...


@dataclass(frozen=True)
class CatalogueCrowd:
    """What the catalogue alone lets expect: everybody likes what there is, and buys what they like."""

    values: Mapping[str, tuple[str, ...]]  # topic -> its values
    catalogue: Catalogue | None = None  # None: nothing is known of the products
    names: tuple[str, ...] = ()  # the products, where there is no catalogue
    customers: int = 0
    _latest: dict[Liked, Floats] = field(default_factory=dict, repr=False, compare=False)

    @property
    def products(self) -> Sequence[str]:
        """The products that can be chosen."""
        return self.names if self.catalogue is None else self.catalogue.ids

    def answer_chances(self, topic: str, given: Given) -> Mapping[str, float]:
        """Half what the products that would be chosen have, half even."""
        values = self.values.get(topic, ())
        if not values:
            return {}
        even = np.full(len(values), 1.0 / len(values))
        common = self._common(topic, values, given)
        mixed = even if common is None else (even + common) / 2.0
        return dict(zip(values, mixed.tolist(), strict=True))

    def answers_at_most(self, catalogue: Catalogue, given: Given) -> Floats:
        """Nothing is ruled out."""
        return np.ones(len(catalogue.values))

    def choice_chances(self, given: Given) -> Mapping[str, float]:
        """The more of the liked values a product has, the likelier it is chosen."""
        return dict(zip(self.products, self.choices(given).tolist(), strict=True))

    def choices(self, given: Given) -> Floats:
        """The same as an array, in the order of `products`; a decision asks for the same ones many times."""
        liked = tuple(_pairs(given))
        if liked not in self._latest:
            while len(self._latest) >= LATEST:
                self._latest.pop(next(iter(self._latest)), None)
            self._latest[liked] = self._chosen(liked)
        return self._latest[liked]

    def _chosen(self, liked: Liked) -> Floats:
        if self.catalogue is None:
            return np.full(len(self.names), 1.0 / max(1, len(self.names)))
        column = self.catalogue.column
        fitting = {column[pair]: FITS for pair in liked if pair in column}
        weights = np.exp(self.catalogue.sums(fitting)) * np.where(self.catalogue.in_stock, 1.0, 1e-9)
        return np.asarray(weights / weights.sum()) if weights.size else weights

    def outlook(self, topic: str, given: Given) -> Outlook:
        """One value at a time: what goes together, only customers can tell."""
        chances = self.answer_chances(topic, given)
        after = [self.choices({**given, topic: (value,)}) for value in chances]
        return Outlook(
            [(value,) for value in chances],
            np.array(list(chances.values())),
            np.array(after).reshape(len(after), len(self.products)),
        )

    def _common(self, topic: str, values: tuple[str, ...], given: Given) -> Floats | None:
        """How common each value is among what would be chosen; None when no product says."""
        if self.catalogue is None or topic not in self.catalogue.columns:
            return None
        chances = self.choices(given)
        columns = [self.catalogue.column.get((topic, value)) for value in values]
        common = np.array(
            [0.0 if c is None else float(chances[self.catalogue.members[c]].sum()) for c in columns]
        )
        return np.asarray(common / common.sum()) if common.sum() > 0 else None


def crowd_of_catalogue(pack: ShopPack) -> CatalogueCrowd:
    """What to expect of customers before there are any."""
    return CatalogueCrowd(
        {topic.name: tuple(topic.values) for topic in pack.topics.values()}, catalogue_of(pack)
    )


def _pairs(given: Given) -> list[tuple[str, str]]:
    return [(topic, value) for topic, values in given.items() for value in values]

"""What other customers taught, as far as it helps to propose to one: sums over many, nobody's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from one_to_one.alike import Alike
from one_to_one.catalogue import Catalogue, Floats, Rows
from one_to_one.crowd import Crowd, Given
from one_to_one.exploring import Appeal
from one_to_one.facts import Polarity
from one_to_one.history import Ordered
from one_to_one.preferences import Beliefs

ENOUGH = 50
"""Before so many customers taught it, what the crowd would choose counts nothing."""

WEIGHT = 0.3
"""What being e times as likely to be chosen as the average adds to a product's utility."""

MOST = 1.5
"""More than so many powers of e, up or down, don't count."""


@dataclass(frozen=True, slots=True)
class Insight:
    """What is known from others. Without any, what the customer said carries the proposal alone."""

    crowd: Crowd | None = None  # what people like them would choose
    alike: Alike = field(default_factory=Alike)  # what was ordered by the same people
    appeal: Appeal = field(default_factory=Appeal)  # how new things were taken

    def expected(self, catalogue: Catalogue, given: Given) -> Floats:
        """What the choices of people who like the same add to each product's utility."""
        total = np.zeros(len(catalogue.products))
        if self.crowd is None or self.crowd.customers < ENOUGH:
            return total
        rows, chances = self._sold(catalogue, given)
        if rows.size:
            total[rows] = WEIGHT * np.clip(np.log(np.maximum(chances * len(rows), 1e-9)), -MOST, MOST)
        return total

    def drawn(self, catalogue: Catalogue, believed: Beliefs, history: Sequence[Ordered]) -> Floats:
        """What others' choices add to each product: of those who like the same, and who ordered the same."""
        return self.alike.drawn_to(catalogue, history)[0] + self.expected(catalogue, liked_by(believed))

    def _sold(self, catalogue: Catalogue, given: Given) -> tuple[Rows, Floats]:
        """The rows of what the crowd chooses from and the shop has, and the chance of each."""
        if self.crowd is None:
            return np.zeros(0, dtype=np.intp), np.zeros(0)
        names, chances = self.crowd.products, self.crowd.choices(given)
        if names is catalogue.ids:  # the usual case, and quick
            return np.arange(len(names)), chances
        rows = np.array([catalogue.row.get(name, -1) for name in names], dtype=np.intp)
        return rows[rows >= 0], chances[rows >= 0]


def liked_by(believed: Beliefs) -> dict[str, list[str]]:
    """What they like, as the crowd is asked."""
    liked = believed.stances[Polarity.LIKES]
    return {topic: sorted(values) for topic, values in liked.items()}


NOTHING = Insight()
"""What is known before there are other customers."""

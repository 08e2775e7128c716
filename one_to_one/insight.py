"""What other customers taught, as far as it helps to propose to one: sums over many, nobody's own."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from one_to_one.alike import Alike
from one_to_one.catalogue import Catalogue, Floats
from one_to_one.crowd import Crowd, Given
from one_to_one.exploring import Appeal

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
        chances = self.crowd.choice_chances(given)
        told = [(catalogue.row[name], chance) for name, chance in chances.items() if name in catalogue.row]
        if told:
            rows, values = np.array([row for row, _ in told]), np.array([chance for _, chance in told])
            total[rows] = WEIGHT * np.clip(np.log(np.maximum(values * len(told), 1e-9)), -MOST, MOST)
        return total


NOTHING = Insight()
"""What is known before there are other customers."""

"""The best thing to make: exact, under every rule and limit (HiGHS, Huangfu and Hall, 2018)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from one_to_one.configuring.space import Clause, Limit, Pick, Picks, Rule, Space, Table

MADE = 0.5
"""From here on the solver's 0 or 1 is a 1."""


@dataclass(slots=True)
class _Rows:
    """Linear rows in the making: least <= sum of weight x column <= most."""

    weights: list[dict[int, float]] = field(default_factory=list)
    least: list[float] = field(default_factory=list)
    most: list[float] = field(default_factory=list)

    def add(self, weights: dict[int, float], least: float, most: float) -> None:
        self.weights.append(weights)
        self.least.append(least)
        self.most.append(most)

    def constraint(self, columns: int) -> LinearConstraint:
        places = [(row, column) for row, each in enumerate(self.weights) for column in each]
        values = [value for each in self.weights for value in each.values()]
        rows, names = zip(*places, strict=True) if places else ((), ())
        table = csr_array((values, (rows, names)), shape=(len(self.weights), columns))
        return LinearConstraint(table, np.array(self.least), np.array(self.most))


class Optimum:
    """Finds the best of a space, again and again; the rules are put into numbers once."""

    def __init__(self, space: Space) -> None:
        self._space = space
        self._column: dict[Pick, int] = {}
        for choice in space.choices.values():
            for code in choice.codes:
                self._column[choice.name, code] = len(self._column)
        self._columns = len(self._column)
        self._rows = _Rows()
        for choice in space.choices.values():
            self._rows.add({self._column[choice.name, code]: 1.0 for code in choice.codes}, 1.0, 1.0)
        for rule in space.rules:
            self._add(rule)

    def best(
        self,
        worth: Mapping[Pick, float],
        picks: Picks | None = None,
        *,
        unlike: Sequence[Picks] = (),
        by: int = 1,
    ) -> dict[str, str] | None:
        """What is worth most of all that has `picks`; None when nothing does.

        It differs from each of `unlike` in at least `by` choices. Of equally good ones any may be found,
        but always the same.
        """
        rows = _Rows(list(self._rows.weights), list(self._rows.least), list(self._rows.most))
        for other in unlike:
            same = {self._column[pick]: 1.0 for pick in other.items()}
            rows.add(same, -np.inf, float(len(other) - by))
        least = np.zeros(self._columns)
        for pick in (picks or {}).items():
            if pick not in self._column:
                return None
            least[self._column[pick]] = 1.0
        gain = np.zeros(self._columns)
        for pick, value in worth.items():
            gain[self._column[pick]] = value
        return self._solved(gain, least, rows)

    def _solved(self, gain: np.ndarray, least: np.ndarray, rows: _Rows) -> dict[str, str] | None:
        whole = np.zeros(self._columns)
        whole[: len(self._column)] = 1
        found = milp(
            -gain,
            integrality=whole,
            bounds=Bounds(least, np.ones(self._columns)),
            constraints=rows.constraint(self._columns),
        )
        if found.x is None:
            return None
        return {name: code for (name, code), column in self._column.items() if found.x[column] > MADE}

    def _add(self, rule: Rule) -> None:
        if isinstance(rule, Limit):
            weights = {self._column[pick]: float(weight) for pick, weight in rule.weights.items() if weight}
            self._rows.add(weights, -np.inf, float(rule.most))
        elif isinstance(rule, Clause):
            self._add_clause(rule)
        else:
            self._add_table(rule)

    def _add_clause(self, clause: Clause) -> None:
        """What isn't so counts as 1 - x: the ones move to the other side."""
        weights: dict[int, float] = {}
        for pick, holds in clause.literals:
            column = self._column[pick]
            weights[column] = weights.get(column, 0.0) + (1.0 if holds else -1.0)
        negated = sum(not holds for _, holds in clause.literals)
        self._rows.add(weights, 1.0 - negated, np.inf)

    def _add_table(self, table: Table) -> None:
        """A column for each row, exactly one of which is 1; a pick is the sum of the rows that have it."""
        made = range(self._columns, self._columns + len(table.rows))
        self._columns += len(table.rows)
        self._rows.add(dict.fromkeys(made, 1.0), 1.0, 1.0)
        having: dict[Pick, dict[int, float]] = {
            (name, code): {} for name in table.scope for code in self._space.choices[name].codes
        }
        for column, row in zip(made, table.rows, strict=True):
            for pick in zip(table.scope, row, strict=True):
                having[pick][column] = -1.0
        for pick, rows in having.items():
            self._rows.add({self._column[pick]: 1.0, **rows}, 0.0, 0.0)

"""The best thing to make: exact, under every rule and limit (HiGHS, Huangfu and Hall, 2018)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import product
from math import inf, prod

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from one_to_one.configuring.space import Clause, Limit, Pick, Picks, Rule, Space, Table

NEARLY_WHOLE = 1e-6
"""So far from a whole number is as good as on it."""

MADE = 0.5
"""From here on the solver's 0 or 1 is a 1."""

type Column = int

type Row = tuple[Mapping[Column, float], float, float]
"""Weights by column, and between which two numbers their sum lies."""


@dataclass(slots=True)
class _Rows:
    """Linear rows in the making: least <= sum of weight x column <= most."""

    columns: list[int] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)
    ends: list[int] = field(default_factory=lambda: [0])
    least: list[float] = field(default_factory=list)
    most: list[float] = field(default_factory=list)

    def add(self, weights: Mapping[Column, float], least: float, most: float) -> None:
        self.columns.extend(weights)
        self.weights.extend(weights.values())
        self.ends.append(len(self.columns))
        self.least.append(least)
        self.most.append(most)

    def constraint(self, columns: int) -> LinearConstraint:
        table = csr_array((self.weights, self.columns, self.ends), shape=(len(self.least), columns))
        return LinearConstraint(table, np.array(self.least), np.array(self.most))


@dataclass(slots=True)
class Aim:
    """What is looked for: a sum to be as large as it can, under more rows than those of the space."""

    gain: dict[Column, float] = field(default_factory=dict)
    constant: float = 0.0  # added to the sum
    ones: set[Column] = field(default_factory=set)  # columns that are 1
    zeros: set[Column] = field(default_factory=set)  # columns that are 0
    rows: list[Row] = field(default_factory=list)
    added: list[bool] = field(default_factory=list)  # columns of its own, 0 to 1: whether they are whole


class Program:
    """A space in numbers: a column for each pick, 1 where it is made. Solved for one aim after another."""

    def __init__(self, space: Space, factors: Mapping[str, Mapping[str, float]] | None = None) -> None:
        """With columns for the products of the factors that the codes of some choices have: `products`."""
        self._space = space
        self.column: dict[Pick, Column] = {}
        for choice in space.choices.values():
            for code in choice.codes:
                self.column[choice.name, code] = len(self.column)
        self.columns = len(self.column)
        self._rows = _Rows()
        for choice in space.choices.values():
            self._rows.add({self.column[choice.name, code]: 1.0 for code in choice.codes}, 1.0, 1.0)
        for rule in space.rules:
            self._add(rule)
        self.products = self._multiplied(factors or {})
        """Columns of which exactly one is 1, with the product of the factors of what is made."""
        self._fixed = self._rows.constraint(self.columns) if self._rows.least else None

    def solve(self, aim: Aim, above: float = -inf) -> dict[str, str] | None:
        """The best that can be made; None when nothing can that is worth more than `above`.

        Of equally good ones always the same. First it is solved as if a pick could be half made: what is
        worth little then is worth no more in truth, and what comes out whole is the best there is.
        """
        count = self.columns + len(aim.added)
        if not count:  # there is nothing to choose
            limits = zip(self._rows.least, self._rows.most, strict=True)
            return {} if all(low <= 0 <= high for low, high in limits) else None
        whole = np.zeros(count)
        whole[: len(self.column)] = 1
        whole[self.columns :] = aim.added
        least, most, gain = np.zeros(count), np.ones(count), np.zeros(count)
        least[list(aim.ones)] = 1.0
        most[list(aim.zeros)] = 0.0
        if aim.ones & aim.zeros:
            return None
        for column, value in aim.gain.items():
            gain[column] = value
        rows = _Rows()
        for weights, low, high in aim.rows:
            rows.add(weights, low, high)
        constraints = [] if self._fixed is None else [self._widened(count)]
        if rows.least:
            constraints.append(rows.constraint(count))
        bounds = Bounds(least, most)
        found = milp(-gain, bounds=bounds, constraints=constraints)
        if found.x is None or aim.constant - found.fun <= above:
            return None
        if np.abs(found.x - np.round(found.x))[whole > 0].max(initial=0.0) > NEARLY_WHOLE:
            exact = {"mip_rel_gap": 0.0}
            found = milp(-gain, integrality=whole, bounds=bounds, constraints=constraints, options=exact)
            if found.x is None:
                return None
        return {name: code for (name, code), column in self.column.items() if found.x[column] > MADE}

    def _widened(self, count: int) -> LinearConstraint:
        """The rows of the space, with room for more columns."""
        fixed = self._fixed
        if fixed is None or count == self.columns:
            return fixed
        table = fixed.A
        wide = csr_array((table.data, table.indices, table.indptr), shape=(table.shape[0], count))
        return LinearConstraint(wide, fixed.lb, fixed.ub)

    def _multiplied(self, factors: Mapping[str, Mapping[str, float]]) -> dict[Column, float]:
        """A column for each combination of different factors: the one that is made is 1."""
        groups = [list(self._by_factor(name, each).items()) for name, each in factors.items()]
        if not groups:
            return {}
        if len(groups) == 1:
            [only] = groups
            return {column: factor for factor, columns in only for column in columns}
        products: dict[Column, float] = {}
        having: list[dict[float, list[Column]]] = [{factor: [] for factor, _ in group} for group in groups]
        for combination in product(*([factor for factor, _ in group] for group in groups)):
            products[self.columns] = prod(combination)
            for place, factor in enumerate(combination):
                having[place][factor].append(self.columns)
            self.columns += 1
        for place, group in enumerate(groups):
            for factor, columns in group:
                weights = dict.fromkeys(columns, 1.0) | dict.fromkeys(having[place][factor], -1.0)
                self._rows.add(weights, 0.0, 0.0)
        return products

    def _by_factor(self, name: str, factors: Mapping[str, float]) -> dict[float, list[Column]]:
        groups: dict[float, list[Column]] = {}
        for code in self._space.choices[name].codes:
            groups.setdefault(factors.get(code, 1.0), []).append(self.column[name, code])
        return groups

    def _add(self, rule: Rule) -> None:
        if isinstance(rule, Limit):
            weights = {self.column[pick]: float(weight) for pick, weight in rule.weights.items() if weight}
            self._rows.add(weights, -inf, float(rule.most))
        elif isinstance(rule, Clause):
            self._add_clause(rule)
        else:
            self._add_table(rule)

    def _add_clause(self, clause: Clause) -> None:
        """What isn't so counts as 1 - x: the ones move to the other side."""
        weights: dict[Column, float] = {}
        for pick, holds in clause.literals:
            column = self.column[pick]
            weights[column] = weights.get(column, 0.0) + (1.0 if holds else -1.0)
        negated = sum(not holds for _, holds in clause.literals)
        self._rows.add(weights, 1.0 - negated, inf)

    def _add_table(self, table: Table) -> None:
        """A column for each row, exactly one of which is 1; a pick is the sum of the rows that have it."""
        made = range(self.columns, self.columns + len(table.rows))
        self.columns += len(table.rows)
        self._rows.add(dict.fromkeys(made, 1.0), 1.0, 1.0)
        having: dict[Pick, dict[Column, float]] = {
            (name, code): {} for name in table.scope for code in self._space.choices[name].codes
        }
        for column, row in zip(made, table.rows, strict=True):
            for pick in zip(table.scope, row, strict=True):
                having[pick][column] = -1.0
        for pick, rows in having.items():
            self._rows.add({self.column[pick]: 1.0, **rows}, 0.0, 0.0)


def apart(column: Mapping[Pick, Column], other: Picks, by: int) -> Row:
    """That something differs from another in at least `by` choices."""
    same = {column[pick]: 1.0 for pick in other.items() if pick in column}
    return same, -inf, float(len(other) - by)

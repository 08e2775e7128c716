"""What one choice could be instead in something that can be made, everything else staying as it is.

Whoever knows one thing that can be made knows many more that way, without searching (a local move of
constraint-based local search; Hoos and Stützle, *Stochastic Local Search*, 2004).
"""

from __future__ import annotations

from collections.abc import Mapping

from one_to_one.configuring.space import Clause, Limit, Picks, Rule, Space, Table

type Rows = Mapping[tuple[str, ...], frozenset[str]]
"""What the other choices of a table are, and the codes of one that fit them."""


class Flips:
    """The single changes that are possible in a space."""

    def __init__(self, space: Space) -> None:
        self._space = space
        self._about: dict[str, list[Rule]] = {name: [] for name in space.choices}
        self._rows: dict[tuple[int, str], Rows] = {}
        for rule in space.rules:
            for name in choices_in(rule):
                self._about[name].append(rule)

    def instead(self, choice: str, made: Picks) -> set[str]:
        """The codes that the choice could have in `made`, which keeps every rule; its own is one of them."""
        fitting = set(self._space.choices[choice].codes)
        for rule in self._about[choice]:
            if isinstance(rule, Clause):
                fitting &= _in_clause(rule, choice, made, fitting)
            elif isinstance(rule, Table):
                fitting &= self._in_table(rule, choice, made)
            else:
                fitting = _in_limit(rule, choice, made, fitting)
        return fitting

    def _in_table(self, table: Table, choice: str, made: Picks) -> frozenset[str]:
        rows = self._rows.get((id(table), choice))
        if rows is None:
            rows = self._rows[id(table), choice] = _by_the_others(table, choice)
        others = tuple(made[name] for name in table.scope if name != choice)
        return rows.get(others, frozenset())


def choices_in(rule: Rule) -> frozenset[str]:
    """The choices that a rule is about."""
    if isinstance(rule, Table):
        return frozenset(rule.scope)
    if isinstance(rule, Clause):
        return frozenset(name for (name, _), _ in rule.literals)
    return frozenset(name for name, _ in rule.weights)


def _in_clause(clause: Clause, choice: str, made: Picks, codes: set[str]) -> set[str]:
    fitting = set[str]()
    for (name, code), holds in clause.literals:
        if name == choice:
            fitting |= {code} if holds else codes - {code}
        elif (made[name] == code) is holds:
            return codes
    return fitting


def _by_the_others(table: Table, choice: str) -> Rows:
    place = table.scope.index(choice)
    found: dict[tuple[str, ...], set[str]] = {}
    for row in table.rows:
        found.setdefault((*row[:place], *row[place + 1 :]), set()).add(row[place])
    return {others: frozenset(codes) for others, codes in found.items()}


def _in_limit(limit: Limit, choice: str, made: Picks, codes: set[str]) -> set[str]:
    others = {name for name, _ in limit.weights} - {choice}
    left = limit.most - sum(limit.weights.get((name, made[name]), 0) for name in others)
    return {code for code in codes if limit.weights.get((choice, code), 0) <= left}

"""How many different things can be made, without making them.

Variable elimination (Dechter, *Bucket elimination*, Artificial Intelligence 113, 1999) on tables that hold
only what fits: rules leave so little that the tables stay small even where the answer has 23 digits.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import product
from math import prod

from one_to_one.configuring.space import Clause, Limit, Rule, Space, Table

WIDEST = 100_000
"""Rows that a clause over many choices may take as a table."""


class TooWide(ValueError):
    """A rule names so many choices that nothing can be counted with it."""


@dataclass(frozen=True, slots=True)
class _Counts:
    """In how many ways each row can be completed by what is counted already."""

    scope: tuple[str, ...]
    ways: dict[tuple[str, ...], int]


def configurations(space: Space) -> int:
    """The number of different things that can be made. Raises TooWide."""
    full = space.expanded()
    counts = [_Counts((name,), dict.fromkeys(zip(c.codes), 1)) for name, c in full.choices.items()]
    counts += [_of_rule(full, rule) for rule in full.rules]
    while names := sorted({name for each in counts for name in each.scope}):
        counts = _counted(counts, min(names, key=lambda name: _width(counts, name)))
    return prod(each.ways.get((), 0) for each in counts)


def _of_rule(space: Space, rule: Rule) -> _Counts:
    if isinstance(rule, Table):
        return _Counts(rule.scope, dict.fromkeys(rule.rows, 1))
    if isinstance(rule, Limit):
        raise TypeError("limits are expanded before anything is counted")
    return _of_clause(space, rule)


def _of_clause(space: Space, clause: Clause) -> _Counts:
    scope = tuple(dict.fromkeys(name for (name, _), _ in clause.literals))
    codes = [space.choices[name].codes for name in scope]
    if prod(map(len, codes)) > WIDEST:
        raise TooWide(f"a rule over {len(scope)} choices")
    fits = [row for row in product(*codes) if _holds(clause, dict(zip(scope, row, strict=True)))]
    return _Counts(scope, dict.fromkeys(fits, 1))


def _holds(clause: Clause, made: dict[str, str]) -> bool:
    return any((made[name] == code) is wanted for (name, code), wanted in clause.literals)


def _width(counts: Iterable[_Counts], name: str) -> int:
    """How many other choices are bound together when this one is counted away."""
    return len({other for each in counts if name in each.scope for other in each.scope})


def _counted(counts: Sequence[_Counts], name: str) -> list[_Counts]:
    """The same with one choice counted away."""
    about = sorted((each for each in counts if name in each.scope), key=lambda each: len(each.ways))
    joined = reduce(_joined, about)
    rest = tuple(other for other in joined.scope if other != name)
    places = [joined.scope.index(other) for other in rest]
    ways: dict[tuple[str, ...], int] = {}
    for row, number in joined.ways.items():
        kept = tuple(row[place] for place in places)
        ways[kept] = ways.get(kept, 0) + number
    return [*(each for each in counts if name not in each.scope), _Counts(rest, ways)]


def _joined(one: _Counts, other: _Counts) -> _Counts:
    """Both at once: the rows that agree on the choices they share."""
    shared = [name for name in one.scope if name in other.scope]
    new = [place for place, name in enumerate(other.scope) if name not in one.scope]
    there = [other.scope.index(name) for name in shared]
    by_shared: dict[tuple[str, ...], list[tuple[tuple[str, ...], int]]] = {}
    for row, number in other.ways.items():
        key = tuple(row[place] for place in there)
        by_shared.setdefault(key, []).append((tuple(row[place] for place in new), number))
    here = [one.scope.index(name) for name in shared]
    ways = {
        row + added: number * more
        for row, number in one.ways.items()
        for added, more in by_shared.get(tuple(row[place] for place in here), ())
    }
    return _Counts(one.scope + tuple(other.scope[place] for place in new), ways)

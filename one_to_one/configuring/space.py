"""What can be chosen about a product, and the rules of what fits together."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

type Pick = tuple[str, str]
"""A choice and the code chosen for it."""

type Picks = Mapping[str, str]
"""Choice → the code chosen for it."""

RUNNING = "\N{GREEK CAPITAL LETTER SIGMA}"
"""What the names of choices begin with that hold the running total of a limit; nobody sees them."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose exactly one code for; "nothing", where that is possible, is a code too."""

    name: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The combinations of some choices that fit: one row holds a code for each choice of the scope."""

    scope: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Clause:
    """At least one of these holds: a pick that is made (True), or one that isn't (False)."""

    literals: tuple[tuple[Pick, bool], ...]


@dataclass(frozen=True, slots=True)
class Limit:
    """The weights of what is picked add up to `most` or less. What supplies (a power unit) weighs below 0."""

    weights: Mapping[Pick, int]  # in whole units; a pick that isn't named weighs nothing
    most: int


type Rule = Table | Clause | Limit


@dataclass(frozen=True, slots=True)
class Space:
    """Everything that could be made."""

    choices: Mapping[str, Choice]
    rules: Sequence[Rule] = field(default=())

    def expanded(self) -> Space:
        """The same space without limits: each is a chain of tables over its running total."""
        return self.traced()[0]

    def traced(self) -> tuple[Space, tuple[int, ...]]:
        """The space without limits, and for each rule of it the place of the rule it is made from."""
        choices, rules, origins = dict(self.choices), list[Rule](), list[int]()
        for number, rule in enumerate(self.rules):
            if isinstance(rule, Limit):
                for choice in _chained(self, rule, f"{RUNNING}{number}", rules):
                    choices[choice.name] = choice
            else:
                rules.append(rule)
            origins.extend([number] * (len(rules) - len(origins)))
        return Space(choices, tuple(rules)), tuple(origins)


def _chained(space: Space, limit: Limit, name: str, rules: list[Rule]) -> Iterator[Choice]:
    """The running totals of a limit, choice by choice; the tables between them are added to `rules`.

    Totals after which the same is still possible are one and the same (Behle, *On threshold BDDs and the
    optimal variable ordering problem*, 2008): what counts is how many of the sums to come still fit.
    """
    weights = _weights(space, limit)
    coming = _coming(weights)
    before: Choice | None = None
    totals = {bisect_right(coming[0], limit.most): 0}
    for place, (choice, by_code) in enumerate(weights.items()):
        rows, after = list[tuple[str, ...]](), dict[int, int]()
        for fitting, total in totals.items():
            for code, weight in by_code.items():
                left = bisect_right(coming[place + 1], limit.most - total - weight)
                if left:
                    after.setdefault(left, total + weight)
                    rows.append((str(fitting), code, str(left)) if before else (code, str(left)))
        running = Choice(f"{name}.{place}", tuple(map(str, after)))
        scope = (before.name, choice, running.name) if before else (choice, running.name)
        rules.append(Table(scope, tuple(rows)))
        yield running
        before, totals = running, after


def _weights(space: Space, limit: Limit) -> dict[str, dict[str, int]]:
    """Choice → code → weight, of the choices that weigh anything."""
    weighing = dict.fromkeys(choice for (choice, _), weight in limit.weights.items() if weight)
    return {
        name: {code: limit.weights.get((name, code), 0) for code in space.choices[name].codes}
        for name in weighing
    }


def _coming(weights: Mapping[str, Mapping[str, int]]) -> list[list[int]]:
    """Before each choice, and after the last: what all that is still to come may add up to, in order."""
    sums = [[0]]
    for by_code in reversed(list(weights.values())):
        sums.insert(0, sorted({weight + rest for weight in by_code.values() for rest in sums[0]}))
    return sums

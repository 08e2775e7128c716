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
        choices, rules = dict(self.choices), list[Rule]()
        for number, rule in enumerate(self.rules):
            if isinstance(rule, Limit):
                for choice in _chained(self, rule, f"{RUNNING}{number}", rules):
                    choices[choice.name] = choice
            else:
                rules.append(rule)
        return Space(choices, tuple(rules))


type Step = tuple[str, dict[tuple[int, str], int | None]]
"""A choice, and for each total before it and each of its codes the total after it; None: too much."""


def running_totals(space: Space, limit: Limit) -> Iterator[Step]:
    """How the total of a limit runs, choice by choice.

    Totals after which the same is still possible are one and the same (Behle, *On threshold BDDs and the
    optimal variable ordering problem*, 2008): what counts is how many of the sums to come still fit.
    """
    weights = _weights(space, limit)
    coming = _coming(weights)
    totals = {bisect_right(coming[0], limit.most): 0}
    for place, (choice, by_code) in enumerate(weights.items()):
        steps, after = dict[tuple[int, str], int | None](), dict[int, int]()
        for fitting, total in totals.items():
            for code, weight in by_code.items():
                left = bisect_right(coming[place + 1], limit.most - total - weight)
                steps[fitting, code] = left or None
                if left:
                    after.setdefault(left, total + weight)
        yield choice, steps
        totals = after


def _chained(space: Space, limit: Limit, name: str, rules: list[Rule]) -> Iterator[Choice]:
    """The running totals as choices; the tables between them are added to `rules`."""
    before: Choice | None = None
    for place, (choice, steps) in enumerate(running_totals(space, limit)):
        fits = {step: str(after) for step, after in steps.items() if after is not None}
        rows = [
            (str(total), code, after) if before else (code, after) for (total, code), after in fits.items()
        ]
        running = Choice(f"{name}.{place}", tuple(dict.fromkeys(fits.values())))
        scope = (before.name, choice, running.name) if before else (choice, running.name)
        rules.append(Table(scope, tuple(rows)))
        yield running
        before = running


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

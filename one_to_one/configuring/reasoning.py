"""What still fits, told exactly: a space as a question to a SAT solver."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Self

from pysat.solvers import Solver

from one_to_one.configuring.flipping import Flips
from one_to_one.configuring.space import (
    Choice,
    Clause,
    Limit,
    Pick,
    Picks,
    Rule,
    Space,
    Table,
    running_totals,
)

SOLVER = "minisat22"
"""The quickest of PySAT's solvers at many small questions about one space."""

LATELY = 4
"""So many of the last things found are looked at again before others are searched for."""

GROUP = 4
"""Of how many statements any two are named as going not together."""

type Literal = int
"""The number of a statement, or less its number: that it isn't so."""


class Reasoner:
    """Answers what is possible in a space, however many questions are asked. Close it after use.

    Rules that have a name (one for each rule of the space, or none at all) hold only where it is assumed: see
    `because`.
    """

    def __init__(self, space: Space, names: Sequence[str] = ()) -> None:
        self.space = space
        self._names = names
        self._holds: dict[str, Literal] = {}
        self._numbers: dict[Pick, Literal] = {}
        self._second: dict[str, str] = {}
        self._any: dict[frozenset[Literal], Literal] = {}
        self._count = 0
        self._flips = Flips(space)
        self._lately: deque[dict[str, str]] = deque(maxlen=0 if names else LATELY)
        self._solver = Solver(name=SOLVER, bootstrap_with=list(self._clauses(space)))
        self._picks = {number: pick for pick, number in self._numbers.items()}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the solver's memory back."""
        self._solver.delete()

    def literal(self, pick: Pick, holds: bool = True) -> Literal:
        """The number of a statement. Raises KeyError for what can't be picked at all."""
        number = self._numbers[pick]
        return number if holds else -number

    def fits(self, literals: Sequence[Literal]) -> bool:
        """Whether something can be made of which all this is true."""
        return bool(self._solver.solve(assumptions=literals))

    def any_of(self, literals: Sequence[Literal]) -> Literal:
        """A statement that brings one of these with it. Not one of them: it can't be true."""
        among = frozenset(literals)
        if len(among) == 1:
            return next(iter(among))
        if among not in self._any:
            self._any[among] = self._fresh()
            self._solver.add_clause([-self._any[among], *sorted(among)])
        return self._any[among]

    def allows(self, picks: Picks) -> bool:
        """Whether something can be made that has all these picks; an unknown code fits nothing."""
        known = [self._numbers.get(pick) for pick in picks.items()]
        return None not in known and self.fits([number for number in known if number is not None])

    def example(self, picks: Picks) -> dict[str, str] | None:
        """Something that can be made with these picks; None when nothing can."""
        return self._made() if self.allows(picks) else None

    def left(self, picks: Picks, of: Sequence[str] | None = None) -> dict[str, tuple[str, ...]]:
        """For each choice (or those named): the codes that can still be picked, in the order of the space.

        Every code listed is part of something that can be made with `picks`, and every other one of none.
        """
        assumed = [self.literal(pick) for pick in picks.items()]
        names = tuple(self.space.choices) if of is None else of
        asked = {
            (name, code): self.literal((name, code))
            for name in names
            for code in self.space.choices[name].codes
        }
        possible = self.possible(list(asked.values()), assumed)
        return {
            name: tuple(code for code in self.space.choices[name].codes if asked[name, code] in possible)
            for name in names
        }

    def possible(self, literals: Sequence[Literal], assumed: Sequence[Literal] = ()) -> set[Literal]:
        """Those that can be true, each in something that can be made, while all that is assumed is.

        All are picks, or that something isn't picked; names of rules can be assumed, too. From each that is
        found follows all that differs in one choice; only for the rest another is searched for.
        """
        open_, bounds = dict.fromkeys(literals), self._bounds(assumed)
        for made in [each for each in self._lately if _keeps(each, bounds)]:
            self._strike(open_, made, bounds)
        self._solver.set_phases(list(open_))  # what wasn't seen yet is tried first
        for literal in literals:
            if literal in open_ and self.fits([*assumed, literal]):
                made = self._made()
                self._lately.append(made)
                self._solver.set_phases([-each for each in self._strike(open_, made, bounds)])
        return set(literals) - open_.keys()

    def _bounds(self, assumed: Sequence[Literal]) -> dict[str, set[str]]:
        """Of each choice about which something is assumed: the codes that it may have."""
        bounds, names = dict[str, set[str]](), set(self.all_names)
        for literal in assumed:
            if literal in names:
                continue  # what follows by one change keeps every rule
            name, code = self._picks.get(literal) or self._picks[-literal]
            codes = bounds.setdefault(name, set(self.space.choices[name].codes))
            if literal in self._picks:
                codes &= {code}
            else:
                codes -= {code}
        return bounds

    def _strike(
        self, open_: dict[Literal, None], made: Picks, bounds: Mapping[str, set[str]]
    ) -> list[Literal]:
        """Take from those that are open, and return, what is so in this or by one change of it."""
        reach: dict[str, set[str]] = {}
        true = []
        for literal in open_:
            name, code = self._picks.get(literal) or self._picks[-literal]
            if name not in reach:
                others = self._flips.instead(name, made)
                reach[name] = {made[name]} | (others & bounds.get(name, others))
            if code in reach[name] if literal in self._picks else reach[name] - {code}:
                true.append(literal)
        for literal in true:
            del open_[literal]
        return true

    @property
    def all_names(self) -> tuple[Literal, ...]:
        """What is assumed when every rule with a name shall hold."""
        return tuple(self._holds.values())

    def because(self, literals: Sequence[Literal]) -> tuple[str, ...] | None:
        """The names of rules because of which all this can't be true; none of them could be left out.

        In the order of the space. Empty where it can't be true whatever the rules; None where it can be.
        """
        if self.fits([*self._holds.values(), *literals]):
            return None
        core = set(self._solver.get_core() or ())
        needed = [name for name, number in self._holds.items() if number in core]
        for name in tuple(needed):
            fewer = [other for other in needed if other != name]
            if not self.fits([*(self._holds[other] for other in fewer), *literals]):
                needed = fewer
        return tuple(needed)

    def core_and_dead(self) -> tuple[frozenset[Pick], frozenset[Pick]]:
        """The picks that are part of everything that can be made, and those that are part of nothing."""
        possible = self.left({})
        always = frozenset((name, codes[0]) for name, codes in possible.items() if len(codes) == 1)
        dead = frozenset(
            (name, code)
            for name, choice in self.space.choices.items()
            for code in choice.codes
            if code not in possible[name]
        )
        return always, dead

    def _made(self) -> dict[str, str]:
        """What the solver has just found; of two codes that no rule is about it is the second."""
        made = dict(self._second)
        for number in self._solver.get_model() or ():
            if (pick := self._picks.get(number)) is not None:
                made[pick[0]] = pick[1]
        return made

    def _clauses(self, space: Space) -> Iterator[list[Literal]]:
        for choice in space.choices.values():
            yield from self._of_choice(choice)
        for place, rule in enumerate(space.rules):
            name = self._names[place] if self._names else ""
            if name and name not in self._holds:
                self._holds[name] = self._fresh()
            guard = [-self._holds[name]] if name else []
            yield from ([*guard, *clause] for clause in self._of_rule(rule))

    def _of_choice(self, choice: Choice) -> Iterator[list[Literal]]:
        """Exactly one code; of two codes one statement tells which."""
        if len(choice.codes) == 2:
            one, other = choice.codes
            number = self._fresh()
            self._numbers |= {(choice.name, one): number, (choice.name, other): -number}
            self._second[choice.name] = other
            return
        numbers = [self._fresh() for _ in choice.codes]
        self._numbers |= {
            (choice.name, code): number for code, number in zip(choice.codes, numbers, strict=True)
        }
        yield numbers
        yield from self._at_most_one(numbers)

    def _at_most_one(self, numbers: list[Literal]) -> Iterator[list[Literal]]:
        """Two of a few are named; of many, groups of a few are (Klieber and Kwon, 2007)."""
        while len(numbers) > GROUP + 1:
            group, heads = numbers[:GROUP], self._fresh()
            yield from ([-one, -other] for one, other in combinations(group, 2))
            yield from ([-one, heads] for one in group)
            numbers = [*numbers[GROUP:], heads]
        yield from ([-one, -other] for one, other in combinations(numbers, 2))

    def _of_rule(self, rule: Rule) -> Iterator[list[Literal]]:
        if isinstance(rule, Clause):
            yield [self.literal(pick, holds) for pick, holds in rule.literals]
        elif isinstance(rule, Table):
            yield from self._of_table(rule)
        else:
            yield from self._of_limit(rule)

    def _of_limit(self, limit: Limit) -> Iterator[list[Literal]]:
        """A statement for each running total: a code brings the next one with it, or is one too many."""
        before: dict[int, Literal] = {}
        for choice, after in running_totals(self.space, limit):
            numbers: dict[int, Literal] = {}
            for (total, code), next_ in after.items():
                came_from = [-before[total]] if before else []
                if next_ is None:
                    yield [*came_from, -self.literal((choice, code))]
                else:
                    number = numbers.setdefault(next_, self._count + 1)
                    self._count = max(self._count, number)
                    yield [*came_from, -self.literal((choice, code)), number]
            before = numbers

    def _of_table(self, table: Table) -> Iterator[list[Literal]]:
        """One statement for each row: it is the one made. A pick needs a row that has it (Gent, 2002)."""
        rows, having = list[Literal](), dict[Pick, list[Literal]]()
        for row in table.rows:
            made = self._fresh()
            rows.append(made)
            for pick in zip(table.scope, row, strict=True):
                yield [-made, self.literal(pick)]
                having.setdefault(pick, []).append(made)
        yield rows
        for name in table.scope:
            for code in self.space.choices[name].codes:
                yield [-self.literal((name, code)), *having.get((name, code), ())]

    def _fresh(self) -> Literal:
        self._count += 1
        return self._count


def _keeps(made: Picks, bounds: Mapping[str, set[str]]) -> bool:
    return all(made[name] in codes for name, codes in bounds.items())

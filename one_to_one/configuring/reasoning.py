"""What still fits, told exactly: a space as a question to a SAT solver."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from typing import Self

from pysat.solvers import Solver

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
        self._any: dict[frozenset[Literal], Literal] = {}
        self._count = 0
        self._solver = Solver(name=SOLVER, bootstrap_with=list(self._clauses(space)))

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
        """Those that can be true, each in something that can be made, while all that is assumed is."""
        open_, found = dict.fromkeys(literals), set[Literal]()
        self._solver.set_phases(list(open_))  # what wasn't seen yet is tried first
        for literal in literals:
            if literal in open_ and self.fits([*assumed, literal]):
                holds = self._found()
                true = [each for each in open_ if each == literal or holds(each)]
                found.update(true)
                for each in true:
                    del open_[each]
                self._solver.set_phases([-each for each in true])
        return found

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
        """What the solver has just found."""
        holds = self._found()
        return {
            name: code
            for (name, code), number in self._numbers.items()
            if name in self.space.choices and holds(number)
        }

    def _found(self) -> Callable[[Literal], bool]:
        """Tells what is true of what the solver has just found; what no rule is about isn't so."""
        model = self._solver.get_model() or ()
        return lambda number: model[abs(number) - 1] == number if abs(number) <= len(model) else number < 0

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

"""What still fits, told exactly: a space as a question to a SAT solver."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Self

from pysat.solvers import Solver

from one_to_one.configuring.space import Choice, Clause, Pick, Picks, Rule, Space, Table

SOLVER = "minisat22"
"""The quickest of PySAT's solvers at many small questions about one space."""

type Literal = int
"""The number of a statement, or less its number: that it isn't so."""


class Reasoner:
    """Answers what is possible in a space, however many questions are asked. Close it after use."""

    def __init__(self, space: Space) -> None:
        self.space = space
        self._numbers: dict[Pick, Literal] = {}
        self._count = 0
        full = space.expanded()
        self._codes = {choice.name: choice.codes for choice in full.choices.values()}
        self._solver = Solver(name=SOLVER, bootstrap_with=list(self._clauses(full)))

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
        seen: set[Pick] = set()
        for name in names:
            for code in self.space.choices[name].codes:
                if (name, code) not in seen and self.fits([*assumed, self.literal((name, code))]):
                    seen.update(self._made().items())
        return {
            name: tuple(code for code in self.space.choices[name].codes if (name, code) in seen)
            for name in names
        }

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
        true = set(self._solver.get_model() or ())
        return {
            name: code
            for (name, code), number in self._numbers.items()
            if number in true and name in self.space.choices
        }

    def _clauses(self, space: Space) -> Iterator[list[Literal]]:
        for choice in space.choices.values():
            yield from self._of_choice(choice)
        for rule in space.rules:
            yield from self._of_rule(rule)

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
        yield from ([-one, -other] for one, other in combinations(numbers, 2))

    def _of_rule(self, rule: Rule) -> Iterator[list[Literal]]:
        if isinstance(rule, Clause):
            yield [self.literal(pick, holds) for pick, holds in rule.literals]
        elif isinstance(rule, Table):
            yield from self._of_table(rule)

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
            for code in self._codes[name]:
                yield [-self.literal((name, code)), *having.get((name, code), ())]

    def _fresh(self) -> Literal:
        self._count += 1
        return self._count

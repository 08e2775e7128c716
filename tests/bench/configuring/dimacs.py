"""Reading DIMACS: formulas in conjunctive normal form, with the names of features as comments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from one_to_one.configuring.space import Choice, Clause, Space

YES, NO = "yes", "no"


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula as it stands in the file."""

    names: dict[int, str]  # variable -> the feature's name
    clauses: tuple[tuple[int, ...], ...]


def read(file: Path) -> Formula:
    """Read one file; a clause may go over several lines."""
    names, numbers = dict[int, str](), list[int]()
    for line in file.read_text(encoding="utf-8").splitlines():
        kind, _, rest = line.partition(" ")
        if kind == "c":
            number, _, name = rest.strip().partition(" ")
            if number.isdecimal():
                names[int(number)] = name
        elif kind != "p":
            numbers.extend(map(int, line.split()))
    return Formula(names, tuple(_clauses(numbers)))


def _clauses(numbers: list[int]) -> Iterator[tuple[int, ...]]:
    clause: list[int] = []
    for number in numbers:
        if number:
            clause.append(number)
        else:
            yield tuple(clause)
            clause = []


def space_of(formula: Formula) -> Space:
    """Each variable a choice between yes and no; named by its number, for names need not differ."""
    variables = {abs(number) for clause in formula.clauses for number in clause} | set(formula.names)
    choices = {str(number): Choice(str(number), (YES, NO)) for number in sorted(variables)}
    rules = [
        Clause(tuple(((str(abs(number)), YES), number > 0) for number in clause))
        for clause in formula.clauses
    ]
    return Space(choices, rules)

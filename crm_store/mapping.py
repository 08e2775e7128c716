"""Which column of a table from outside is which of ours, and what its values mean."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from one_to_one.errors import BadTable
from one_to_one.written import read_yaml
from settings import ROOT

KNOWN_NAMES = ROOT / "data" / "imports" / "columns.yml"
OUTSIDE_BRACKETS = r"(?![^()]*\))"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of theirs that is used."""

    ours: str
    split: str | None = None  # several values in one cell are parted by this
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # their word -> ours, perhaps none

    def said(self, cell: str) -> list[str]:
        """The values in a cell in our words, each once; `topic=value` is about another topic."""
        found = (value for part in self._parts(cell) for value in self.values.get(part, (part,)))
        return list(dict.fromkeys(value for value in found if value))

    def _parts(self, cell: str) -> list[str]:
        if self.split is None or cell in self.values:
            return [cell]
        return [part.strip() for part in re.split(re.escape(self.split) + OUTSIDE_BRACKETS, cell)]


@dataclass(frozen=True, slots=True)
class ColumnPlan:
    """The columns used, by the name the file gives them."""

    columns: Mapping[str, Column]
    empty: frozenset[str] = frozenset()  # what stands for no answer, such as "NA"

    @property
    def chosen(self) -> dict[str, str]:
        """Theirs -> ours."""
        return {theirs: column.ours for theirs, column in self.columns.items()}

    def of_ours(self) -> dict[str, Column]:
        """The columns by our names."""
        return {column.ours: column for column in self.columns.values()}


def plan(
    path: Path, theirs: Sequence[str], wanted: Iterable[str], given: Sequence[str], file: Path | None
) -> ColumnPlan:
    """How a table's columns are used: as told (`theirs=ours`, a mapping file), else by well-known names.

    `wanted` are the names of ours that mean something here. Raises BadTable on a name nobody knows.
    """
    told = _from_file(file) if file is not None else ColumnPlan({})
    columns = dict(told.columns) | {name: Column(ours) for name, ours in map(_pair, given)}
    wanted = set(wanted)
    _refuse_unknown(path, columns, theirs, wanted)
    taken = {column.ours for column in columns.values()}
    for name, ours in _guessed(theirs, wanted):
        if name not in columns and ours not in taken:
            columns[name] = Column(ours)
            taken.add(ours)
    return ColumnPlan(columns, told.empty)


def _pair(given: str) -> tuple[str, str]:
    theirs, equals, ours = given.rpartition("=")
    if not (equals and theirs and ours):
        raise BadTable(file="--map", cause=f"{given!r} isn't of the form theirs=ours")
    return theirs, ours


def _refuse_unknown(
    path: Path, columns: Mapping[str, Column], theirs: Sequence[str], wanted: set[str]
) -> None:
    for name, column in columns.items():
        if name not in theirs:
            raise BadTable(file=path, cause=f"it has no column {name!r}, only {', '.join(theirs)}")
        if column.ours not in wanted:
            known = ", ".join(sorted(wanted))
            raise BadTable(file=path, cause=f"{name!r} can't become {column.ours!r}; known are {known}")


def _guessed(theirs: Sequence[str], wanted: set[str]) -> list[tuple[str, str]]:
    """Columns whose name is known, those with the most telling name first."""
    names = read_yaml(KNOWN_NAMES) | {}
    by_name = {_plain(name): ours for ours, many in names.items() for name in many}
    ranked = [name for ours in names for name in map(_plain, names[ours])]
    direct = [(name, ours) for name in theirs for ours in wanted if _plain(name) == _plain(ours)]
    known = sorted(
        ((name, by_name[_plain(name)]) for name in theirs if _plain(name) in by_name),
        key=lambda pair: ranked.index(_plain(pair[0])),
    )
    return [*direct, *((name, ours) for name, ours in known if ours in wanted)]


def _plain(name: str) -> str:
    return re.sub(r"[\s_\-./]+", "", name).casefold()


def _from_file(file: Path) -> ColumnPlan:
    try:
        told = yaml.safe_load(file.read_text(encoding="utf-8"))
        columns = {str(name): _column(each) for name, each in told["columns"].items()}
        return ColumnPlan(columns, frozenset(map(str, told.get("empty", []))))
    except (OSError, yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise BadTable(file=file, cause=f"not a mapping file: {error}") from error


def _column(told: Any) -> Column:
    if isinstance(told, str):
        return Column(told)
    values = {str(word): _ours(ours) for word, ours in told.get("values", {}).items()}
    return Column(str(told["to"]), told.get("split"), values)


def _ours(told: Any) -> tuple[str, ...]:
    if told is None:
        return ()
    return tuple(map(str, told)) if isinstance(told, list) else (str(told),)

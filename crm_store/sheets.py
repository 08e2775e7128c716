"""Tables from outside, CSV or Parquet: read as text, in batches, in the order that suits the import."""

from __future__ import annotations

import tempfile
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb

from one_to_one.errors import BadTable

MEMORY = "256MB"
"""What duckdb may hold at once; what doesn't fit is sorted on disk."""

BATCH = 5000
"""Rows read at a time."""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row of a table, with the line of the file it is on (the header is line 1)."""

    line: int
    cells: dict[str, str]  # column of ours -> text; empty cells are left out


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A line that is no row of this table."""

    line: int
    text: str
    reason: str


class Sheet:
    """An open table. Use it as a context manager: it sorts big tables in a folder of its own."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._source = _source(path)
        self._scratch = tempfile.TemporaryDirectory(prefix="dripwise-sort-")
        self._duck: Any = duckdb.connect()
        self._duck.execute(f"SET memory_limit = '{MEMORY}'")
        self._duck.execute(f"SET temp_directory = '{self._scratch.name}'")
        try:
            self._types = self._describe()
        except duckdb.Error as error:
            self.close()
            raise BadTable(file=path, cause=_first_line(error)) from error

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns as the file names them."""
        return tuple(self._types)

    @cached_property
    def count(self) -> int:
        """How many rows there are. Reads the file once, every cell, to find the lines that are no rows."""
        counted = f"SELECT count(*), count(COLUMNS(*)) FROM {self._source}"  # noqa: S608
        [(rows, *_)] = self._duck.execute(counted, [str(self.path)]).fetchall()
        return int(rows)

    @cached_property
    def unreadable(self) -> list[Unreadable]:
        """The lines that are no rows."""
        if not _is_csv(self.path) or self.count < 0:
            return []
        found = self._duck.execute(
            "SELECT line, any_value(csv_line), any_value(error_type) FROM reject_errors"
            " WHERE scan_id = (SELECT max(scan_id) FROM reject_errors) GROUP BY line ORDER BY line"
        )
        return [Unreadable(int(line), text, kind.lower()) for line, text, kind in found.fetchall()]

    def batches(self, chosen: dict[str, str], order: Sequence[str] = ()) -> Iterator[list[SheetRow]]:
        """Rows with the chosen columns (theirs -> ours), sorted by some of ours and then as in the file."""
        ours = [chosen[theirs] for theirs in chosen]
        skipped = [each.line for each in self.unreadable]
        found = self._query(chosen, order)
        while rows := found.fetchmany(BATCH):
            yield [_row(row, ours, skipped) for row in rows]

    def close(self) -> None:
        """Put the scratch folder away."""
        self._duck.close()
        self._scratch.cleanup()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _describe(self) -> dict[str, str]:
        found = self._duck.execute(f"DESCRIBE SELECT * FROM {self._source}", [str(self.path)])  # noqa: S608
        return {name: kind for name, kind, *_ in found.fetchall()}

    def _query(self, chosen: dict[str, str], order: Sequence[str]) -> Any:
        cells = [f"{self._text(theirs)} AS {_quoted(ours)}" for theirs, ours in chosen.items()]
        numbered = f"SELECT row_number() OVER () AS line, {', '.join(cells)} FROM {self._source}"  # noqa: S608
        by = ", ".join([*(_quoted(name) for name in order), "line"])
        reader = self._duck.cursor()
        for setting in (f"memory_limit = '{MEMORY}'", f"temp_directory = '{self._scratch.name}'"):
            reader.execute(f"SET {setting}")
        return reader.execute(f"SELECT * FROM ({numbered}) ORDER BY {by}", [str(self.path)])  # noqa: S608

    def _text(self, theirs: str) -> str:
        """A cell as text; numbers that spreadsheets keep as 17850.0 without their tail."""
        text = f"trim(CAST({_quoted(theirs)} AS VARCHAR))"
        if self._types[theirs].startswith(("DOUBLE", "FLOAT", "DECIMAL")):
            return f"regexp_replace({text}, '[.]0+$', '')"
        return text


def _row(row: Sequence[Any], ours: Sequence[str], skipped: Sequence[int]) -> SheetRow:
    cells = {name: text for name, text in zip(ours, row[1:], strict=True) if text}
    return SheetRow(_line(row[0], skipped), cells)


def _line(number: int, skipped: Sequence[int]) -> int:
    """The line of a row: one after its number for the header, and one for each unreadable line before it."""
    line = number + 1
    while (later := number + 1 + bisect_right(skipped, line)) != line:
        line = later
    return line


def _is_csv(path: Path) -> bool:
    return path.suffix.lower() in (".csv", ".tsv", ".txt")


def _source(path: Path) -> str:
    if not path.is_file():
        raise BadTable(file=path, cause="there is no such file")
    if path.suffix.lower() == ".parquet":
        return "read_parquet(?)"
    if _is_csv(path):
        return "read_csv(?, all_varchar = true, header = true, store_rejects = true)"
    raise BadTable(file=path, cause="only .csv and .parquet files can be read")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _first_line(error: BaseException) -> str:
    return str(error).strip().partition("\n")[0]

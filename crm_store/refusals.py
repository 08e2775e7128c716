"""What an import took and what it refused, with the reasons."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from one_to_one.cells import harmless


class Refused(Exception):
    """A row or a value can't be taken; the text says why."""


@dataclass(slots=True)
class Report:
    """The outcome of one import. Refused rows are written to a file as they come, not kept in memory."""

    refused_file: Path
    rows: int = 0  # read
    taken: int = 0  # rows from which something was kept, now or by an earlier import
    added: Counter[str] = field(
        default_factory=Counter
    )  # "customers", "facts", "orders", "lines" -> new rows
    known: int = 0  # rows that were there already, from an earlier import
    refused_rows: Counter[str] = field(default_factory=Counter)  # reason -> rows
    refused_values: Counter[str] = field(default_factory=Counter)  # reason -> values of rows that were taken
    seconds: float = 0.0
    _file: TextIO | None = None

    def refuse_row(self, line: int, reason: str, text: str) -> None:
        """Nothing of this row is kept."""
        self.refused_rows[reason] += 1
        self._write(line, "", text, reason)

    def refuse_value(self, line: int, column: str, value: str, reason: str) -> None:
        """The row is taken without this value."""
        self.refused_values[reason] += 1
        self._write(line, column, value, reason)

    def close(self) -> None:
        """Finish the file of refusals, if there was anything to refuse."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _write(self, line: int, column: str, value: str, reason: str) -> None:
        if self._file is None:
            self.refused_file.parent.mkdir(parents=True, exist_ok=True)
            self._file = self.refused_file.open("w", newline="", encoding="utf-8")
            csv.writer(self._file).writerow(["line", "column", "value", "reason"])
        csv.writer(self._file).writerow([line, *map(harmless, (column, value, reason))])

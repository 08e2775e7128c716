"""Rows per second, and memory, of importing a real list of purchases as its owner would: by the command."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from cli.benching import BenchOptions, Figure
from one_to_one.errors import DripwiseError
from settings import PREFIX, ROOT

KILOBYTE = 1 if sys.platform == "darwin" else 1024
"""Bytes in the unit in which this system reports the memory of a process that has ended."""


class ImportFailed(DripwiseError):
    """Importing {file} ended with exit code {code}. What it said is above."""


@dataclass(frozen=True, slots=True)
class Run:
    """What one import took."""

    seconds: float
    memory: float  # bytes, at its peak


def measure(options: BenchOptions) -> Iterator[Figure]:
    """Import the purchases of Online Retail into an empty store."""
    folder = options.folder("online_retail")
    for file in sorted([*folder.glob("*.parquet"), *folder.glob("*.csv")]):
        rows = count(file)
        options.say(f"Importing {rows:,} rows of {file.name} …")
        run = imported("purchases", file)
        source = f"Online Retail, {rows:,} rows"
        yield Figure("import.purchases_rows_per_second", rows / run.seconds, "rows/s", source=source)
        yield Figure("import.purchases_seconds", run.seconds, "s", source=source)
        yield Figure("import.purchases_memory", run.memory / 1e6, "MB at the peak", source=source)


def count(file: Path) -> int:
    """The rows of a table."""
    table = duckdb.read_parquet(str(file)) if file.suffix == ".parquet" else duckdb.read_csv(str(file))
    return len(table)


def imported(noun: str, file: Path) -> Run:
    """Import a file into a store of its own; raises ImportFailed."""
    with tempfile.TemporaryDirectory(prefix="dripwise-bench-") as home:
        environment = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
        began = time.monotonic()
        process = subprocess.Popen(
            [sys.executable, "-m", "cli", "import", noun, str(file)],
            cwd=ROOT,
            env={**environment, f"{PREFIX}HOME": home},
            stdin=subprocess.DEVNULL,
            stdout=sys.stderr,
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.monotonic() - began
    if process.returncode != 0:
        raise ImportFailed(file=file, code=process.returncode)
    return Run(seconds, usage.ru_maxrss * KILOBYTE)

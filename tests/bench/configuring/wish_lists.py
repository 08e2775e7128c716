"""Wish lists that clash with the feature model of Linux, and the wishes that must be given up."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from time import perf_counter

from cli.benching import BenchOptions, Figure
from one_to_one.configuring.conflicts import to_give_up
from one_to_one.configuring.reasoning import Reasoner
from tests.bench.configuring.dimacs import YES, read, space_of

SOURCE = "FastDiagP (AAAI'23)"
PLAIN_MS = 16.0
"""What a plain FastDiag on PySAT takes at most, as `benchmarks/README.md` gives it."""


def measure(options: BenchOptions) -> Iterator[Figure]:
    """Every case: the wishes of a list come in the order of their importance."""
    folder = options.folder("fastdiag")
    cases = _cases(folder)
    options.say(f"Mending {len(cases)} wish lists …")
    right, took = 0, []
    with Reasoner(space_of(read(_model(folder)))) as reasoner:
        for file, expected in cases:
            wishes = [reasoner.literal((str(abs(n)), YES), n > 0) for (n,) in read(file).clauses]
            wanted = {reasoner.literal((str(abs(n)), YES), n > 0) for n in expected}
            began = perf_counter()
            given_up = to_give_up(reasoner, wishes)
            took.append(perf_counter() - began)
            right += set(given_up) == wanted
    yield Figure("fastdiag.same_diagnosis", right / len(cases), "share", 1.0, SOURCE)
    yield Figure("fastdiag.median_ms", median(took) * 1000, "ms", PLAIN_MS, "plain FastDiag on PySAT")
    yield Figure("fastdiag.slowest_ms", max(took) * 1000, "ms", PLAIN_MS, "plain FastDiag on PySAT")


def _cases(folder: Path) -> list[tuple[Path, list[int]]]:
    """Each wish list, and the diagnosis it must get."""
    with (folder / "expected.csv").open(encoding="utf-8", newline="") as lines:
        return [
            (folder / row["case"], [int(literal) for literal in row["diagnosis_literals"].split()])
            for row in csv.DictReader(lines)
        ]


def _model(folder: Path) -> Path:
    """The feature model: the one formula that is no wish list."""
    lists = {file for file, _ in _cases(folder)}
    [model] = [file for file in sorted(folder.glob("*.cnf")) if file not in lists]
    return model

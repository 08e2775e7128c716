"""Options that are always on, and options that can never be had, in published product lines."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

from cli.benching import BenchOptions, Figure
from one_to_one.configuring.reasoning import Reasoner
from tests.bench.configuring.dimacs import YES, read, space_of

SOURCE = "feature-model-benchmark (SPLC'24)"


def measure(options: BenchOptions) -> Iterator[Figure]:
    """Every model of the folder, beside the statistics published with it."""
    folder = options.folder("feature_models")
    published = _published(folder)
    for file in sorted(folder.glob("*.dimacs")):
        options.say(f"Looking at {file.stem} …")
        with Reasoner(space_of(read(file))) as reasoner:
            always, dead = reasoner.core_and_dead()
        core = sum(code == YES for _, code in always)
        gone = sum(code == YES for _, code in dead)
        name, known = _name(file), published.get(file.stem)
        yield Figure(f"feature_models.{name}.core", core, "options", known and known[0], SOURCE)
        yield Figure(f"feature_models.{name}.dead", gone, "options", known and known[1], SOURCE)


def _name(file: Path) -> str:
    """`e_shop` of `e_shop_Lau2006.dimacs`."""
    return re.sub(r"_[^_]*\d{4}$", "", file.stem)


def _published(folder: Path) -> dict[str, tuple[float, float]]:
    """By name of the file: how many features are core, how many dead."""
    found = {}
    for file in folder.glob("statistics*.csv"):
        with file.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines, delimiter=";"):
                stem = "_".join(Path(row["Path"]).parts[-2:]).rsplit(".", 1)[0]
                if row["Number_CORE"].isdecimal() and row["Number_Dead"].isdecimal():
                    found[stem] = (float(row["Number_CORE"]), float(row["Number_Dead"]))
    return found

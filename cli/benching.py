"""`bench`: measure Dripwise against published or freshly measured figures; nothing is asserted."""

from __future__ import annotations

import importlib
import json
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Protocol, cast

import typer
from rich.console import Console
from rich.table import Table

from cli.steps import Steps
from one_to_one.errors import DripwiseError
from settings import ROOT

DATA = ROOT.parent / "shared" / "benchmarks"
"""Where the data sets are unless `--data` names another folder."""

BENCHES = {
    "turn": ("tests.bench.turn", "one turn of talk, against the bot of `rasa init`"),
    "import": ("tests.bench.importing", "rows per second of a real list of purchases"),
    "nlu": ("tests.bench.nlu", "what the bot understands, of published data and of our own sentences"),
    "memory": ("tests.bench.memory", "reading one customer's profile among up to a million"),
    "ask": ("tests.bench.ask", "which questions are asked, and what they bring; how long deciding takes"),
    "propose": ("tests.bench.propose", "whether what is proposed is what was wanted, and how soon"),
    "lives": ("tests.bench.lives.measuring", "a simulated year of ten thousand customers"),
    "console": ("tests.bench.console", "searching and reading the log among up to a million messages"),
    "configure": (
        "tests.bench.configure",
        "what fits, what clashes and what comes next, in published products",
    ),
}
"""Name → the module whose `measure(options)` yields figures, and what it measures."""

app = typer.Typer()


class NoData(DripwiseError):
    """The data set {folder} isn't there. Name the folder that holds the data sets with `--data DIR`."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number."""

    measure: str  # such as "turn.p50_ratio"
    value: float
    unit: str
    reference: float | None = None  # what to compare it with; None: nothing
    source: str = ""  # where the reference comes from


@dataclass(frozen=True, slots=True)
class BenchOptions:
    """What a bench is given."""

    data: Path  # the folder of the data sets
    say: Callable[[str], None]  # progress, for people

    def folder(self, name: str) -> Path:
        """The folder of one data set; raises NoData when it isn't there."""
        folder = self.data / name
        if not folder.is_dir():
            raise NoData(folder=folder)
        return folder


class Bench(Protocol):
    """A module below tests/bench."""

    def measure(self, options: BenchOptions) -> Iterable[Figure]:
        """Yield each figure as soon as it is known."""
        ...


@app.command()
def bench(
    name: Annotated[str | None, typer.Argument(help="What to measure; without it: what there is.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per line.")] = False,
    data: Annotated[Path, typer.Option(help="Folder of the data sets.")] = DATA,
) -> None:
    """Measure something and print the figures."""
    if name is None:
        for known, (_, what) in BENCHES.items():
            typer.echo(f"{known:8} {what}")
        return
    if name not in BENCHES:
        raise typer.BadParameter(
            f"there is no bench {name!r}; known: {', '.join(BENCHES)}", param_hint="NAME"
        )
    options = BenchOptions(data.absolute(), Steps(Console(stderr=True, highlight=False, soft_wrap=True)).say)
    measured = cast("Bench", importlib.import_module(BENCHES[name][0])).measure(options)
    with _tidy_end():
        if as_json:
            for figure in measured:
                typer.echo(as_line(figure))
        else:
            Console().print(as_table(list(measured)))


@contextmanager
def _tidy_end() -> Iterator[None]:
    """Whoever ends a bench with SIGTERM ends what it started, too: as with Ctrl-C."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def as_line(figure: Figure) -> str:
    """The figure as one line of JSON: measure, value, unit, reference, source."""
    return json.dumps(asdict(figure), ensure_ascii=False)


def as_table(figures: Sequence[Figure]) -> Table:
    """The figures as a table."""
    table = Table("measure", "value", "unit", "reference", "source")
    for figure in figures:
        reference = "" if figure.reference is None else f"{figure.reference:,.4g}"
        table.add_row(figure.measure, f"{figure.value:,.4g}", figure.unit, reference, figure.source)
    return table

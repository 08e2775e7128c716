"""Cars that were sold: how often the next value of a configuration is told wrong while it is filled in.

The protocol of Brouard, de Givry and Schiex (CP'20): the last fold is tested; each of its cars is filled in,
in an order drawn at random (`numpy.random.seed(1)`), and before each value the likeliest one is told. Only
values that can still be made are told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cli.benching import BenchOptions, Figure
from one_to_one.configuring.counting import configurations
from one_to_one.configuring.predicting import Predictor, learn
from one_to_one.configuring.reasoning import Reasoner
from one_to_one.configuring.space import Choice, Space, Table

SOURCE = "Brouard, de Givry, Schiex (CP'20)"
WRONG, VALID = 6.23, 278_744  # of the medium set
MEDIUM = 44  # variables of the set that the published figures are about
SEED = 1


@dataclass(frozen=True, slots=True)
class Sold:
    """A year of sales."""

    names: tuple[str, ...]
    cars: tuple[tuple[str, ...], ...]
    folds: tuple[int, ...]


def measure(options: BenchOptions) -> Iterator[Figure]:
    """Every set of the folder is told by its name."""
    for folder in sorted(options.data.glob("renault*")) or [options.folder("renault_medium")]:
        space, sold = read_space(next(folder.glob("*.xml"))), read_sold(folder)
        published = len(sold.names) == MEDIUM
        options.say(f"Counting what can be made of {folder.name} …")
        count = configurations(space)
        yield Figure("renault.configurations", count, "", VALID if published else None, SOURCE)
        options.say(f"Filling in {folder.name} …")
        wrong, impossible = told_wrong(space, sold)
        reference = WRONG if published else None
        yield Figure("renault.next_value_error_percent", wrong * 100, "%", reference, SOURCE)
        yield Figure("renault.impossible_values", impossible, "values", 0, "asked of us")


def told_wrong(space: Space, sold: Sold) -> tuple[float, int]:
    """The share of values told wrong in the last fold, and how many impossible ones were told."""
    last = max(sold.folds)
    before = [car for car, fold in zip(sold.cars, sold.folds, strict=True) if fold != last]
    tested = [car for car, fold in zip(sold.cars, sold.folds, strict=True) if fold == last]
    predictor = learn(dict(zip(sold.names, car, strict=True)) for car in before)
    order = np.random.RandomState(SEED)
    wrong = impossible = 0
    with Reasoner(space) as reasoner:
        for car in tested:
            truth = dict(zip(sold.names, car, strict=True))
            turns = [sold.names[place] for place in order.permutation(len(sold.names))]
            missed, broken = _filled_in(reasoner, predictor, truth, turns)
            wrong, impossible = wrong + missed, impossible + broken
    return wrong / (len(tested) * len(sold.names)), impossible


def _filled_in(
    reasoner: Reasoner, predictor: Predictor, truth: Mapping[str, str], turns: list[str]
) -> tuple[int, int]:
    """How many values of one car are told wrong, and how many of those told can't be made."""
    wrong = impossible = 0
    picks: dict[str, str] = {}
    for name in turns:
        left = reasoner.left(picks, [name])[name]
        told = next(iter(predictor.chances(name, picks, left)))
        wrong += told != truth[name]
        impossible += not reasoner.allows({**picks, name: told})
        picks[name] = truth[name]
    return wrong, impossible


def read_sold(folder: Path) -> Sold:
    """The configurations and their folds."""
    [file], [folds] = folder.glob("config_*.txt"), folder.glob("index_*.txt")
    head, *lines = file.read_text(encoding="utf-8").splitlines()
    numbers = tuple(map(int, folds.read_text(encoding="utf-8").split()))
    return Sold(tuple(head.split()), tuple(tuple(line.split()) for line in lines if line.strip()), numbers)


def read_space(file: Path) -> Space:
    """The choices and tables of an XCSP 2.1 file whose relations list what fits.

    The file is read by pattern: it holds three kinds of plain elements, and no entity of XML is expanded.
    """
    text = file.read_text(encoding="utf-8")
    domains = dict(re.findall(r'<domain name="([^"]+)"[^>]*>([^<]*)</domain>', text))
    variables = re.findall(r'<variable name="([^"]+)" domain="([^"]+)"', text)
    relations = {
        name: tuple(tuple(row.split()) for row in rows.split("|") if row.strip())
        for name, rows in re.findall(
            r'<relation name="([^"]+)"[^>]*semantics="supports"[^>]*>([^<]*)</relation>', text
        )
    }
    scopes = re.findall(r'<constraint [^>]*reference="([^"]+)" scope="([^"]+)"', text)
    return Space(
        {name: Choice(name, tuple(domains[domain].split())) for name, domain in variables},
        tuple(Table(tuple(scope.split()), relations[relation]) for relation, scope in scopes),
    )

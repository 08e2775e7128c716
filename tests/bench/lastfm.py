"""Finding the artist somebody has in mind: LastFM, as multi-round conversational recommendation measures it.

The user names one attribute of a held-out artist; then the shop asks about one attribute or proposes ten
artists, for fifteen turns. `no_ignored` is the protocol of the papers (SCPR, KDD 2020; UNICORN, SIGIR
2021): a "no" tells nothing at all. In `no_counts` it rules out the artists that have the attribute. The
turns come after the attribute that is volunteered; success in turn t counts t turns, failure counts fifteen.
What is proposed is ordered the same for all three ways of asking: by `likely` from the training split, its
few weights from the validation split, and by the answers. What a user is known to listen to already isn't
proposed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse

from cli.benching import BenchOptions, Figure, NoData
from one_to_one.catalogue import Floats, Rows
from one_to_one.likely import learn, signs_of
from one_to_one.narrowing import Search, search

TURNS = 15
SEED = 20261126
SCPR, UNICORN, KNN = "SCPR, KDD'20", "UNICORN, SIGIR'21", "Max Entropy with item kNN"
PUBLISHED = {
    "no_ignored": (0.535, 11.82, UNICORN),
    "no_ignored.max_entropy": (0.283, 13.91, SCPR),
    "no_ignored.abs_greedy": (0.222, 13.48, SCPR),
    "no_counts": (0.93, None, "our aim"),
    "no_counts.max_entropy": (0.871, 9.90, KNN),
}
"""Measure → success rate, average turns, and whose they are."""

type Move = Callable[[Search, np.random.Generator], int | None]
type Table = sparse.csr_array


@dataclass(frozen=True, slots=True)
class Data:
    """The data set as tables of 0 and 1."""

    train: Table  # users × artists
    valid: Table
    test: Table
    held: Table  # artists × attributes


@dataclass(frozen=True, slots=True)
class Case:
    """One conversation to hold."""

    user: int
    target: int
    volunteered: int  # an attribute of the target


def figures(options: BenchOptions) -> Iterator[Figure]:
    """Success within fifteen turns and average turns, ours and the two classics, in both settings."""
    data = read(options.folder("lastfm"))
    options.say(f"LastFM: {data.held.shape[0]:,} artists, {data.held.shape[1]:,} attributes, learning …")
    cases = list(all_cases(data.test, data.held))
    turns = play(data, cases, options.say)
    for setting in ("no_ignored", "no_counts"):
        for name in ("", ".max_entropy", ".abs_greedy"):
            yield from _two_figures(f"{setting}{name}", turns[f"{setting}{name}"])


def _two_figures(name: str, turns: Rows) -> Iterator[Figure]:
    success, average, source = PUBLISHED.get(name, (None, None, ""))
    setting, _, rest = name.partition(".")
    tail = f"{setting}.{rest}" if rest else setting
    found = turns > 0
    source = f"{source}; {len(turns):,} conversations".removeprefix("; ")
    yield Figure(f"lastfm.sr15.{tail}", float(found.mean()), "share found", success, source)
    taken = float(np.where(found, turns, TURNS).mean())
    yield Figure(f"lastfm.at.{tail}", taken, "turns", average, source)


def read(folder: Path) -> Data:
    """Read the split of the papers. Raises NoData when a file is missing."""
    items = _json(folder / "Graph_generate_data" / "item_dict.json")
    held = {int(item): told["feature_index"] for item, told in items.items()}
    pairs = {split: _pairs(folder, split) for split in ("train", "valid", "test")}
    users = 1 + max(user for of in pairs.values() for user, _ in of)
    artists = 1 + max(max(held), *(item for of in pairs.values() for _, item in of))
    attributes = 1 + max(max(has, default=0) for has in held.values())
    tables = {split: _table(of, (users, artists)) for split, of in pairs.items()}
    has = [(item, attribute) for item, of in held.items() for attribute in of]
    return Data(**tables, held=_table(has, (artists, attributes)))


def _pairs(folder: Path, split: str) -> list[tuple[int, int]]:
    """Who listens to whom."""
    read = _json(folder / "UI_Interaction_data" / f"review_dict_{split}.json")
    return [(int(user), item) for user, items in read.items() for item in items]


def _json(file: Path) -> Mapping[str, Any]:
    if not file.is_file():
        raise NoData(folder=file)
    read: Mapping[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return read


def _table(pairs: list[tuple[int, int]], shape: tuple[int, int]) -> Table:
    rows, columns = np.array(sorted(set(pairs))).reshape(-1, 2).T
    return sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=shape)


def all_cases(test: Table, held: Table) -> Iterator[Case]:
    """Every held-out artist of every user, with one of its attributes drawn by lot."""
    chance = np.random.default_rng(SEED)
    for user in range(test.shape[0]):
        for target in row(test, user):
            attributes = row(held, int(target))
            if attributes.size:
                yield Case(user, int(target), int(chance.choice(attributes)))


def play(data: Data, cases: list[Case], say: Callable[[str], None]) -> dict[str, Rows]:
    """The turn in which each conversation succeeded, 0 for never; by setting and way of asking."""
    likely = learn(signs_of(data.train, data.held), data.train, data.valid)
    properties = np.maximum(likely.signs.properties, 1.0)
    chance = np.random.default_rng(SEED)
    turns: dict[str, list[int]] = {}
    chances, last = np.zeros(0), -1
    for number, case in enumerate(cases):
        if number % 2000 == 0:
            say(f"{number:,} of {len(cases):,} conversations")
        if case.user != last:
            chances, last = likely.chances(row(data.train, case.user)) / properties, case.user
        for name, turn in _conversations(data.held, chances, case, chance):
            turns.setdefault(name, []).append(turn)
    return {name: np.array(of) for name, of in turns.items()}


def _conversations(
    held: Table, chances: Floats, case: Case, chance: np.random.Generator
) -> Iterator[tuple[str, int]]:
    """One case in every setting and way of asking."""
    begun = search(chances, held, TURNS + 1).told(case.volunteered, True)
    has = frozenset(row(held, case.target).tolist())
    greedy = converse(begun, has, case, abs_greedy, chance)  # asks nothing, so "no" is never said
    for setting, heeds in (("no_ignored", False), ("no_counts", True)):
        now = replace(begun, heeds_no=heeds)
        yield setting, converse(now, has, case, ours, chance)
        yield f"{setting}.max_entropy", converse(now, has, case, max_entropy, chance)
        yield f"{setting}.abs_greedy", greedy


def converse(begun: Search, has: Set[int], case: Case, move: Move, chance: np.random.Generator) -> int:
    """Hold one conversation; the turn in which the target was proposed, or 0. `has`: its attributes."""
    now = begun
    for turn in range(1, TURNS + 1):
        asked = move(now, chance)
        if asked is not None:
            now = now.told(asked, asked in has)
        elif case.target in now.proposal:
            return turn
        else:
            now = now.turned_down()
    return 0


def ours(now: Search, chance: np.random.Generator) -> int | None:
    """The rule of the product."""
    return now.move()


def abs_greedy(now: Search, chance: np.random.Generator) -> int | None:
    """Always proposes (Christakopoulou et al., KDD 2016)."""
    return None


def max_entropy(now: Search, chance: np.random.Generator) -> int | None:
    """Asks what parts the candidates best, and proposes with probability ten in the number of candidates."""
    count = len(now.things)
    if count <= now.batch or chance.random() < now.batch / count:
        return None
    share = np.asarray(now.held.sum(axis=0)).ravel() / count
    parting = np.where(now.open, np.minimum(share, 1.0 - share), 0.0)
    best = int(parting.argmax())
    return best if parting[best] > 0 else None


def row(table: Table, number: int) -> Rows:
    """The columns in which a row is 1."""
    return np.asarray(table.indices[table.indptr[number] : table.indptr[number + 1]], dtype=np.intp)

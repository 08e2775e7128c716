"""The LastFM bench on a few made-up artists."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from cli.benching import BenchOptions, NoData
from one_to_one.narrowing import search
from tests.bench import lastfm
from tests.bench.propose import measure

ARTISTS, LISTENERS, ATTRIBUTES = 120, 25, 12


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    chance = np.random.default_rng(5)
    of = {str(i): chance.permutation(ATTRIBUTES)[: 2 + i % 3].tolist() for i in range(ARTISTS)}
    splits: dict[str, dict[str, list[int]]] = {"train": {}, "valid": {}, "test": {}}
    for user in range(LISTENERS):
        own = chance.permutation(ARTISTS)[:14].tolist()
        splits["train"][str(user)] = own[:8]
        splits["valid"][str(user)] = own[8:11]
        splits["test"][str(user)] = own[11:]
    for sub in ("Graph_generate_data", "UI_Interaction_data"):
        (tmp_path / "lastfm" / sub).mkdir(parents=True)
    items = {item: {"feature_index": has} for item, has in of.items()}
    write(tmp_path / "lastfm" / "Graph_generate_data" / "item_dict.json", items)
    for split, told in splits.items():
        write(tmp_path / "lastfm" / "UI_Interaction_data" / f"review_dict_{split}.json", told)
    return tmp_path


def write(file: Path, told: object) -> None:
    file.write_text(json.dumps(told), encoding="utf-8")


def quiet(_: str) -> None:
    pass


def test_it_yields_every_measure_of_the_issue(folder: Path) -> None:
    found = {figure.measure: figure for figure in measure(BenchOptions(folder, quiet))}
    ways = [
        f"{setting}{way}"
        for setting in ("no_ignored", "no_counts")
        for way in ("", ".max_entropy", ".abs_greedy")
    ]
    assert {f"lastfm.{kind}.{way}" for kind in ("sr15", "at") for way in ways} <= set(found)
    assert all(0 <= figure.value <= 1 for name, figure in found.items() if ".sr15." in name)
    assert all(1 <= figure.value <= 15 for name, figure in found.items() if ".at." in name)
    assert found["lastfm.sr15.no_ignored"].reference == 0.535


def test_every_held_out_artist_is_looked_for_once(folder: Path) -> None:
    data = lastfm.read(folder / "lastfm")
    cases = list(lastfm.all_cases(data.test, data.held))
    assert len(cases) == LISTENERS * 3
    assert all(data.held[case.target, case.volunteered] for case in cases)


def test_a_no_that_is_ignored_changes_nothing_of_what_comes_after(folder: Path) -> None:
    data = lastfm.read(folder / "lastfm")
    begun = search(np.ones(ARTISTS), data.held, 16, heeds_no=False)
    told = begun.told(0, False)
    assert told.things.tolist() == begun.things.tolist()


def test_missing_files_are_named(tmp_path: Path) -> None:
    (tmp_path / "lastfm").mkdir()
    with pytest.raises(NoData, match="item_dict"):
        lastfm.read(tmp_path / "lastfm")

"""The bench command: what there is, what is refused, and how figures are written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.app import run
from cli.benching import BENCHES, BenchOptions, Figure, NoData, as_line
from tests.bench.turn import Result, figures


def test_without_a_name_it_lists_the_benches(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["bench"]) == 0
    listed = capsys.readouterr().out
    assert all(name in listed for name in BENCHES)


def test_an_unknown_bench_is_refused_with_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["bench", "speed"]) == 2
    refusal = capsys.readouterr().err
    assert "speed" in refusal
    assert "turn" in refusal


def test_a_missing_data_set_is_named(tmp_path: Path) -> None:
    with pytest.raises(NoData, match="lastfm"):
        BenchOptions(tmp_path, print).folder("lastfm")


def test_a_figure_is_one_json_object_with_the_fields_of_the_contract() -> None:
    line = as_line(Figure("turn.p50", 12.5, "ms", 30.0, "somewhere"))
    assert json.loads(line) == {
        "measure": "turn.p50",
        "value": 12.5,
        "unit": "ms",
        "reference": 30.0,
        "source": "somewhere",
    }


def test_the_ratios_of_a_turn_are_ours_to_theirs() -> None:
    ours = Result(startup=10, alone=[0.010] * 20, crowd_turns=300, crowd_seconds=3, memory=500e6)
    theirs = Result(startup=20, alone=[0.040] * 20, crowd_turns=100, crowd_seconds=2, memory=1000e6)
    found = {figure.measure: figure.value for figure in figures(ours, theirs)}
    assert found["turn.p50_ratio"] == pytest.approx(0.25)
    assert found["turn.p95_ratio"] == pytest.approx(0.25)
    assert found["turn.throughput_ratio"] == pytest.approx(2.0)
    assert found["turn.startup_ratio"] == pytest.approx(0.5)
    assert found["turn.memory_ratio"] == pytest.approx(0.5)
    assert found["turn.p50"] == pytest.approx(10.0)

"""The bench of memory, on stores of a few customers."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.benching import BenchOptions
from tests.bench import memory


def test_it_measures_every_size_on_both_databases(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "PICKED", 25)
    monkeypatch.setattr(memory, "WARM_UP", 1)
    found = {
        figure.measure: figure.value for figure in memory.measure(BenchOptions(Path(), lambda _: None), [30])
    }
    for place in ("sqlite.30", "postgresql.30"):
        assert 0 < found[f"memory.profile_ms.{place}"] <= found[f"memory.profile_ms.{place}.p95"]
        assert found[f"memory.size_mb.{place}"] > 0


def test_what_is_left_out_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setenv(memory.LIMIT, "1000")
    assert memory.allowed(said.append) == [1000]
    assert [line for line in said if "1,000,000" in line]

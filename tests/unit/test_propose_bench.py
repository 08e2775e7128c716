"""The bench of proposals runs on small shops and says what it measures."""

from __future__ import annotations

from pathlib import Path

from cli.benching import BenchOptions
from tests.bench import propose_shop


def test_time_and_quality_are_measured() -> None:
    options = BenchOptions(Path("nowhere"), lambda _: None)
    found = {one.measure: one for one in propose_shop.figures(options, sizes=(60,), customers=6)}
    assert set(found) == {
        "propose.p95_ms.60",
        "propose.likes_met",
        "propose.against_dislikes",
        "propose.novelty",
    }
    assert found["propose.p95_ms.60"].value > 0
    met = found["propose.likes_met"]
    assert met.reference is not None
    assert met.value > met.reference

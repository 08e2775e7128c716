"""The fallback threshold is derived from held-out sentences, not chosen by eye."""

from __future__ import annotations

from tests.understanding.threshold import STEPS, Outcome, configured, derive


def outcomes(right: list[float], wrong: list[float]) -> list[Outcome]:
    return [Outcome(sure, True) for sure in right] + [Outcome(sure, False) for sure in wrong]


def test_the_threshold_costs_hardly_any_right_sentence() -> None:
    assert derive(outcomes([0.4, *[0.9] * 99], [])) == 0.8  # 1 of 100 may go
    assert derive(outcomes([0.4, 0.42, *[0.9] * 98], [])) == 0.4


def test_wrong_sentences_have_no_say() -> None:
    assert derive(outcomes([0.5] * 50, [0.1, 0.7])) == 0.5


def test_where_nothing_fits_it_is_the_lowest_step() -> None:
    assert derive(outcomes([0.01] * 10, [])) == STEPS[0]


def test_the_configured_threshold_is_a_step() -> None:
    assert configured() in STEPS

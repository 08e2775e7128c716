"""Days to remember, and those counted from the day of the message."""

from __future__ import annotations

from datetime import date

import pytest

from one_to_one.occasions import read_occasion, settled

THURSDAY = date(2026, 11, 26)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("birthday:daughter:--05-05", "birthday:daughter:--05-05"),
        ("birthday::+0d", "birthday::--11-26"),
        ("wedding:sister:+3d", "wedding:sister:2026-11-29"),
        ("anniversary::+1w5", "anniversary::--12-04"),
        ("wedding::+0w5", "wedding::2026-11-27"),
        ("wedding::+0w3", "wedding::2026-12-02"),
        ("wedding::+1w", "wedding::"),
        ("birthday:mother:+1m15", "birthday:mother:--12-15"),
        ("wedding::+2m31", "wedding::2027-01-31"),
        ("wedding::+3m31", "wedding::--02"),
        ("graduation:son:+1m", "graduation:son:--12"),
        ("the day we met", "the day we met"),
    ],
)
def test_a_date_is_counted_from_the_day_of_the_message(said: str, meant: str) -> None:
    assert settled(said, THURSDAY) == meant


def test_what_is_not_known_is_empty() -> None:
    found = read_occasion("birthday:mother:")
    assert found is not None
    assert (found.kind, found.person, found.month_and_day) == ("birthday", "mother", None)


def test_month_and_day_are_known_with_and_without_the_year() -> None:
    dates = [read_occasion(f"wedding::{written}") for written in ("2026-05-05", "--05-05", "--05")]
    assert [one.month_and_day for one in dates if one] == [(5, 5), (5, 5), (5, None)]

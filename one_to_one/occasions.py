"""Days to remember: what kind, whose, and when: `birthday:daughter:--05-05`; what isn't known is empty.

A date counted from the day of the message comes from the bot as `+3d` (in three days), `+1w5` (the Friday of
next week), `+1m15` (the 15th of next month) or `+1m` (next month).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

YEARLY = frozenset({"birthday", "anniversary"})
"""Kinds that come back every year: of their dates the year says nothing."""

_DATE = re.compile(r"(?:(?P<year>\d{4})|-)-(?P<month>\d{2})(?:-(?P<day>\d{2}))?")
_AHEAD = re.compile(r"\+(?P<count>\d{1,3})(?P<unit>[dwm])(?P<day>\d{0,2})")


@dataclass(frozen=True, slots=True)
class Occasion:
    """A day to remember."""

    kind: str
    person: str  # whose, as a code; empty: the customer's own, or nobody's
    date: str  # as in ISO 8601: "2026-05-05", "--05-05", "--05"; empty when it isn't known

    def __str__(self) -> str:
        return f"{self.kind}:{self.person}:{self.date}"

    @property
    def month_and_day(self) -> tuple[int, int | None] | None:
        """When in the year it is; None when that isn't known."""
        found = _DATE.fullmatch(self.date)
        if found is None:
            return None
        return int(found["month"]), int(found["day"]) if found["day"] else None


def read_occasion(value: str) -> Occasion | None:
    """The occasion that a value describes; None for a text in the customer's own words."""
    parts = value.split(":")
    return Occasion(*parts) if len(parts) == 3 else None


def settled(value: str, on: date) -> str:
    """The value with its date counted from `on`, the day of the message in the shop's time zone."""
    occasion = read_occasion(value)
    ahead = _AHEAD.fullmatch(occasion.date) if occasion else None
    if occasion is None or ahead is None:
        return value
    day = int(ahead["day"]) if ahead["day"] else None
    when = _counted(int(ahead["count"]), ahead["unit"], day, on)
    return str(Occasion(occasion.kind, occasion.person, _of_the_year(when, occasion.kind)))


def _of_the_year(when: str, kind: str) -> str:
    return f"-{when[4:]}" if kind in YEARLY and when[:4].isdigit() else when


def _counted(count: int, unit: str, day: int | None, on: date) -> str:
    if unit == "d":
        return (on + timedelta(days=count)).isoformat()
    if unit == "w":
        return _weekday(count, day, on)
    return _day_of_month(count, day, on)


def _weekday(weeks: int, day: int | None, on: date) -> str:
    """A day of the week, 1 for Monday; of this week the next one that comes."""
    if day is None:
        return ""
    found = on + timedelta(days=7 * weeks + day - on.isoweekday())
    return (found if found >= on else found + timedelta(days=7)).isoformat()


def _day_of_month(months: int, day: int | None, on: date) -> str:
    month = on.month - 1 + months
    year, month = on.year + month // 12, month % 12 + 1
    if day is None:
        return f"--{month:02}"
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return f"--{month:02}"

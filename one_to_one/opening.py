"""When somebody of the shop is there: the hours of each day of the week, and the days without."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LOOKED_AHEAD = 366
"""Days within which the next opening is looked for."""


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when the shop is open on a day, by the shop's clock."""

    opens: time
    closes: time  # later on the same day


@dataclass(frozen=True, slots=True)
class Opening:
    """The shop's hours."""

    week: Mapping[int, tuple[Span, ...]]  # by day of the week, Monday is 0; a day that is missing is closed
    time_zone: str  # IANA name
    holidays: frozenset[date] = field(default_factory=frozenset)  # closed, whatever day of the week it is

    def next_span(self, at: datetime) -> tuple[datetime, datetime] | None:
        """The hours that run at this moment, or else the next ones; None: never again, or not for a year."""
        return next(((opens, closes) for opens, closes in self._from(at) if closes > at), None)

    def open_between(self, since: datetime, until: datetime) -> timedelta:
        """For how long the shop was open between two moments."""
        passed = timedelta()
        for opens, closes in self._from(since):
            if opens >= until:
                break
            passed += max(timedelta(), min(closes, until) - max(opens, since))
        return passed

    def _from(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The hours of the days from that of `at` on, in order, as far as is looked ahead."""
        zone = ZoneInfo(self.time_zone)
        today = at.astimezone(zone).date()
        for day in (today + timedelta(days=n) for n in range(LOOKED_AHEAD)):
            for span in () if day in self.holidays else self.week.get(day.weekday(), ()):
                yield (
                    datetime.combine(day, span.opens, zone),
                    datetime.combine(day, span.closes, zone),
                )

"""Spans of days, and how they are put together to weeks and months. Days are those of the shop."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
A_WEEK = 7


class Step(StrEnum):
    """How many days are shown as one."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"

    def begin(self, day: date) -> date:
        """The day that the week or month of a day begins with; weeks begin on Monday."""
        if self is Step.WEEK:
            return day - timedelta(days=day.weekday())
        return day.replace(day=1) if self is Step.MONTH else day

    def after(self, day: date) -> date:
        """The day that the next one begins with."""
        longest = {Step.DAY: 1, Step.WEEK: A_WEEK, Step.MONTH: 31}[self]
        return self.begin(self.begin(day) + timedelta(days=longest))


@dataclass(frozen=True, slots=True)
class Span:
    """Some days, the first and the last one included."""

    first: date
    last: date

    @property
    def days(self) -> list[date]:
        """Each of them."""
        return [self.first + place * DAY for place in range((self.last - self.first).days + 1)]

    @property
    def before(self) -> Span:
        """As many days right before these."""
        return Span(self.first - (self.last - self.first) - DAY, self.first - DAY)

    def steps(self, step: Step) -> list[date]:
        """The first day of each week or month there is something of; the very first may begin later."""
        return list(dict.fromkeys(max(self.first, step.begin(day)) for day in self.days))

    def step_of(self, day: date, step: Step) -> date:
        """The one of `steps` that a day is in."""
        return max(self.first, step.begin(day))


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """When a day begins, in UTC."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def percentile(seconds: Mapping[float, int], share: float) -> float | None:
    """The smallest time that this share of all took at most; None: there are none.

    `seconds` is how often each time was taken.
    """
    at_least, so_far = share * sum(seconds.values()), 0
    for each in sorted(seconds):
        so_far += seconds[each]
        if so_far >= at_least and so_far > 0:
            return each
    return None


@dataclass(frozen=True, slots=True)
class Trend:
    """How something was in the first third of a span, and in the last."""

    first: float
    last: float

    @property
    def way(self) -> str:
        """ "rose", "fell", or "same": less than a tenth apart."""
        if abs(self.last - self.first) <= 0.1 * max(abs(self.first), abs(self.last)):
            return "same"
        return "rose" if self.last > self.first else "fell"


def thirds(days: Sequence[date]) -> tuple[Sequence[date], Sequence[date]]:
    """The first and the last third of some days; nothing when they are less than two."""
    size = max(1, len(days) // 3)
    return (days[:size], days[-size:]) if len(days) > 1 else ((), ())


def added(counts: Iterable[Mapping[float, int]]) -> dict[float, int]:
    """Several countings put together."""
    together: dict[float, int] = {}
    for each in counts:
        for value, count in each.items():
            together[value] = together.get(value, 0) + count
    return together

"""Reading when the shop is open: `open` and `holidays` of `shop.yml`."""

from __future__ import annotations

import re
from datetime import date, time

from one_to_one.opening import Opening, Span
from one_to_one.pack.places import Place

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_HOURS = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)\s*[-–]\s*([01]?\d|2[0-3]):([0-5]\d)")


def read_opening(hours: Place, holidays: Place, time_zone: str) -> Opening | None:
    """The hours; None where nothing is written: nobody can say then when somebody is there."""
    days: frozenset[date] = frozenset(item.day() for item in holidays.items())
    if hours.missing:
        return None
    week: dict[int, tuple[Span, ...]] = {}
    for name, place in hours.entries():
        spans = tuple(span for item in place.items() if (span := _span(item)) is not None)
        for day in _days(name, place):
            if day in week:
                place.wrong(f"`{DAYS[day]}` has its hours twice in {hours.called}; keep one.")
            week[day] = tuple(sorted(spans, key=lambda span: span.opens))
    return Opening(week, time_zone, days)


def _days(name: str, place: Place) -> list[int]:
    """The days of a key such as `tue-sun`, `mon` or `sat-mon`."""
    first, dash, last = name.partition("-")
    if first not in DAYS or (dash and last not in DAYS):
        place.wrong(f"`{name}` is no day of the week. Write {', '.join(DAYS)}, or a stretch such as tue-sun.")
        return []
    start, end = DAYS.index(first), DAYS.index(last if dash else first)
    return [(start + n) % 7 for n in range((end - start) % 7 + 1)]


def _span(place: Place) -> Span | None:
    raw = place.words()
    found = _HOURS.fullmatch(raw)
    if not found:
        if raw:
            place.wrong(f'`{raw}` in {place.called} is not a stretch of hours such as "10:00-19:00".')
        return None
    opens, closes = time(int(found[1]), int(found[2])), time(int(found[3]), int(found[4]))
    if opens >= closes:
        place.wrong(f"`{raw}` in {place.called} ends before it begins; a night is two stretches.")
        return None
    return Span(opens, closes)

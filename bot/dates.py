"""Days of the year, said in figures, in words, or counted from today.

A date is written as in ISO 8601: `2026-05-05`, `--05-05`, `--05`. One that is counted from the day of the
message is written `+3d` (days), `+1w5` (the Friday of next week), `+1m15` (the 15th of next month), `+1m`
(next month); who knows that day resolves it (one_to_one/occasions.py).
"""

import re
from typing import Callable, Iterator, List, NamedTuple, Optional, Sequence, Tuple

from bot.phrases import Found
from bot.signs import Signs
from one_to_one.numerals import numeral_at

_FIGURES = re.compile(
    r"(?<![0-9./-])(?:(?P<year>(?:19|20)[0-9]{2})[-/.])?(?P<month>[0-9]{1,2})[-/.](?P<day>[0-9]{1,2})(?![0-9./-])"
)
_DAY_BEHIND = re.compile(r"\s*(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?\b(?:,?\s*(?P<year>(?:19|20)[0-9]{2})\b)?")
_DAY_BEFORE = re.compile(r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?\s*(?:of\s+)?$")
_LONGEST_BEFORE = 12  # characters before the name of a month that can hold its day


class Day(NamedTuple):
    """A date and where it is said."""

    start: int
    end: int
    written: str


def read_days(folded: str, start: int, end: int, found: Sequence[Found], signs: Signs) -> List[Day]:
    """The dates said between two places of a text, in order, without overlaps."""
    inside = [phrase for phrase in found if start <= phrase.start < end]
    days: List[Day] = []
    for reader in _READERS:
        for day in reader(folded, start, end, inside, signs):
            if all(day.end <= other.start or day.start >= other.end for other in days):
                days.append(day)
    return sorted(days)


_Reader = Callable[[str, int, int, Sequence[Found], Signs], Iterator[Day]]


def _in_figures(folded: str, start: int, end: int, found: Sequence[Found], signs: Signs) -> Iterator[Day]:
    """5/5, 2026-05-05; day and month change places where the month can't be one."""
    for match in _FIGURES.finditer(folded, start, end):
        month, day = int(match["month"]), int(match["day"])
        if month > 12:
            month, day = day, month
        if _is_day(month, day):
            yield Day(match.start(), match.end(), _date(match["year"], month, day))


def _by_month_sign(folded: str, start: int, end: int, found: Sequence[Found], signs: Signs) -> Iterator[Day]:
    """A number and the sign of a month, perhaps with a day behind it."""
    place = start
    while place < end:
        month = numeral_at(folded, place, signs.numerals)
        if month is None or month.low != month.high or folded[month.end : month.end + 1] not in signs.month:
            place = max(place + 1, month.end if month else 0)
            continue
        day = _number(folded, month.end + 1, signs)
        number, stop = day if day and _is_day(int(month.low), day[0]) else (None, month.end + 1)
        stop = stop + 1 if number and folded[stop : stop + 1] in signs.day else stop
        if 1 <= month.low <= 12:
            yield Day(place, stop, _date(None, int(month.low), number))
        place = stop


def _by_month_name(folded: str, start: int, end: int, found: Sequence[Found], signs: Signs) -> Iterator[Day]:
    """May 5th, the 5th of May, May the fifth."""
    for phrase in found:
        month = int(phrase.code("#month") or 0)
        if not month:
            continue
        behind = _DAY_BEHIND.match(folded, phrase.end)
        before = _DAY_BEFORE.search(folded, max(start, phrase.start - _LONGEST_BEFORE), phrase.start)
        ordinal = _ordinal_beside(folded, phrase, found)
        if behind and _is_day(month, int(behind["day"])):
            yield Day(phrase.start, behind.end(), _date(behind["year"], month, int(behind["day"])))
        elif before and _is_day(month, int(before["day"])):
            yield Day(before.start(), phrase.end, _date(None, month, int(before["day"])))
        elif ordinal is not None:
            first, last = min(phrase, ordinal), max(phrase, ordinal)
            yield Day(first.start, last.end, _date(None, month, int(ordinal.code("#ordinal") or 0)))
        elif phrase.end - phrase.start > len("may"):
            yield Day(phrase.start, phrase.end, _date(None, month, None))


def _ordinal_beside(folded: str, month: Found, found: Sequence[Found]) -> Optional[Found]:
    for phrase in found:
        if phrase.code("#ordinal"):
            between = folded[min(phrase.end, month.end) : max(phrase.start, month.start)].strip()
            if between in ("", "of", "the"):
                return phrase
    return None


def _from_today(folded: str, start: int, end: int, found: Sequence[Found], signs: Signs) -> Iterator[Day]:
    """Tomorrow, next Friday, the 15th of next month, in two weeks."""
    for place, phrase in enumerate(found):
        behind = found[place + 1] if place + 1 < len(found) else None
        day, week, month = phrase.code("#in_days"), phrase.code("#in_weeks"), phrase.code("#in_months")
        beside = behind if behind and not folded[phrase.end : behind.start].strip() else None
        if day is not None:
            yield Day(phrase.start, phrase.end, f"+{day}d")
        elif week is not None:
            weekday = beside.code("#weekday") if beside else None
            sign = signs.weekdays.get(folded[phrase.end : phrase.end + 1], 0)
            stop = beside.end if beside and weekday else phrase.end + (1 if sign else 0)
            if weekday or not phrase.has("#needs_day"):
                yield Day(phrase.start, stop, f"+{week}w{weekday or sign or ''}")
        elif month is not None:
            before = _DAY_BEFORE.search(folded, max(start, phrase.start - _LONGEST_BEFORE), phrase.start)
            if before and 1 <= int(before["day"]) <= 31:
                yield Day(before.start(), phrase.end, f"+{month}m{int(before['day'])}")
                continue
            number = _number(folded, phrase.end, signs)
            known = number if number and 1 <= number[0] <= 31 else None
            yield Day(
                phrase.start, known[1] if known else phrase.end, f"+{month}m{known[0] if known else ''}"
            )
        elif phrase.code("#weekday") and not (place and found[place - 1].code("#in_weeks")):
            yield Day(phrase.start, phrase.end, f"+0w{phrase.code('#weekday')}")


def _counted(folded: str, start: int, end: int, found: Sequence[Found], signs: Signs) -> Iterator[Day]:
    """ "In two weeks", "three days later"."""
    for place, phrase in enumerate(found):
        period = phrase.code("#period")
        number = _number_before(folded, start, phrase.start, signs) if period else None
        if number is None or period is None:
            continue
        ahead = signs.ahead.match(folded, phrase.end)
        if ahead or any(each.has("#in") for each in found[max(0, place - 2) : place]):
            yield Day(number[1], ahead.end() if ahead else phrase.end, f"+{number[0] * int(period)}d")


def _number_before(folded: str, start: int, end: int, signs: Signs) -> Optional[Tuple[int, int]]:
    """The number that ends at a place, a counting word aside, and where it begins."""
    for begin in range(max(start, end - _LONGEST_BEFORE), end):
        number = _number(folded, begin, signs)
        if number is not None and signs.counter.fullmatch(folded, number[1], end):
            return number[0], begin
    return None


def _number(folded: str, place: int, signs: Signs) -> Optional[Tuple[int, int]]:
    """A whole number that begins at a place, blanks aside, and where it ends."""
    while place < len(folded) and folded[place].isspace():
        place += 1
    numeral = numeral_at(folded, place, signs.numerals) if place < len(folded) else None
    if numeral is None or numeral.low != numeral.high or numeral.low != int(numeral.low):
        return None
    return int(numeral.low), numeral.end


def _is_day(month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= (29 if month == 2 else 30 if month in (4, 6, 9, 11) else 31)


def _date(year: Optional[str], month: int, day: Optional[int]) -> str:
    rest = f"-{day:02}" if day else ""
    return f"{year}-{month:02}{rest}" if year else f"--{month:02}{rest}"


_READERS: Tuple[_Reader, ...] = (_in_figures, _by_month_sign, _by_month_name, _counted, _from_today)

"""How often: "every other week", "twice a month", "a bag lasts us two weeks"."""

from typing import Collection, Iterator, Mapping, Optional, Sequence

from bot.clauses import Clause, cut_clauses
from bot.manner import manners
from bot.numbers import Number, read_numbers
from bot.phrases import Found
from bot.signs import Signs
from bot.wish import LIKES, SURE, Wish

DAYS: Mapping[str, float] = {"weekly": 7.0, "biweekly": 14.0, "monthly": 30.0}
"""The rhythms a topic can have as values, and how many days lie between two times."""

_TOLERANCE = 1.3  # a period this many times longer or shorter is still the same rhythm


def read_rhythm(folded: str, found: Sequence[Found], signs: Signs, topics: Collection[str]) -> Iterator[Wish]:
    """The rhythm that comes nearest to a period said of the speaker's own habit."""
    if not topics or not any(phrase.code("#period") for phrase in found):
        return
    numbers = read_numbers(folded, found, signs)
    clauses = cut_clauses(folded, found)
    for clause, manner in zip(clauses, manners(folded, clauses)):
        if manner.states_nothing or manner.asked:
            continue
        said = [number for number in numbers if clause.start <= number.start < clause.end]
        for place, phrase in enumerate(clause.found):
            days = _days(folded, clause, place, said, signs)
            code = None if days is None else _nearest(days)
            if code is not None:
                yield Wish(next(iter(topics)), code, LIKES, SURE, phrase.start, phrase.end, ends=manner.ended)


def _days(
    folded: str, clause: Clause, place: int, numbers: Sequence[Number], signs: Signs
) -> Optional[float]:
    """How many days lie between two times, where a period is said to come again; None where it isn't."""
    phrase = clause.found[place]
    period = phrase.code("#period")
    if period is None or float(period) < 2:
        return None
    count = next((number for number in numbers if _counts(folded, number, phrase, signs)), None)
    begins = phrase.start if count is None else count.start
    every = [each.code("#every") for each in clause.found if each.end <= begins][-1:]
    times = _times(folded, clause, begins, numbers)
    if not any(every) and times is None and not clause.has("#lasts"):
        return None
    often = float(every[0]) if every and every[0] else 1.0
    return float(period) * often * (count.middle if count else 1.0) / (times or 1.0)


def _counts(folded: str, number: Number, period: Found, signs: Signs) -> bool:
    """Whether a number stands before a period, with nothing but blanks or a counting word between."""
    return number.end <= period.start and bool(signs.counter.fullmatch(folded, number.end, period.start))


def _times(folded: str, clause: Clause, begins: int, numbers: Sequence[Number]) -> Optional[float]:
    """How many times in the period: "twice a month"."""
    for number in numbers:
        if number.start != begins:
            said = (each for each in clause.found if each.has("#times"))
            if any(not folded[number.end : each.start].strip() and each.end >= number.end for each in said):
                return number.middle
    return None


def _nearest(days: float) -> Optional[str]:
    code = min(DAYS, key=lambda name: max(days, DAYS[name]) / min(days, DAYS[name]))
    return code if max(days, DAYS[code]) / min(days, DAYS[code]) <= _TOLERANCE else None

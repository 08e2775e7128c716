"""How often something shall come, in days: "every two weeks", "monthly"."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from one_to_one.folding import fold
from one_to_one.standing import places, stands

GAP = 12
"""Characters that may stand between "every" and the period."""

LONGEST = 366
"""Days; what comes more rarely is no rhythm."""

type ReadNumber = Callable[[str], Decimal | None]


@dataclass(frozen=True, slots=True)
class Periods:
    """The words rhythms are made of, folded."""

    every: Sequence[str]
    other: Sequence[str]  # every second one
    units: Mapping[int, Sequence[str]]  # days -> words
    whole: Mapping[int, Sequence[str]]  # days -> words that are a rhythm by themselves


def days_in(text: str, periods: Periods, number: ReadNumber) -> int | None:
    """The days between two times, as a message names them; None: it names no rhythm."""
    said = fold(text)
    for days, words in periods.whole.items():
        if any(stands(said, word) for word in words):
            return days
    for begins, factor in _beginnings(said, periods):
        rest = said[begins : begins + GAP + 8]
        found = _first_unit(rest, periods)
        if found is not None:
            before, days = found
            count = number(before) if before.strip() else None
            often = factor * (int(count) if count is not None and count == int(count) else 1)
            return days * often if 1 <= days * often <= LONGEST else None
    return None


def _beginnings(said: str, periods: Periods) -> list[tuple[int, int]]:
    """Where "every" ends, and whether it means every second."""
    others = [(end, 2) for word in periods.other for _, end in places(said, word, beside=frozenset())]
    plain = [(end, 1) for word in periods.every for _, end in places(said, word, beside=frozenset())]
    return [*others, *plain]


def _first_unit(rest: str, periods: Periods) -> tuple[str, int] | None:
    """What stands before the first period, and its days."""
    found = [
        (rest.find(word), -len(word), days)
        for days, words in periods.units.items()
        for word in words
        if word in rest
    ]
    if not found:
        return None
    place, _, days = min(found)
    return (rest[:place], days) if place <= GAP else None

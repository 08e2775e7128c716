"""Small words that are looked for inside the text: numerals, units of dates, what joins and softens them.

Their tables are written like others in lookups.yml, as "%month": too short to be phrases of their own.
"""

import re
from dataclasses import dataclass
from typing import Dict, FrozenSet, Iterable, Mapping, Pattern, Sequence

from one_to_one.folding import fold
from one_to_one.numerals import Numerals

SIGN = "%"
"""Before the name of a table of signs."""

_PARTS = ("digit", "scale")


@dataclass(frozen=True)
class Signs:
    """The signs of all languages, folded."""

    numerals: Numerals
    to: Pattern  # between two numbers that make a range
    half: Pattern  # behind a unit
    and_half: Pattern  # between a number and its unit
    counter: Pattern  # between a number and what it counts
    month: FrozenSet[str]  # behind the number of a month
    day: FrozenSet[str]
    weekdays: Mapping[str, int]  # behind "next week"; 1 for Monday
    ahead: Pattern  # behind a stretch of days: "later"
    comparing: Pattern  # in or behind a word: "a little"
    endings: str  # what may end a clause and says nothing


def signs_of(tables: Mapping[str, Sequence[str]]) -> Signs:
    """The signs among the lookup tables."""

    def words(name: str) -> FrozenSet[str]:
        return frozenset(map(fold, tables.get(SIGN + name, ())))

    coded = _coded(tables)
    numerals = Numerals(coded["digit"], coded["scale"], {}, words("half"), words("point"))
    return Signs(
        numerals=numerals,
        to=_pattern(words("to")),
        half=_pattern(words("half")),
        and_half=_pattern(words("and_half")),
        counter=re.compile(r"\s*(?:" + _any_of(words("counter")) + r")?\s*"),
        month=words("month"),
        day=words("day"),
        weekdays=coded["weekday"],
        ahead=_pattern(words("ahead")),
        comparing=_pattern(words("comparing")),
        endings=" ,.!~?\u3002" + "".join(words("ending")),
    )


def _coded(tables: Mapping[str, Sequence[str]]) -> Dict[str, Dict[str, int]]:
    """Tables such as "%digit=7": word -> number."""
    coded: Dict[str, Dict[str, int]] = {part: {} for part in (*_PARTS, "weekday")}
    for name, entries in tables.items():
        part, _, number = name[len(SIGN) :].partition("=")
        if name.startswith(SIGN) and part in coded:
            coded[part].update({fold(word): int(number) for word in entries})
    return coded


def _pattern(words: Iterable[str]) -> Pattern:
    return re.compile(r"\s*(?:" + _any_of(words) + r")\s*")


def _any_of(words: Iterable[str]) -> str:
    """One of several words, the longest first; one of letters stands alone. Nothing fits no words."""
    listed = sorted(words, key=len, reverse=True)
    escaped = (
        rf"\b{re.escape(word)}\b" if word.isascii() and word.isalpha() else re.escape(word) for word in listed
    )
    return "|".join(escaped) or r"(?!)"

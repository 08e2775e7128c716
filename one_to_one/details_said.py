"""Reading what is typed about an order's details: an address, a tax id, words for a label.

The words that people use for these come from `data/texts`; what is here knows only about shapes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from one_to_one.folding import fold
from one_to_one.label import harmless
from one_to_one.standing import places, stands
from one_to_one.tax_ids import compact

QUOTED = re.compile(
    "[\u300c\u300e\u201c\u2018\"](.+?)[\u300d\u300f\u201d\u2019\"]|(?<![A-Za-z])'(.+?)'(?![A-Za-z])",
    re.DOTALL,
)
CLAUSES = re.compile("[\uff0c\u3002\uff1b;!\uff01\n]|,(?!\\d)")
NUMBER = re.compile(
    "[0-9\uff10-\uff19A-Za-z]*[0-9\uff10-\uff19](?:[0-9\uff10-\uff19A-Za-z]|[ \\-](?=[0-9\uff10-\uff19]))*"
)
DIGIT = re.compile("[0-9\uff10-\uff19\u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d\u5341]")
LEAD_IN = " :\uff1a,\uff0c\u3001.\u3002"

SHORTEST_NUMBER = 6
"""Letters and digits from which something may be a tax id."""

SHORTEST_NOTE, LONGEST_NOTE = 2, 200
"""Characters of a note that are kept; less says nothing."""

SHORTEST_ADDRESS, LONGEST_ADDRESS = 6, 200
"""Characters of an address."""


@dataclass(frozen=True, slots=True)
class Signs:
    """The words by which details are noticed; folded."""

    streets: Sequence[str]  # one of these ...
    houses: Sequence[str]  # ... and one of these make a Chinese address, with a digit
    roads: Sequence[str]  # one of these, standing alone, makes an English one, with a digit
    to: Sequence[str]  # what stands before an address
    label: Sequence[str]  # what stands before the words for the label, or behind them
    cards: Sequence[str]  # what the words for the label are written on
    writing: Sequence[str]  # what asks for something to be written, before the words for the label
    tax_id: Sequence[str]  # what stands before or after a tax id
    note: Sequence[str]  # what stands before words for whoever packs or brings it
    handing: Sequence[str]  # how words begin that tell where and how it shall be handed over


def address_in(text: str, signs: Signs) -> str | None:
    """The address in a message; None: nothing looks like one."""
    clauses = [clause for clause in CLAUSES.split(text) if clause.strip()]
    places = [number for number, clause in enumerate(clauses) if _has_address(clause, signs)]
    if not places:
        return None
    first, last = places[0], places[-1]
    while last + 1 < len(clauses) and _goes_on(clauses[last], clauses[last + 1]):
        last += 1
    found = ", ".join(clause.strip() for clause in clauses[first : last + 1])
    return tidy_address(_address_after(found, signs))


def _address_after(text: str, signs: Signs) -> str:
    """The address without what leads to it: behind the last such word that an address still follows."""
    said = fold(text)
    ends = {end for word in signs.to for _, end in places(said, word)}
    left = (text[end:] for end in sorted(ends, reverse=True))
    return next((rest for rest in left if _has_address(rest, signs)), text)


def _has_address(clause: str, signs: Signs) -> bool:
    said = fold(clause)
    if DIGIT.search(clause) is None:
        return False
    chinese = any(word in said for word in signs.streets) and any(word in said for word in signs.houses)
    return chinese or any(stands(said, word) for word in signs.roads)


def _goes_on(clause: str, after: str) -> bool:
    """Whether a town or a postcode follows a street: short, and in Latin letters as the street is."""
    begins = after.strip()[:1]
    latin = clause.isascii() and after.isascii()
    return latin and len(after.split()) <= 3 and (begins.isupper() or begins.isdigit())


def tidy_address(text: str) -> str | None:
    """An address on one line; None: it is none, or far too long."""
    line = harmless(text).strip(LEAD_IN)
    return line if SHORTEST_ADDRESS <= len(line) <= LONGEST_ADDRESS else None


def label_in(text: str, signs: Signs) -> str | None:
    """The words for the label: in quotes, or all that follows; None: no label is spoken of."""
    rest = _found_after(text, signs.label)
    noted = _found_after(text, signs.note) is not None
    written = rest is not None or (not noted and any(word in fold(text) for word in signs.cards))
    quoted = QUOTED.search(rest or "") or (QUOTED.search(text) if written else None)
    if rest is None and quoted is None:
        return None
    rest = rest or ""
    words = harmless(_inside(quoted) if quoted else rest.strip(LEAD_IN) or _written_before(text, signs))
    return words or None


def note_in(text: str, signs: Signs) -> str | None:
    """What whoever packs or brings it shall know: all that follows, or the clause; None: nothing is said."""
    rest = _found_after(text, signs.note)
    if rest is None:
        clauses = (clause for clause in CLAUSES.split(text))
        rest = next((clause for clause in clauses if _hands_over(clause, signs)), "")
    quoted = QUOTED.search(rest)
    note = harmless(_inside(quoted) if quoted else rest.strip(LEAD_IN))[:LONGEST_NOTE]
    return note if len(note) >= SHORTEST_NOTE else None


def _hands_over(clause: str, signs: Signs) -> bool:
    said = fold(clause)
    return any(stands(said, word) for word in signs.handing)


def _inside(quoted: re.Match[str]) -> str:
    return next(group for group in quoted.groups() if group is not None)


def _written_before(text: str, signs: Signs) -> str:
    """What shall be written, where the label is named last ("write ... on the card")."""
    said = fold(text)
    end = max(said.rfind(word) for word in signs.label if word in said)
    rest = _found_after(text[:end], signs.writing)
    return "" if rest is None else rest.strip(LEAD_IN)


def tax_id_in(text: str, signs: Signs) -> str | None:
    """The tax id in a message that names it as one; "": it is spoken of, but not there; None: it isn't."""
    said = fold(text)
    if not any(word in said for word in signs.tax_id):
        return None
    return number_in(text) or ""


def number_in(text: str) -> str | None:
    """The longest run of letters and digits that may be a tax id, without separators."""
    found = [compact(each[0]) for each in NUMBER.finditer(text)]
    long_enough = [each for each in found if len(each) >= SHORTEST_NUMBER]
    return max(long_enough, key=len, default=None)


def _found_after(text: str, words: Iterable[str]) -> str | None:
    """What stands behind the last of these words; None: none of them is there."""
    said = fold(text)
    ends = [said.rfind(word) + len(word) for word in words if word in said]
    return text[max(ends) :] if ends else None

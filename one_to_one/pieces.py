"""How many pieces a message asks for, whatever number it names: also one that can't be ordered."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from one_to_one.answer_words import AnswerWords, plain
from one_to_one.numerals import HALF, numeral_at

_EXPONENT = re.compile(r"e[+-]?(\d{1,4})(?![a-z0-9])", re.ASCII)
_DIVIDED = re.compile(r"/(\d{1,4})(?!\d)", re.ASCII)
_MINUS = ("-", "\u2212", "\u2013")


BEYOND = 1_000_000
"""What a word for a number beyond those we read counts for: far too many."""


@dataclass(frozen=True, slots=True)
class PieceWords:
    """The words around a number of pieces, in every language; folded."""

    pieces: Sequence[str]  # what is counted
    measures: Sequence[str]  # what is measured, paid or dated: no pieces
    labels: Sequence[str]  # what makes a number the name of an order, or of things there are ("these two")
    minus: Sequence[str]
    more: Sequence[str]  # so many on top
    fewer: Sequence[str]  # so many less
    beyond: Sequence[str]  # makes any number too big


@dataclass(frozen=True, slots=True)
class Pieces:
    """A number of pieces, as it was said."""

    number: Decimal
    counted: bool  # a word for pieces stands with it; else it is a number alone
    way: int = 0  # 1: so many more; -1: so many fewer; 0: so many in all

    def of(self, before: Decimal) -> Decimal:
        """How many it makes of those there were."""
        return before + self.way * self.number if self.way else self.number


@dataclass(frozen=True, slots=True)
class _Found:
    """A number in a text, with what stands around it."""

    value: Decimal
    before: str
    after: str
    spelled: bool  # not in figures: "one" is often no number


def pieces_in(text: str, words: AnswerWords, around: PieceWords) -> Pieces | None:
    """The pieces that a text asks for; None: it names no number of them, or several."""
    half = tuple(words.numerals.half)
    read = (_pieces(number, around, half) for number in _numbers(plain(text), words))
    found = [one for one in read if one is not None]
    counted = [one for one in found if one.counted]
    if len(counted) == 1 or (len(counted) > 2 and _is_shared_out(counted)):
        return counted[0]
    return found[0] if len(found) == 1 else None


def _is_shared_out(counted: Sequence[Pieces]) -> bool:
    """Whether those behind the first number share it out ("two bags, one bag for me, one bag for her")."""
    return counted[0].number == sum(one.number for one in counted[1:])


def measures_in(text: str, words: AnswerWords, around: PieceWords) -> frozenset[str]:
    """What is measured in a text, by the words behind its numbers: "g" of "400 g"."""
    found = (_begins(number.after, around.measures) for number in _numbers(plain(text), words))
    return frozenset(filter(None, found))


def _numbers(text: str, words: AnswerWords) -> Iterator[_Found]:
    place = 0
    while place < len(text):
        read = _number_at(text, place, words)
        if read is None:
            place += 1
            continue
        value, end = read
        yield _Found(value, text[:place].rstrip(), text[end:].lstrip(), not text[place].isdigit())
        place = end


def _number_at(text: str, place: int, words: AnswerWords) -> tuple[Decimal, int] | None:
    """The number that begins here, and where it ends."""
    here = text[place]
    share = unicodedata.numeric(here, None) if unicodedata.category(here) == "No" else None
    if share is not None:
        return Decimal(str(share)), place + 1
    if not here.isalnum() or _runs(text, place):
        return None
    whole = max((word for word in words.numerals.whole if text.startswith(word, place)), key=len, default="")
    if whole and not _runs(text, place + len(whole)):
        return Decimal(words.numerals.whole[whole]), place + len(whole)
    if half := _half_at(text, place, words):
        return HALF, place + len(half)
    numeral = numeral_at(text, place, words.numerals)
    if numeral is None or (here.isalpha() and _runs(text, numeral.end)):
        return None
    value, end = numeral.high, numeral.end
    if tail := _and_half(text[end:], words):
        return value + HALF, text.index(tail, end) + len(tail)
    if exponent := _EXPONENT.match(text, end):
        return value.scaleb(int(exponent[1])), exponent.end()
    if (divided := _DIVIDED.match(text, end)) and int(divided[1]):
        return value / int(divided[1]), divided.end()
    return value, end


def _half_at(text: str, place: int, words: AnswerWords) -> str:
    """The words in letters for half of one that stand here; "": none."""
    return _begins(text[place:], [word for word in words.numerals.half if word.isascii()])


def _and_half(after: str, words: AnswerWords) -> str:
    """The words that make a number half of one more ("two and a half"); "": none."""
    half = [word for word in words.numerals.half if word.isascii()]
    tails = [word for word in half if any(word.endswith(f" {other}") for other in half)]
    return _begins(after.lstrip(), tails)


def _runs(text: str, place: int) -> bool:
    """Whether a word in letters and figures goes on from the character before this place to the one here."""
    around = text[max(place - 1, 0) : place + 1]
    return len(around) == 2 and around.isascii() and around.isalnum()


def _pieces(found: _Found, around: PieceWords, half: Sequence[str]) -> Pieces | None:
    if _ends(found.before, around.labels) or _begins(found.after, (*around.labels, *around.measures)):
        return None
    value, after = found.value, found.after
    if big := _begins(after, around.beyond):
        value, after = value * BEYOND, after.removeprefix(big).lstrip()
    more = _begins(after, around.more)
    after = after.removeprefix(more).lstrip()
    unit = _begins(after, around.pieces)
    if unit and _begins(after.removeprefix(unit).lstrip(), half):
        value += HALF
    if found.spelled and not unit and value in (1, HALF):
        return None  # "this one", a moment, or half of something else
    if _is_below_zero(found.before, around):
        value = -value
    way = 1 if more or _ends(found.before, around.more) else -1 if _ends(found.before, around.fewer) else 0
    return Pieces(value, bool(unit), way)


def _is_below_zero(before: str, around: PieceWords) -> bool:
    """Whether a minus stands before a number, and isn't the middle of a range or a date."""
    return (before.endswith(_MINUS) and not before[-2:-1].isalnum()) or bool(_ends(before, around.minus))


def _begins(text: str, words: Sequence[str]) -> str:
    """The longest of these words that the text begins with, standing alone; "": none."""
    fitting = (word for word in words if text.startswith(word) and not _runs(text, len(word)))
    return max(fitting, key=len, default="")


def _ends(text: str, words: Sequence[str]) -> str:
    """The longest of these words that the text ends with, standing alone; "": none."""
    fitting = (word for word in words if text.endswith(word) and not _runs(text, len(text) - len(word)))
    return max(fitting, key=len, default="")

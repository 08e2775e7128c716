"""Numbers as people write them: figures, Chinese numerals and English number words, mixed if need be.

Runs on Python 3.10 too, because the bot imports it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

_FIGURES = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+", re.ASCII)
_WORD = re.compile(r"[a-z]+(?:-[a-z]+)*", re.ASCII)
_GAP = re.compile(r"[ -]+(?:and +)?", re.ASCII)

HALF = Decimal("0.5")

_LONGEST = 16  # numerals in a row; more are no number


@dataclass(frozen=True, slots=True)
class Numerals:
    """The words numbers are made of, folded."""

    digits: Mapping[str, int]
    scales: Mapping[str, int]
    whole: Mapping[str, int]  # phrases that are a number by themselves
    half: frozenset[str]
    point: frozenset[str]


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number found in a text."""

    low: Decimal
    high: Decimal  # the same as `low`, except where two neighbours stand for a range ("two, three")
    end: int  # position after it


def numeral_at(text: str, start: int, numerals: Numerals) -> Numeral | None:
    """The longest number that begins at `start` of a folded text; None when none does."""
    figures = _FIGURES.match(text, start)
    if figures is not None:
        return _scaled(text, figures, numerals)
    return _in_characters(text, start, numerals) or _in_words(text, start, numerals)


def _scaled(text: str, figures: re.Match[str], numerals: Numerals) -> Numeral:
    number, end = Decimal(figures.group().replace(",", "")), figures.end()
    scale = numerals.scales.get(text[end : end + 1])
    if scale is not None and not _letter(text[end + 1 : end + 2]):
        number, end = number * scale, end + 1
    return Numeral(number, number, end)


def _letter(character: str) -> bool:
    return character.isascii() and character.isalpha()


def _in_characters(text: str, start: int, numerals: Numerals) -> Numeral | None:
    """Numerals of one character each, such as the Chinese ones."""
    if start > 0 and _is_numeral(text[start - 1], numerals):
        return None  # the tail of a number that made no sense
    end = start
    while end < len(text) and _is_numeral(text[end], numerals):
        end += 1
    while end > start and text[end - 1] in numerals.point:
        end -= 1
    run = text[start:end]
    if len(run) > _LONGEST:
        return None
    if not run or not any(c in numerals.digits or c in numerals.scales or c in numerals.half for c in run):
        return None
    span = _neighbours(run, numerals)
    if span is not None:
        return Numeral(*span, end)
    number = _value_of(run, numerals)
    return None if number is None else Numeral(number, number, end)


def _is_numeral(character: str, numerals: Numerals) -> bool:
    """Whether this is a numeral of one character; letters of an alphabet spell numbers instead."""
    kinds: tuple[Collection[str], ...] = (numerals.digits, numerals.scales, numerals.half, numerals.point)
    return not character.isascii() and any(character in kind for kind in kinds)


def _neighbours(run: str, numerals: Numerals) -> tuple[Decimal, Decimal] | None:
    """Two digits that follow one another stand for a range: with one scale behind both, or counted on."""
    pair, scale = run[:2], run[2:]
    if len(pair) < 2 or any(character not in numerals.digits for character in pair):
        return None
    low, high = (numerals.digits[character] for character in pair)
    plausible = low < high if scale in numerals.scales else high == low + 1 and not scale
    if low < 1 or not plausible:
        return None
    factor = numerals.scales.get(scale, 1)
    return Decimal(low * factor), Decimal(high * factor)


def _value_of(run: str, numerals: Numerals) -> Decimal | None:
    whole, _, fraction = _parted(run, numerals.point)
    if fraction:
        return _decimal(whole, fraction, numerals)
    if run[-1] not in numerals.half:
        return _positional(run, numerals)
    before = run[:-1]
    if not before or all(numerals.digits.get(character) == 1 for character in before):
        return HALF  # "a half" and "one half"
    number = _positional(before, numerals)
    return None if number is None else number + HALF


def _parted(run: str, marks: frozenset[str]) -> tuple[str, str, str]:
    for mark in marks:
        if mark in run:
            return run.partition(mark)
    return run, "", ""


def _decimal(whole: str, fraction: str, numerals: Numerals) -> Decimal | None:
    if not all(character in numerals.digits for character in fraction):
        return None
    number = _positional(whole, numerals)
    figures = "".join(str(numerals.digits[character]) for character in fraction)
    return None if number is None else number + Decimal(f"0.{figures}")


def _positional(run: str, numerals: Numerals) -> Decimal | None:
    """Digits and scales: what stands before the greatest scale times that scale, plus what follows it."""
    scale = max((numerals.scales[c] for c in run if c in numerals.scales), default=0)
    if not scale:
        figures = [str(numerals.digits[c]) for c in run if c in numerals.digits]
        return Decimal("".join(figures) or "0") if len(figures) == len(run) else None
    place = next(n for n, c in enumerate(run) if numerals.scales.get(c) == scale)
    times = _before_scale(run[:place], numerals)
    rest = _behind_scale(run[place + 1 :], scale, numerals)
    return None if times is None or rest is None else times * scale + rest


def _before_scale(run: str, numerals: Numerals) -> Decimal | None:
    """How many of a scale: one when nothing is said, and never two digits side by side."""
    if not run:
        return Decimal(1)
    several = len(run) > 1 and not any(character in numerals.scales for character in run)
    return None if several else _positional(run, numerals)


def _behind_scale(run: str, scale: int, numerals: Numerals) -> Decimal | None:
    """What is added to a scale. A single digit counts the next smaller scale, unless a zero stands before."""
    digits = run.lstrip("".join(c for c, digit in numerals.digits.items() if digit == 0))
    if len(run) == 1 == len(digits) and scale >= 100 and run in numerals.digits:
        return Decimal(numerals.digits[run] * scale // 10)
    return _before_scale(digits, numerals) if digits else Decimal(0)


def _in_words(text: str, start: int, numerals: Numerals) -> Numeral | None:
    """Number words of an alphabetic language, joined by blanks, hyphens or "and"."""
    so_far, end, position = _Sum(), None, start
    while (word := _WORD.match(text, position)) is not None:
        added = so_far.plus(word.group(), numerals)
        if added is None:
            break
        so_far, end = added, word.end()
        gap = _GAP.match(text, end)
        if gap is None:
            break
        position = gap.end()
    return None if end is None else Numeral(so_far.number, so_far.number, end)


@dataclass(frozen=True, slots=True)
class _Sum:
    """A number while its words are being added up."""

    thousands: int = 0
    section: int = 0  # below the last thousand
    begun: bool = False

    @property
    def number(self) -> Decimal:
        return Decimal(self.thousands + self.section)

    def plus(self, word: str, numerals: Numerals) -> _Sum | None:
        """With one more word, perhaps of several parts; None when it doesn't continue the number."""
        added: _Sum | None = self
        for part in word.split("-"):
            if added is None:
                return None
            added = added._scaled(numerals.scales.get(part)) or added._with(numerals.digits.get(part))
        return added

    def _scaled(self, scale: int | None) -> _Sum | None:
        if scale is None:
            return None
        times = self.section if self.begun else 1
        if scale >= 1000:
            return _Sum(self.thousands + times * scale, 0, True)
        return _Sum(self.thousands, times * scale, True)

    def _with(self, digit: int | None) -> _Sum | None:
        """A digit fits behind a ten, and anything below a hundred behind a hundred."""
        room = 10 if self.section % 100 >= 20 else 100
        fits = digit is not None and (not self.begun or (0 < digit < room and self.section % room == 0))
        return _Sum(self.thousands, self.section + (digit or 0), True) if fits else None

"""Numbers as people write them: figures, Chinese numerals and English number words, mixed if need be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

_FIGURES = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+", re.ASCII)
_WORD = re.compile(r"[a-z]+(?:-[a-z]+)*", re.ASCII)
_GAP = re.compile(r"[ -]+(?:and +)?", re.ASCII)

HALF = Decimal("0.5")


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
    end = start
    while end < len(text) and not text[end].isascii() and _is_numeral(text[end], numerals):
        end += 1
    while end > start and text[end - 1] in numerals.point:
        end -= 1
    run = text[start:end]
    if not run or not any(c in numerals.digits or c in numerals.scales or c in numerals.half for c in run):
        return None
    span = _neighbours(run, numerals)
    if span is not None:
        return Numeral(*span, end)
    number = _value_of(run, numerals)
    return None if number is None else Numeral(number, number, end)


def _is_numeral(character: str, numerals: Numerals) -> bool:
    return (
        character in numerals.digits
        or character in numerals.scales
        or character in numerals.half
        or character in numerals.point
    )


def _neighbours(run: str, numerals: Numerals) -> tuple[Decimal, Decimal] | None:
    """Two digits that follow one another stand for a range, perhaps with one scale behind both."""
    pair, scale = run[:2], run[2:]
    if len(pair) < 2 or any(character not in numerals.digits for character in pair):
        return None
    low, high = (numerals.digits[character] for character in pair)
    if low < 1 or high != low + 1 or (scale and scale not in numerals.scales):
        return None
    factor = numerals.scales.get(scale, 1)
    return Decimal(low * factor), Decimal(high * factor)


def _value_of(run: str, numerals: Numerals) -> Decimal | None:
    whole, _, fraction = _parted(run, numerals.point)
    if fraction:
        digits = [str(numerals.digits[character]) for character in fraction if character in numerals.digits]
        return _positional(whole, numerals) + Decimal("0." + "".join(digits)) if digits else None
    if run[-1] in numerals.half:
        before = run[:-1]
        if before and all(numerals.digits.get(character) == 1 for character in before):
            return HALF  # "one half", not one and a half
        return _positional(before, numerals) + HALF if before else HALF
    return _positional(run, numerals)


def _parted(run: str, marks: frozenset[str]) -> tuple[str, str, str]:
    for mark in marks:
        if mark in run:
            return run.partition(mark)
    return run, "", ""


def _positional(run: str, numerals: Numerals) -> Decimal:
    """Digits and scales; a last digit without its scale takes the next smaller one."""
    if not any(character in numerals.scales for character in run):
        figures = "".join(str(numerals.digits[c]) for c in run if c in numerals.digits)
        return Decimal(figures or "0")
    total, digit, scale = 0, None, 0
    myriads = 0
    for position, character in enumerate(run):
        if character in numerals.scales:
            scale = numerals.scales[character]
            if scale >= 10_000:
                myriads, total, digit = (total + (digit or 0) or 1) * scale, 0, None
            else:
                total, digit = total + (1 if digit is None else digit) * scale, None
        elif character in numerals.digits:
            digit = numerals.digits[character]
            scale = 10 if digit == 0 else scale
            if position == len(run) - 1 and run[position - 1] in numerals.scales and scale >= 100:
                digit *= scale // 10
    return Decimal(myriads + total + (digit or 0))


def _in_words(text: str, start: int, numerals: Numerals) -> Numeral | None:
    """Number words of an alphabetic language, joined by blanks, hyphens or "and"."""
    total, section, end = 0, 0, None
    position = start
    while (word := _WORD.match(text, position)) is not None:
        values = _values_in(word.group(), numerals)
        if values is None:
            break
        for value, is_scale in values:
            if not is_scale:
                section += value
            elif value >= 1000:
                total, section = total + max(section, 1) * value, 0
            else:
                section = max(section, 1) * value
        end = word.end()
        gap = _GAP.match(text, end)
        if gap is None:
            break
        position = gap.end()
    return None if end is None else Numeral(Decimal(total + section), Decimal(total + section), end)


def _values_in(word: str, numerals: Numerals) -> list[tuple[int, bool]] | None:
    values = []
    for part in word.split("-"):
        if part in numerals.digits:
            values.append((numerals.digits[part], False))
        elif part in numerals.scales:
            values.append((numerals.scales[part], True))
        else:
            return None
    return values

"""Numbers in a message: figures and words, single or as a range."""

from dataclasses import dataclass
from typing import Collection, Iterable, List, Optional, Sequence

from bot.phrases import OF_NAMES, Found
from bot.signs import Signs
from bot.words import cut
from one_to_one.numerals import numeral_at

_LEAST_PRICE = 100  # eleven bags are eleven
_MOST = 10**9  # nobody counts or pays more


@dataclass(frozen=True)
class Number:
    """A number, or a range of two."""

    start: int
    end: int
    low: float
    high: float

    @property
    def middle(self) -> float:
        return (self.low + self.high) / 2


def read_numbers(folded: str, found: Iterable[Found], signs: Signs) -> List[Number]:
    """The numbers outside of other phrases, in order; "two or three" is one."""
    found = list(found)
    wholes = {phrase.start: phrase for phrase in found if phrase.code("#whole")}
    measures = {phrase.start for phrase in found if phrase.has("#measure")}
    others = (phrase for phrase in found if not phrase.code("#whole") and phrase.tables - OF_NAMES)
    taken = {place for phrase in others for place in range(phrase.start, phrase.end)}
    numbers: List[Number] = []
    end = 0
    for start, _ in cut(folded):
        if start < end or start in taken:
            continue
        number = _number_at(_without_each(folded, start, measures, signs), start, wholes.get(start), signs)
        if number is not None and taken.isdisjoint(range(number.start, number.end)):
            numbers.append(_with_half(folded, number, signs))
            end = numbers[-1].end
    return _joined(folded, numbers, signs)


def _without_each(folded: str, start: int, measures: Collection[int], signs: Signs) -> str:
    """The text before the "one" that counts what is paid for (five hundred, one bag)."""
    digits, scales = signs.numerals.digits, signs.numerals.scales
    end = start
    while (
        end < len(folded) and not folded[end].isascii() and (folded[end] in digits or folded[end] in scales)
    ):
        end += 1
    if end - start < 3 - (folded[start] in scales) or end not in measures or digits.get(folded[end - 1]) != 1:
        return folded
    before = folded[end - 2]
    counts = scales.get(before, 0) >= _LEAST_PRICE or digits.get(before, 0) > 0
    return folded[: end - 1] if counts else folded


def _number_at(folded: str, start: int, whole: Optional[Found], signs: Signs) -> Optional[Number]:
    if whole is not None:
        value = float(whole.code("#whole") or 0)
        return Number(whole.start, whole.end, value, value)
    numeral = numeral_at(folded, start, signs.numerals)
    if numeral is not None and numeral.high > _MOST:
        return None
    return None if numeral is None else Number(start, numeral.end, float(numeral.low), float(numeral.high))


def _with_half(folded: str, number: Number, signs: Signs) -> Number:
    half = signs.and_half.match(folded, number.end)
    return Number(number.start, half.end(), number.low + 0.5, number.high + 0.5) if half else number


def _joined(folded: str, numbers: Sequence[Number], signs: Signs) -> List[Number]:
    joined: List[Number] = []
    for number in numbers:
        before = joined[-1] if joined else None
        if before is not None and _is_range(folded, before, number, signs):
            joined[-1] = Number(before.start, number.end, before.low, number.high)
        else:
            joined.append(number)
    return joined


def _is_range(folded: str, one: Number, other: Number, signs: Signs) -> bool:
    return one.low < other.high and bool(signs.to.fullmatch(folded, one.end, other.start))


def and_a_half(folded: str, end: int, signs: Signs) -> float:
    """What "and a half" behind a unit adds."""
    return 0.5 if signs.half.match(folded, end) else 0.0


def written(value: float) -> str:
    """A number as the value of a fact."""
    return f"{value:g}" if value < 1e6 else str(int(value))

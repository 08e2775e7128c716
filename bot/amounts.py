"""Numbers with their unit, amounts of money, and names."""

import re
from typing import Iterator, List, Mapping, Optional, Sequence, Tuple

from bot.clauses import Clause, cut_clauses
from bot.phrases import Found
from bot.stance import LIKES, SURE, Wish, asks

_DIGITS = re.compile(r"[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?")
_HAN_NAME = re.compile(r"[\u3400-\u9fff\u00b7]{1,6}")
_LATIN_NAME = re.compile(r"[^\W\d_]+(?:[-'’.][^\W\d_]+)*")
_OPENS = ':\uff1a\u300c\u300e"\u201c'  # may stand between the introduction and the name
_LONGEST_HAN_NAME = 4
_MOST_WORDS = 3
_PER_DAY = "_per_day"  # topics whose name ends so are counted by the day


def read_amounts(folded: str, found: Sequence[Found], money: Sequence[str]) -> Iterator[Wish]:
    """Counts with a unit of a topic, and amounts of `money` topics that are named as a limit."""
    for clause in cut_clauses(folded, found):
        if asks(folded, clause) or clause.has("#other"):
            continue
        for start, end, value in _numbers(folded, clause):
            topic = _topic_of_unit(folded, clause, end) or _topic_of_money(folded, clause, end, money)
            if topic is not None:
                yield Wish(topic, f"{value:g}" if value < 1e6 else str(int(value)), LIKES, SURE, start, end)


def _numbers(folded: str, clause: Clause) -> Iterator[Tuple[int, int, float]]:
    for match in _DIGITS.finditer(folded, clause.start, clause.end):
        if not any(phrase.start <= match.start() < phrase.end for phrase in clause.found):
            yield match.start(), match.end(), float(match.group().replace(",", ""))
    run: List[Found] = []
    for phrase in (*clause.found, None):
        if phrase is not None and _numeral(phrase) and (not run or phrase.start - run[-1].end <= 1):
            run.append(phrase)
            continue
        if run:
            yield run[0].start, run[-1].end, _compose(run)
        run = [phrase] if phrase is not None and _numeral(phrase) else []


def _numeral(phrase: Found) -> Optional[str]:
    return next((table for table in phrase.tables if table.startswith(("number=", "times="))), None)


def _compose(run: Sequence[Found]) -> float:
    """Three, hundred, fifty: 350; a digit after "hundred" alone counts tens ("a hundred two": 120)."""
    total, digit, last_times = 0.0, 0.0, 1.0
    for phrase in run:
        kind, _, amount = (_numeral(phrase) or "").partition("=")
        if kind == "times":
            last_times = float(amount)
            total += (digit or 1.0) * last_times
            digit = 0.0
        else:
            digit = digit or float(amount)
    return total + (digit * last_times / 10 if last_times >= 100 and 0 < digit < 10 else digit)


def _next(folded: str, clause: Clause, end: int) -> Optional[Found]:
    """The phrase that begins right after `end`, white space aside."""
    place = end + len(folded[end:]) - len(folded[end:].lstrip())
    return next((phrase for phrase in clause.found if phrase.start == place), None)


def _topic_of_unit(folded: str, clause: Clause, end: int) -> Optional[str]:
    unit = _next(folded, clause, end)
    if unit is None:
        return None
    topics = [table[: -len("#unit")] for table in unit.tables if table.endswith("#unit")]
    return next((topic for topic in topics if not topic.endswith(_PER_DAY) or clause.has("#per_day")), None)


def _topic_of_money(folded: str, clause: Clause, end: int, money: Sequence[str]) -> Optional[str]:
    if not money or not clause.has("#budget"):
        return None
    after = _next(folded, clause, end)
    if after is not None and not after.tables.isdisjoint({"#measure", "#per_day"}):
        return None
    return money[0]


def read_names(text: str, folded: str, found: Sequence[Found], topics: Sequence[str]) -> Iterator[Wish]:
    """The name by which the speaker introduces themself, as it was written."""
    for clause in cut_clauses(folded, found) if topics else ():
        for place, phrase in enumerate(clause.found):
            if "#name" in phrase.tables or "#name_if_capital" in phrase.tables:
                denied = place and "#not" in clause.found[place - 1].tables
                span = None if denied or asks(folded, clause) else _name_after(text, phrase, found)
                if span is not None:
                    yield Wish(topics[0], text[slice(*span)], LIKES, SURE, *span)


def _name_after(text: str, phrase: Found, found: Sequence[Found]) -> Optional[Tuple[int, int]]:
    start = phrase.end
    while start < len(text) and (text[start].isspace() or text[start] in _OPENS):
        start += 1
    starts = {other.start: other.tables for other in found}
    if "#not_a_name" in starts.get(start, frozenset()):
        return None
    if _HAN_NAME.match(text, start) and "#name" in phrase.tables:
        return start, _end_of_han(text, start, starts)
    return _latin_name(text, start, starts, must_be_capital="#name" not in phrase.tables)


def _end_of_han(text: str, start: int, starts: Mapping[int, frozenset]) -> int:
    match = _HAN_NAME.match(text, start)
    longest = min(match.end() if match else start, start + _LONGEST_HAN_NAME)
    for place in range(start + 1, longest):
        if "#name_ends" in starts.get(place, frozenset()):
            return place
    return longest


def _latin_name(
    text: str, start: int, starts: Mapping[int, frozenset], must_be_capital: bool
) -> Optional[Tuple[int, int]]:
    """One word, or several while they begin with a capital."""
    end, words = start, 0
    for match in _LATIN_NAME.finditer(text, start):
        gap = text[end : match.start()]
        is_capital = match.group()[0].isupper()
        if (
            (gap.strip() or len(gap) > 1)
            or words == _MOST_WORDS
            or ((words or must_be_capital) and not is_capital)
        ):
            break
        if words and not starts.get(match.start(), frozenset()).isdisjoint({"#name_ends", "#not_a_name"}):
            break
        end, words = match.end(), words + 1
    return (start, end) if words else None

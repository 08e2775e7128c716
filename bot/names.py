"""The name by which the speaker introduces themself."""

import re
from typing import Collection, Iterator, Mapping, Optional, Sequence, Tuple

from bot.clauses import cut_clauses
from bot.manner import asks
from bot.phrases import Found
from bot.wish import LIKES, SURE, Wish

_HAN_NAME = re.compile(r"[\u3400-\u9fff\u00b7]{1,6}")
_LETTER = r"[^\W\d_\u3400-\u9fff]"
_LATIN_NAME = re.compile(rf"{_LETTER}+(?:[-'’.]{_LETTER}+)*")
_OPENS = ':\uff1a\u300c\u300e"\u201c'  # may stand between the introduction and the name
_LONGEST_HAN_NAME = 4
_MOST_WORDS = 3
_INTRODUCTIONS = ("#name", "#called_by", "#name_if_capital", "#name_if_titled")

_Starts = Mapping[int, Found]


def read_names(text: str, folded: str, found: Sequence[Found], topics: Collection[str]) -> Iterator[Wish]:
    """The name by which the speaker introduces themself, as it was written."""
    if not topics or not any(phrase.has(*_INTRODUCTIONS) for phrase in found):
        return
    for clause in cut_clauses(folded, found):
        for place, phrase in enumerate(clause.found):
            if phrase.has(*_INTRODUCTIONS):
                before = clause.found[place - 1] if place else None
                denied = before is not None and before.has("#not", "#other", "#hearsay")
                denied = denied and not (
                    phrase.has("#called_by") and before is not None and before.has("#name_lead")
                )
                denied = denied or (phrase.has("#called_by") and not _is_asked_for(text, phrase, before))
                span = None if denied or asks(folded, clause) else _name_after(text, phrase, found)
                if span is not None:
                    yield Wish(next(iter(topics)), text[slice(*span)], LIKES, SURE, *span)


def _is_asked_for(text: str, phrase: Found, before: Optional[Found]) -> bool:
    """Whether "call me" begins a sentence or is asked of the reader; others may call the speaker anything."""
    if before is not None and before.end == phrase.start:
        return before.has("#name_lead", "#self")
    return phrase.start == 0 or not _HAN_NAME.match(text, phrase.start - 1)


def _name_after(text: str, phrase: Found, found: Sequence[Found]) -> Optional[Tuple[int, int]]:
    start = phrase.end
    while start < len(text) and (text[start].isspace() or text[start] in _OPENS):
        start += 1
    starts = {other.start: other for other in found}
    is_plain = not text[start : start + 1].isupper() or not phrase.has("#name", "#called_by")
    if is_plain and start in starts and starts[start].has("#not_a_name"):
        return None
    if _HAN_NAME.match(text, start) and phrase.has("#name", "#called_by"):
        return start, _end_of_han(text, start, starts)
    if _HAN_NAME.match(text, start) and phrase.has("#name_if_titled"):
        return _titled(text, start, found)
    return _latin_name(text, start, starts, must_be_capital=not phrase.has("#name", "#called_by"))


def _titled(text: str, start: int, found: Sequence[Found]) -> Optional[Tuple[int, int]]:
    """A short name with a title before or behind it that makes it one."""
    nick = next((each for each in found if each.start == start and each.has("#nick")), None)
    title = next((each for each in found if start < each.start <= start + 2 and each.has("#title")), None)
    if nick is not None and _HAN_NAME.match(text, nick.end):
        return start, nick.end + 1
    return None if title is None else (start, title.end)


def _end_of_han(text: str, start: int, starts: _Starts) -> int:
    match = _HAN_NAME.match(text, start)
    longest = min(match.end() if match else start, start + _LONGEST_HAN_NAME)
    for place in range(start + 1, longest):
        if place in starts and starts[place].has("#name_ends"):
            return place
    return longest


def _latin_name(text: str, start: int, starts: _Starts, must_be_capital: bool) -> Optional[Tuple[int, int]]:
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
        if words and match.start() in starts and starts[match.start()].has("#name_ends", "#not_a_name"):
            break
        end, words = match.end(), words + 1
    return (start, end) if words else None

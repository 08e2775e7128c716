"""What a message is found by: words in letters as they are, Chinese as pairs of neighbouring characters.

Chinese isn't written in words, and one needs no dictionary to find them: every character begins a pair, the
last one of a run stands alone. Both scripts give the same pairs, for both are folded first. A word that is
looked for is found by its beginning, so a single character finds every pair it begins.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from one_to_one.folding import fold

LONGEST_WORD = 40
"""Characters of a word in letters that count; what is longer is no word."""

MOST_WORDS = 24
"""Words of a query that count."""

HAN = (
    "\u3005-\u3007\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
"""Characters of Chinese and of Japanese, inside a class of a regular expression."""

RUNS = re.compile(rf"[{HAN}]+|[^\W_{HAN}]+")


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for: every word must be there, and every line of neighbours as it stands."""

    words: tuple[str, ...]  # as they are in the index
    beginnings: tuple[str, ...]  # words that may go on
    lines: tuple[str, ...]  # words of the index one after the other

    @property
    def is_empty(self) -> bool:
        """Whether nothing in it can be looked for: signs, emoji, or nothing at all."""
        return not self.words and not self.beginnings


def search_words(text: str) -> str:
    """The words of a message, a space between any two; "" when it has none."""
    return " ".join(word for run in _runs(text) for word in _words(run))


def query(typed: str) -> Query:
    """What somebody typed to find messages by."""
    words: list[str] = []
    beginnings: list[str] = []
    lines: list[str] = []
    for run in _runs(typed):
        if not _is_han(run):
            beginnings.append(run[:LONGEST_WORD])
        elif len(run) == 1:
            beginnings.append(run)
        else:
            pairs = _pairs(run)
            words += pairs
            if len(pairs) > 1:
                lines.append(" ".join(pairs))
    return Query(
        tuple(dict.fromkeys(words))[:MOST_WORDS],
        tuple(dict.fromkeys(beginnings))[:MOST_WORDS],
        tuple(lines)[:MOST_WORDS],
    )


def found_in(text: str, typed: str) -> list[tuple[int, int]]:
    """Where in a text the words of a query are: from, to; for marking them. In order, none within another."""
    folded = _plain(fold(text))
    places: set[tuple[int, int]] = set()
    for run in set(_runs(typed)):
        start = "" if _is_han(run) else r"(?<![^\W_])"
        places |= {found.span() for found in re.finditer(start + re.escape(run), folded)}
    apart: list[tuple[int, int]] = []
    for first, last in sorted(places):
        if not apart or first >= apart[-1][1]:
            apart.append((first, last))
    return apart


def _runs(text: str) -> Iterator[str]:
    """Stretches of Chinese, and words in letters and digits, without accents."""
    return (found[0] for found in RUNS.finditer(_plain(fold(text))))


def _plain(folded: str) -> str:
    """Letters without their accents; Chinese is left alone."""
    if folded.isascii():
        return folded
    bare = (unicodedata.normalize("NFD", letter)[0] if letter < "\u0250" else letter for letter in folded)
    return "".join(bare)


def _is_han(run: str) -> bool:
    return re.match(f"[{HAN}]", run) is not None


def _words(run: str) -> list[str]:
    return [*_pairs(run), run[-1]] if _is_han(run) else [run[:LONGEST_WORD]]


def _pairs(run: str) -> list[str]:
    return [one + other for one, other in pairwise(run)]

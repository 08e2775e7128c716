"""Personal data out, something made up of the same kind in: then what customers said may train the bot.

Names, telephones, e-mail and street addresses, order numbers, links and other long numbers are replaced; the
same thing by the same thing every time, so that a conversation still hangs together. Amounts stay: they are
what the sentence is about. A person reads the result before it goes anywhere: this makes that easy, and isn't
perfect.
"""

from __future__ import annotations

import random
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from one_to_one.teaching.personal import NAMES, PATTERNS, Made, name

MARK = "\ue000"
"""Stands for something replaced, with its number behind it: what is made up isn't looked at again."""

NUMBERS_FROM = 0xE001


@dataclass(frozen=True, slots=True)
class Anonymised:
    """A text that tells of nobody."""

    text: str
    replaced: dict[str, str] = field(default_factory=dict)  # what was there -> what is there now

    def of(self, words: str) -> str:
        """A part of the original text, as it is now."""
        for old in sorted(self.replaced, key=len, reverse=True):
            words = words.replace(old, self.replaced[old])
        return words


def anonymise(text: str, names: Iterable[str] = (), vocabulary: Collection[str] = ()) -> Anonymised:
    """The text with made-up personal data; `names` are those the shop knows of the customer.

    Words in `vocabulary` (lower case, English) are no names, whatever stands around them.
    """
    work = _Work(text.replace(MARK, ""), frozenset(vocabulary))
    for pattern, made in PATTERNS:
        work.replace(pattern, made)
    for known in sorted({each.strip() for each in names if len(each.strip()) > 1}, key=len, reverse=True):
        work.replace(_whole(known), name, sure=True)
    for pattern in NAMES:
        work.replace(pattern, name)
    return Anonymised(work.finished(), work.replaced)


def _whole(known: str) -> re.Pattern[str]:
    """A name wherever it stands; a Western one only as a word."""
    escaped = re.escape(known)
    return re.compile(rf"(?<![A-Za-z]){escaped}(?![A-Za-z])" if known.isascii() else escaped, re.IGNORECASE)


class _Work:
    """A text in which things are being replaced."""

    def __init__(self, text: str, vocabulary: frozenset[str]) -> None:
        self._text = text
        self._vocabulary = vocabulary
        self._taken: list[str] = []
        self.replaced: dict[str, str] = {}

    def replace(self, pattern: re.Pattern[str], made: Made, *, sure: bool = False) -> None:
        """Put marks where the pattern is found; unless `sure`, words of the vocabulary stay."""

        def marked(found: re.Match[str]) -> str:
            group: str | int = "it" if "it" in found.re.groupindex and found["it"] is not None else 0
            old, (start, end) = found[group], found.span(group)
            if not sure and all(word in self._vocabulary for word in old.lower().split()):
                return found[0]
            begin = found.start()
            return found[0][: start - begin] + self._mark(old, made) + found[0][end - begin :]

        self._text = pattern.sub(marked, self._text)

    def _mark(self, old: str, made: Made) -> str:
        if MARK in old:
            return old
        self.replaced.setdefault(old, made(old, random.Random(old)))  # noqa: S311 - nothing secret
        self._taken.append(old)
        return f"{MARK}{chr(NUMBERS_FROM + len(self._taken) - 1)}"

    def finished(self) -> str:
        """The text with what was made up in the place of the marks."""
        taken = self._taken
        return re.sub(
            f"{MARK}(.)", lambda found: self.replaced[taken[ord(found[1]) - NUMBERS_FROM]], self._text
        )

"""Cutting a message into clauses: the stretches in which a negation or a subject holds."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import FrozenSet, Iterator, List, Sequence, Tuple

from bot.phrases import Found

_PAUSE = re.compile(
    r"(?P<hard>[.!?;~\u2026\u3002\n]+(?=\s|$|[^0-9a-z]))"  # a sentence ends
    r"|(?P<soft>,(?![0-9])|(?<=[\u2e80-\u9fff])[ \t]+(?=[\u2e80-\u9fff])|[—–]| - )"  # a breath
)

_BREATH = 40  # phrases; nobody says more at a time, and reading a clause takes the square of its length


@dataclass(frozen=True)
class Clause:
    """A part of a sentence, with the phrases found in it."""

    start: int
    end: int
    found: Tuple[Found, ...]
    ends_sentence: bool

    def has(self, *tables: str) -> bool:
        """Whether words of one of these tables are in it."""
        return not self._tables.isdisjoint(tables)

    @cached_property
    def _tables(self) -> FrozenSet[str]:
        return frozenset().union(*(phrase.tables for phrase in self.found))


def is_value(phrase: Found) -> bool:
    """Whether the words name a value of a topic; what names a product names no taste."""
    return not phrase.has("#product") and any("=" in table and table[0] != "#" for table in phrase.tables)


def cut_clauses(folded: str, found: Sequence[Found]) -> List[Clause]:
    """The clauses of a message, in order."""
    waiting = list(reversed(found))
    clauses: List[Clause] = []
    for start, end, ends in _bounds(folded, found):
        inside: List[Found] = []
        while waiting and waiting[-1].start < end:
            inside.append(waiting.pop())
        if end > start:
            clauses.append(Clause(start, end, tuple(inside), ends))
    return clauses


def sentences(clauses: Sequence[Clause]) -> Iterator[List[Clause]]:
    """The clauses, sentence by sentence."""
    sentence: List[Clause] = []
    for clause in clauses:
        sentence.append(clause)
        if clause.ends_sentence:
            yield sentence
            sentence = []


def _bounds(folded: str, found: Sequence[Found]) -> Iterator[Tuple[int, int, bool]]:
    start = 0
    for place, ends in sorted(_breaks(folded, found)):
        yield start, place, ends
        start = place
    yield start, len(folded), True


def _breaks(folded: str, found: Sequence[Found]) -> Iterator[Tuple[int, bool]]:
    inside: FrozenSet[int] = frozenset(
        place for phrase in found for place in range(phrase.start + 1, phrase.end)
    )
    for pause in _PAUSE.finditer(folded):
        if pause.start() not in inside:
            yield pause.end(), pause.lastgroup == "hard"
    for phrase in found:
        if phrase.has("#but"):
            yield phrase.start, False
    yield from ((phrase.start, False) for phrase in _turns_to_now(found))
    yield from ((phrase.start, False) for phrase in found[_BREATH::_BREATH])


def _turns_to_now(found: Sequence[Found]) -> Iterator[Found]:
    """Where the talk turns from what once was to what is now, even without a breath."""
    once = False
    for phrase in found:
        if phrase.has("#once", "#past"):
            once = True
        elif once and phrase.has("#now"):
            once = False
            yield phrase

"""Where a message points at things shown, clause by clause: "the first one, but ground; not the third"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from one_to_one.answer_words import AnswerWords, Sign, Word, cut, plain
from one_to_one.answers import PLACES, read_choice

ENDS = frozenset("\uff0c\u3002\uff1b\uff01\uff1f\u3001,;.!?\n")
"""Marks at which a clause ends."""

_BOUND = frozenset({Sign.UNKNOWN, Sign.UNIT, Sign.NUMBER})
"""What follows "first" where it is the first of something else: the first time, the second week."""

_NO = frozenset({Sign.NO, Sign.NEGATION, Sign.NEVER, Sign.REFUSAL})
_LIGHT = frozenset({Sign.PARTICLE, Sign.FILLER, Sign.BREAK})


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of a message, up to a mark or a joining word."""

    text: str
    start: int  # in the message
    pieces: tuple[Word, ...]  # positions count characters of the message
    asks: bool  # whether it is put as a question


def clauses(text: str, words: AnswerWords) -> list[Clause]:
    """The clauses of a message, in order; the mark that ends one belongs to it."""
    return [_clause(text, pieces) for pieces in _parted(text, cut(text, words))]


def parted(text: str, words: AnswerWords, joints: Sequence[str]) -> list[Clause]:
    """The clauses of a message, cut further at each word that joins one thing to the next; without these."""
    cut_at = re.compile("|".join(_alone(joint) for joint in sorted(joints, key=len, reverse=True)))
    return [part for clause in clauses(text, words) for part in _between(clause, cut_at)]


def _alone(joint: str) -> str:
    escaped = re.escape(joint)
    return rf"(?<![a-z]){escaped}(?![a-z])" if joint.isascii() and joint.isalpha() else escaped


def _between(clause: Clause, cut_at: re.Pattern[str]) -> Iterator[Clause]:
    said = plain(clause.text)
    joints = [(0, 0), *(found.span() for found in cut_at.finditer(said)), (len(said), len(said))]
    for (_, start), (end, _) in pairwise(joints):
        first, last = clause.start + start, clause.start + end
        pieces = tuple(piece for piece in clause.pieces if first <= piece.start and piece.end <= last)
        if pieces:
            yield Clause(clause.text[start:end], first, pieces, clause.asks)


def _parted(text: str, pieces: Sequence[Word]) -> Iterator[list[Word]]:
    stretch: list[Word] = []
    for piece in pieces:
        if Sign.JOINT in piece.signs and stretch:
            yield stretch
            stretch = []
        stretch.append(piece)
        if text[piece.start] in ENDS and piece.end - piece.start == 1:
            yield stretch
            stretch = []
    if stretch:
        yield stretch


def _clause(text: str, pieces: Sequence[Word]) -> Clause:
    start, end = pieces[0].start, pieces[-1].end
    asks = any(Sign.QUESTION in piece.signs for piece in pieces) or text[end - 1] in "?\uff1f"
    return Clause(text[start:end], start, tuple(pieces), asks)


def places(clause: Clause, count: int, words: AnswerWords) -> tuple[int, ...]:
    """Which of `count` things shown a clause points at by their place, whatever else it says of them."""
    pieces = clause.pieces
    found = [_place(clause, n, count, words) for n in range(len(pieces))]
    marked = tuple(dict.fromkeys(place for place in found if place is not None and 1 <= place <= count))
    if marked or any(map(_points, pieces)):
        return marked
    alone = read_choice(clause.text, count, words)
    return () if alone is None else (alone,)


def _place(clause: Clause, number: int, count: int, words: AnswerWords) -> int | None:
    piece, after = clause.pieces[number], _signs_at(clause.pieces, number + 1)
    if _points_by_word(piece):
        counted = Sign.CLASSIFIER in after or _ends_counted(clause, piece, words)
        return _by_word(piece, count) if counted or not after & _BOUND else None
    if piece.low is None or piece.low != piece.high or piece.low != int(piece.low):
        return None
    before = _signs_at(clause.pieces, number - 1) if number else frozenset()
    marked = Sign.ORDINAL_MARK in before or Sign.LABEL in after
    return int(piece.low) if marked and Sign.UNIT not in after else None


def _by_word(piece: Word, count: int) -> int:
    if Sign.LAST in piece.signs:
        return count
    return next((place for sign, place in PLACES.items() if sign in piece.signs), (count + 1) // 2)


def _ends_counted(clause: Clause, piece: Word, words: AnswerWords) -> bool:
    """Whether the piece has its counting word within it."""
    said = clause.text[piece.start - clause.start : piece.end - clause.start]
    return any(
        Sign.CLASSIFIER in of and len(word) < len(said) and said.endswith(word)
        for word, of in words.signs.items()
        if not word.isascii()
    )


def _signs_at(pieces: Sequence[Word], number: int) -> frozenset[Sign]:
    return pieces[number].signs if number < len(pieces) else frozenset()


def says_no(clause: Clause, named: Sequence[int]) -> bool:
    """Whether a clause says no to what it points at: a no before it, or one that ends the clause.

    `named` are the places in the message of what else it names, such as a choice that shall not be.
    """
    pieces = [piece for piece in clause.pieces if not any(piece.start <= at < piece.end for at in named)]
    firm = [n for n, piece in enumerate(pieces) if piece.signs & _NO and not piece.signs & {Sign.YES}]
    first = next((n for n, piece in enumerate(pieces) if _points(piece)), len(pieces))
    return any(n < first or all(piece.signs & _LIGHT for piece in pieces[n + 1 :]) for n in firm)


def _points(piece: Word) -> bool:
    return _points_by_word(piece) or Sign.ORDINAL_MARK in piece.signs


def _points_by_word(piece: Word) -> bool:
    return bool(piece.signs & {*PLACES, Sign.LAST, Sign.MIDDLE})


def is_unsure(clause: Clause) -> bool:
    """Whether a clause hesitates."""
    return any(Sign.UNSURE in piece.signs and Sign.INDIFFERENT not in piece.signs for piece in clause.pieces)

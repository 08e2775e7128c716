"""Reading short answers: to a question of the drip, to "which one?", to "yes or no?"."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from one_to_one.answer_words import AnswerWords, Sign, Word, cut, read_words
from one_to_one.facts import Heard, Polarity
from one_to_one.numerals import HALF
from one_to_one.shop import Topic, TopicKind

__all__ = [
    "Answer",
    "AnswerKind",
    "AnswerWords",
    "read_answer",
    "read_choice",
    "read_choices",
    "read_number",
    "read_refusal",
    "read_words",
    "read_yes_no",
]

LONGEST = 120
"""Longer texts, in characters, are no short answers."""

SURE, LIKELY = 1.0, 0.9
"""Confidence in an answer without, and with, words that weren't understood."""


class AnswerKind(StrEnum):
    """What a text is, as an answer to a question."""

    VALUES = "values"  # answered; without values: none of these
    DECLINED = "declined"  # they would rather not say
    LATER = "later"  # not now
    UNSURE = "unsure"  # they don't know or don't mind
    NONE = "none"  # not an answer to this question


@dataclass(frozen=True, slots=True)
class Answer:
    """What was read from a text that may be an answer."""

    kind: AnswerKind
    heard: tuple[Heard, ...] = ()


NOT_AN_ANSWER = Answer(AnswerKind.NONE)

_SET_ASIDE = (
    (Sign.REFUSAL, AnswerKind.DECLINED),
    (Sign.LATER, AnswerKind.LATER),
    (Sign.UNSURE, AnswerKind.UNSURE),
)


def read_answer(text: str, topic: Topic, words: AnswerWords) -> Answer:
    """What `text` says in answer to the topic's question.

    Only short answers are read: what holds a question of its own, or more unknown words than an answer
    has, is none.
    """
    if not text.strip() or len(text) > LONGEST:
        return NOT_AN_ANSWER
    pieces = cut(text, words, topic)
    if not _has(pieces, Sign.VALUE):
        aside = _set_aside(pieces)
        if aside is not None:
            return aside
    if _is_elsewhere(pieces):
        return NOT_AN_ANSWER
    answer = _READERS[topic.kind](text, pieces, topic)
    bare_no = answer is NOT_AN_ANSWER and _only(pieces, {Sign.NO})
    return Answer(AnswerKind.LATER) if bare_no else answer


def _set_aside(pieces: Sequence[Word]) -> Answer | None:
    for sign, kind in _SET_ASIDE:
        if _has(pieces, sign) and _unknown(pieces) <= 3 and not _asks(pieces):
            return Answer(kind)
    return None


def _is_elsewhere(pieces: Sequence[Word]) -> bool:
    """Whether the text asks something itself, or is talk of another kind."""
    said = [piece for piece in pieces if Sign.BREAK not in piece.signs]
    return _asks(pieces) or all(Sign.TALK in piece.signs and not piece.codes for piece in said)


def _asks(pieces: Sequence[Word]) -> bool:
    return any(Sign.QUESTION in piece.signs and not piece.codes for piece in pieces)


def _has(pieces: Sequence[Word], sign: Sign) -> bool:
    return any(sign in piece.signs for piece in pieces)


def _unknown(pieces: Sequence[Word]) -> int:
    """How many words or characters weren't understood."""
    return sum(1 for piece in pieces if piece.signs <= {Sign.UNKNOWN, Sign.TALK} and piece.signs)


def _choice_of_values(text: str, pieces: Sequence[Word], topic: Topic) -> Answer:
    if _unknown(pieces) > 2:
        return NOT_AN_ANSWER
    heard = _named(text, pieces, topic) or _pointed_at(text, pieces, topic)
    if heard:
        return Answer(AnswerKind.VALUES, heard)
    return Answer(AnswerKind.VALUES) if _has(pieces, Sign.NOTHING) else NOT_AN_ANSWER


def _named(text: str, pieces: Sequence[Word], topic: Topic) -> tuple[Heard, ...]:
    """The values named, each with the stance that the words before it give.

    A word that can also be mere padding ("a little") names a value only where no other word does.
    """
    heard: dict[str, Heard] = {}
    stance = topic.answer
    confidence = LIKELY if _unknown(pieces) else SURE
    clear = any(piece.codes and Sign.FILLER not in piece.signs for piece in pieces)
    for piece in pieces:
        if piece.codes and not (clear and Sign.FILLER in piece.signs):
            code = piece.codes[0]
            heard[code] = Heard(topic.name, code, stance, confidence, text)
        else:
            stance = _stance_after(piece, stance, topic)
    return tuple(heard.values())


def _stance_after(piece: Word, stance: Polarity, topic: Topic) -> Polarity:
    """How the next value is meant. A pause ends a negation; in a list it goes on."""
    if topic.answer is not Polarity.LIKES:
        return topic.answer
    if Sign.NEVER in piece.signs:
        return Polarity.NEVER
    if Sign.NEGATION in piece.signs:
        return Polarity.DISLIKES
    return topic.answer if Sign.BREAK in piece.signs else stance


def _pointed_at(text: str, pieces: Sequence[Word], topic: Topic) -> tuple[Heard, ...]:
    """The values chosen by their place among the buttons, or all of them."""
    codes = list(topic.values)
    places = _places(text, pieces, len(codes))
    if len(places) > 1 and not topic.many:
        return ()
    return tuple(Heard(topic.name, codes[place - 1], topic.answer, LIKELY, text) for place in places)


def _a_number(text: str, pieces: Sequence[Word], topic: Topic) -> Answer:
    span = _amount(pieces)
    if span is None:
        return _nothing_or_none(pieces)
    value = span[1] if topic.kind is TopicKind.MONEY else (span[0] + span[1]) / 2
    written = format(value.normalize(), "f")
    confidence = LIKELY if _unknown(pieces) or span[0] != span[1] else SURE
    return Answer(AnswerKind.VALUES, (Heard(topic.name, written, topic.answer, confidence, text),))


def _nothing_or_none(pieces: Sequence[Word]) -> Answer:
    """Zero said in words ("none", "I don't") is no number: the question is answered with nothing."""
    nothing = _has(pieces, Sign.NOTHING) and _unknown(pieces) == 0
    return Answer(AnswerKind.VALUES) if nothing else NOT_AN_ANSWER


_MOST_NAME, _MOST_TEXT = 5, 80
_NOT_IN_A_NAME = {Sign.NEGATION, Sign.NEVER, Sign.NUMBER, Sign.YES, Sign.NO}


def _a_name(text: str, pieces: Sequence[Word], topic: Topic) -> Answer:
    """What is left without "I'm called" before it and "please" behind it, if it can be a name."""
    start, end, introduced = _bare(pieces)
    name = text[pieces[start].start : pieces[end - 1].end] if start < end else ""
    plausible = _can_be_name(name, pieces[start:end], introduced)
    return _free(topic, [name], text) if plausible else NOT_AN_ANSWER


def _can_be_name(name: str, pieces: Sequence[Word], introduced: bool) -> bool:
    if not name or not any(character.isalpha() for character in name):
        return False
    latin = name.isascii()
    words = len(name.split()) if latin else len(name)
    if introduced:
        return words <= 2 * _MOST_NAME
    starts_like_a_sentence = Sign.FILLER in pieces[0].signs and len(pieces) > 1
    doubtful = any(piece.signs & _NOT_IN_A_NAME for piece in pieces)
    return not doubtful and not starts_like_a_sentence and words <= (3 if latin else _MOST_NAME)


def _bare(pieces: Sequence[Word]) -> tuple[int, int, bool]:
    """Where the name begins and ends among the pieces, and whether it was introduced."""
    introductions = [n for n, piece in enumerate(pieces) if Sign.INTRODUCTION in piece.signs]
    start = introductions[-1] + 1 if introductions else _after_greeting(pieces)
    end = len(pieces)
    while end > start and pieces[end - 1].signs & {Sign.BREAK, Sign.PARTICLE}:
        end -= 1
    return start, end, bool(introductions)


def _after_greeting(pieces: Sequence[Word]) -> int:
    start = 0
    while start < len(pieces) and pieces[start].signs & {Sign.TALK, Sign.BREAK}:
        start += 1
    return start


def _some_text(text: str, pieces: Sequence[Word], topic: Topic) -> Answer:
    if all(piece.signs & {Sign.NO, Sign.NOTHING, Sign.BREAK, Sign.PARTICLE} for piece in pieces):
        return Answer(AnswerKind.VALUES)
    if all(piece.signs & {Sign.YES, Sign.TALK, Sign.BREAK} for piece in pieces) or len(text) > _MOST_TEXT:
        return NOT_AN_ANSWER
    parts = _parts(text, pieces) if topic.many else [text]
    return _free(topic, parts, text)


def _parts(text: str, pieces: Sequence[Word]) -> list[str]:
    """The items of a list, parted by punctuation."""
    cuts = [piece.start for piece in pieces if Sign.BREAK in piece.signs and text[piece.start] not in "'-."]
    bounds = [-1, *cuts, len(text)]
    return [text[a + 1 : b] for a, b in pairwise(bounds)]


def _free(topic: Topic, parts: Sequence[str], text: str) -> Answer:
    trimmed = [part.strip(" \t\n.,;:!。，、；：！～~") for part in parts]
    heard = [Heard(topic.name, part, topic.answer, SURE, text) for part in trimmed if part]
    return Answer(AnswerKind.VALUES, tuple(heard)) if heard else NOT_AN_ANSWER


_READERS: dict[TopicKind, Callable[[str, Sequence[Word], Topic], Answer]] = {
    TopicKind.CHOICE: _choice_of_values,
    TopicKind.CHOICES: _choice_of_values,
    TopicKind.NUMBER: _a_number,
    TopicKind.MONEY: _a_number,
    TopicKind.NAME: _a_name,
    TopicKind.TEXT: _some_text,
    TopicKind.TEXTS: _some_text,
    TopicKind.OCCASIONS: _some_text,
    TopicKind.HOUSEHOLD: _some_text,
    TopicKind.PASTIMES: _some_text,
}


def read_yes_no(text: str, words: AnswerWords) -> bool | None:
    """True for yes, False for no, None for anything else, both at once included."""
    pieces = cut(text, words)
    if len(text) > LONGEST or _asks(pieces) or _unknown(pieces) > 0:
        return None
    yes = any(Sign.YES in piece.signs and Sign.NO not in piece.signs for piece in pieces)
    no = any(Sign.NO in piece.signs for piece in pieces)
    clear = all(piece.signs & _BESIDE_YES_NO for piece in pieces)
    return yes if clear and yes != no else None


_BESIDE_YES_NO = {Sign.YES, Sign.NO, Sign.FILLER, Sign.PARTICLE, Sign.BREAK}


def read_unsure(text: str, words: AnswerWords) -> bool:
    """Whether the customer doesn't know or doesn't mind: never a yes."""
    return _has(cut(text, words), Sign.UNSURE)


def read_indifferent(text: str, words: AnswerWords) -> bool:
    """Whether the customer says that any of it will do, rather than that they don't know."""
    return _has(cut(text, words), Sign.INDIFFERENT)


def read_refusal(text: str, words: AnswerWords) -> bool:
    """Whether the customer would rather not answer."""
    pieces = cut(text, words)
    return _has(pieces, Sign.REFUSAL) and _unknown(pieces) <= 3 and not _asks(pieces)


def read_number(text: str, words: AnswerWords) -> Decimal | None:
    """The one number a short answer gives; of a range its middle. None when there's none, or several."""
    span = _amount(cut(text, words)) if len(text) <= LONGEST else None
    return None if span is None else (span[0] + span[1]) / 2


def _amount(pieces: Sequence[Word]) -> tuple[Decimal, Decimal] | None:
    """The lowest and highest number meant."""
    if _asks(pieces) or _unknown(pieces) > 2:
        return None
    numbers = [n for n, piece in enumerate(pieces) if piece.low is not None]
    if not numbers:
        return (HALF, HALF) if _has(pieces, Sign.HALF) else None
    spans = [_with_half(pieces, n) for n in numbers if not _is_bare_half(pieces, n)]
    if len(spans) == 1:
        return spans[0]
    return (spans[0][0], spans[1][1]) if len(spans) == 2 and _joined(pieces, numbers) else None


def _is_bare_half(pieces: Sequence[Word], number: int) -> bool:
    """Whether this is the "half" that belongs to a number before it."""
    return Sign.HALF in pieces[number].signs and any(piece.low is not None for piece in pieces[:number])


def _with_half(pieces: Sequence[Word], number: int) -> tuple[Decimal, Decimal]:
    low, high = pieces[number].low, pieces[number].high
    assert low is not None  # noqa: S101 - the caller picked a number
    assert high is not None  # noqa: S101
    following = [piece for piece in pieces[number + 1 :] if not piece.signs & {Sign.CLASSIFIER, Sign.UNIT}]
    half = HALF if following and Sign.HALF in following[0].signs else Decimal(0)
    return low + half, high + half


def _joined(pieces: Sequence[Word], numbers: Sequence[int]) -> bool:
    """Whether two numbers stand for a range: "2-3", "two or three", "300 to 400"."""
    between = pieces[numbers[0] + 1 : numbers[1]]
    return all(piece.signs & {Sign.TO, Sign.FILLER, Sign.UNIT} for piece in between) and bool(between)


def read_choice(text: str, count: int, words: AnswerWords) -> int | None:
    """Which one of `count` things shown is meant, counted from 1. None when it isn't exactly one."""
    chosen = read_choices(text, count, words)
    return chosen[0] if len(chosen) == 1 else None


def read_choices(text: str, count: int, words: AnswerWords) -> tuple[int, ...]:
    """Which of `count` things shown are meant, counted from 1; empty when none is pointed at."""
    if len(text) > LONGEST:
        return ()
    pieces = cut(text, words)
    if _asks(pieces) or _unknown(pieces) > 2 or _has(pieces, Sign.NEGATION):
        return ()
    return _places(text, pieces, count)


PLACES = {Sign.FIRST: 1, Sign.SECOND: 2, Sign.THIRD: 3}


def _places(text: str, pieces: Sequence[Word], count: int) -> tuple[int, ...]:
    if _has(pieces, Sign.ALL) or (_has(pieces, Sign.BOTH) and count == 2):
        return tuple(range(1, count + 1))
    places = [place for n in range(len(pieces)) if (place := _place(text, pieces, n, count)) is not None]
    fit = all(1 <= place <= count for place in places)
    return tuple(dict.fromkeys(places)) if fit else ()


def _place(text: str, pieces: Sequence[Word], number: int, count: int) -> int | None:
    piece = pieces[number]
    for sign, place in PLACES.items():
        if sign in piece.signs:
            return place
    if Sign.LAST in piece.signs:
        return count
    if Sign.MIDDLE in piece.signs:
        return (count + 1) // 2
    return _number_as_place(text, pieces, number)


def _number_as_place(text: str, pieces: Sequence[Word], number: int) -> int | None:
    """A number points at a place when it is marked as one or stands alone; "two bags" is an amount."""
    piece = pieces[number]
    if piece.low is None or piece.low != piece.high or piece.low != int(piece.low):
        return None
    before = pieces[number - 1].signs if number > 0 else frozenset()
    if before & _POINTING:
        return None  # "the first one"
    marked = Sign.ORDINAL_MARK in before or Sign.LABEL in _signs_at(pieces, number + 1)
    return int(piece.low) if marked or _alone(text, pieces, number) else None


def _signs_at(pieces: Sequence[Word], number: int) -> frozenset[Sign]:
    return pieces[number].signs if number < len(pieces) else frozenset()


def _alone(text: str, pieces: Sequence[Word], number: int) -> bool:
    """Whether a number comes with nothing that could be counted or asked for.

    A number spelled in letters comes with nothing at all: "I'll take two" is an amount.
    """
    others = [piece for piece in pieces if piece is not pieces[number] and piece.low is None]
    spelled = (
        text[pieces[number].start : pieces[number].end].isascii() and not text[pieces[number].start].isdigit()
    )
    allowed = _ORNAMENT if spelled else {*_ORNAMENT, Sign.FILLER, Sign.TO}
    return all(piece.signs & allowed and not piece.signs & _COUNTED for piece in others)


_POINTING = frozenset({Sign.FIRST, Sign.SECOND, Sign.THIRD, Sign.LAST, Sign.MIDDLE})
_ORNAMENT = frozenset({Sign.PARTICLE, Sign.BREAK})
_COUNTED = frozenset({Sign.CLASSIFIER, Sign.UNIT, Sign.TALK})


def _only(pieces: Sequence[Word], signs: Collection[Sign]) -> bool:
    allowed = {*signs, Sign.FILLER, Sign.PARTICLE, Sign.BREAK}
    return _has(pieces, next(iter(signs))) and all(piece.signs & allowed for piece in pieces)

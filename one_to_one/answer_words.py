"""The words of short answers, and a text cut into them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any

from one_to_one.folding import fold
from one_to_one.numerals import Numeral, Numerals, numeral_at
from one_to_one.shop import Topic
from one_to_one.written import read_yaml

FILE = "answers.yml"


class Sign(StrEnum):
    """What a word of an answer is for. The same word can have several."""

    YES = "yes"
    NO = "no"
    REFUSAL = "refusal"
    LATER = "later"
    UNSURE = "unsure"
    INDIFFERENT = "indifferent"  # of those unsure: who doesn't mind, rather than doesn't know
    ALL = "all"
    BOTH = "both"
    NOTHING = "none"
    NEGATION = "negation"
    NEVER = "never"
    FILLER = "filler"
    QUESTION = "question"
    TALK = "talk"
    INTRODUCTION = "introduction"
    PARTICLE = "particle"
    FIRST = "first"
    SECOND = "second"
    THIRD = "third"
    MIDDLE = "middle"
    LAST = "last"
    ORDINAL_MARK = "ordinal_mark"
    CLASSIFIER = "classifier"
    LABEL = "label"
    UNIT = "unit"
    TO = "to"
    HALF = "half"
    JOINT = "joint"  # begins something else that is said: "but", "and"
    # the rest is never written in a word list
    NUMBER = "a number"
    VALUE = "a value of the topic"
    BREAK = "punctuation"
    UNKNOWN = "unknown"


_LISTED = frozenset(Sign) - {Sign.NUMBER, Sign.VALUE, Sign.BREAK, Sign.UNKNOWN}

type Phrases = Mapping[str, tuple[str, ...]]
"""First character -> phrases that begin with it, the longest first."""


@dataclass(frozen=True, slots=True)
class AnswerWords:
    """The word lists of all languages, folded."""

    signs: Mapping[str, frozenset[Sign]]
    phrases: Phrases
    numerals: Numerals
    negations: tuple[str, ...]  # what turns the words right behind it into their opposite


@dataclass(frozen=True, slots=True)
class Word:
    """A piece of an answer."""

    start: int
    end: int
    signs: frozenset[Sign]
    codes: tuple[str, ...] = ()  # of the topic's values it names
    low: Decimal | None = None  # of a number or range
    high: Decimal | None = None


def read_words(folder: Path) -> AnswerWords:
    """The word lists `<language>/answers.yml` below `folder` (usually data/nlu), all together."""
    lists = [read_yaml(path) for path in sorted(folder.glob(f"*/{FILE}"))]
    signs: dict[str, frozenset[Sign]] = {}
    for sign in sorted(_LISTED):
        for phrase in _listed(lists, sign.value):
            signs[phrase] = signs.get(phrase, frozenset()) | {sign}
    return AnswerWords(signs, _by_first(signs), _numerals(lists, signs), _negations(signs))


def counting_with(words: AnswerWords, things: Iterable[str]) -> AnswerWords:
    """The same words, in which one for a thing also counts it: "the second machine" is the second one."""
    signs = dict(words.signs)
    for thing in map(plain, things):
        signs[thing] = signs.get(thing, frozenset()) | {Sign.CLASSIFIER}
    return replace(words, signs=signs, phrases=_by_first(signs))


def _negations(signs: Mapping[str, frozenset[Sign]]) -> tuple[str, ...]:
    """Of words with spaces, the space too.

    A plain "no" may be an answer of its own ("no too much"); where no spaces are written, nothing parts
    the two.
    """
    said = [word for word, of in signs.items() if Sign.NEGATION in of]
    parted = [f"{word} " for word in said if word.isascii() and Sign.NO not in signs[word]]
    return (*parted, *(word for word in said if not word.isascii()))


def _listed(lists: Iterable[Mapping[str, Any]], name: str) -> Iterator[str]:
    for one in lists:
        yield from (plain(str(phrase)) for phrase in one.get(name, ()))


def _numerals(lists: Iterable[Mapping[str, Any]], signs: Mapping[str, frozenset[Sign]]) -> Numerals:
    def joined(name: str) -> dict[str, int]:
        return {plain(str(word)): int(n) for one in lists for word, n in one.get(name, {}).items()}

    return Numerals(
        digits=joined("digit"),
        scales=joined("scale"),
        whole=joined("number"),
        half=frozenset(phrase for phrase, of in signs.items() if Sign.HALF in of),
        point=frozenset(_listed(lists, "point")),
    )


def plain(text: str) -> str:
    """The text folded, with one kind of apostrophe; as long as it was."""
    return fold(text).replace("\u2019", "'").replace("\u2018", "'")


def _by_first(phrases: Iterable[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for phrase in phrases:
        found.setdefault(phrase[0], []).append(phrase)
    return {first: tuple(sorted(several, key=len, reverse=True)) for first, several in found.items()}


@dataclass(slots=True)
class _Values:
    """The words of one topic's values."""

    codes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    phrases: Phrases = field(default_factory=dict)


def cut(text: str, words: AnswerWords, topic: Topic | None = None) -> list[Word]:
    """The text in pieces, each the longest known phrase; positions count characters of `text`."""
    folded, values = plain(text), _values_of(topic)
    pieces, position = [], 0
    while position < len(folded):
        if folded[position].isspace():
            position += 1
            continue
        word = _word_at(folded, position, words, values)
        pieces.append(word)
        position = word.end
    return pieces


_KEPT = 256

_read: dict[int, tuple[Topic, _Values]] = {}


def _values_of(topic: Topic | None) -> _Values:
    """The words of a topic's values, read once and kept for the topics met last."""
    if topic is None:
        return _Values()
    kept = _read.get(id(topic))
    if kept is None or kept[0] is not topic:
        while len(_read) >= _KEPT:
            del _read[next(iter(_read))]
        kept = _read[id(topic)] = (topic, _values_in(topic))
    return kept[1]


def _values_in(topic: Topic) -> _Values:
    codes: dict[str, tuple[str, ...]] = {}
    for value in topic.values.values():
        named = (*value.label.values(), *_all(value.words), *_all(value.short))
        for phrase in {plain(name.strip()) for name in named if name.strip()}:
            codes[phrase] = (*codes.get(phrase, ()), value.code)
    return _Values(codes, _by_first(codes))


def _all(words: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(word for several in words.values() for word in several)


def _word_at(text: str, start: int, words: AnswerWords, values: _Values) -> Word:
    numeral = numeral_at(text, start, words.numerals) if _begins(text, start) else None
    value, sign = _longest(text, start, values.phrases), _longest(text, start, words.phrases)
    whole = next((p for p in words.numerals.whole if _stands(text, start, p)), "")
    size = max(len(value), len(sign), len(whole), numeral.end - start if numeral else 0)
    if size == 0:
        return _unknown(text, start)
    if len(whole) == size:
        number = Decimal(words.numerals.whole[whole])
        numeral = Numeral(number, number, start + size)
    signs = set(words.signs[sign]) if len(sign) == size else set()
    codes = values.codes[value] if len(value) == size else ()
    signs |= {Sign.VALUE} if codes else set()
    if numeral is None or numeral.end - start < size:
        return Word(start, start + size, frozenset(signs), codes)
    return Word(start, numeral.end, frozenset(signs | {Sign.NUMBER}), codes, numeral.low, numeral.high)


def _longest(text: str, start: int, phrases: Phrases) -> str:
    return next((phrase for phrase in phrases.get(text[start], ()) if _stands(text, start, phrase)), "")


def _stands(text: str, start: int, phrase: str) -> bool:
    """Whether the phrase stands here and isn't a part of a longer word or number."""
    end = start + len(phrase)
    return text.startswith(phrase, start) and _begins(text, start) and not _runs_on(text, end)


def _begins(text: str, start: int) -> bool:
    return start == 0 or not _same_run(text[start - 1], text[start])


def _runs_on(text: str, end: int) -> bool:
    return end < len(text) and _same_run(text[end - 1], text[end])


def _same_run(one: str, other: str) -> bool:
    """Whether two neighbours belong to one word of an alphabet, or to one number."""
    if not (one.isascii() and other.isascii()):
        return False
    return (one.isalpha() and other.isalpha()) or (one.isdigit() and other.isdigit())


def _unknown(text: str, start: int) -> Word:
    if not text[start].isalnum():
        return Word(start, start + 1, frozenset({Sign.BREAK}))
    end = start + 1
    while end < len(text) and (_same_run(text[end - 1], text[end]) or _inside(text, end)):
        end += 1
    return Word(start, end, frozenset({Sign.UNKNOWN}))


def _inside(text: str, position: int) -> bool:
    """Whether an apostrophe or a hyphen stands inside a word here, or a letter follows one."""
    around = text[position - 1 : position + 2]
    return len(around) == 3 and around.isascii() and (around[1] in "'-") and around[0::2].isalpha()

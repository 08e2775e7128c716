"""Which end of what is asked for: "the greenest", read by the words of the pack's values."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from one_to_one.folding import fold
from one_to_one.shop import ShopPack, Topic
from one_to_one.standing import Span, places

_EST = re.compile(r"\b([a-z]{3,}?)(i?)est\b")
_REACH, _REACH_LATIN = 1, 4
"""Characters that may stand between what makes an extreme and what it is one of ("lowest in ...")."""


@dataclass(frozen=True, slots=True)
class ExtremeWords:
    """The words that make an extreme; folded."""

    most: Sequence[str]
    least: Sequence[str]


@dataclass(frozen=True, slots=True)
class Extreme:
    """One end of a topic."""

    topic: str
    codes: tuple[str, ...]  # its values, from the wanted end on; of a topic without a scale the wanted one
    without: bool = False  # whether those without the one value are wanted


def read_extreme(said: str, pack: ShopPack, words: ExtremeWords, topics: Collection[str]) -> Extreme | None:
    """The extreme of one of these topics that a message asks for; None: it asks for none."""
    text = _spelled_out(fold(said), pack, topics)
    least = [span for word in words.least for span in places(text, word)]
    most = [span for word in words.most for span in places(text, word)]
    most = [span for span in most if not any(_within(span, one) for one in least)]
    if not (most or least):
        return None
    found = [
        (_apart(span, place), way, topic, code)
        for word, topic, code in _worded(pack, topics)
        for place in places(text, word)
        for way, spans in ((1, most), (-1, least))
        for span in spans
        if _apart(span, place) <= (_REACH_LATIN if word.isascii() else _REACH)
    ]
    if not found:
        return None
    _, way, name, code = min(found, key=lambda one: one[0])
    return _end(pack.topics[name], code, way)


def _end(topic: Topic, code: str, way: int) -> Extreme | None:
    codes = tuple(topic.values)
    if not topic.scale:
        return Extreme(topic.name, (code,), without=way < 0)
    high = way if 2 * codes.index(code) > len(codes) - 1 else -way
    if 2 * codes.index(code) == len(codes) - 1:
        return None
    return Extreme(topic.name, codes[::-1] if high > 0 else codes)


def _spelled_out(text: str, pack: ShopPack, topics: Collection[str]) -> str:
    """English superlatives in two words, where the first is a word of a value."""
    if _EST.search(text) is None:
        return text
    known = {word for word, _, _ in _worded(pack, topics)}

    def two(match: re.Match[str]) -> str:
        stem = match[1] + ("y" if match[2] else "")
        return next((f"most {one}" for one in (stem, f"{stem}e") if one in known), match[0])

    return _EST.sub(two, text)


def _worded(pack: ShopPack, topics: Collection[str]) -> list[tuple[str, str, str]]:
    """Every word for a value of these topics; the name of a scale stands for its upper end."""
    found = []
    for name in topics:
        topic = pack.topics[name]
        for value in topic.values.values():
            said = (*value.label.values(), *(word for words in value.words.values() for word in words))
            found += [(fold(word), name, value.code) for word in said]
        if topic.scale:
            called = (*topic.label.values(), *(one for words in topic.called.values() for one in words))
            found += [(fold(word), name, list(topic.values)[-1]) for word in called]
    return sorted(found, key=lambda one: -len(one[0]))


def _within(one: Span, other: Span) -> bool:
    return other[0] <= one[0] and one[1] <= other[1] and one != other


def _apart(one: Span, other: Span) -> int:
    return max(one[0], other[0]) - min(one[1], other[1])

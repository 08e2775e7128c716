"""How good readings are, by the measures of the papers."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence

from bot.words import cut
from one_to_one.folding import fold
from tests.bench.nlu_bot import Read
from tests.bench.nlu_sets import Labelled, Span

KEPT = 0.95
"""The share of its own sentences that a bot must still take on when it turns foreign ones away."""


def intent_accuracy(sentences: Sequence[Labelled], read: Sequence[Read]) -> float:
    """The share whose most likely intent is the right one, as the papers count (none has a fallback)."""
    return _share(each.intent == got.best for each, got in zip(sentences, read, strict=True))


def taken_accuracy(sentences: Sequence[Labelled], read: Sequence[Read]) -> float:
    """The share that the pipeline reads right with its fallback at work: turning away counts as wrong."""
    return _share(each.intent == got.intent for each, got in zip(sentences, read, strict=True))


def span_f1(sentences: Sequence[Labelled], read: Sequence[Read]) -> float:
    """Micro F1 of entities, right only when begin, end and type are."""
    wanted = Counter((place, span) for place, each in enumerate(sentences) for span in each.entities)
    found = Counter((place, span) for place, got in enumerate(read) for span in _spans(got))
    return _f1((wanted & found).total(), wanted.total(), found.total())


def token_f1(sentences: Sequence[Labelled], read: Sequence[Read]) -> float:
    """Micro F1 of the words inside entities, right when the type is: as `rasa test` counts."""
    right = wanted = found = 0
    for each, got in zip(sentences, read, strict=True):
        gold, said = _types(each.text, each.entities), _types(each.text, _spans(got))
        right += sum(one == other != "" for one, other in zip(gold, said, strict=True))
        wanted += sum(map(bool, gold))
        found += sum(map(bool, said))
    return _f1(right, wanted, found)


def foreign_recall(own: Sequence[Read], foreign: Sequence[Read]) -> float:
    """The share of foreign sentences turned away by the highest threshold that takes on 95 % of its own."""
    confidences = sorted(got.confidence for got in own)
    threshold = confidences[math.floor(len(confidences) * (1 - KEPT))]
    return _share(got.confidence < threshold for got in foreign)


def _spans(got: Read) -> list[Span]:
    return [Span(each["start"], each["end"], each["entity"]) for each in got.entities]


def _types(text: str, spans: Iterable[Span]) -> list[str]:
    """The type of each word, "" outside entities."""
    spans = list(spans)
    return [
        next((span.type for span in spans if span.start < end and start < span.end), "")
        for start, end in cut(fold(text))
    ]


def _f1(right: int, wanted: int, found: int) -> float:
    return 2 * right / (wanted + found) if wanted + found else 1.0


def _share(outcomes: Iterable[bool]) -> float:
    listed = list(outcomes)
    return sum(listed) / len(listed) if listed else 0.0

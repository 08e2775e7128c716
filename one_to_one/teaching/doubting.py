"""Which remembered facts a colleague should look at, and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from math import prod

from one_to_one.facts import Fact, Heard
from one_to_one.folding import fold
from one_to_one.preferences import contradicts, is_stale
from one_to_one.shop import ShopPack, Topic


class Doubt(StrEnum):
    """Why a fact is doubtful."""

    CONTRADICTS = "contradicts"  # another fact that is believed can't be true beside it
    UNSURE = "unsure"  # it was read with little confidence
    ODD = "odd"  # the words it was read from have no word for it
    INFERRED = "inferred"  # nobody said it
    OLD = "old"  # said once, long ago
    SAMPLE = "sample"  # not doubtful: one of so many, by which the share of junk in all is known


UNSURE_BELOW = 0.65
WEIGHTS = {Doubt.CONTRADICTS: 0.7, Doubt.UNSURE: 0.5, Doubt.ODD: 0.5, Doubt.INFERRED: 0.3, Doubt.OLD: 0.2}
SAMPLE_WEIGHT = 0.1
ONE_IN = 50
"""Of so many facts one is looked at though nothing is wrong with it."""


@dataclass(frozen=True, slots=True)
class Doubts:
    """How doubtful a fact is, 0 to 1, and why; no reasons: nobody needs to look."""

    weight: float
    reasons: tuple[Doubt, ...]


def doubts_of(fact: Fact, others: Iterable[Fact], pack: ShopPack, now: datetime) -> Doubts:
    """The doubts about a fact that is believed; `others` are those believed of the same customer."""
    topic = pack.topics.get(fact.topic)
    reasons = () if topic is None else tuple(_reasons(fact, others, topic, now))
    if not reasons and fact.id % ONE_IN == 0:
        return Doubts(SAMPLE_WEIGHT, (Doubt.SAMPLE,))
    return Doubts(1 - prod(1 - WEIGHTS[reason] for reason in reasons), reasons)


def _reasons(fact: Fact, others: Iterable[Fact], topic: Topic, now: datetime) -> Iterable[Doubt]:
    said = Heard(fact.topic, fact.value, fact.polarity, fact.confidence, fact.words)
    if any(
        other.id != fact.id and other.topic == fact.topic and contradicts(said, other, topic)
        for other in others
    ):
        yield Doubt.CONTRADICTS
    if fact.confidence < UNSURE_BELOW:
        yield Doubt.UNSURE
    if fact.stated and _is_odd(fact, topic):
        yield Doubt.ODD
    if not fact.stated:
        yield Doubt.INFERRED
    if fact.since == fact.source.at and is_stale(fact, topic, now):
        yield Doubt.OLD


def _is_odd(fact: Fact, topic: Topic) -> bool:
    """Whether the words have none of the words for the value; a button's title is no such words."""
    value = topic.values.get(fact.value)
    if value is None or not fact.words or fact.source.message is None:
        return False
    said = fold(fact.words)
    known = [*value.words.values(), *value.short.values(), tuple(value.label.values())]
    return not any(fold(word) in said for words in known for word in words)

"""Weighing what a customer says now against what was believed before, and how much of it still counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation

from one_to_one.binding import barred_by
from one_to_one.facts import Fact, FactId, Heard, Polarity
from one_to_one.shop import ShopPack, Topic, TopicKind

STALE_BELOW = 0.5
"""A fact whose confidence fell below this share of what it was is worth asking about again."""

NUMERIC = frozenset({TopicKind.NUMBER, TopicKind.MONEY})


@dataclass(frozen=True, slots=True)
class Changes:
    """What a message changes in what is believed."""

    learn: tuple[Heard, ...] = ()  # to be written as new facts
    end: tuple[Fact, ...] = ()  # no longer true from now on
    same: tuple[Fact, ...] = ()  # said again: believed before, and confirmed now


@dataclass(slots=True)
class _Scales:
    """What is believed while one message is being weighed, statement by statement."""

    believed: list[Fact]
    learn: list[Heard] = field(default_factory=list)
    end: list[Fact] = field(default_factory=list)
    same: list[Fact] = field(default_factory=list)


def weigh(heard: Sequence[Heard], believed: Sequence[Fact], pack: ShopPack, stated: bool = True) -> Changes:
    """What to learn, end and confirm. A later statement weighs more than an earlier one.

    With `stated=False` the statements are inferences: they never end anything the customer said. Topics
    that the pack doesn't have are left alone: the words came from a model trained on another pack.
    """
    scales = _Scales(list(believed))
    for one in heard:
        topic = pack.topics.get(one.topic)
        if topic is not None:
            _weigh_one(one, topic, scales, stated)
    return Changes(tuple(scales.learn), tuple(scales.end), tuple(scales.same))


def _weigh_one(heard: Heard, topic: Topic, scales: _Scales, stated: bool) -> None:
    about = [fact for fact in scales.believed if fact.topic == topic.name]
    if heard.ends:
        _end(heard, [fact for fact in about if _says_the_same(heard, fact, topic)], topic, scales)
        return
    opposed = [fact for fact in about if contradicts(heard, fact, topic)]
    if not stated and any(fact.stated for fact in opposed):
        return
    scales.learn = [other for other in scales.learn if not _displaces(heard, other, topic)]
    scales.end.extend(opposed)
    scales.same = [fact for fact in scales.same if fact not in opposed]
    scales.believed = [fact for fact in scales.believed if fact not in opposed]
    _add(heard, [fact for fact in about if _says_the_same(heard, fact, topic)], scales, stated)


def _end(heard: Heard, gone: Sequence[Fact], topic: Topic, scales: _Scales) -> None:
    """It was so, and is no longer: what was believed ends, and nothing is learned."""
    scales.end.extend(gone)
    scales.same = [fact for fact in scales.same if fact not in gone]
    scales.believed = [fact for fact in scales.believed if fact not in gone]
    scales.learn = [
        other
        for other in scales.learn
        if not (other.topic == topic.name and same_value(topic, heard.value, other.value))
    ]


def _add(heard: Heard, agreeing: Sequence[Fact], scales: _Scales, stated: bool) -> None:
    confirmed = [fact for fact in agreeing if fact.stated or not stated]
    if confirmed:
        scales.same.extend(fact for fact in confirmed[:1] if fact not in scales.same)
        return
    scales.end.extend(agreeing)  # what was guessed has now been said
    scales.believed = [fact for fact in scales.believed if fact not in agreeing]
    scales.learn.append(heard)


def contradicts(heard: Heard, fact: Fact, topic: Topic) -> bool:
    """Whether both can't be true: another stance on one value, or another like where only one fits."""
    if same_value(topic, heard.value, fact.value):
        return heard.polarity is not fact.polarity
    both_liked = heard.polarity is fact.polarity is Polarity.LIKES
    return both_liked and not topic.many


def _says_the_same(heard: Heard, fact: Fact, topic: Topic) -> bool:
    return heard.polarity is fact.polarity and same_value(topic, heard.value, fact.value)


def _displaces(heard: Heard, earlier: Heard, topic: Topic) -> bool:
    """Whether a later statement of one message takes the place of an earlier one."""
    if earlier.topic != topic.name:
        return False
    if same_value(topic, heard.value, earlier.value):
        return True
    return not topic.many and heard.polarity is earlier.polarity is Polarity.LIKES


def same_value(topic: Topic, one: str, other: str) -> bool:
    """Whether two values of a topic mean the same: `2` and `2.0`, `Ann ` and `ann`."""
    if topic.kind in NUMERIC:
        return amount(one) == amount(other) is not None
    if topic.values:
        return one == other
    return one.strip().casefold() == other.strip().casefold()


def amount(value: str) -> Decimal | None:
    """The number that a value of a number or money topic holds; None when it holds none."""
    try:
        number = Decimal(value.strip().replace(",", ""))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def last_said(fact: Fact) -> datetime:
    """When the customer last said it (or, of an inference, when it was last drawn)."""
    return max(fact.since, fact.source.at)


def confidence_at(fact: Fact, topic: Topic, now: datetime) -> float:
    """How far the fact is believed at `now`, 0..1: halved with every half-life since it was last said."""
    age = (now - last_said(fact)).total_seconds()
    return float(fact.confidence * 0.5 ** (max(0.0, age) / topic.half_life.total_seconds()))


def is_stale(fact: Fact, topic: Topic, now: datetime) -> bool:
    """Whether so much time has passed that the customer should be asked whether it still holds."""
    return confidence_at(fact, topic, now) < STALE_BELOW * fact.confidence


@dataclass(frozen=True, slots=True)
class Belief:
    """What the facts about one value add up to."""

    value: str
    weight: float  # 0..1, age counted
    facts: tuple[FactId, ...]  # the facts it rests on, weightiest first
    stated: bool  # whether the customer said it, rather than we inferred it


type Stances = Mapping[str, Mapping[str, Belief]]
"""topic -> value -> belief"""


@dataclass(frozen=True, slots=True)
class Beliefs:
    """What is believed about one customer at one moment."""

    stances: Mapping[Polarity, Stances]
    averse: frozenset[str]  # topics whose question asks what to avoid

    def liked(self, topic: str) -> Mapping[str, Belief]:
        """The values the customer likes, with how far we believe it."""
        return self.stances[Polarity.LIKES].get(topic, {})

    def disliked(self, topic: str) -> Mapping[str, Belief]:
        """The values the customer would rather not have."""
        return self.stances[Polarity.DISLIKES].get(topic, {})

    def never(self, topic: str) -> Mapping[str, Belief]:
        """The values that must not be proposed."""
        return self.stances[Polarity.NEVER].get(topic, {})

    def text(self, topic: str) -> str | None:
        """The liked value that we believe most, as it was said; None when there is none."""
        liked = self.liked(topic)
        return max(liked.values(), key=lambda belief: (belief.weight, belief.value)).value if liked else None

    def number(self, topic: str) -> Decimal | None:
        """The number or amount of a topic; None when it isn't known."""
        text = self.text(topic)
        return None if text is None else amount(text)

    def known(self, topic: str) -> bool:
        """Whether anything at all is believed about a topic."""
        return any(stances.get(topic) for stances in self.stances.values())

    def answered(self, topic: str) -> bool:
        """Whether the topic's question has its answer, asked or not; a guess is none."""
        liked = any(belief.stated for belief in self.liked(topic).values())
        return liked or (topic in self.averse and self.known(topic))


def beliefs(facts: Sequence[Fact], pack: ShopPack, now: datetime) -> Beliefs:
    """Add up facts. A fact about a topic or a value that the pack doesn't have any more counts nothing.

    What a fact rules out by the pack (an allergy: some of the options) is never wanted either.
    """
    stances: dict[Polarity, dict[str, dict[str, Belief]]] = {polarity: {} for polarity in Polarity}
    for fact in sorted(facts, key=lambda fact: fact.id):
        topic = pack.topics.get(fact.topic)
        if topic is not None and (not topic.values or fact.value in topic.values):
            values = stances[fact.polarity].setdefault(fact.topic, {})
            values[fact.value] = _joined(values.get(fact.value), fact, confidence_at(fact, topic, now))
    for (module, code), fact in barred_by(pack, facts).items():
        never = stances[Polarity.NEVER].setdefault(module, {})
        weight = confidence_at(fact, pack.topics[fact.topic], now)
        never[code] = _joined(never.get(code), fact, weight, code)
    averse = frozenset(t.name for t in pack.topics.values() if t.answer is not Polarity.LIKES)
    return Beliefs(stances, averse)


def _joined(before: Belief | None, fact: Fact, weight: float, value: str | None = None) -> Belief:
    if before is None:
        return Belief(fact.value if value is None else value, weight, (fact.id,), fact.stated)
    facts = (fact.id, *before.facts) if weight > before.weight else (*before.facts, fact.id)
    return Belief(before.value, max(weight, before.weight), facts, before.stated or fact.stated)

"""When something new goes against a belief that stands firm: ask once, and don't change it meanwhile."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from one_to_one.facts import Fact, Heard, Polarity
from one_to_one.preferences import contradicts, is_stale
from one_to_one.shop import ShopPack, Topic

OFTEN = 3
"""Who said a thing this often is asked before it changes."""


def opposed(heard: Heard, believed: Iterable[Fact], pack: ShopPack) -> list[Fact]:
    """What the customer said before that can't be true beside this."""
    topic = pack.topics.get(heard.topic)
    if topic is None or heard.ends:
        return []
    return [
        fact
        for fact in believed
        if fact.stated and not fact.provisional and fact.topic == topic.name
        and contradicts(heard, fact, topic)
    ]  # fmt: skip


def may_be_firm(fact: Fact, topic: Topic, now: datetime, contact_began: datetime) -> bool:
    """Whether the belief could stand firm: not grown old, and not from this very contact."""
    return not is_stale(fact, topic, now) and fact.source.at < contact_began


def is_firm(fact: Fact, topic: Topic, times: int) -> bool:
    """Whether one remark isn't enough to change it: a rule of theirs, something sensitive, or said often."""
    return fact.polarity is Polarity.NEVER or topic.sensitive or times >= OFTEN


def firmest(facts: Sequence[Fact]) -> Fact:
    """The belief to ask about when several are in the way: a rule before a liking, then the newest."""
    return max(facts, key=lambda fact: (fact.polarity is Polarity.NEVER, fact.source.at, fact.id))

"""Answers that have grown old: which they are, and how the ledger stands with them.

Nothing is written when an answer grows old: it is seen whenever the ledger is read, at the moment it counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from math import log2

from one_to_one.facts import Fact
from one_to_one.ledger import Question, QuestionState
from one_to_one.preferences import STALE_BELOW, is_stale, last_said
from one_to_one.shop import ShopPack, Topic

HALVINGS = -log2(STALE_BELOW)
"""So many half-lives after it was last said an answer is stale."""

AGES = frozenset({QuestionState.UNASKED, QuestionState.ANSWERED})
"""What was refused, paused or put again in the meantime stays so, however old the answer is."""


def grown_old(facts: Sequence[Fact], pack: ShopPack, now: datetime) -> dict[str, Fact]:
    """By topic, what the customer should be asked to confirm: of what they said, the first grown old."""
    old: dict[str, Fact] = {}
    for fact in sorted(facts, key=lambda fact: fact.id):
        topic = pack.topics.get(fact.topic)
        if topic is not None and fact.stated and is_stale(fact, topic, now):
            old.setdefault(fact.topic, fact)
    return old


def aged(
    ledger: Mapping[str, Question], facts: Sequence[Fact], pack: ShopPack, now: datetime
) -> dict[str, Question]:
    """The ledger as it stands at `now`: an answer of which half has faded is stale, from that moment on."""
    return with_old(ledger, grown_old(facts, pack, now), pack)


def with_old(ledger: Mapping[str, Question], old: Mapping[str, Fact], pack: ShopPack) -> dict[str, Question]:
    """The ledger with these answers grown old."""
    lines = dict(ledger)
    for name, fact in old.items():
        since = _stale_since(fact, pack.topics[name])
        line = lines.get(name) or Question(name, QuestionState.UNASKED, since, 0, None)
        if line.state in AGES:
            lines[name] = replace(line, state=QuestionState.STALE, at=since)
    return lines


def _stale_since(fact: Fact, topic: Topic) -> datetime:
    return last_said(fact) + topic.half_life * HALVINGS

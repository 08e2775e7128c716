"""What the questions brought: counted over all customers, for the owner's report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import case, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from crm_store.models import AskingRow, FactRow, ProposalRow
from one_to_one.asked import Asked

CHUNK = 2000
"""Proposals, or facts, that are read at once."""

SETTLED = ("accepted", "rejected", "changed", "ignored")
"""What can have become of a proposal."""


async def asked(
    session: AsyncSession,
    topics: Mapping[str, bool],
    since: datetime | None = None,
    old: Mapping[str, datetime] | None = None,
) -> list[Asked]:
    """The figures of each topic (→ whether a proposal can depend on it), of all time or from `since` on.

    `old`: topic → what was last said about it before this time has grown old.
    """
    put = await _put(session, since)
    unasked = await _told_unasked(session, since)
    used = await _used(session, since)
    stale = {topic: await _stale(session, topic, before) for topic, before in (old or {}).items()}
    figures = [_figures(topic, bears, put, unasked, used) for topic, bears in topics.items()]
    return [replace(one, stale=stale.get(one.topic, 0)) for one in figures]


async def _stale(session: AsyncSession, topic: str, before: datetime) -> int:
    """The customers of whom something they said about it, before this time, is still believed."""
    said = select(func.count(FactRow.customer_id.distinct())).where(
        FactRow.topic == topic,
        FactRow.stated.is_(True),
        FactRow.superseded_at.is_(None),
        FactRow.valid_until.is_(None),
        FactRow.valid_from < before,
        FactRow.heard_at < before,
    )
    return await session.scalar(said) or 0


@dataclass(frozen=True, slots=True)
class _Put:
    """How often one topic's question was put, and what came of it."""

    asked: int = 0
    confirmed: int = 0
    outcomes: Mapping[str, int] = field(default_factory=dict)
    gain: float = 0.0  # summed
    burden: float = 0.0


@dataclass(frozen=True, slots=True)
class _Used:
    """How often proposals rest on a topic, and are accepted."""

    proposals: int = 0  # settled ones
    accepted: int = 0
    by_topic: Counter[str] = field(default_factory=Counter)
    settled_by_topic: Counter[str] = field(default_factory=Counter)
    accepted_by_topic: Counter[str] = field(default_factory=Counter)


def _figures(
    topic: str, bears: bool, put: Mapping[str, _Put], unasked: Mapping[str, int], used: _Used
) -> Asked:
    one = put.get(topic, _Put())
    settled, accepted = used.settled_by_topic[topic], used.accepted_by_topic[topic]
    return Asked(
        topic=topic,
        asked=one.asked,
        confirmed=one.confirmed,
        answered=one.outcomes.get("answered", 0),
        declined=one.outcomes.get("declined", 0),
        not_now=one.outcomes.get("not now", 0),
        unanswered=one.outcomes.get("open", 0) + one.outcomes.get("ignored", 0),
        told_unasked=unasked.get(topic, 0),
        gain=one.gain / one.asked if one.asked else None,
        burden=one.burden / one.asked if one.asked else None,
        used=used.by_topic[topic],
        accepted_with=_share(accepted, settled),
        accepted_without=_share(used.accepted - accepted, used.proposals - settled),
        bears=bears,
    )


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


async def _put(session: AsyncSession, since: datetime | None) -> dict[str, _Put]:
    confirming = func.sum(case((AskingRow.kind == "open", 0), else_=1))
    sums = (func.count(), confirming, func.sum(AskingRow.gain), func.sum(AskingRow.burden))
    counted = select(AskingRow.topic, AskingRow.outcome, *sums).group_by(AskingRow.topic, AskingRow.outcome)
    if since is not None:
        counted = counted.where(AskingRow.at >= since)
    found: dict[str, _Put] = {}
    for topic, outcome, times, confirmed, gain, burden in await session.execute(counted):
        topic = topic.partition("@")[0]  # asked about somebody else, it is the same topic
        old = found.get(topic, _Put())
        outcomes = {**old.outcomes, outcome: old.outcomes.get(outcome, 0) + times}
        found[topic] = _Put(
            old.asked + times, old.confirmed + confirmed, outcomes, old.gain + gain, old.burden + burden
        )
    return found


async def _told_unasked(session: AsyncSession, since: datetime | None) -> dict[str, int]:
    """By topic: the customers who told it in their own words and never answered its question."""
    answered = exists().where(
        AskingRow.customer_id == FactRow.customer_id,
        AskingRow.topic == FactRow.topic,
        AskingRow.outcome == "answered",
    )
    told = (
        select(FactRow.topic, func.count(FactRow.customer_id.distinct()))
        .where(FactRow.stated.is_(True), FactRow.message_id.is_not(None), ~answered)
        .group_by(FactRow.topic)
    )
    if since is not None:
        told = told.where(FactRow.recorded_at >= since)
    return {row[0]: row[1] for row in await session.execute(told)}


async def _used(session: AsyncSession, since: datetime | None) -> _Used:
    """Count by topic, a few thousand proposals at a time."""
    proposals, accepted = 0, 0
    used = _Used()
    last = 0
    while True:
        some = select(ProposalRow.id, ProposalRow.items, ProposalRow.outcome).order_by(ProposalRow.id)
        some = some.where(ProposalRow.id > last).limit(CHUNK)
        if since is not None:
            some = some.where(ProposalRow.at >= since)
        rows = (await session.execute(some)).all()
        if not rows:
            return _Used(proposals, accepted, used.by_topic, used.settled_by_topic, used.accepted_by_topic)
        last = rows[-1].id
        facts = {row.id: {fact for item in row.items for fact in item.get("facts", ())} for row in rows}
        topic_of = await _topics(session, set().union(*facts.values()))
        for row in rows:
            topics = {topic_of[fact] for fact in facts[row.id] if fact in topic_of}
            used.by_topic.update(topics)
            if row.outcome in SETTLED:
                proposals += 1
                used.settled_by_topic.update(topics)
            if row.outcome == "accepted":
                accepted += 1
                used.accepted_by_topic.update(topics)


async def _topics(session: AsyncSession, facts: Iterable[int]) -> dict[int, str]:
    numbers, found = sorted(facts), dict[int, str]()
    for start in range(0, len(numbers), CHUNK):
        some = numbers[start : start + CHUNK]
        rows = await session.execute(select(FactRow.id, FactRow.topic).where(FactRow.id.in_(some)))
        found |= {row.id: row.topic for row in rows}
    return found

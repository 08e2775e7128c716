"""What customers said and chose, read for learning from all at once: nobody's name, nothing sensitive.

Customer numbers are random, so the first so many in their order are a fair sample, and a million customers
take no longer than a hundred thousand.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from crm_store.facts import HOLDS
from crm_store.models import AuditRow, ConsentRow, CustomerRow, FactRow, OrderLineRow, OrderRow, ProposalRow
from one_to_one import order_states
from one_to_one.consent import Purpose, State
from one_to_one.crowd_counts import Person
from one_to_one.facts import Polarity
from one_to_one.history import Rating

SAMPLE = 50_000
"""So many customers are learned from; more would move the figures by less than half a percent."""

OLDEST = timedelta(days=1)
"""What was learned is learned anew after so long."""

GROWTH = 1.2
"""... or once there are so many times the customers."""

OWN = OrderLineRow.receiver.is_(None)
"""Presents say nothing of whom they were bought by."""

FORGOTTEN = ("erase", "forget")
"""What is noted in the audit when somebody takes back what they said."""

BOUGHT = (*order_states.BOUGHT, "imported")


@dataclass(frozen=True, slots=True)
class Learned:
    """What was learned, and when, as far as it tells whether it must be learned anew."""

    customers: int
    at: datetime  # aware, UTC


async def is_due(session: AsyncSession, before: Learned | None, now: datetime) -> bool:
    """Whether to learn anew: never done, long ago, many more customers, or somebody was forgotten."""
    if before is None or now - before.at >= OLDEST:
        return True
    forgotten = select(AuditRow.id).where(AuditRow.what.in_(FORGOTTEN), AuditRow.at >= before.at).limit(1)
    if await session.scalar(forgotten) is not None:
        return True
    enough = int(before.customers * GROWTH) + 1
    listed = select(CustomerRow.id).where(CustomerRow.merged_into.is_(None)).limit(min(SAMPLE, enough))
    count = await session.scalar(select(func.count()).select_from(listed.subquery()))
    return bool(count and count >= enough)


async def people(session: AsyncSession, topics: Collection[str], sample: int = SAMPLE) -> list[Person]:
    """What customers like in these topics, and what they chose; those who want no profile are left out."""
    last = await _last_of_sample(session, sample)
    if last is None:
        return []
    private = {row.customer_id for row in await session.execute(_private(last))}
    said: dict[str, dict[str, set[str]]] = {}
    for row in await session.execute(_likes(topics, last)):
        said.setdefault(row.customer_id, {}).setdefault(row.topic, set()).add(row.value)
    chosen = await _chosen(session, last)
    known = sorted((said.keys() | chosen.keys()) - private)
    return [Person(said.get(one, {}), _shares(chosen.get(one, Counter()))) for one in known]


async def private_customers(session: AsyncSession) -> frozenset[str]:
    """Those who want no profile at all."""
    last = await session.scalar(select(func.max(CustomerRow.id)))
    rows = await session.execute(_private(last)) if last is not None else ()
    return frozenset(row.customer_id for row in rows)


async def _last_of_sample(session: AsyncSession, sample: int) -> str | None:
    """The last customer of the sample, in the order of their numbers."""
    first = select(CustomerRow.id).where(CustomerRow.merged_into.is_(None)).order_by(CustomerRow.id)
    counted: str | None = await session.scalar(first.offset(sample - 1).limit(1))
    if counted is not None:
        return counted
    last: str | None = await session.scalar(select(func.max(CustomerRow.id)))
    return last


def _private(last: str) -> Select[str]:
    """Those whose newest word on being remembered is no."""
    newest = (
        select(func.max(ConsentRow.id).label("id"))
        .where(ConsentRow.purpose == Purpose.REMEMBERING, ConsentRow.customer_id <= last)
        .group_by(ConsentRow.customer_id)
        .subquery()
    )
    return (
        select(ConsentRow.customer_id)
        .join(newest, newest.c.id == ConsentRow.id)
        .where(ConsentRow.state != State.GRANTED)
    )


def _likes(topics: Collection[str], last: str) -> Select[str, str, str]:
    return select(FactRow.customer_id, FactRow.topic, FactRow.value).where(
        HOLDS,
        FactRow.customer_id <= last,
        FactRow.topic.in_(sorted(topics)),
        FactRow.polarity == Polarity.LIKES,
        FactRow.stated.is_(True),
        FactRow.provisional.is_(False),
    )


async def _chosen(session: AsyncSession, last: str) -> dict[str, Counter[str]]:
    """What each ordered or accepted, less what they turned down or didn't like; by how often."""
    chosen: dict[str, Counter[str]] = {}
    bought = (
        select(OrderLineRow.customer_id, OrderLineRow.product, OrderLineRow.rating)
        .join(OrderRow, OrderRow.id == OrderLineRow.order_id)
        .where(OrderRow.state.in_(BOUGHT), OrderLineRow.customer_id <= last, OWN)
    )
    for row in await session.execute(bought):
        times = -1 if row.rating == Rating.DISLIKED else 1
        chosen.setdefault(row.customer_id, Counter())[row.product] += times
    settled = select(ProposalRow.customer_id, ProposalRow.items, ProposalRow.outcome).where(
        ProposalRow.outcome.in_(("accepted", "rejected")), ProposalRow.customer_id <= last
    )
    for row in await session.execute(settled):
        for product in _products(row.items):
            times = 1 if row.outcome == "accepted" and len(row.items) == 1 else 0
            chosen.setdefault(row.customer_id, Counter())[product] += times - (row.outcome == "rejected")
    return chosen


def _products(items: Collection[dict[str, object]]) -> Iterator[str]:
    for item in items:
        if isinstance(product := item.get("product"), str) and not item.get("other"):
            yield product


def _shares(times: Counter[str]) -> dict[str, float]:
    """How much of what they chose each product is."""
    liked = {product: count for product, count in times.items() if count > 0}
    return {product: count / sum(liked.values()) for product, count in liked.items()}

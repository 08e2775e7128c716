"""Counting days that are over, once and for all; and reading a span of days, whether they are kept or not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from crm_store.counting_days import BY_TOPIC
from crm_store.daily import TOGETHER, Complained, Count, Found, Waited, Wanted, fitting, settled
from crm_store.store import Store
from one_to_one.spans import Span


@dataclass(frozen=True, slots=True)
class Days:
    """Everything the charts show of a span of days."""

    begun: date | None  # the shop's first day
    counts: list[Count]
    topics: dict[tuple[str, str], int]  # figure and topic -> how often
    complaints: list[Complained]
    waits: list[Waited]
    found: list[Found]


async def count_days(store: Store, zone: ZoneInfo, now: datetime) -> int:
    """Count and keep every day that is over; how many those were."""
    today = now.astimezone(zone).date()
    async with store.reading() as books:
        begun = await books.daily.begun(zone)
        if begun is None:
            return 0
        days = settled(await books.daily.uncounted(Span(begun, today), zone), today)
    for start in range(0, len(days), TOGETHER):
        some = days[start : start + TOGETHER]
        async with store.reading() as books:
            counts = await books.daily.counted(some, zone)
        async with store.transaction() as books:
            await books.daily.keep(some, counts)
    return len(days)


async def read_days(store: Store, wanted: Wanted, zone: ZoneInfo, now: datetime) -> Days:
    """What happened on these days. Those that are over are kept by the way, for whoever asks next."""
    async with store.reading() as books:
        daily = books.daily
        begun = await daily.begun(zone)
        days = await daily.uncounted(wanted.span, zone)
        fresh = await daily.counted(days, zone)
        fits = fitting(fresh, wanted)
        read = Days(
            begun,
            [*await daily.kept(wanted), *fits],
            _with_topics(await daily.topics(wanted), fits),
            await daily.complaints(wanted, zone),
            await daily.waits(wanted, zone),
            await daily.found(wanted, zone),
        )
    over = settled(days, now.astimezone(zone).date())
    if over:
        async with store.transaction() as books:
            await books.daily.keep(over, fresh)
    return read


def _with_topics(kept: dict[tuple[str, str], int], fresh: list[Count]) -> dict[tuple[str, str], int]:
    for count in fresh:
        if count.figure in BY_TOPIC:
            kept[count.figure, count.key] = kept.get((count.figure, count.key), 0) + count.count
    return kept

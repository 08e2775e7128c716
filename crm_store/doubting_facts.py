"""Looking through what is believed for facts that a colleague should look at, a slice at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from crm_store.doubts import KEPT
from crm_store.facts import fact_of
from crm_store.models import DoubtRow, FactReviewRow, FactRow
from crm_store.store import Store
from crm_store.upserting import dialect, insert_for
from one_to_one.facts import Fact
from one_to_one.shop import ShopPack
from one_to_one.teaching.doubting import doubts_of

SLICE = 500
PAUSE = 0.005
"""Seconds between two steps: everybody else comes first."""


async def doubt_facts(store: Store, pack: ShopPack, now: datetime, since: datetime | None = None) -> int:
    """Look through all facts that are believed, or those learned `since`; how many are doubtful.

    What a colleague has looked at isn't doubted again.
    """
    count, before = 0, None
    while True:
        async with store.transaction() as books:
            rows = await _slice(books.session, before)
            fresh = [row for row in rows if since is None or row.recorded_at >= since]
            count += await _doubt(books.session, fresh, pack, now)
        if len(rows) < SLICE or len(fresh) < len(rows):
            break
        before = rows[-1].id
        await asyncio.sleep(PAUSE)
    async with store.transaction() as books:
        held = exists().where(FactRow.id == DoubtRow.fact_id, KEPT)
        await books.session.execute(delete(DoubtRow).where(~held))
    return count


async def _slice(session: AsyncSession, before: int | None) -> list[FactRow]:
    """Facts that hold and nobody has looked at, the newest first."""
    reviewed = exists().where(FactReviewRow.fact_id == FactRow.id)
    rows = select(FactRow).where(KEPT, ~reviewed).order_by(FactRow.id.desc()).limit(SLICE)
    return list(await session.scalars(rows if before is None else rows.where(FactRow.id < before)))


async def _doubt(session: AsyncSession, rows: Sequence[FactRow], pack: ShopPack, now: datetime) -> int:
    customers = {row.customer_id for row in rows}
    held = select(FactRow).where(FactRow.customer_id.in_(customers), KEPT)
    known: dict[str, list[Fact]] = {}
    for row in await session.scalars(held):
        known.setdefault(row.customer_id, []).append(fact_of(row))
    found: list[Mapping[str, Any]] = []
    for row in rows:
        doubts = doubts_of(fact_of(row), known[row.customer_id], pack, now)
        if doubts.reasons:
            reasons = [reason.value for reason in doubts.reasons]
            about = {"customer_id": row.customer_id, "fact_id": row.id, "message_id": row.message_id}
            found.append({**about, "at": now, "weight": doubts.weight, "reasons": reasons})
    if found:
        insert = insert_for(dialect(session))(DoubtRow)
        told = {name: insert.excluded[name] for name in ("weight", "reasons")}
        await session.execute(insert.on_conflict_do_update(index_elements=["fact_id"], set_=told), found)
    return len(found)

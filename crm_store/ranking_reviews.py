"""Putting new messages into the review queue, a slice at a time, with what a look at each would teach."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from sqlalchemy import exists, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from crm_store.models import MessageRow, ReviewCaseRow, ReviewRow
from crm_store.reviews import IS_DONE, said_of
from crm_store.store import Store
from crm_store.upserting import dialect, insert_for
from one_to_one.teaching.ranking import Reason, kind, worth

SLICE = 500
"""Messages taken in one step."""

PAUSE = 0.005
"""Seconds between two steps: everybody else comes first."""

OVERLAP = 200
"""So many numbers are looked at again: a message may have been answered after later ones."""

IS_RANKED = ReviewCaseRow.kind.is_not(None)


async def rank_messages(store: Store) -> int:
    """Rank what customers typed since the last time; how many messages that were."""
    count, start = 0, None
    while True:
        async with store.transaction() as books:
            start = await _start(books.session) if start is None else start
            fresh = await _fresh(books.session, start)
            await _rank(books.session, fresh)
        count += len(fresh)
        if len(fresh) < SLICE:
            return count
        start = fresh[-1].id
        await asyncio.sleep(PAUSE)


async def _start(session: AsyncSession) -> int:
    newest = select(ReviewCaseRow.message_id).where(IS_RANKED).order_by(ReviewCaseRow.message_id.desc())
    return max(0, (await session.scalar(newest.limit(1)) or 0) - OVERLAP)


async def _fresh(session: AsyncSession, start: int) -> list[MessageRow]:
    """What was typed and answered, and isn't ranked yet."""
    ranked = exists().where(ReviewCaseRow.message_id == MessageRow.id, IS_RANKED)
    typed = select(MessageRow).where(
        MessageRow.id > start,
        MessageRow.direction == "in",
        MessageRow.state == "answered",
        MessageRow.text != "",
        MessageRow.payload.is_(None),
        ~ranked,
    )
    return list(await session.scalars(typed.order_by(MessageRow.id).limit(SLICE)))


async def _rank(session: AsyncSession, fresh: Sequence[MessageRow]) -> None:
    """Rank new messages, and the one before each again: now it is known what the customer said next."""
    if not fresh:
        return
    new = {message.id for message in fresh}
    then = await _followers(session, fresh)
    kinds = {kind(message.text) for message in fresh}
    nth, corrected = await _counted(session, kinds), await _corrected(session, kinds)
    rows = []
    for message in fresh:
        sort = kind(message.text)
        found = worth(said_of(message, then.get(message.id), corrected=sort in corrected), nth[sort])
        rows.append(
            {
                "customer_id": message.customer_id,
                "message_id": message.id,
                "score": found.score,
                "reasons": [reason.value for reason in found.reasons],
                "kind": sort,
                "nth": nth[sort],
                "waits": True,
                "flagged": False,
            }
        )
        nth[sort] += 1
    await _write(session, rows)
    await _again(session, {number: after for number, after in then.items() if number not in new})


async def _followers(session: AsyncSession, fresh: Sequence[MessageRow]) -> dict[int, MessageRow]:
    """What the customer said next in the same visit, of the new messages and of those right before them."""
    contacts = {message.contact_id for message in fresh if message.contact_id is not None}
    rows = select(MessageRow).where(MessageRow.contact_id.in_(contacts), MessageRow.direction == "in")
    said: dict[int | None, list[MessageRow]] = {}
    for message in await session.scalars(rows.order_by(MessageRow.id)):
        said.setdefault(message.contact_id, []).append(message)
    new = {message.id for message in fresh}
    return {
        one.id: after
        for visit in said.values()
        for one, after in pairwise(visit)
        if after.state == "answered" and (one.id in new or after.id in new)
    }


async def _counted(session: AsyncSession, kinds: Iterable[int]) -> dict[int, int]:
    """How many of each kind there were before."""
    counted: dict[int, int] = {}
    for sort in kinds:
        last = select(ReviewCaseRow.nth).where(ReviewCaseRow.kind == sort).order_by(ReviewCaseRow.nth.desc())
        found = await session.scalar(last.limit(1))
        counted[sort] = 0 if found is None else found + 1
    return counted


async def _corrected(session: AsyncSession, kinds: Iterable[int]) -> set[int]:
    """Those of these kinds of sentences whose intent a colleague corrected once."""
    rows = (
        select(ReviewCaseRow.kind)
        .join(ReviewRow, ReviewRow.message_id == ReviewCaseRow.message_id)
        .join(MessageRow, MessageRow.id == ReviewCaseRow.message_id)
        .where(
            ReviewCaseRow.kind.in_(sorted(kinds)),
            IS_DONE,
            ReviewRow.intent.is_distinct_from(MessageRow.intent),
        )
        .distinct()
    )
    return {sort for sort in await session.scalars(rows) if sort is not None}


async def _write(session: AsyncSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """A colleague may have been there first: then only what the ranking says is added."""
    insert = insert_for(dialect(session))(ReviewCaseRow)
    told = {name: insert.excluded[name] for name in ("score", "reasons", "kind", "nth")}
    await session.execute(insert.on_conflict_do_update(index_elements=["message_id"], set_=told), rows)


async def _again(session: AsyncSession, then: Mapping[int, MessageRow]) -> None:
    if not then:
        return
    waiting = (
        select(ReviewCaseRow, MessageRow)
        .join(MessageRow, MessageRow.id == ReviewCaseRow.message_id)
        .where(ReviewCaseRow.message_id.in_(then), ReviewCaseRow.waits, IS_RANKED)
    )
    for case, message in (await session.execute(waiting)).all():
        if Reason.CONTESTED in case.reasons:
            continue
        corrected = Reason.CORRECTED in case.reasons
        found = worth(said_of(message, then[message.id], corrected=corrected), case.nth)
        told = {"score": found.score, "reasons": [reason.value for reason in found.reasons]}
        await session.execute(update(ReviewCaseRow).where(ReviewCaseRow.id == case.id).values(told))

"""Two customers who are one: their rows are joined, and a journal is kept from which they can be parted.

The merge moves every row of the absorbed customer to the kept one. Where both hold a row of which there can
be one only, the stronger stays and the other goes into the journal. Parting them is in `parting.py`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Table, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from crm_store.books import Books
from crm_store.journal import Change, Journal
from crm_store.models import CustomerRow, MergeRow
from crm_store.parting import unmerge
from crm_store.questions import line_of
from crm_store.rows import CONTACTS, CUSTOMERS, FACTS, QUESTIONS, TABLES, Values, frozen, refreshed, rows_of
from one_to_one.errors import AlreadyMerged
from one_to_one.facts import Polarity
from one_to_one.ledger import joined

__all__ = ["merge", "unmerge"]


async def merge(
    books: Books,
    kept: str,
    absorbed: str,
    evidence: Mapping[str, Any],
    at: datetime,
    who: str = "bot",
    *,
    single: Collection[str] = (),
) -> MergeRow:
    """Make two customers one; `kept` stays. Raises AlreadyMerged, UnknownCustomer.

    `single` are the topics of which a customer can like one value only.
    """
    stays, goes = await books.customers.get(kept), await books.customers.get(absorbed)
    if stays.id == goes.id:
        raise AlreadyMerged(customer=kept, other=absorbed)
    await books.session.flush()
    journal = await _joined(books.session, stays, goes, at, single)
    goes.merged_into = stays.id
    row = MergeRow(
        kept_id=stays.id,
        absorbed_id=goes.id,
        evidence=dict(evidence),
        journal=journal.as_json(),
        merged_at=at,
    )
    books.session.add(row)
    await books.audit.record(who, "merge", stays.id, at, absorbed=goes.id)
    await refreshed(books.session)
    return row


async def _joined(
    session: AsyncSession, stays: CustomerRow, goes: CustomerRow, at: datetime, single: Collection[str]
) -> Journal:
    both = [stays.id, goes.id]
    journal = Journal(
        last=await _last(session),
        ledgers=[frozen(QUESTIONS, row) for row in await rows_of(session, QUESTIONS, both)],
        contacts=[frozen(CONTACTS, row) for each in both for row in await _latest_contact(session, each)],
        believed=[row["id"] for row in await rows_of(session, FACTS, both) if row["superseded_at"] is None],
    )
    await _settle_questions(session, stays.id, goes.id)
    journal.changes += await _settle_facts(session, stays.id, goes.id, at, single)
    journal.changes += await _pass_on(session, stays, goes)
    for table in TABLES:
        journal.rows[table.name] = await _move(session, table, goes.id, stays.id)
    return journal


async def _last(session: AsyncSession) -> dict[str, int]:
    """The highest row number of each table: what is above came after the merge."""
    counted = [table for table in TABLES if "id" in table.c]
    return {table.name: await session.scalar(select(func.max(table.c.id))) or 0 for table in counted}


async def _latest_contact(session: AsyncSession, customer: str) -> list[Values]:
    rows = await rows_of(session, CONTACTS, [customer])
    return sorted(rows, key=lambda row: (row["last_at"], row["id"]))[-1:]


async def _move(session: AsyncSession, table: Table, goes: str, stays: str) -> list[Any]:
    [key] = table.primary_key.columns
    keys = list(await session.scalars(select(key).where(table.c.customer_id == goes).order_by(key)))
    if keys:
        await session.execute(update(table).where(table.c.customer_id == goes).values(customer_id=stays))
    return keys


async def _settle_questions(session: AsyncSession, stays: str, goes: str) -> None:
    """Of two lines about one topic only the stronger stays; the journal has both."""
    ours = {row["topic"]: row for row in await rows_of(session, QUESTIONS, [stays])}
    for theirs in await rows_of(session, QUESTIONS, [goes]):
        if theirs["topic"] in ours:
            await _join_lines(session, ours[theirs["topic"]], theirs)


async def _join_lines(session: AsyncSession, ours: Values, theirs: Values) -> None:
    one, other = line_of(ours), line_of(theirs)
    line = joined(one, other)
    mine = (one.state, one.at, one.times_asked) == (line.state, line.at, line.times_asked)
    stays, goes = (ours, theirs) if mine else (theirs, ours)
    kept = QUESTIONS.c.id == stays["id"]
    await session.execute(update(QUESTIONS).where(kept).values(elsewhere=line.elsewhere, known=line.known))
    await session.execute(delete(QUESTIONS).where(QUESTIONS.c.id == goes["id"]))


async def _settle_facts(
    session: AsyncSession, stays: str, goes: str, at: datetime, single: Collection[str]
) -> list[Change]:
    """What both say is believed once, and of what can't both be true only the stronger."""
    ours = list(await _current(session, stays))
    changes: list[Change] = []
    for theirs in await _current(session, goes):
        for mine in [row for row in ours if _said(row) == _said(theirs) or _clash(row, theirs, single)]:
            weaker, stronger = sorted((theirs, mine), key=_weight)
            changes += await _give_way(session, weaker["id"], stronger["id"], at)
            if weaker is theirs:
                break
            ours.remove(mine)
    return changes


def _clash(one: Values, other: Values, single: Collection[str]) -> bool:
    """Whether both can't be true: two stances on one value, or two likes where there is room for one."""
    if one["topic"] != other["topic"]:
        return False
    if one["value"] == other["value"]:
        return bool(one["polarity"] != other["polarity"])
    return one["topic"] in single and one["polarity"] == other["polarity"] == Polarity.LIKES


async def _current(session: AsyncSession, customer: str) -> Sequence[Values]:
    rows = await rows_of(session, FACTS, [customer])
    return [row for row in rows if row["superseded_at"] is None and row["valid_until"] is None]


def _said(fact: Values) -> tuple[str, str, str]:
    return fact["topic"], fact["value"], fact["polarity"]


def _weight(fact: Values) -> tuple[bool, bool, bool, datetime, int]:
    """What must never be outweighs what is liked; else what was said, and what was said last."""
    never = fact["polarity"] == Polarity.NEVER
    return not fact["provisional"], fact["stated"], never, fact["recorded_at"], fact["id"]


async def _give_way(session: AsyncSession, weaker: int, stronger: int, at: datetime) -> list[Change]:
    values = {"superseded_at": at, "superseded_by": stronger}
    await session.execute(update(FACTS).where(FACTS.c.id == weaker).values(**values))
    return [
        Change("fact", weaker, "superseded_at", None, at.isoformat()),
        Change("fact", weaker, "superseded_by", None, stronger),
    ]


async def _pass_on(session: AsyncSession, stays: CustomerRow, goes: CustomerRow) -> list[Change]:
    """Who said stop, waits for a person, or has one, still does."""
    changes: list[Change] = []
    for column in ("stopped_at", "person_wanted_at", "held_by"):
        before, after = getattr(stays, column), getattr(goes, column)
        if before is None and after is not None:
            where = CUSTOMERS.c.id == stays.id
            await session.execute(update(CUSTOMERS).where(where).values({column: after}))
            changes.append(
                Change("customer", stays.id, column, None, frozen(CUSTOMERS, {column: after})[column])
            )
    return changes

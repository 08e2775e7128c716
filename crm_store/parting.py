"""Undoing a merge: each of the two gets back what was theirs, and what they said since.

What the merge did is undone exactly. What came later goes to the customer who said it (`speakers.py`). A fact
or question of one that the other changed is put back as it was, and the change goes to the other's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Table, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from crm_store.books import Books
from crm_store.journal import Change, Journal
from crm_store.models import MergeRow
from crm_store.parting_contacts import part_contacts
from crm_store.parting_facts import part_facts
from crm_store.parting_questions import part_questions
from crm_store.rows import CUSTOMERS, OF_ORDERS, ORDERS, TABLES, refreshed, rows_of, thawed
from crm_store.speakers import Speakers, speakers
from one_to_one.errors import MergedSince, NotMerged

MOMENTS = {
    "message": "at",
    "proposal": "at",
    "configuration": "at",
    "asking": "at",
    "customer_order": "at",
    "complaint": "at",
    "handover": "at",
    "unmet_wish": "at",
    "their_taste": "at",
    "promise": "made_at",
    "refill": "at",
    "consent": "at",
    "identity": "verified_at",
    "review_case": "reviewed_at",
    "review": "at",
    "message_tag": "at",
    "message_note": "at",
    "doubt": "at",
    "fact_review": "at",
}
"""The column that tells when a row of a table came to be."""

CHUNK = 5000
"""Rows named in one statement."""


async def unmerge(books: Books, customer: str, at: datetime, who: str = "cli") -> MergeRow:
    """Undo the latest merge of a customer, given either of the two. Raises NotMerged, MergedSince."""
    session = books.session
    await session.flush()
    row = await _latest(session, customer)
    await _refuse_out_of_order(session, row)
    journal = Journal.from_json(row.journal)
    await _part(session, journal, row)
    row.undone_at, row.journal = at, {}  # it has done its work, and holds what both said
    await books.audit.record(who, "unmerge", row.kept_id, at, absorbed=row.absorbed_id)
    await refreshed(session)
    return row


async def _latest(session: AsyncSession, customer: str) -> MergeRow:
    either = or_(MergeRow.kept_id == customer, MergeRow.absorbed_id == customer)
    rows = select(MergeRow).where(either, MergeRow.undone_at.is_(None)).order_by(MergeRow.id.desc())
    found = await session.scalar(rows.limit(1))
    if found is None:
        raise NotMerged(customer=customer)
    return found


async def _refuse_out_of_order(session: AsyncSession, row: MergeRow) -> None:
    touches = or_(MergeRow.kept_id == row.kept_id, MergeRow.absorbed_id == row.kept_id)
    later = select(MergeRow).where(touches, MergeRow.undone_at.is_(None), MergeRow.id > row.id)
    found = await session.scalar(later.order_by(MergeRow.id.desc()).limit(1))
    if found is not None:
        raise MergedSince(customer=row.absorbed_id, later=found.absorbed_id)


async def _part(session: AsyncSession, journal: Journal, row: MergeRow) -> None:
    known = await speakers(session, journal, row.kept_id)
    for change in journal.changes:
        if change.table == "customer":
            await _take_back(session, change)
    await part_questions(session, known, row.kept_id, row.absorbed_id)
    await part_facts(session, known, row.kept_id, row.absorbed_id)
    await _move_back(session, known, row.kept_id, row.absorbed_id)
    await part_contacts(session, known, row.kept_id, row.absorbed_id)
    await session.execute(update(CUSTOMERS).where(CUSTOMERS.c.id == row.absorbed_id).values(merged_into=None))


async def _take_back(session: AsyncSession, change: Change) -> None:
    """Undo a change to the customer who stayed, unless they changed it again since."""
    before = thawed(CUSTOMERS, {change.column: change.before})
    after = thawed(CUSTOMERS, {change.column: change.after})[change.column]
    ours = (CUSTOMERS.c.id == change.key) & (CUSTOMERS.c[change.column] == after)
    await session.execute(update(CUSTOMERS).where(ours).values(before))


async def _move_back(session: AsyncSession, known: Speakers, kept: str, absorbed: str) -> None:
    for table in TABLES:
        if table.name not in ("fact", "question", "contact") and table not in OF_ORDERS:
            await _give(session, table, await _theirs(session, table, known, kept), absorbed)
    theirs = select(ORDERS.c.id).where(ORDERS.c.customer_id == absorbed)
    for table in OF_ORDERS:
        belongs = (table.c.customer_id == kept) & table.c.order_id.in_(theirs)
        await session.execute(update(table).where(belongs).values(customer_id=absorbed))


async def _theirs(session: AsyncSession, table: Table, known: Speakers, kept: str) -> list[Any]:
    if "id" not in table.c:
        return known.journal.rows[table.name]
    if table.name == "message":
        return [number for number, theirs in known.messages.items() if theirs]
    rows = await rows_of(session, table, [kept])
    moment = MOMENTS.get(table.name)
    return [row["id"] for row in rows if _is_theirs(known, table.name, row, moment)]


def _is_theirs(known: Speakers, table: str, row: dict[str, Any], moment: str | None) -> bool:
    if moment is None or table == "identity":
        return bool(known.had(table, row["id"]))
    return known.of(table, row, row[moment])


async def _give(session: AsyncSession, table: Table, keys: Sequence[Any], customer: str) -> None:
    [key] = table.primary_key.columns
    for some in _chunks(keys):
        await session.execute(update(table).where(key.in_(some)).values(customer_id=customer))


def _chunks(keys: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (keys[start : start + CHUNK] for start in range(0, len(keys), CHUNK))

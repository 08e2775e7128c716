"""Forgetting a customer: every row goes. What stays is that somebody was forgotten, when, and by whom."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, Delete, Table, Text, Update, delete, or_, update
from sqlalchemy import cast as as_type
from sqlalchemy.ext.asyncio import AsyncSession

from crm_store.books import Books
from crm_store.rows import AUDIT, CUSTOMERS, MERGES, TABLES, family

NUMBER_CHARACTERS = 20


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was erased."""

    customer: str
    at: datetime  # aware, UTC
    counts: Mapping[str, int]  # table -> rows that are gone; tables without any are left out
    who: str = "customer"

    @property
    def number(self) -> str:
        """The number of the receipt: whoever has the customer's id can find it, and nobody the id from it."""
        return receipt_number(self.customer)

    @property
    def total(self) -> int:
        """All rows together."""
        return sum(self.counts.values())


def receipt_number(customer: str) -> str:
    """What the audit calls somebody who was erased: made from an id nobody can guess, and not reversible."""
    digest = base64.b32encode(hashlib.sha256(f"erased {customer}".encode()).digest())
    return "e" + digest.decode().lower()[:NUMBER_CHARACTERS]


async def erase(books: Books, customer: str, at: datetime, who: str = "customer") -> Receipt:
    """Delete everything about a customer and those merged into them. Raises UnknownCustomer.

    When the transaction ends the store overwrites what was deleted (`Store.scrub`).
    """
    kept = (await books.customers.get(customer)).id
    await books.session.flush()
    ids = await family(books.session, kept)
    counts = {table.name: await affected(books.session, _about(table, ids)) for table in reversed(TABLES)}
    counts["merge"] = await affected(
        books.session, delete(MERGES).where(or_(MERGES.c.kept_id.in_(ids), MERGES.c.absorbed_id.in_(ids)))
    )
    counts["customer"] = await affected(books.session, delete(CUSTOMERS).where(CUSTOMERS.c.id.in_(ids)))
    await _hush_audit(books.session, ids)
    books.session.expunge_all()
    books.session.info["erased"] = True
    books.session.info["unsaid"] = True
    receipt = Receipt(kept, at, {name: count for name, count in sorted(counts.items()) if count}, who)
    for each in ids:
        await books.audit.record(
            who, "erase", receipt_number(each), at, receipt=receipt.number, rows=receipt.total
        )
    return receipt


async def _hush_audit(session: AsyncSession, ids: list[str]) -> None:
    """The audit goes on telling that something was done, and no longer to whom or how."""
    for each in ids:
        ours = AUDIT.c.customer_id == each
        named = as_type(AUDIT.c.detail, Text).contains(each)
        await session.execute(update(AUDIT).where(or_(ours, named)).values(detail={}))
        await session.execute(update(AUDIT).where(ours).values(customer_id=receipt_number(each)))


def _about(table: Table, ids: list[str]) -> Delete:
    return delete(table).where(table.c.customer_id.in_(ids))


async def affected(session: AsyncSession, statement: Delete | Update) -> int:
    """Run a statement; how many rows it was about."""
    result = cast("CursorResult[Any]", await session.execute(statement))
    return result.rowcount

"""Forgetting a customer: every row goes, only the audit keeps their number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, Delete, Table, Update, delete, or_
from sqlalchemy.ext.asyncio import AsyncSession

from crm_store.books import Books
from crm_store.rows import CUSTOMERS, MERGES, TABLES, family


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was erased."""

    customer: str
    at: datetime  # aware, UTC
    counts: Mapping[str, int]  # table -> rows that are gone; tables without any are left out

    @property
    def total(self) -> int:
        """All rows together."""
        return sum(self.counts.values())


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
    books.session.expunge_all()
    books.session.info["erased"] = True
    receipt = Receipt(kept, at, {name: count for name, count in sorted(counts.items()) if count})
    await books.audit.record(who, "erase", kept, at, rows=receipt.total)
    return receipt


def _about(table: Table, ids: list[str]) -> Delete:
    return delete(table).where(table.c.customer_id.in_(ids))


async def affected(session: AsyncSession, statement: Delete | Update) -> int:
    """Run a statement; how many rows it was about."""
    result = cast("CursorResult[Any]", await session.execute(statement))
    return result.rowcount

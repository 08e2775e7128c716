"""Everything the store holds about one customer, as JSON."""

from __future__ import annotations

from typing import Any

from sqlalchemy import or_, select

from crm_store.books import Books
from crm_store.rows import CUSTOMERS, MERGES, TABLES, family, frozen, rows_of

SECRET = frozenset({"token_hash"})
"""Columns that open a door and tell the customer nothing."""


async def export(books: Books, customer: str) -> dict[str, Any]:
    """Every row of every table about the customer, by table. Times are ISO 8601 in UTC, amounts are text."""
    kept = await books.customers.get(customer)
    await books.session.flush()
    ids = await family(books.session, kept.id)
    tables = {table.name: await _listed(books, table.name, ids) for table in TABLES}
    return {
        "id": kept.id,
        "language": kept.language,
        "created_at": kept.created_at.isoformat(),
        "customer": await _customers(books, ids),
        **tables,
        "merge": await _merges(books, ids),
        "audit": [
            {"at": row.at.isoformat(), "who": row.who, "what": row.what, "detail": row.detail}
            for row in await books.audit.listed(kept.id)
        ],
    }


async def _listed(books: Books, name: str, ids: list[str]) -> list[dict[str, Any]]:
    table = next(table for table in TABLES if table.name == name)
    rows = await rows_of(books.session, table, ids)
    return [{k: v for k, v in frozen(table, row).items() if k not in SECRET} for row in rows]


async def _customers(books: Books, ids: list[str]) -> list[dict[str, Any]]:
    found = select(CUSTOMERS).where(CUSTOMERS.c.id.in_(ids)).order_by(CUSTOMERS.c.id)
    return [frozen(CUSTOMERS, dict(row)) for row in (await books.session.execute(found)).mappings()]


async def _merges(books: Books, ids: list[str]) -> list[dict[str, Any]]:
    either = or_(MERGES.c.kept_id.in_(ids), MERGES.c.absorbed_id.in_(ids))
    found = select(MERGES).where(either).order_by(MERGES.c.id)
    return [frozen(MERGES, dict(row)) for row in (await books.session.execute(found)).mappings()]

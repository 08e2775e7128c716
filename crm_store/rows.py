"""All rows about a customer, whatever table they are in: for merging, exporting and erasing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Table, inspect, select
from sqlalchemy.ext.asyncio import AsyncSession

from crm_store.models import Base
from crm_store.types import Amount, Instant

type Values = dict[str, Any]

CUSTOMERS = Base.metadata.tables["customer"]
MERGES = Base.metadata.tables["merge"]
AUDIT = Base.metadata.tables["audit"]
IDENTITIES = Base.metadata.tables["identity"]
CONTACTS = Base.metadata.tables["contact"]
MESSAGES = Base.metadata.tables["message"]
FACTS = Base.metadata.tables["fact"]
QUESTIONS = Base.metadata.tables["question"]
ORDERS = Base.metadata.tables["customer_order"]
LINES = Base.metadata.tables["order_line"]
TABLES: Sequence[Table] = tuple(
    table for table in Base.metadata.sorted_tables if "customer_id" in table.c and table is not AUDIT
)
"""Every table whose rows are about one customer, those referred to first."""
OF_ORDERS: Sequence[Table] = tuple(table for table in TABLES if "order_id" in table.c)
"""Those whose rows go wherever their order goes."""


async def rows_of(session: AsyncSession, table: Table, customers: Sequence[str]) -> list[Values]:
    """A table's rows about these customers, in the order they were written."""
    [key] = table.primary_key.columns
    found = select(table).where(table.c.customer_id.in_(customers)).order_by(key)
    return [dict(row) for row in (await session.execute(found)).mappings()]


def frozen(table: Table, values: Mapping[str, Any]) -> Values:
    """A row as JSON can hold it."""
    return {name: _to_json(value) for name, value in values.items() if name in table.c}


def thawed(table: Table, values: Mapping[str, Any]) -> Values:
    """A row as it was before `frozen`."""
    return {name: _from_json(table, name, value) for name, value in values.items()}


def _to_json(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _from_json(table: Table, name: str, value: Any) -> object:
    kind = table.c[name].type
    if value is None:
        return None
    if isinstance(kind, Instant):
        return datetime.fromisoformat(value)
    return Decimal(value) if isinstance(kind, Amount) else value


async def family(session: AsyncSession, customer: str) -> list[str]:
    """The customer and everybody merged into them, directly or by way of another."""
    found, fresh = [customer], [customer]
    while fresh:
        inside = select(CUSTOMERS.c.id).where(CUSTOMERS.c.merged_into.in_(fresh)).order_by(CUSTOMERS.c.id)
        fresh = list(await session.scalars(inside))
        found += fresh
    return found


async def refreshed(session: AsyncSession) -> None:
    """Read again every object in hand, after rows were changed behind their back."""
    await session.flush()
    for each in list(session.identity_map.values()):
        key = inspect(each).identity
        if await session.get(type(each), key, populate_existing=True) is None:
            session.expunge(each)

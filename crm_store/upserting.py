"""Inserts that leave an existing row alone, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from crm_store.models import Base

type Values = Mapping[str, Any]


def dialect(session: AsyncSession) -> str:
    """Which database a session speaks with: "sqlite" or "postgresql"."""
    return session.get_bind().dialect.name


def insert_for(on: str) -> Any:
    """The INSERT of a database, which can leave existing rows alone."""
    return sqlite.insert if on == "sqlite" else postgresql.insert


async def insert_new(
    session: AsyncSession, table: type[Base], values: Values, unique: Sequence[str] = ()
) -> int | None:
    """Insert a row unless a unique index already has one like it; its number, or None when it was there."""
    columns = table.__table__.c
    statement = (
        insert_for(dialect(session))(table)
        .values(**values)
        .on_conflict_do_nothing(index_elements=list(unique) or None)
    )
    if "id" not in columns:
        await session.execute(statement)
        return None
    number: int | None = await session.scalar(statement.returning(columns.id))
    return number

"""How the store's connections are made and how its transactions begin, on SQLite and on PostgreSQL."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

from sqlalchemy import Connection, Engine, event, make_url
from sqlalchemy.dialects.sqlite.aiosqlite import SQLiteDialect_aiosqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from crm_store.inline_sqlite import LOCK_SECONDS, InlineConnection

PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = NORMAL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA cache_size = -16000",
)


def plain(value: object) -> str:
    """Amounts and times inside JSON columns, as text that reads back exactly."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"{value!r} can't be kept in a JSON column")


def as_json(value: object) -> str:
    """JSON as the store keeps it: Chinese stays readable."""
    return json.dumps(value, ensure_ascii=False, default=plain)


def is_sqlite(url: str) -> bool:
    """Whether a store URL names an SQLite file."""
    return make_url(url).get_backend_name() == "sqlite"


def writing_engine(url: str) -> AsyncEngine:
    """Connections that may write. SQLite has one writer at a time: a process keeps one and queues for it."""
    if not is_sqlite(url):
        return create_async_engine(url, json_serializer=as_json, pool_size=5, max_overflow=10)
    return _sqlite(url, "BEGIN IMMEDIATE", PRAGMAS, pool_size=1, max_overflow=0, pool_timeout=60)


def reading_engine(url: str) -> AsyncEngine:
    """Connections that can't write, and never wait for one that does."""
    if not is_sqlite(url):
        read_only: dict[str, Any] = {"postgresql_readonly": True}
        return create_async_engine(
            url, json_serializer=as_json, pool_size=5, max_overflow=10, execution_options=read_only
        )
    return _sqlite(url, "BEGIN DEFERRED", (*PRAGMAS, "PRAGMA query_only = ON"), pool_size=4, max_overflow=4)


def tuned(engine: Engine) -> Engine:
    """Set up an engine that blocks like those that don't; on SQLite its transactions may write at once."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", say_begin_ourselves)
        event.listen(
            engine, "connect", tuning((f"PRAGMA busy_timeout = {LOCK_SECONDS * 1000:.0f}", *PRAGMAS))
        )
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def say_begin_ourselves(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    """Keep the driver from beginning transactions of its own."""
    connection.isolation_level = None


def tuning(pragmas: Sequence[str]) -> Callable[[DBAPIConnection, ConnectionPoolEntry], None]:
    """What is done to each new SQLite connection."""

    def tune(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(pragma)
        cursor.close()

    return tune


def _sqlite(url: str, begin: str, pragmas: tuple[str, ...], **pool: int) -> AsyncEngine:
    arguments, options = SQLiteDialect_aiosqlite().create_connect_args(make_url(url))

    opened = partial(sqlite3.connect, *arguments, **options, timeout=0, isolation_level=None)

    async def connect() -> InlineConnection:
        return InlineConnection(opened())

    engine = create_async_engine(url, async_creator=connect, json_serializer=as_json, **pool)

    def start(connection: Connection) -> None:
        connection.connection.driver_connection.begin_with(begin)  # type: ignore[union-attr]

    event.listen(engine.sync_engine, "connect", tuning(pragmas))
    event.listen(engine.sync_engine, "begin", start)
    return engine

"""SQLite without a thread: statements run where they are awaited, and waiting for a lock is the only pause.

aiosqlite hands each step of each statement to a thread and waits for it. A statement of a turn takes
microseconds; handing it over takes longer, and much longer on a busy machine. So this speaks to SQLAlchemy
in aiosqlite's place: a transaction's BEGIN travels with its first statement, and when another process has
the lock the event loop goes on with other work in between.
"""

from __future__ import annotations

import asyncio
import random
import sqlite3
import time
from collections.abc import Callable, Iterable
from typing import Any

LOCK_SECONDS = 10.0
"""How long a transaction waits for the one writer there can be."""

LONGEST_PAUSE = 0.01
"""Seconds between two looks at a lock, at most."""

type Rows = list[Any]


class InlineCursor:
    """Runs a statement, fetches its rows and closes it at once."""

    def __init__(self, connection: InlineConnection) -> None:
        self._connection = connection
        self._rows: Rows = []
        self.description: Any = None  # the columns of the rows; None: the statement gives none
        self.rowcount = -1
        self.lastrowid: int | None = None
        self.arraysize = 1

    async def execute(self, sql: str, parameters: Iterable[Any] | None = None) -> InlineCursor:
        """Run one statement and keep its rows."""
        values = () if parameters is None else parameters
        await self._connection.run(lambda sqlite: self._keep(sqlite.execute(sql, values)))  # type: ignore[arg-type]
        return self

    async def executemany(self, sql: str, parameters: Iterable[Iterable[Any]]) -> InlineCursor:
        """Run one statement for each of the rows of values."""
        await self._connection.run(lambda sqlite: self._keep(sqlite.executemany(sql, parameters)))  # type: ignore[arg-type]
        return self

    async def fetchall(self) -> Rows:
        """The rows that were kept."""
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        """Nothing is left open."""

    async def __aenter__(self) -> InlineCursor:
        return self

    def _keep(self, cursor: sqlite3.Cursor) -> None:
        self._rows = cursor.fetchall() if cursor.description else []
        self.description, self.rowcount = cursor.description, cursor.rowcount
        self.lastrowid = cursor.lastrowid
        cursor.close()


class InlineConnection:
    """A connection in the shape SQLAlchemy knows from aiosqlite, which begins its transactions itself."""

    def __init__(self, sqlite: sqlite3.Connection) -> None:
        self._connection: sqlite3.Connection | None = sqlite  # SQLAlchemy looks here whether it is open
        self._begin = ""

    def cursor(self) -> InlineCursor:
        """A cursor."""
        return InlineCursor(self)

    def begin_with(self, statement: str) -> None:
        """Run this just before the next statement."""
        self._begin = statement

    async def run(self, work: Callable[[sqlite3.Connection], object]) -> None:
        """Work on the connection, inside the transaction that is to begin."""
        if self._begin:
            await self._patiently(lambda sqlite: sqlite.execute(self._begin))
            self._begin = ""
        await self._patiently(work)

    async def commit(self) -> None:
        """Keep what was written."""
        self._begin = ""
        await self._patiently(lambda sqlite: sqlite.commit())

    async def rollback(self) -> None:
        """Leave everything as it was."""
        self._begin = ""
        self._sqlite.rollback()

    async def create_function(self, *arguments: Any, **options: Any) -> None:
        """Teach SQLite a function."""
        self._sqlite.create_function(*arguments, **options)

    async def close(self) -> None:
        """Close the file."""
        self.stop()

    def stop(self) -> None:
        """Close the file at once."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    @property
    def _sqlite(self) -> sqlite3.Connection:
        if self._connection is None:
            raise ValueError("no active connection")
        return self._connection

    async def _patiently(self, work: Callable[[sqlite3.Connection], object]) -> None:
        """Do something that may find the database locked, again and again until it is free."""
        deadline, pause = time.monotonic() + LOCK_SECONDS, LONGEST_PAUSE / 16
        while True:
            try:
                work(self._sqlite)
            except sqlite3.OperationalError as error:
                if not _is_busy(error) or time.monotonic() > deadline:
                    raise
            else:
                return
            await asyncio.sleep(random.uniform(pause / 2, pause))  # noqa: S311 - no secret
            pause = min(2 * pause, LONGEST_PAUSE)


def _is_busy(error: sqlite3.OperationalError) -> bool:
    return error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY

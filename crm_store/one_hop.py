"""SQLite connections that cross to their thread once per statement.

aiosqlite crosses four times (cursor, execute, fetch, close), which is most of the time of a short statement.
A transaction's BEGIN travels with its first statement.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from typing import Any

import aiosqlite

type Rows = list[Any]


class OneHopCursor(aiosqlite.Cursor):
    """Runs a statement, fetches its rows and closes it in one visit to the connection's thread."""

    def __init__(self, connection: OneHopConnection) -> None:
        self._conn: OneHopConnection = connection
        self._rows: Rows = []
        self._about: tuple[Any, int, int | None] = (None, -1, None)

    async def execute(self, sql: str, parameters: Iterable[Any] | None = None) -> OneHopCursor:
        """Run one statement and keep its rows."""
        values = () if parameters is None else parameters
        await self._conn.visit(lambda connection: self._keep(connection.execute(sql, values)))  # type: ignore[arg-type]
        return self

    async def executemany(self, sql: str, parameters: Iterable[Iterable[Any]]) -> OneHopCursor:
        """Run one statement for each of the rows of values."""
        await self._conn.visit(lambda connection: self._keep(connection.executemany(sql, parameters)))  # type: ignore[arg-type]
        return self

    async def fetchall(self) -> Rows:
        """The rows that were kept."""
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        """Nothing is left open."""

    def _keep(self, cursor: sqlite3.Cursor) -> None:
        self._rows = cursor.fetchall() if cursor.description else []
        self._about = (cursor.description, cursor.rowcount, cursor.lastrowid)
        cursor.close()

    @property
    def description(self) -> Any:
        """The columns of the rows; None: the statement gives none."""
        return self._about[0]

    @property
    def rowcount(self) -> int:
        """How many rows were written; -1: none could be."""
        return self._about[1]

    @property
    def lastrowid(self) -> int | None:
        """The number of the row inserted last."""
        return self._about[2]


class _Ready:
    """A cursor that needs no waiting for, in the shape SQLAlchemy awaits it."""

    def __init__(self, cursor: OneHopCursor) -> None:
        self._cursor = cursor

    async def __aenter__(self) -> OneHopCursor:
        return self._cursor


class OneHopConnection(aiosqlite.Connection):
    """An aiosqlite connection with one-hop cursors, which begins its transactions itself."""

    def __init__(self, connector: Callable[[], sqlite3.Connection]) -> None:
        super().__init__(connector, iter_chunk_size=64)
        self._thread.daemon = True
        self._begin = ""

    def cursor(self) -> _Ready:  # type: ignore[override]  # ours costs no visit
        """A cursor, at once."""
        return _Ready(OneHopCursor(self))

    def begin_with(self, statement: str) -> None:
        """Run this just before the next statement."""
        self._begin = statement

    async def execute_outside(self, statement: str) -> None:
        """Run a statement that no transaction may hold."""
        await self._execute(_outside, self._conn, statement)  # type: ignore[no-untyped-call]

    async def visit(self, work: Callable[[sqlite3.Connection], None]) -> None:
        """Work on the connection in its own thread, inside the transaction that is to begin."""
        begin, self._begin = self._begin, ""
        await self._execute(_within, self._conn, begin, work)  # type: ignore[no-untyped-call]

    async def commit(self) -> None:
        """Keep what was written."""
        await self._finish(super().commit)

    async def rollback(self) -> None:
        """Leave everything as it was."""
        await self._finish(super().rollback)

    async def _finish(self, finish: Callable[[], Any]) -> None:
        begun, self._begin = not self._begin, ""
        if begun:
            await finish()


def _within(connection: sqlite3.Connection, begin: str, work: Callable[[sqlite3.Connection], None]) -> None:
    if begin:
        connection.execute(begin)
    work(connection)


def _outside(connection: sqlite3.Connection, statement: str) -> None:
    connection.execute(statement).fetchall()

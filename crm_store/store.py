"""The customer store as a whole: opened by URL, used in transactions."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cached_property
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from crm_store.books import Books
from crm_store.connecting import is_sqlite, reading_engine, writing_engine
from crm_store.migrating import (
    cause,
    current_revision,
    known_revisions,
    refuse_missing,
    refuse_unknown,
    safe_url,
)
from one_to_one.errors import StoreTooNew, StoreUnreachable

CHECKPOINT_SECONDS = 20.0
"""How long an erasure waits for those who still read from SQLite's log."""

PAGES_JOINED = 200
"""How much of the index of words is joined in one step, in pages of 4 kB."""

JOIN = text("INSERT INTO message_words(message_words, rank) VALUES ('merge', :pages)")
CHANGES = text("SELECT total_changes()")

NO_TABLES = "there are no tables of Dripwise in it; `./dripwise up` makes them"


class Store:
    """All customers of one shop. Cheap to make: nothing is opened before the first use."""

    def __init__(self, url: str) -> None:
        self.url = url

    @cached_property
    def _writing(self) -> AsyncEngine:
        return writing_engine(self.url)

    @cached_property
    def _reading(self) -> AsyncEngine:
        return reading_engine(self.url)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Books]:
        """Books that are written when the block ends, all or nothing. Don't open another one inside."""
        async with AsyncSession(self._writing, expire_on_commit=False) as session:
            async with session.begin():
                yield Books(session)
            erased, unsaid = bool(session.info.get("erased")), bool(session.info.get("unsaid"))
        if unsaid:
            await self.scrub_words()
        if erased:
            await self._pragma("PRAGMA wal_checkpoint(TRUNCATE)")

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Books]:
        """Books as they stood at one moment. Writing to them is an error."""
        async with AsyncSession(self._reading, expire_on_commit=False) as session:
            yield Books(session)

    async def check(self) -> None:
        """Raises StoreUnreachable, or StoreTooNew when a later version of Dripwise made the store."""
        refuse_unknown(self.url)
        refuse_missing(self.url)
        try:
            async with self._reading.connect() as connection:
                found = await connection.run_sync(current_revision)
        except (SQLAlchemyError, OSError) as error:
            raise StoreUnreachable(url=safe_url(self.url), cause=cause(error)) from error
        if found is None:
            raise StoreUnreachable(url=safe_url(self.url), cause=NO_TABLES)
        if found not in known_revisions():
            raise StoreTooNew(found=found)

    async def scrub(self) -> None:
        """Write the SQLite file anew without what was deleted, and empty its log.

        Deleted words are overwritten at once anyway; this frees their room too. PostgreSQL does it by itself.
        """
        await self.scrub_words()
        await self._pragma("VACUUM")
        deadline = time.monotonic() + CHECKPOINT_SECONDS
        while await self._checkpoint_is_busy() and time.monotonic() < deadline:  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.05)

    async def scrub_words(self) -> None:
        """Take words that no message has any more out of SQLite's index of words, step by step.

        The index notes what is gone beside what it had, and lets go of both when its parts are joined. A step
        takes some 20 ms, so that turns go on in between. PostgreSQL does it by itself.
        """
        if not is_sqlite(self.url):
            return
        pages = -PAGES_JOINED  # the first step begins anew, the others go on
        while True:
            async with self._writing.begin() as connection:
                before = await connection.scalar(CHANGES)
                await connection.execute(JOIN, {"pages": pages})
                changed = (await connection.scalar(CHANGES) or 0) - (before or 0)
            if changed < 2:  # the word itself counts as one
                return
            pages = PAGES_JOINED
            await asyncio.sleep(0)

    async def _checkpoint_is_busy(self) -> bool:
        """Empty SQLite's log; True: somebody still reads from it, so that it couldn't be emptied."""
        return any(row[0] for row in await self._pragma("PRAGMA wal_checkpoint(TRUNCATE)"))

    async def _pragma(self, *statements: str) -> list[Any]:
        """Run what can't run inside a transaction; the rows of the last statement."""
        if not is_sqlite(self.url):
            return []
        rows: list[Any] = []
        async with self._writing.connect() as connection:
            driver: Any = (await connection.get_raw_connection()).driver_connection
            for statement in statements:
                cursor = await driver.cursor().execute(statement)
                rows = await cursor.fetchall()
        return rows

    async def close(self) -> None:
        """Give back every connection. The store can be used again afterwards."""
        for name in ("_writing", "_reading"):
            engine: AsyncEngine | None = self.__dict__.pop(name, None)
            if engine is not None:
                await engine.dispose()

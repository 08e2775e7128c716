"""The outbox: rows that wait for Telegram are sent in order, chat by chat, until it takes them.

A send whose outcome is unknown (the connection broke after the request went out) is tried again: Telegram
has no key that would make a repeat harmless, so a customer may, very rarely, see one message twice, but none
is lost.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from sqlalchemy.exc import NoResultFound
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter, TelegramError

from channels.telegram.lanes import Lanes
from channels.telegram.polling import AWAY, Backoff, wait_asked
from channels.telegram.receiving import CHANNEL
from channels.telegram.sending import Progress, Sender
from crm_store.books import Books
from crm_store.models import MessageRow
from crm_store.store import Store

AT_A_TIME = 200  # rows read in one look
CHATS = 20  # chats written to side by side
GIVE_UP_AFTER = timedelta(days=1)  # an answer older than this helps nobody
FIRST_RETRY, LONGEST_RETRY = timedelta(seconds=1), timedelta(seconds=60)
REFUSED = (BadRequest, Forbidden, ChatMigrated)
"""Telegram will never take this message, however often it is asked."""

log = structlog.get_logger("telegram")


class Outbox:
    """Sends what waits for Telegram."""

    def __init__(
        self, store: Store, sender: Sender, clock: Callable[[], datetime], look_every: float
    ) -> None:
        self._store, self._sender, self._clock = store, sender, clock
        self._look_every = look_every  # seconds; rows written by other processes are found this fast
        self._lanes = Lanes(CHATS)
        self._under_way: set[int] = set()
        self._wanted = asyncio.Event()

    def wake(self) -> None:
        """Look now: something was written."""
        self._wanted.set()

    async def run(self) -> None:
        """Send for ever."""
        try:
            while True:
                self._wanted.clear()
                for row in await self._unsent():
                    self._take(row)
                await self._rest()
        finally:
            await self._lanes.stop()

    async def _rest(self) -> None:
        try:
            await asyncio.wait_for(self._wanted.wait(), self._look_every)
        except TimeoutError:
            return

    async def _unsent(self) -> list[MessageRow]:
        """Rows nobody is sending. Who is busy is noted first: a row sent meanwhile must not come again."""
        busy = frozenset(self._under_way)
        try:
            async with self._store.reading() as books:
                rows = await books.messages.unsent(CHANNEL, self._clock(), AT_A_TIME + len(busy))
                chats = [await _chat(books, row) for row in rows]
        except Exception:
            log.exception("the outbox can't be read, trying again")
            return []
        for row, chat in zip(rows, chats, strict=True):
            row.target = chat  # on our copy only: the session is closed
        return [row for row in rows if row.id not in busy]

    def _take(self, row: MessageRow) -> None:
        self._under_way.add(row.id)
        self._lanes.put(row.target, lambda: self._deliver(row))

    async def _deliver(self, row: MessageRow) -> None:
        try:
            await self._until_settled(row)
        except NoResultFound:
            log.info("erased while it was on its way", message=row.id)
        finally:
            self._under_way.discard(row.id)

    async def _until_settled(self, row: MessageRow) -> None:
        progress = Progress()
        attempt = 0
        while True:
            await self._still_there(row)
            try:
                number = await self._sender.send(row, progress)
            except TelegramError as error:
                pause = self._pause(row, error, attempt)
                await self._failed(row, error, pause)
                if pause is None:
                    return
                attempt += 1
                await asyncio.sleep(pause.total_seconds())
            else:
                await self._sent(row, number)
                return

    async def _still_there(self, row: MessageRow) -> None:
        """Raises NoResultFound when the customer was erased since the row was read: nothing more is sent."""
        try:
            async with self._store.reading() as books:
                await books.messages.get(row.id)
        except NoResultFound:
            raise
        except AWAY:
            log.exception("the outbox can't be read just now", message=row.id)

    def _pause(self, row: MessageRow, error: TelegramError, attempt: int) -> timedelta | None:
        """How long to wait before the next try; None: there is none."""
        if isinstance(error, RetryAfter):
            return timedelta(seconds=wait_asked(error))
        if isinstance(error, REFUSED) or self._clock() - row.at > GIVE_UP_AFTER:
            return None
        if isinstance(error, InvalidToken):
            return LONGEST_RETRY
        return min(LONGEST_RETRY, FIRST_RETRY * (1 << min(attempt, 6)))

    async def _sent(self, row: MessageRow, number: str) -> None:
        """Note that it went out, however long the store is away: unnoted it would go out again."""
        backoff = Backoff()
        while True:
            try:
                async with self._store.transaction() as books:
                    await books.messages.sent(await books.messages.get(row.id), number or None)
            except NoResultFound:
                raise  # erased, and it stays so
            except AWAY:
                log.exception("a sent message can't be noted, trying again", message=row.id)
                await backoff.pause()
            else:
                return

    async def _failed(self, row: MessageRow, error: TelegramError, pause: timedelta | None) -> None:
        log.warning(
            "not sent", message=row.id, cause=kind(error), pause=None if pause is None else str(pause)
        )
        due_at = None if pause is None else self._clock() + pause
        async with self._store.transaction() as books:
            stored = await books.messages.get(row.id)
            await books.messages.send_failed(stored, describe(error), due_at)
            if isinstance(error, Forbidden):
                customer = await books.customers.get(stored.customer_id)
                customer.stopped_at = self._clock()


async def _chat(books: Books, row: MessageRow) -> str:
    """Where a row goes; unasked, to the chat of the customer's newest Telegram account ("": none)."""
    if row.target:
        return row.target
    known = await books.customers.identities(row.customer_id)
    return next((name.external_id for name in reversed(known) if name.channel == CHANNEL), "")


def kind(error: TelegramError) -> str:
    """What sort of failure it was, in one word."""
    return type(error).__name__


def describe(error: TelegramError) -> str:
    """The failure as it is kept with the row: without the token, which some messages quote."""
    return kind(error) if isinstance(error, InvalidToken) else f"{kind(error)}: {error}"

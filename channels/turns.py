"""The inbox: a message is kept before anything else, then answered once, in order, however often it is tried.

A message waits in the store until the bot has answered it. Whoever asks for its answer takes the customer's
turn, hands the customer's waiting messages to the bot in the order they came, and reads the replies from the
store. While the bot is down the customer is told once; the pump answers what waits when it is back.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import structlog

from channels.blaming import blame
from channels.bot import Bot, BotRefused
from channels.leases import LEASE, Busy, Leases
from crm_store.books import Books
from crm_store.models import MessageRow
from crm_store.store import Store
from one_to_one.errors import BotDown, DripwiseError
from one_to_one.language import Language
from one_to_one.replies import Reply
from one_to_one.texts import Texts

GIVE_UP_AFTER = 5
"""Failures of one message, with a bot that is ready, after which the customer gets an apology instead."""

PUMPED_AT_ONCE = 200
"""How many waiting messages the pump looks at in one round."""

PUMPED_TOGETHER = 4
"""How many customers the pump serves side by side."""


class NotReady(DripwiseError):
    """The bot isn't ready."""


log = structlog.get_logger("turns")


def utc_now() -> datetime:
    """The present moment."""
    return datetime.now(UTC)


class Turns:
    """What came in, and its answers."""

    def __init__(
        self,
        store: Store,
        bot: Bot,
        texts: Texts,
        *,
        retry_seconds: float = 2.0,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._store = store
        self._bot = bot
        self._texts = texts
        self._retry = timedelta(seconds=retry_seconds)
        self._clock = clock
        self._leases = Leases(store, clock)
        self._first: dict[int, MessageRow] = {}  # recorded here, and nothing waits before them
        self._failures: Counter[int] = Counter()  # of each message, while the bot was ready
        self._few = asyncio.Semaphore(PUMPED_TOGETHER)

    async def record(
        self,
        customer: str,
        channel: str,
        external_id: str | None,
        *,
        text: str = "",
        payload: str | None = None,
        target: str | None = None,
    ) -> tuple[MessageRow, bool]:
        """Put a message into the inbox; False: it was there already."""
        await self._leases.want(customer)
        async with self._store.transaction() as books:
            row, new = await books.messages.receive(
                customer, channel, external_id, self._clock(), text, payload, target
            )
            first = new and (await books.messages.unanswered(customer))[0].id == row.id
            until = await self._leases.ask(books, customer) if first else None
        self._leases.got(customer, until)
        if first:
            self._first[row.id] = row
        return row, new

    async def answer(self, message_id: int, customer: str) -> list[MessageRow]:
        """The replies to a message. While the bot is down: the notice that says so, or nothing after that."""
        try:
            await self._work_off(message_id, customer, patience=2 * LEASE)
        except Busy:
            log.warning("turn taken by another process", message=message_id)
        return await self._said(message_id)

    async def retry_forever(self) -> None:
        """The pump: answer what waits, at the start and whenever it is due again."""
        while True:
            try:
                await self.retry_due()
            except Exception as error:  # noqa: BLE001 - it must go on; the log has the cause
                log.error("the pump stumbled and goes on", **blame(error))
            await asyncio.sleep(self._retry.total_seconds())

    async def retry_due(self) -> None:
        """One round of the pump."""
        async with self._store.reading() as books:
            due = await books.messages.waiting(self._clock(), PUMPED_AT_ONCE)
        free = [row for row in due if not self._leases.taken_here(row.customer_id)]
        if not free:
            return
        if await self._bot.ready():
            last = {row.customer_id: row.id for row in free}
            await asyncio.gather(*(self._pump(customer, message) for customer, message in last.items()))
        else:
            await self._tell_who_was_not_told(free)

    async def close(self) -> None:
        """Give back the turns this process has taken."""
        await self._leases.give_back()

    async def _tell_who_was_not_told(self, waiting: Sequence[MessageRow]) -> None:
        """Those whose message was written down and never tried: the process that would have, died."""
        untried = [row for row in waiting if not row.attempts and row.at <= self._clock() - self._retry]
        for message in {row.customer_id: row for row in untried}.values():
            await self._wait(message, NotReady())

    async def _pump(self, customer: str, message_id: int) -> None:
        async with self._few:
            try:
                await self._work_off(message_id, customer, patience=timedelta(0), late=True)
            except Busy:
                log.debug("another process is at it", message=message_id)

    async def _work_off(
        self, message_id: int, customer: str, patience: timedelta, *, late: bool = False
    ) -> None:
        """Have the customer's messages answered in order, up to this one."""
        async with self._leases.turn(customer, patience):
            for message in await self._queue(message_id, late):
                if not await self._answered(message):
                    return

    async def _queue(self, message_id: int, late: bool) -> list[MessageRow]:
        """The messages waiting up to this one; `late` marks them as answered outside their own request."""
        first = self._first.pop(message_id, None)
        if first is not None and not late:
            return [first]
        if not late:
            async with self._store.reading() as books:
                return await _waiting_up_to(books, message_id)
        async with self._store.transaction() as books:
            rows = await _waiting_up_to(books, message_id)
            for row in rows:
                row.attempts = max(row.attempts, 1)
            return rows

    async def _answered(self, message: MessageRow) -> bool:
        try:
            await self._bot.turn(message)
        except BotRefused as error:
            log.error("message refused", message=message.id, cause=str(error))
            await self._apologise(message)
        except BotDown as error:
            return await self._failed(message, error)
        self._failures.pop(message.id, None)
        return True

    async def _failed(self, message: MessageRow, error: DripwiseError) -> bool:
        log.warning("bot down", message=message.id, cause=str(error))
        if await self._hopeless(message):
            log.error("message given up", message=message.id)
            await self._apologise(message)
            return True
        await self._wait(message, error)
        return False

    async def _hopeless(self, message: MessageRow) -> bool:
        """Whether it is the message that fails, not the bot: only failures of a ready bot count."""
        if not await self._bot.ready():
            return False
        self._failures[message.id] += 1
        return self._failures[message.id] >= GIVE_UP_AFTER

    async def _wait(self, message: MessageRow, error: DripwiseError) -> None:
        """Leave the customer's messages waiting, and say so once until they are answered."""
        now = self._clock()
        async with self._store.transaction() as books:
            if await books.floor.keep_waiting(message.customer_id):
                return
            waiting = await books.messages.unanswered(message.customer_id)
            for row in waiting:
                await books.messages.postpone(row, str(error), now + self._retry)
            if waiting and not await books.messages.notices_since(message.customer_id, waiting[0].at):
                language = await _language(books, message.customer_id)
                reply = Reply(self._texts.say(language, "notices.bot_down"))
                await books.messages.notice(waiting[-1], reply, now, language)

    async def _apologise(self, message: MessageRow) -> None:
        """End a message that can't be answered, honestly, so that those behind it can be."""
        async with self._store.transaction() as books:
            self._failures.pop(message.id, None)
            row = await books.messages.get(message.id)
            if await books.floor.keep_waiting(row.customer_id):
                return
            if row.state == "waiting":
                language = await _language(books, row.customer_id)
                reply = Reply(self._texts.say(language, "notices.not_handled"))
                await books.messages.answer(row, [reply], self._clock(), language=language, action="gave_up")

    async def _said(self, message_id: int) -> list[MessageRow]:
        async with self._store.reading() as books:
            replies = await books.messages.replies_to(message_id)
            if replies:
                return replies
            message = await books.messages.get(message_id)
            later = await books.messages.pushes(message.customer_id, message_id)
            return [row for row in later if row.reply_to == message_id]


async def _waiting_up_to(books: Books, message_id: int) -> list[MessageRow]:
    message = await books.messages.get(message_id)
    waiting = await books.messages.unanswered(message.customer_id)
    return [row for row in waiting if row.id <= message_id]


async def _language(books: Books, customer: str) -> Language:
    return Language((await books.customers.get(customer)).language)

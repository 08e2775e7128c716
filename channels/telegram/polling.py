"""Long polling that confirms an update only after it was written down.

Telegram forgets an update when `getUpdates` is called with a higher offset. So we don't use the Updater of
python-telegram-bot, which raises the offset as soon as updates arrive: here the offset passes an update only
when its row is committed. A crash in between brings the update back, and the inbox recognises it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from telegram import Bot, Update
from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError

from channels.telegram.updates import WANTED
from one_to_one.errors import StoreUnreachable

POLL_SECONDS = 25  # that Telegram holds a call open when there is nothing new
SLACK_SECONDS = 10.0  # more than that before the call counts as lost
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0  # seconds between tries
AWAY = (StoreUnreachable, OperationalError, InterfaceError, PoolTimeout, OSError)
"""The store can't take the update now, but will later."""

type Receive = Callable[[Update], Awaitable[None]]
"""Writes an update down. When it returns, the update may be forgotten by Telegram."""

log = structlog.get_logger("telegram")


class Backoff:
    """Pauses that double from one failure to the next, and begin anew after a success."""

    def __init__(self, first: float = FIRST_PAUSE, longest: float = LONGEST_PAUSE) -> None:
        self._first, self._longest = first, longest
        self._next = first

    def reset(self) -> None:
        """It worked."""
        self._next = self._first

    async def pause(self, at_least: float = 0.0) -> None:
        """Wait before the next try; `at_least` in seconds."""
        await asyncio.sleep(max(self._next, at_least))
        self._next = min(self._next * 2, self._longest)


async def poll(bot: Bot, receive: Receive, told: Callable[[str | None], None]) -> None:
    """Receive for ever. `told` hears the cause of each failure, and None when all is well again.

    Raises InvalidToken.
    """
    offset = 0
    backoff = Backoff()
    while True:
        try:
            updates = await bot.get_updates(
                offset or None, timeout=timedelta(seconds=POLL_SECONDS), read_timeout=SLACK_SECONDS,
                allowed_updates=WANTED,
            )  # fmt: skip
        except InvalidToken:
            raise
        except TelegramError as error:
            told(cause(error))
            await backoff.pause(wait_asked(error))
            continue
        told(None)
        backoff.reset()
        for update in updates:
            await keep(update, receive)
            offset = update.update_id + 1


async def keep(update: Update, receive: Receive) -> None:
    """Write an update down, however long the store is away; one that we can't read is logged and let go."""
    backoff = Backoff()
    while True:
        try:
            await receive(update)
        except AWAY:
            log.exception("an update can't be written down, trying again", update=update.update_id)
            await backoff.pause()
        except Exception:
            log.exception("an update can't be understood and is let go", update=update.update_id)
            return
        else:
            return


def wait_asked(error: TelegramError) -> float:
    """The seconds Telegram asked us to wait."""
    if not isinstance(error, RetryAfter):
        return 0.0
    asked = error.retry_after
    return asked.total_seconds() if isinstance(asked, timedelta) else float(asked)


def cause(error: TelegramError) -> str:
    """A failure in a few words, for the log and the health page."""
    if isinstance(error, Conflict):
        return "another process or a webhook receives this bot's updates"
    if isinstance(error, RetryAfter):
        return "Telegram asks us to slow down"
    return "Telegram can't be reached" if isinstance(error, NetworkError) else f"Telegram says: {error}"

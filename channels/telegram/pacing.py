"""Keeping to Telegram's limits: about 30 messages a second in all, one a second in a chat.

Telegram lets a chat have a short burst ("avoid sending more than one message per second … may go over this
limit briefly"), which is what makes an answer of three messages feel like an answer.
https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic

BOT_PER_SECOND = 30.0
CHAT_PER_SECOND = 1.0
CHAT_BURST = 3
REMEMBERED_CHATS = 10_000  # buckets kept before the full ones are dropped


class Pace:
    """A bucket of turns: `rate` come in a second, up to `burst` are saved."""

    def __init__(self, rate: float, burst: int, now: Callable[[], float] = monotonic) -> None:
        self._rate, self._burst, self._now = rate, burst, now
        self._saved, self._at = float(burst), now()

    def take(self) -> float:
        """Use one turn; the seconds to wait before going."""
        self._refill()
        self._saved -= 1
        return max(0.0, -self._saved / self._rate)

    @property
    def full(self) -> bool:
        """Whether it has been idle long enough to be like new."""
        self._refill()
        return self._saved >= self._burst

    def _refill(self) -> None:
        at = self._now()
        self._saved = min(self._burst, self._saved + (at - self._at) * self._rate)
        self._at = at


class Pacing:
    """The bot's own pace and each chat's."""

    def __init__(
        self,
        now: Callable[[], float] = monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._now, self._sleep = now, sleep
        self._bot = Pace(BOT_PER_SECOND, 1, now)
        self._chats: dict[str, Pace] = {}

    async def wait(self, chat: str) -> None:
        """Wait for this chat's turn, then for the bot's."""
        await self._sleep(self._chat(chat).take())
        await self._sleep(self._bot.take())

    def _chat(self, chat: str) -> Pace:
        if len(self._chats) > REMEMBERED_CHATS:
            self._chats = {name: pace for name, pace in self._chats.items() if not pace.full}
        return self._chats.setdefault(chat, Pace(CHAT_PER_SECOND, CHAT_BURST, self._now))

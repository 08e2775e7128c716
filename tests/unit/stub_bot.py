"""A bot for tests: answers from a script, straight into the store, and can be switched off."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

from channels.bot import BotRefused
from crm_store.models import MessageRow
from crm_store.store import Store
from one_to_one.errors import BotDown
from one_to_one.replies import Reply

type Script = Callable[[MessageRow], list[Reply]]


def echo(message: MessageRow) -> list[Reply]:
    """Says back what it heard."""
    return [Reply(f"you said {message.payload or message.text}")]


class StubBot:
    """Keeps a record of the messages it answered, in order."""

    def __init__(self, store: Store, script: Script = echo) -> None:
        self.store = store
        self.script = script
        self.up = True
        self.seconds = 0.0  # that a turn takes
        self.company: asyncio.Barrier | None = None  # a turn waits till so many run
        self.refused: set[int] = set()
        self.broken: set[int] = set()  # messages whose action fails every time
        self.tried: list[int] = []
        self.answered: list[int] = []
        self.running = 0
        self.most_running = 0
        self.breaks_after_answer = False

    async def turn(self, message: MessageRow) -> None:
        """As the real one: the answer is in the store when this returns."""
        self.tried.append(message.id)
        if not self.up or message.id in self.broken:
            raise BotDown(url="stub", cause="switched off, or a defect")
        if message.id in self.refused:
            raise BotRefused(message=message.id, cause="no such verb")
        self.running += 1
        self.most_running = max(self.most_running, self.running)
        await asyncio.sleep(self.seconds)
        if self.company:
            await self.company.wait()
        await self._answer(message.id)
        self.running -= 1
        if self.breaks_after_answer:
            raise BotDown(url="stub", cause="died before it could say that it was done")

    async def ready(self) -> bool:
        """Whether it is switched on."""
        return self.up

    async def _answer(self, number: int) -> None:
        async with self.store.transaction() as books:
            row = await books.messages.get(number)
            if row.state == "waiting":
                await books.messages.answer(row, self.script(row), datetime.now(UTC), language="en")
                self.answered.append(number)

"""A shop on Telegram: the channel itself, a real store, the fake Bot API and a scripted bot."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from channels.telegram import Telegram, telegram
from channels.turns import Turns
from crm_store.models import CustomerRow, MessageRow
from crm_store.store import Store
from one_to_one.errors import BotDown
from one_to_one.language import Language
from one_to_one.replies import Button, Reply
from one_to_one.texts import Texts
from settings import ROOT, Settings
from tests.journey.bot_api import PNG, BotApi
from tests.journey.bot_api_server import BotApiServer, serving
from tests.unit.shopfronts import new_store

PATIENCE = 120.0  # seconds a test waits, on a busy machine, for something that should happen at once


@dataclass
class ScriptedBot:
    """Answers every message with what it read; `script` knows better answers."""

    store: Store
    script: dict[str, tuple[Reply, ...]] = field(default_factory=dict)
    heard: list[str] = field(default_factory=list)  # payloads and texts, in order
    down: bool = False
    slow: float = 0.0  # seconds that a turn takes
    held: dict[str, asyncio.Event] = field(default_factory=dict)  # a turn of these words waits for it

    async def turn(self, message: MessageRow) -> None:
        """Answer one message in one transaction."""
        await asyncio.sleep(self.slow)
        if message.text in self.held:
            await self.held[message.text].wait()
        if self.down:
            raise BotDown(url="the script", cause="told to be down")
        async with self.store.transaction() as books:
            row = await books.messages.get(message.id)
            said = row.payload or row.text
            if row.state != "waiting":
                return
            replies = self.script.get(said, (Reply(f"you said {said}"),))
            await books.messages.answer(row, replies, datetime.now(UTC), language=row.language)
        self.heard.append(said)

    async def ready(self) -> bool:
        """Whether it would answer."""
        return not self.down


@dataclass
class House:
    """All of it."""

    store: Store
    bot: ScriptedBot
    api: BotApi
    server: BotApiServer
    settings: Settings
    texts: Texts
    turns: Turns
    drawn: list[Path] = field(default_factory=list)

    def draw(self, picture: Path) -> bytes:
        """A picture so small that Telegram would laugh; raises OSError for one called `missing`."""
        if picture.stem == "missing":
            raise FileNotFoundError(picture)
        self.drawn.append(picture)
        return PNG

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Telegram]:
        """The channel and the pump, running while the block does."""
        pump = asyncio.create_task(self.turns.retry_forever())
        try:
            async with telegram(self.settings, self.store, self.turns, self.texts, draw=self.draw) as channel:
                yield channel
        finally:
            pump.cancel()
            await asyncio.wait([pump])

    def say(self, language: str, key: str) -> str:
        """A text of ours, in its first wording."""
        return self.texts.say(Language(language), key)

    async def customer(self, user: int) -> CustomerRow:
        """The customer that a Telegram user is."""
        async with self.store.reading() as books:
            found = await books.customers.find("telegram", str(user))
            assert found is not None
            return found

    async def history(self, user: int) -> list[MessageRow]:
        """The stored conversation with a user."""
        customer = await self.customer(user)
        async with self.store.reading() as books:
            return await books.messages.history(customer.id)

    async def told(self, user: int, count: int) -> list[str]:
        """What the bot has told the user, once there are `count` messages."""
        await until(lambda: len(self.api.said(user)) >= count, lambda: f"only {self.api.shown(user)}")
        return self.api.said(user)

    async def confirmed(self) -> None:
        """Wait until Telegram holds no update that we haven't confirmed."""
        await until(lambda: not self.api.updates, lambda: str(self.api.updates))


@asynccontextmanager
async def house(folder: Path, **settings: object) -> AsyncIterator[House]:
    """A house whose channel isn't open yet."""
    async with serving() as server:
        given = {"home": folder, "telegram_token": server.api.token, "telegram_base_url": server.url}
        shop = Settings.model_validate({**given, "retry_seconds": 0.05, **settings})
        store = new_store(folder)
        texts = all_texts()
        bot = ScriptedBot(store)
        turns = Turns(store, bot, texts, retry_seconds=0.05)
        try:
            yield House(store, bot, server.api, server, shop, texts, turns)
        finally:
            await store.close()


@cache
def all_texts() -> Texts:
    """The real texts."""
    return Texts.read(ROOT / "data" / "texts")


async def until(met: Callable[[], bool], otherwise: Callable[[], str] = lambda: "it didn't happen") -> None:
    """Look every 10 ms whether `met`; fails after PATIENCE."""
    deadline = time.monotonic() + PATIENCE
    while not met():
        assert time.monotonic() < deadline, otherwise()
        await asyncio.sleep(0.01)


def with_buttons(text: str, *titles_and_payloads: tuple[str, str]) -> tuple[Reply, ...]:
    """A script's answer: one text with buttons."""
    return (Reply(text, tuple(Button(title, payload) for title, payload in titles_and_payloads)),)

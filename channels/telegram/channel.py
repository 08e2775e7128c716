"""Telegram as one thing that runs inside the web process: connect, receive, hand on, answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import structlog
from telegram import Bot, BotCommand, BotCommandScopeChat, Update
from telegram.constants import ChatAction
from telegram.error import InvalidToken, TelegramError

from channels.telegram.fitting import chosen
from channels.telegram.lanes import Lanes
from channels.telegram.outbox import Outbox, kind
from channels.telegram.polling import Backoff, cause, poll, wait_asked
from channels.telegram.receiving import Inbox, Task
from channels.telegram.updates import WANTED, Crowd, Tap, read
from one_to_one.language import Language
from one_to_one.texts import Texts

CHATS = 16  # chats answered side by side
TYPING_AFTER = 0.4  # seconds of silence before "typing…" is shown; most answers are faster
TYPING_LASTS = 4.0  # seconds that Telegram shows it
REMEDY = (
    "Check DRIPWISE_TELEGRAM_TOKEN with @BotFather, and that DRIPWISE_TELEGRAM_BASE_URL is a Bot API server; "
    "then start again. The web chat works meanwhile."
)
COMMANDS = ("start", "me", "language", "stop", "help")
MENU_LANGUAGES = {None: Language.ENGLISH, "zh": Language.TRADITIONAL}
"""Telegram's menus know two-letter languages only: the script is set per chat, at /start."""

log = structlog.get_logger("telegram")


class Answers(Protocol):
    """What hands messages to the bot: `channels.turns.Turns`."""

    async def answer(self, message_id: int, customer: str) -> Sequence[object]:
        """Answer the customer's waiting messages up to this one, into the outbox."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where Telegram brings updates instead of being asked."""

    url: str
    secret: str


@dataclass(slots=True)
class Telegram:
    """The channel, from the first call to the last."""

    bot: Bot
    inbox: Inbox
    outbox: Outbox
    turns: Answers
    texts: Texts
    webhook: Webhook | None
    clock: Callable[[], datetime]
    lanes: Lanes
    crowds: set[str]  # groups we have said our sentence to
    username: str | None = None  # None: not connected yet
    trouble: str | None = "connecting"  # what keeps it from working, in a few words; None: all is well

    async def run(self) -> None:
        """Connect and receive until cancelled. A wrong token ends it; after anything else it begins again."""
        backoff = Backoff()
        try:
            while await self._worked():
                await backoff.pause()
        finally:
            await self.lanes.stop()

    async def _worked(self) -> bool:
        """Work until something stops it; False: there is no use in trying again."""
        token_is_good = True
        try:
            await self._connect()
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self.outbox.run())
                tasks.create_task(self._menus())
                tasks.create_task(self._receive_forever())
        except* InvalidToken:
            token_is_good = False
            self.trouble = "the token is wrong"
            log.error("wrong token", remedy=REMEDY)
        except* Exception:
            self.trouble = "stopped by a fault, see the log"
            log.exception("Telegram stopped and is started again")
        return token_is_good

    async def receive(self, update: Update) -> None:
        """Write the update down; when this returns it may be forgotten by Telegram."""
        said = read(update)
        if isinstance(said, Crowd):
            self.lanes.put(said.chat, lambda: self._leave(said))
            return
        task = await self.inbox.record(said) if said else None
        if task is not None:
            self.lanes.put(task.chat, lambda: self._follow(task))

    def told(self, trouble: str | None) -> None:
        """Keep what is wrong for the health page, and log it once."""
        if trouble is not None and trouble != self.trouble:
            log.warning("in trouble, trying again", cause=trouble)
        self.trouble = trouble

    async def _connect(self) -> None:
        backoff = Backoff()
        while True:
            try:
                await self.bot.initialize()
                await self._choose_way_in()
            except InvalidToken:
                raise
            except TelegramError as error:
                self.told(cause(error))
                await backoff.pause(wait_asked(error))
            else:
                self.username = self.bot.username
                self.told(None)
                log.info("connected", username=self.username)
                return

    async def _choose_way_in(self) -> None:
        if self.webhook is None:
            await self.bot.delete_webhook()
        else:
            await self.bot.set_webhook(
                self.webhook.url,
                secret_token=self.webhook.secret,
                allowed_updates=WANTED,
                max_connections=1,  # one at a time, or a chat's messages could overtake each other
            )

    async def _receive_forever(self) -> None:
        if self.webhook is None:
            await poll(self.bot, self.receive, self.told)

    async def _menus(self) -> None:
        for code, language in MENU_LANGUAGES.items():
            await self._try(self.bot.set_my_commands(self._menu(language), language_code=code))

    def _menu(self, language: Language) -> list[BotCommand]:
        return [BotCommand(name, self.texts.say(language, f"telegram.command.{name}")) for name in COMMANDS]

    async def _follow(self, task: Task) -> None:
        """Do what a written-down update calls for: all of it may fail without anything being lost."""
        self.outbox.wake()
        async with asyncio.TaskGroup() as together:
            if task.tap is not None:
                together.create_task(self._acknowledge(task.tap, task.toast, task.mark))
            if task.message is not None:
                together.create_task(self._answer(task.chat, task.message, task.customer))
            if task.greeted:
                together.create_task(self._set_menu(task))

    async def _answer(self, chat: str, message: int, customer: str) -> None:
        typing = asyncio.create_task(self._type(chat))
        try:
            await self.turns.answer(message, customer)
        finally:
            typing.cancel()
            self.outbox.wake()

    async def _type(self, chat: str) -> None:
        await asyncio.sleep(TYPING_AFTER)
        while True:
            await self._try(self.bot.send_chat_action(chat, ChatAction.TYPING))
            await asyncio.sleep(TYPING_LASTS)

    async def _acknowledge(self, tap: Tap, toast: str, mark: bool) -> None:
        await self._try(self.bot.answer_callback_query(tap.callback, toast or None))
        if tap.message is None or not mark:
            return
        left = chosen(tap.title) if tap.title else None
        await self._try(self.bot.edit_message_reply_markup(tap.sender.chat, tap.message, reply_markup=left))

    async def _set_menu(self, task: Task) -> None:
        scope = BotCommandScopeChat(int(task.chat))
        await self._try(self.bot.set_my_commands(self._menu(task.language), scope))

    async def _leave(self, crowd: Crowd) -> None:
        """Say once where we can be found, and go."""
        if crowd.chat in self.crowds:
            return
        self.crowds.add(crowd.chat)
        if crowd.can_write:
            link = f"https://t.me/{self.username}"
            text = "\n\n".join(self.texts.say(tag, "telegram.group", link=link) for tag in Language)
            await self._try(self.bot.send_message(crowd.chat, text))
        await self._try(self.bot.leave_chat(crowd.chat))

    async def _try(self, call: Any) -> None:
        """Make a call that nothing depends on."""
        try:
            await call
        except TelegramError as error:
            log.info("a courtesy was refused", cause=kind(error))

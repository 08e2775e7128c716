"""One outbox row becomes one or more calls of the Bot API.

Everything goes out as plain text, without a parse mode: what customers or packs wrote can't become markup.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import structlog
from telegram import Bot, InlineKeyboardMarkup, LinkPreviewOptions, Message
from telegram.error import BadRequest

from channels.copies import Copy
from channels.telegram.fitting import CAPTION_LIMIT, keyboard, length, parts
from channels.telegram.pacing import Pacing
from crm_store.models import MessageRow
from one_to_one.language import Language
from one_to_one.made_pictures import token_in
from one_to_one.replies import EXPORT
from one_to_one.texts import Texts

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
type Copies = Callable[[str], Awaitable[Sequence[Copy]]]
"""Makes the files of a customer's own data."""

type Drawing = Callable[[Path], bytes]
"""Makes a PNG of a picture file. May raise OSError or ValueError."""

type Painter = Callable[[str], Awaitable[bytes | None]]
"""Makes a PNG of what was made for a customer; None: it is gone."""

log = structlog.get_logger("telegram")


class Progress:
    """How much of one row Telegram has taken, so that a retry goes on after it."""

    def __init__(self) -> None:
        self.done = 0  # calls that succeeded
        self.last: Message | None = None


class Sender:
    """Sends rows, at Telegram's pace."""

    def __init__(
        self,
        bot: Bot,
        pacing: Pacing,
        texts: Texts,
        pictures: Path,
        draw: Drawing,
        copies: Copies,
        paint: Painter,
    ) -> None:
        self._bot, self._pacing, self._texts, self._copies = bot, pacing, texts, copies
        self._pictures, self._draw, self._paint = pictures, draw, paint
        self._uploaded: dict[str, str] = {}  # picture -> Telegram's file id

    async def send(self, row: MessageRow, progress: Progress) -> str:
        """Send what is missing of the row; Telegram's id of the last message. Raises TelegramError."""
        steps = self._steps(row)
        for number, (text, picture, markup) in enumerate(steps):
            if number < progress.done:
                continue
            await self._pacing.wait(row.target or "")
            progress.last = await self._call(row.target or "", text, picture, markup)
            progress.done += 1
        if row.document == EXPORT:
            await self._hand_over(row, progress, len(steps))
        return f"{row.target}:{progress.last.message_id}" if progress.last else ""

    async def _hand_over(self, row: MessageRow, progress: Progress, before: int) -> None:
        """The customer's own data as files, after the `before` calls of the message."""
        for number, one in enumerate(await self._copies(row.customer_id), start=before):
            if number < progress.done:
                continue
            await self._pacing.wait(row.target or "")
            await self._bot.send_document(row.target or "", one.content, filename=one.name)
            progress.done += 1

    def _steps(self, row: MessageRow) -> list[tuple[str, str | None, InlineKeyboardMarkup | None]]:
        """Text, picture and keyboard of each call; the keyboard is under the last."""
        words = self._words(row)
        captioned = row.image is not None and length(words) <= CAPTION_LIMIT
        texts = [words] if captioned else parts(words)
        if row.image is not None and not captioned:
            texts = ["", *texts]
        last = len(texts) - 1
        return [
            (text, row.image if number == 0 else None, keyboard(row.buttons) if number == last else None)
            for number, text in enumerate(texts)
        ]

    def _words(self, row: MessageRow) -> str:
        """The text; before a colleague's, their name."""
        if row.sender != "staff" or not row.sender_name:
            return row.text
        return self._texts.say(
            Language(row.language), "telegram.colleague", name=row.sender_name, text=row.text
        )

    async def _call(
        self, chat: str, text: str, picture: str | None, markup: InlineKeyboardMarkup | None
    ) -> Message | None:
        photo = await self._photo(picture) if picture else None
        if picture and photo:
            return await self._send_photo(chat, text, picture, photo, markup)
        if picture and not text:
            return None
        return await self._bot.send_message(chat, text, reply_markup=markup, link_preview_options=NO_PREVIEW)

    async def _send_photo(
        self, chat: str, text: str, picture: str, photo: bytes | str, markup: InlineKeyboardMarkup | None
    ) -> Message:
        try:
            sent = await self._bot.send_photo(chat, photo, caption=text or None, reply_markup=markup)
        except BadRequest:
            if self._uploaded.pop(picture, None) is None:
                raise
            drawn = await self._made(picture)
            return await self._send_photo(chat, text, picture, drawn, markup)
        if sent.photo:
            self._uploaded[picture] = sent.photo[-1].file_id
        return sent

    async def _made(self, picture: str) -> bytes:
        """A picture of the pack, or of what was made for the customer. Raises OSError or ValueError."""
        if token_in(picture) is None:
            return await asyncio.to_thread(self._draw, self._pictures / picture)
        painted = await self._paint(picture)
        if painted is None:
            raise FileNotFoundError(picture)
        return painted

    async def _photo(self, picture: str) -> bytes | str | None:
        """What to upload, or the id of what was uploaded before; None: the picture can't be drawn."""
        if picture in self._uploaded:
            return self._uploaded[picture]
        try:
            return await self._made(picture)
        except (OSError, ValueError):
            log.exception("a picture can't be drawn, the message goes without it", picture=picture)
            return None

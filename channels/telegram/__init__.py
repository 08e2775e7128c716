"""Telegram: opened by the web process when DRIPWISE_TELEGRAM_TOKEN is set. See `docs/telegram.md`."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from functools import cache
from ssl import SSLContext

import httpx
from telegram import Bot
from telegram.request import HTTPXRequest

from channels.copies import Copy, copies_of
from channels.pictures import png
from channels.sharing import painter
from channels.telegram.channel import CHATS, Answers, Telegram, Webhook
from channels.telegram.lanes import Lanes
from channels.telegram.outbox import Outbox
from channels.telegram.pacing import Pacing
from channels.telegram.receiving import Inbox
from channels.telegram.sending import Drawing, Sender
from channels.telegram.webhook import webhook_router
from crm_store.keys import read_or_make_key
from crm_store.store import Store
from one_to_one.pack import read_pack
from one_to_one.texts import Texts
from settings import Settings

__all__ = ["Telegram", "telegram", "webhook_router"]

CONNECTIONS = 64  # to the Bot API at once
SECONDS = 10.0  # that one call may take; the connection itself 5


def utc_now() -> datetime:
    """The time, aware, in UTC."""
    return datetime.now(UTC)


@asynccontextmanager
async def telegram(
    settings: Settings,
    store: Store,
    turns: Answers,
    texts: Texts,
    clock: Callable[[], datetime] = utc_now,
    draw: Drawing = png,
) -> AsyncIterator[Telegram]:
    """The channel, running in the background until the block ends. It never stops the web chat.

    Keep the value on `app.state.telegram`: the webhook's route looks there, and `username` and `trouble`
    are for links and the health page.
    """
    for chatty in ("httpx", "httpcore"):  # they log addresses, and the token is in them
        logging.getLogger(chatty).setLevel(logging.WARNING)
    channel = build(settings, store, turns, texts, clock, draw)
    running = asyncio.create_task(channel.run(), name="telegram")
    try:
        yield channel
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        await channel.bot.shutdown()


def build(
    settings: Settings,
    store: Store,
    turns: Answers,
    texts: Texts,
    clock: Callable[[], datetime],
    draw: Drawing,
) -> Telegram:
    """The channel and its parts, not yet running."""
    key = read_or_make_key(settings.keys, "signing")
    bot = _bot(settings)

    async def copies(customer: str) -> Sequence[Copy]:
        pack = await asyncio.to_thread(read_pack, settings.shop_folder)
        async with store.reading() as books:
            return [*(await copies_of(books, customer, texts, pack, clock())).values()]

    paint = painter(store, cache(lambda: read_pack(settings.shop_folder)), key)
    sender = Sender(bot, Pacing(), texts, settings.shop_folder, draw, copies, paint)
    return Telegram(
        bot=bot,
        inbox=Inbox(store, texts, key, clock, settings.shop_folder),
        outbox=Outbox(store, sender, clock, settings.retry_seconds),
        turns=turns,
        texts=texts,
        webhook=_webhook(settings, key),
        clock=clock,
        lanes=Lanes(CHATS),
        crowds=set(),
    )


def _bot(settings: Settings) -> Bot:
    base = (settings.telegram_base_url or "https://api.telegram.org").rstrip("/")
    requests = [
        HTTPXRequest(
            size,
            read_timeout=SECONDS,
            write_timeout=SECONDS,
            pool_timeout=SECONDS,
            httpx_kwargs={"verify": trusted()},
        )
        for size in (CONNECTIONS, 2)
    ]
    return Bot(
        settings.telegram_token or "",
        base_url=f"{base}/bot",
        base_file_url=f"{base}/file/bot",
        request=requests[0],
        get_updates_request=requests[1],
    )


@cache
def trusted() -> SSLContext:
    """The authorities we believe; read once, since that takes longer than connecting."""
    return httpx.create_ssl_context()


def _webhook(settings: Settings, key: str) -> Webhook | None:
    if settings.telegram_webhook_url is None:
        return None
    return Webhook(settings.telegram_webhook_url, webhook_secret(key))


def webhook_secret(key: str) -> str:
    """What Telegram must show with every update: derived from keys/signing, 64 hexadecimal characters."""
    return hmac.new(key.encode(), b"telegram webhook", hashlib.sha256).hexdigest()

"""The webhook: only Telegram may bring updates, and each counts once."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from unittest.mock import patch

import httpx
import pytest
import uvicorn
from litestar import Litestar
from sqlalchemy.exc import OperationalError

from channels.telegram import webhook_router
from channels.telegram.receiving import Inbox
from channels.telegram.webhook import HEADER, LARGEST, PATH
from tests.unit.telegram_house import House, house, until

URL = "https://shop.example/telegram/webhook"


@dataclass
class Door:
    """The webhook of an open shop."""

    house: House
    client: httpx.AsyncClient
    secret: str

    async def knock(self, body: bytes | Any, secret: str | None = None) -> int:
        """Bring something; the status of the answer."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        shown = (self.secret if secret is None else secret).encode()
        header = {HEADER.encode(): shown, b"content-type": b"application/json"}
        return (await self.client.post(PATH, content=data, headers=header)).status_code


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    async with house(tmp_path, telegram_webhook_url=URL) as shop, shop.open() as channel:
        app = Litestar([webhook_router()], openapi_config=None, logging_config=None)
        app.state.telegram = channel
        assert channel.webhook is not None
        await until(lambda: channel.trouble is None)
        async with visitor(app) as client:
            yield Door(shop, client, channel.webhook.secret)


def visitor(app: Litestar) -> httpx.AsyncClient:
    """Somebody outside, in the same event loop."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=cast("Any", app)), base_url="http://shop")


def hello(door: Door, text: str = "hi") -> Any:
    """An update as Telegram would bring it, not in the queue of the fake."""
    update = door.house.api.say(1, text)
    door.house.api.updates.clear()
    return update


async def test_telegram_is_told_where_to_bring_updates_and_what_to_show(door: Door) -> None:
    assert door.house.api.webhook == {"url": URL, "secret": door.secret}
    assert door.house.api.made("getUpdates") == []


async def test_an_update_is_taken_and_answered(door: Door) -> None:
    assert await door.knock(hello(door)) == 200
    assert await door.house.told(1, 1) == ["you said hi"]


async def test_an_update_brought_twice_is_answered_once(door: Door) -> None:
    update = hello(door)
    assert [await door.knock(update), await door.knock(update)] == [200, 200]
    assert await door.knock(hello(door, "bye")) == 200
    assert await door.house.told(1, 2) == ["you said hi", "you said bye"]


@pytest.mark.parametrize("secret", ["", "wrong", "é"])
async def test_without_the_secret_nothing_is_taken(door: Door, secret: str) -> None:
    assert await door.knock(hello(door), secret) == 401
    assert door.house.bot.heard == []


NO_UPDATES = (
    *(b"", b"{", b"\xff\xfe", b"[]", b"1", b"null", b'"update_id"', b"{}"),
    b'{"update_id": 1, "message": 3}',
)


@pytest.mark.parametrize("body", NO_UPDATES)
async def test_what_is_no_update_is_refused(door: Door, body: bytes) -> None:
    assert await door.knock(body) == 400


async def test_what_is_far_too_large_is_refused(door: Door) -> None:
    assert await door.knock(b" " * (LARGEST + 1)) == 413


async def test_while_the_store_is_away_telegram_is_asked_to_come_again(door: Door) -> None:
    update = hello(door)
    broken = OperationalError("INSERT", {}, Exception("disk I/O error"))
    with patch.object(Inbox, "record", side_effect=broken):
        assert await door.knock(update) == 503
    assert await door.knock(update) == 200
    assert await door.house.told(1, 1) == ["you said hi"]


async def test_without_telegram_there_is_no_webhook() -> None:
    app = Litestar([webhook_router()], openapi_config=None, logging_config=None)
    async with visitor(app) as client:
        assert (await client.post(PATH, content=b"{}")).status_code == 404


@asynccontextmanager
async def served(app: Litestar) -> AsyncIterator[str]:
    """The app on a port of its own; its address."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_level="warning"))
        running = asyncio.create_task(server.serve(sockets=[listening]))
        await until(lambda: server.started)
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            await running


async def test_telegram_itself_brings_each_update_until_it_is_taken(tmp_path: Path) -> None:
    app = Litestar([webhook_router()], openapi_config=None, logging_config=None)
    async with (
        served(app) as url,
        house(tmp_path, telegram_webhook_url=url + PATH) as shop,
        shop.open() as channel,
    ):
        app.state.telegram = channel
        await until(lambda: channel.trouble is None)
        broken = OperationalError("INSERT", {}, Exception("disk I/O error"))
        with patch.object(Inbox, "record", side_effect=broken) as tried:
            shop.api.say(1, "hi")
            await until(lambda: tried.call_count > 1)
        shop.api.say(1, "bye")
        assert await shop.told(1, 2) == ["you said hi", "you said bye"]
        await shop.confirmed()

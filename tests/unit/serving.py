"""A shopfront served over a real socket, inside the test's own event loop."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import uvicorn

from channels.shopfront import Shopfront
from channels.web import console_of, make_app

_RESTING: dict[bool, list[Any]] = {}
"""Applications that serve nobody just now, by whether their cookies want https."""


@asynccontextmanager
async def served(shopfront: Shopfront) -> AsyncIterator[str]:
    """The address of the running server, without a slash at the end."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    app = make_app(shopfront)
    config = uvicorn.Config(app, access_log=False, log_level="error", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve(sockets=[listening]))
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        shopfront.pushes.end()
        app.state.console.glance.end()
        server.should_exit = True
        await running
        listening.close()


@asynccontextmanager
async def asked(shopfront: Shopfront) -> AsyncIterator[httpx.AsyncClient]:
    """A client that asks the application directly, in this event loop; pump and ticks don't run.

    Making an application takes 0.1 s, so it serves one shopfront after the other.
    """
    console = console_of(shopfront)
    resting = _RESTING.setdefault(console.secure, [])
    app: Any = resting.pop() if resting else make_app(shopfront)
    app.state.shopfront, app.state.console = shopfront, console
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://shop.test") as client:
        yield client
    resting.append(app)

"""The web process: the chat API, the widget, the demo page, and whatever runs beside them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from datetime import timedelta
from typing import Any

from litestar import Litestar, Request, Response, get
from litestar.datastructures import State
from litestar.di import Provide
from litestar.exceptions import NotFoundException
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme

from channels.assets import asset
from channels.chat import Chat
from channels.copies import copy
from channels.failures import HANDLERS, bad_request
from channels.learning import learn_forever
from channels.limits import Limit
from channels.pages import demo_page, picture, widget_page, widget_script
from channels.security import add_headers
from channels.sharing import made_page, made_picture
from channels.shopfront import Shopfront
from channels.telegram import Telegram, telegram, webhook_router
from channels.tidying import Tidying
from channels.webhooks import Webhooks
from channels.wire import Health
from crm_store.keys import read_or_make_key
from one_to_one.errors import DripwiseError
from staff.console import Console
from staff.glancing import Glance
from staff.routes import staff_routes, strange
from staff.who import PLACE

PAGES = (asset, copy, demo_page, made_page, made_picture, picture, widget_page, widget_script)
TRIES_PER_MINUTE = 20
"""How often one address may try to enter the staff console in a minute."""

BODY_BYTES = 64 * 1024
"""The largest request: 4,000 characters, each written as two escaped surrogates, and some room."""


@get("/health", operation_id="health", tags=["operation"])
async def health(shopfront: Shopfront, state: State) -> Response[Health]:
    """Whether a message would be answered now. Trouble with Telegram is told, and doesn't count."""
    channel: Telegram | None = state.get("telegram")
    why = await _why_not_ready(shopfront)
    told = Health(why is None, why, channel.trouble if channel else None)
    return Response(told, status_code=200 if told.ready else 503)


async def _why_not_ready(shopfront: Shopfront) -> str | None:
    try:
        await shopfront.store.check()
    except DripwiseError as error:
        return str(error)
    return None if await shopfront.bot.ready() else "The bot isn't ready."


def make_app(shopfront: Shopfront) -> Litestar:
    """The application that serves a shopfront."""

    console = console_of(shopfront)
    return Litestar(
        route_handlers=[
            *(health, Chat, *PAGES, webhook_router()),
            staff_routes(read_or_make_key(shopfront.settings.keys, "form_secret"), secure=console.secure),
        ],
        state=State({"shopfront": shopfront, "console": console}),
        dependencies={"shopfront": Provide(_served)},
        lifespan=[_beside(shopfront)],
        exception_handlers={**HANDLERS, NotFoundException: _nothing_here},
        before_send=[add_headers],
        request_max_body_size=BODY_BYTES,
        openapi_config=_described(),
        logging_config=None,
    )


async def _served(state: State) -> Shopfront:
    shopfront: Shopfront = state.shopfront
    return shopfront


def _nothing_here(request: Request[Any, Any, Any], error: NotFoundException) -> Response[Any]:
    """An address that nothing serves: a page for colleagues, words for programs."""
    is_staff = request.url.path.startswith(f"{PLACE}/")
    return strange(request, error) if is_staff else bad_request(request, error)


def console_of(shopfront: Shopfront) -> Console:
    """What colleagues see of the same shop."""
    tries = Limit(TRIES_PER_MINUTE, shopfront.clock)
    secure = shopfront.settings.origin.startswith("https:")
    glance = Glance(shopfront.store, shopfront.clock)
    return Console(
        shopfront.store, shopfront.texts, shopfront.pack, tries.spend, shopfront.clock, glance, secure
    )


def _beside(shopfront: Shopfront) -> Callable[[Litestar], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def running(app: Litestar) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(_task(shopfront.turns.retry_forever()))
            await stack.enter_async_context(_task(shopfront.pushes.watch_forever()))
            await stack.enter_async_context(_task(learn_forever()))
            await stack.enter_async_context(_task(_tidying(shopfront).run_forever()))
            if shopfront.settings.order_webhook_url:
                await stack.enter_async_context(_task(_webhooks(shopfront).run_forever()))
            if shopfront.settings.telegram_token:
                channel = telegram(
                    shopfront.settings, shopfront.store, shopfront.turns, shopfront.texts, shopfront.clock
                )
                app.state.telegram = await stack.enter_async_context(channel)
            yield
        await shopfront.turns.close()

    return running


def _tidying(shopfront: Shopfront) -> Tidying:
    silence = timedelta(minutes=shopfront.settings.contact_minutes)
    pack = shopfront.pack
    return Tidying(shopfront.store, pack.shop.retention, silence, shopfront.clock, pack, shopfront.texts)


def _webhooks(shopfront: Shopfront) -> Webhooks:
    settings = shopfront.settings
    key = read_or_make_key(settings.keys, "webhook")
    return Webhooks(shopfront.store, settings.order_webhook_url or "", key, shopfront.clock)


@asynccontextmanager
async def _task(work: Coroutine[None, None, None]) -> AsyncIterator[None]:
    """Have work done in the background while the block runs."""
    running = asyncio.create_task(work)
    try:
        yield
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


def _described() -> OpenAPIConfig:
    scheme = SecurityScheme(type="http", scheme="bearer", description="the token of a session")
    return OpenAPIConfig(
        title="Dripwise chat",
        version="1",
        components=Components(security_schemes={"session": scheme}),
        render_plugins=[JsonRenderPlugin()],
    )

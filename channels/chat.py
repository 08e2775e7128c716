"""The chat API: sessions, messages, and what arrives unasked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Any
from urllib.parse import unquote_to_bytes

import msgspec
from litestar import Controller, get, post
from litestar.connection import ASGIConnection
from litestar.datastructures import State
from litestar.handlers import BaseRouteHandler
from litestar.openapi import ResponseSpec
from litestar.params import Parameter
from litestar.response import Stream
from msgspec import UNSET

from channels.inviting import invite
from channels.pushes import Listener
from channels.receiving import receive
from channels.refusals import NoTelegram, StrangeQuery
from channels.sessions import Asked, continue_session, customer_of, open_session, token_of
from channels.shopfront import Shopfront
from channels.telegram import Telegram
from channels.wire import (
    LARGEST_NUMBER,
    Answers,
    History,
    Link,
    NewSession,
    Problem,
    Said,
    Session,
    answer_of,
    item_of,
)
from crm_store.models import MessageRow
from one_to_one.choosing_language import preferred

HEARTBEAT_SECONDS = 15.0
OPENING = "start"
"""The payload by which the widget says that a contact begins; it is nothing the customer said."""

BAD = {400: ResponseSpec(Problem, description="Bad input")}
UNPROVEN = {401: ResponseSpec(Problem, description="No or wrong token")}
NOT_HERE = {404: ResponseSpec(Problem, description="This shop is not on Telegram")}
FAST = {429: ResponseSpec(Problem, description="Too fast: see Retry-After")}
LONG = {413: ResponseSpec(Problem, description="Too long")}
AWAY = {503: ResponseSpec(Problem, description="The store can't be reached: try the same again")}
BEARER: list[dict[str, list[str]]] = [{"session": []}]

Number = Annotated[int, Parameter(ge=0, le=LARGEST_NUMBER)]


def refuse_strange_queries(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """A guard: nothing after the question mark but what the handler names in `queries`, each once."""
    known = set(handler.opt.get("queries", ()))
    for part in filter(None, connection.scope["query_string"].split(b"&")):
        name = unquote_to_bytes(part.partition(b"=")[0]).decode(errors="replace")
        if name not in known:
            raise StrangeQuery(name=name)
        known.discard(name)


class Chat(Controller):
    """What a chat page needs."""

    path = "/api/chat"
    guards = (refuse_strange_queries,)
    tags = ("chat",)

    @post(
        "/sessions",
        responses=BAD | UNPROVEN | LONG | FAST | AWAY,
        security=[{}, *BEARER],
        operation_id="openSession",
    )
    async def open(self, shopfront: Shopfront, request: Asked, data: NewSession | None = None) -> Session:
        """Come in. With a token: the same customer comes in again."""
        token = token_of(request)
        wished = data.language if data is not None and data.language is not UNSET else None
        if token is not None:
            return await continue_session(shopfront, token, wished)
        shopfront.sessions.spend(request.client.host if request.client else "")
        header = request.headers.get("Accept-Language", "")
        return await open_session(shopfront, wished or preferred(header))

    @post(
        "/messages",
        status_code=200,
        responses=BAD | UNPROVEN | LONG | FAST | AWAY,
        security=BEARER,
        operation_id="say",
    )
    async def say(self, shopfront: Shopfront, request: Asked, data: Said) -> Answers:
        """Say something. The same `id` again gives the same replies and is processed once."""
        message = await receive(shopfront, token_of(request), data)
        replies = await shopfront.turns.answer(message.id, message.customer_id)
        return Answers([answer_of(row) for row in replies])

    @post("/links", responses=NOT_HERE | UNPROVEN | FAST | AWAY, security=BEARER, operation_id="link")
    async def link(self, shopfront: Shopfront, request: Asked, state: State) -> Link:
        """A link, good once and for half an hour, by which the conversation goes on in Telegram."""
        channel: Telegram | None = state.get("telegram")
        async with shopfront.store.reading() as books:
            customer = (await customer_of(books, token_of(request))).id
        if channel is None or channel.username is None:
            raise NoTelegram()
        shopfront.messages.spend(customer)
        return Link(await invite(shopfront, customer, channel.username))

    @get(
        "/messages",
        responses=BAD | UNPROVEN | AWAY,
        security=BEARER,
        operation_id="history",
        queries=("after",),
    )
    async def history(self, shopfront: Shopfront, request: Asked, after: Number = 0) -> History:
        """The conversation after the message `after`, both sides, oldest first, 500 messages at most."""
        async with shopfront.store.reading() as books:
            customer = await customer_of(books, token_of(request))
            rows = await books.messages.history(customer.id, after)
        return History([item_of(row) for row in rows if not _is_opening(row)])

    @get(
        "/events",
        responses=BAD | UNPROVEN | FAST | AWAY,
        security=BEARER,
        operation_id="events",
    )
    async def events(
        self,
        shopfront: Shopfront,
        request: Asked,
        last_event_id: Annotated[
            int | None, Parameter(header="Last-Event-ID", ge=0, le=LARGEST_NUMBER)
        ] = None,
    ) -> Stream:
        """What arrives unasked, as server-sent events; resumed after `Last-Event-ID`."""
        async with shopfront.store.reading() as books:
            customer = (await customer_of(books, token_of(request))).id
        listener = await shopfront.pushes.join(customer, last_event_id)
        return Stream(
            _stream(shopfront, listener),
            media_type="text/event-stream",
            headers={"X-Accel-Buffering": "no"},
        )


async def _stream(shopfront: Shopfront, listener: Listener) -> AsyncIterator[bytes]:
    try:
        yield b": connected\nretry: 2000\n\n"
        while True:
            try:
                row = await asyncio.wait_for(listener.inbox.get(), HEARTBEAT_SECONDS)
            except TimeoutError:
                yield b": still here\n\n"
                continue
            if row is None:
                return
            yield _event(row)
    finally:
        shopfront.pushes.leave(listener)


def _event(row: MessageRow) -> bytes:
    return b"id: %d\ndata: %s\n\n" % (row.id, msgspec.json.encode(item_of(row)))


def _is_opening(row: MessageRow) -> bool:
    return row.direction == "in" and row.payload == OPENING

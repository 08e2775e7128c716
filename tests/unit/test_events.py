"""Server-sent events: what arrives unasked reaches the pages that are open."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from channels.pushes import MOST_OF_ONE_CUSTOMER
from crm_store.merging import merge
from one_to_one.language import Language
from one_to_one.replies import Reply
from tests.unit.serving import served
from tests.unit.shopfronts import Front

SECONDS = 120.0
"""The most that anything here may take, on a busy machine."""


@pytest.fixture
async def http(front: Front) -> AsyncIterator[httpx.AsyncClient]:
    async with (
        served(front.shopfront) as url,
        httpx.AsyncClient(base_url=url, timeout=SECONDS, trust_env=False) as client,
    ):
        yield client


class EndOfStreamError(Exception):
    """The server ended the stream."""


class Stream:
    """An open event stream."""

    def __init__(self, lines: AsyncIterator[str]) -> None:
        self._lines = lines

    async def next(self) -> dict[str, Any]:
        """The next event: its `id` and its data."""
        async with asyncio.timeout(SECONDS):
            event: dict[str, str] = {}
            async for line in self._lines:
                name, _, value = line.partition(": ")
                if line == "" and "data" in event:
                    return {"event_id": event["id"], **json.loads(event["data"])}
                event[name] = value
        raise EndOfStreamError


@asynccontextmanager
async def listening(http: httpx.AsyncClient, who: dict[str, str], last: str = "") -> AsyncIterator[Stream]:
    headers = {**who, **({"Last-Event-ID": last} if last else {})}
    async with http.stream("GET", "/api/chat/events", headers=headers) as response:
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/event-stream")
        lines = response.aiter_lines()
        while not (await anext(lines)).startswith(": connected"):
            pass
        yield Stream(lines)


async def come_in(http: httpx.AsyncClient) -> tuple[dict[str, str], str]:
    session = (await http.post("/api/chat/sessions", json={"language": "en"})).json()
    return {"Authorization": f"Bearer {session['token']}"}, session["customer"]


async def push(front: Front, customer: str, text: str) -> str:
    async with front.store.transaction() as books:
        row = await books.messages.push(
            customer, Reply(text), "web", front.clock(), sender="staff", sender_name="林小姐", language="en"
        )
        return str(row.id)


async def test_what_a_colleague_says_arrives_with_their_name(front: Front, http: httpx.AsyncClient) -> None:
    who, customer = await come_in(http)
    async with listening(http, who) as stream:
        number = await push(front, customer, "Anna here")
        event = await stream.next()
    assert (event["event_id"], event["id"]) == (number, number)
    assert (event["side"], event["sender"], event["name"], event["text"]) == (
        "shop",
        "staff",
        "林小姐",
        "Anna here",
    )


async def test_an_ordinary_reply_is_not_sent_a_second_time(front: Front, http: httpx.AsyncClient) -> None:
    who, customer = await come_in(http)
    async with listening(http, who) as stream:
        await http.post("/api/chat/messages", json={"text": "hello"}, headers=who)
        await push(front, customer, "pushed")
        assert (await stream.next())["text"] == "pushed"


async def test_a_late_answer_arrives_when_the_bot_is_back(front: Front, http: httpx.AsyncClient) -> None:
    who, _ = await come_in(http)
    front.bot.up = False
    async with listening(http, who) as stream:
        await http.post("/api/chat/messages", json={"text": "hello"}, headers=who)
        front.bot.up = True
        front.clock.turn(seconds=10)
        await front.shopfront.turns.retry_due()
        assert (await stream.next())["text"] == "you said hello"


async def test_a_message_found_in_the_inbox_at_the_start_is_answered_by_event(
    front: Front, http: httpx.AsyncClient
) -> None:
    who, customer = await come_in(http)
    async with listening(http, who) as stream:
        await front.shopfront.turns.record(customer, "web", "old", text="left over")
        await front.shopfront.turns.retry_due()
        assert (await stream.next())["text"] == "you said left over"


async def test_a_stream_goes_on_after_the_last_event(front: Front, http: httpx.AsyncClient) -> None:
    who, customer = await come_in(http)
    numbers = [await push(front, customer, text) for text in ("one", "two", "three")]
    async with listening(http, who, last=numbers[0]) as stream:
        assert [(await stream.next())["text"] for _ in range(2)] == ["two", "three"]


async def test_a_stream_begins_with_what_comes_next(front: Front, http: httpx.AsyncClient) -> None:
    who, customer = await come_in(http)
    await push(front, customer, "old")
    async with listening(http, who) as stream:
        await push(front, customer, "new")
        assert (await stream.next())["text"] == "new"


async def test_nobody_hears_what_is_said_to_somebody_else(front: Front, http: httpx.AsyncClient) -> None:
    (one, first), (_, second) = await come_in(http), await come_in(http)
    async with listening(http, one) as stream:
        await push(front, second, "secret")
        await push(front, first, "mine")
        assert (await stream.next())["text"] == "mine"


async def test_a_page_that_goes_away_is_forgotten(front: Front, http: httpx.AsyncClient) -> None:
    who, _ = await come_in(http)
    async with listening(http, who):
        assert front.shopfront.pushes.connected == 1
    async with asyncio.timeout(SECONDS):
        while front.shopfront.pushes.connected:  # noqa: ASYNC110 - the server tells nobody
            await asyncio.sleep(0.01)


async def test_a_customer_has_a_bounded_number_of_streams_and_the_oldest_ends(
    front: Front, http: httpx.AsyncClient
) -> None:
    who, _ = await come_in(http)
    async with listening(http, who) as oldest:
        for _ in range(MOST_OF_ONE_CUSTOMER):
            await front.shopfront.pushes.join(front.shopfront.pushes._listeners[0].customer, 0)
        with pytest.raises(EndOfStreamError):
            await oldest.next()
    assert front.shopfront.pushes.connected <= MOST_OF_ONE_CUSTOMER


async def test_a_stream_stays_with_the_customer_when_two_are_found_to_be_one(
    front: Front, http: httpx.AsyncClient
) -> None:
    who, absorbed = await come_in(http)
    async with front.store.transaction() as books:
        kept = (await books.customers.create(Language.ENGLISH, front.clock())).id
    async with listening(http, who) as stream:
        async with front.store.transaction() as books:
            await merge(books, kept, absorbed, {"by": "link"}, front.clock())
        await front.shopfront.pushes.tick()
        await push(front, kept, "still with you")
        assert (await stream.next())["text"] == "still with you"

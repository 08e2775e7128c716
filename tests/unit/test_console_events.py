"""What comes in while a page of the console is open."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from channels.web import make_app
from one_to_one.roles import Role
from staff import events
from staff.events import Watch
from staff.who import UNASKED
from tests.unit.colleagues import settled
from tests.unit.serving import asked
from tests.unit.shopfronts import Front


async def say(front: Front, customer: str, number: int) -> int:
    async with front.store.transaction() as books:
        row, _ = await books.messages.receive(customer, "web", f"x{number}", front.clock(), "a secret")
        return row.id


async def a_customer(front: Front) -> str:
    async with front.store.transaction() as books:
        return (await books.customers.create("en", front.clock())).id


async def test_every_new_message_is_told_once_and_none_from_before(front: Front) -> None:
    console = make_app(front.shopfront).state.console
    customer = await a_customer(front)
    old = [await say(front, customer, number) for number in range(3)]
    watch = Watch(console, None)
    assert await watch.look() == []
    new = [await say(front, customer, number) for number in range(3, 6)]
    assert [row.id for row in await watch.look()] == new
    assert await watch.look() == []
    again = Watch(console, old[1])
    assert [row.id for row in await again.look()] == [old[2], *new]
    assert await again.look() == []


async def test_the_stream_names_customers_and_tells_no_words(
    front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "LONGEST_SECONDS", 0.2)
    monkeypatch.setattr(events, "TICK_SECONDS", 0.01)
    async with asked(front.shopfront) as browser:
        browser.headers["Accept-Language"] = "en"
        await settled(front, browser, Role.REVIEWER)
        customer = await a_customer(front)
        first = await say(front, customer, 1)
        second = await say(front, customer, 2)
        told = await browser.get("/staff/events", headers={"Last-Event-ID": str(first)})
        assert told.headers["Content-Type"].startswith("text/event-stream")
        assert f"id: {second}\n" in told.text
        assert f"id: {first}\n" not in told.text
        assert customer in told.text
        assert "secret" not in told.text


async def test_an_open_page_keeps_no_session_alive(front: Front, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "LONGEST_SECONDS", 0.0)
    async with asked(front.shopfront) as browser:
        browser.headers["Accept-Language"] = "en"
        await settled(front, browser, Role.REVIEWER)
        front.clock.turn(hours=1.5)
        assert (await browser.get("/staff/events")).status_code == 200
        front.clock.turn(hours=0.6)
        assert (await browser.get("/staff/events")).status_code == 303


async def test_what_a_page_asks_for_by_itself_keeps_no_session_alive(front: Front) -> None:
    async with asked(front.shopfront) as browser:
        browser.headers["Accept-Language"] = "en"
        await settled(front, browser, Role.REVIEWER)
        for _ in range(2):
            front.clock.turn(hours=0.9)
            by_itself = await browser.get("/staff/waiting", headers={UNASKED: "1"})
            assert by_itself.status_code == 200
        front.clock.turn(hours=0.3)
        assert (await browser.get("/staff/waiting", headers={UNASKED: "1"})).status_code == 303


async def test_streams_end_when_the_process_is_to_stop(front: Front) -> None:
    app: Any = make_app(front.shopfront)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app),
        base_url="http://shop.test",
        headers={"Accept-Language": "en"},
    ) as browser:
        await settled(front, browser, Role.REVIEWER)
        app.state.console.glance.end()
        told = await asyncio.wait_for(browser.get("/staff/events"), events.LONGEST_SECONDS / 2)
    assert told.text.startswith(": connected")

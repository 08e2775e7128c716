"""Orders are handed on: signed, in order, and whatever happens none is lost or taken for another."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from channels.webhooks import GIVEN_UP, LONGEST_PAUSE, Webhooks, pause
from crm_store.erasing import erase
from crm_store.models import OrderRow
from crm_store.orders import Line
from crm_store.store import Store
from one_to_one.order_states import OrderState

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
KEY = "ab" * 32


@dataclass
class Receiver:
    """The shop's own system, on the loopback address."""

    port: int = 0
    status: int = 200
    says: bytes = b""
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/orders"

    @property
    def kinds(self) -> list[str]:
        return [json.loads(body)["type"] for _, body in self.got]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A system that takes everything, until it is told otherwise."""
    found = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            found.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(found.status)
            self.send_header("content-length", str(len(found.says)))
            self.end_headers()
            self.wfile.write(found.says)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield found
    server.shutdown()
    thread.join()
    server.server_close()


@dataclass
class Clock:
    """The present, as the test says."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now


async def ordered(store: Store, customer: str = "") -> OrderRow:
    """An order that was placed at noon."""
    async with store.transaction() as books:
        customer = customer or (await books.customers.create("en", NOON)).id
        line = Line("rye", "Rye (sliced)", Decimal(165), Decimal("61.5"), Decimal(2), {"cut": "sliced"})
        order = await books.orders.draft(customer, None, [line], NOON, "TWD")
        order.details = {"delivery": "home", "address": "12 Main Street"}
        await books.orders.place(order, NOON)
    return order


async def state_of(store: Store, order: OrderRow) -> str:
    async with store.reading() as books:
        found = await books.orders.get(order.id, order.customer_id)
        assert found is not None
        return found.state


async def test_an_order_is_told_exactly_and_signed(store: Store, receiver: Receiver) -> None:
    order = await ordered(store)
    assert await Webhooks(store, receiver.url, KEY, Clock()).look() == 1
    [(headers, body)] = receiver.got
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.digest(bytes.fromhex(KEY), signed, hashlib.sha256)).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert int(headers["webhook-timestamp"]) == int(NOON.timestamp())
    data = json.loads(body)["data"]
    assert (data["number"], data["state"]) == (order.id, "placed")
    assert (data["total"], data["margin"]) == ("330", "207")
    assert data["details"]["address"] == "12 Main Street"
    assert data["lines"][0]["specification"]["modules"] == {"cut": "sliced"}
    assert order.customer_id not in body.decode()


async def test_what_was_taken_is_not_sent_again(store: Store, receiver: Receiver) -> None:
    await ordered(store)
    webhooks = Webhooks(store, receiver.url, KEY, Clock())
    await webhooks.look()
    assert await webhooks.look() == 0
    assert len(receiver.got) == 1


async def test_a_receiver_that_is_down_for_a_day_gets_everything_in_order(
    store: Store, receiver: Receiver
) -> None:
    order, clock = await ordered(store), Clock()
    receiver.status = 503
    tries = 0
    while clock.now < NOON + timedelta(days=1):
        # every look is by another process: nothing is remembered but what the store holds
        await Webhooks(store, receiver.url, KEY, clock).look()
        clock.now += timedelta(minutes=20)
        if tries == 5:
            async with store.transaction() as books:
                found = await books.orders.get(order.id, order.customer_id)
                assert found is not None
                await books.orders.cancel(found, clock.now)
        tries += 1
    assert set(receiver.kinds) == {"order.placed"}  # the second waits for the first
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 1
    assert 20 < len(receiver.got) < 40
    receiver.status, receiver.got = 200, []
    for _ in range(3):
        clock.now += timedelta(hours=2)
        await Webhooks(store, receiver.url, KEY, clock).look()
    assert receiver.kinds == ["order.placed", "order.cancelled"]


async def test_nobody_listening_is_no_reason_to_lose_anything(store: Store, receiver: Receiver) -> None:
    await ordered(store)
    clock = Clock()
    assert await Webhooks(store, "http://127.0.0.1:9/", KEY, clock).look() == 0
    clock.now += LONGEST_PAUSE
    assert await Webhooks(store, receiver.url, KEY, clock).look() == 1


async def test_two_processes_never_send_the_same_at_once(store: Store, receiver: Receiver) -> None:
    for _ in range(3):
        await ordered(store)
    both = [Webhooks(store, receiver.url, KEY, Clock()) for _ in range(2)]
    taken = await asyncio.gather(*(each.look() for each in both))
    assert sum(taken) == 3
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == len(receiver.got) == 3


@pytest.mark.parametrize(
    ("says", "state"),
    [
        (b'{"state": "in_production"}', "in_production"),
        (b'{"state": "sent", "tracking": 1}', "sent"),
        (b'{"state": "draft"}', "placed"),
        (b'{"state": "lost"}', "placed"),
        (b'{"state": 7}', "placed"),
        (b"[1]", "placed"),
        (b"\xff\xfe", "placed"),
        (b"ok", "placed"),
        (b"", "placed"),
        (b"[" * 70_000, "placed"),
    ],
)
async def test_its_answer_moves_the_order_where_it_may_go(
    store: Store, receiver: Receiver, says: bytes, state: str
) -> None:
    order = await ordered(store)
    receiver.says = says
    webhooks = Webhooks(store, receiver.url, KEY, Clock())
    assert await webhooks.look() == 1
    assert await state_of(store, order) == state
    assert await webhooks.look() == 0  # it isn't told what it said itself


async def test_after_two_weeks_it_is_given_up_and_can_be_sent_again(store: Store, receiver: Receiver) -> None:
    order, clock = await ordered(store), Clock(NOON + GIVEN_UP + timedelta(hours=1))
    receiver.status = 500
    webhooks = Webhooks(store, receiver.url, KEY, clock)
    await webhooks.look()
    async with store.transaction() as books:
        assert await books.order_events.counts() == {"failed": 1}
        assert await books.order_events.again(order.id, clock.now) == 1
    receiver.status = 200
    assert await webhooks.look() == 1


async def test_who_was_erased_meanwhile_is_not_told_about(store: Store, receiver: Receiver) -> None:
    order = await ordered(store)
    async with store.transaction() as books:
        await erase(books, order.customer_id, NOON)
    assert await Webhooks(store, receiver.url, KEY, Clock()).look() == 0
    assert receiver.got == []


async def test_a_move_by_hand_is_told_too(store: Store, receiver: Receiver) -> None:
    order = await ordered(store)
    async with store.transaction() as books:
        found = await books.orders.get(order.id, order.customer_id)
        assert found is not None
        assert await books.orders.move(found, OrderState.SENT, NOON, "cli", "by bicycle")
        assert [step.note for step in await books.orders.steps(found)] == [None, "by bicycle"]
    webhooks = Webhooks(store, receiver.url, KEY, Clock())
    await webhooks.look()
    await webhooks.look()
    assert receiver.kinds == ["order.placed", "order.sent"]


def test_pauses_grow_up_to_an_hour() -> None:
    pauses = [pause(attempts) for attempts in range(1, 60)]
    assert pauses == sorted(pauses)
    assert pauses[0] == timedelta(seconds=15)
    assert pauses[-1] == LONGEST_PAUSE

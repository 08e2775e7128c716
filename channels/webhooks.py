"""Orders are handed on to the shop's own system: signed, one try after the other until it takes them.

What is to be told lies in the store (`crm_store/order_events.py`), so that a restart or a day without
anybody listening loses nothing. The signature follows Standard Webhooks (https://www.standardwebhooks.com):
the headers `webhook-id` (the same in every try), `webhook-timestamp` and `webhook-signature` (`v1,` and
HMAC-SHA256 in base64 over `id.timestamp.body`).
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx
import structlog

from channels.blaming import blame
from crm_store.connecting import as_json
from crm_store.models import OrderEventRow
from crm_store.orders import WEBHOOK
from crm_store.store import Store
from one_to_one.order_states import OrderState

LOOK_SECONDS = 5.0
PATIENCE = timedelta(seconds=15)
"""How long an answer may take."""

CLAIM = timedelta(minutes=2)
"""After this long another process tries what a dead one had begun to send."""

FIRST_PAUSE = timedelta(seconds=15)
LONGEST_PAUSE = timedelta(hours=1)
GIVEN_UP = timedelta(days=14)
"""For so long it is tried; then a colleague has to look (`dripwise order resend`)."""

AT_ONCE = 20
MOST_BYTES = 64 * 1024

log = structlog.get_logger("webhooks")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one try."""

    taken: bool
    error: str  # "" when it was taken
    state: str | None = None  # the state the shop's system says the order is in


class Webhooks:
    """Hands on what waits."""

    def __init__(self, store: Store, url: str, key: str, clock: Callable[[], datetime]) -> None:
        """`key` signs; it is hexadecimal, as `keys/webhook` has it."""
        self._store, self._url, self._key, self._clock = store, url, key, clock

    async def run_forever(self) -> None:
        """Hand on what is due, again and again."""
        while True:
            try:
                await self.look()
            except Exception as error:  # noqa: BLE001 - it must go on; the log has the cause
                log.error("handing on orders stumbled and goes on", **blame(error))
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> int:
        """Try everything that is due now, once; how many were taken."""
        async with self._store.reading() as books:
            rows = await books.order_events.due(self._clock(), AT_ONCE)
        if not rows:
            return 0
        async with httpx.AsyncClient(timeout=PATIENCE.total_seconds(), follow_redirects=False) as client:
            return sum([await self._try(client, row) for row in rows])

    async def _try(self, client: httpx.AsyncClient, row: OrderEventRow) -> bool:
        assert row.due_at is not None  # noqa: S101 - only what is due was read
        async with self._store.transaction() as books:
            if not await books.order_events.claim(row.id, row.due_at, self._clock() + CLAIM):
                return False
        answer = await self._send(client, row)
        await self._settle(row, answer)
        return answer.taken

    async def _send(self, client: httpx.AsyncClient, row: OrderEventRow) -> Answer:
        body = as_json(row.body).encode()
        headers = signed_headers(self._key, row.event, int(self._clock().timestamp()), body)
        try:
            async with client.stream("POST", self._url, content=body, headers=headers) as response:
                told = await _beginning(response)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return Answer(False, type(error).__name__)
        if not response.is_success:
            return Answer(False, f"HTTP {response.status_code}")
        return Answer(True, "", _state_in(told))

    async def _settle(self, row: OrderEventRow, answer: Answer) -> None:
        now = self._clock()
        async with self._store.transaction() as books:
            event = await books.order_events.get(row.id)
            if event is None:
                return  # its customer was erased meanwhile
            if not answer.taken:
                due = None if now - event.at > GIVEN_UP else now + pause(event.attempts)
                await books.order_events.failed(event, answer.error, due)
                log.warning("order not taken", order=event.order_id, id=event.event, cause=answer.error)
                return
            await books.order_events.sent(event)
            order = await books.orders.get(event.order_id, event.customer_id)
            if order is not None:
                order.handed_at = now
                if answer.state in list(OrderState):
                    await books.orders.move(order, OrderState(answer.state), now, WEBHOOK)


def pause(attempts: int) -> timedelta:
    """How long to wait after so many tries: longer each time, at most an hour."""
    doubled = 1 << min(attempts - 1, 20)
    return min(LONGEST_PAUSE, FIRST_PAUSE * doubled)


def signed_headers(key: str, event: str, seconds: int, body: bytes) -> Mapping[str, str]:
    """The headers of Standard Webhooks; `key` is hexadecimal, `seconds` since 1970."""
    signed = f"{event}.{seconds}.".encode() + body
    signature = base64.b64encode(hmac.digest(bytes.fromhex(key), signed, hashlib.sha256)).decode()
    return {
        "content-type": "application/json",
        "webhook-id": event,
        "webhook-timestamp": str(seconds),
        "webhook-signature": f"v1,{signature}",
    }


async def _beginning(response: httpx.Response) -> bytes:
    """The answer's body, as far as anybody reads it."""
    told = b""
    async for piece in response.aiter_bytes():
        told += piece
        if len(told) > MOST_BYTES:
            break
    return told[:MOST_BYTES]


def _state_in(told: bytes) -> str | None:
    """The state that an answer such as `{"state": "in_production"}` names."""
    try:
        found: Any = json.loads(told)
    except (ValueError, RecursionError):
        return None
    state = found.get("state") if isinstance(found, dict) else None
    return state if isinstance(state, str) else None

"""Nothing lost, nothing twice: processes die while customers talk, and the store is counted afterwards."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from dataclasses import dataclass, field

import httpx
import pytest

from crm_store.models import MessageRow
from crm_store.store import Store
from tests.journey.conftest import OpenShop
from tests.journey.shop_running import RunningShop

CUSTOMERS = 8
KILLS = 9
SECONDS_BETWEEN_KILLS = (1.5, 4.0)
PATIENCE = 240.0
"""Seconds until everything must be answered."""

SCRIPTS = (
    ("hello", "dark roast please", "I have oat milk", "nothing sour", "suggest something", "thanks"),
    ("你好", "我喝深焙", "我加燕麥奶", "不要太酸", "推薦一下", "謝謝"),
    ("你好", "我喝深烘", "我加燕麦奶", "不要太酸", "推荐一下", "谢谢"),
)
"""What each customer says, in order; every script tells the same things in its own words."""


@dataclass
class Customer:
    """Somebody who talks on, and sends the same message with the same id until it is answered."""

    name: str
    lines: tuple[str, ...]
    token: str = ""
    id: str = ""
    replies: dict[str, list[str]] = field(default_factory=dict)  # message id -> ids of its replies

    async def talk(self, http: httpx.AsyncClient, patience: random.Random) -> None:
        """Say every line; the next one when the one before was answered, or at once when in a hurry."""
        await self._come_in(http)
        for number, text in enumerate(self.lines):
            await self._say(http, f"{self.name}-{number}", text)
            await asyncio.sleep(patience.uniform(0.0, 4.0))

    async def _come_in(self, http: httpx.AsyncClient) -> None:
        while not self.token:
            response = await self._tried(http, "sessions", {"language": "en"})
            if response is None:
                await asyncio.sleep(0.2)
                continue
            session = response.json()
            self.token, self.id = session["token"], session["customer"]

    async def _say(self, http: httpx.AsyncClient, id_: str, text: str) -> None:
        while True:
            response = await self._tried(http, "messages", {"id": id_, "text": text})
            if response is not None:
                self.replies[id_] = [reply["id"] for reply in response.json()["replies"]]
                return
            await asyncio.sleep(0.2)

    async def _tried(self, http: httpx.AsyncClient, path: str, body: dict[str, str]) -> httpx.Response | None:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        try:
            response = await http.post(f"/api/chat/{path}", json=body, headers=headers)
        except httpx.HTTPError:
            return None
        assert response.status_code < 500 or response.status_code == 503, response.text
        assert response.status_code not in (400, 401, 413), response.text
        return response if response.is_success else None


async def kill_at_random(shop: RunningShop, chance: random.Random) -> Counter[str]:
    """SIGKILL the three processes at random moments, each as often; the number of times each died."""
    victims = ["bot", "actions", "web"] * (KILLS // 3)
    chance.shuffle(victims)
    for name in victims:
        await asyncio.sleep(chance.uniform(*SECONDS_BETWEEN_KILLS))
        await asyncio.to_thread(shop.kill, name)
    return Counter(victims)


async def conversations(store: Store, customers: list[Customer]) -> dict[str, list[MessageRow]]:
    async with store.reading() as books:
        return {one.id: await books.messages.history(one.id) for one in customers}


async def everything_answered(store: Store, customers: list[Customer]) -> bool:
    """Whether nothing waits any more, within PATIENCE."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        said = await conversations(store, customers)
        if not any(row.state == "waiting" for rows in said.values() for row in rows):
            return True
        await asyncio.sleep(0.5)
    return False


@pytest.mark.parametrize("seed", [20261124])
async def test_every_message_is_answered_once_and_every_fact_kept_once_whatever_is_killed(
    open_shop: OpenShop, seed: int
) -> None:
    shop = await asyncio.to_thread(
        open_shop, DRIPWISE_MESSAGES_PER_MINUTE="6000", DRIPWISE_SESSIONS_PER_MINUTE="6000"
    )
    customers = [Customer(f"c{number}", SCRIPTS[number % len(SCRIPTS)]) for number in range(CUSTOMERS)]
    async with httpx.AsyncClient(base_url=shop.url, timeout=90, trust_env=False) as http:
        talks = [one.talk(http, random.Random(seed + number)) for number, one in enumerate(customers)]
        killed, *_ = await asyncio.gather(kill_at_random(shop, random.Random(seed)), *talks)
    assert killed == {"bot": 3, "actions": 3, "web": 3}
    store = Store(shop.settings.store_url)
    try:
        assert await everything_answered(store, customers), "a message still waits"
        for customer in customers:
            await check_messages(store, customer)
            await check_facts(store, customer)
        await check_facts_agree(store, customers)
    finally:
        await store.close()


async def check_messages(store: Store, customer: Customer) -> None:
    """Every line is there once and in order, and has its replies once, written in that order."""
    async with store.reading() as books:
        rows = await books.messages.history(customer.id)
    heard = [row for row in rows if row.direction == "in"]
    assert [row.text for row in heard] == list(customer.lines)
    assert all(row.state == "answered" and row.action != "gave_up" for row in heard)
    replies = [row for row in rows if row.direction == "out" and row.sender == "bot"]
    answered = [row.reply_to for row in replies]
    assert set(answered) == {row.id for row in heard}, "a message without an answer"
    assert answered == sorted(answered, key=lambda number: number or 0), "answers out of order"
    for row in heard:
        texts = [reply.text for reply in replies if reply.reply_to == row.id]
        assert len(texts) == len(set(texts)), "answered twice"


async def check_facts(store: Store, customer: Customer) -> None:
    """What is believed is believed once, and every version came from one message."""
    async with store.reading() as books:
        believed = await books.facts.believed(customer.id)
        versions = await books.facts.history(customer.id)
    now = [(fact.topic, fact.value, fact.polarity) for fact in believed]
    assert len(now) == len(set(now)), "a fact believed twice"
    told = [(fact.topic, fact.value, fact.polarity, fact.source.message) for fact in versions]
    assert len(told) == len(set(told)), "a fact stored twice from one message"
    assert now, "nothing remembered"


async def check_facts_agree(store: Store, customers: list[Customer]) -> None:
    """Customers who said the same things, in whatever script, are known for the same things."""
    known = []
    async with store.reading() as books:
        for customer in customers:
            facts = await books.facts.believed(customer.id)
            known.append({(fact.topic, fact.value, str(fact.polarity)) for fact in facts if fact.stated})
    assert all(one == known[0] for one in known), known

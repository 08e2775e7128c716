"""Conversations that colleagues kept as tests are still understood as they should be, by the real bot."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from crm_store.models import MessageRow
from crm_store.store import Store
from one_to_one.teaching.judging import meaning
from tests.journey.shop_running import RunningShop

FOLDER = Path(__file__).parent / "conversations"
SHOP = "coffee"
PATIENCE_SECONDS = 120
KEPT = [
    path
    for path in sorted(FOLDER.glob("*.yml"))
    if yaml.safe_load(path.read_text(encoding="utf-8"))["shop"] == SHOP
]


@pytest.mark.parametrize("path", KEPT, ids=lambda path: path.stem)
def test_a_kept_conversation_is_understood_as_it_should_be(shop: RunningShop, path: Path) -> None:
    journey = yaml.safe_load(path.read_text(encoding="utf-8"))
    read = asyncio.run(replayed(shop, journey))
    for turn, message in zip(journey["turns"], read, strict=True):
        if "intent" in turn:
            assert message.intent == turn["intent"], turn
        if "facts" in turn:
            assert list(meaning(message.entities)) == turn["facts"], turn


async def answered(store: Store, customer: str) -> None:
    """Wait till nothing of the customer waits: a busy machine may be slow, and the inbox tries again."""
    for _ in range(PATIENCE_SECONDS * 5):
        async with store.reading() as books:
            if not await books.messages.unanswered(customer):
                return
        await asyncio.sleep(0.2)
    raise AssertionError("the shop doesn't answer")


async def replayed(shop: RunningShop, journey: dict[str, Any]) -> list[MessageRow]:
    """Say it all again; the messages as the shop understood them."""
    store = Store(shop.settings.store_url)
    async with httpx.AsyncClient(base_url=shop.url, timeout=90, trust_env=False) as web:
        session = (await web.post("/api/chat/sessions", json={"language": journey["language"]})).json()
        web.headers["Authorization"] = f"Bearer {session['token']}"
        buttons: dict[str, str] = {}
        for number, turn in enumerate(journey["turns"]):
            said = {"text": turn["says"]} if "says" in turn else {"payload": buttons[turn["taps"]]}
            answer = await web.post("/api/chat/messages", json={"id": str(number), **said})
            answer.raise_for_status()
            await answered(store, str(session["customer"]))
            talk = (await web.get("/api/chat/messages")).raise_for_status().json()["messages"]
            shown = [button for said in talk for button in said.get("buttons", [])]
            buttons = {button["title"]: button["payload"] for button in shown}
    async with store.reading() as books:
        rows = await books.messages.history(str(session["customer"]))
    await store.close()
    return [row for row in rows if row.direction == "in"]

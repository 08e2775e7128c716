"""Talking on Telegram: words in, words and buttons out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.unit.telegram_house import House, house, until, with_buttons


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path) as opened, opened.open():
        yield opened


async def test_what_is_typed_is_answered(shop: House) -> None:
    shop.api.say(1, "dark roast please")
    assert await shop.told(1, 1) == ["you said dark roast please"]


async def test_a_button_is_answered_acknowledged_and_shown_as_chosen(shop: House) -> None:
    shop.bot.script["hello"] = with_buttons(
        "Milk?", ("Yes", "answer:milk:dairy"), ("No", "answer:milk:black")
    )
    shop.api.say(1, "hello")
    await shop.told(1, 1)
    shop.api.tap(1, "No")
    assert await shop.told(1, 2) == ["Milk?", "you said answer:milk:black"]
    await until(lambda: shop.api.shown(1)[1]["buttons"] == ["✓ No"])
    assert shop.api.queries["1"]["answer"] == ""

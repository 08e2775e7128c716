"""The widget with everything behind it: real bot, real actions, real store."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.journey.browsing import browser, visiting
from tests.journey.shop_running import RunningShop

SAID = ".message-bubble:not(:has(.divider))"
"""What somebody said; the line that says "today" is there only after midnight."""

LIKES = {"zh-Hant": "我喝深焙", "zh-Hans": "我喝深烘", "en": "I like dark roasts"}


@pytest.mark.parametrize("language", LIKES)
async def test_a_customer_is_greeted_understood_and_finds_the_conversation_again(
    shop: RunningShop, language: str
) -> None:
    async with browser() as running, visiting(running, shop.url, language) as visitor:
        await visitor.come()
        await visitor.open()
        greeting = await visitor.frame.locator(".html-message").first.inner_text()
        before = await visitor.frame.locator(".html-message").count()
        await visitor.say(LIKES[language])
        await expect(visitor.frame.locator(".typing")).to_have_count(0)
        await expect(visitor.frame.locator(".html-message").nth(before)).to_be_visible()
        await visitor.frame.locator("#ways button").nth(1).click()  # what do you know about me?
        await expect(visitor.frame.locator(".typing")).to_have_count(0)
        said = await visitor.frame.locator(SAID).count()
        await visitor.come()
        await visitor.open()
        await expect(visitor.frame.locator(SAID)).to_have_count(said)
        assert await visitor.frame.locator(".html-message").first.inner_text() == greeting
        assert visitor.elsewhere == []
        assert visitor.errors == []

"""A colleague at the console of a running shop."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from playwright.async_api import Browser, Locator, Page, expect

from crm_store.store import Store
from one_to_one.roles import Role
from staff.who import COOKIE, PLACE, new_token
from tests.journey.browsing import visiting
from tests.journey.shop_running import RunningShop


class Desk:
    """The console as one colleague uses it: by keyboard."""

    def __init__(self, name: str, page: Page, url: str) -> None:
        self.name, self.page, self.url = name, page, url

    @property
    def queue(self) -> Locator:
        """The conversations that want a colleague or have one."""
        return self.page.locator(".queue .log-line")

    @property
    def bar(self) -> Locator:
        """Who answers, and what can be done about it."""
        return self.page.locator("#floor")

    @property
    def words(self) -> Locator:
        """Where one writes."""
        return self.page.locator("#floor-words")

    @property
    def last(self) -> Locator:
        """The newest message of the conversation."""
        return self.page.locator("#talk > :last-child")

    async def comes(self, to: str = "") -> None:
        """Open a page of the console, and be there for customers."""
        await self.page.goto(f"{self.url}{PLACE}{to}")
        await self.page.locator("body[data-listening]").wait_for()

    async def opens(self, customer: str) -> None:
        """Open a conversation."""
        await self.comes(f"/conversations/{customer}")
        await self.is_at(customer)

    async def is_at(self, customer: str) -> None:
        """Wait until the page of a conversation takes keys."""
        await self.page.wait_for_url(f"**/conversations/{customer}")
        await self.page.locator("body[data-listening]").wait_for()
        await self.bar.wait_for()

    async def presses(self, key: str) -> None:
        """Press a key of the page, and not of a field."""
        await self.page.keyboard.press("Escape")
        await self.page.keyboard.press(key)

    async def says(self, words: str) -> None:
        """Write to the customer."""
        await self.presses("m")
        await self.page.keyboard.type(words)
        await self.page.keyboard.press("Control+Enter")
        await expect(self.words).to_have_value("")

    async def hands_back(self, note: str) -> None:
        """Hand the conversation back."""
        await self.presses("b")
        await self.page.keyboard.type(note)
        await self.page.keyboard.press("Enter")
        await expect(self.bar).to_contain_text("The assistant answers.")


@asynccontextmanager
async def desk(
    running: Browser, shop: RunningShop, name: str, role: Role = Role.AGENT
) -> AsyncIterator[Desk]:
    """A colleague who has entered; how one enters is a test of its own."""
    token, now = new_token(), datetime.now(UTC)
    store = Store(shop.settings.store_url)
    async with store.transaction() as books:
        await books.staff.entered(await books.staff.add(name, now, role), 1, token, now)
    await store.close()
    async with visiting(running, shop.url) as visitor:
        await visitor.context.add_cookies([{"name": COOKIE, "value": token, "url": f"{shop.url}{PLACE}"}])
        yield Desk(name, visitor.page, shop.url)
        assert visitor.elsewhere == []

"""A real browser on a page with the widget."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import (
    Browser,
    BrowserContext,
    FrameLocator,
    Locator,
    Page,
    async_playwright,
    expect,
)

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium") or None  # None: the one Playwright brings
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LOCALES = {"zh-Hant": "zh-TW", "zh-Hans": "zh-CN", "en": "en-GB"}
PATIENCE = 120_000
"""Milliseconds: the machine may be busy."""

expect.set_options(timeout=PATIENCE)


@asynccontextmanager
async def browser() -> AsyncIterator[Browser]:
    """A chromium of its own."""
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield running
        await running.close()


class Visitor:
    """Somebody with a browser: what they see, and what their browser did behind their back."""

    def __init__(self, context: BrowserContext, page: Page, url: str) -> None:
        self.context = context
        self.page = page
        self.url = url
        self.elsewhere: list[str] = []
        self.errors: list[str] = []
        context.on("request", lambda request: self._asked(request.url))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda said: self.errors.append(said.text) if said.type == "error" else None)

    @property
    def frame(self) -> FrameLocator:
        """The widget's frame."""
        return self.page.frame_locator("dripwise-chat iframe")

    @property
    def bubble(self) -> Locator:
        """The round button."""
        return self.page.locator("dripwise-chat .bubble")

    @property
    def input(self) -> Locator:
        """Where one types."""
        return self.frame.locator("#text-input")

    def said(self, text: str) -> Locator:
        """A message, of either side, that contains this text."""
        return self.frame.locator("#messages .message-bubble", has_text=text)

    async def come(self, query: str = "") -> None:
        """Open the shop's page."""
        await self.page.goto(f"{self.url}/{query}")
        await self.bubble.wait_for()

    async def open(self) -> None:
        """Open the chat and wait for the shop's first words."""
        await self.bubble.click()
        await self.frame.locator("#messages .html-message .say").first.wait_for()

    async def say(self, text: str) -> None:
        """Type and press Enter."""
        await self.input.fill(text)
        await self.input.press("Enter")

    def _asked(self, url: str) -> None:
        if not url.startswith((f"{self.url}/", "data:", "blob:")):
            self.elsewhere.append(url)


@asynccontextmanager
async def visiting(
    running: Browser,
    url: str,
    language: str = "en",
    width: int = 1280,
    height: int = 800,
    scheme: str = "light",
) -> AsyncIterator[Visitor]:
    """Somebody who prefers this language and has a window of this size, in pixels."""
    context = await running.new_context(
        locale=LOCALES[language],
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",  # nothing is measured half-way
    )
    context.set_default_timeout(PATIENCE)
    yield Visitor(context, await context.new_page(), url)
    await context.close()

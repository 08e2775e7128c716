"""Review, correct, export, train: then the corrected sentence is understood. A browser and a real bot."""

from __future__ import annotations

import asyncio
import re
import subprocess
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pyotp
from playwright.async_api import Page, expect

from crm_store.models import MessageRow
from crm_store.store import Store
from settings import ROOT
from tests.journey.browsing import browser, visiting
from tests.journey.chatting import PATIENCE_SECONDS, Customer
from tests.journey.shop_running import RunningShop, until

SENTENCE = "kindly forward me to whoever is in charge, I'm Rosalinde, 0912345678"
RIGHT = "human"
PASSWORD = "the kettle sings at seven"
MOST_SECONDS = 900


def dripwise(shop: RunningShop, *arguments: str) -> str:
    """Run a command in the shop's home; what it printed. Fails when it does."""
    done = subprocess.run(
        [str(ROOT / "dripwise"), *arguments],
        env=shop.environment,
        capture_output=True,
        text=True,
        timeout=MOST_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout


async def last_read(shop: RunningShop, customer: str) -> MessageRow:
    """The customer's last message, as it was understood, once it is answered."""
    store = Store(shop.settings.store_url)
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                async with store.reading() as books:
                    rows = [row for row in await books.messages.history(customer) if row.direction == "in"]
                if rows[-1].state == "answered":
                    return rows[-1]
                await asyncio.sleep(0.1)
    finally:
        await store.close()


async def enter(page: Page, shop: RunningShop) -> None:
    """Accept the invitation, and enter with the password and the next code."""
    told = await asyncio.to_thread(dripwise, shop, "staff", "add", "Mei", "--role", "reviewer")
    found = re.search(r"/staff/welcome/\S+", told)
    assert found is not None, told
    await page.goto(f"{shop.url}{found[0]}")
    secret = await page.locator("input[name=secret]").get_attribute("value")
    assert secret is not None
    codes = pyotp.TOTP(secret)
    for name in ("password", "again"):
        await page.locator(f"input[name={name}]").fill(PASSWORD)
    await page.locator("input[name=code]").fill(codes.now())
    await page.locator("main form button").click()
    await page.wait_for_url("**/staff/login")
    await page.locator("input[name=name]").fill("Mei")
    await page.locator("input[name=password]").fill(PASSWORD)
    next_step = datetime.fromtimestamp((time.time() // 30 + 1) * 30, UTC)
    await page.locator("input[name=code]").fill(codes.at(next_step))
    await page.locator("main form button").click()
    await page.wait_for_url(re.compile(r"/staff/?$"))


async def correct(page: Page, shop: RunningShop, message: int) -> None:
    """In the panel of a message: another intent, nothing was meant, reviewed, kept as a test."""
    await page.goto(f"{shop.url}/staff/messages/{message}/teach")
    await page.locator("#teach-intent-words").select_option(RIGHT)
    await expect(page.locator("#teach-intent .tag")).to_be_visible()
    await page.locator("#teach-journey").click()
    await expect(page.locator("#teach-journey")).to_have_attribute("aria-pressed", "true")
    await page.locator("#teach-done-button").click()
    await expect(page.locator("#teach-done .tag.good")).to_be_visible()


async def reviewed(shop: RunningShop, message: int) -> None:
    async with browser() as running, visiting(running, shop.url) as colleague:
        await enter(colleague.page, shop)
        await correct(colleague.page, shop, message)
        assert colleague.errors == []
        assert colleague.elsewhere == []


def test_a_corrected_sentence_is_understood_after_training(
    open_shop: Callable[..., RunningShop], tmp_path: Path
) -> None:
    shop = open_shop()
    customer = Customer(shop.url)
    customer.say(SENTENCE)
    before = asyncio.run(last_read(shop, customer.id))
    assert before.intent != RIGHT
    asyncio.run(reviewed(shop, before.id))
    file = tmp_path / "taught.patch"
    dripwise(shop, "export", "training", "--out", str(file))
    patch = file.read_text(encoding="utf-8")
    assert "+      - kindly forward me to whoever is in charge" in patch
    assert "Rosalinde" not in patch
    assert "0912345678" not in patch
    bot = shop.pid("bot")
    assert "Switched" in dripwise(shop, "train", "--candidate")
    until(lambda: shop.pid("bot") != bot, PATIENCE_SECONDS, "the bot wasn't started again")
    shop.wait_ready()
    again = Customer(shop.url)
    again.say(SENTENCE)
    assert asyncio.run(last_read(shop, again.id)).intent == RIGHT
    customer.close()
    again.close()

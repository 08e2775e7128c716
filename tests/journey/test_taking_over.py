"""A customer wants a person: taken over from Telegram and from the web page, and handed back. All is real."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable

from playwright.async_api import expect

from crm_store.store import Store
from tests.journey.browsing import browser, visiting
from tests.journey.desks import Desk, desk
from tests.journey.phones import PATIENCE_SECONDS, Phone
from tests.journey.shop_running import RunningShop, until


async def customer_of(shop: RunningShop, user: int) -> str:
    store = Store(shop.settings.store_url)
    async with store.reading() as books:
        row = await books.customers.find("telegram", str(user))
    await store.close()
    assert row is not None
    return row.id


async def newest(shop: RunningShop) -> str:
    """Who asked for a person last."""
    store = Store(shop.settings.store_url)
    async with store.reading() as books:
        listed = await books.floor.listed()
    await store.close()
    return max(listed, key=lambda one: one.handover.id).customer.id


async def hears(phone: Phone, words: str) -> None:
    """Wait until the phone has shown these words, and it has shown them once."""
    await asyncio.to_thread(
        until, lambda: any(words in said for said in phone.said()), PATIENCE_SECONDS, f"{words!r} isn't said"
    )
    assert sum(words in said for said in phone.said()) == 1


async def one_takes(first: Desk, second: Desk) -> tuple[Desk, Desk]:
    """Both press at once: who has the conversation, and who was too late."""
    await asyncio.gather(first.presses("t"), second.presses("t"))
    has = first.bar.get_by_text("You have this conversation")
    await expect(has.or_(first.bar.get_by_text("has this conversation."))).to_be_visible()
    return (first, second) if await has.is_visible() else (second, first)


async def test_a_conversation_is_taken_over_from_telegram_and_handed_back(
    telegram_shop: RunningShop, phone: Callable[[int, str], Phone]
) -> None:
    me = phone(51, "en")
    await asyncio.to_thread(me.hears, lambda: me.say("I like dark roast"), "dark")
    async with (
        browser() as running,
        desk(running, telegram_shop, "Mei") as mei,
        desk(running, telegram_shop, "Bo") as bo,
    ):
        await mei.comes()
        await asyncio.to_thread(me.hears, lambda: me.say("I want to talk to a person"), "who is here")
        await expect(mei.queue.filter(has_text="I want to talk to a person").first).to_be_visible()
        await expect(mei.page.locator("[data-waiting]")).to_be_visible()
        customer = await customer_of(telegram_shop, me.user)
        await mei.opens(customer)
        await bo.opens(customer)
        has, late = await one_takes(mei, bo)
        await hears(me, f"{has.name} is here and answers from now on")
        await expect(late.bar).to_contain_text(f"{has.name} has this conversation.")
        assert not any(f"{late.name} is here" in said for said in me.said())

        me.say("recommend me something")
        await expect(has.last).to_contain_text("recommend me something")
        dark = re.compile("dark", re.IGNORECASE)  # an earlier suggestion may stand there still
        await has.page.locator(".floor-suggested button", has_text=dark).first.click()
        await expect(has.words).to_have_value(dark)
        offered = await has.words.input_value()
        await has.page.keyboard.press("Control+Enter")
        await hears(me, f"{has.name}: {offered}")
        await has.presses("o")
        await has.page.locator(".floor-ready button", has_text="Anything else?").click()
        await has.page.keyboard.press("Control+Enter")
        await hears(me, "Is there anything else I can do for you?")

        await has.presses("m")
        await has.page.keyboard.type("half a sentence")
        await has.page.reload()
        await expect(has.words).to_have_value("half a sentence")
        await has.words.fill("")

        with me.cut_off():
            await has.says("said while Telegram was down")
            telegram_shop.kill("web")
        me.say("said while the shop was down")
        await expect(has.last).to_contain_text("said while the shop was down")
        await hears(me, "said while Telegram was down")

        await has.hands_back("gets a sample of the dark one")
        await expect(late.bar).to_contain_text("gets a sample of the dark one")
        await hears(me, f"{has.name} has handed back to me")
        await asyncio.to_thread(me.hears, lambda: me.say("what do you know about me?"), "dark")
        assert sum(said.startswith(f"{has.name}: ") for said in me.said()) == 3


async def test_a_conversation_is_taken_over_on_the_web_page_and_handed_back(shop: RunningShop) -> None:
    async with (
        browser() as running,
        visiting(running, shop.url) as visitor,
        desk(running, shop, "Mei") as mei,
    ):
        await mei.comes()
        await visitor.come()
        await visitor.open()
        status = visitor.frame.locator("#status")
        await visitor.frame.locator("#ways button").nth(2).click()  # a person
        await expect(visitor.said("who is here")).to_be_visible()
        customer = await newest(shop)
        await mei.page.locator(f".queue a[href$='{customer}']").click()
        await mei.is_at(customer)
        await mei.presses("t")
        await expect(visitor.said("Mei is here")).to_be_visible()
        await expect(status).to_have_text("Mei is answering")
        await mei.says("Hello, what can I do for you?")
        await expect(visitor.said("Hello, what can I do for you?")).to_be_visible()
        await visitor.say("is my parcel on its way?")
        await expect(mei.last).to_contain_text("is my parcel on its way?")
        await expect(visitor.frame.locator(".typing")).to_have_count(0)
        await mei.says("It left this morning.")
        await expect(visitor.said("It left this morning.")).to_be_visible()
        await mei.hands_back("")
        await expect(visitor.said("Mei has handed back")).to_be_visible()
        await expect(status).not_to_contain_text("Mei")
        await visitor.say("when are you open?")
        await expect(visitor.said("Tuesday to Sunday")).to_be_visible()
        assert visitor.errors == []

"""The customer card in a real browser: beside a conversation, changed by keyboard, and a merge undone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from one_to_one.facts import Polarity
from one_to_one.roles import Role
from tests.journey.test_console import HOSTILE, colleague
from tests.unit.made_customers import arrives, joined, rich
from tests.unit.serving import served
from tests.unit.shopfronts import Front


@pytest.fixture
async def front(tmp_path: Path) -> AsyncIterator[Front]:
    made = Front(tmp_path)
    yield made
    await made.store.close()


async def axe_finds_nothing(page: Page, where: str) -> None:
    """And nothing is wider than the window."""
    found = await Axe().run(page)
    assert found.violations_count == 0, f"{where}: {found.generate_report()}"
    spilt = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert spilt <= 0, where


async def test_a_fact_is_corrected_beside_the_conversation_and_the_timeline_tells(front: Front) -> None:
    async with front.store.transaction() as books:
        one = await rich(front, books)
        facts = {fact.topic: fact.id for fact in await books.facts.believed(one.id)}
    async with served(front.shopfront) as url, colleague(front, url, Role.AGENT) as visitor:
        page = visitor.page
        await page.goto(f"{url}/staff/conversations/{one.id}")
        await expect(page.locator("#card h2").first).to_have_text("Harriet")
        await expect(page.locator(".briefing")).to_contain_text("complained")
        await axe_finds_nothing(page, "beside a conversation")
        grain = page.locator(f"#fact-{facts['grain']}")
        await grain.locator("> summary").focus()
        await page.keyboard.press("Enter")
        await grain.locator(f"#correct-{facts['grain']} summary").focus()
        await page.keyboard.press("Enter")
        await grain.locator("[name=value]").select_option("spelt")
        await grain.locator("[name=polarity]").focus()
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        await expect(page.locator("#card")).to_contain_text("spelt")
        await expect(page.locator("#card-known > summary")).to_be_focused()
        await page.keyboard.press("v")
        await page.wait_for_url(f"{url}/staff/customers/{one.id}")
        await expect(page.locator(".timeline")).to_contain_text("corrected · grain: rye")
        await axe_finds_nothing(page, "the card")
        assert visitor.errors == []
        assert visitor.elsewhere == []
    async with front.store.reading() as books:
        believed = {fact.value for fact in await books.facts.believed(one.id) if fact.topic == "grain"}
    assert believed == {"spelt"}


async def test_a_merge_is_undone_after_it_was_said_what_happens(front: Front) -> None:
    async with front.store.transaction() as books:
        stays, goes = await joined(front, books)
    async with served(front.shopfront) as url, colleague(front, url, Role.AGENT, width=390) as visitor:
        page = visitor.page
        await page.goto(f"{url}/staff/customers/{stays.id}")
        await page.locator("#card-merges details summary").click()
        await expect(page.locator(".confirming")).to_contain_text("Then there are two customers again")
        await axe_finds_nothing(page, "asking whether to undo")
        await page.locator(".confirming button").click()
        await expect(page.locator("#card-merges")).to_contain_text("undone")
        await page.locator(f"#card-merges a[href$='{goes.id}']").click()
        await expect(page.locator("#card-known")).to_contain_text("spelt")
        assert visitor.errors == []


async def test_hostile_customers_do_nothing_and_axe_finds_nothing_in_the_room(front: Front) -> None:
    async with front.store.transaction() as books:
        one = await arrives(front, books)
        await one.tells("name", HOSTILE[:450], words=HOSTILE)
        await one.tells("contains", HOSTILE[:450], Polarity.NEVER, HOSTILE)
        await one.complains(HOSTILE)
    async with served(front.shopfront) as url:
        for scheme, width in (("light", 1280), ("dark", 390)):
            async with colleague(front, url, Role.AGENT, scheme=scheme, width=width) as visitor:
                for path in ("", "/open", "/open?show=promises", f"/{one.id}", f"/{one.id}/card"):
                    await visitor.page.goto(f"{url}/staff/customers{path}")
                    assert await visitor.page.title() != "mine", path
                    await axe_finds_nothing(visitor.page, f"{path} {scheme}")
                solving = visitor.page.locator("input[name=words]").first
                await visitor.page.goto(f"{url}/staff/customers/open")
                if scheme == "dark":
                    await solving.fill("a new loaf")
                    await visitor.page.keyboard.press("Enter")
                    await expect(visitor.page.locator(".dues li")).to_have_count(0)
                assert visitor.errors == []
                assert visitor.elsewhere == []

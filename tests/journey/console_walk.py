"""Walking through the console in a browser: every page that is served, every panel that opens beside one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, Page, expect

from channels.web import make_app
from one_to_one.roles import Role
from staff.pages import TONGUE
from staff.who import COOKIE, PLACE, new_token
from tests.journey.browsing import Visitor, visiting
from tests.unit.colleagues import invite
from tests.unit.serving import asked
from tests.unit.shopfronts import Front
from tests.unit.ways import page_addresses

OPENS_PANEL = "[hx-target='#panel-body']"


@asynccontextmanager
async def entered(
    front: Front, running: Browser, url: str, language: str, width: int = 1280, scheme: str = "light"
) -> AsyncIterator[Visitor]:
    """An owner who has entered, in a window of this width; the console speaks this language."""
    token = await token_of(front)
    async with visiting(running, url, language=language, width=width, scheme=scheme) as visitor:
        place = f"{url}{PLACE}"
        await visitor.context.add_cookies(
            [
                {"name": COOKIE, "value": token, "url": place},
                {"name": TONGUE, "value": language, "url": place},
            ]
        )
        yield visitor


async def addresses(front: Front, customer: str) -> list[str]:
    """Every page about this customer and the shop, those before entering included; found among the routes."""
    async with asked(front.shopfront) as browser:
        browser.cookies.set(COOKIE, await token_of(front), path=PLACE)
        found = await page_addresses(make_app(front.shopfront), browser, customer)
        types = {path: (await browser.get(path)).headers["content-type"] for path in found}
    found = [path for path, type_ in types.items() if type_.startswith("text/html")]
    invitation = await invite(front, "Bo")
    return [*found, f"{PLACE}/login", f"{PLACE}/welcome/{invitation}", f"{PLACE}/nothing/such"]


async def token_of(front: Front) -> str:
    """The token of a session that an owner has opened."""
    token = new_token()
    async with front.store.transaction() as books:
        colleague = await books.staff.add("Mei", front.clock(), Role.OWNER)
        await books.staff.entered(colleague, 1, token, front.clock())
    return token


async def panels(page: Page) -> list[str]:
    """A button of each kind that opens a panel from this page: what is fetched, numbers aside."""
    found: list[str] = await page.locator(OPENS_PANEL).evaluate_all(
        "all => [...new Map(all.filter(one => one.checkVisibility()).map(one => "
        "[one.getAttribute('hx-get').split('/').pop(), one.getAttribute('hx-get')])).values()]"
    )
    return found


async def open_panel(page: Page, address: str) -> None:
    """Press what opens a panel, and wait until it stands there."""
    button = page.locator(f"{OPENS_PANEL}[hx-get='{address}']").first
    await page.wait_for_function("window.htmx !== undefined")
    async with page.expect_response(lambda answer: answer.url.endswith(address)):
        await button.click()
    await expect(page.locator("#panel h2").first).to_be_focused()


async def shut_panel(page: Page) -> None:
    await page.keyboard.press("Escape")
    await expect(page.locator("#panel")).to_be_hidden()

"""The whole console in a browser: hostile words do nothing, axe finds nothing, and keys reach everything."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.async_api import Page

from one_to_one.language import Language
from tests.journey.browsing import browser
from tests.journey.console_walk import addresses, entered, open_panel, panels, shut_panel
from tests.unit.furnishing import furnish
from tests.unit.serving import served
from tests.unit.shopfronts import Front

HOSTILE = (
    '</textarea></select></title></script><script>window.mine=1</script><img src=x onerror="window.mine=1">'
    "\"' onmouseover=\"window.mine=1\" autofocus onfocus='window.mine=1' "
    '<a href="javascript:window.mine=1">x</a> {{ 7 * 7 }} ${7 * 7} '
    "{% raw %} \u202egnirts\u2066\u200b\x07\x1b[31m "
    "Z\u0351\u036b\u0343\u0363\u0363\u0316\u0348a \U0001f469\u200d\U0001f469\u200d\U0001f467 " + "w" * 5000
)

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OF_LOOKS = ["color-contrast", "target-size", "scrollable-region-focusable"]
"""Rules of axe that the size of the window and the scheme of colours can change."""

type Looks = tuple[tuple[int, str], ...]
LOOKS: Looks = ((1280, "light"), (1280, "dark"), (390, "dark"), (390, "light"))
OTHER_TONGUES: Looks = ((390, "light"),)
"""Colours don't depend on the language; what fits on a phone does."""

BEGIN = """() => {
  const top = document.createElement("span")
  top.tabIndex = -1
  document.body.prepend(top)
  top.focus()
  top.remove() // blur alone would have Tab go on from where the focus was
  const can = "a[href], button:not([disabled]), input:not([type=hidden]), select, textarea, summary, " +
    "[tabindex='0']"
  const isReachable = one => one.matches(can) && one.tabIndex >= 0 && !one.closest("[inert]") &&
    one.checkVisibility({ visibilityProperty: true })
  window.reachable = new Set([...document.querySelectorAll("*")].filter(isReachable))
  return window.reachable.size
}"""

STEP = """() => {
  const at = document.activeElement
  if (!at || at === document.body) return null
  window.reachable.delete(at)
  const [style, box] = [getComputedStyle(at), at.getBoundingClientRect()]
  return {
    name: at.outerHTML.slice(0, 120),
    ringed: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0,
    seen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight,
  }
}"""

MISSED = "[...window.reachable].filter(one => one.isConnected).map(one => one.outerHTML.slice(0, 120))"


@pytest.fixture
async def front(tmp_path: Path) -> AsyncIterator[Front]:
    made = Front(tmp_path)
    yield made
    await made.store.close()


async def judge(page: Page, about: str, looks: Looks) -> None:
    """In these sizes and schemes of colours: nothing of axe, nothing beyond the edge, no script has run."""
    await page.evaluate(AXE_SCRIPT)
    for width, scheme in looks:
        await page.set_viewport_size({"width": width, "height": 800})
        await page.emulate_media(
            color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce"
        )
        rules: dict[str, object] = {"type": "tag", "values": RULES}
        if (width, scheme) != looks[0]:
            rules = {"type": "rule", "values": OF_LOOKS}
        options: dict[str, object] = {"resultTypes": ["violations"], "runOnly": rules}
        options["rules"] = {"target-size": {"enabled": True}}
        found: Any = await page.evaluate("options => axe.run(options)", options)
        assert not found["violations"], f"{about} {width} {scheme}: {AxeResults(found).generate_report()}"
        spilt = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert spilt <= 0, (about, width, spilt)
    assert await page.evaluate("window.mine") is None, about
    await page.set_viewport_size({"width": 1280, "height": 800})


async def test_hostile_words_do_nothing_and_axe_finds_nothing_anywhere(front: Front) -> None:
    customer = await furnish(front, HOSTILE)
    found = await addresses(front, customer.id)
    async with served(front.shopfront) as url, browser() as running:
        for language in Language:
            looks = LOOKS if language is Language.TRADITIONAL else OTHER_TONGUES
            async with entered(front, running, url, language) as visitor:
                page = visitor.page
                for path in found:
                    answer = await page.goto(url + path)
                    assert answer is not None
                    await judge(page, f"{path} {language}", looks)
                    for panel in await panels(page):
                        await open_panel(page, panel)
                        await judge(page, f"{path} with {panel} {language}", looks)
                        await shut_panel(page)
                assert visitor.elsewhere == []
                assert [error for error in visitor.errors if "404" not in error] == []


async def test_everything_is_reached_by_tab_with_its_focus_seen_and_nothing_holds_it(front: Front) -> None:
    customer = await furnish(front, "Two bags, please")
    found = await addresses(front, customer.id)
    async with (
        served(front.shopfront) as url,
        browser() as running,
        entered(front, running, url, "en") as visitor,
    ):
        for path in found:
            answer = await visitor.page.goto(url + path)
            assert answer is not None
            if answer.headers.get("content-type", "").startswith("text/html"):
                await walk(visitor.page, path)
                for panel in await panels(visitor.page):
                    await open_panel(visitor.page, panel)
                    await walk(visitor.page, f"{path} with {panel}")
                    await shut_panel(visitor.page)


async def walk(page: Page, about: str) -> None:
    """Press Tab from the top to the end."""
    stops = []
    for _ in range(4 * await page.evaluate(BEGIN) + 10):  # a date has several stops
        await page.keyboard.press("Tab")
        at = await page.evaluate(STEP)
        if at is None:
            break
        assert at["ringed"], (about, "focus isn't seen", at["name"])
        assert at["seen"], (about, "focus is out of sight", at["name"])
        stops.append(at["name"])
    else:
        raise AssertionError((about, "the focus is held", stops[-1]))
    assert await page.evaluate(MISSED) == [], about
    assert 'class="skip"' in stops[0], (about, "the first stop skips the rooms")

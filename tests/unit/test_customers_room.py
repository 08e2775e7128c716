"""The room of customers: the list, the search, and what is owed to them, put right with a click."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from one_to_one.roles import Role
from staff.customers import cut, cut_of, sort_of
from tests.unit.colleagues import form_token, settled
from tests.unit.made_customers import arrives
from tests.unit.serving import asked
from tests.unit.shopfronts import Front

HOSTILE = "<b>Eve</b>\u202e" + "w" * 900


@pytest.fixture
async def browser(front: Front) -> AsyncIterator[httpx.AsyncClient]:
    async with asked(front.shopfront) as one:
        one.headers["Accept-Language"] = "en"
        await settled(front, one, Role.AGENT)
        yield one


async def named(front: Front, *names: str) -> list[str]:
    """Customers of these names, who came one after the other."""
    found = []
    async with front.store.transaction() as books:
        for name in names:
            one = await arrives(front, books)
            await one.tells("name", name)
            found.append(one.id)
            front.clock.turn(minutes=1)
    return found


async def masks(front: Front) -> None:
    async with front.store.transaction() as books:
        row = await books.staff.named("Mei")
        assert row is not None
        row.masked = True


async def posts(browser: httpx.AsyncClient, path: str, **fields: str) -> httpx.Response:
    data = {"_csrf_token": await form_token(browser, "/staff/"), "on": "line", **fields}
    return await browser.post(path, data=data, headers={"HX-Request": "true"})


async def test_the_list_shows_names_the_latest_first_and_the_look_is_audited(
    front: Front, browser: httpx.AsyncClient
) -> None:
    first, last = await named(front, "Harriet", HOSTILE)
    page = (await browser.get("/staff/customers")).text
    assert page.index(last) < page.index(first)
    assert "Harriet" in page
    assert "<b>Eve" not in page
    assert "\u202e" not in page
    async with front.store.reading() as books:
        (newest,) = await books.audit.latest(1)
    assert (newest.what, newest.detail) == ("listed customers", {"found": 2})


async def test_it_goes_on_behind_fifty_and_everybody_is_there_once(
    front: Front, browser: httpx.AsyncClient
) -> None:
    people = await named(front, *(f"No {number}" for number in range(53)))
    page = (await browser.get("/staff/customers?sort=last")).text
    more = page.split('data-key="n"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    rest = (await browser.get(more)).text
    assert [person for person in people if person in page] == people[3:]
    assert [person for person in people if person in rest] == people[:3]


async def test_somebody_is_found_by_name_and_by_what_they_said(
    front: Front, browser: httpx.AsyncClient
) -> None:
    harriet, _ = await named(front, "Harriet", "Joe")
    for typed, there in (("harri", True), ("Harriet!", True), ("nobody", False)):
        page = (await browser.get("/staff/customers", params={"q": typed})).text
        assert (harriet in page) == there, typed


async def test_a_masked_colleague_sees_names_in_part_everywhere(
    front: Front, browser: httpx.AsyncClient
) -> None:
    async with front.store.transaction() as books:
        one = await arrives(front, books)
        await one.tells("name", "Harriet", words="I'm Harriet, call +886 912 345 678")
        await one.complains("Harriet waits; call +886 912 345 678")
        await books.customers.identify(one.id, "telegram", "912345678", "telegram", front.clock())
    await masks(front)
    for path in ("", "/open", "/open?show=promises", f"/{one.id}", f"/{one.id}/card"):
        page = (await browser.get(f"/staff/customers{path}")).text
        assert one.id in page, path
        assert "Harriet" not in page, path
        assert not any(number in page for number in ("345 678", "345678")), path
    assert one.id not in (await browser.get("/staff/customers?q=harriet")).text  # nor is anybody guessed
    today = (await browser.get("/staff/")).text
    assert one.id in today
    assert "Harriet" not in today


async def test_complaints_are_solved_noted_and_opened_again_and_promises_kept(
    front: Front, browser: httpx.AsyncClient
) -> None:
    async with front.store.transaction() as books:
        one = await arrives(front, books)
        complaint = await one.complains("the crust was burnt")
    at = f"/staff/customers/{one.id}"
    assert "the crust was burnt" in (await browser.get("/staff/customers/open")).text
    await posts(browser, f"{at}/complaints/{complaint}/note", words="Called, no answer")
    assert "Called, no answer" in (await browser.get("/staff/customers/open")).text
    assert (await posts(browser, f"{at}/complaints/{complaint}/solve")).status_code == 400
    solved = await posts(browser, f"{at}/complaints/{complaint}/solve", words="a new loaf")
    assert (solved.status_code, solved.text) == (201, "")
    assert "a new loaf" in (await browser.get("/staff/customers/open?show=solved")).text
    assert (await posts(browser, f"{at}/complaints/{complaint}/solve", words="again")).status_code == 409
    await posts(browser, f"{at}/complaints/{complaint}/reopen")
    assert "Put right 1 × before" in (await browser.get("/staff/customers/open")).text
    async with front.store.transaction() as books:
        assert [row.kept_at for row in await books.promises.listed(one.id)] == [front.clock()]
        row = await books.promises.add(one.id, None, "call back", "Mei", front.clock(), front.clock())
    front.clock.turn(minutes=5)
    promises = (await browser.get("/staff/customers/open?show=promises")).text
    assert "an answer to the complaint" not in promises
    assert "call back" in promises
    await posts(browser, f"{at}/promises/{row.id}/keep")
    assert "Nothing here" in (await browser.get("/staff/customers/open?show=promises")).text
    async with front.store.reading() as books:
        acts = [row.what for row in await books.audit.listed(one.id)]
    assert acts == ["noted something", "solved a complaint", "reopened a complaint", "kept a promise"]


async def test_what_is_another_customers_is_not_changed_through_this_one(
    front: Front, browser: httpx.AsyncClient
) -> None:
    async with front.store.transaction() as books:
        one, other = await arrives(front, books), await arrives(front, books)
        complaint = await one.complains("late")
        fact = await one.tells("grain", "rye")
    for act in (
        f"complaints/{complaint}/solve",
        f"complaints/{complaint}/note",
        "promises/1/keep",
        f"facts/{fact}/reject",
        "merges/1/undo",
        f"complaints/{2**63}/solve",
    ):
        refused = await posts(browser, f"/staff/customers/{other.id}/{act}", words="x")
        assert refused.status_code == 409, act
    assert (await posts(browser, f"/staff/customers/nobody/facts/{fact}/reject")).status_code == 404


@pytest.mark.parametrize(
    "typed", ["", "x", "last_1_2", "bought_x_c", "contacted_nan_1", "contacted_1_x", "rest__"]
)
def test_an_address_that_makes_no_sense_begins_at_the_top(typed: str) -> None:
    assert cut_of(typed, sort_of("last")) is None


@pytest.mark.parametrize("typed", ["contacted_1793534400.000001_7", "rest_0_cabc"])
def test_a_page_ends_where_the_next_begins(typed: str) -> None:
    found = cut_of(typed, sort_of("last"))
    assert found is not None
    assert cut(found) == typed

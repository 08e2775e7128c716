"""A masked colleague reads no name and no number of a customer: not on any page, part, title or header."""

from __future__ import annotations

import re

import httpx
import pytest

from channels.web import make_app
from one_to_one.roles import Role
from staff import logs
from staff.masking import DOTS
from staff.who import COOKIE, PLACE, new_token
from tests.unit.furnishing import Furnished, furnish
from tests.unit.shopfronts import Front
from tests.unit.ways import page_addresses

NAME, NUMBER, MAIL = "Rosalinde", "0912345678", "rosa@linde.example"
WORDS = f"I am {NAME}, call {NUMBER} or {MAIL}"


@pytest.fixture
async def customer(front: Front) -> Furnished:
    """Somebody who says their name, number and address wherever something can be said."""
    return await furnish(front, WORDS, NAME, ours="to be called")


@pytest.fixture
async def masked(front: Front, browser: httpx.AsyncClient) -> httpx.AsyncClient:
    """A masked owner: every page opens, and none tells all."""
    token = new_token()
    async with front.store.transaction() as books:
        colleague = await books.staff.add("Mei", front.clock(), Role.OWNER)
        colleague.masked = True
        await books.staff.entered(colleague, 1, token, front.clock())
    browser.cookies.set(COOKIE, token, domain="shop.test", path="/staff")
    return browser


async def see(front: Front, *, everything: bool) -> None:
    async with front.store.transaction() as books:
        colleague = await books.staff.named("Mei")
        assert colleague is not None
        colleague.masked = not everything


def found_in(answer: httpx.Response) -> list[str]:
    told = f"{answer.text} {answer.headers}".lower()
    return [secret for secret in (NAME, NUMBER, MAIL) if secret.lower() in told]


async def test_no_page_and_no_part_tells_a_name_or_a_number(
    front: Front, masked: httpx.AsyncClient, customer: Furnished
) -> None:
    await see(front, everything=True)
    found = await page_addresses(make_app(front.shopfront), masked, customer.id)
    await see(front, everything=False)
    told = {}
    for path in found:
        for headers in ({}, {"HX-Request": "true"}):
            answer = await masked.get(path, headers=headers)
            assert answer.status_code < 400, path
            if secrets := found_in(answer):
                told[path] = secrets
    assert told == {}, str(told)


async def test_who_is_not_masked_reads_them(
    front: Front, masked: httpx.AsyncClient, customer: Furnished
) -> None:
    await see(front, everything=True)
    answer = await masked.get(f"{PLACE}/conversations/{customer.id}")
    assert found_in(answer) == [NAME, NUMBER, MAIL]


@pytest.mark.parametrize("room", ["conversations", "customers"])
@pytest.mark.parametrize("guess", [NAME, NUMBER, "09123", MAIL, "Rosa"])
async def test_a_masked_search_finds_nothing_by_what_is_masked(
    masked: httpx.AsyncClient, customer: Furnished, guess: str, room: str
) -> None:
    page = (await masked.get(f"{PLACE}/{room}", params={"q": guess})).text
    assert f'href="{PLACE}/{room}/{customer.id}' not in page


@pytest.mark.parametrize(("hidden", "older"), [(3, False), (4, True)])
async def test_a_masked_search_reads_on_over_what_may_not_be_found(
    front: Front, masked: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, hidden: int, older: bool
) -> None:
    monkeypatch.setattr(logs, "ROWS", 2)
    plain = 2 if hidden == 3 else 3
    async with front.store.transaction() as books:
        row = (await books.customers.create("en", front.clock())).id
        for text in ["code 4711"] * plain + ["code 47110815"] * hidden:
            await books.messages.receive(row, "web", None, front.clock(), text)
    page = (await masked.get(f"{PLACE}/conversations", params={"q": "4711"})).text
    assert page.count("<mark>4711</mark>") == 2
    assert ("before=" in page) == older
    nothing = (await masked.get(f"{PLACE}/conversations", params={"q": "47110815"})).text
    assert "before=" not in nothing


async def test_a_masked_search_finds_what_is_not(masked: httpx.AsyncClient, customer: Furnished) -> None:
    page = (await masked.get(f"{PLACE}/conversations", params={"q": "call"})).text
    assert f'href="{PLACE}/conversations/{customer.id}' in page
    page = (await masked.get(f"{PLACE}/customers", params={"q": customer.id})).text
    assert f'href="{PLACE}/customers/{customer.id}' in page


async def test_what_is_read_as_dots_is_not_kept_as_dots(
    front: Front, masked: httpx.AsyncClient, customer: Furnished
) -> None:
    page = (await masked.get(f"/staff/customers/{customer.id}")).text
    at = next(iter(re.findall(rf'"(/staff/customers/{customer.id}/facts/\d+/correct)"', page)), "")
    form = re.search(r'name="_csrf_token" value="([^"]+)"', page)
    assert at
    assert form
    kept = {"value": f"R{DOTS}", "polarity": "likes", "_csrf_token": form[1]}
    assert (await masked.post(at, data=kept)).status_code == 400

"""The customer card: what it says, what colleagues change on it, and what it refuses."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from one_to_one.facts import Polarity
from one_to_one.roles import Role
from tests.unit.colleagues import form_token, settled
from tests.unit.made_customers import arrives, joined, rich
from tests.unit.serving import asked
from tests.unit.shopfronts import Front


@pytest.fixture
async def customer(front: Front) -> str:
    """Somebody with a past; made before anybody enters, since time goes on meanwhile."""
    async with front.store.transaction() as books:
        return (await rich(front, books)).id


@pytest.fixture
async def browser(front: Front, customer: str) -> AsyncIterator[httpx.AsyncClient]:
    async with asked(front.shopfront) as one:
        one.headers["Accept-Language"] = "en"
        await settled(front, one, Role.AGENT)
        yield one


async def does(browser: httpx.AsyncClient, customer: str, act: str, **fields: str) -> httpx.Response:
    data = {"_csrf_token": await form_token(browser, "/staff/"), "on": "page", **fields}
    path = f"/staff/customers/{customer}/{act}"
    return await browser.post(path, data=data, headers={"HX-Request": "true"})


async def test_the_card_says_who_they_are_what_is_known_and_what_is_owed(
    front: Front, browser: httpx.AsyncClient, customer: str
) -> None:
    page = (await browser.get(f"/staff/customers/{customer}")).text
    for said in (
        "Harriet",
        "rye, always",
        "no gluten, I&#39;m allergic",
        "the crust was &lt;b&gt;burnt&lt;/b&gt;",
        "an answer to the complaint",
        "declined",
        "Rice",
        "supposed",
        "Remembering contains",
        "Came by",
    ):
        assert said in page, said
    assert "<b>burnt" not in page
    async with front.store.reading() as books:
        assert "looked at a card" in [row.what for row in await books.audit.listed(customer)]


async def test_beside_a_conversation_the_same_is_a_part(browser: httpx.AsyncClient, customer: str) -> None:
    part = await browser.get(f"/staff/customers/{customer}/card", headers={"HX-Request": "true"})
    assert part.text.lstrip().startswith('<div id="card" class="customer side"')
    assert "<html" not in part.text
    assert "Timeline" not in part.text


async def test_facts_are_confirmed_corrected_and_rejected_and_the_timeline_tells(
    front: Front, browser: httpx.AsyncClient
) -> None:
    async with front.store.transaction() as books:
        one = await arrives(front, books)
        facts = {value: await one.tells("grain", value) for value in ("rye", "wheat", "spelt")}
    await does(browser, one.id, f"facts/{facts['rye']}/confirm")
    page = (
        await does(browser, one.id, f"facts/{facts['wheat']}/correct", value="wheat", polarity="never")
    ).text
    assert "Mei · corrected · grain: wheat" in page
    await does(browser, one.id, f"facts/{facts['spelt']}/reject")
    async with front.store.reading() as books:
        believed = {(fact.value, fact.polarity) for fact in await books.facts.believed(one.id)}
        acts = [row.what for row in await books.audit.listed(one.id)]
    assert believed == {("rye", Polarity.LIKES), ("wheat", Polarity.NEVER)}
    assert acts == ["confirmed a fact", "corrected a fact", "rejected a fact"]


async def test_a_merge_is_undone_and_both_have_what_was_theirs(
    front: Front, browser: httpx.AsyncClient
) -> None:
    async with front.store.transaction() as books:
        stays, goes = await joined(front, books)
        merge = (await books.customers.merges(stays.id))[0].id
    page = (await browser.get(f"/staff/customers/{stays.id}")).text
    assert "1 messages, 1 facts, 0 orders, 1 channels" in page
    assert "spelt" in page
    page = (await does(browser, stays.id, f"merges/{merge}/undo")).text
    assert "spelt" not in page.split("Timeline")[0]
    assert f"/staff/customers/{goes.id}" in page
    assert "spelt" in (await browser.get(f"/staff/customers/{goes.id}")).text
    assert (await does(browser, stays.id, f"merges/{merge}/undo")).status_code == 409

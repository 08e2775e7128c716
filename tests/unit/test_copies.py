"""A customer's own copy: behind a link on the web, as files on Telegram."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from channels import security
from crm_store.export_links import LIFE, make_link
from one_to_one.facts import Heard, Polarity, Source
from one_to_one.replies import EXPORT, Reply
from tests.unit.serving import asked
from tests.unit.shopfronts import Front
from tests.unit.telegram_house import house

WORDS = "dark & <b>bitter</b>"


@pytest.fixture
async def client(front: Front) -> AsyncIterator[httpx.AsyncClient]:
    async with asked(front.shopfront) as one:
        yield one


async def a_link(front: Front) -> tuple[str, str]:
    """A customer, and the token of their link."""
    now = front.clock.now
    async with front.store.transaction() as books:
        customer = (await books.customers.create("en", now)).id
        heard = Heard("crust", "firm", Polarity.LIKES, 1.0, WORDS)
        await books.facts.learn(customer, heard, at=now, source=Source(None, "web", now))
        return customer, await make_link(books, customer, now)


async def test_the_link_gives_the_file_to_keep(client: httpx.AsyncClient, front: Front) -> None:
    customer, token = await a_link(front)
    answer = await client.get(f"/export/{token}.json")
    assert answer.status_code == httpx.codes.OK
    assert answer.headers["content-disposition"].startswith("attachment;")
    held = json.loads(answer.content)
    assert held["id"] == customer
    assert held["fact"][0]["words"] == WORDS


async def test_the_page_shows_words_as_words(client: httpx.AsyncClient, front: Front) -> None:
    _, token = await a_link(front)
    page = (await client.get(f"/export/{token}.html")).text
    assert "dark &amp; &lt;b&gt;bitter&lt;/b&gt;" in page
    assert "<b>bitter" not in page


@pytest.mark.parametrize("kind", ["html", "json"])
async def test_a_copy_is_closed_in_and_kept_nowhere(
    client: httpx.AsyncClient, front: Front, kind: str
) -> None:
    _, token = await a_link(front)
    headers = (await client.get(f"/export/{token}.{kind}")).headers
    assert headers["content-security-policy"] == security.COPY
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("path", ["nothing.json", "{token}", "{token}.txt", "{token}x.json", ".json"])
async def test_what_is_no_link_of_ours_opens_nothing(
    client: httpx.AsyncClient, front: Front, path: str
) -> None:
    _, token = await a_link(front)
    assert (await client.get("/export/" + path.format(token=token))).status_code == httpx.codes.NOT_FOUND


async def test_a_link_runs_out(client: httpx.AsyncClient, front: Front) -> None:
    _, token = await a_link(front)
    front.clock.turn(seconds=LIFE.total_seconds())
    assert (await client.get(f"/export/{token}.json")).status_code == httpx.codes.NOT_FOUND


async def test_a_new_link_ends_the_one_before(client: httpx.AsyncClient, front: Front) -> None:
    customer, token = await a_link(front)
    async with front.store.transaction() as books:
        await make_link(books, customer, front.clock.now)
    assert (await client.get(f"/export/{token}.json")).status_code == httpx.codes.NOT_FOUND


async def test_on_telegram_the_page_and_the_file_come_with_the_message(tmp_path: Path) -> None:
    async with house(tmp_path) as shop, shop.open():
        shop.bot.script["my data"] = (replace(Reply("Here it is."), document=EXPORT),)
        shop.api.say(1, "my data")
        await shop.told(1, 3)
        page, data = [call.params["document"] for call in shop.api.made("sendDocument")]
        assert page.lower().startswith(b"<!doctype html>")
        assert json.loads(data)["language"] == "en"

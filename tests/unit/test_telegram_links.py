"""From the web page to Telegram: a signed link, used once, makes two customers one."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from channels.links import LINK_LIFE, check_token, make_token, telegram_link
from crm_store.keys import read_or_make_key
from crm_store.parting import unmerge
from one_to_one.errors import BadLink
from tests.unit.telegram_house import House, house

KEY = "0" * 64
NOW = datetime(2026, 11, 24, 12, 0, 0, 500_000, tzinfo=UTC)


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path) as opened, opened.open():
        yield opened


async def web_customer(shop: House, language: str = "en") -> str:
    async with shop.store.transaction() as books:
        customer = await books.customers.create(language, datetime.now(UTC))
        await books.customers.open_session(customer.id, f"session of {customer.id}", datetime.now(UTC))
        return customer.id


async def invite(shop: House, customer: str) -> str:
    now = datetime.now(UTC)
    token, expires_at = make_token(read_or_make_key(shop.settings.keys, "signing"), now)
    async with shop.store.transaction() as books:
        await books.customers.make_link(customer, token, now, expires_at)
    return token


def test_a_token_fits_into_a_telegram_link() -> None:
    token, expires_at = make_token(KEY, NOW)
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", token)
    assert telegram_link("bot", token) == f"https://t.me/bot?start={token}"
    assert expires_at == (NOW + LINK_LIFE).replace(microsecond=0)


def test_a_token_is_good_until_it_runs_out() -> None:
    token, expires_at = make_token(KEY, NOW)
    check_token(KEY, token, expires_at - timedelta(seconds=1))
    with pytest.raises(BadLink):
        check_token(KEY, token, expires_at)


@pytest.mark.parametrize("token", ["", "x", "=" * 44, "A" * 44, "令牌", "A" * 64, "A" * 5000])
def test_what_we_never_made_is_refused(token: str) -> None:
    with pytest.raises(BadLink):
        check_token(KEY, token, NOW)


def test_a_changed_token_or_another_key_is_refused() -> None:
    token, _ = make_token(KEY, NOW)
    changed = token[:10] + ("A" if token[10] != "A" else "B") + token[11:]
    for key, given in ((KEY, changed), ("1" * 64, token), (KEY, token[:-1])):
        with pytest.raises(BadLink):
            check_token(key, given, NOW)


async def test_a_link_makes_one_customer_and_goes_on_talking(shop: House) -> None:
    web = await web_customer(shop, "zh-Hant")
    shop.api.say(1, f"/start {await invite(shop, web)}", "en")
    assert await shop.told(1, 2) == [shop.say("zh-Hant", "telegram.link.connected"), "you said start"]
    assert (await shop.customer(1)).id == web


async def test_a_telegram_customer_of_old_brings_their_history_along(shop: House) -> None:
    shop.api.say(1, "hi")
    await shop.told(1, 1)
    web = await web_customer(shop)
    shop.api.say(1, f"/start {await invite(shop, web)}")
    await shop.told(1, 3)
    history = await shop.history(1)
    assert history[0].text == "hi"
    assert {row.customer_id for row in history} == {web}


async def test_the_browser_goes_on_speaking_for_the_same_customer(shop: House) -> None:
    web = await web_customer(shop)
    shop.api.say(1, f"/start {await invite(shop, web)}")
    await shop.told(1, 2)
    async with shop.store.reading() as books:
        found = await books.customers.by_session(f"session of {web}")
    assert found is not None
    assert found.id == (await shop.customer(1)).id


async def test_undoing_the_merge_gives_telegram_its_own_customer_back(shop: House) -> None:
    shop.api.say(1, "hi")
    await shop.told(1, 1)
    before = await shop.customer(1)
    web = await web_customer(shop)
    shop.api.say(1, f"/start {await invite(shop, web)}")
    await shop.told(1, 3)
    async with shop.store.transaction() as books:
        await unmerge(books, web, datetime.now(UTC))
    assert (await shop.customer(1)).id == before.id
    shop.api.say(1, "still me")
    await shop.told(1, 4)
    assert "still me" in [row.text for row in await shop.history(1)]


async def test_a_link_works_once(shop: House) -> None:
    web = await web_customer(shop)
    token = await invite(shop, web)
    shop.api.say(1, f"/start {token}")
    await shop.told(1, 2)
    shop.api.say(2, f"/start {token}")
    assert (await shop.told(2, 2))[0] == shop.say("en", "telegram.link.bad")
    assert (await shop.customer(2)).id != web


async def test_a_link_delivered_twice_connects_once(shop: House) -> None:
    web = await web_customer(shop)
    update = shop.api.say(1, f"/start {await invite(shop, web)}")
    await shop.told(1, 2)
    shop.api.deliver_again(update)
    shop.api.say(1, "hi")
    assert (await shop.told(1, 3))[2] == "you said hi"


async def test_who_is_connected_already_is_told_so(shop: House) -> None:
    web = await web_customer(shop)
    shop.api.say(1, f"/start {await invite(shop, web)}")
    await shop.told(1, 2)
    shop.api.say(1, f"/start {await invite(shop, web)}")
    assert (await shop.told(1, 4))[2] == shop.say("en", "telegram.link.already")


async def test_a_link_pressed_twice_by_the_same_person_is_no_reproach(shop: House) -> None:
    web = await web_customer(shop)
    token = await invite(shop, web)
    shop.api.say(1, f"/start {token}")
    await shop.told(1, 2)
    shop.api.say(1, f"/start {token}")
    assert (await shop.told(1, 4))[2] == shop.say("en", "telegram.link.already")


@pytest.mark.parametrize("junk", ["hello", "A" * 44, "../../etc/passwd", "令牌"])
async def test_a_made_up_link_starts_a_conversation_all_the_same(shop: House, junk: str) -> None:
    shop.api.say(1, f"/start {junk}")
    assert await shop.told(1, 2) == [shop.say("en", "telegram.link.bad"), "you said start"]

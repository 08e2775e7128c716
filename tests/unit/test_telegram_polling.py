"""Long polling: an update is forgotten by Telegram only when it is in the store."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from unittest.mock import patch

import pytest
from sqlalchemy.exc import OperationalError

from channels.telegram.receiving import Inbox, Task
from channels.telegram.updates import Said
from crm_store.customers import Customers
from crm_store.models import CustomerRow
from tests.unit.telegram_house import PATIENCE, House, house, until


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path) as opened:
        yield opened


async def test_an_update_delivered_twice_is_answered_once(shop: House) -> None:
    async with shop.open():
        update = shop.api.say(1, "hi")
        await shop.told(1, 1)
        shop.api.deliver_again(update)
        shop.api.say(1, "bye")
        assert await shop.told(1, 2) == ["you said hi", "you said bye"]


async def test_an_update_is_not_confirmed_while_the_store_is_away(shop: House) -> None:
    away = asyncio.Event()
    record = Inbox.record

    async def fails_while_away(inbox: Inbox, said: Said) -> Task | None:
        if not away.is_set():
            raise OperationalError("INSERT", {}, Exception("disk I/O error"))
        return await record(inbox, said)

    with patch.object(Inbox, "record", fails_while_away):
        async with shop.open():
            shop.api.say(1, "hi")
            await until(lambda: shop.api.poll > 0)
            await asyncio.sleep(0.1)
            assert len(shop.api.updates) == 1, "Telegram still has it"
            away.set()
            assert await shop.told(1, 1) == ["you said hi"]
            await shop.confirmed()


async def test_what_came_in_before_a_crash_comes_again_and_counts_once(shop: House) -> None:
    async with shop.open():
        sent = [shop.api.say(1, str(number)) for number in range(5)]
        await until(lambda: len(shop.bot.heard) > 0)
    shop.api.updates = sent
    async with shop.open():
        assert await shop.told(1, 5) == [f"you said {number}" for number in range(5)]
        await shop.confirmed()
    replied = sorted(str(row.text) for row in await shop.history(1) if row.direction == "out")
    assert replied == [f"you said {number}" for number in range(5)], "each message has one answer"


async def test_an_update_nobody_can_read_is_let_go_and_the_next_one_is_answered(shop: House) -> None:
    async with shop.open():
        shop.api.update(something_new={"a": 1})
        shop.api.say(1, "a\x00b \ud800 c")
        shop.api.say(1, "hi")
        assert await shop.told(1, 2) == ["you said ab ? c", "you said hi"]


async def test_when_telegram_is_away_it_is_tried_again(shop: House) -> None:
    shop.api.drop("getMe", 1)
    shop.api.fail("deleteWebhook", 1, 502, "Bad Gateway")
    shop.api.fail("getUpdates", 1, 500, "Internal Server Error")
    async with shop.open() as channel:
        assert channel.trouble == "connecting"
        shop.api.say(1, "hi")
        await shop.told(1, 1)
        assert channel.trouble is None
        assert channel.username == "dripwise_test_bot"


async def test_a_wrong_token_is_said_clearly_and_ends_only_telegram(
    shop: House, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.api.token = "another"
    async with shop.open() as channel:
        await until(lambda: channel.trouble == "the token is wrong")
        assert channel.username is None
    printed = "".join(capsys.readouterr())
    assert "DRIPWISE_TELEGRAM_TOKEN" in printed
    assert str(shop.settings.telegram_token) not in printed, "a token is a secret"


async def test_a_second_poller_is_noticed_and_survived(shop: House) -> None:
    async with shop.open() as channel:
        await until(lambda: shop.api.poll > 0)
        shop.api.fail("getUpdates", 1, 409, "Conflict: terminated by other getUpdates request")
        shop.api.say(1, "hi")
        await until(lambda: str(channel.trouble).startswith("another process"))
        shop.api.say(1, "again")
        assert await shop.told(1, 2) == ["you said hi", "you said again"]


async def test_a_webhook_left_from_before_is_taken_away(shop: House) -> None:
    shop.api.webhook = {"url": "https://old.example", "secret": ""}
    async with shop.open():
        await until(lambda: shop.api.webhook == {})
        await shop.confirmed()


async def test_closing_takes_a_moment_even_while_telegram_makes_us_wait(shop: House) -> None:
    async with shop.open():
        shop.api.fail("sendMessage", 1, 429, "Too Many Requests", retry_after=3000)
        shop.api.say(1, "hi")
        await until(lambda: bool(shop.api.refused))
        started = asyncio.get_running_loop().time()
    assert asyncio.get_running_loop().time() - started < PATIENCE
    [*_, row] = await shop.history(1)
    assert row.state == "waiting"


async def test_somebody_met_by_two_processes_at_once_is_one_customer(shop: House) -> None:
    find = Customers.find

    async def finds_nobody_at_first(customers: Customers, channel: str, number: str) -> CustomerRow | None:
        found = await find(customers, channel, number)
        return None if found is None or first else found

    first = False
    async with shop.open():
        shop.api.say(1, "hi")
        await shop.told(1, 1)
        first = True
        with patch.object(Customers, "find", finds_nobody_at_first):
            shop.api.say(1, "bye")
            await shop.told(1, 2)
    async with shop.store.reading() as books:
        assert len(await books.customers.listed()) == 1
    assert [row.text for row in await shop.history(1) if row.direction == "in"] == ["hi", "bye"]

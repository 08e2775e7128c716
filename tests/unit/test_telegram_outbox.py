"""The outbox of Telegram: in order, at its pace, and until it is taken."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from channels.telegram.outbox import Outbox
from crm_store.erasing import erase
from crm_store.models import MessageRow
from one_to_one.replies import Button, Reply
from tests.unit.telegram_house import PATIENCE, House, house, until, with_buttons


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path) as opened, opened.open():
        opened.api.say(1, "hi")
        await opened.told(1, 1)
        yield opened


async def push(shop: House, *replies: Reply, colleague: str | None = None, sender: str = "bot") -> None:
    """Write something unasked into the outbox."""
    customer, now = (await shop.customer(1)).id, datetime.now(UTC)
    async with shop.store.transaction() as books:
        for reply in replies:
            await books.messages.push(
                customer, reply, "telegram", now, sender=sender, sender_name=colleague, language="en"
            )


async def settled(shop: House, state: str) -> MessageRow:
    """The last row, once it is in this state."""
    async with asyncio.timeout(PATIENCE):
        while (row := (await shop.history(1))[-1]).state != state:  # noqa: ASYNC110 - the store tells nobody
            await asyncio.sleep(0.01)
        return row


async def test_rows_of_other_processes_are_found(shop: House) -> None:
    await push(shop, Reply("news"))
    assert (await shop.told(1, 2))[1] == "news"
    assert (await settled(shop, "sent")).external_id == "1:3"


async def test_a_colleague_is_called_by_name(shop: House) -> None:
    await push(shop, Reply("Mei is here."), colleague="Mei", sender="shop")
    await push(shop, Reply("It's on its way."), colleague="Mei", sender="staff")
    assert (await shop.told(1, 3))[1:] == ["Mei is here.", "Mei: It's on its way."]


async def test_when_told_to_wait_it_waits_and_keeps_the_order(shop: House) -> None:
    shop.api.fail("sendMessage", 1, 429, "Too Many Requests: retry after 1", retry_after=1)
    await push(shop, Reply("one"), Reply("two"))
    assert (await shop.told(1, 3))[1:] == ["one", "two"]
    first, second = [call for call in shop.api.made("sendMessage") if call.params["text"] == "one"]
    assert second.at - first.at >= 1


async def test_a_chat_that_has_to_wait_holds_up_no_other(shop: House) -> None:
    shop.api.fail("sendMessage", 1, 429, "Too Many Requests: retry after 3000", retry_after=3000)
    await push(shop, Reply("one"))
    await until(lambda: bool(shop.api.refused))
    shop.api.say(2, "hi")
    await shop.told(2, 1)
    assert len(shop.api.said(1)) == 1


async def test_a_blocked_bot_gives_up_and_writes_nothing_unasked(shop: House) -> None:
    shop.api.blocked.add(1)
    await push(shop, Reply("news"))
    row = await settled(shop, "failed")
    assert "blocked" in str(row.error)
    assert (await shop.customer(1)).stopped_at is not None


async def test_what_telegram_finds_wrong_is_given_up_with_its_reason(shop: House) -> None:
    await push(shop, Reply("x", (Button("Long", "a" * 65),)))
    assert "button_data_invalid" in str((await settled(shop, "failed")).error).lower()
    await push(shop, Reply("next"))
    assert (await shop.told(1, 2))[1] == "next"


@pytest.mark.parametrize("status", [500, 502, 504])
async def test_trouble_of_the_server_is_tried_again(shop: House, status: int) -> None:
    shop.api.fail("sendMessage", 1, status, "Bad Gateway")
    await push(shop, Reply("news"))
    assert (await shop.told(1, 2))[1:] == ["news"]
    assert (await settled(shop, "sent")).attempts == 1


async def test_a_connection_that_broke_before_the_message_arrived_is_tried_again(shop: House) -> None:
    shop.api.drop("sendMessage", 1)
    await push(shop, Reply("news"))
    assert (await shop.told(1, 2))[1:] == ["news"]


async def test_a_connection_that_broke_afterwards_may_repeat_but_never_lose(shop: House) -> None:
    shop.api.drop("sendMessage", 1, after=True)
    await push(shop, Reply("news"))
    await settled(shop, "sent")
    assert shop.api.said(1)[1:] == ["news", "news"]


async def test_a_long_text_goes_in_parts_with_the_buttons_under_the_last(shop: House) -> None:
    text = "\n".join("長" * 99 for _ in range(90))
    await push(shop, Reply(text, (Button("Yes", "confirm:1"),)))
    await settled(shop, "sent")
    lines = shop.api.shown(1)[2:]
    assert "".join(line["text"] for line in lines).replace("\n", "") == text.replace("\n", "")
    assert [line["buttons"] for line in lines] == [[], [], ["Yes"]]


async def test_of_a_text_in_parts_only_what_is_missing_is_sent_again(shop: House) -> None:
    await push(shop, Reply("a" * 4096 + "b" * 10))
    shop.api.fail("sendMessage", 1, 502, "Bad Gateway")
    await settled(shop, "sent")
    assert [text[0] for text in shop.api.said(1)[1:]] == ["a", "b"]


async def test_a_picture_is_uploaded_once_and_known_by_its_id_afterwards(shop: House) -> None:
    await push(shop, Reply("first", image="images/a.svg"), Reply("second", image="images/a.svg"))
    await settled(shop, "sent")
    assert [line["text"] for line in shop.api.shown(1)[2:]] == ["first", "second"]
    assert all(line["picture"] for line in shop.api.shown(1)[2:])
    assert len(shop.api.files) == len(shop.drawn) == 1


async def test_a_picture_telegram_has_forgotten_is_uploaded_anew(shop: House) -> None:
    await push(shop, Reply("first", image="images/a.svg"))
    await settled(shop, "sent")
    shop.api.files.clear()
    await push(shop, Reply("second", image="images/a.svg"))
    await settled(shop, "sent")
    assert shop.api.shown(1)[3]["picture"]


async def test_a_text_too_long_for_a_caption_follows_its_picture(shop: House) -> None:
    await push(shop, Reply("a" * 1100, (Button("Yes", "confirm:1"),), image="images/a.svg"))
    await settled(shop, "sent")
    picture, text = shop.api.shown(1)[2:]
    assert (picture["picture"], picture["text"], picture["buttons"]) == (True, "", [])
    assert (len(text["text"]), text["buttons"]) == (1100, ["Yes"])


async def test_a_picture_that_cannot_be_drawn_leaves_its_words(shop: House) -> None:
    await push(shop, Reply("words", image="images/missing.svg"))
    assert (await shop.told(1, 2))[1] == "words"
    assert not shop.api.shown(1)[2]["picture"]


async def test_many_messages_at_once_all_arrive_in_order(shop: House) -> None:
    shop.bot.script["talk"] = tuple(Reply(str(number)) for number in range(5))
    for user in range(2, 12):
        shop.api.say(user, "talk")
    for user in range(2, 12):
        assert await shop.told(user, 5) == ["0", "1", "2", "3", "4"]


async def test_the_outbox_goes_on_after_a_restart(tmp_path: Path) -> None:
    async with house(tmp_path) as shop:
        shop.bot.script["hi"] = with_buttons("hello", ("Yes", "confirm:1"))
        async with shop.open():
            shop.api.say(1, "hi")
            await shop.told(1, 1)
        await push(shop, Reply("while we were closed"))
        async with shop.open():
            assert (await shop.told(1, 2))[1] == "while we were closed"


async def test_what_is_on_its_way_to_somebody_who_is_erased_is_not_sent_any_more(
    shop: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried_again, erased = asyncio.Event(), asyncio.Event()
    look = Outbox._still_there

    async def looks_when_erased(outbox: Outbox, row: MessageRow) -> None:
        if shop.api.refused:
            tried_again.set()
            await erased.wait()
        await look(outbox, row)

    monkeypatch.setattr(Outbox, "_still_there", looks_when_erased)
    shop.api.fail("sendMessage", 1, 429, "Too Many Requests: retry after 1", retry_after=1)
    await push(shop, Reply("news"), Reply("more"))
    await tried_again.wait()
    async with shop.store.transaction() as books:
        await erase(books, (await shop.customer(1)).id, datetime.now(UTC))
    erased.set()
    shop.api.say(1, "hi again")
    assert await shop.told(1, 2) == ["you said hi", "you said hi again"]

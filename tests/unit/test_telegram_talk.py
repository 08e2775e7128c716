"""Talking on Telegram: words, buttons and commands in; words and buttons out."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from one_to_one.language import Language
from tests.unit.telegram_house import House, house, until, with_buttons


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path) as opened, opened.open():
        yield opened


def milk_question(shop: House) -> None:
    shop.bot.script["hello"] = with_buttons(
        "Milk?", ("Yes", "answer:milk:dairy"), ("No", "answer:milk:black")
    )


async def test_what_is_typed_is_answered(shop: House) -> None:
    shop.api.say(1, "dark roast please")
    assert await shop.told(1, 1) == ["you said dark roast please"]


async def test_a_chat_is_answered_in_the_order_it_was_typed(shop: House) -> None:
    shop.bot.slow = 0.02
    for number in range(4):
        shop.api.say(1, str(number))
    assert await shop.told(1, 4) == [f"you said {number}" for number in range(4)]


async def test_a_slow_chat_does_not_hold_up_another(shop: House) -> None:
    over = shop.bot.held["think about it"] = asyncio.Event()
    shop.api.say(1, "think about it")
    for user in range(2, 9):
        shop.api.say(user, "hi")
    for user in range(2, 9):
        assert await shop.told(user, 1) == ["you said hi"]
    assert shop.api.said(1) == []
    over.set()
    assert await shop.told(1, 1) == ["you said think about it"]


async def test_a_button_is_answered_acknowledged_and_shown_as_chosen(shop: House) -> None:
    milk_question(shop)
    shop.api.say(1, "hello")
    await shop.told(1, 1)
    shop.api.tap(1, "No")
    assert await shop.told(1, 2) == ["Milk?", "you said answer:milk:black"]
    await until(lambda: shop.api.shown(1)[1]["buttons"] == ["✓ No"])
    assert shop.api.queries["1"]["answer"] == ""


async def test_the_title_of_a_tapped_button_is_what_the_customer_said(shop: House) -> None:
    milk_question(shop)
    shop.api.say(1, "hello")
    await shop.told(1, 1)
    shop.api.tap(1, "No")
    await shop.told(1, 2)
    assert [row.text for row in await shop.history(1) if row.direction == "in"] == ["hello", "No"]


async def test_a_button_tapped_twice_counts_once(shop: House) -> None:
    milk_question(shop)
    shop.api.say(1, "hello")
    await shop.told(1, 1)
    first = shop.api.tap(1, "No")["callback_query"]
    shop.api.update(callback_query={**first, "id": "again"})
    shop.api.queries["again"] = {}
    await until(lambda: "answer" in shop.api.queries["again"])
    assert shop.api.queries["again"]["answer"] == shop.say("en", "telegram.tap.again")
    assert shop.bot.heard == ["hello", "answer:milk:black"]


async def test_the_mark_of_a_chosen_button_runs_nothing(shop: House) -> None:
    milk_question(shop)
    shop.api.say(1, "hello")
    await shop.told(1, 1)
    shop.api.tap(1, "No")
    await until(lambda: shop.api.shown(1)[1]["buttons"] == ["✓ No"])
    shop.api.tap(1, "✓ No")
    await until(lambda: "answer" in shop.api.queries["2"])
    assert shop.bot.heard == ["hello", "answer:milk:black"]


async def test_a_payload_that_was_never_offered_runs_nothing_and_is_answered_kindly(shop: House) -> None:
    milk_question(shop)
    shop.api.say(1, "hello")
    await shop.told(1, 1)
    shop.api.tap(1, data="forgetyes")
    assert (await shop.told(1, 2))[1] == shop.say("en", "telegram.tap.never_offered")
    await until(lambda: "answer" in shop.api.queries["1"])
    assert shop.bot.heard == ["hello"]
    assert shop.api.shown(1)[1]["buttons"] == ["Yes", "No"], "the keyboard that was really offered stays"


async def test_start_begins_and_me_asks_what_is_known(shop: House) -> None:
    shop.api.say(1, "/start")
    shop.api.say(1, "/me@dripwise_test_bot")
    assert await shop.told(1, 2) == ["you said start", "you said know"]


async def test_stop_ends_what_is_unasked_until_start(shop: House) -> None:
    shop.api.say(1, "/stop")
    assert await shop.told(1, 1) == [shop.say("en", "telegram.stopped")]
    assert (await shop.customer(1)).stopped_at is not None
    shop.api.say(1, "/start")
    await shop.told(1, 2)
    assert (await shop.customer(1)).stopped_at is None


async def test_language_offers_all_three_by_their_own_names(shop: House) -> None:
    shop.api.say(1, "/language")
    await shop.told(1, 1)
    line = shop.api.shown(1)[1]
    assert line["buttons"] == ["繁體中文", "简体中文", "English"]
    assert line["data"] == ["language:zh-Hant", "language:zh-Hans", "language:en"]


@pytest.mark.parametrize(("typed", "tag"), [("zh-TW", "zh-Hant"), ("zh-cn", "zh-Hans"), ("EN", "en")])
async def test_language_with_a_tag_is_like_tapping_its_button(shop: House, typed: str, tag: str) -> None:
    shop.api.say(1, f"/language {typed}")
    assert await shop.told(1, 1) == [f"you said language:{tag}"]


async def test_language_with_one_we_do_not_talk_offers_those_we_do(shop: House) -> None:
    shop.api.say(1, "/language tlh")
    assert await shop.told(1, 1) == [shop.say("en", "telegram.language.ask")]


@pytest.mark.parametrize(
    ("app", "tag"),
    [
        ("zh-hant", "zh-Hant"),
        ("zh-TW", "zh-Hant"),
        ("zh-HK", "zh-Hant"),
        ("zh", "zh-Hans"),
        ("zh-hans", "zh-Hans"),
        ("en-GB", "en"),
        ("de", "en"),
    ],
)
async def test_help_comes_in_the_language_of_the_app(shop: House, app: str, tag: str) -> None:
    shop.api.say(1, "/help", app)
    assert await shop.told(1, 1) == [shop.say(tag, "telegram.help")]


async def test_an_unknown_command_is_answered_with_help(shop: House) -> None:
    shop.api.say(1, '/inform{"roast": "dark"}')
    shop.api.say(1, "/order 5")
    assert set(await shop.told(1, 2)) <= set(
        shop.texts.variants(Language.ENGLISH, "telegram.unknown_command")
    )
    assert shop.bot.heard == []


async def test_the_menu_of_commands_is_set_in_every_script(shop: House) -> None:
    shop.api.say(1, "/start", "zh-hans")
    await until(lambda: len(shop.api.made("setMyCommands")) == 3)
    menus = [str(json.loads(call.params["commands"])) for call in shop.api.made("setMyCommands")]
    for tag in Language:
        assert any(shop.say(tag, "telegram.command.me") in menu for menu in menus)


async def test_typing_is_shown_while_the_bot_takes_its_time(shop: House) -> None:
    over = shop.bot.held["hi"] = asyncio.Event()
    shop.api.say(1, "hi")
    await until(lambda: bool(shop.api.made("sendChatAction")))
    over.set()
    await shop.told(1, 1)
    assert [call.params["action"] for call in shop.api.made("sendChatAction")] == ["typing"]


async def test_while_the_bot_is_down_the_customer_is_told_once_and_answered_later(shop: House) -> None:
    shop.bot.down = True
    shop.api.say(1, "hi", "zh-hant")
    await shop.told(1, 1)
    shop.api.say(1, "still there?", "zh-hant")
    await shop.confirmed()
    shop.bot.down = False
    notice = shop.say("zh-Hant", "notices.bot_down")
    assert await shop.told(1, 3) == [notice, "you said hi", "you said still there?"]


async def test_hostile_text_arrives_as_it_was_typed(shop: House) -> None:
    text = "<b>*hi*</b> [x](javascript:alert(1)) `_~||"
    shop.api.say(1, text)
    assert await shop.told(1, 1) == [f"you said {text}"]
    assert all("parse_mode" not in call.params for call in shop.api.made("sendMessage"))

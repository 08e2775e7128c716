"""What comes on Telegram besides words: pictures, voices, edits, groups, and people who leave."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from one_to_one.language import Language
from tests.unit.telegram_house import House, house, until

PHOTO = [{"file_id": "x", "file_unique_id": "x", "width": 9, "height": 9}]
FILE = {"file_id": "x", "file_unique_id": "x", "duration": 1, "width": 9, "height": 9, "length": 9}
STICKER = {**FILE, "is_animated": False, "is_video": False, "type": "regular"}
PLACE = {"latitude": 25.03, "longitude": 121.56}


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path) as opened, opened.open():
        yield opened


@pytest.mark.parametrize(
    ("content", "key"),
    [
        ({"photo": PHOTO}, "picture"),
        ({"video": FILE}, "picture"),
        ({"document": FILE}, "picture"),
        ({"animation": FILE, "document": FILE}, "picture"),
        ({"sticker": STICKER}, "sticker"),
        ({"voice": FILE}, "voice"),
        ({"audio": FILE}, "voice"),
        ({"video_note": FILE}, "voice"),
        ({"location": PLACE}, "place"),
        ({"contact": {"phone_number": "1", "first_name": "A"}}, "contact"),
        ({"dice": {"emoji": "🎲", "value": 3}}, "thing"),
        ({"something_newer_than_us": {"a": 1}}, "thing"),
    ],
)
async def test_what_is_not_words_has_an_answer_of_its_own(
    shop: House, content: dict[str, Any], key: str
) -> None:
    shop.api.send(1, **content)
    [answer] = await shop.told(1, 1)
    assert answer in shop.texts.variants(Language.ENGLISH, f"telegram.{key}")
    assert shop.bot.heard == []


async def test_a_sticker_is_answered_in_the_language_of_the_app(shop: House) -> None:
    for user, app in enumerate(("zh-hant", "zh-hans", "en"), 1):
        shop.api.send(user, app, sticker=STICKER)
    for user, language in enumerate(Language, 1):
        assert (await shop.told(user, 1))[0] in shop.texts.variants(language, "telegram.sticker")


async def test_the_way_to_a_person_is_one_tap_from_a_voice_message(shop: House) -> None:
    shop.api.send(1, voice=FILE)
    await shop.told(1, 1)
    shop.api.tap(1, data="human")
    assert (await shop.told(1, 2))[1] == "you said human"


async def test_the_words_under_a_picture_are_read(shop: House) -> None:
    shop.api.send(1, photo=PHOTO, caption="like this one")
    assert await shop.told(1, 1) == ["you said like this one"]


async def test_an_album_has_one_answer(shop: House) -> None:
    for _ in range(3):
        shop.api.send(1, photo=PHOTO, media_group_id="77")
    shop.api.say(1, "hi")
    answers = await shop.told(1, 2)
    assert answers[1] == "you said hi"


async def test_an_edit_of_the_latest_message_is_read_again(shop: House) -> None:
    number = shop.api.say(1, "I like milf")["message"]["message_id"]
    await shop.told(1, 1)
    shop.api.edit(1, number, "I like milk")
    assert (await shop.told(1, 2))[1] == "you said I like milk"
    shop.api.edit(1, number, "I like oat milk")
    assert (await shop.told(1, 3))[2] == "you said I like oat milk"


async def test_an_edit_of_an_older_message_is_not_reread_and_says_so(shop: House) -> None:
    number = shop.api.say(1, "one")["message"]["message_id"]
    shop.api.say(1, "two")
    await shop.told(1, 2)
    shop.api.edit(1, number, "three")
    assert (await shop.told(1, 3))[2] == shop.say("en", "telegram.edit_too_late")
    assert shop.bot.heard == ["one", "two"]


async def test_an_edit_that_changes_no_word_is_nothing(shop: House) -> None:
    number = shop.api.say(1, "one")["message"]["message_id"]
    await shop.told(1, 1)
    shop.api.edit(1, number, "one")
    shop.api.say(1, "two")
    assert await shop.told(1, 2) == ["you said one", "you said two"]


async def test_in_a_group_the_bot_says_once_where_it_is_and_leaves(shop: House) -> None:
    shop.api.in_group(-100, 1, "hello bot")
    shop.api.in_group(-100, 2, "hello again")
    await until(lambda: -100 in shop.api.left)
    await shop.confirmed()
    [said] = shop.api.said(-100)
    assert "https://t.me/dripwise_test_bot" in said
    assert shop.bot.heard == []


async def test_other_bots_and_service_messages_are_ignored(shop: House) -> None:
    shop.api.users[9] = {"id": 9, "is_bot": True, "first_name": "Robot"}
    shop.api.say(9, "buy now")
    shop.api.send(1, message_auto_delete_timer_changed={"message_auto_delete_time": 60})
    shop.api.say(2, "hi")
    await shop.told(2, 1)
    assert shop.bot.heard == ["hi"]
    assert shop.api.said(1) == []


async def test_who_blocks_the_bot_gets_nothing_unasked_until_start(shop: House) -> None:
    shop.api.say(1, "hi")
    await shop.told(1, 1)
    shop.api.block(1)
    await shop.confirmed()
    assert (await shop.customer(1)).stopped_at is not None
    shop.api.unblock(1)
    shop.api.say(1, "/start")
    await shop.told(1, 2)
    assert (await shop.customer(1)).stopped_at is None


async def test_while_a_colleague_has_the_conversation_the_channel_is_silent_too(shop: House) -> None:
    shop.api.say(1, "hello")
    await shop.told(1, 1)
    async with shop.store.transaction() as books:
        await books.floor.take(
            await books.customers.get((await shop.customer(1)).id), "Mei", datetime.now(UTC)
        )
    shop.api.send(1, voice=FILE)
    shop.api.say(1, "/help")
    await shop.confirmed()
    kept = [(row.text, row.state) for row in await shop.history(1) if row.state == "held"]
    assert kept == [(shop.say("en", "telegram.kept.voice"), "held"), ("/help", "held")]
    assert len(shop.api.said(1)) == 1

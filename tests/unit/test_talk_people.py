"""Trouble, people, small talk, and what isn't understood."""

from __future__ import annotations

from itertools import pairwise

import pytest

from one_to_one.replies import Reply
from tests.unit.talking import Said, Talk, tea_house

GREEN = Said("綠茶", "oxidation", "green")


async def test_a_complaint_is_recorded_in_their_words_with_a_promise(talk: Talk) -> None:
    said = await talk.says("茶葉發霉了，太失望", "complain")
    async with talk.store.reading() as books:
        [complaint] = await books.complaints.listed(talk.customer)
        [promise] = await books.promises.listed(talk.customer)
    assert complaint.words == "茶葉發霉了，太失望"
    assert complaint.words in said
    assert promise.owner
    assert "3月3日 週二" in said
    assert promise.due_at > talk.now


async def test_something_gone_wrong_is_a_complaint_whatever_the_bot_took_it_for(talk: Talk) -> None:
    await talk.says("綠茶有焦味，太失望了", "inform", GREEN)
    async with talk.store.reading() as books:
        assert len(await books.complaints.listed(talk.customer)) == 1
    assert await talk.facts() == []


async def test_nothing_is_sold_or_asked_after_a_complaint(talk: Talk) -> None:
    await talk.says("茶葉發霉了，太失望", "complain")
    for words, intent in (("真的很誇張", "complain"), ("謝謝", "thanks"), ("營業時間", "hours")):
        await talk.says(words, intent)
        assert not talk.offers("propose")
        assert not talk.offers("skip")


async def test_a_complaint_is_no_preference(talk: Talk) -> None:
    await talk.says("綠茶發霉了", "complain", GREEN)
    assert await talk.facts() == []


async def test_a_complaint_is_not_forgotten_at_the_next_contact(talk: Talk) -> None:
    await talk.says("茶葉發霉了，太失望", "complain")
    await talk.waits(days=1)
    said = await talk.says("你好", "greet")
    assert "3月2日" in said
    assert not talk.offers("propose")
    assert not talk.offers("skip")


async def test_a_promise_over_the_weekend_is_for_monday(talk: Talk) -> None:
    await talk.waits(days=4)
    assert "3月9日 週一" in await talk.says("我要找真人", "human")


async def test_a_person_is_promised_and_the_assistant_keeps_quiet(talk: Talk) -> None:
    await talk.says("我要找真人", "human")
    async with talk.store.reading() as books:
        assert (await books.customers.get(talk.customer)).person_wanted_at is not None
        assert len(await books.promises.listed(talk.customer)) == 1
    first = await talk.says("推薦一下", "propose")
    second = await talk.says("喂", "greet")
    assert first != second
    assert not talk.offers("choose")
    assert talk.offers("bot")


async def test_the_assistant_comes_back_when_asked(talk: Talk) -> None:
    await talk.says("我要找真人", "human")
    await talk.taps("bot")
    await talk.says("推薦一下", "propose")
    assert talk.offers("choose")


async def test_who_comes_back_long_after_asking_for_a_person_is_greeted(talk: Talk) -> None:
    await talk.says("我要找真人", "human")
    await talk.waits(days=1)
    await talk.says("你好", "greet")
    assert talk.offers("bot")
    await talk.waits(days=5)
    await talk.says("你好", "greet")
    assert not talk.offers("bot")


async def test_who_comes_back_after_a_colleague_answered_is_greeted(talk: Talk) -> None:
    await talk.says("我要找真人", "human")
    async with talk.store.transaction() as books:
        said = Reply("這裡是小陳，已經幫你換貨了。")
        await books.messages.push(
            talk.customer, said, "web", talk.now, sender="staff", sender_name="小陳", language="zh-Hant"
        )
    await talk.waits(hours=2)
    await talk.says("你好", "greet")
    assert not talk.offers("bot")


async def test_tapping_something_else_works_while_a_person_is_on_the_way(talk: Talk) -> None:
    await talk.says("我要找真人", "human")
    await talk.taps("hours")
    assert "10 點" in talk.replies[0].text


async def test_what_is_not_understood_never_loops(talk: Talk) -> None:
    said = [await talk.says(words) for words in ("啊嗚", "喔喔喔", "咕嚕", "哇啦", "嘰哩")]
    assert all(one != other for one, other in pairwise(said))
    assert talk.offers("human")


async def test_the_first_time_offers_ways_on_and_the_second_a_person_first(talk: Talk) -> None:
    await talk.says("啊嗚")
    assert len(talk.buttons) >= 2
    await talk.says("喔喔喔")
    assert talk.buttons[0][1] == "human"


async def test_something_understood_in_between_starts_the_count_anew(talk: Talk) -> None:
    await talk.says("啊嗚")
    await talk.says("謝謝", "thanks")
    await talk.says("喔喔喔")
    assert talk.buttons[0][1] == "propose"


async def test_a_guess_is_not_taken_for_a_yes(talk: Talk) -> None:
    await talk.says("why?", "affirm", sure=0.5)
    assert talk.offers("human")


async def test_what_was_understood_of_it_is_said(talk: Talk) -> None:
    assert "綠茶" in await talk.says("那個綠茶啥的", "nlu_fallback", GREEN)


@pytest.mark.parametrize("words", ["", "🙂", "？？？", "…", "   "])
async def test_a_message_without_words_gets_a_friendly_answer(talk: Talk, words: str) -> None:
    assert await talk.says(words)
    assert talk.offers("propose")


async def test_a_very_long_message_is_answered(talk: Talk) -> None:
    assert "一千" in await talk.says("啊" * 100_000)


@pytest.mark.parametrize(
    ("words", "intent", "expected"),
    [
        ("營業時間", "hours", "10 點"),
        ("怎麼寄", "delivery", "兩天到"),
        ("謝謝", "thanks", "不"),
        ("你是真人嗎", "chitchat", "不是真人"),
        ("天氣真好", "chitchat", ""),
        ("你會什麼", "help", "三款"),
        ("好棒", "praise", "謝"),
        ("再見", "goodbye", ""),
        ("好", "affirm", "好"),
        ("不要", "deny", ""),
    ],
)
async def test_small_talk_has_a_decent_answer(talk: Talk, words: str, intent: str, expected: str) -> None:
    said = await talk.says(words, intent)
    assert said
    assert expected in said


@pytest.mark.parametrize(
    "payload",
    [
        "choose:999:1",
        "choose:x:1",
        "other:999",
        "reject:",
        "confirm:12345678901234567890",
        "edit:-1",
        "option:1:weight:75",
        "cancel:0",
        "forget:999",
        "correct:999",
        "rate:1:great",
        "answer:oxidation:purple",
        "answer:nothing:at_all",
        "skip:nothing",
        "consent:nothing:yes",
        "language:tlh",
        "know:999",
    ],
)
async def test_a_button_that_means_nothing_any_more_gets_a_sensible_answer(talk: Talk, payload: str) -> None:
    assert await talk.taps(payload)


async def test_a_language_asked_for_sticks(talk: Talk) -> None:
    await talk.says("speak english please", "language")
    assert "English" in talk.replies[0].text
    await talk.says("好的", "affirm")
    assert talk.replies[0].language == "en"


async def test_otherwise_we_answer_in_the_language_of_the_message(talk: Talk) -> None:
    await talk.says("请问营业时间是几点", "hours")
    assert talk.replies[0].language == "zh-Hans"
    await talk.says("what are your opening hours please", "hours")
    assert talk.replies[0].language == "en"


async def test_a_language_can_be_tapped(talk: Talk) -> None:
    await talk.says("換個語言", "language")
    await talk.taps("language:zh-Hans")
    assert "简体" in talk.replies[0].text


async def test_the_assistant_sells_what_the_pack_sells(talk: Talk) -> None:
    talk.pack = tea_house()
    said = await talk.says("你好", "greet") + await talk.says("推薦", "propose")
    for word in ("咖啡", "豆", "coffee", "烘焙度"):
        assert word not in said

"""A stranger comes: greeting, one question, its answer, and what is never asked again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from one_to_one.ledger import QuestionState
from tests.unit.talking import Said, Talk, tea_house

GREEN = Said("綠茶", "oxidation", "green")


async def test_a_stranger_is_told_who_answers_and_how_to_be_forgotten(talk: Talk) -> None:
    said = await talk.says("你好", "greet")
    assert "一葉茶" in said
    assert "不是真人" in said
    assert "忘記我" in said


async def test_a_stranger_who_doesnt_greet_is_told_it_too(talk: Talk) -> None:
    said = await talk.says("我愛綠茶", "inform", GREEN)
    assert "綠茶" in talk.replies[0].text
    assert "忘記我" in said


async def test_one_question_is_asked_per_contact(talk: Talk) -> None:
    await talk.says("你好", "greet")
    assert talk.offers("skip")
    for words, intent in (("營業時間", "hours"), ("推薦", "propose"), ("謝謝", "thanks")):
        await talk.says(words, intent)
        assert not talk.offers("skip")


async def test_a_shop_may_allow_two_questions_but_not_at_once(talk: Talk) -> None:
    talk.pack = tea_house(questions=2)
    await talk.says("你好", "greet")
    first = talk.payload("skip")
    await talk.says("運費", "delivery")
    assert not talk.offers("skip")
    await talk.says("中的")
    assert talk.payload("skip") != first
    await talk.says("運費", "delivery")
    assert not talk.offers("skip")


async def test_a_tapped_answer_is_remembered_and_pays_back_at_once(talk: Talk) -> None:
    await talk.says("你好", "greet")
    said = await talk.taps_titled("烏龍")
    assert ("oxidation", "oolong", "likes") in await talk.facts()
    assert "烏龍" in talk.replies[0].text
    assert said.count("NT$") == 3


async def test_a_bare_answer_is_read_against_the_question(talk: Talk) -> None:
    await talk.says("你好", "greet")
    await talk.says("中的", "chitchat", sure=0.3)
    assert await talk.facts() == [("oxidation", "oolong", "likes")]
    assert await talk.focus() == "proposal"


async def test_a_question_waved_aside_is_never_asked_again(talk: Talk) -> None:
    await talk.says("你好", "greet")
    skipped = talk.payload("skip")
    said = await talk.taps(skipped)
    assert "不" in said
    assert not talk.offers("skip")
    for _ in range(6):
        await talk.waits(days=20)
        await talk.says("你好", "greet")
        assert skipped not in [payload for _, payload in talk.buttons]
    assert (await talk.ledger())["oxidation"].state is QuestionState.DECLINED


async def test_rather_not_say_can_be_typed_in_any_language(talk: Talk) -> None:
    for words in ("不想說", "不想说", "I'd rather not say"):
        other = Talk(talk.store)
        await other.says("你好", "greet")
        await other.says(words, "decline")
        assert (await other.ledger())["oxidation"].state is QuestionState.DECLINED
        assert await other.focus() is None


async def test_i_dont_know_leaves_the_question_open_and_helps_anyway(talk: Talk) -> None:
    await talk.says("你好", "greet")
    said = await talk.says("不知道", "deny")
    assert (await talk.ledger())["oxidation"].state is QuestionState.NOT_NOW
    assert said.count("NT$") == 3


async def test_what_is_known_in_one_script_is_never_asked_in_another(talk: Talk) -> None:
    await talk.says("我愛綠茶", "inform", GREEN)
    asked: set[str] = set()
    for words in ("你好", "hello there my friend", "请问有人吗"):
        await talk.waits(days=2)
        await talk.says(words, "greet")
        asked.update(payload for _, payload in talk.buttons if payload.startswith("skip:"))
    assert asked
    assert "skip:oxidation" not in asked


async def test_several_values_answer_a_question_that_has_room_for_them(talk: Talk) -> None:
    await talk.says("我愛綠茶", "inform", GREEN)
    assert talk.payload("skip") == "skip:scent"
    await talk.says("花香和奶香都可以")
    assert {value for topic, value, _ in await talk.facts() if topic == "scent"} == {"floral", "milky"}


@pytest.mark.parametrize("words", ["都可以", "隨便啦", "whatever", "都行"])
async def test_who_does_not_mind_is_not_asked_again(talk: Talk, words: str) -> None:
    await talk.says("你好", "greet")
    await talk.says(words)
    assert (await talk.ledger())["oxidation"].state is QuestionState.ANSWERED
    for _ in range(4):
        await talk.waits(days=60)
        await talk.says("你好", "greet")
        assert "skip:oxidation" not in [payload for _, payload in talk.buttons]


async def test_an_answer_that_sounds_like_a_look_at_the_shelf_is_an_answer(talk: Talk) -> None:
    await talk.says("你好", "greet")
    await talk.says("應該是綠茶", "catalogue", replace(GREEN, confidence=0.5))
    assert ("oxidation", "green", "likes") in await talk.facts()


async def test_a_question_about_the_shelf_answers_none_of_ours(talk: Talk) -> None:
    await talk.says("你好", "greet")
    await talk.says("有綠茶嗎？", "catalogue")
    assert await talk.facts() == []


async def test_an_answer_with_a_wish_in_it_is_taken_whole(talk: Talk) -> None:
    await talk.says("你好", "greet")
    await talk.says("綠茶，花香的", "inform", GREEN, Said("花香", "scent", "floral"))
    assert {value for _, value, _ in await talk.facts()} == {"green", "floral"}


async def test_a_name_is_used_from_then_on(talk: Talk) -> None:
    await talk.says("我叫小林", "inform", Said("小林", "name", "小林"))
    assert "小林" in talk.replies[0].text
    await talk.waits(days=1)
    assert "小林" in await talk.says("哈囉", "greet")


async def test_they_may_ask_why_we_ask(talk: Talk) -> None:
    await talk.says("你好", "greet")
    said = await talk.says("為什麼要問這個", "decline")
    assert "好替你挑" in said
    assert talk.offers("skip")
    assert (await talk.ledger())["oxidation"].state is QuestionState.ASKED


async def test_a_name_is_no_reason_to_propose_again(talk: Talk) -> None:
    await talk.says("推薦", "propose")
    await talk.says("我叫小林", "inform", Said("小林", "name", "小林"))
    assert not talk.offers("choose")


async def test_hello_twice_is_not_answered_alike(talk: Talk) -> None:
    first = await talk.says("你好", "greet")
    second = await talk.says("在嗎", "greet")
    third = await talk.says("在嗎", "greet")
    assert len({first, second, third}) == 3
    assert "忘記我" not in second


async def test_opening_the_chat_greets_once(talk: Talk) -> None:
    opened = await talk.taps("start")
    again = await talk.taps("start")
    assert "一葉茶" in opened
    assert "一葉茶" not in again

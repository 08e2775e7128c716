"""For today, for somebody else, more than last time, against a firm belief."""

from __future__ import annotations

from dataclasses import replace

import pytest

from one_to_one.facts import Polarity
from tests.unit.talking import Said, Talk

GREEN = Said("綠茶", "oxidation", "green")
BLACK = Said("紅茶", "oxidation", "black")
FLORAL = Said("花香", "scent", "floral")
MILKY = Said("奶香", "scent", "milky")
NO_FLORAL = replace(FLORAL, polarity=Polarity.DISLIKES)
NEVER_MILKY = replace(MILKY, polarity=Polarity.NEVER)


def picks(talk: Talk) -> str:
    """What was proposed last."""
    return next(row.text for row in talk.replies if "1. " in row.text)


async def test_what_is_for_today_is_proposed_and_not_kept(talk: Talk) -> None:
    await talk.says("我愛綠茶", "inform", GREEN)
    said = await talk.says("今天想喝紅茶", "inform", replace(BLACK, lasting=False))
    assert "1. 早餐紅茶" in said or "1. 玫瑰紅茶" in said
    assert await talk.facts() == [("oxidation", "green", "likes")]


async def test_what_is_for_today_counts_until_the_contact_ends(talk: Talk) -> None:
    await talk.says("我愛綠茶", "inform", GREEN)
    await talk.says("今天想喝紅茶", "inform", replace(BLACK, lasting=False))
    await talk.says("你好", "greet")
    assert "1. 早餐紅茶" in await talk.taps("propose") or "1. 玫瑰紅茶" in picks(talk)
    await talk.waits(days=1)
    await talk.taps("propose")
    assert "「綠茶（3月說的）」" in picks(talk) or "「綠茶」" in picks(talk)


async def test_something_lasting_said_later_outdoes_what_was_for_today(talk: Talk) -> None:
    await talk.says("今天想喝紅茶", "inform", replace(BLACK, lasting=False))
    await talk.says("我平常都喝綠茶", "inform", GREEN)
    assert "「綠茶」" in picks(talk)


async def test_wishes_for_another_person_add_up_over_the_contact(talk: Talk) -> None:
    await talk.says("想買給我媽，她不要花香", "inform", replace(NO_FLORAL, who="mother"))
    said = await talk.says("要有點奶香", "inform", MILKY)
    assert "不要花香" in said
    assert "奶香" in said
    assert await talk.facts() == []


async def test_another_persons_wishes_are_still_there_after_a_word_about_something_else(talk: Talk) -> None:
    await talk.says("想買給我媽，她不要花香", "inform", replace(NO_FLORAL, who="mother"))
    await talk.says("你們幾點開", "hours")
    said = await talk.says("我媽愛奶香", "inform", replace(MILKY, who="mother"))
    assert "不要花香" in said
    assert await talk.facts() == []


async def test_i_myself_is_about_the_customer_again(talk: Talk) -> None:
    await talk.says("想買給我媽，她不要花香", "inform", replace(NO_FLORAL, who="mother"))
    await talk.says("我自己喝綠茶", "inform", GREEN)
    assert await talk.facts() == [("oxidation", "green", "likes")]


async def test_a_fragment_is_their_own_where_nobody_else_is_talked_of(talk: Talk) -> None:
    await talk.taps("propose")
    await talk.says("奶香的", "inform", MILKY)
    assert await talk.facts() == [("scent", "milky", "likes")]


async def test_a_rule_of_theirs_is_not_changed_by_one_remark(talk: Talk) -> None:
    await talk.says("我從不喝奶香的", "inform", NEVER_MILKY)
    await talk.waits(days=3)
    said = await talk.says("來個奶香的", "inform", MILKY)
    assert "不碰奶香" in said
    assert await talk.facts() == [("scent", "milky", "never")]


async def test_what_goes_against_a_rule_counts_for_now(talk: Talk) -> None:
    await talk.says("我從不喝奶香的", "inform", NEVER_MILKY)
    await talk.waits(days=3)
    await talk.says("來個奶香的", "inform", MILKY)
    assert "1. 高山金萱" in picks(talk)


async def test_who_says_that_it_changed_is_taken_at_their_word(talk: Talk) -> None:
    await talk.says("我從不喝奶香的", "inform", NEVER_MILKY)
    await talk.waits(days=3)
    await talk.says("我現在喝奶香的了", "inform", MILKY)
    assert await talk.facts() == [("scent", "milky", "likes")]


async def test_a_slip_is_mended_in_the_same_contact_without_a_question(talk: Talk) -> None:
    await talk.says("我從不喝奶香的", "inform", NEVER_MILKY)
    await talk.says("奶香的好", "inform", MILKY)
    assert await talk.facts() == [("scent", "milky", "likes")]


async def test_what_goes_against_what_was_said_once_is_asked_about(talk: Talk) -> None:
    await talk.says("我愛綠茶", "inform", GREEN)
    await talk.waits(days=3)
    said = await talk.says("我愛紅茶", "inform", BLACK)
    assert await talk.focus() == "contradiction"
    assert said.count("NT$") == 2, "what there is of it"
    assert await talk.facts() == [("oxidation", "green", "likes")]
    await talk.taps_titled("以後都這樣")
    assert await talk.facts() == [("oxidation", "black", "likes")]


@pytest.mark.parametrize("words", ["趕時間，我愛紅茶", "我現在改喝紅茶了"])
async def test_what_was_said_once_changes_with_a_word_where_nothing_can_or_need_be_asked(
    talk: Talk, words: str
) -> None:
    await talk.says("我愛綠茶", "inform", GREEN)
    await talk.waits(days=3)
    said = await talk.says(words, "inform", BLACK)
    assert not talk.offers("holds")
    assert "綠茶" in said
    assert await talk.facts() == [("oxidation", "black", "likes")]


async def test_what_was_said_once_changes_when_the_answer_itself_kept_it_from_being_asked(talk: Talk) -> None:
    await talk.says("我愛綠茶", "inform", GREEN)
    await talk.waits(days=3)
    said = await talk.says("我愛紅茶，改天再聊，掰掰", "goodbye", BLACK)
    assert not talk.offers("holds")
    assert said.startswith(("好，改記成紅茶", "了解，之前是綠茶"))
    assert await talk.facts() == [("oxidation", "black", "likes")]


async def test_which_size_they_want_is_never_asked_about_twice(talk: Talk) -> None:
    await talk.says("都買 75 克的", "inform", Said("75 克", "weight", "75"))
    await talk.waits(days=3)
    await talk.says("買 150 克的", "inform", Said("150 克", "weight", "150"))
    assert await talk.facts() == [("weight", "150", "likes")]


async def test_what_was_said_often_stands_firm(talk: Talk) -> None:
    for _ in range(3):
        await talk.says("我愛綠茶", "inform", GREEN)
        await talk.waits(days=3)
    await talk.says("我愛紅茶", "inform", BLACK)
    assert await talk.facts() == [("oxidation", "green", "likes")]


async def test_what_was_firm_long_ago_changes_with_a_word(talk: Talk) -> None:
    await talk.says("我從不喝奶香的", "inform", NEVER_MILKY)
    await talk.waits(days=800)
    await talk.says("奶香的好", "inform", MILKY)
    assert await talk.facts() == [("scent", "milky", "likes")]


async def against_a_rule(talk: Talk) -> str:
    await talk.says("我從不喝奶香的", "inform", NEVER_MILKY)
    await talk.waits(days=3)
    return await talk.says("來個奶香的", "inform", MILKY)


async def test_it_is_asked_once_whether_that_is_to_last(talk: Talk) -> None:
    assert "以後都這樣？" in await against_a_rule(talk)
    assert talk.offers("holds")
    said = await talk.says("來個奶香的", "inform", MILKY)
    assert "以後都這樣？" not in said


async def test_the_confirming_question_counts_against_the_budget(talk: Talk) -> None:
    await against_a_rule(talk)
    async with talk.store.reading() as books:
        contact = await books.contacts.latest(talk.customer)
    assert contact is not None
    assert contact.questions_spent == 1


@pytest.mark.parametrize("how", ["tap", "word"])
async def test_from_now_on_changes_what_is_believed(talk: Talk, how: str) -> None:
    await against_a_rule(talk)
    await (talk.taps("holds:lasting") if how == "tap" else talk.says("以後都這樣", "affirm"))
    assert await talk.facts() == [("scent", "milky", "likes")]
    async with talk.store.reading() as books:
        history = await books.facts.history(talk.customer)
    assert [fact.value for fact in history if fact.polarity is Polarity.NEVER and fact.until] == ["milky"]


@pytest.mark.parametrize("how", ["tap", "word"])
async def test_just_this_time_leaves_it_as_it_was_and_still_counts(talk: Talk, how: str) -> None:
    await against_a_rule(talk)
    await (talk.taps("holds:now") if how == "tap" else talk.says("這次而已", "inform"))
    assert await talk.facts() == [("scent", "milky", "never")]
    assert "1. 高山金萱" in await talk.taps("propose")


async def test_from_now_on_needs_no_question_to_be_understood(talk: Talk) -> None:
    await talk.says("我從不喝奶香的", "inform", NEVER_MILKY)
    await talk.waits(days=3)
    await talk.taps("propose")  # spends the question of this contact
    await talk.says("來個奶香的", "inform", MILKY)
    await talk.says("以後都這樣", "goodbye")
    assert await talk.facts() == [("scent", "milky", "likes")]


@pytest.mark.parametrize("known", [True, False])
async def test_a_habit_given_up_is_taken_note_of(talk: Talk, known: bool) -> None:
    if known:
        await talk.says("我愛綠茶", "inform", GREEN)
    said = await talk.says("以前喝綠茶，現在不了", "inform", replace(GREEN, ends=True))
    assert "綠茶" in said
    assert "1." not in said
    assert await talk.facts() == []


async def test_that_the_other_tastes_are_kept_apart_is_said_once(talk: Talk) -> None:
    first = await talk.says("想買給我媽，她不要花香", "inform", replace(NO_FLORAL, who="mother"))
    second = await talk.says("要有點奶香", "inform", MILKY)
    assert "分開算" in first
    assert "分開算" not in second

"""Presents: who something is for is told without a taste, and the customer's own taste stays out of it."""

from __future__ import annotations

import pytest

from tests.unit.talking import Said, Talk, options

GREEN = Said("綠茶", "oxidation", "green")
FOR_DAD = Said("給我爸", "#receiver", "father", who="father")


@pytest.fixture
async def greened(talk: Talk) -> Talk:
    """Somebody who likes green tea."""
    await talk.says("我愛綠茶", "inform", GREEN)
    return talk


@pytest.mark.parametrize("intent", ["propose", "inform", "catalogue", "nlu_fallback", "change"])
async def test_a_receiver_alone_leaves_the_own_taste_out(greened: Talk, intent: str) -> None:
    said = await greened.says("想買一包給我爸", intent, FOR_DAD)
    assert "還不知道爸爸的口味" in said
    assert "綠茶" not in said
    assert greened.offers("choose")


async def test_the_receipt_is_honest_about_it(greened: Talk) -> None:
    await greened.says("想買一包給我爸", "propose", FOR_DAD)
    said = await greened.says("為什麼是這些", "catalogue")
    assert "還不知道爸爸的口味" in said
    assert "綠茶" not in said


async def test_a_present_for_nobody_named_leaves_the_own_taste_out_too(greened: Talk) -> None:
    present = Said("禮物", "#receiver", "other", who="other")
    said = await greened.says("我要買禮物", "propose", present)
    assert "是給別人的" in said
    assert "綠茶" not in said


async def test_what_it_may_cost_is_about_the_present(greened: Talk) -> None:
    said = await greened.says("想買一包給我爸，三百以內", "propose", FOR_DAD, Said("三百", "weight", "75"))
    assert "75 克" in said
    assert await greened.facts() == [("oxidation", "green", "likes")]


async def test_what_they_never_want_themselves_may_be_what_another_likes(talk: Talk) -> None:
    await talk.says("我絕不要紅茶", "inform", Said("紅茶", "oxidation", "black", "never"))
    floral = Said("花香", "scent", "floral", who="wife", confidence=0.5)
    assert "玫瑰紅茶" in await talk.says("我老婆喜歡花香", "inform", floral)


async def test_one_for_themselves_goes_by_their_own_taste_again(greened: Talk) -> None:
    await greened.says("想買一包給我爸", "propose", FOR_DAD)
    said = await greened.says("那我自己也要一包", "choose")
    assert "綠茶" in said
    assert greened.offers("choose")


async def test_what_they_say_of_them_next_counts_for_the_receiver(greened: Talk) -> None:
    await greened.says("想買一包給我爸", "propose", FOR_DAD)
    said = await greened.says("紅茶", "inform", Said("紅茶", "oxidation", "black"))
    assert "「紅茶」" in said
    assert await greened.facts() == [("oxidation", "green", "likes")]


async def test_not_knowing_what_they_like_keeps_what_is_on_the_table(greened: Talk) -> None:
    await greened.says("想買一包給我爸", "propose", FOR_DAD)
    said = await greened.says("不知道他喜歡什麼", "nlu_fallback")
    assert "沒關係" in said
    assert greened.offers("choose")


@pytest.mark.parametrize("text", ["這包是要給我爸的", "給我爸的"])
async def test_a_draft_for_somebody_stays_what_it_is(greened: Talk, text: str) -> None:
    await greened.says("推薦", "propose")
    await greened.says("1", "choose")
    before = await options(greened)
    said = await greened.says(text, "inform", FOR_DAD)
    assert "給爸爸的" in said
    assert greened.offers("confirm")
    assert await options(greened) == before


async def test_another_for_somebody_beside_a_draft_is_proposed(greened: Talk) -> None:
    await greened.says("推薦", "propose")
    await greened.says("1", "choose")
    assert "還不知道爸爸的口味" in await greened.says("再來一包給我爸", "change", FOR_DAD)

"""Presents: who something is for is told without a taste, and the customer's own taste stays out of it."""

from __future__ import annotations

import pytest

from one_to_one.ledger import QuestionState
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


async def test_they_are_called_as_the_customer_calls_them(greened: Talk) -> None:
    called = Said("婆婆", "#receiver", "婆婆", who="grandmother")
    assert "還不知道婆婆的口味" in await greened.says("想送婆婆", "propose", called)
    assert "婆婆" in await greened.says("為什麼是這些", "catalogue")


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


BLACK = Said("紅茶", "oxidation", "black", who="father", confidence=0.5)


async def lines_for(talk: Talk) -> list[str | None]:
    """For whom each line of all orders is, oldest first."""
    async with talk.store.reading() as books:
        return [line.receiver for line in await books.orders.all_lines(talk.customer)]


async def order_for_dad(talk: Talk) -> None:
    """Pick the first of what is proposed for dad, and say yes."""
    await talk.says("想買一包給我爸，他喝紅茶", "propose", FOR_DAD, BLACK)
    await talk.says("1", "choose")
    await talk.taps(talk.payload("confirm"))


async def test_a_draft_picked_for_somebody_is_theirs_through_every_change(greened: Talk) -> None:
    await greened.says("想買一包給我爸", "propose", FOR_DAD)
    await greened.says("1", "choose")
    await greened.says("150 克", "change", Said("150 克", "weight", "150"))
    assert (await options(greened))["weight"] == "150"
    assert await lines_for(greened) == ["father"]


async def test_one_of_ones_own_picked_for_somebody_is_a_present(greened: Talk) -> None:
    await greened.says("推薦", "propose")
    said = await greened.says("第二款給我爸", "choose", FOR_DAD)
    assert greened.offers("confirm"), said
    assert await lines_for(greened) == ["father"]


async def test_what_was_just_ordered_can_be_for_somebody(greened: Talk) -> None:
    await greened.says("推薦", "propose")
    await greened.says("1", "choose")
    await greened.taps(greened.payload("confirm"))
    assert "給爸爸的" in await greened.says("這包是給我爸的", "inform", FOR_DAD)
    assert await lines_for(greened) == ["father"]


async def test_presents_teach_nothing_of_the_own_taste(greened: Talk) -> None:
    for _ in range(2):
        await order_for_dad(greened)
        await greened.waits(days=9)
    assert await greened.facts() == [("oxidation", "green", "likes")]
    said = await greened.says("推薦我自己喝的", "propose")
    assert "綠茶" in said
    assert "照你的習慣" not in said


async def test_how_a_present_was_liked_is_about_them(greened: Talk) -> None:
    await order_for_dad(greened)
    await greened.waits(days=9)
    assert "給爸爸的" in await greened.says("你好", "greet")
    said = await greened.says(
        "他說香氣不夠，不喜歡焙火香", "inform", Said("焙火香", "scent", "roasted", "dislikes")
    )
    assert "爸爸" in said
    assert await greened.facts() == [("oxidation", "green", "likes")]
    await greened.waits(days=9)
    said = await greened.says("再買一包給我爸", "propose", FOR_DAD)
    assert "不要焙火香" in said
    assert "紅茶" in said.split("\n")[0]


async def test_what_was_told_of_them_is_known_the_next_time(greened: Talk) -> None:
    await greened.says("我爸喝紅茶", "inform", BLACK)
    await greened.waits(days=40)
    said = await greened.says("想買一包給我爸", "propose", FOR_DAD)
    assert "紅茶（3月說的）" in said
    assert "紅茶" in await greened.says("為什麼", "catalogue")


async def test_what_is_told_later_takes_its_place(greened: Talk) -> None:
    await greened.says("我爸喝紅茶", "inform", BLACK)
    await greened.says(
        "他現在喝烏龍", "inform", Said("烏龍", "oxidation", "oolong", who="father", confidence=0.5)
    )
    await greened.waits(days=40)
    said = await greened.says("想買一包給我爸", "propose", FOR_DAD)
    assert "烏龍（3月說的）" in said
    assert "紅茶" not in said.split("\n")[0]


async def test_an_order_for_them_is_where_the_next_begins(greened: Talk) -> None:
    await greened.says("想買一包給我爸", "propose", FOR_DAD)
    await greened.says("1", "choose")
    await greened.taps(greened.payload("confirm"))
    await greened.waits(days=9)
    assert "上次給爸爸的是" in await greened.says("再買一包給我爸", "propose", FOR_DAD)


async def test_a_wish_put_as_a_question_is_not_kept_of_them(greened: Talk) -> None:
    await greened.says("有紅茶可以送我爸嗎？", "propose", FOR_DAD, BLACK)
    await greened.waits(days=40)
    assert "還不知道爸爸的口味" in await greened.says("想買一包給我爸", "propose", FOR_DAD)


async def test_what_makes_them_ill_counts_now_and_is_not_kept_unasked(greened: Talk) -> None:
    ill = Said("堅果", "avoid", "nuts", "never", who="father", confidence=0.5)
    assert "下次請再跟我說" in await greened.says("我爸對堅果過敏", "inform", ill)
    async with greened.store.reading() as books:
        assert await books.their_tastes.listed(greened.customer) == []


async def test_what_is_known_of_others_is_told_and_forgotten_with_one_tap(greened: Talk) -> None:
    await greened.says("我爸喝紅茶", "inform", BLACK)
    assert "爸爸" in await greened.says("你知道我什麼", "know_me")
    await greened.taps("forget:of:father")
    assert "爸爸" not in await greened.says("你知道我什麼", "know_me")


async def test_forgetting_them_in_words_leaves_the_own_taste(greened: Talk) -> None:
    await greened.says("我爸喝紅茶", "inform", BLACK)
    await greened.says("忘掉爸爸的口味", "forget")
    async with greened.store.reading() as books:
        assert await books.their_tastes.listed(greened.customer) == []
    assert await greened.facts() == [("oxidation", "green", "likes")]


async def test_who_wants_no_profile_has_nothing_kept_of_others(greened: Talk) -> None:
    await greened.taps("consent:remembering:no")
    await greened.says("我爸喝紅茶", "inform", BLACK)
    async with greened.store.reading() as books:
        assert await books.their_tastes.listed(greened.customer) == []


async def asked_of_dad(talk: Talk) -> str:
    """Ask for something for dad; the topic of the question about him that follows."""
    await talk.says("想買一包給我爸", "propose", FOR_DAD)
    [line] = [name for name in await talk.ledger() if name.endswith("@father")]
    return line.partition("@")[0]


async def test_one_question_about_them_follows_from_the_same_budget(talk: Talk) -> None:
    topic = await asked_of_dad(talk)
    first, *_ = talk.pack.topics[topic].values.values()
    assert first.label[talk.pack.shop.languages[0]] in talk.replies[-1].text
    assert talk.offers("answer")
    await talk.says("再給我爸看幾款", "propose", FOR_DAD)
    assert len(await talk.ledger()) == 1  # the contact's only question


async def test_its_answer_is_kept_for_them_and_proposed_by(talk: Talk) -> None:
    topic = await asked_of_dad(talk)
    said = await talk.taps(talk.payload("answer"))
    assert "照你說過" in said or "照「" in said
    assert await talk.facts() == []
    assert (await talk.ledger())[f"{topic}@father"].state is QuestionState.ANSWERED
    await talk.waits(days=40)
    await talk.says("想買一包給我爸", "propose", FOR_DAD)
    assert f"{topic}@father" not in await open_lines(talk)


async def open_lines(talk: Talk) -> set[str]:
    """The questions that wait for an answer."""
    return {name for name, line in (await talk.ledger()).items() if line.state is QuestionState.ASKED}


@pytest.mark.parametrize("text", ["不知道", "不清楚"])
async def test_not_knowing_it_keeps_the_table_and_is_not_pressed(talk: Talk, text: str) -> None:
    topic = await asked_of_dad(talk)
    await talk.says(text, "nlu_fallback")
    assert talk.offers("choose")
    assert (await talk.ledger())[f"{topic}@father"].state is QuestionState.NOT_NOW
    await talk.says("再給我爸看幾款", "propose", FOR_DAD)
    assert not talk.offers("answer")


async def test_waved_aside_with_a_tap_it_is_never_asked_again(talk: Talk) -> None:
    topic = await asked_of_dad(talk)
    await talk.taps(talk.payload("skip"))
    assert (await talk.ledger())[f"{topic}@father"].state is QuestionState.DECLINED
    await talk.waits(days=40)
    await talk.says("想買一包給我爸", "propose", FOR_DAD)
    assert f"{topic}@father" not in await open_lines(talk)


async def test_an_answer_in_words_is_theirs(talk: Talk) -> None:
    topic = await asked_of_dad(talk)
    label = next(iter(talk.pack.topics[topic].values.values())).label[talk.pack.shop.languages[0]]
    await talk.says(label, "inform")
    assert await talk.facts() == []
    async with talk.store.reading() as books:
        assert [row.topic for row in await books.their_tastes.of(talk.customer, "father")] == [topic]


async def test_nobody_is_asked_about_somebody_who_isnt_named(talk: Talk) -> None:
    await talk.says("我要買禮物", "propose", Said("禮物", "#receiver", "other", who="other"))
    assert not talk.offers("answer")
    assert await talk.ledger() == {}


async def test_a_name_taken_for_a_call_for_a_person_is_a_name(talk: Talk) -> None:
    await talk.says("call me Ann", "human", Said("Ann", "name", "Ann"))
    assert await talk.facts() == [("name", "Ann", "likes")]
    assert not talk.offers("bot")


async def test_not_knowing_them_at_all_answers_the_question_too(talk: Talk) -> None:
    topic = await asked_of_dad(talk)
    assert "沒關係" in await talk.says("不知道他喜歡什麼", "propose")
    assert (await talk.ledger())[f"{topic}@father"].state is QuestionState.NOT_NOW


async def test_what_was_asked_of_them_once_is_never_put_again(talk: Talk) -> None:
    topic = await asked_of_dad(talk)
    await talk.waits(days=40)
    await talk.says("想買一包給我爸", "propose", FOR_DAD)
    again = [name for name, line in (await talk.ledger()).items() if line.times_asked > 1]
    assert again == []
    assert f"{topic}@father" in await talk.ledger()

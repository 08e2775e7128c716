"""Receipts, reasons for a no, offers, the usual, and wishes that can't be met, as they are talked about."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from crm_store.models import ProposalRow, UnmetWishRow
from crm_store.orders import Line
from one_to_one.consent import Purpose
from one_to_one.language import Language
from one_to_one.shop import Offer, OfferKind, ShopPack
from tests.unit.talking import Said, Talk, in_three, tea, tea_house

GREEN, OOLONG = Said("綠茶", "oxidation", "green"), Said("烏龍", "oxidation", "oolong")
BLACK = Said("紅茶", "oxidation", "black")
ROASTED = Said("焙火", "scent", "roasted")
TOO_GREEN = {
    Language.TRADITIONAL: ("太青",),
    Language.SIMPLIFIED: ("太青",),
    Language.ENGLISH: ("too grassy",),
}


def house() -> ShopPack:
    """The tea house, which knows what it sells and how one says that a tea is too grassy."""
    plain = tea_house()
    colour = plain.topics["oxidation"]
    green = replace(colour.values["green"], too=TOO_GREEN)
    colour = replace(colour, values={**colour.values, "green": green})
    shop = replace(plain.shop, sells={"zh": ("茶", "茶葉", "茶包"), "en": ("tea", "teas")})
    return replace(plain, shop=shop, topics={**plain.topics, "oxidation": colour})


@pytest.fixture
def talk(talk: Talk) -> Talk:
    talk.pack = house()
    return talk


def lines(said: str) -> list[str]:
    return [line for line in said.splitlines() if re.match(r"\d\. ", line)]


async def proposals(talk: Talk) -> list[ProposalRow]:
    async with talk.store.reading() as books:
        return await books.proposals.recent(talk.customer, 20)


async def wishes(talk: Talk) -> list[UnmetWishRow]:
    async with talk.store.reading() as books:
        return await books.unmet_wishes.listed(talk.customer)


async def had(talk: Talk, product: str, times: int, **options: str) -> None:
    """They ordered this so many times, a week apart, before this visit."""
    if not talk.customer:
        await talk.says("你好", "greet")
    for _ in range(times):
        await talk.waits(days=7)
        async with talk.store.transaction() as books:
            line = Line(product, product, Decimal(300), Decimal(100), options={"weight": "75", **options})
            order = await books.orders.draft(talk.customer, None, [line], talk.now, "TWD")
            await books.orders.place(order, talk.now)
            await books.orders.asked(order, talk.now)
    await talk.waits(days=7)


async def test_why_names_the_facts_with_their_dates(talk: Talk) -> None:
    await talk.says("我愛綠茶", "inform", GREEN)
    await talk.waits(days=100)
    await talk.says("焙火香的好", "inform", ROASTED)  # answers the question, and a proposal follows
    said = await talk.says("為什麼")
    assert "綠茶（3月說的）" in said
    assert "焙火香（剛才說的）" in said
    assert "75 克" in said  # what was assumed


async def test_one_tap_takes_a_fact_back_and_proposes_again_with_everything_else(talk: Talk) -> None:
    await talk.says("我愛綠茶", "inform", GREEN)
    await talk.says("焙火香的好", "inform", ROASTED)  # answers the question, and a proposal follows
    await talk.says("為什麼")
    said = await talk.taps_titled("現在不是了：綠茶")
    assert "不照「綠茶」" in said
    assert len(lines(said)) == 3
    assert await talk.facts() == [("scent", "roasted", "likes")]
    again = await talk.taps("answer:oxidation:black")
    assert "早餐紅茶" in lines(again)[0]
    assert sorted(await talk.facts()) == [("oxidation", "black", "likes"), ("scent", "roasted", "likes")]


async def test_the_reasons_for_a_no_are_there_to_be_tapped_and_nothing_is_offered(talk: Talk) -> None:
    await talk.says("我愛綠茶", "inform", GREEN)
    await talk.taps("propose")
    said = await talk.taps(talk.payload("reject"))
    assert lines(said) == []
    assert [title for title, _ in talk.buttons] == ["太青", "太貴", "家裡還有", "這次先不用"]
    said = await talk.taps_titled("太青")
    assert lines(said) == []
    assert [(row.outcome, row.reason) for row in await proposals(talk)] == [
        ("rejected", "too.oxidation.green")
    ]


async def test_the_reason_moves_the_next_proposal_and_that_is_said(talk: Talk) -> None:
    await talk.says(
        "今天想要綠茶", "inform", replace(GREEN, lasting=False)
    )  # so that there is one to turn down
    await talk.taps("propose")
    await talk.taps(talk.payload("reject"))
    await talk.taps_titled("太青")
    await talk.waits(days=3)
    said = await talk.says("推薦一下", "propose")
    assert "你說過「太青」" in said
    assert not any(name in said for name in ("翠玉", "焙茶"))
    assert "你說過「太青」" not in await talk.says("換一批", "change")


async def test_a_reason_in_words_beside_the_list_makes_a_better_one_at_once(talk: Talk) -> None:
    first = await talk.taps("propose")
    said = await talk.says("都太貴了", "chitchat")
    dearest = min(int(price) for price in re.findall(r"NT\$(\d+)", "\n".join(lines(first))))
    prices = [int(price) for price in re.findall(r"NT\$(\d+)", "\n".join(lines(said)))]
    assert [row.reason for row in await proposals(talk)] == [None, "dear"]
    assert ("比上次便宜" in said) == all(price < dearest for price in prices)


@pytest.mark.parametrize("intent", ["catalogue", "change"])
@pytest.mark.parametrize("words", ["有沒有便宜一點的", "anything cheaper?"])
async def test_asking_for_something_cheaper_is_a_reason_too(talk: Talk, words: str, intent: str) -> None:
    await talk.taps("propose")
    assert len(lines(await talk.says(words, intent))) > 0
    assert [row.reason for row in await proposals(talk)] == [None, "dear"]


async def test_what_nothing_meets_is_told_once(talk: Talk) -> None:
    asked = [replace(GREEN, confidence=0.5), Said("奶香", "scent", "milky", confidence=0.5)]
    await talk.says("有奶香的綠茶嗎", "catalogue", *asked)
    assert "沒有同時符合" not in await talk.says("換一批", "change")


@pytest.mark.parametrize(("words", "reason"), [("家裡還有", "enough"), ("改天吧", "later")])
async def test_another_time_ends_it_warmly(talk: Talk, words: str, reason: str) -> None:
    talk.pack = replace(talk.pack, shop=replace(talk.pack.shop, questions_per_contact=0))
    await talk.taps("propose")
    said = await talk.says(words, "chitchat")
    assert (lines(said), talk.buttons) == ([], [])
    assert [row.reason for row in await proposals(talk)] == [reason]


async def test_too_dear_right_after_an_order_is_about_what_it_costs(talk: Talk) -> None:
    await talk.taps("propose")
    await talk.taps(talk.payload("choose"))
    await talk.taps(talk.payload("confirm"))
    said = await talk.says("太貴了", "change")
    assert "NT$" in said
    assert talk.offers("human")


async def test_which_of_three_was_taken_is_known(talk: Talk) -> None:
    await talk.taps("propose")
    await talk.taps(talk.payload("choose", 1))
    assert [(row.outcome, row.picked) for row in await proposals(talk)] == [("accepted", 2)]


async def test_others_please_shows_only_what_has_the_wish_until_all_was_seen(talk: Talk) -> None:
    asked = replace(BLACK, words="紅茶")
    first = await talk.says("推薦紅茶的，今天", "propose", replace(asked, lasting=False))
    assert [("紅茶" in line) for line in lines(first)] == [True, True]
    said = await talk.taps(talk.payload("other"))
    assert "「紅茶」的都看過了" in said


async def test_a_wish_asked_anew_after_much_turning_down_is_met_in_full(talk: Talk) -> None:
    talk.pack = replace(
        talk.pack,
        products={
            **talk.pack.products,
            "dian": tea("dian", "滇紅", "滇红", 300, oxidation="black", scent="floral"),
        },
    )
    today = replace(BLACK, lasting=False)
    await talk.says("今天想喝紅茶", "propose", today)
    await talk.taps(talk.payload("reject"))
    await talk.waits(minutes=5)
    said = await talk.says("推薦紅茶", "propose", today)
    assert len(lines(said)) == 3
    assert all("紅" in line for line in lines(said))


async def test_a_wish_that_nothing_meets_says_which_part_must_give_and_is_written_down(talk: Talk) -> None:
    said = await talk.says(
        "今天要綠茶、奶香",
        "propose",
        replace(GREEN, lasting=False),
        Said("奶香", "scent", "milky", lasting=False),
    )
    assert "沒有同時符合綠茶、奶香" in said
    assert [line.partition("：")[0] for line in lines(said)] == ["1. 不要「奶香」", "2. 不要「綠茶」"]
    [wish] = await wishes(talk)
    assert {(want["topic"], want["value"]) for want in wish.wants} == {
        ("oxidation", "green"),
        ("scent", "milky"),
    }


@pytest.mark.parametrize(
    ("words", "thing"),
    [
        ("你們有賣磨豆機嗎", "磨豆機"),
        ("請問有馬克杯嗎？", "馬克杯"),
        ("do you have a teapot?", "teapot"),
        ("do u sell purple mugs", "purple mugs"),
    ],
)
async def test_a_thing_that_is_not_sold_is_told_and_written_down(talk: Talk, words: str, thing: str) -> None:
    said = await talk.says(words, "catalogue")
    assert thing in said
    assert [(wish.thing, wish.words) for wish in await wishes(talk)] == [(thing, words)]


async def test_a_thing_whose_name_the_shop_seems_to_know_is_still_told(talk: Talk) -> None:
    shop = replace(talk.pack.shop, lacks={"zh": ("紅茶機",), "en": ("pot", "pots")})
    talk.pack = replace(talk.pack, shop=shop)
    assert "green tea pot" in await talk.says("do you have a green tea pot?", "catalogue")
    await talk.says("do u have the thing from insta", "propose")
    assert "help with the tea pot" in await talk.says("its a tea pot", "inform")


async def test_what_the_thing_is_for_can_still_be_served(talk: Talk) -> None:
    said = await talk.says("有賣紅茶機嗎", "catalogue", replace(BLACK, words="紅茶"))
    assert "紅茶機" in said
    assert "如果是為了紅茶" in said


async def test_a_wish_put_as_a_question_that_nothing_meets_is_written_down(talk: Talk) -> None:
    asked = [replace(GREEN, confidence=0.5), Said("奶香", "scent", "milky", confidence=0.5)]
    said = await talk.says("有奶香的綠茶嗎", "catalogue", *asked)
    assert "沒有同時符合" in said
    assert len(await wishes(talk)) == 1


@pytest.mark.parametrize("intent", ["change", "praise", "chitchat", "complain"])
async def test_too_dear_is_understood_whatever_the_bot_takes_it_for(talk: Talk, intent: str) -> None:
    await talk.taps("propose")
    await talk.taps(talk.payload("choose"))
    await talk.taps(talk.payload("confirm"))
    assert "編號" in await talk.says("太貴了", intent, sure=0.5)


@pytest.mark.parametrize(
    "words",
    [
        "有沒有便宜一點的", "你們有什麼茶", "有推薦的嗎", "do you have anything cheaper",
        "do you have green tea", "do you have teas", "有茶葉嗎", "有沒有不苦的",
    ],
)  # fmt: skip
async def test_what_the_shop_knows_is_no_unmet_wish(talk: Talk, words: str) -> None:
    await talk.says(words, "catalogue", sure=0.9)
    assert await wishes(talk) == []


async def test_a_thing_that_was_not_named_is_asked_about(talk: Talk) -> None:
    said = await talk.says("do u have the purple thing from insta", "propose")
    assert "not sure which one" in said
    assert lines(said) == []
    said = await talk.says("its an espresso machine", "inform")
    assert "espresso machine" in said
    assert [wish.thing for wish in await wishes(talk)] == ["espresso machine"]


async def test_the_usual_is_offered_at_the_greeting_and_takes_one_tap(talk: Talk) -> None:
    await had(talk, "charcoal", 2)
    said = await talk.says("在嗎", "greet")
    assert "炭焙烏龍" in said
    assert not talk.offers("skip"), "one question at a time"
    said = await talk.taps(talk.payload("usual"))
    assert "炭焙烏龍" in said
    assert talk.offers("confirm")


@pytest.mark.parametrize(("words", "drafted"), [("好", True), ("yes please", True), ("不用", False)])
async def test_the_usual_is_answered_in_a_word(talk: Talk, words: str, drafted: bool) -> None:
    await had(talk, "charcoal", 2)
    await talk.says("在嗎", "greet")
    await talk.says(words, "affirm" if drafted else "deny")
    assert talk.offers("confirm") is drafted
    assert await talk.focus() == ("order" if drafted else None)


async def test_the_usual_is_not_offered_once_they_said_otherwise(talk: Talk) -> None:
    await had(talk, "charcoal", 2)
    await talk.says("焙火香的我不要了", "inform", replace(ROASTED, polarity="dislikes"))
    await talk.waits(days=1)
    assert "炭焙烏龍" not in await talk.says("在嗎", "greet")
    said = await talk.says("老樣子", "order_usual")
    assert "不要焙火香" in said
    assert "炭焙烏龍" in await talk.taps_titled("還是照舊")


async def test_a_usual_that_is_sold_out_gives_way_to_the_nearest_and_says_so(talk: Talk) -> None:
    await had(talk, "charcoal", 2)
    gone = replace(talk.pack.products["charcoal"], stock=0)
    talk.pack = replace(talk.pack, products={**talk.pack.products, "charcoal": gone})
    said = await talk.says("在嗎", "greet")
    assert "沒貨" in said
    assert "高山金萱" in said
    said = await talk.taps("usual")
    assert "沒貨" in said
    assert talk.offers("confirm")


def on_offer(pack: ShopPack) -> ShopPack:
    """Charcoal oolong for 300 instead of 380 all March."""
    days = (date(2026, 3, 1), date(2026, 3, 31))
    reason = in_three("春天清倉", "春天清仓", "spring clearance")
    offer = Offer("spring", OfferKind.CLEARANCE, ("charcoal",), {}, Decimal(300), *days, reason)
    return replace(pack, offers={"spring": offer})


async def test_an_offer_that_suits_is_made_with_both_prices_and_ordered_at_its_own(talk: Talk) -> None:
    talk.pack = on_offer(talk.pack)
    said = await talk.says("推薦烏龍", "propose", OOLONG)
    [line] = [line for line in lines(said) if "炭焙烏龍" in line]
    assert "NT$300（原價 NT$380，到3月31日；春天清倉）" in line
    [payload] = [payload for title, payload in talk.buttons if "炭焙烏龍" in title]
    assert "NT$300" in await talk.taps(payload)
    order = talk.payload("confirm").partition(":")[2]
    assert "540" in await talk.taps(f"option:{order}:weight:150")  # 300 × 1.8


async def test_an_offer_stays_one_while_its_draft_is_compared(talk: Talk) -> None:
    talk.pack = on_offer(talk.pack)
    await talk.says("推薦烏龍", "propose", OOLONG)
    [payload] = [payload for title, payload in talk.buttons if "炭焙烏龍" in title]
    await talk.taps(payload)
    said = await talk.says("比較一下", "chitchat")
    [line] = [line for line in lines(said) if "炭焙烏龍" in line]
    assert "NT$300" in line
    [payload] = [payload for title, payload in talk.buttons if "炭焙烏龍" in title]
    await talk.taps(payload)
    assert "NT$300" in talk.replies[0].text


async def test_no_offer_is_made_after_a_no(talk: Talk) -> None:
    talk.pack = on_offer(talk.pack)
    await talk.says("推薦烏龍", "propose", OOLONG)
    await talk.taps(talk.payload("reject"))
    await talk.waits(minutes=5)
    assert "原價" not in await talk.says("再推薦一下烏龍", "propose", OOLONG)


async def test_what_it_comes_to_is_told_of_the_draft_and_of_the_order(talk: Talk) -> None:
    await talk.taps("propose")
    await talk.taps(talk.payload("choose"))
    price = re.findall(r"NT\$\d+", talk.replies[0].text)[-1]
    assert price in await talk.says("總共多少錢", "catalogue")
    assert talk.offers("confirm")
    await talk.taps(talk.payload("confirm"))
    assert "編號" in await talk.says("總共多少錢", "catalogue")


@pytest.mark.parametrize("words", ["什麼時候會到", "when will it arrive?"])
async def test_when_does_it_come_is_about_the_order_that_is_on_its_way(talk: Talk, words: str) -> None:
    assert "兩天" in await talk.says("什麼時候會到", "delivery")
    await talk.taps("propose")
    await talk.taps(talk.payload("choose"))
    await talk.taps(talk.payload("confirm"))
    said = await talk.says(words, "delivery")
    assert ("編號" in said) or ("Number" in said)


async def test_who_wants_no_personal_proposals_gets_none_and_no_usual(talk: Talk) -> None:
    await had(talk, "charcoal", 2)
    await talk.says("我愛綠茶", "inform", GREEN)
    async with talk.store.transaction() as books:
        await books.consents.record(talk.customer, Purpose.PERSONAL, "denied", "May we?", talk.now, None)
    await talk.waits(days=1)
    assert "炭焙烏龍" not in await talk.says("在嗎", "greet")
    said = await talk.taps("propose")
    assert "綠茶" not in said.splitlines()[0]
    assert (await proposals(talk))[0].items[0]["facts"] == []


async def test_how_it_was_moves_the_next_proposal_in_their_words(talk: Talk) -> None:
    await had(talk, "jade", 1)
    async with talk.store.transaction() as books:
        [order] = await books.orders.placed(talk.customer)
        order.asked_at = None
    await talk.says("在嗎", "greet")
    await talk.says("太青了，不喜歡", "inform")
    said = await talk.taps("propose")
    assert "你說過「太青」" in said
    assert timedelta(0) < talk.now - order.at


async def test_cheaper_stays_with_what_was_asked_for(talk: Talk) -> None:
    await talk.says("推薦花香的", "propose", Said("花香", "scent", "floral"))
    said = await talk.says("便宜一點的", "change")
    assert "沒有更便宜" in said
    assert "花香" in said or "價錢差不多" in said  # by lot the very cheapest was on the table already


async def test_what_another_was_shown_is_not_held_against_the_customers_own(talk: Talk) -> None:
    await talk.says("我愛紅茶", "inform", Said("紅茶", "oxidation", "black"))
    await talk.says("我先生愛紅茶", "inform", Said("紅茶", "oxidation", "black", who="husband"))
    said = await talk.says("幫我挑三款", "propose")
    assert "紅茶" in said.split("1. ")[1].split("\n")[0]


async def test_why_names_what_was_wished_for_this_time_only(talk: Talk) -> None:
    await talk.says("今天想喝花香的", "propose", Said("花香", "scent", "floral", lasting=False))
    said = await talk.says("為什麼")
    assert "花香" in said
    assert "不太認識" not in said


async def test_why_names_what_must_never_be(talk: Talk) -> None:
    await talk.says("我絕對不要紅茶", "inform", Said("紅茶", "oxidation", "black", "never"))
    await talk.says("推薦一下", "propose")
    said = await talk.says("為什麼")
    assert "紅茶" in said
    assert "不太認識" not in said

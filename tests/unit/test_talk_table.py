"""What customers type while products are on the table: choosing, turning one down, details said early."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from decimal import Decimal

import pytest

from crm_store.models import OrderLineRow, OrderRow, ProposalRow
from crm_store.store import Store
from one_to_one.ledger import QuestionState
from one_to_one.lessons import DEAR
from one_to_one.shop import TopicKind
from tests.unit.talking import Said, Talk, tea_house, topic, value
from tests.unit.test_talk_checkout import ADDRESS, house

BIG = Said("150", "weight", "150")


@pytest.fixture
async def talk(own_store: Store) -> AsyncIterator[Talk]:
    """Somebody in a tea house that delivers, who was shown three teas."""
    talking = Talk(own_store, pack=house())
    await talking.says("推薦", "propose")
    yield talking
    await own_store.close()


async def on_table(talk: Talk) -> ProposalRow:
    async with talk.store.reading() as books:
        row = await books.proposals.latest(talk.customer)
        assert row is not None
        return row


async def draft(talk: Talk) -> tuple[OrderRow, OrderLineRow]:
    async with talk.store.reading() as books:
        [*_, order] = await books.orders.listed(talk.customer)
        [line] = await books.orders.lines(order)
        return order, line


async def ordered(talk: Talk) -> int:
    async with talk.store.reading() as books:
        return len(await books.orders.listed(talk.customer))


def products(row: ProposalRow) -> list[str]:
    return [item["product"] for item in row.items]


@pytest.mark.parametrize("intent", ["choose", "change", "inform"])
@pytest.mark.parametrize(
    ("text", "place"),
    [("第二支有點貴", 2), ("不太確定第一個，覺得貴了", 1), ("中间那款超出预算", 2), ("最后一个好贵", 3),
     ("number 2 looks pricey to me", 2), ("the last one costs too much", 3), ("hmm, the first? too dear", 1)],
)  # fmt: skip
async def test_a_place_with_a_complaint_about_the_price_is_a_no_to_that_one(
    talk: Talk, text: str, place: int, intent: str
) -> None:
    before = await on_table(talk)
    await talk.says(text, intent)
    after = await on_table(talk)
    assert await ordered(talk) == 0
    stay = [name for n, name in enumerate(products(before), start=1) if n != place]
    assert [name for name in products(after) if name in products(before)] == stay
    if len(products(after)) == 3:
        assert Decimal(after.items[place - 1]["price"]) < Decimal(before.items[place - 1]["price"])


async def test_why_one_was_turned_down_is_kept_and_says_nothing_of_the_others(talk: Talk) -> None:
    before = await on_table(talk)
    await talk.says("第三款太貴", "choose")
    async with talk.store.reading() as books:
        row = await books.proposals.get(before.id, talk.customer)
    assert row is not None
    assert [item.get("turned_down") for item in row.items] == [None, None, DEAR]
    assert row.outcome == "ignored"


@pytest.mark.parametrize(
    "text",
    ["第二個不要", "我不喜歡第二款", "不要第二个", "第二个就算了", "not the second",
     "I don't like the second one", "number two isn't for me"],
)  # fmt: skip
async def test_a_plain_no_to_one_leaves_the_others_and_offers_nothing_more(talk: Talk, text: str) -> None:
    before = products(await on_table(talk))
    await talk.says(text, "choose")
    assert products(await on_table(talk)) == [before[0], before[2]]
    assert await ordered(talk) == 0


@pytest.mark.parametrize(
    "text", ["第二個太貴，那就第一個", "第二个不要，第一个吧", "number two is too pricey, so the first one"]
)
async def test_one_is_taken_though_another_is_turned_down(talk: Talk, text: str) -> None:
    first = products(await on_table(talk))[0]
    await talk.says(text, "choose")
    assert (await draft(talk))[1].product == first


@pytest.mark.parametrize(
    "text", ["第二支會澀嗎", "第二个适合送人吗？", "is the second one any good in the morning?"]
)
async def test_a_question_about_one_is_answered_about_that_one(talk: Talk, text: str) -> None:
    before = await on_table(talk)
    said = await talk.says(text, "catalogue")
    assert any(name in said for name in talk.pack.products[products(before)[1]].name.values())
    assert not any(name in said for name in talk.pack.products[products(before)[0]].name.values())
    assert await ordered(talk) == 0
    assert talk.offers("choose")


@pytest.mark.parametrize("intent", ["choose", "inform", "nlu_fallback", "delivery"])
@pytest.mark.parametrize(
    ("text", "big"),
    [("那我要第二款，150 克的，三包，自己拿", True), ("第二個，要三份，而且自己拿", False),
     ("第二支好了，150克，给我三袋，自取", True),
     ("the second one in 150, three bags, and I'll pick it up", True)],
)  # fmt: skip
async def test_all_that_is_said_with_a_choice_is_in_the_draft(
    talk: Talk, text: str, big: bool, intent: str
) -> None:
    second = products(await on_table(talk))[1]
    said = await talk.says(text, intent, *([BIG] if big else []))
    order, line = await draft(talk)
    assert (line.product, int(line.quantity), line.options["weight"]) == (second, 3, "150" if big else "75")
    assert (order.details or {})["delivery"] == "pickup"
    assert ("先假設" in said) is not big


@pytest.mark.parametrize(
    ("text", "want"),
    [("便宜的那個，兩包", min), ("我要最貴的那支，2 包", max), ("贵的那款来两包", max),
     ("two bags of the cheapest", min)],
)  # fmt: skip
async def test_one_is_chosen_by_its_price(talk: Talk, text: str, want: object) -> None:
    prices = [Decimal(item["price"]) for item in (await on_table(talk)).items]
    await talk.says(text, "choose")
    _, line = await draft(talk)
    assert (line.price, line.quantity) == (want(prices), 2)  # type: ignore[operator]


@pytest.mark.parametrize("text", ["有沒有便宜一點的", "a cheaper one please", "有没有更便宜的"])
async def test_a_cheaper_one_is_none_of_these(talk: Talk, text: str) -> None:
    before = await on_table(talk)
    await talk.says(text, "choose")
    after = await on_table(talk)
    assert await ordered(talk) == 0
    assert after.id != before.id
    assert not set(products(after)) & set(products(before))


@pytest.mark.parametrize("text", ["上次第一次喝到就愛上", "this is my first time here", "第一次来你们家"])
async def test_the_first_time_is_none_of_the_products(talk: Talk, text: str) -> None:
    await talk.says(text, "chitchat")
    assert await ordered(talk) == 0


@pytest.mark.parametrize("intent", ["inform", "change", "delivery", "nlu_fallback", "choose", "thanks"])
async def test_details_before_a_choice_are_kept_for_the_draft(talk: Talk, intent: str) -> None:
    before = products(await on_table(talk))
    said = await talk.says(f"寄到{ADDRESS}", intent)
    assert ADDRESS in said
    assert talk.offers("choose")
    assert products(await on_table(talk)) == before
    await talk.says("用線上付款", "delivery")
    await talk.says("卡片寫「早日康復」", "thanks")
    await talk.says("要兩包", "change")
    await talk.says("2", "choose")
    order, line = await draft(talk)
    kept = {"address": ADDRESS, "payment": "link", "label_message": "早日康復"}
    assert kept.items() <= (order.details or {}).items()
    assert (line.product, int(line.quantity)) == (before[1], 2)


@pytest.mark.parametrize(("text", "count"), [("再多一包", 2), ("make that two bags", 2), ("改成三袋", 3)])
async def test_a_number_of_pieces_is_no_wish_for_others(talk: Talk, text: str, count: int) -> None:
    before = await on_table(talk)
    await talk.says(text, "change")
    assert (await on_table(talk)).id == before.id
    await talk.says("第一個", "choose")
    assert (await draft(talk))[1].quantity == count


async def test_what_is_kept_stays_when_others_are_shown(talk: Talk) -> None:
    await talk.says("要兩包", "change")
    await talk.says("換一批", "change")
    await talk.says("1", "choose")
    assert (await draft(talk))[1].quantity == 2


@pytest.mark.parametrize(
    "text", ["幫我寫「祝好」在卡片上", "write 'all well' on the card", "写张卡片「祝好」"]
)
async def test_words_for_the_label_are_found_before_and_behind_its_name(talk: Talk, text: str) -> None:
    await talk.says(text, "nlu_fallback")
    await talk.says("1", "choose")
    assert ((await draft(talk))[0].details or {})["label_message"] in ("祝好", "all well")


async def test_too_long_a_label_is_told_and_the_rest_is_kept(talk: Talk) -> None:
    said = await talk.says("兩包，卡片寫「祝你生日快樂天天開心萬事如意心想事成」", "inform")
    assert "12" in said
    await talk.says("1", "choose")
    order, line = await draft(talk)
    assert line.quantity == 2
    assert not (order.details or {}).get("label_message")


@pytest.mark.parametrize("text", ["一共多少錢", "总共多少钱", "how much altogether?"])
async def test_what_it_comes_to_is_told_of_each(talk: Talk, text: str) -> None:
    await talk.says("要兩包", "change")
    said = await talk.says(text, "catalogue")
    for item in (await on_table(talk)).items:
        goods = 2 * Decimal(item["price"])
        assert f"{goods + (0 if goods >= 1000 else 80):,}" in said


@pytest.mark.parametrize("intent", ["inform", "change", "catalogue", "nlu_fallback"])
async def test_a_choice_for_all_keeps_the_products(talk: Talk, intent: str) -> None:
    before = products(await on_table(talk))
    await talk.says("都要 150 克", intent, BIG)
    after = await on_table(talk)
    assert products(after) == before
    assert {item["options"]["weight"] for item in after.items} == {"150"}


@pytest.mark.parametrize("text", ["要送老師的，用 150 克裝", "it's for my teacher, in 150", "送老师的，150"])
async def test_a_present_keeps_the_products_and_says_nothing_of_the_customer(talk: Talk, text: str) -> None:
    before = products(await on_table(talk))
    await talk.says(text, "inform", Said("150", "weight", "150", who="teacher", confidence=0.5))
    after = await on_table(talk)
    assert products(after) == before
    assert all(item["other"] and item["options"]["weight"] == "150" for item in after.items)
    assert await talk.facts() == []


async def test_with_one_on_the_table_the_draft_is_made_with_what_is_said(own_store: Store) -> None:
    talk = Talk(own_store, pack=house())
    await talk.says("翠玉", "catalogue")
    await talk.says("兩包，自己拿", "inform")
    order, line = await draft(talk)
    assert (line.product, int(line.quantity)) == ("jade", 2)
    assert (order.details or {})["delivery"] == "pickup"
    await own_store.close()


async def test_choices_with_an_unclear_place_are_kept_too(talk: Talk) -> None:
    await talk.says("要 150 克，線上付款", "delivery", BIG)
    await talk.says("1", "choose")
    order, line = await draft(talk)
    assert line.options["weight"] == "150"
    assert (order.details or {})["payment"] == "link"


@pytest.mark.parametrize(
    "text",
    ["發酵都可以", "发酵无所谓", "any oxidation is fine", "I'm not fussed about oxidation",
     "no preference on oxidation", "發酵我沒差"],
)  # fmt: skip
@pytest.mark.parametrize("intent", ["inform", "complain", "catalogue", "nlu_fallback"])
async def test_not_minding_about_a_topic_is_its_answer(talk: Talk, text: str, intent: str) -> None:
    before = (await on_table(talk)).id
    await talk.says(text, intent, Said("x", "oxidation", "black", confidence=0.5))
    assert (await talk.ledger())["oxidation"].state is QuestionState.ANSWERED
    assert await talk.facts() == []
    assert (await on_table(talk)).id == before
    assert talk.offers("choose")


async def test_not_minding_any_more_ends_what_was_believed(talk: Talk) -> None:
    await talk.says("我愛綠茶", "inform", Said("綠茶", "oxidation", "green"))
    said = await talk.says("其實發酵都可以", "inform")
    assert await talk.facts() == []
    assert "1. " in said


async def test_not_minding_about_one_thing_leaves_the_rest_of_the_message(talk: Talk) -> None:
    await talk.says("發酵隨便，但要花香", "inform", Said("花香", "scent", "floral"))
    assert await talk.facts() == [("scent", "floral", "likes")]
    assert (await talk.ledger())["oxidation"].state is QuestionState.ANSWERED


@pytest.mark.parametrize("text", ["有沒有紅茶裡最便宜的", "cheapest black?", "红茶最便宜的是哪款"])
async def test_the_cheapest_has_what_is_asked_for(own_store: Store, text: str) -> None:
    talk = Talk(own_store)
    said = await talk.says(text, "catalogue")
    name = talk.pack.products["breakfast"].name
    assert any(one in said for one in name.values())
    assert [item["product"] for item in (await on_table(talk)).items] == ["breakfast"]
    await own_store.close()


@pytest.mark.parametrize("text", ["最不發酵的是哪支", "你们发酵最低的是哪款", "the greenest you have?"])
async def test_the_most_of_something_is_shown_to_choose_from(own_store: Store, text: str) -> None:
    pack = tea_house()
    scale = replace(pack.topics["oxidation"], scale=True)
    talk = Talk(own_store, pack=replace(pack, topics={**pack.topics, "oxidation": scale}))
    await talk.says(text, "catalogue")
    shown = [talk.pack.products[item["product"]] for item in (await on_table(talk)).items]
    assert all("green" in one.attributes["oxidation"] for one in shown[:2])
    assert talk.offers("choose")
    await own_store.close()


@pytest.mark.parametrize("text", ["兩百以內的有嗎", "anything under 200?", "有没有两百块以下的"])
async def test_a_price_below_all_is_told_and_written_down(own_store: Store, text: str) -> None:
    pack = tea_house()
    money = topic("budget", "預算", kind=TopicKind.MONEY)
    talk = Talk(own_store, pack=replace(pack, topics={**pack.topics, "budget": money}))
    said = await talk.says(text, "propose", Said("200", "budget", "200", confidence=0.5))
    assert "200" in said.split("\n", maxsplit=1)[0]
    prices = [Decimal(item["price"]) for item in (await on_table(talk)).items]
    assert prices == sorted(prices)
    assert prices[0] == min(one.price for one in pack.products.values())
    async with talk.store.reading() as books:
        [wish] = await books.unmet_wishes.listed(talk.customer)
    assert [(want["topic"], want["value"]) for want in wish.wants] == [("budget", "200")]
    await own_store.close()


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("我要兩包，自己拿", "choose"),
        ("要三袋，自取，貨到付款不要", "change"),
        ("I'd like two bags, pick it up", "choose"),
    ],
)
async def test_an_order_described_before_anything_is_shown_is_kept(
    own_store: Store, text: str, intent: str
) -> None:
    talk = Talk(own_store, pack=house())
    await talk.says(text, intent)
    assert talk.offers("choose")
    await talk.says("2", "choose")
    order, line = await draft(talk)
    assert (order.details or {})["delivery"] == "pickup"
    assert line.quantity > 1
    await own_store.close()


@pytest.mark.parametrize("text", ["我一個月喝兩包", "two bags a week", "每个月两袋"])
async def test_how_much_is_drunk_is_no_number_of_pieces(talk: Talk, text: str) -> None:
    await talk.says(text, "inform")
    await talk.says("第一個", "choose")
    assert (await draft(talk))[1].quantity == 1


@pytest.mark.parametrize("text", ["好", "yes", "可以"])
async def test_a_yes_to_this_or_that_asks_which_of_those_on_the_table(talk: Talk, text: str) -> None:
    before = (await on_table(talk)).id
    await talk.says(text, "affirm")
    assert (await on_table(talk)).id == before
    assert talk.offers("choose")
    assert await talk.facts() == []


@pytest.mark.parametrize(
    ("ask", "take"),
    [("第二支香嗎", "好，就那支，兩包"), ("第二款看起来不错，但是有货吗", "就它，来两袋"),
     ("the second looks nice but is it in stock?", "great, I'll have it, two bags")],
)  # fmt: skip
async def test_that_one_is_the_one_asked_about(talk: Talk, ask: str, take: str) -> None:
    second = products(await on_table(talk))[1]
    await talk.says(ask, "catalogue")
    assert await ordered(talk) == 0
    await talk.says(take, "choose")
    _, line = await draft(talk)
    assert (line.product, int(line.quantity)) == (second, 2)


async def test_its_for_somebody_is_no_choice_of_what_was_asked_about(talk: Talk) -> None:
    await talk.says("is the second one any good?", "catalogue")
    await talk.says("it's for my boss", "inform")
    assert await ordered(talk) == 0


@pytest.mark.parametrize("text", ["這幾支哪個最便宜", "which of these is cheapest?", "这几款哪个最便宜"])
async def test_the_cheapest_of_these_is_told(talk: Talk, text: str) -> None:
    before = await on_table(talk)
    prices = [Decimal(item["price"]) for item in before.items]
    said = await talk.says(text, "catalogue")
    assert said.startswith(f"{prices.index(min(prices)) + 1}. ")
    assert (await on_table(talk)).id == before.id


@pytest.mark.parametrize("text", ["第二支有 150 克的嗎", "does the second come in 150?", "第二款有150克吗"])
async def test_whether_one_comes_in_something_is_told(talk: Talk, text: str) -> None:
    said = await talk.says(text, "catalogue", Said("150", "weight", "150", confidence=0.5))
    assert "75" in said
    assert "150" in said
    assert await ordered(talk) == 0


@pytest.mark.parametrize("text", ["大的", "要大的"])
async def test_a_word_that_names_an_option_makes_all_of_them_so(own_store: Store, text: str) -> None:
    pack = tea_house()
    big = value("150", "150 克", "150 克", "大的")
    weight = replace(pack.topics["weight"], values={**pack.topics["weight"].values, "150": big})
    talk = Talk(own_store, pack=replace(pack, topics={**pack.topics, "weight": weight}))
    await talk.says("推薦", "propose")
    before = products(await on_table(talk))
    await talk.says(text, "change")
    after = await on_table(talk)
    assert products(after) == before
    assert {item["options"]["weight"] for item in after.items} == {"150"}
    await own_store.close()


@pytest.mark.parametrize("text", ["最貴的是哪款", "what's your most expensive?", "最贵的是哪个"])
async def test_the_dearest_is_named(own_store: Store, text: str) -> None:
    talk = Talk(own_store)
    await talk.says(text, "catalogue")
    assert products(await on_table(talk)) == ["mountain"]
    await own_store.close()

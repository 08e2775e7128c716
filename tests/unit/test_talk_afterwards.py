"""Right after ordering, what names no order is about the one just placed."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from crm_store.store import Store
from one_to_one.language import Language
from one_to_one.order_states import OrderState
from tests.unit.talking import TEXTS, Said, Talk
from tests.unit.test_talk_changing import now
from tests.unit.test_talk_checkout import ADDRESS, house
from tests.unit.test_talk_placed import placed


@pytest.fixture
async def talk(own_store: Store) -> AsyncIterator[Talk]:
    """Somebody new in a tea house that delivers."""
    yield Talk(own_store, pack=house())
    await own_store.close()


@pytest.mark.parametrize(
    ("language", "words", "intent"),
    [
        ("zh-Hant", "啊後悔了", "nlu_fallback"),
        ("zh-Hant", "還是算了，我不要了", "decline"),
        ("zh-Hans", "能取消吗", "nlu_fallback"),
        ("en", "Sorry, I changed my mind", "deny"),
        ("en", "please cancel", "decline"),
    ],
)
async def test_what_was_just_ordered_is_taken_back_without_naming_it(
    talk: Talk, language: Language, words: str, intent: str
) -> None:
    talk.language = language
    order = await placed(talk)
    await talk.says(words, intent)
    assert (await now(talk, order))[0].state == OrderState.PLACED  # asked once more
    assert talk.payload("order") == f"order:{order.id}:cancelyes"
    await talk.taps(f"order:{order.id}:cancelyes")
    assert (await now(talk, order))[0].state == OrderState.CANCELLED


async def test_a_part_that_is_not_wanted_is_not_the_whole_order(talk: Talk) -> None:
    order = await placed(talk)
    await talk.says("150克的我不要了，改75克", "change", Said("75克", "weight", "75"))
    assert f"order:{order.id}:cancelyes" not in [payload for _, payload in talk.buttons]


@pytest.mark.parametrize("words", ["不用了，謝謝", "不要", "no thanks"])
async def test_a_no_to_being_written_to_takes_nothing_back(talk: Talk, words: str) -> None:
    order = await placed(talk)
    await talk.says(words, "decline")
    assert f"order:{order.id}:cancelyes" not in [payload for _, payload in talk.buttons]


async def test_in_a_later_visit_a_loose_no_takes_nothing_back(talk: Talk) -> None:
    order = await placed(talk)
    await talk.waits(days=1)
    await talk.says("我不要了", "decline")
    assert f"order:{order.id}:cancelyes" not in [payload for _, payload in talk.buttons]


@pytest.mark.parametrize(
    ("words", "intent"),
    [
        (f"地址給錯了，應該是{ADDRESS}", "hours"),
        (f"地址写错了，是{ADDRESS}", "complain"),
        (f"wrong address! it's {ADDRESS}", "complain"),
    ],
)
async def test_a_corrected_address_is_noted_whatever_else_it_sounds_like(
    talk: Talk, words: str, intent: str
) -> None:
    order = await placed(talk)
    await talk.says(words, intent)
    assert (await now(talk, order))[0].details["address"] == ADDRESS  # type: ignore[index]


@pytest.mark.parametrize(
    ("language", "words", "asked"),
    [
        ("zh-Hant", "啊地址寫錯了", "要寄到哪裡"),
        ("zh-Hans", "我想更正一下地址", "要寄到哪"),
        ("en", "I got the address wrong", "Where shall it go"),
        ("zh-Hant", "卡片忘了說，可以補嗎", "卡片要寫什麼"),
        ("en", "could you add a gift card as well?", "What shall the label say"),
        ("zh-Hans", "能不能帮我写张卡片", "卡片要写什么"),
        ("zh-Hant", "發票請開公司的", "統一編號"),
        ("en", "I need the invoice for my firm", "tax id"),
    ],
)
async def test_a_detail_that_shall_be_otherwise_is_asked_for(
    talk: Talk, language: Language, words: str, asked: str
) -> None:
    talk.language = language
    await placed(talk)
    assert asked in await talk.says(words, "change")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-Hant", "付款方式能不能改"),
        ("zh-Hans", "支付方式想换一下"),
        ("en", "I'd like to change how I pay"),
    ],
)
async def test_another_payment_is_offered(talk: Talk, language: Language, words: str) -> None:
    talk.language = language
    order = await placed(talk)
    await talk.says(words, "delivery")
    assert f"detail:{order.id}:payment:link" in [payload for _, payload in talk.buttons]


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh-Hant", "可以提早送嗎"), ("zh-Hans", "能不能改到周末送"), ("en", "can you make it another day?")],
)
async def test_the_day_is_for_colleagues_to_move(talk: Talk, language: Language, words: str) -> None:
    talk.language = language
    order = await placed(talk)
    said = await talk.says(words, "delivery")
    assert str(order.id) in said
    assert talk.offers("human")


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh-Hant", "可以換另外一款嗎"), ("zh-Hans", "想换成别的"), ("en", "could I have a different one?")],
)
async def test_another_product_is_asked_for_by_name(talk: Talk, language: Language, words: str) -> None:
    talk.language = language
    order = await placed(talk)
    before = (await now(talk, order))[1].product
    await talk.says(words, "change")
    await talk.taps(talk.payload("option"))
    await talk.taps(talk.payload("confirm"))
    assert (await now(talk, order))[1].product != before


async def test_an_option_named_for_what_was_ordered_is_no_other_product(talk: Talk) -> None:
    order = await placed(talk)
    before = (await now(talk, order))[1].product
    await talk.says("訂單改成150克的", "change", Said("150克", "weight", "150"))
    await talk.taps(talk.payload("confirm"))
    line = (await now(talk, order))[1]
    assert (line.product, line.options["weight"]) == (before, "150")


@pytest.mark.parametrize(
    ("language", "words", "intent"),
    [
        ("zh-Hant", "取消訂單", "decline"),
        ("zh-Hans", "我要取消订单", "nlu_fallback"),
        ("en", "I need to cancel my order", "deny"),
    ],
)
async def test_where_nothing_is_ordered_nothing_is_cancelled(
    talk: Talk, language: Language, words: str, intent: str
) -> None:
    talk.language = language
    said = await talk.says(words, intent)
    assert TEXTS.say(talk.language, "placed.none_open") in said


@pytest.mark.parametrize(
    ("language", "words", "intent"),
    [
        ("zh-Hant", "我之前存的那個還在嗎", "nlu_fallback"),
        ("zh-Hans", "上次收藏的来一份", "order_usual"),
        ("en", "let me see the one I put aside", "know_me"),
    ],
)
async def test_what_was_laid_by_is_found_again_however_it_is_asked_for(
    talk: Talk, language: Language, words: str, intent: str
) -> None:
    talk.language = language
    await talk.taps("propose")
    await talk.taps(talk.payload("choose"))
    await talk.taps(talk.payload("save"))
    for _ in range(2):  # with the draft still there, and in a later visit
        await talk.says(words, intent)
        assert talk.offers("made")
        await talk.waits(days=2)


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh-Hant", "啊我忘了選份量"), ("zh-Hans", "份量好像选错了"), ("en", "I forgot the weight")],
)
async def test_a_part_that_was_forgotten_is_asked_for(talk: Talk, language: Language, words: str) -> None:
    talk.language = language
    order = await placed(talk)
    await talk.says(words, "forget")
    assert talk.payload("option").split(":")[2] == "weight"
    await talk.taps(talk.payload("option"))
    await talk.taps(talk.payload("confirm"))
    assert (await now(talk, order))[1].options["weight"] != "75"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("下錯了，我要的是150克", Said("150克", "weight", "150")),
        ("选错了，应该是150克", Said("150克", "weight", "150")),
        ("I meant the 150 g one", Said("150 g", "weight", "150")),
    ],
)
async def test_what_was_meant_takes_the_place_of_what_was_ordered(talk: Talk, words: str, said: Said) -> None:
    order = await placed(talk)
    await talk.says(words, "inform", said)
    await talk.taps(talk.payload("confirm"))
    assert (await now(talk, order))[1].options["weight"] == "150"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-Hant", "剛剛訂的多少錢"),
        ("zh-Hans", "刚才订的一共多少钱"),
        ("en", "how much did I pay for my order?"),
    ],
)
async def test_what_was_ordered_is_told_with_what_it_came_to(
    talk: Talk, language: Language, words: str
) -> None:
    talk.language = language
    order = await placed(talk)
    assert f"{order.total:,.0f}" in await talk.says(words, "change")


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh-Hant", "你們可以刷卡嗎"), ("zh-Hans", "怎么付钱呢"), ("en", "how can I pay?")],
)
async def test_the_ways_to_pay_are_told(talk: Talk, language: Language, words: str) -> None:
    talk.language = language
    said = await talk.says(words, "delivery")
    assert all(way.label[talk.language] in said for way in talk.pack.shop.checkout.payment.values())

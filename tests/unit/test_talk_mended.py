"""What was misunderstood in live conversations once: questions, other people's tastes, short words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest

from one_to_one.language import Language
from one_to_one.ledger import QuestionState
from one_to_one.shop import TopicKind
from tests.unit.talking import TEXTS, Said, Talk, tea_house, topic, value

GREEN = Said("綠茶", "oxidation", "green")
NUTS = Said("堅果", "avoid", "nuts", "never")


def talk_texts(key: str, language: str) -> tuple[str, ...]:
    """The wordings of a text."""
    return tuple(TEXTS.variants(Language(language), key))


@dataclass(frozen=True, slots=True)
class Asked(Said):
    """A wish put as a question."""

    def entity(self, text: str) -> dict[str, Any]:
        """As it comes over the wire."""
        return {**Said.entity(self, text), "confidence_entity": 0.5}


@dataclass(frozen=True, slots=True)
class Theirs(Asked):
    """A taste of somebody else."""

    def entity(self, text: str) -> dict[str, Any]:
        """As it comes over the wire."""
        return {**Asked.entity(self, text), "about": "other"}


ASKED_BLACK = Asked("紅茶", "oxidation", "black")


@pytest.mark.parametrize("text", ["忘記我", "把我忘掉", "forget everything", "forget me", "忘记我"])
@pytest.mark.parametrize("intent", ["forget", "nlu_fallback"])
async def test_forget_me_is_no_answer_to_the_question_of_consent(talk: Talk, text: str, intent: str) -> None:
    await talk.says("我對堅果過敏", "inform", NUTS)
    assert talk.offers("consent")
    await talk.says(text, intent)
    assert talk.offers("forgetyes")


@pytest.mark.parametrize(("text", "intent"), [("你知道我什麼", "know_me"), ("我要找真人", "human")])
async def test_a_plain_wish_is_no_answer_to_the_question_of_consent(
    talk: Talk, text: str, intent: str
) -> None:
    await talk.says("我對堅果過敏", "inform", NUTS)
    await talk.says(text, intent)
    async with talk.store.reading() as books:
        assert await books.consents.current(talk.customer) == {}


@pytest.mark.parametrize("intent", ["catalogue", "propose", "inform", "nlu_fallback", "affirm"])
async def test_a_wish_asked_as_a_question_is_no_fact(talk: Talk, intent: str) -> None:
    said = await talk.says("有紅茶的嗎", intent, ASKED_BLACK)
    assert await talk.facts() == []
    assert intent == "affirm" or "早餐紅茶" in said


async def test_a_wish_asked_as_a_question_goes_before_a_belief(talk: Talk) -> None:
    await talk.says("我愛綠茶", "inform", GREEN)
    said = await talk.says("有沒有紅茶推薦", "propose", ASKED_BLACK)
    assert "紅茶" in said.split("1. ")[1].split("\n")[0]
    assert await talk.facts() == [("oxidation", "green", "likes")]


async def test_a_question_is_no_answer_to_the_question_that_is_open(talk: Talk) -> None:
    await talk.says("你好", "greet")
    assert await talk.focus() == "question"
    await talk.says("有紅茶的嗎", "inform", ASKED_BLACK)
    assert await talk.facts() == []


@pytest.mark.parametrize("intent", ["inform", "propose", "nlu_fallback", "catalogue"])
@pytest.mark.parametrize(
    "text", ["你們的茶有焦味", "你们的茶有焦味", "your tea smells burnt", "這次的紅茶發霉了", "这批坏了"]
)
async def test_what_is_said_of_our_goods_being_spoilt_is_a_complaint(
    talk: Talk, text: str, intent: str
) -> None:
    await talk.says(text, intent, Said("焦味", "scent", "roasted"))
    async with talk.store.reading() as books:
        assert len(await books.complaints.listed(talk.customer)) == 1
    assert await talk.facts() == []


@pytest.mark.parametrize("text", ["我不喜歡焦味", "你們的茶會發霉嗎", "I don't like burnt tea"])
async def test_a_taste_or_a_question_is_no_complaint(talk: Talk, text: str) -> None:
    await talk.says(text, "inform", Said("焦味", "scent", "roasted", "dislikes"))
    async with talk.store.reading() as books:
        assert await books.complaints.listed(talk.customer) == []


@pytest.mark.parametrize("text", ["換一批", "再來三款", "show me three", "換三款"])
async def test_a_change_with_nothing_on_the_table_is_a_wish_for_a_proposal(talk: Talk, text: str) -> None:
    await talk.says(text, "change")
    assert talk.offers("choose")


async def test_a_change_after_an_order_is_not_passed_over(talk: Talk) -> None:
    await talk.says("推薦", "propose")
    await talk.says("1", "choose")
    await talk.taps(talk.payload("confirm"))
    await talk.says("改地址", "change")
    assert not talk.offers("choose")
    assert talk.offers("human")


@pytest.mark.parametrize("intent", ["catalogue", "choose", "propose", "inform", "nlu_fallback"])
@pytest.mark.parametrize("text", ["最便宜的是哪款", "what's your cheapest", "最便宜的"])
async def test_the_cheapest_is_named(talk: Talk, text: str, intent: str) -> None:
    said = await talk.says(text, intent)
    assert "早餐紅茶" in said or "Breakfast" in said
    assert talk.offers("choose")


async def test_the_cheapest_is_one_that_suits(talk: Talk) -> None:
    await talk.says("我愛綠茶", "inform", GREEN)
    assert "焙茶" in await talk.says("最便宜的是哪款", "catalogue")


async def test_the_cheapest_is_named_after_a_proposal_was_cancelled(talk: Talk) -> None:
    await talk.says("推薦", "propose")
    await talk.says("1", "choose")
    await talk.taps(talk.payload("cancel"))
    assert "Breakfast" in await talk.says("what's your cheapest", "catalogue")


async def test_asking_for_the_cheapest_of_a_proposal_orders_nothing(talk: Talk) -> None:
    await talk.says("推薦", "propose")
    await talk.says("最便宜的是哪款？", "choose")
    assert not talk.offers("confirm")


@pytest.mark.parametrize("intent", ["inform", "propose", "nlu_fallback", "chitchat"])
async def test_somebody_elses_taste_is_proposed_by_and_not_kept(talk: Talk, intent: str) -> None:
    await talk.says("我愛綠茶", "inform", GREEN)
    said = await talk.says("我老婆喜歡紅茶", intent, Theirs("紅茶", "oxidation", "black"))
    assert "分開" in said
    assert "綠茶" not in said
    first, second = (said.split(f"{n}. ")[1].split("\n")[0] for n in (1, 2))
    assert "紅茶" in first
    assert "紅茶" in second
    assert await talk.facts() == [("oxidation", "green", "likes")]


async def test_others_for_somebody_else_go_by_their_taste_too(talk: Talk) -> None:
    await talk.says("我愛綠茶", "inform", GREEN)
    await talk.says("我老婆喜歡紅茶", "inform", Theirs("紅茶", "oxidation", "black"))
    said = await talk.says("換一批", "change")
    assert "「紅茶」的都看過了" in said  # there are two, and both were shown: the rest isn't called so


async def test_what_i_turned_down_may_be_what_another_likes(talk: Talk) -> None:
    await talk.says("推薦紅茶", "propose", Said("紅茶", "oxidation", "black"))
    await talk.taps(next(payload for _, payload in talk.buttons if payload.startswith("reject:")))
    said = await talk.says("我老婆喜歡紅茶", "inform", Theirs("紅茶", "oxidation", "black"))
    assert [name for name in ("早餐紅茶", "玫瑰紅茶") if name in said] == ["早餐紅茶", "玫瑰紅茶"]


async def test_what_makes_the_customer_ill_is_heeded_for_others_too(talk: Talk) -> None:
    nutty = replace(talk.pack.products["rose"], attributes={"scent": ("floral",), "avoid": ("nuts",)})
    talk.pack = replace(talk.pack, products={**talk.pack.products, "rose": nutty})
    await talk.says("我對堅果過敏", "inform", NUTS)
    said = await talk.says("我老婆喜歡花香", "inform", Theirs("花香", "scent", "floral"))
    assert "玫瑰紅茶" not in said
    assert "翠玉" in said


async def test_somebody_elses_taste_is_no_answer_to_our_question(talk: Talk) -> None:
    await talk.says("你好", "greet")
    await talk.says("我老婆喜歡紅茶", "inform", Theirs("紅茶", "oxidation", "black"))
    assert await talk.facts() == []


def _with_strength(talk: Talk, *values: str) -> None:
    """Another topic with short words, one of which the oxidation has too."""
    named = [
        value(code, f"濃度{code}", f"浓度{code}", short) for code, short in zip("ab", values, strict=True)
    ]
    pack = talk.pack
    talk.pack = replace(pack, topics={**pack.topics, "strength": topic("strength", "濃度", *named)})


async def test_a_short_word_of_another_topic_is_taken_as_that(talk: Talk) -> None:
    _with_strength(talk, "淡的", "濃的")
    await talk.says("你好", "greet")
    await talk.says("濃的")
    assert await talk.facts() == [("strength", "b", "likes")]


async def test_a_short_word_of_several_topics_is_asked_about(talk: Talk) -> None:
    _with_strength(talk, "淡的", "濃的")
    pack = talk.pack
    scent = value("floral", "花香", "花香", "濃的")
    scents = topic("scent", "香氣", scent, kind=TopicKind.CHOICES, burden=9.0)  # not worth asking
    talk.pack = replace(pack, topics={**pack.topics, "scent": scents})
    await talk.says("你好", "greet")
    await talk.says("濃的")
    assert await talk.facts() == []
    payloads = {payload for _, payload in talk.buttons}
    assert payloads == {"answer:strength:b", "answer:scent:floral"}


@pytest.mark.parametrize(("text", "intent"), [("之後再說", "nlu_fallback"), ("不用了", "decline")])
async def test_a_question_put_off_is_not_pressed(talk: Talk, text: str, intent: str) -> None:
    await talk.says("你好", "greet")
    await talk.says(text, intent)
    [asked] = (await talk.ledger()).values()
    assert asked.state is QuestionState.NOT_NOW
    assert talk.buttons == []
    assert await talk.focus() is None


@pytest.mark.parametrize("text", ["紅茶會苦嗎", "紅茶會苦嗎？", "is black bitter?"])
@pytest.mark.parametrize("intent", ["catalogue", "nlu_fallback", "inform"])
async def test_a_question_about_a_value_is_answered_by_what_has_it(
    talk: Talk, text: str, intent: str
) -> None:
    said = await talk.says(text, intent)
    assert said.count("NT$") == 2
    assert "NT$250" in said
    assert talk.offers("propose")


async def test_the_size_of_a_draft_can_be_changed_by_a_short_word(talk: Talk) -> None:
    pack = tea_house()
    sizes = topic(
        "weight", "份量", value("75", "75 克", "75 克", "小包"), value("150", "150 克", "150 克", "大包")
    )
    talk.pack = replace(pack, topics={**pack.topics, "weight": sizes})
    await talk.says("推薦", "propose")
    await talk.says("1", "choose")
    assert "150 克" in await talk.says("大包的", "nlu_fallback")


async def test_still_there_is_answered_with_what_is_open(talk: Talk) -> None:
    await talk.says("你好", "greet")
    await talk.says("推薦", "propose")
    assert talk.offers("choose")
    await talk.says("還在嗎", "greet")
    assert talk.offers("choose")
    await talk.says("1", "choose")
    await talk.says("還在嗎", "greet")
    assert talk.offers("confirm")


@pytest.mark.parametrize(
    ("language", "count", "said"),
    [("en", "3", "3 cups a day"), ("en", "1", "1 cup a day"), ("zh-Hant", "3", "一天 3 杯")],
)
async def test_a_number_is_repeated_with_its_unit(talk: Talk, language: str, count: str, said: str) -> None:
    talk.language = language
    cups = replace(
        topic("cups_per_day", "杯數", kind=TopicKind.NUMBER),
        units={"zh": ("杯",), "en": ("cups", "cup", "mugs")},
    )
    talk.pack = replace(talk.pack, topics={**talk.pack.topics, "cups_per_day": cups})
    text = f"I drink {count} and green" if language == "en" else f"{count} 和綠茶"
    heard = [Said(count, "cups_per_day", count), Said("green", "oxidation", "green")]
    assert said in await talk.says(text, "inform", *heard)
    assert said in await talk.taps("know")


async def test_a_short_word_is_read_while_a_proposal_is_open(talk: Talk) -> None:
    pack = tea_house(questions=0)
    small, large = value("75", "75 克", "75 克", "小包"), value("150", "150 克", "150 克", "大包")
    talk.pack = replace(pack, topics={**pack.topics, "weight": topic("weight", "份量", small, large)})
    await talk.says("推薦", "propose")
    said = await talk.says("大包的", "change")
    assert await talk.facts() == [("weight", "150", "likes")]
    assert "150 克" in said


async def test_a_wish_is_not_said_to_be_remembered(talk: Talk) -> None:
    said = await talk.says("有紅茶的嗎", "propose", ASKED_BLACK)
    assert "紅茶」的話" in said
    assert "說過" not in said.split("\n")[0]


async def test_what_is_said_of_another_person_adds_up(talk: Talk) -> None:
    await talk.says("我老婆喜歡紅茶", "inform", Theirs("紅茶", "oxidation", "black"))
    said = await talk.says("她喜歡花香", "inform", Theirs("花香", "scent", "floral"))
    assert "紅茶、花香" in said
    assert "玫瑰紅茶" in said.split("1. ")[1].split("\n")[0]


async def test_a_wish_holds_until_another_takes_its_place(talk: Talk) -> None:
    await talk.says("有紅茶的嗎", "propose", ASKED_BLACK)
    said = await talk.says("我愛花香", "inform", Said("花香", "scent", "floral"))
    assert "玫瑰紅茶" in said.split("1. ")[1].split("\n")[0]
    said = await talk.says("有綠茶的嗎", "propose", Asked("綠茶", "oxidation", "green"))
    assert "玫瑰紅茶" not in said.split("1. ")[1].split("\n")[0]


@pytest.mark.parametrize("text", ["keep it", "先留著", "等一下"])
async def test_everything_is_kept_when_they_hesitate(talk: Talk, text: str) -> None:
    await talk.says("我愛綠茶", "inform", GREEN)
    await talk.says("忘記我", "forget")
    await talk.says(text, "praise")
    assert await talk.facts() == [("oxidation", "green", "likes")]
    assert await talk.focus() is None


@pytest.mark.parametrize("intent", ["complain", "greet"])
async def test_a_wish_taken_for_something_else_is_served(talk: Talk, intent: str) -> None:
    said = await talk.says("有什麼紅茶的", intent, ASKED_BLACK, sure=0.58)
    assert "玫瑰紅茶" in said
    assert await talk.facts() == []


async def test_a_complaint_that_names_a_taste_stays_a_complaint(talk: Talk) -> None:
    said = await talk.says("收到的紅茶壞掉了", "complain", ASKED_BLACK, sure=0.58)
    assert "抱歉" in said


@pytest.mark.parametrize(
    ("text", "intent", "language"),
    [
        ("這是公平貿易的嗎", "catalogue", "zh-Hant"),
        ("哺乳期可以喝吗", "nlu_fallback", "zh-Hans"),
        ("is it certified?", "catalogue", "en"),
    ],
)
async def test_what_the_catalogue_does_not_tell_is_not_guessed(
    talk: Talk, text: str, intent: str, language: str
) -> None:
    talk.language = language
    said = await talk.says(text, intent)
    assert said.splitlines()[0] in talk_texts("catalogue.untold", language)
    assert talk.offers("human")
    assert "NT$" not in said


@pytest.mark.parametrize(
    "text", ["我自己也要一款", "and now something for myself", "那我自己喝的呢，我自己的"]
)
async def test_after_somebody_elses_their_own_is_proposed_by_their_own_taste(talk: Talk, text: str) -> None:
    await talk.says("我愛綠茶", "inform", GREEN)
    await talk.says("我爸喜歡紅茶", "inform", Theirs("紅茶", "oxidation", "black"))
    said = await talk.says(text, "propose")
    first = said.splitlines()[0]
    assert "綠茶" in first or "green" in first
    assert "紅茶" not in first


@pytest.mark.parametrize("text", ["別記這個", "please don't keep that", "你不要留這個啦"])
async def test_do_not_keep_this_forgets_what_was_just_said_and_nothing_else(talk: Talk, text: str) -> None:
    await talk.says("我愛綠茶", "inform", GREEN)
    await talk.says("要花香", "inform", Said("花香", "scent", "floral"))
    await talk.says(text, "withdraw")
    assert await talk.facts() == [("oxidation", "green", "likes")]
    async with talk.store.reading() as books:
        assert await books.consents.current(talk.customer) == {}


async def test_only_what_they_turn_down_is_proposed_without_it(talk: Talk) -> None:
    said = await talk.says(
        "上次那個太綠了，喝不慣", "catalogue", Asked("綠", "oxidation", "green", "dislikes")
    )
    assert said.count("NT$") == 3
    assert "翠玉" not in said
    assert "焙茶" not in said


@pytest.mark.parametrize("text", ["每五個星期來一次吧", "maybe every 5 weeks?", "每十天一次如何"])
async def test_how_often_said_before_anything_was_ordered_is_answered(talk: Talk, text: str) -> None:
    said = await talk.says(text)
    assert said.splitlines()[0] in {TEXTS.say(tag, "refilling.nothing_yet") for tag in Language}


@pytest.mark.parametrize("text", ["我從來沒說我喝綠茶", "who said I like green?"])
async def test_what_they_say_they_never_said_is_forgotten_or_was_never_kept(talk: Talk, text: str) -> None:
    said = await talk.says(text, "inform")
    assert said.splitlines()[0] in {TEXTS.say(tag, "memory.not_known") for tag in Language}
    await talk.says("我愛綠茶", "inform", GREEN)
    await talk.says("要花香", "inform", Said("花香", "scent", "floral"))
    await talk.says(text, "catalogue")
    assert await talk.facts() == [("scent", "floral", "likes")]


@pytest.mark.parametrize("text", ["來兩包吧", "gimme three bags"])
async def test_how_many_with_nothing_on_the_table_is_no_answer_to_a_question(talk: Talk, text: str) -> None:
    numbers = topic(
        "cups", "杯數", value("two", "兩杯", "两杯", "兩", "三"), value("one", "一杯", "一杯", "一")
    )
    talk.pack = replace(talk.pack, topics={**talk.pack.topics, "cups": numbers})
    await talk.says("你好", "greet")
    said = await talk.says(text)
    assert await talk.facts() == []
    assert said.count("NT$") == 3
    await talk.says("第一個", "choose")
    async with talk.store.reading() as books:
        [order] = await books.orders.listed(talk.customer)
        [line] = await books.orders.lines(order)
    assert line.quantity == (2 if "兩" in text else 3)


async def test_what_is_left_of_an_amount_is_no_thing(talk: Talk) -> None:
    pack = talk.pack
    money = replace(topic("price", "預算"), kind=TopicKind.MONEY, values={})
    sells = replace(pack.shop, sells={"zh": ("茶",), "en": ("tea",)})
    talk.pack = replace(pack, shop=sells, topics={**pack.topics, "price": money})
    said = await talk.says("有沒有六十塊以下的", "catalogue", Asked("六十", "price", "60"))
    assert said.count("NT$") >= 3
    async with talk.store.reading() as books:
        wishes = await books.unmet_wishes.listed(talk.customer)
    assert [wish.thing for wish in wishes] == [None]


async def test_another_one_is_no_number(talk: Talk) -> None:
    await talk.says("推薦", "propose")
    said = await talk.says("換一個", "change")
    assert said.count("NT$") >= 3


@pytest.mark.parametrize("sure", [0.75, 0.9])
async def test_how_it_shall_be_made_is_kept_though_it_sounds_like_a_look_at_the_shelf(
    talk: Talk, sure: float
) -> None:
    heard = (Said("150 克", "weight", "150", confidence=sure), replace(GREEN, confidence=sure))
    said = await talk.says("還沒有嗎？好吧：150 克 綠茶", "catalogue", *heard)
    assert ("weight", "150", "likes") in await talk.facts()
    assert ("oxidation", "green", "likes") in await talk.facts()
    assert "150" in said

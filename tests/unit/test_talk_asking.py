"""When nothing is asked, why something is, and what becomes of old and of contradicted answers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from one_to_one.ledger import QuestionState, may_ask
from one_to_one.shop import TopicKind
from tests.unit.talking import Said, Talk, tea_house, topic

GREEN, BLACK = Said("綠茶", "oxidation", "green"), Said("紅茶", "oxidation", "black")
LONG = "想找適合下午慢慢喝的，推薦一下"


async def with_an_old_answer(talk: Talk) -> None:
    """A year and a half ago they said what they like; all else is of no worth."""
    topics = {
        name: one if name == "oxidation" else replace(one, burden=1.0, worth=0.0)
        for name, one in talk.pack.topics.items()
    }
    talk.pack = replace(talk.pack, topics=topics)
    await talk.says("我愛綠茶", "inform", GREEN)
    await talk.waits(days=550)


@pytest.mark.parametrize(
    ("language", "hello", "same", "changed"),
    [
        ("zh-Hant", "你們好，好久不見", "還是", "變了"),
        ("zh-Hans", "你们好，好久不见", "还是", "变了"),
        ("en", "hello there, long time no see", "Still true", "It's changed"),
    ],
)
async def test_an_old_answer_is_confirmed_with_two_buttons(
    talk: Talk, language: str, hello: str, same: str, changed: str
) -> None:
    talk.language = language
    await with_an_old_answer(talk)
    await talk.says(hello, "greet")
    assert await talk.focus() == "still"
    assert {same, changed} <= {title for title, _ in talk.buttons}


async def test_still_so_makes_it_fresh_and_pays_back(talk: Talk) -> None:
    await with_an_old_answer(talk)
    await talk.says("你好", "greet")
    said = await talk.taps_titled("還是")
    assert "綠茶" in said
    assert said.count("NT$") == 3
    [fact] = [one for one in await talk.believed() if one.topic == "oxidation"]
    assert fact.source.at > talk.now.replace(year=talk.now.year - 1)
    assert (await talk.ledger())["oxidation"].state is QuestionState.ANSWERED


async def test_still_so_can_be_typed(talk: Talk) -> None:
    await with_an_old_answer(talk)
    await talk.says("你好", "greet")
    await talk.says("對", "affirm")
    assert (await talk.ledger())["oxidation"].state is QuestionState.ANSWERED


async def test_no_longer_ends_it_and_asks_what_it_is_now(talk: Talk) -> None:
    await with_an_old_answer(talk)
    await talk.says("你好", "greet")
    await talk.taps_titled("變了")
    assert await talk.facts() == []
    assert talk.offers("answer")
    await talk.says("紅的", "inform")
    assert await talk.facts() == [("oxidation", "black", "likes")]


async def test_what_it_is_now_can_be_said_at_once(talk: Talk) -> None:
    await with_an_old_answer(talk)
    await talk.says("你好", "greet")
    await talk.says("紅的", "inform")
    assert await talk.facts() == [("oxidation", "black", "likes")]


async def test_an_old_answer_is_not_confirmed_twice_in_a_visit(talk: Talk) -> None:
    await with_an_old_answer(talk)
    talk.pack = replace(talk.pack, shop=replace(talk.pack.shop, questions_per_contact=2))
    await talk.says("你好", "greet")
    await talk.says("營業時間到幾點呢，謝謝", "hours")
    await talk.says(LONG, "propose")
    assert not talk.offers("still")


async def firm(talk: Talk) -> None:
    """They said on three visits that they like green tea."""
    for _ in range(3):
        await talk.says("我愛綠茶，一直都是", "inform", GREEN)
        await talk.waits(days=2)


async def test_what_goes_against_a_firm_belief_is_asked_about_once(talk: Talk) -> None:
    await firm(talk)
    said = await talk.says("今年想喝紅茶看看", "inform", BLACK)
    assert "綠茶" in said
    assert await talk.focus() == "contradiction"
    assert ("oxidation", "green", "likes") in await talk.facts()


async def test_from_now_on_changes_it(talk: Talk) -> None:
    await firm(talk)
    await talk.says("今年想喝紅茶看看", "inform", BLACK)
    await talk.taps_titled("以後都這樣")
    assert await talk.facts() == [("oxidation", "black", "likes")]


async def test_from_now_on_can_be_typed(talk: Talk) -> None:
    await firm(talk)
    await talk.says("今年想喝紅茶看看", "inform", BLACK)
    await talk.says("以後都喝這個", "chitchat")
    assert await talk.facts() == [("oxidation", "black", "likes")]


async def test_just_today_leaves_it_and_serves_the_wish(talk: Talk) -> None:
    await firm(talk)
    await talk.says("今年想喝紅茶看看", "inform", BLACK)
    said = await talk.says("今天而已", "chitchat")
    assert ("oxidation", "green", "likes") in await talk.facts()
    assert "紅茶" in said
    assert (await talk.ledger())["oxidation"].state is QuestionState.ANSWERED


async def test_a_contradiction_is_not_asked_about_once_questions_are_refused(talk: Talk) -> None:
    talk.pack = tea_house(questions=2)
    await firm(talk)
    await talk.says("今天有空慢慢挑，先跟你打個招呼", "greet")
    await talk.taps(talk.payload("skip"))
    await talk.says("今年想喝紅茶看看", "inform", BLACK)
    assert not talk.offers("holds")


async def test_settling_costs_a_question_of_the_same_budget(talk: Talk) -> None:
    await firm(talk)
    await talk.says("今年想喝紅茶看看", "inform", BLACK)
    await talk.taps_titled("只有這次")
    await talk.says(LONG, "propose")
    assert not talk.offers("skip")


@pytest.mark.parametrize(
    "words", ["我趕時間，幫我推薦", "我赶时间，帮我推荐", "I'm in a rush, pick something for me"]
)
async def test_nothing_is_asked_of_somebody_in_a_hurry(talk: Talk, words: str) -> None:
    await talk.says(words, "propose")
    assert not talk.offers("skip")
    await talk.says(LONG, "propose")
    assert not talk.offers("skip")


async def test_who_says_there_is_no_hurry_may_be_asked(talk: Talk) -> None:
    await talk.says("不急，慢慢幫我推薦幾款就好", "propose")
    assert talk.offers("skip")


async def test_nothing_is_asked_while_a_complaint_waits_to_be_solved(talk: Talk) -> None:
    await talk.says("你好", "greet")
    await talk.says("上次的茶發霉了，很失望", "complain")
    await talk.waits(days=2)
    await talk.says(LONG, "propose")
    assert not talk.offers("skip")


async def test_after_a_refused_question_nothing_else_is_asked_in_that_visit(talk: Talk) -> None:
    talk.pack = tea_house(questions=2)
    await talk.says("你好", "greet")
    await talk.taps(talk.payload("skip"))
    for words in (LONG, "還有沒有別的可以推薦給我呢"):
        await talk.says(words, "propose")
        assert not talk.offers("skip")


async def test_why_it_is_asked_names_the_two_products_it_decides_between(talk: Talk) -> None:
    await talk.says("你好", "greet")
    said = await talk.says("為什麼問這個", "chitchat")
    names = [product.name for product in talk.pack.products.values()]
    assert sum(any(text in said for text in name.values()) for name in names) == 2
    assert talk.offers("skip")


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("今天不要一直問我啦", "pause"),
        ("先別問我問題", "decline"),
        ("问题太多了吧", "complain"),
        ("no questions please", "deny"),
        ("别再问了", "withdraw"),
    ],
)
async def test_who_wants_no_questions_gets_none_in_this_contact_and_some_later(
    talk: Talk, text: str, intent: str
) -> None:
    await talk.says("你好", "greet")
    assert await talk.focus() == "question"
    await talk.says(text, intent)
    assert await talk.focus() is None
    for said in ("你好呀", "早安", "在嗎"):
        await talk.says(said, "greet")
        assert await talk.focus() != "question"
    await talk.waits(days=40)
    await talk.says("好久不見", "greet")
    assert await talk.focus() == "question"


async def test_no_questions_but_something_to_see_is_both_done(talk: Talk) -> None:
    said = await talk.says("別問了，直接推薦給我看", "withdraw")
    assert said.count("NT$") == 3
    assert await talk.focus() == "proposal"


async def test_one_topic_left_alone_leaves_the_others_open(talk: Talk) -> None:
    await talk.says("別再問我發酵", "pause")
    ledger = await talk.ledger()
    assert ledger["oxidation"].state is QuestionState.PAUSED
    await talk.waits(days=1)
    await talk.says("你好", "greet")
    assert await talk.focus() == "question"


@pytest.mark.parametrize("text", ["兩包", "給我 3 包", "I'll take two bags"])
async def test_how_many_is_kept_until_it_is_said_of_which(talk: Talk, text: str) -> None:
    await talk.says("推薦", "propose")
    said = await talk.says(text, "change")
    assert talk.offers("choose")  # asked which ...
    assert "NT$" not in said  # ... and nothing else was put in their place
    await talk.says("第二個", "choose")
    async with talk.store.reading() as books:
        [order] = await books.orders.listed(talk.customer)
        [line] = await books.orders.lines(order)
    assert line.quantity == (3 if "3" in text else 2)


async def test_a_number_is_not_asked_for_while_a_number_could_mean_a_product(talk: Talk) -> None:
    cups = topic("cups", "杯數", kind=TopicKind.NUMBER, bears=False, worth=99.0, burden=0.001)
    rest = {name: replace(one, burden=9.0) for name, one in talk.pack.topics.items()}
    talk.pack = replace(talk.pack, topics={**rest, "cups": cups})
    assert "杯數" in await talk.says("我下午喜歡慢慢喝綠茶", "inform", GREEN)
    other = Talk(talk.store, talk.pack)
    said = await other.says("推薦一款下午慢慢喝的綠茶", "propose", GREEN)
    assert "2." in said
    assert "杯數" not in said


@pytest.mark.parametrize(("said", "names"), [("你要這個做什麼？", []), ("阿明", ["阿明"])])
async def test_who_asks_back_has_not_answered(talk: Talk, said: str, names: list[str]) -> None:
    rest = {name: replace(one, burden=9.0) for name, one in talk.pack.topics.items()}
    talk.pack = replace(talk.pack, topics={**rest, "name": replace(rest["name"], worth=99.0, burden=0.001)})
    assert "稱呼呢" in await talk.says("我下午喜歡慢慢喝綠茶", "inform", GREEN)
    await talk.says(said, "nlu_fallback")
    assert [value for about, value, _ in await talk.facts() if about == "name"] == names


@pytest.mark.parametrize(
    ("words", "intent", "state"),
    [
        ("我懶得答這個", "decline", QuestionState.DECLINED),
        ("我不太想讲这个耶", "deny", QuestionState.DECLINED),
        ("could we please not get into that one here", "decline", QuestionState.DECLINED),
        ("等我想清楚了之後會再告訴你們的", "deny", QuestionState.NOT_NOW),
        ("ask me some other day, will you, ok?", "decline", QuestionState.NOT_NOW),
    ],
)
async def test_a_refusal_in_their_own_words_is_of_the_question_and_leaves_the_products(
    talk: Talk, words: str, intent: str, state: QuestionState
) -> None:
    await talk.says(LONG, "propose")
    [name] = [payload.split(":")[1] for _, payload in talk.buttons if payload.startswith("skip")]
    await talk.says(words, intent)
    assert (await talk.ledger())[name].state is state
    assert await talk.focus() == "proposal"


@pytest.mark.parametrize("words", ["這幾款都不合我的意", "somehow these don't appeal to me"])
async def test_who_wants_none_of_the_products_has_put_off_what_was_asked_beside_them(
    talk: Talk, words: str
) -> None:
    await talk.says(LONG, "propose")
    [name] = [payload.split(":")[1] for _, payload in talk.buttons if payload.startswith("skip")]
    await talk.says(words, "decline")
    assert (await talk.ledger())[name].state is QuestionState.NOT_NOW
    await talk.waits(days=2)
    await talk.says(LONG, "propose")
    assert f"skip:{name}" not in [payload for _, payload in talk.buttons]


async def about_oxidation(talk: Talk) -> None:
    """Three products, and the question how dark."""
    rest = {name: replace(one, burden=9.0) for name, one in talk.pack.topics.items() if name != "oxidation"}
    talk.pack = replace(talk.pack, topics={**rest, "oxidation": talk.pack.topics["oxidation"]})
    await talk.says(LONG, "propose")
    assert talk.offers("answer")


@pytest.mark.parametrize(
    "words", ["紅的，不過這有差嗎？", "红的啊，可是为什么要问？", "black, but does it matter?"]
)
async def test_an_answer_beside_a_question_is_kept_and_the_question_answered(talk: Talk, words: str) -> None:
    await about_oxidation(talk)
    said = await talk.says(words, "change")
    assert await talk.facts() == [("oxidation", "black", "likes")]
    assert any(why in said for why in talk.pack.topics["oxidation"].why.values())


async def test_a_refusal_beside_something_else_is_kept_and_the_rest_is_heard(talk: Talk) -> None:
    await about_oxidation(talk)
    await talk.says("這個不想說，我喜歡花香的", "decline", Said("花香", "scent", "floral"))
    assert (await talk.ledger())["oxidation"].state is QuestionState.DECLINED
    assert ("scent", "floral", "likes") in await talk.facts()


async def test_that_question_points_at_the_question_and_not_at_a_product(talk: Talk) -> None:
    await about_oxidation(talk)
    await talk.says("第二款是什麼味道", "catalogue")
    await talk.says("剛剛那個問題，我喝紅茶", "inform", BLACK)
    assert await talk.facts() == [("oxidation", "black", "likes")]
    assert await talk.focus() == "proposal"


async def test_an_old_answer_tapped_while_an_order_is_open_is_kept_and_leaves_the_order(talk: Talk) -> None:
    await about_oxidation(talk)
    answer = talk.payload("answer")
    await talk.taps(talk.payload("choose"))
    await talk.taps(answer)
    assert await talk.facts() == [("oxidation", "green", "likes")]
    assert await talk.focus() == "order"
    assert talk.offers("confirm")


async def test_an_older_question_waved_aside_late_leaves_the_newer_one_open(talk: Talk) -> None:
    await talk.says("你好", "greet")
    old = talk.payload("skip")
    await talk.waits(days=3)
    await talk.says("你好", "greet")
    asked = talk.payload("skip")
    other = next(name for name in talk.pack.topics if f"skip:{name}" not in (old, asked))
    await talk.taps(f"skip:{other}")
    assert await talk.focus() == "question"
    assert (await talk.ledger())[other].state is QuestionState.DECLINED


async def test_nothing_is_asked_of_who_said_how_much_they_want(talk: Talk) -> None:
    await talk.says("我要兩包下午慢慢喝的綠茶", "inform", GREEN)
    assert not talk.offers("skip")


async def test_what_must_never_be_and_is_asked_for_now_is_asked_about(talk: Talk) -> None:
    await talk.says("我絕對不喝紅茶", "inform", replace(BLACK, words="紅茶", polarity="never"))
    await talk.waits(days=3)
    said = await talk.says("可以幫我挑一款紅茶嗎？", "propose", replace(BLACK, confidence=0.5))
    assert await talk.focus() == "contradiction"
    assert "紅茶" in said
    assert ("oxidation", "black", "never") in await talk.facts()


async def test_who_may_be_asked_again_is_not_asked_what_they_refused_before(talk: Talk) -> None:
    await talk.says("你好", "greet")
    [name] = [payload.split(":")[1] for _, payload in talk.buttons if payload.startswith("skip")]
    await talk.taps(f"skip:{name}")
    await talk.says("不要再問我問題了", "pause")
    await talk.taps(talk.payload("pause"))
    assert (await talk.ledger())[name].state is QuestionState.DECLINED
    await talk.waits(days=2)
    await talk.says("你好", "greet")
    assert talk.offers("skip")
    assert f"skip:{name}" not in [payload for _, payload in talk.buttons]


async def test_whoever_names_a_topic_may_be_asked_about_it_though_they_refused(talk: Talk) -> None:
    await talk.taps("skip:oxidation")
    await talk.taps("pause:oxidation:on")
    await talk.taps("pause:oxidation:off")
    assert may_ask((await talk.ledger())["oxidation"], talk.now)

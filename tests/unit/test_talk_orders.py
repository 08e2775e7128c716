"""From a proposal to an order, and from how it was liked to the next proposal."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crm_store.models import OrderRow
from one_to_one.facts import Polarity
from one_to_one.language import Language
from tests.unit.talking import Said, Talk

OOLONG = Said("烏龍", "oxidation", "oolong")


async def orders(talk: Talk) -> list[OrderRow]:
    """Every order of the customer."""
    async with talk.store.reading() as books:
        return await books.orders.listed(talk.customer)


async def bought(talk: Talk) -> str:
    """Let the customer buy the first thing proposed; returns its name."""
    await talk.says("推薦烏龍", "propose", OOLONG)
    name = next(title.partition(". ")[2] for title, payload in talk.buttons if payload.endswith(":1"))
    await talk.says("第一個", "choose")
    await talk.says("好", "affirm")
    return name


async def test_three_things_with_price_reason_and_one_outside_the_habits(talk: Talk) -> None:
    said = await talk.says("我愛烏龍，推薦一下", "propose", OOLONG)
    lines = [line for line in said.splitlines() if line[:2] in ("1.", "2.", "3.")]
    assert len(lines) == 3
    assert all("NT$" in line for line in lines)
    assert sum("想換換的話可以試" in line for line in lines) == 1
    assert "烏龍" in said.splitlines()[0]
    assert "75 克" in said


async def test_a_reason_that_is_old_is_told_with_its_month(talk: Talk) -> None:
    await talk.says("我愛烏龍", "inform", OOLONG)
    await talk.waits(days=60)
    assert "3月" in await talk.says("推薦", "propose")


@pytest.mark.parametrize(
    ("words", "intent"),
    [("2", "nlu_fallback"), ("第二個", "choose"), ("the second one", "choose"), ("第二个", "inform")],
)
async def test_one_is_chosen_by_its_place(talk: Talk, words: str, intent: str) -> None:
    await talk.says("推薦", "propose")
    wanted = next(t.partition(". ")[2] for t, payload in talk.buttons if payload.endswith(":2"))
    await talk.says(words, intent)
    assert talk.offers("confirm")
    [order] = await orders(talk)
    assert order.state == "draft"
    async with talk.store.reading() as books:
        [line] = await books.orders.lines(order)
    assert talk.pack.products[line.product].name[Language.TRADITIONAL] == wanted


@pytest.mark.parametrize(
    ("words", "quantity"),
    [
        ("2 bags of the second one", 2),
        ("第二個，來三包", 3),
        ("第二个要两包", 2),
        ("of these three the second one", 1),
        ("第二個那一款", 1),
        ("第二個", 1),
    ],
)
async def test_as_many_are_put_on_the_draft_as_were_asked_for(talk: Talk, words: str, quantity: int) -> None:
    await talk.says("推薦", "propose")
    await talk.says(words, "choose")
    async with talk.store.reading() as books:
        [line] = await books.orders.lines((await books.orders.listed(talk.customer))[-1])
    assert line.quantity == quantity


async def test_more_than_can_be_ordered_is_told_beside_the_draft(talk: Talk) -> None:
    await talk.says("推薦", "propose")
    said = await talk.says("900 bags of the second one", "choose")
    assert "900" in said
    assert await talk.focus() == "order"


async def test_one_is_chosen_by_its_name(talk: Talk) -> None:
    await talk.says("推薦", "propose")
    name = next(t.partition(". ")[2] for t, payload in talk.buttons if payload.endswith(":3"))
    assert name in await talk.says(f"{name}好了", "inform")
    assert await talk.focus() == "order"


async def test_one_is_chosen_by_what_sets_it_apart(talk: Talk) -> None:
    await talk.says("烏龍，推薦", "propose", OOLONG)
    said = await talk.says("奶香那款", "choose", Said("奶香", "scent", "milky"))
    assert "高山金萱" in said
    assert ("scent", "milky", "likes") not in await talk.facts()


async def test_the_cheapest_can_be_chosen_without_its_number(talk: Talk) -> None:
    await talk.says("推薦", "propose")
    prices = [
        int(line.partition("NT$")[2][:3]) for line in talk.replies[0].text.splitlines() if "NT$" in line
    ]
    assert f"NT${min(prices)}" in await talk.says("最便宜那個", "choose")


async def test_a_choice_that_fits_nothing_asks_which(talk: Talk) -> None:
    await talk.says("推薦", "propose")
    await talk.says("那個啦", "choose")
    assert talk.offers("choose")


async def test_yes_to_three_things_asks_which(talk: Talk) -> None:
    await talk.says("推薦", "propose")
    await talk.says("好", "affirm")
    assert talk.offers("choose")
    assert await orders(talk) == []


@pytest.mark.parametrize("words", ["隨便", "都可以", "whatever"])
async def test_whoever_does_not_mind_has_not_ordered(talk: Talk, words: str) -> None:
    await talk.says("推薦", "propose")
    await talk.says("第一個", "choose")
    await talk.says(words, "affirm")
    assert [order.state for order in await orders(talk)] == ["draft"]
    assert talk.offers("confirm")


async def test_others_are_others(talk: Talk) -> None:
    await talk.says("推薦", "propose")
    first = {t.partition(". ")[2] for t, payload in talk.buttons if payload.startswith("choose")}
    await talk.taps(talk.payload("other"))
    second = {t.partition(". ")[2] for t, payload in talk.buttons if payload.startswith("choose")}
    assert second
    assert first != second


@pytest.mark.parametrize("words", ["換一批", "有別的嗎", "show me others please"])
async def test_others_can_be_asked_for_in_words(talk: Talk, words: str) -> None:
    await talk.says("推薦", "propose")
    first = {t.partition(". ")[2] for t, payload in talk.buttons if payload.startswith("choose")}
    await talk.says(words, "change")
    second = {t.partition(". ")[2] for t, payload in talk.buttons if payload.startswith("choose")}
    assert second
    assert first != second


async def test_others_can_be_asked_for_when_nothing_is_on_the_table(talk: Talk) -> None:
    await talk.says("換一批", "change")
    assert talk.offers("choose")


async def test_asking_again_shows_others(talk: Talk) -> None:
    first = await talk.says("推薦", "propose")
    second = await talk.says("再推薦一次", "propose")
    assert first.splitlines()[1:4] != second.splitlines()[1:4]


async def test_no_thanks_ends_it_warmly(talk: Talk) -> None:
    await talk.says("推薦", "propose")
    await talk.says("不用了", "decline")
    assert talk.buttons == []
    assert len(talk.replies) == 1
    assert await talk.focus() is None


async def test_a_draft_is_repriced_when_it_changes(talk: Talk) -> None:
    await talk.says("推薦烏龍", "propose", OOLONG)
    await talk.says("1", "choose")
    assert "NT$380" in await talk.says("等等，是多少錢", "nlu_fallback")
    assert await talk.focus() == "order"
    said = await talk.says("改成150克", "change", Said("150克", "weight", "150"))
    assert "150 克" in said
    assert "NT$690" in said
    assert "NT$1,380" in await talk.says("要兩份", "change")


async def test_options_can_be_tapped(talk: Talk) -> None:
    await talk.says("推薦烏龍", "propose", OOLONG)
    await talk.says("1", "choose")
    await talk.taps(talk.payload("edit"))
    assert [title for title, payload in talk.buttons if payload.startswith("option")] == ["150 克"]
    assert "NT$690" in await talk.taps(talk.payload("option"))


async def test_an_order_has_a_number_a_day_and_a_total(talk: Talk) -> None:
    await talk.says("推薦烏龍", "propose", OOLONG)
    await talk.says("1", "choose")
    said = await talk.taps(talk.payload("confirm"))
    [order] = await orders(talk)
    assert order.state == "placed"
    assert str(order.id) in said
    assert "NT$380" in said
    assert "3月4日 週三" in said


async def test_confirming_twice_orders_once(talk: Talk) -> None:
    await talk.says("推薦", "propose")
    await talk.says("1", "choose")
    confirm = talk.payload("confirm")
    await talk.taps(confirm)
    await talk.taps(confirm)
    assert [order.state for order in await orders(talk)] == ["placed"]


async def test_another_choice_takes_the_place_of_the_draft(talk: Talk) -> None:
    await talk.says("推薦", "propose")
    await talk.says("1", "choose")
    await talk.says("還是第二個好了", "choose")
    assert [order.state for order in await orders(talk)] == ["cancelled", "draft"]


async def test_a_cancelled_draft_is_not_ordered_by_its_old_button(talk: Talk) -> None:
    await talk.says("推薦", "propose")
    await talk.says("1", "choose")
    confirm = talk.payload("confirm")
    await talk.says("不要了", "deny")
    await talk.taps(confirm)
    assert [order.state for order in await orders(talk)] == ["cancelled"]


async def test_nothing_is_asked_while_somebody_orders(talk: Talk) -> None:
    await talk.says("推薦", "propose")
    asked = talk.offers("skip")
    await talk.says("1", "choose")
    assert not talk.offers("skip")
    await talk.says("好", "affirm")
    assert not talk.offers("skip")
    assert asked


async def test_the_state_of_an_order_is_told(talk: Talk) -> None:
    assert "訂單" in await talk.says("我的訂單呢", "order_status")
    name = await bought(talk)
    assert name in await talk.says("我的訂單呢", "order_status")


async def test_the_usual_is_what_was_ordered_last(talk: Talk) -> None:
    assert "老樣子" in await talk.says("老樣子", "order_usual")
    name = await bought(talk)
    await talk.waits(days=10)
    said = await talk.says("老樣子", "order_usual")
    assert name in said
    assert talk.offers("confirm")


async def test_at_the_next_contact_they_are_asked_how_it_was(talk: Talk) -> None:
    name = await bought(talk)
    await talk.waits(days=7)
    said = await talk.says("在嗎", "greet")
    assert name in said
    assert [payload.split(":")[2] for _, payload in talk.buttons if payload.startswith("rate")] == [
        "liked",
        "ok",
        "disliked",
    ]
    assert not talk.offers("skip")


async def test_they_are_asked_only_once_how_it_was(talk: Talk) -> None:
    await bought(talk)
    await talk.waits(days=7)
    await talk.says("在嗎", "greet")
    await talk.waits(days=7)
    await talk.says("在嗎", "greet")
    assert not talk.offers("rate")


async def test_who_said_how_it_is_is_not_asked_again_after_the_next_bag(talk: Talk) -> None:
    await bought(talk)
    await talk.waits(days=7)
    await talk.says("在嗎", "greet")
    await talk.taps(talk.payload("rate"))
    await talk.waits(days=7)
    await talk.says("老樣子", "order_usual")
    await talk.taps(talk.payload("confirm"))
    await talk.waits(days=7)
    await talk.says("在嗎", "greet")
    assert not talk.offers("rate")
    assert talk.offers("usual")


@pytest.mark.parametrize(
    ("words", "intent", "rating"),
    [
        ("有點太苦", "complain", "disliked"),
        ("很好喝", "praise", "liked"),
        ("不好喝", "complain", "disliked"),
        ("還好", "nlu_fallback", "ok"),
        ("还行吧", "affirm", "ok"),
        ("loved it", "praise", "liked"),
        ("not bad", "nlu_fallback", "ok"),
        ("a bit too sour for me", "complain", "disliked"),
    ],
)
async def test_a_verdict_can_be_put_in_words(talk: Talk, words: str, intent: str, rating: str) -> None:
    await bought(talk)
    await talk.waits(days=7)
    await talk.says("在嗎", "greet")
    await talk.says(words, intent)
    async with talk.store.reading() as books:
        [line] = await books.orders.ratings(talk.customer)
    assert line.rating == rating
    assert line.rating_words == words


async def test_a_verdict_changes_the_next_proposal_and_says_so(talk: Talk) -> None:
    name = await bought(talk)
    await talk.waits(days=7)
    await talk.says("在嗎", "greet")
    await talk.taps(talk.payload("rate", 2))
    said = await talk.says("推薦一下", "propose")
    assert name in said.splitlines()[0]
    assert all(name not in title for title, _ in talk.buttons)


async def test_what_a_verdict_says_about_their_taste_is_remembered(talk: Talk) -> None:
    await bought(talk)
    await talk.waits(days=7)
    await talk.says("在嗎", "greet")
    await talk.says("焙火味太重", "complain", Said("焙火", "scent", "roasted", Polarity.DISLIKES))
    assert ("scent", "roasted", "dislikes") in await talk.facts()


async def test_something_gone_wrong_is_a_complaint_and_no_matter_of_taste(talk: Talk) -> None:
    await bought(talk)
    await talk.waits(days=7)
    await talk.says("在嗎", "greet")
    await talk.says("收到的時候發霉了，很失望", "complain")
    async with talk.store.reading() as books:
        assert await books.orders.ratings(talk.customer) == []
        assert len(await books.complaints.listed(talk.customer)) == 1


async def test_a_product_asked_for_by_name_is_shown_ready_to_order(talk: Talk) -> None:
    said = await talk.says("你們有玫瑰紅茶嗎", "catalogue")
    assert "玫瑰紅茶" in said
    await talk.taps(talk.payload("choose"))
    assert await talk.focus() == "order"


async def test_a_product_can_be_named_by_a_part_that_says_enough(talk: Talk) -> None:
    product = talk.pack.products["mountain"]
    longer = {tag: f"阿里山 {name} 夏摘" for tag, name in product.name.items()}
    talk.pack = replace(talk.pack, products={**talk.pack.products, "mountain": replace(product, name=longer)})
    assert "夏摘" in await talk.says("高山金萱好喝嗎", "catalogue")
    assert talk.offers("choose")


async def test_what_is_asked_for_now_comes_first_whatever_was_liked(talk: Talk) -> None:
    await talk.says("我只喝綠茶的花香", "inform", Said("綠茶", "oxidation", "green"))
    said = await talk.says("有阿薩姆的嗎", "propose", Said("阿薩姆", "place", "assam"))
    assert "紅茶" in said.splitlines()[1]


async def test_what_we_dont_have_is_said_before_anything_else(talk: Talk) -> None:
    wish = (Said("宇治", "place", "uji"), Said("烏龍", "oxidation", "oolong"))
    said = await talk.says("想要宇治的烏龍", "propose", *wish)
    assert "沒有" in said.splitlines()[0]
    assert said.count("NT$") == 2  # without the one, or without the other


async def test_they_may_ask_why_these(talk: Talk) -> None:
    await talk.says("我愛烏龍，推薦一下", "propose", OOLONG)
    said = await talk.says("為什麼是這三款？", "help")
    assert "烏龍" in said
    assert talk.offers("choose")


async def test_a_number_of_pieces_is_read_beside_a_preference(talk: Talk) -> None:
    await talk.says("推薦烏龍", "propose", OOLONG)
    await talk.says("1", "choose")
    said = await talk.says("兩包150克的", "change", Said("150克", "weight", "150"))
    assert "2 份" in said
    assert "150 克" in said


async def test_a_question_about_the_range_is_not_taken_for_a_wish(talk: Talk) -> None:
    said = await talk.says("有哪些烏龍", "catalogue", OOLONG)
    assert "高山金萱" in said
    assert await talk.facts() == []
    assert "6" in await talk.says("你們有什麼", "catalogue")


async def order_of(talk: Talk, size: str) -> None:
    await talk.taps("propose")
    await talk.taps(talk.payload("choose"))
    await talk.says(f"{size} 克", "change", Said(f"{size} 克", "weight", size))
    await talk.taps(talk.payload("confirm"))
    await talk.waits(days=9)


async def test_what_was_ordered_twice_is_supposed_and_told_as_a_guess(talk: Talk) -> None:
    await order_of(talk, "150")
    assert all(fact.stated for fact in await talk.believed())
    await order_of(talk, "150")
    [guess] = [fact for fact in await talk.believed() if fact.topic == "weight"]
    assert (guess.value, guess.stated) == ("150", False)
    assert "從你的訂單推想的" in await talk.says("你記得我什麼", "know_me")


async def test_a_guess_is_taken_back_when_the_next_order_is_otherwise(talk: Talk) -> None:
    for size in ("150", "150", "75"):
        await order_of(talk, size)
    assert [fact for fact in await talk.believed() if fact.topic == "weight"] == []


async def test_nothing_is_supposed_of_somebody_who_wants_no_profile(talk: Talk) -> None:
    await talk.says("不要記我的事", "withdraw")
    await order_of(talk, "150")
    await order_of(talk, "150")
    assert await talk.facts() == []


async def test_a_guess_that_was_found_wrong_needs_new_orders(talk: Talk) -> None:
    async def guessed() -> list[str]:
        return [fact.value for fact in await talk.believed() if fact.topic == "weight"]

    for _ in range(2):
        await order_of(talk, "150")
    async with talk.store.transaction() as books:
        [guess] = [fact for fact in await talk.believed() if fact.topic == "weight"]
        await books.facts.retract(guess, talk.now)
    await order_of(talk, "150")
    assert await guessed() == []  # one order since, and the old ones don't count any more
    await order_of(talk, "150")
    assert await guessed() == ["150"]

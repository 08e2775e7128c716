"""Comparing what is proposed, being made or laid by; and starting over, which can be undone."""

from __future__ import annotations

import pytest

from one_to_one.pack import read_pack
from settings import ROOT
from tests.unit.talking import Said, Talk

COFFEE = read_pack(ROOT / "data" / "shops" / "coffee")
KILO = Said("1公斤", "bag_size", "1000")
PROPOSE = {"zh-Hant": "推薦", "zh-Hans": "推荐", "en": "pick some for me"}
COMPARE = {"zh-Hant": "比較一下", "zh-Hans": "对比一下", "en": "compare them"}
TWO = {
    "zh-Hant": "比較第一個和第三個",
    "zh-Hans": "比较第一个和第三个",
    "en": "compare the first and the third",
}
OVER = {"zh-Hant": "重新開始", "zh-Hans": "重新开始", "en": "let's start over"}
BACK = {"zh-Hant": "返回", "zh-Hans": "返回", "en": "back"}


@pytest.fixture(params=["zh-Hant", "zh-Hans", "en"])
async def looking(talk: Talk, request: pytest.FixtureRequest) -> Talk:
    """Somebody with three coffees on the table, in one of the languages."""
    talk.pack, talk.language = COFFEE, request.param
    await talk.says(PROPOSE[talk.language], "propose")
    return talk


async def draft(talk: Talk) -> tuple[str, str, dict[str, str]]:
    """State, product and options of the last order."""
    async with talk.store.reading() as books:
        [*_, order] = await books.orders.listed(talk.customer)
        [line] = await books.orders.lines(order)
        return order.state, line.product, dict(line.options)


def of_the_table(talk: Talk) -> list[str]:
    """The buttons that take something."""
    return [title for title, payload in talk.buttons if payload.startswith("choose")]


async def test_three_proposals_are_compared_and_one_is_taken(looking: Talk) -> None:
    there = of_the_table(looking)
    said = await looking.says(COMPARE[looking.language], "chitchat")
    assert of_the_table(looking) == there
    assert sum(line[:2] in ("1.", "2.", "3.") for line in said.splitlines()) == 3
    await looking.taps(looking.payload("choose", 1))
    assert looking.offers("confirm")


async def test_two_of_three_are_compared(looking: Talk) -> None:
    first, _, third = (title.partition(". ")[2] for title in of_the_table(looking))
    await looking.says(TWO[looking.language], "nlu_fallback")
    assert [title.partition(". ")[2] for title in of_the_table(looking)] == [first, third]


async def test_the_first_two_are_two(looking: Talk) -> None:
    there = of_the_table(looking)
    said = {"zh-Hant": "比較一下前兩個", "zh-Hans": "对比一下前两个", "en": "compare the first two"}
    await looking.says(said[looking.language], "choose")
    assert of_the_table(looking) == there[:2]


async def test_what_the_customer_likes_is_told_of_each(talk: Talk) -> None:
    talk.pack, talk.language = COFFEE, "en"
    await talk.says("I like floral coffee", "inform", Said("floral", "flavour", "floral"))
    await talk.says("pick some", "propose")
    said = await talk.says("what's the difference?", "nlu_fallback")
    assert "For you: floral" in said


async def test_a_draft_is_compared_with_what_was_proposed_beside_it(looking: Talk) -> None:
    await looking.taps(looking.payload("choose"))
    await looking.says("1kg", "change", KILO)
    said = await looking.says(COMPARE[looking.language], "chitchat")
    assert len(of_the_table(looking)) == 3
    assert "1 kg" in said or "1 公斤" in said
    await looking.taps(looking.payload("choose"))
    assert (await draft(looking))[2]["bag_size"] == "1000"


async def test_saved_ones_are_compared(looking: Talk) -> None:
    for number in (0, 1):
        await looking.says(PROPOSE[looking.language], "propose")
        await looking.taps(looking.payload("choose", number))
        await looking.taps(looking.payload("save"))
        await looking.says("不用了", "decline")
    said = {"zh-Hant": "比較一下我存的", "zh-Hans": "比较一下我存的", "en": "compare what I saved"}
    await looking.says(said[looking.language], "know_me")
    assert len(of_the_table(looking)) == 2


async def test_one_thing_alone_is_not_compared(talk: Talk) -> None:
    await talk.says("比較一下", "chitchat")
    assert "兩樣" in talk.replies[0].text


async def test_preferring_is_not_comparing(talk: Talk) -> None:
    talk.pack = COFFEE
    await talk.says("我比較喜歡日曬", "inform", Said("日曬", "process", "natural"))
    assert ("process", "natural", "likes") in await talk.facts()


async def test_starting_over_drops_the_draft_and_keeps_what_is_known(looking: Talk) -> None:
    await looking.says("我喜歡淺焙", "inform", Said("淺焙", "roast", "light"))
    await looking.says(PROPOSE[looking.language], "propose")
    await looking.taps(looking.payload("choose"))
    facts = await looking.facts()
    await looking.says(OVER[looking.language], "forget")
    assert (await draft(looking))[0] == "cancelled"
    assert await looking.facts() == facts
    assert looking.offers("propose")


async def test_starting_over_is_undone_by_word_and_by_button(looking: Talk) -> None:
    await looking.taps(looking.payload("choose"))
    await looking.says("改1公斤", "change", KILO)
    before = await draft(looking)
    await looking.says(OVER[looking.language], "chitchat")
    await looking.says(BACK[looking.language], "greet")
    assert await draft(looking) == before
    await looking.says(OVER[looking.language], "chitchat")
    await looking.taps(looking.payload("restore"))
    assert await draft(looking) == before


async def test_a_second_tap_on_undo_draws_up_no_second_draft(looking: Talk) -> None:
    await looking.taps(looking.payload("choose"))
    await looking.says(OVER[looking.language], "chitchat")
    undo = looking.payload("restore")
    await looking.taps(undo)
    await looking.taps(undo)
    async with looking.store.reading() as books:
        states = [order.state for order in await books.orders.listed(looking.customer)]
    assert states.count("draft") == 1


async def test_forgetting_everything_and_starting_over_is_no_new_draft(talk: Talk) -> None:
    await talk.says("忘記我，重新開始", "forget")
    assert not talk.offers("restore")
    assert talk.offers("forgetyes")


async def test_back_as_a_word_of_its_own_undoes_the_last_change(looking: Talk) -> None:
    await looking.taps(looking.payload("choose"))
    before = await draft(looking)
    await looking.says("改1公斤", "change", KILO)
    await looking.says(BACK[looking.language], "greet")
    assert await draft(looking) == before


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh-Hant", "先存著"), ("zh-Hans", "帮我存起来"), ("en", "save it for later")],
)
async def test_what_is_compared_with_others_is_laid_by(talk: Talk, language: str, words: str) -> None:
    talk.pack, talk.language = COFFEE, language
    await talk.says(PROPOSE[language], "propose")
    await talk.taps(talk.payload("choose"))
    await talk.says(COMPARE[language], "chitchat")
    await talk.says(words, "decline")
    assert talk.offers("saved")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-Hant", "用禮盒包，要送主管的"),
        ("zh-Hans", "要礼盒，送领导的"),
        ("en", "put it in the gift box, it's for my boss"),
    ],
)
async def test_a_present_in_the_making_is_made_up_and_stays_what_it_is(
    talk: Talk, language: str, words: str
) -> None:
    talk.pack, talk.language = COFFEE, language
    await talk.says(PROPOSE[language], "propose")
    await talk.taps(talk.payload("choose"))
    before = (await draft(talk))[1]
    await talk.says(words, "inform", Said("gift box", "packaging", "gift", who="boss"))
    state, product, made = await draft(talk)
    assert (state, product, made["packaging"]) == ("draft", before, "gift")
    assert await talk.facts() == []

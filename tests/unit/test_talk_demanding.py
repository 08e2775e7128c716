"""What demanding customers type: pointing without ordering, laying by, complaining twice, from abroad."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from crm_store.store import Store
from one_to_one.countries import country_in
from tests.unit.talking import Said, Talk
from tests.unit.test_talk_checkout import checkout, drafted, house, latest
from tests.unit.test_talk_mended import talk_texts


@pytest.fixture
async def talk(own_store: Store) -> AsyncIterator[Talk]:
    """Somebody in a tea house that delivers within Taiwan."""
    yield Talk(own_store, pack=house(checkout(country="TW")))
    await own_store.close()


async def states(talk: Talk) -> list[str]:
    """How the orders of the customer stand."""
    async with talk.store.reading() as books:
        return [order.state for order in await books.orders.listed(talk.customer)]


async def unmet(talk: Talk) -> list[str | None]:
    """What was wanted in vain."""
    async with talk.store.reading() as books:
        return [row.thing for row in await books.unmet_wishes.listed(talk.customer)]


@pytest.mark.parametrize(
    ("text", "intent"),
    [("ok that one", "affirm"), ("that one", "choose"), ("好 就這個", "affirm"), ("那款吧", "affirm"),
     ("嗯这个", "choose")],
)  # fmt: skip
async def test_pointing_at_what_is_being_made_orders_nothing(talk: Talk, text: str, intent: str) -> None:
    await talk.says("推薦", "propose")
    await talk.says("第一個", "choose")
    await talk.says(text, intent)
    assert await states(talk) == ["draft"]
    assert talk.offers("confirm")


@pytest.mark.parametrize("text", ["yes, that one", "確認，就這個", "好的", "order that one", "对 就这款"])
async def test_a_clear_yes_orders_what_it_points_at(talk: Talk, text: str) -> None:
    await talk.says("推薦", "propose")
    await talk.says("第一個", "choose")
    await talk.says(text, "affirm")
    assert await states(talk) == ["placed"]


@pytest.mark.parametrize("text", ["算了不要了 下次再說", "不用了，下次再说"])
async def test_a_no_with_another_time_lays_nothing_by(talk: Talk, text: str) -> None:
    await talk.says("推薦", "propose")
    await talk.says("第一個", "choose")
    await talk.says(text, "deny")
    assert await states(talk) == ["cancelled"]


@pytest.mark.parametrize(("text", "kept"), [("save it", 3), ("先存起來", 3), ("save the second one", 1)])
async def test_what_is_on_the_table_can_be_laid_by(talk: Talk, text: str, kept: int) -> None:
    await talk.says("推薦", "propose")
    await talk.says(text, "affirm")
    async with talk.store.reading() as books:
        assert len(await books.configurations.saved(talk.customer, 9)) == kept
    await talk.says("我存了什麼", "know_me")
    assert len([one for one in talk.buttons if one[1].startswith("made:")]) == kept


@pytest.mark.parametrize("text", ["share the first one", "把第二個分享給朋友"])
async def test_one_on_the_table_can_be_shown_to_others(talk: Talk, text: str) -> None:
    await talk.says("推薦", "propose")
    said = await talk.says(text, "nlu_fallback")
    assert said.count("/made/") == 1


@pytest.mark.parametrize(("before", "text"), [("太香", "還是香"), ("太香了", "still floral")])
async def test_still_too_much_of_it_is_no_liking(talk: Talk, before: str, text: str) -> None:
    pack = talk.pack
    floral = pack.topics["scent"].values["floral"]
    object.__setattr__(floral, "too", {"zh-Hant": ("太香",), "en": ("too floral",)})
    await talk.says("推薦", "propose")
    await talk.says(before, "inform", Said(before, "scent", "floral", "dislikes"))
    await talk.says(text, "inform", Said(text[-1], "scent", "floral"))
    assert await talk.facts() == []
    async with talk.store.reading() as books:
        *_, last, _ = sorted(await books.proposals.recent(talk.customer, 9), key=lambda row: row.id)
    assert last.reason == "too.scent.floral"


@pytest.mark.parametrize(
    ("text", "place"),
    [("do you ship to Japan?", "Japan"), ("可以寄日本嗎", "日本"), ("能寄到国外吗", "国外"),
     ("can you send it to my sister in Singapore", "Singapore"), ("發不發大陸", "大陸"),
     ("韓國那邊有辦法送嗎", "韓國"), ("shipping to the US possible?", "US")],
)  # fmt: skip
async def test_what_goes_abroad_is_said_not_to_and_written_down(talk: Talk, text: str, place: str) -> None:
    said = await talk.says(text, "delivery")
    assert place in said
    [wished] = await unmet(talk)
    assert place in (wished or "")
    assert not talk.offers("answer")


@pytest.mark.parametrize(
    "text", ["寄到台北要幾天", "阿薩姆是印度的嗎", "send it to my office", "我媽媽在日本長大，喜歡綠茶"]
)
async def test_what_stays_in_the_country_or_isnt_sent_is_not_abroad(talk: Talk, text: str) -> None:
    await talk.says(text, "delivery")
    assert await unmet(talk) == []


@pytest.mark.parametrize(
    "text",
    [
        "12 Baker Street, London, UK",
        "深圳市南山區科技路5號3樓",
        "send it to 5 Orchard Road, Singapore 238800",
    ],
)
async def test_an_address_abroad_is_not_taken(talk: Talk, text: str) -> None:
    await drafted(talk)
    said = await talk.says(text, "inform")
    assert any(word in said for word in ("台灣", "台湾", "Taiwan"))
    assert "address" not in ((await latest(talk)).details or {})
    assert await unmet(talk)


@pytest.mark.parametrize("text", ["台北市北京路5號2樓", "5 London Road, Taipei", "北京路5號2樓"])
async def test_an_address_at_home_is_taken_whatever_its_street_is_called(talk: Talk, text: str) -> None:
    await drafted(talk)
    await talk.says(text, "inform")
    assert text in str((await latest(talk)).details)


@pytest.mark.parametrize("text", ["可以送到公司嗎", "what about delivery to the office?", "能不能寄去学校"])
async def test_where_it_can_be_brought_is_told(talk: Talk, text: str) -> None:
    said = await talk.says(text, "delivery")
    assert "台灣" in said or "台湾" in said or "Taiwan" in said


def test_the_longest_name_of_a_country_counts() -> None:
    found = country_in("ship it to South Korea please", {"KR": ("korea",)})
    assert found == ("KR", "south korea")
    assert country_in("寄去中非共和國", {}) == ("CF", "中非共和国")
    assert country_in("a chilean friend's madness", {}) is None


@pytest.mark.parametrize(
    "text", ["any discount for three?", "買三包有打折嗎", "可以算我200嗎", "can u do 200 for it"]
)
async def test_haggling_is_told_that_the_price_is_the_same_for_all(talk: Talk, text: str) -> None:
    await talk.says("推薦", "propose")
    said = await talk.says(text, "change")
    assert said.split("\n")[0].split(" Delivery")[0].split("滿")[0] in {
        one for tag in ("zh-Hant", "en") for one in talk_texts("haggling.same_for_all", tag)
    }
    assert await states(talk) == []


async def test_who_finds_the_shop_dear_is_told_where_it_starts(talk: Talk) -> None:
    assert "250" in await talk.says("you're kinda pricey", "nlu_fallback")
    assert not talk.offers("answer")


async def test_a_size_that_isnt_made_is_said_and_written_down(talk: Talk) -> None:
    said = await talk.says("有 400 克的嗎", "catalogue")
    assert "75" in said
    assert "150" in said
    assert await unmet(talk) == ["400 克"]


async def test_what_the_pack_says_it_hasnt_is_told_and_the_rest_of_the_wish_met(talk: Talk) -> None:
    object.__setattr__(talk.pack.topics["place"], "others", {"zh": ("大吉嶺",), "en": ("darjeeling",)})
    said = await talk.says("想要大吉嶺的紅茶", "propose", Said("紅茶", "oxidation", "black"))
    assert "大吉嶺" in talk.replies[0].text
    assert "紅茶" in said.split("1. ")[1].split("\n")[0]
    assert await unmet(talk) == ["大吉嶺"]


async def test_which_sizes_there_are_is_told(talk: Talk) -> None:
    await talk.says("推薦", "propose")
    said = await talk.says("份量有幾種", "catalogue")
    assert "75" in said
    assert talk.offers("choose")


@pytest.mark.parametrize(
    ("intent", "text"), [("order_usual", "just send me another one"), ("inform", "標籤寫 150")]
)
async def test_more_words_about_what_went_wrong_belong_to_the_complaint(
    talk: Talk, intent: str, text: str
) -> None:
    await talk.says("收到的茶是破的", "complain")
    await talk.says(text, intent)
    async with talk.store.reading() as books:
        assert len(await books.complaints.listed(talk.customer)) == 2
    assert not talk.offers("propose")


@pytest.mark.parametrize("text", ["那第二個好了…等等還是第一個", "the second, no wait, the first"])
async def test_the_last_of_two_choices_counts_where_one_corrects_the_other(talk: Talk, text: str) -> None:
    await talk.says("推薦", "propose")
    await talk.says(text, "choose")
    async with talk.store.reading() as books:
        proposal = await books.proposals.latest(talk.customer)
    assert proposal is not None
    assert proposal.picked == 1


async def test_only_the_two_that_are_named_are_compared(talk: Talk) -> None:
    await talk.says("推薦", "propose")
    said = await talk.says("第一個跟第三個差在哪", "choose")
    assert "2." in said
    assert "3." not in said


async def test_a_no_after_something_else_is_no_answer_to_the_question_before(talk: Talk) -> None:
    await talk.says("你好", "greet")
    assert await talk.focus() == "question"
    await talk.says("有打折嗎", "catalogue")
    await talk.says("那不用了", "deny")
    assert all(one.state != "answered" for one in (await talk.ledger()).values())


async def test_what_was_shown_before_comes_back_when_they_do(talk: Talk) -> None:
    await talk.says("推薦", "propose")
    await talk.says("我再想想", "deny")
    await talk.waits(hours=12)
    await talk.says("剛剛那個幫我叫一包", "nlu_fallback")
    assert talk.offers("choose")


async def test_a_verdict_on_the_last_order_counts_though_nobody_asked(talk: Talk) -> None:
    await talk.says("推薦", "propose")
    await talk.says("第一個", "choose")
    await talk.taps(talk.payload("confirm"))
    await talk.waits(days=3)
    await talk.says("上次買的有點淡", "nlu_fallback")
    async with talk.store.reading() as books:
        assert await books.orders.unrated(talk.customer) is None

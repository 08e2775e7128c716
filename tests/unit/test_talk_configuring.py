"""Changing one thing of a draft: the rest stays; and going back, laying by, sharing and paying less."""

from __future__ import annotations

from dataclasses import replace

import pytest

from one_to_one.pack import read_pack
from settings import ROOT
from tests.unit.talking import Said, Talk, options

COFFEE = read_pack(ROOT / "data" / "shops" / "coffee")
GIFT = Said("禮盒", "packaging", "gift")
NO_GIFT = replace(GIFT, polarity="dislikes")
KILO = Said("1公斤", "bag_size", "1000")


@pytest.fixture
async def drafting(talk: Talk) -> Talk:
    """Somebody with a draft of a coffee."""
    talk.pack = COFFEE
    await talk.says("推薦", "propose")
    await talk.says("第一個", "choose")
    return talk


@pytest.mark.parametrize("text", ["wait no, ground", "actually, no... ground", "ground", "等等，不對，粉"])
async def test_a_bare_word_for_an_option_counts_behind_second_thoughts(drafting: Talk, text: str) -> None:
    await drafting.says(text, "inform")
    async with drafting.store.reading() as books:
        [order] = await books.orders.listed(drafting.customer)
        [line] = await books.orders.lines(order)
    assert line.options["grind"] == "medium"


async def test_what_no_part_can_be_shows_what_is_like_that_instead(drafting: Talk) -> None:
    await drafting.says("換成深焙的", "change", Said("深焙", "roast", "dark"))
    async with drafting.store.reading() as books:
        proposal = await books.proposals.latest(drafting.customer)
    assert proposal is not None
    shown = [drafting.pack.products[item["product"]] for item in proposal.items]
    assert "dark" in {roast for one in shown for roast in one.attributes["roast"]}
    assert drafting.offers("choose")


async def test_what_is_not_wanted_goes_and_the_rest_stays(drafting: Talk) -> None:
    await drafting.says("改1公斤", "change", KILO)
    await drafting.says("要禮盒", "change", GIFT)
    said = await drafting.says("別要禮盒", "change", NO_GIFT)
    assert await options(drafting) == {"bag_size": "1000", "grind": "whole_bean", "packaging": "plain"}
    assert "改好了" in said


async def test_the_grind_for_a_brew_is_set_by_the_brew(drafting: Talk) -> None:
    await drafting.says("研磨改手沖", "change", Said("手沖", "brew", "pour_over"))
    assert (await options(drafting))["grind"] == "medium"


async def test_a_change_can_be_undone_by_word_and_by_button(drafting: Talk) -> None:
    before = await options(drafting)
    await drafting.says("改1公斤", "change", KILO)
    await drafting.says("要禮盒", "change", GIFT)
    await drafting.taps_titled("回上一步")
    assert (await options(drafting))["packaging"] == "plain"
    await drafting.says("回上一步", "change")
    assert await options(drafting) == before
    assert not drafting.offers("back")


async def test_paying_less_gives_up_what_was_assumed_before_what_was_chosen(drafting: Talk) -> None:
    await drafting.says("改1公斤", "change", KILO)
    await drafting.taps(f"option:{drafting.payload('confirm').partition(':')[2]}:packaging:gift")
    said = await drafting.says("便宜一點", "change")
    assert "原本" in said
    assert await options(drafting) != {"bag_size": "1000", "grind": "whole_bean", "packaging": "gift"}


async def test_what_was_laid_by_is_found_again_and_shared_ones_are_taken_over(drafting: Talk) -> None:
    await drafting.says("要禮盒", "change", GIFT)
    assert "/made/" in await drafting.says("分享", "chitchat")
    await drafting.says("先存著", "chitchat")
    await drafting.says("不用了", "decline")
    said = await drafting.says("我存了什麼", "know_me")
    assert "禮盒" in said
    other = Talk(drafting.store, COFFEE)
    await other.says("你好", "greet")
    await other.taps(drafting.payload("made"))
    assert (await options(other))["packaging"] == "gift"


async def test_a_forged_token_in_a_payload_makes_nothing(drafting: Talk) -> None:
    await drafting.taps("made:AAAAAAAAAAAAAAAAAAAAAAAAAAA")
    assert not drafting.offers("confirm")


async def test_an_option_taken_from_the_pack_meanwhile_gives_way(drafting: Talk) -> None:
    await drafting.says("要禮盒", "change", GIFT)
    packaging = COFFEE.modules["packaging"]
    plain = replace(packaging, options={"plain": packaging.options["plain"]})
    drafting.pack = replace(COFFEE, modules={**COFFEE.modules, "packaging": plain})
    await drafting.says("改1公斤", "change", KILO)
    assert await options(drafting) == {"bag_size": "1000", "grind": "whole_bean", "packaging": "plain"}


async def test_the_picture_shows_the_draft(drafting: Talk) -> None:
    first = drafting.replies[0].image
    await drafting.says("改1公斤", "change", KILO)
    assert (drafting.replies[0].image or "").startswith("made/")
    assert drafting.replies[0].image != first


async def test_a_change_of_all_on_the_table_keeps_the_products(talk: Talk) -> None:
    talk.pack = COFFEE
    await talk.says("推薦", "propose")
    before = [title for title, payload in talk.buttons if payload.startswith("choose")]
    said = await talk.says("改1公斤", "change", KILO)
    assert [title for title, payload in talk.buttons if payload.startswith("choose")] == before
    assert "1 公斤" in said


async def test_choices_beyond_the_money_are_told_with_what_would_have_to_give_way(talk: Talk) -> None:
    talk.pack = COFFEE
    half, money = Said("500克", "bag_size", "500"), Said("四百", "budget", "400")
    said = await talk.says("要500克禮盒，四百以內", "inform", half, GIFT, money)
    assert "湊不到一起" in said
    lines = [line for line in said.splitlines() if line[:2] in ("1.", "2.", "3.")]
    assert any("不要" in line for line in lines)
    await talk.says("第二個", "choose")
    assert talk.offers("confirm")


async def test_what_a_gift_may_cost_is_no_budget_of_the_customer(talk: Talk) -> None:
    talk.pack = COFFEE
    day = Said("媽媽生日", "occasion", "birthday:mother")
    milk = Said("牛奶", "milk", "dairy", who="mother")
    await talk.says(
        "想買一包給媽媽生日，她加牛奶喝，不要超過500", "inform", day, milk, Said("500", "budget", "500")
    )
    assert talk.offers("choose")
    assert {topic for topic, _, _ in await talk.facts()} <= {"occasion"}


async def test_many_parts_are_changed_one_by_one_and_only_what_can_be_had_is_offered(talk: Talk) -> None:
    talk.pack = read_pack(ROOT / "data" / "shops" / "computer")
    await talk.says("推薦", "propose")
    await talk.says("第一個", "choose")
    await talk.taps(talk.payload("edit"))
    assert talk.offers("edit")
    await talk.taps(talk.payload("edit"))
    assert talk.offers("option")
    said = await talk.taps(talk.payload("option"))
    assert "改好了" in said or "配不起來" in said

"""Quite different ones of the same product, and comparing the only thing there is, in every script."""

from __future__ import annotations

from dataclasses import replace

import pytest

from one_to_one.configuring.workshop import DIFFERENT, workshop_of
from one_to_one.language import Language
from one_to_one.pack import read_pack
from settings import ROOT
from tests.unit.talking import Said, Talk, options

COFFEE, COMPUTER = (read_pack(ROOT / "data" / "shops" / name) for name in ("coffee", "computer"))
LANGUAGES = pytest.mark.parametrize("language", ["zh-Hant", "zh-Hans", "en"])
OTHERS = {"zh-Hant": "換一個", "zh-Hans": "还有别的吗", "en": "something different"}
COMPARE = {"zh-Hant": "比較", "zh-Hans": "比较", "en": "compare"}
PROPOSE = {"zh-Hant": "推薦", "zh-Hans": "推荐", "en": "pick some for me"}
KILO = Said("1公斤", "bag_size", "1000")
MORE = {"zh-Hant": "改1公斤", "zh-Hans": "改1公斤", "en": "make it 1 kg"}
GAMES = Said("games", "use", "gaming")


async def drafting(talk: Talk, language: str, *heard: Said) -> Talk:
    talk.language = language
    await talk.says(PROPOSE[language], "propose", *heard)
    await talk.taps(talk.payload("choose"))
    return talk


def ways(talk: Talk) -> list[str]:
    return [payload for _, payload in talk.buttons if payload.startswith("option:")]


def of_the_table(talk: Talk) -> list[str]:
    return [title for title, payload in talk.buttons if payload.startswith("choose")]


@LANGUAGES
async def test_others_of_a_draft_are_made_quite_otherwise_with_picture_and_price(
    talk: Talk, language: str
) -> None:
    talk.pack = COMPUTER
    await drafting(talk, language, GAMES)
    before = await options(talk)
    await talk.says(OTHERS[language], "change")
    shown = [row for row in talk.replies if row.image]
    assert len(ways(talk)) == len(shown) == 2
    assert len({row.image for row in shown}) == 2
    assert all("NT$" in row.text for row in shown)
    made = []
    for place in range(2):
        await talk.says(OTHERS[language], "change")
        await talk.taps(ways(talk)[place])
        made.append(await options(talk))
        await talk.says({"zh-Hant": "回上一步", "zh-Hans": "回上一步", "en": "undo"}[language], "change")
        assert await options(talk) == before
    least = round(len(before) * DIFFERENT)
    for one, other in ((before, made[0]), (before, made[1]), (made[0], made[1])):
        assert sum(one[name] != other[name] for name in one) >= least
    async with talk.store.reading() as books:
        [*_, order] = await books.orders.listed(talk.customer)
        [line] = await books.orders.lines(order)
    assert all(not workshop_of(COMPUTER).valid(line.product, one) for one in made)


async def test_one_of_the_others_is_taken_by_its_place(talk: Talk) -> None:
    talk.pack = COFFEE
    await drafting(talk, "en")
    before = await options(talk)
    await talk.says("show me others", "propose")
    await talk.says("the second one", "choose")
    assert await options(talk) != before
    assert talk.offers("confirm")


async def test_others_of_the_same_never_guess_a_measure(talk: Talk) -> None:
    talk.pack = read_pack(ROOT / "data" / "shops" / "jeans")
    await drafting(talk, "en")
    await talk.says("something different", "change")
    measures = [f":{name}:" for name, module in talk.pack.modules.items() if module.ask]
    assert ways(talk)
    assert not [way for way in ways(talk) for name in measures if name in way]
    await talk.taps(ways(talk)[0])
    assert {(await options(talk))[name.strip(":")] for name in measures} == {"none"}


async def test_where_only_one_product_can_be_made_others_of_it_are_proposed(talk: Talk) -> None:
    [only, *_] = COFFEE.products
    talk.pack = replace(COFFEE, products={only: COFFEE.products[only]})
    await talk.says("推薦", "propose")
    await talk.says("換一個", "change")
    assert len(of_the_table(talk)) == 2
    async with talk.store.reading() as books:
        latest = await books.proposals.latest(talk.customer)
    assert latest is not None
    made = [tuple(item["options"].items()) for item in latest.items]
    assert len(set(made)) == 2
    await talk.taps(talk.payload("choose", 1))
    assert tuple((await options(talk)).items()) == made[1]


async def test_of_several_products_others_are_other_products(talk: Talk) -> None:
    talk.pack = COFFEE
    await talk.says("推薦", "propose")
    there = of_the_table(talk)
    await talk.says("換一個", "choose")
    assert not set(of_the_table(talk)) & set(there)


@LANGUAGES
async def test_the_only_thing_there_is_compared_with_how_it_was_or_the_most_like(
    talk: Talk, language: str
) -> None:
    talk.pack = COFFEE
    [first, *_] = COFFEE.products
    talk.language = language
    await talk.taps(f"step:0:pick:product:{first}")
    await talk.says(
        {"zh-Hant": "剩下的你決定", "zh-Hans": "剩下的你决定", "en": "fill in the rest"}[language]
    )
    await talk.says(MORE[language], "change", KILO)
    await talk.says(COMPARE[language], "chitchat")
    offered = [payload for _, payload in talk.buttons if ":with:" in payload]
    assert len(offered) == 2
    assert offered[0].endswith(":before")
    await talk.taps(offered[1])
    assert len(of_the_table(talk)) == 2
    await talk.taps(next(payload for _, payload in talk.buttons if payload.endswith(":table")))
    await talk.says(COMPARE[language], "chitchat")
    said = await talk.says(
        {"zh-Hant": "跟之前的", "zh-Hans": "跟之前的", "en": "with how it was before"}[language], "chitchat"
    )
    assert len(of_the_table(talk)) == 2
    assert "1 kg" in said or "1 公斤" in said


async def test_a_product_that_is_named_is_what_is_compared_with(talk: Talk) -> None:
    talk.pack, talk.language = COFFEE, "en"
    [first, second, *_] = [one for one in COFFEE.products.values() if one.stock > 0]
    await talk.taps(f"step:0:pick:product:{first.id}")
    await talk.says("fill in the rest")
    await talk.says("compare", "chitchat")
    await talk.says(second.name[Language.ENGLISH], "inform")
    assert [title.partition(". ")[2] for title in of_the_table(talk)] == [
        first.name[Language.ENGLISH],
        second.name[Language.ENGLISH],
    ]

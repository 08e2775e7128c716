"""A change that can't be made: why, and the ways out of it, by button and in words, in every script."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pytest

from crm_store.store import Store
from one_to_one.configuring.workshop import workshop_of
from one_to_one.pack import read_pack
from settings import ROOT
from tests.unit.talking import Said, Talk, options

COMPUTER, JEANS = (read_pack(ROOT / "data" / "shops" / name) for name in ("computer", "jeans"))
LANGUAGES = pytest.mark.parametrize("language", ["zh-Hant", "zh-Hans", "en"])
ECRU, COPPER = Said("ecru", "wash", "ecru"), Said("copper", "metal", "copper")
WHY_COPPER = {"zh-Hant": "銅綠", "zh-Hans": "铜绿", "en": "green marks"}
SHOW = {"zh-Hant": "給我看看", "zh-Hans": "给我看看", "en": "show me something"}
BOTH = {"zh-Hant": "米白色配銅釦", "zh-Hans": "米白色配铜扣", "en": "ecru with copper buttons"}
BACK = {"zh-Hant": "回上一步", "zh-Hans": "回上一步", "en": "go back"}
FIRST = {"zh-Hant": "第一個", "zh-Hans": "第一个", "en": "the first one"}


async def drafting(store: Store, pack: str, language: str, *heard: Said, title: str = "1.") -> Talk:
    """Somebody with a draft of something with many parts."""
    talk = Talk(store, {"jeans": JEANS, "computer": COMPUTER}[pack], language=language)
    await talk.says(SHOW[language], "propose", *heard)
    await talk.taps_titled(title)
    return talk


async def clashing(store: Store, language: str) -> Talk:
    """Somebody who wants an ecru pair with copper buttons, which marks it green."""
    talk = await drafting(store, "jeans", language)
    said = await talk.says(BOTH[language], "change", ECRU, COPPER)
    assert WHY_COPPER[language] in said
    return talk


def ways(talk: Talk) -> list[str]:
    """The payloads of the ways out."""
    return [payload for _, payload in talk.buttons if payload.startswith("option:")]


def picks_of(payload: str) -> Mapping[str, str]:
    """What a way chooses, by part."""
    pieces = payload.split(":")[2:]
    return dict(zip(pieces[::2], pieces[1::2], strict=True))


async def product_and_options(talk: Talk) -> tuple[str, dict[str, str]]:
    async with talk.store.reading() as books:
        [*_, order] = await books.orders.listed(talk.customer)
        [line] = await books.orders.lines(order)
        return line.product, dict(line.options)


def has(options: Mapping[str, str], picks: Iterable[tuple[str, str]]) -> bool:
    return all(options[name] == code for name, code in picks)


async def test_each_way_out_is_made_by_one_tap_and_can_be_made(talk: Talk) -> None:
    one = await clashing(talk.store, "en")
    offered = ways(one)
    assert len(offered) >= 2
    for place in range(len(offered)):
        other = await clashing(talk.store, "en")
        tapped = ways(other)[place]
        await other.taps(tapped)
        product, made = await product_and_options(other)
        assert has(made, picks_of(tapped).items())
        assert not workshop_of(JEANS).valid(product, made)


async def test_as_little_as_can_be_is_given_up(talk: Talk) -> None:
    one = await clashing(talk.store, "en")
    for way in map(picks_of, ways(one)):
        assert way.get("wash") == "ecru" or way.get("metal") == "copper"


@LANGUAGES
async def test_a_way_out_is_taken_by_its_place(talk: Talk, language: str) -> None:
    one = await clashing(talk.store, language)
    first = picks_of(ways(one)[0])
    await one.says(FIRST[language], "choose")
    assert has(await options(one), first.items())


@LANGUAGES
@pytest.mark.parametrize("intent", ["change", "forget"])  # the bot takes "forget the ecru" for the latter
async def test_a_way_out_is_taken_by_what_may_go(talk: Talk, language: str, intent: str) -> None:
    one = await clashing(talk.store, language)
    keeping = [picks_of(way) for way in ways(one) if picks_of(way).get("metal") == "copper"]
    await one.says(
        {"zh-Hant": "米白不用了", "zh-Hans": "米白不用了", "en": "forget the ecru"}[language], intent, ECRU
    )
    made = await options(one)
    assert made["wash"] != "ecru"
    assert any(has(made, way.items()) for way in keeping)


@LANGUAGES
async def test_yes_to_several_ways_asks_which_and_orders_nothing(talk: Talk, language: str) -> None:
    one = await clashing(talk.store, language)
    offered = ways(one)
    await one.says({"zh-Hant": "好", "zh-Hans": "好", "en": "yes"}[language], "affirm")
    assert ways(one) == offered
    async with one.store.reading() as books:
        assert [order.state for order in await books.orders.listed(one.customer)] == ["draft"]


@pytest.mark.parametrize(
    ("language", "how"), [("zh-Hant", "word"), ("zh-Hans", "no"), ("en", "word"), ("en", "button")]
)
async def test_it_may_stay_as_it_was(talk: Talk, language: str, how: str) -> None:
    one = await drafting(talk.store, "jeans", language)
    await one.says("dark", "change", Said("rinse", "wash", "rinse"))
    before = await options(one)
    await one.says(BOTH[language], "change", ECRU, COPPER)
    if how == "word":
        await one.says(BACK[language], "chitchat")
    elif how == "button":
        await one.taps(next(payload for _, payload in one.buttons if payload.endswith(":draft")))
    else:
        await one.says({"zh-Hant": "不用了", "zh-Hans": "不用了", "en": "no thanks"}[language], "decline")
    assert await options(one) == before
    assert one.offers("confirm")


@LANGUAGES
async def test_what_a_product_does_not_come_with_is_had_of_another_or_the_nearest_of_this(
    talk: Talk, language: str
) -> None:
    games = Said("games", "use", "gaming")
    one = await drafting(talk.store, "computer", language, games)
    before, _ = await product_and_options(one)
    await one.says("the top graphics card", "change", Said("top", "graphics", "top"))
    offered = [picks_of(way) for way in ways(one)]
    nearest, *_, elsewhere = offered
    assert nearest["graphics"] in COMPUTER.products[before].options["graphics"]
    assert elsewhere["product"] != before
    await one.taps(ways(one)[-1])
    product, made = await product_and_options(one)
    assert (product, made["graphics"]) == (elsewhere["product"], "top")
    assert not workshop_of(COMPUTER).valid(product, made)


@LANGUAGES
async def test_a_number_that_is_not_made_is_answered_with_the_nearest(talk: Talk, language: str) -> None:
    one = await drafting(talk.store, "jeans", language)
    await one.says("waist 70", "inform", Said("70", "waist", "70"))
    [first, *_] = ways(one)
    codes = [code for code in JEANS.modules["waist"].options if code != "none"]
    assert picks_of(first) == {"waist": codes[-1]}
    await one.says({"zh-Hant": "最接近的", "zh-Hans": "最接近的", "en": "the nearest"}[language], "chitchat")
    assert (await options(one))["waist"] == codes[-1]


async def test_a_measure_they_named_gives_way_last(talk: Talk) -> None:
    one = await drafting(talk.store, "jeans", "en")
    await one.says("leg 36", "inform", Said("36", "leg", "36"))
    await one.says("with a cuff", "change", Said("cuff", "hem", "cuff"))
    offered = [picks_of(way) for way in ways(one)]
    assert {"hem": "cuff", "leg": "34"} in offered
    assert any("leg" not in way and way["hem"] != "cuff" for way in offered)


async def test_a_stale_way_is_answered_with_what_can_be_had_now(talk: Talk) -> None:
    one = await clashing(talk.store, "en")
    way = next(way for way in ways(one) if picks_of(way).get("wash") == "ecru")
    await one.says("never mind", "decline")
    await one.says("the stretchiest cloth", "change", Said("power", "fabric", "power"))
    await one.taps(way)
    assert one.offers("confirm")
    product, made = await product_and_options(one)
    assert not workshop_of(JEANS).valid(product, made)


async def test_a_way_of_a_draft_that_is_gone_changes_nothing(talk: Talk) -> None:
    one = await clashing(talk.store, "en")
    way = ways(one)[0]
    await one.says("start over", "chitchat")
    await one.taps(way)
    async with one.store.reading() as books:
        assert [order.state for order in await books.orders.listed(one.customer)] == ["cancelled"]
    assert one.offers("propose")


async def test_half_a_forged_way_changes_nothing(talk: Talk) -> None:
    one = await clashing(talk.store, "en")
    before = await options(one)
    order = ways(one)[0].split(":")[1]
    for payload in (f"option:{order}:wash:ecru:metal:gold", f"option:{order}:product:nowhere:wash:ecru"):
        await one.taps(payload)
        assert await options(one) == before

"""Wishes that can't be had together: the smallest to give up, as buttons and in words, in every script."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from one_to_one.language import Language
from one_to_one.pack import read_pack
from one_to_one.wishes import fitting
from settings import ROOT
from tests.unit.talking import Said, Talk

COFFEE, JEANS = (read_pack(ROOT / "data" / "shops" / name) for name in ("coffee", "jeans"))
LIGHT, DAIRY = Said("淺焙", "roast", "light"), Said("加牛奶", "milk", "dairy")
HALF, GIFT, MONEY = (
    Said("500克", "bag_size", "500"),
    Said("禮盒", "packaging", "gift"),
    Said("四百", "budget", "400"),
)
KILO = Said("1公斤", "bag_size", "1000")

WITHOUT = {"zh-Hant": "不要「", "zh-Hans": "不要“", "en": "without “"}
NEAREST = {"zh-Hant": "最接近", "zh-Hans": "最接近", "en": "nearest"}


@pytest.fixture(params=["zh-Hant", "zh-Hans", "en"])
def buying(talk: Talk, request: pytest.FixtureRequest) -> Talk:
    """Somebody in the coffee shop, in one of the languages."""
    talk.pack, talk.language = COFFEE, request.param
    return talk


async def drawn_up(talk: Talk) -> tuple[str, dict[str, str]]:
    """The product and the options of the draft."""
    async with talk.store.reading() as books:
        [*_, order] = await books.orders.listed(talk.customer)
        [line] = await books.orders.lines(order)
        return line.product, dict(line.options)


def has(product: str, topic: str, value: str) -> bool:
    """Whether a coffee has this."""
    return value in COFFEE.products[product].attributes.get(topic, ())


async def light_with_milk(talk: Talk) -> str:
    """Ask for what no coffee is."""
    words = {
        "zh-Hant": "想要淺焙的，我加牛奶喝",
        "zh-Hans": "想要浅烘的，我加牛奶喝",
        "en": "light roast, with milk",
    }
    return await talk.says(words[talk.language], "propose", LIGHT, DAIRY)


async def test_what_no_product_is_all_at_once_is_told_with_the_nearest_ways_out(buying: Talk) -> None:
    said = await light_with_milk(buying)
    assert NEAREST[buying.language] in said
    ways = [title for title, payload in buying.buttons if payload.startswith("choose")]
    assert len(ways) == 2
    assert all(WITHOUT[buying.language] in title for title in ways)


async def test_tapping_a_way_out_makes_what_it_says(buying: Talk) -> None:
    await light_with_milk(buying)
    light = COFFEE.topics["roast"].values["light"].label[Language(buying.language)]
    await buying.taps_titled(light)
    product, _ = await drawn_up(buying)
    assert has(product, "milk", "dairy")
    assert not has(product, "roast", "light")


async def test_a_way_out_is_taken_in_words_and_nothing_is_remembered_of_it(talk: Talk) -> None:
    talk.pack = COFFEE
    await light_with_milk(talk)
    before = await talk.facts()
    await talk.says("那不加牛奶好了", "change", Said("牛奶", "milk", "dairy", "dislikes"))
    product, _ = await drawn_up(talk)
    assert has(product, "roast", "light")
    assert await talk.facts() == before


async def test_what_is_insisted_on_is_kept(talk: Talk) -> None:
    talk.pack, talk.language = COFFEE, "en"
    await light_with_milk(talk)
    await talk.says("with milk please", "inform", Said("with milk", "milk", "dairy"))
    product, _ = await drawn_up(talk)
    assert has(product, "milk", "dairy")


async def test_letting_go_of_a_wish_keeps_the_other(talk: Talk) -> None:
    talk.pack, talk.language = COFFEE, "en"
    await light_with_milk(talk)
    await talk.says("the light roast isn't important", "inform", Said("light roast", "roast", "light"))
    product, _ = await drawn_up(talk)
    assert has(product, "milk", "dairy")
    assert not has(product, "roast", "light")


async def test_money_that_is_too_little_for_what_is_asked_is_told_with_numbers(buying: Talk) -> None:
    panama = Said("panama", "origin", "panama")
    dearest = min(p.price for p in COFFEE.products.values() if "panama" in p.attributes.get("origin", ()))
    await buying.says("panama, 200", "propose", panama, Said("200", "budget", "200"))
    ways = [title for title, payload in buying.buttons if payload.startswith("choose")]
    assert ways
    assert f"{dearest:,.0f}" in buying.replies[0].text.replace("NT$", "")


async def test_a_size_gives_way_to_the_next_one_that_is_paid_for(buying: Talk) -> None:
    await buying.says("1kg gift 700", "inform", KILO, GIFT, Said("700", "budget", "700"))
    size = COFFEE.topics["bag_size"].values
    smaller = [size[code].label[Language(buying.language)] for code in ("250", "500")]
    titles = [title for title, payload in buying.buttons if payload.startswith("choose")]
    assert any(label in title for title in titles for label in smaller)


async def test_more_money_is_said_in_words(talk: Talk) -> None:
    talk.pack = COFFEE
    await talk.says("要500克禮盒，四百以內", "inform", HALF, GIFT, MONEY)
    await talk.says("超過一點沒關係", "nlu_fallback")
    _, options = await drawn_up(talk)
    assert (options["bag_size"], options["packaging"]) == ("500", "gift")


async def test_what_is_never_wanted_is_never_given_up(talk: Talk) -> None:
    talk.pack = COFFEE
    await talk.says("絕對不要水洗", "inform", Said("水洗", "process", "washed", "never"))
    await light_with_milk(talk)
    async with talk.store.reading() as books:
        proposal = await books.proposals.latest(talk.customer)
    assert proposal is not None
    assert all("gives" in item and not has(item["product"], "process", "washed") for item in proposal.items)


async def test_what_only_something_never_wanted_has_is_told_with_that_word(talk: Talk) -> None:
    talk.pack, talk.language = COFFEE, "en"
    await talk.says("never ethiopian", "inform", Said("ethiopian", "origin", "ethiopia", "never"))
    fruity, decaf = Said("fruity", "flavour", "fruity"), Said("decaf", "caffeine", "decaf")
    said = await talk.says("a fruity decaf", "propose", fruity, decaf)
    clash, _, ways = said.partition("1.")
    assert all(word in clash for word in ("decaf", "fruity", "no Ethiopian coffee"))
    assert "without “no Ethiopian" not in said, "what is never wanted isn't given up"
    assert ways
    assert "Ethiopia" not in ways


@pytest.fixture
async def giving(buying: Talk) -> Talk:
    """Somebody with a draft of a present that may cost 500."""
    day, milk = Said("媽媽生日", "occasion", "birthday:mother"), Said("牛奶", "milk", "dairy", who="mother")
    money = Said("500", "budget", "500")
    words = {
        "zh-Hant": "想買一包給媽媽生日，她加牛奶喝，不要超過500",
        "zh-Hans": "想买一包给妈妈生日，她加牛奶喝，不要超过500",
        "en": "a bag for my mother's birthday, with milk, not over 500",
    }
    await buying.says(words[buying.language], "inform", day, milk, money)
    await buying.taps(buying.payload("choose"))
    return buying


OVER = {"zh-Hant": "超過你說的", "zh-Hans": "超过你说的", "en": "you named"}


async def test_the_limit_of_a_present_is_looked_at_after_each_change(giving: Talk) -> None:
    order = giving.payload("confirm").partition(":")[2]
    said = await giving.taps(f"option:{order}:bag_size:1000")
    assert OVER[giving.language] in said
    assert "NT$500" in said
    await giving.taps(giving.payload("option"))
    _, options = await drawn_up(giving)
    assert options["bag_size"] != "1000"


async def test_the_limit_is_looked_at_when_the_change_is_typed(giving: Talk) -> None:
    said = await giving.says("1kg", "change", KILO)
    assert "NT$500" in said
    assert giving.offers("option")


async def present(talk: Talk, price: int) -> str:
    """The order of a present that may cost 500, of the only coffee there is, at this price."""
    only = next(one for one in COFFEE.products.values() if "dairy" in one.attributes["milk"])
    only = replace(only, price=Decimal(price), cost=Decimal(price) / 2, stock=9)
    talk.pack, talk.language = replace(COFFEE, products={only.id: only}, offers={}), "en"
    day, money = Said("mother's birthday", "occasion", "birthday:mother"), Said("500", "budget", "500")
    milk = Said("milk", "milk", "dairy", who="mother")
    await talk.says("a bag for my mother's birthday, with milk, not over 500", "inform", day, milk, money)
    await talk.taps(talk.payload("choose"))
    return talk.payload("confirm").partition(":")[2]


async def test_the_fee_of_delivery_counts_and_picking_it_up_mends_it(talk: Talk) -> None:
    order = await present(talk, 440)
    assert "NT$520" in talk.replies[-1].text
    assert OVER["en"] in talk.replies[-1].text
    pickup = f"detail:{order}:delivery:pickup"
    assert pickup in [payload for _, payload in talk.buttons]
    assert OVER["en"] not in await talk.taps(pickup)


async def test_only_what_keeps_within_the_limit_is_offered_the_dearest_first(talk: Talk) -> None:
    order = await present(talk, 200)
    assert OVER["en"] not in talk.replies[-1].text
    assert OVER["en"] in await talk.taps(f"option:{order}:bag_size:1000")
    ways = [
        payload for _, payload in talk.buttons if payload.startswith(("option", f"detail:{order}:delivery"))
    ]
    assert ways == [f"option:{order}:bag_size:{size}" for size in ("500", "250")]


@pytest.mark.parametrize(
    ("text", "intent", "sure"), [("50 以內的有嗎", "catalogue", 0.5), ("預算 50", "inform", 0.9)]
)
async def test_less_money_than_anything_costs_is_told_and_written_down(
    talk: Talk, text: str, intent: str, sure: float
) -> None:
    talk.pack = COFFEE
    await talk.says("推薦", "propose")
    said = await talk.says(text, intent, Said("50", "budget", "50", confidence=sure))
    assert "NT$50 以內" in said
    assert min(product.price for product in COFFEE.products.values()) > 50
    async with talk.store.reading() as books:
        [wish] = await books.unmet_wishes.listed(talk.customer)
    assert wish.wants == [{"topic": "budget", "value": "50", "polarity": "likes"}]


async def test_one_way_and_sometimes_another_is_no_wish_for_both_in_one(talk: Talk) -> None:
    talk.pack, talk.language = COFFEE, "en"
    ways = (Said("aeropress", "brew", "aeropress"), Said("moka", "brew", "moka"))
    assert not fitting(COFFEE, [("brew", "aeropress"), ("brew", "moka")])
    await talk.says("recommend something", "propose")
    said = await talk.says("aeropress on weekdays, moka at home", "inform", *ways)
    assert said.count("NT$") >= 3
    async with talk.store.reading() as books:
        proposal = await books.proposals.latest(talk.customer)
        assert await books.unmet_wishes.listed(talk.customer) == []
    assert proposal is not None
    assert all("gives" not in item for item in proposal.items)


async def test_an_amount_for_somebody_else_leaves_the_own_one_alone(talk: Talk) -> None:
    talk.pack, talk.language = COFFEE, "en"
    own, theirs = Said("400", "budget", "400"), Said("900", "budget", "900", who="father", confidence=0.5)
    await talk.says("mine is 400, for dad I'd go to 900", "inform", own, theirs)
    assert ("budget", "400", "likes") in await talk.facts()
    assert ("budget", "900", "likes") not in await talk.facts()


async def test_what_they_chose_themselves_is_given_up_last_for_a_limit(giving: Talk) -> None:
    order = giving.payload("confirm").partition(":")[2]
    await giving.taps(f"option:{order}:packaging:gift")
    await giving.says("1kg", "change", KILO)
    offered = [payload.split(":")[2] for _, payload in giving.buttons if payload.startswith("option:")]
    assert offered == sorted(offered, key=lambda name: name in ("packaging", "bag_size"))


async def test_it_may_cost_more_after_all(giving: Talk) -> None:
    said = await giving.says("1kg", "change", KILO)
    assert OVER[giving.language] in said
    more = {"zh-Hant": "超過沒關係", "zh-Hans": "超过没关系", "en": "going over is fine, spend more"}
    said = await giving.says(more[giving.language], "chitchat")
    assert OVER[giving.language] not in said
    assert giving.offers("confirm")
    assert (await drawn_up(giving))[1]["bag_size"] == "1000"


async def test_where_no_single_change_is_enough_several_are_offered_together(buying: Talk) -> None:
    words = {"zh-Hant": "推薦", "zh-Hans": "推荐", "en": "pick some for me"}
    await buying.says(words[buying.language], "propose")
    await buying.taps(buying.payload("choose"))
    order = buying.payload("confirm").partition(":")[2]
    async with buying.store.reading() as books:
        [*_, draft] = await books.orders.listed(buying.customer)
        limit = f"{(await books.orders.lines(draft))[0].price:.0f}"
    budget = {"zh-Hant": f"預算{limit}", "zh-Hans": f"预算{limit}", "en": f"my budget is {limit}"}
    await buying.says(budget[buying.language], "inform", Said(limit, "budget", limit))
    await buying.taps(f"option:{order}:packaging:gift")
    said = await buying.taps(f"option:{order}:bag_size:1000")
    assert OVER[buying.language] in said
    [way] = [payload for _, payload in buying.buttons if payload.startswith("option:")]
    assert {"packaging", "bag_size"} <= set(way.split(":"))
    said = await buying.taps(way)
    assert OVER[buying.language] not in said


async def test_a_way_out_never_takes_what_an_allergy_rules_out(talk: Talk) -> None:
    talk.pack, talk.language = replace(JEANS, offers={}), "en"
    await talk.says("I'm allergic to nickel", "inform", Said("nickel", "avoid", "nickel", "never"))
    least = min(one.price for one in JEANS.products.values())
    limit = str(least + 40)  # enough for buttons, or for metal without nickel
    said = (Said("button fly", "fly", "buttons"), Said(limit, "budget", limit))
    await talk.says(f"a pair with a button fly, {limit}", "propose", *said)
    async with talk.store.reading() as books:
        proposal = await books.proposals.latest(talk.customer)
    assert proposal is not None
    assert all("gives" in item for item in proposal.items)
    assert {item["options"]["metal"] for item in proposal.items} == {"coated"}

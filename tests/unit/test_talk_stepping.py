"""Making it oneself, part by part: what is left is offered, the likeliest first; back, skip and fill in."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine, event

from crm_store.orders import Line
from one_to_one.configuring.workshop import workshop_of
from one_to_one.facts import Fact
from one_to_one.language import Language
from one_to_one.pack import read_pack
from settings import ROOT
from tests.unit.talking import Said, Talk, options

COFFEE, COMPUTER, JEANS = (
    read_pack(ROOT / "data" / "shops" / name) for name in ("coffee", "computer", "jeans")
)
WORDS = {
    "zh-Hant": "我想自己一步一步選",
    "zh-Hans": "我想自己一步一步选",
    "en": "let me choose each part",
}
BACK = {"zh-Hant": "返回", "zh-Hans": "返回", "en": "back"}
REST = {"zh-Hant": "剩下的你決定", "zh-Hans": "剩下的你决定", "en": "fill in the rest"}
SUGGESTED = {"zh-Hant": "（建議）", "zh-Hans": "（建议）", "en": "(my suggestion)"}


@pytest.fixture(params=["zh-Hant", "zh-Hans", "en"])
async def making(talk: Talk, request: pytest.FixtureRequest) -> Talk:
    """Somebody who makes a coffee themselves and has picked the beans, in one of the languages."""
    talk.pack, talk.language = COFFEE, request.param
    await talk.says(WORDS[talk.language], "chitchat")
    await talk.taps(talk.payload("step"))
    return talk


def flat(statement: str) -> str:
    return " ".join(statement.split())


async def assumed(talk: Talk) -> set[str]:
    """What of the draft nobody chose."""
    async with talk.store.reading() as books:
        [*_, order] = await books.orders.listed(talk.customer)
        step = await books.configurations.of_order(order.id)
        assert step is not None
        return set(step.assumed)


def picks(talk: Talk) -> list[str]:
    """The codes that can be tapped."""
    return [p.split(":")[4] for _, p in talk.buttons if p.startswith("step:") and p.split(":")[2] == "pick"]


async def test_every_product_can_be_reached(talk: Talk) -> None:
    talk.pack, talk.language = COFFEE, "en"
    await talk.says(WORDS["en"], "chitchat")
    seen = set(picks(talk))
    for page in range(1, len(COFFEE.products)):
        if f"step:0:page:product:{page}" not in [payload for _, payload in talk.buttons]:
            break
        await talk.taps(f"step:0:page:product:{page}")
        seen |= set(picks(talk))
    assert seen == {
        one.id for one in COFFEE.products.values() if one.stock >= COFFEE.shop.proposing.least_stock
    }


async def test_each_part_is_asked_with_a_suggestion_first(making: Talk) -> None:
    for name in COFFEE.modules:
        assert SUGGESTED[making.language] in making.buttons[0][0]
        assert set(picks(making)) == set(COFFEE.modules[name].options)
        await making.taps(making.payload("step", 1))
    assert making.offers("confirm")
    assert await assumed(making) == set()


async def test_the_rest_is_filled_in_and_marked(making: Talk) -> None:
    await making.taps(making.payload("step", 1))
    first = (await options(making))["bag_size"]
    await making.says(REST[making.language], "chitchat")
    assert making.offers("confirm")
    assert await assumed(making) == {"grind", "packaging"}
    assert (await options(making))["bag_size"] == first != "250"


AS_SUGGESTED = {
    "zh-Hant": ["其他照建議", "其餘照你建議"],
    "zh-Hans": ["其余按建议", "其他照建议"],
    "en": ["the rest as you suggest", "everything else as suggested"],
}


@pytest.mark.parametrize("wording", [0, 1])
async def test_the_rest_as_suggested_is_the_rest(making: Talk, wording: int) -> None:
    await making.says(AS_SUGGESTED[making.language][wording], "chitchat")
    assert making.offers("confirm")
    assert not making.offers("step")


async def test_back_works_at_each_step_by_word_and_by_button(making: Talk) -> None:
    await making.taps(making.payload("step", 1))
    assert "whole_bean" in picks(making)
    await making.says(BACK[making.language], "greet")
    assert set(picks(making)) == {"250", "500", "1000"}
    await making.taps(making.payload("step", 2))
    await making.taps(making.payload("step", 1))
    assert set(picks(making)) == {"plain", "gift"}
    await making.taps(next(payload for _, payload in making.buttons if ":back:" in payload))
    assert "whole_bean" in picks(making)
    assert await assumed(making) == {"grind", "packaging"}


async def test_back_at_the_first_part_leads_to_the_products(making: Talk) -> None:
    await making.says(BACK[making.language], "greet")
    assert set(picks(making)) <= set(COFFEE.products)


async def test_words_places_and_yes_choose_too(making: Talk) -> None:
    await making.says("1kg", "nlu_fallback", Said("1kg", "bag_size", "1000"))
    await making.says("2", "nlu_fallback")
    await making.says("好" if making.language != "en" else "yes", "affirm")
    assert making.offers("confirm")
    assert (await options(making))["bag_size"] == "1000"
    assert (await options(making))["grind"] != "whole_bean"


async def test_what_is_remembered_is_suggested_with_that_reason(talk: Talk) -> None:
    talk.pack, talk.language = COFFEE, "en"
    await talk.says("I take it finely ground", "inform", Said("finely ground", "grind", "fine"))
    await talk.says(WORDS["en"], "chitchat")
    await talk.taps(talk.payload("step"))
    said = await talk.taps(talk.payload("step"))
    assert picks(talk)[0] == "fine"
    assert "as you told me" in said


async def test_what_others_chose_is_suggested_and_comes_first_when_the_part_is_changed(talk: Talk) -> None:
    for _ in range(5):
        other = Talk(talk.store, COFFEE)
        await other.says("推薦", "propose")
        await other.taps(other.payload("choose"))
        await other.taps(f"option:{other.payload('confirm').partition(':')[2]}:grind:fine")
        await other.taps(other.payload("confirm"))
    talk.pack, talk.language = COFFEE, "en"
    await talk.says(WORDS["en"], "chitchat")
    await talk.taps(talk.payload("step"))
    said = await talk.taps(talk.payload("step"))
    assert picks(talk)[0] == "fine"
    assert "what others who chose alike took most" in said
    await talk.taps(next(payload for _, payload in talk.buttons if payload.endswith(":grind:whole_bean")))
    await talk.says(REST["en"], "change")
    order = talk.payload("confirm").partition(":")[2]
    await talk.taps(f"edit:{order}:grind")
    assert talk.payload("option") == f"option:{order}:grind:fine"


async def test_only_what_can_still_be_had_is_offered_of_many_parts(talk: Talk) -> None:
    talk.pack, talk.language = COMPUTER, "en"
    await talk.says(WORDS["en"], "chitchat")
    await talk.taps(talk.payload("step", 1))
    for _ in range(60):
        if talk.offers("confirm"):
            break
        await talk.taps(next((p for _, p in talk.buttons if ":next:" in p), talk.payload("step")))
    assert talk.offers("confirm")
    async with talk.store.reading() as books:
        [*_, order] = await books.orders.listed(talk.customer)
        [line] = await books.orders.lines(order)
    assert workshop_of(COMPUTER).valid(line.product, line.options, day=talk.now.date()) == []


async def test_numbers_are_typed_and_one_that_cannot_be_had_is_told(talk: Talk) -> None:
    talk.pack, talk.language = JEANS, "en"
    await talk.says(WORDS["en"], "chitchat")
    await talk.taps(talk.payload("step"))
    while not JEANS.modules[name := talk.payload("step").split(":")[3]].number:
        await talk.taps(talk.payload("step"))
    said = await talk.says("5", "nlu_fallback")
    assert "nearest" in said
    await talk.says("30", "nlu_fallback")
    assert (await options(talk))[name] == "30"


async def test_an_old_button_of_a_step_breaks_nothing(making: Talk) -> None:
    old = making.payload("step", 1)
    await making.says("不用了", "decline")
    await making.taps(old)
    assert not making.offers("confirm")
    await making.taps("step:1:pick:nonsense:1000")
    await making.taps("step:0:page:product:99999999999999999999")
    await making.taps("step:0:pick:product:nonsense")
    assert making.replies


async def test_all_that_a_part_can_be_is_reached_when_it_is_changed(talk: Talk) -> None:
    talk.pack = JEANS
    await talk.says("推薦", "propose")
    await talk.taps(talk.payload("choose"))
    order = talk.payload("confirm").partition(":")[2]
    await talk.taps(f"edit:{order}:leg")
    seen = {payload.split(":")[3] for _, payload in talk.buttons if payload.startswith("option")}
    for page in range(1, 1 + len(JEANS.modules["leg"].options)):
        if f"edit:{order}:leg:{page}" not in [payload for _, payload in talk.buttons]:
            break
        await talk.taps(f"edit:{order}:leg:{page}")
        seen |= {payload.split(":")[3] for _, payload in talk.buttons if payload.startswith("option")}
    assert seen | {(await options(talk))["leg"]} == set(JEANS.modules["leg"].options)


async def to_the_waist(talk: Talk, language: str) -> None:
    """Somebody who makes jeans themselves, up to the first measure."""
    talk.pack, talk.language = JEANS, language
    await talk.says(WORDS[language], "chitchat")
    while not any(":skip:" in payload for _, payload in talk.buttons):
        await talk.taps(talk.payload("step"))


@pytest.mark.parametrize("language", ["zh-Hant", "zh-Hans", "en"])
async def test_measures_are_asked_with_their_reason_and_nothing_is_suggested(
    talk: Talk, language: str
) -> None:
    await to_the_waist(talk, language)
    assert not picks(talk)
    assert JEANS.topics["waist"].why[Language(language)] in talk.replies[-1].text
    assert "34" in await talk.says("好" if language != "en" else "yes", "affirm")
    for measure in ("32", "40", "31"):
        await talk.says(measure)
    made = await options(talk)
    assert [made[name] for name in ("waist", "hip", "leg")] == ["32", "40", "31"]
    assert picks(talk), "the part after them is offered as a list again"


@pytest.mark.parametrize("refusal", ["tap", "words"])
async def test_who_would_rather_not_say_a_measure_goes_on_with_what_is_no_measure(
    talk: Talk, refusal: str
) -> None:
    await to_the_waist(talk, "en")
    if refusal == "tap":
        await talk.taps_titled("Rather")
    else:
        await talk.says("I'd rather not say", "decline")
    assert "measuring guide" in talk.replies[0].text
    assert picks(talk)
    assert (await options(talk))["waist"] == "none"


async def test_a_hip_that_is_not_made_with_the_waist_is_answered_with_what_is_large_enough(
    talk: Talk,
) -> None:
    await to_the_waist(talk, "en")
    await talk.says("26")
    assert "waist 39 in, hip 50 in" in await talk.says("50")
    assert (await options(talk))["waist"] == "26"
    await talk.taps_titled("waist 39")
    made = await options(talk)
    assert (made["waist"], made["hip"]) == ("39", "50")


async def test_a_step_looks_its_draft_up_once(making: Talk) -> None:
    asked: list[str] = []

    def note(*args: object) -> None:
        asked.append(str(args[2]))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        await making.taps(making.payload("step"))
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    for table in ("configuration", "order_line"):
        looks = [one for one in asked if one.startswith("SELECT") and f"FROM {table} WHERE" in flat(one)]
        assert len(looks) == 1, table


MEASURES = {"waist", "hip", "leg"}
HOUR = timedelta(hours=1)


async def measured(talk: Talk, language: str) -> None:
    """Somebody who typed their measures on the way and has the draft before them."""
    await to_the_waist(talk, language)
    for measure in ("32", "40", "31"):
        await talk.says(measure)
        assert not any(payload.startswith("consent:") for _, payload in talk.buttons), "only at the end"
    await talk.taps(next(payload for _, payload in talk.buttons if ":rest:" in payload))


async def kept(talk: Talk) -> dict[str, Fact]:
    """What is believed for good, by topic."""
    async with talk.store.reading() as books:
        facts = await books.facts.believed(talk.customer)
    return {fact.topic: fact for fact in facts if not fact.provisional}


@pytest.mark.parametrize("language", ["zh-Hant", "zh-Hans", "en"])
async def test_measures_are_kept_with_consent_and_suggested_next_time_with_their_day(
    talk: Talk, language: str
) -> None:
    await measured(talk, language)
    await talk.taps(next(payload for _, payload in talk.buttons if payload.endswith(":yes")))
    facts = await kept(talk)
    assert {name: facts[name].value for name in MEASURES} == {"waist": "32", "hip": "40", "leg": "31"}
    assert {(facts[name].source.channel, talk.now - facts[name].since < HOUR) for name in MEASURES} == {
        ("web", True)
    }
    await talk.says("yes", "affirm")
    await talk.waits(days=40)
    await talk.says(WORDS[language], "chitchat")
    while not (suggested := [title for title, payload in talk.buttons if ":pick:waist:32" in payload]):
        await talk.taps(talk.payload("step"))
    assert SUGGESTED[language] in suggested[0]
    await talk.says("33")
    assert (await options(talk))["waist"] == "33"


async def test_without_consent_measures_stay_in_the_order_and_are_not_suggested_from_it(talk: Talk) -> None:
    await measured(talk, "en")
    await talk.taps(next(payload for _, payload in talk.buttons if payload.endswith(":no")))
    await talk.says("yes", "affirm")
    assert (await options(talk))["waist"] == "32"
    assert not MEASURES & (await kept(talk)).keys()
    await talk.waits(days=2)
    await to_the_waist(talk, "en")
    assert not picks(talk)
    assert (await options(talk))["waist"] == "none"


async def pairs_for_others(talk: Talk, count: int, **options: str) -> None:
    """So many pairs that somebody else ordered, made like this."""
    product = next(iter(JEANS.products.values()))
    whole = {name: JEANS.default_of(product, module) for name, module in JEANS.modules_of(product).items()}
    line = Line(product.id, "pair", product.price, Decimal(1), product.cost, {**whole, **options})
    async with talk.store.transaction() as books:
        other = await books.customers.create("en", talk.now)
        for _ in range(count):
            order = await books.orders.draft(other.id, None, [line], talk.now, "TWD")
            await books.orders.place(order, talk.now)


async def test_what_nobody_may_assume_is_never_filled_in_from_others(talk: Talk) -> None:
    talk.pack, talk.language = JEANS, "en"
    await pairs_for_others(talk, 12, waist="34", hip="42", leg="32", thread="white")
    await talk.says(WORDS["en"], "chitchat")
    await talk.taps(talk.payload("step"))
    made = await options(talk)
    assert made["thread"] == "white", "of a seam it may be assumed"
    assert {made[name] for name in ("waist", "hip", "leg")} == {"none"}


async def test_beside_a_number_that_was_said_those_next_to_it_are_offered(talk: Talk) -> None:
    talk.pack, talk.language = JEANS, "en"
    await talk.says("my waist is 34", "inform", Said("34", "waist", "34"))
    await talk.taps(next(payload for _, payload in talk.buttons if payload.endswith(":yes")))
    await talk.says(WORDS["en"], "chitchat")
    while ":waist:" not in talk.payload("step"):
        await talk.taps(talk.payload("step"))
    numbers = list(JEANS.modules["waist"].options)
    at = numbers.index("34")
    assert picks(talk)[0] == "34"
    assert set(picks(talk)[1:5]) == {numbers[n] for n in (at - 2, at - 1, at + 1, at + 2)}

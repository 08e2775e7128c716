"""Shops of many parts, from hello to the order, in three scripts."""

from __future__ import annotations

from decimal import Decimal

import pytest

from crm_store.store import Store
from one_to_one.language import Language
from one_to_one.pack import read_pack
from settings import ROOT
from tests.unit.talking import Said, Talk

SHOPS = ROOT / "data" / "shops"
GAMES = Said("games", "use", "gaming")


def buyer(store: Store, shop: str = "computer", language: str = "en") -> Talk:
    return Talk(store, read_pack(SHOPS / shop), language=language)


async def order_of(talk: Talk) -> tuple[str, dict[str, str], Decimal]:
    """How the last order stands, how it is made, and the price of one."""
    async with talk.store.reading() as books:
        order = (await books.orders.listed(talk.customer))[-1]
        line = (await books.orders.lines(order))[0]
        return order.state, dict(line.options), line.price


async def test_what_it_is_for_chooses_the_parts_within_the_budget(talk: Talk) -> None:
    one = buyer(talk.store)
    await one.says("for games, under 50000", "propose", GAMES, Said("50000", "budget", "50000"))
    await one.taps_titled("1.")
    _, options, price = await order_of(one)
    assert (options["graphics"], options["memory"], options["storage"]) == ("high", "32", "1000")
    assert price <= 50000


async def test_with_less_money_it_is_still_as_near_as_it_can_be(talk: Talk) -> None:
    one = buyer(talk.store)
    await one.says("for games, under 25000", "propose", GAMES, Said("25000", "budget", "25000"))
    await one.taps_titled("1.")
    _, options, price = await order_of(one)
    assert options["memory"] == "32"
    assert price <= 25000


@pytest.mark.parametrize(
    ("language", "more", "less"),
    [
        ("en", "more memory please", "less memory"),
        ("zh-Hant", "記憶體要大一點", "記憶體小一點"),
        ("zh-Hans", "内存要大一点", "内存小一点"),
    ],
)
async def test_more_or_less_of_a_part_takes_the_next(talk: Talk, language: str, more: str, less: str) -> None:
    one = buyer(talk.store, language=language)
    await one.says("games", "propose", GAMES)
    await one.taps_titled("1.")
    before = (await order_of(one))[1]["memory"]
    await one.says(more, "change")
    assert (before, (await order_of(one))[1]["memory"]) == ("32", "64")
    await one.says(less, "change")
    assert (await order_of(one))[1]["memory"] == "32"


@pytest.mark.parametrize(("language", "said"), [("en", "a bigger power supply"), ("zh-Hant", "電源換大一點")])
async def test_parts_without_a_topic_have_more_and_less_too(talk: Talk, language: str, said: str) -> None:
    one = buyer(talk.store, language=language)
    await one.says("games", "propose", GAMES)
    await one.taps_titled("2.")
    before = (await order_of(one))[1]["supply"]
    await one.says(said, "change", Said("bigger", "size", "large"))
    assert int((await order_of(one))[1]["supply"][1:]) > int(before[1:])


async def test_at_the_end_of_a_part_it_is_said(talk: Talk) -> None:
    one = buyer(talk.store)
    await one.says("games", "propose", GAMES)
    await one.taps_titled("1.")
    heard = [await one.says("more memory", "change") for _ in range(3)]
    assert "as far as the memory" in heard[-1]


async def test_what_a_model_does_not_come_with_is_told_with_what_does(talk: Talk) -> None:
    one = buyer(talk.store)
    await one.says("games, under 35000", "propose", GAMES, Said("35000", "budget", "35000"))
    await one.taps_titled("Lantern")
    said = await one.says("the top graphics card", "change", Said("top", "graphics", "top"))
    assert "Lantern family doesn't come with top graphics card" in said
    assert "Colossus" in said


async def test_one_thing_more_beside_it_is_not_one_machine_more(talk: Talk) -> None:
    one = buyer(talk.store, language="zh-Hant")
    await one.says("打電動", "propose", GAMES)
    await one.taps_titled("1.")
    said = await one.says("加一個螢幕 27吋", "change", Said("27吋", "screen", "s27"))
    assert "27 吋螢幕" in said
    assert "1 份" in said


HELLO = {"zh-Hant": ("你好", "給我看看", "好，確認"), "zh-Hans": ("你好", "给我看看", "好，确认"),
         "en": ("hello", "show me something", "yes, please")}  # fmt: skip
FIRST = {"jeans": Said("x", "shape", "straight"), "computer": GAMES}


@pytest.mark.parametrize("shop", ["jeans", "computer"])
@pytest.mark.parametrize("language", ["zh-Hant", "zh-Hans", "en"])
async def test_from_hello_to_the_order(talk: Talk, shop: str, language: str) -> None:
    one, (hello, show, yes) = buyer(talk.store, shop, language), HELLO[language]
    greeting = await one.says(hello, "greet")
    assert one.pack.shop.name[Language(language)] in greeting
    proposal = await one.says(show, "propose", FIRST[shop])
    assert all(len(line) < 300 for line in proposal.splitlines())
    draft = await one.taps_titled("1.")
    assert all(len(line) < 300 for line in draft.splitlines())
    await one.says(yes, "affirm")
    if shop == "jeans":
        for measure in ("32", "40", "31"):
            await one.says(measure)
        await one.taps(next(payload for _, payload in one.buttons if payload.endswith(":yes")))
        await one.says(yes, "affirm")
    state, options, _ = await order_of(one)
    assert state == "placed"
    if shop == "jeans":
        assert (options["waist"], options["hip"], options["leg"]) == ("32", "40", "31")


@pytest.mark.parametrize(
    ("language", "more", "less"),
    [
        ("en", "add the second SSD of 1 TB and a hard disk of 8 TB", "no hard disk of 8 TB"),
        ("zh-Hant", "加 8 TB 傳統硬碟和第二顆 1 TB 固態", "不要 8 TB 傳統硬碟"),
        ("zh-Hans", "加 8 TB 传统硬盘和第二颗 1 TB 固态", "不要 8 TB 传统硬盘"),
    ],
)
async def test_options_of_parts_without_a_topic_are_named_as_they_are_called(
    talk: Talk, language: str, more: str, less: str
) -> None:
    one = buyer(talk.store, language=language)
    await one.says("games", "propose", GAMES)
    await one.taps_titled("1.")
    await one.says(more, "change")
    assert (await order_of(one))[1]["drives"] == "second_1000+disk_8"
    await one.says(less, "nlu_fallback")
    assert (await order_of(one))[1]["drives"] == "second_1000"


async def test_a_part_that_is_named_alone_is_asked_about(talk: Talk) -> None:
    one = buyer(talk.store)
    await one.says("games", "propose", GAMES)
    await one.taps_titled("1.")
    await one.says("something about the cooling", "change")
    assert any("water cooling" in title for title, _ in one.buttons)


@pytest.mark.parametrize(
    ("language", "heading"), [("en", "Core: "), ("zh-Hant", "核心："), ("zh-Hans", "核心：")]
)
async def test_a_draft_of_many_parts_is_told_under_headings_with_what_each_adds(
    talk: Talk, language: str, heading: str
) -> None:
    one = buyer(talk.store, language=language)
    await one.says("games, under 50000", "propose", GAMES, Said("50000", "budget", "50000"))
    said = await one.taps_titled("1.")
    [core] = [line for line in said.splitlines() if line.startswith(heading)]
    assert "32 GB" in core
    assert "NT$16,100" in core, "processor 3,600, memory 1,500, graphics 11,000 more than the standard"


async def test_on_telegram_a_draft_stays_one_line(talk: Talk) -> None:
    one = buyer(talk.store)
    one.channel = "telegram"
    await one.says("games", "propose", GAMES)
    said = await one.taps_titled("1.")
    assert "Core: " not in said
    assert "32 GB" in said


async def shown(talk: Talk) -> list[dict[str, str]]:
    """How the products on the table are made."""
    async with talk.store.reading() as books:
        proposal = await books.proposals.latest(talk.customer)
        assert proposal is not None
        return [dict(item["options"]) for item in proposal.items]


def above(talk: Talk, module: str, code: str) -> str:
    """The next option up."""
    codes = list(talk.pack.modules[module].options)
    return codes[codes.index(code) + 1]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "the first machine, with more memory"),
        ("zh-Hant", "第一台，記憶體大一點"),
        ("zh-Hans", "第一台 内存大一点"),
    ],
)
async def test_one_is_taken_with_more_of_a_part(talk: Talk, language: str, said: str) -> None:
    one = buyer(talk.store, language=language)
    await one.says("games", "propose", GAMES)
    before = (await shown(one))[0]
    await one.says(said, "choose")
    assert (await order_of(one))[1] == before | {"memory": above(one, "memory", before["memory"])}


async def test_more_of_two_parts_and_an_option_are_taken_at_once(talk: Talk) -> None:
    one = buyer(talk.store)
    await one.says("games", "propose", GAMES)
    said = "the first one with a bigger ssd and more memory, case in white"
    before = (await shown(one))[0]
    await one.says(said, "choose", Said("white", "chassis", "white"))
    _, options, _ = await order_of(one)
    assert options["chassis"] == "white"
    assert all(options[name] == above(one, name, before[name]) for name in ("memory", "storage"))


async def test_what_goes_no_further_is_said_and_the_rest_is_done(talk: Talk) -> None:
    one = buyer(talk.store)
    await one.says("games", "propose", GAMES)
    await one.taps_titled("1.")
    await one.says("the top", "change", Said("top", "memory", "128"))
    said = await one.says("more memory, white case", "change", Said("white", "chassis", "white"))
    assert "as far as the memory of this one goes" in said
    assert (await order_of(one))[1]["chassis"] == "white"


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "with more memory please"), ("zh-Hant", "記憶體都大一點"), ("zh-Hans", "内存都大一点")],
)
async def test_all_on_the_table_are_made_with_more_of_a_part(talk: Talk, language: str, said: str) -> None:
    one = buyer(talk.store, language=language)
    await one.says("games", "propose", GAMES)
    before = await shown(one)
    await one.says(said, "change")
    wanted = [above(one, "memory", options["memory"]) for options in before]
    assert [options["memory"] for options in await shown(one)] == wanted


async def test_what_cannot_be_made_so_is_named_when_it_is_left_out(talk: Talk) -> None:
    one = buyer(talk.store)
    await one.says("games", "propose", GAMES)
    titles = [title for title, payload in one.buttons if payload.startswith("choose")]
    said = await one.says("make it wooden", "change", Said("wooden", "chassis", "wood"))
    left = [title for title, payload in one.buttons if payload.startswith("choose")]
    out = {title.partition(". ")[2] for title in titles} - {title.partition(". ")[2] for title in left}
    assert out
    assert all(name in said for name in out)


async def test_a_size_within_the_name_of_an_option_is_no_choice_of_its_own(talk: Talk) -> None:
    one = buyer(talk.store)
    await one.says("games", "propose", GAMES)
    await one.taps_titled("1.")
    await one.says("2 TB please", "change", Said("2 TB", "storage", "2000"))
    await one.says("and a second SSD of 1 TB", "change", Said("1 TB", "storage", "1000"))
    _, options, _ = await order_of(one)
    assert (options["storage"], options["drives"]) == ("2000", "second_1000")
    await one.says("1 TB, not 2, beside a second SSD of 1 TB", "change", Said("1 TB", "storage", "1000"))
    assert (await order_of(one))[1]["storage"] == "1000"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "the first machine is too expensive"),
        ("zh-Hant", "第一台太貴了"),
        ("zh-Hans", "第一台太贵了"),
    ],
)
async def test_what_is_too_dear_is_not_taken_whatever_question_stands_open(
    talk: Talk, language: str, said: str
) -> None:
    one = buyer(talk.store, language=language)
    await one.says("games", "propose", GAMES)
    first = next(title for title, payload in one.buttons if payload.startswith("choose"))
    assert await one.focus() == "question"
    before = await one.facts()
    await one.says(said, "choose")
    assert await one.facts() == before
    assert first not in [title for title, _ in one.buttons]
    await one.says("let me choose each part", "chitchat")
    await one.says(said, "choose")
    async with one.store.reading() as books:
        assert await books.orders.listed(one.customer) == []


@pytest.mark.parametrize(("language", "said"), [("zh-Hant", "想配一台"), ("zh-Hans", "想配一台")])
async def test_one_of_them_is_no_number_worth_noting(talk: Talk, language: str, said: str) -> None:
    one = buyer(talk.store, language=language)
    answer = await one.says(said, "change")
    assert "1 份" not in answer
    assert one.offers("choose")


async def test_what_it_is_for_and_what_it_may_cost_bring_a_proposal(talk: Talk) -> None:
    one = buyer(talk.store)
    await one.says(
        "a computer for gaming, not over 50000", "inform",
        Said("gaming", "use", "gaming"), Said("50000", "budget", "50000"),
    )  # fmt: skip
    assert one.offers("choose")


async def test_what_they_chose_is_kept_before_what_was_filled_in(talk: Talk) -> None:
    one = buyer(talk.store)
    await one.says("show me the Forge", "catalogue")
    await one.taps(one.payload("choose"))
    await one.says("with a Kestrel 9", "change", Said("Kestrel 9", "processor", "kestrel9"))
    said = await one.says("and a high-end card", "change", Said("high-end card", "graphics", "high"))
    _, options, _ = await order_of(one)
    assert (options["processor"], options["graphics"], options["supply"]) == ("kestrel9", "high", "p650")
    assert "can't feed all these parts" in said


async def test_what_suits_its_use_is_kept_before_what_does_not_matter_for_it(talk: Talk) -> None:
    one = buyer(talk.store)
    await one.says("games", "propose", GAMES)
    await one.says("the Forge, please", "choose")
    assert (await order_of(one))[1]["graphics"] == "high"
    await one.says("with a Kestrel 9", "change", Said("Kestrel 9", "processor", "kestrel9"))
    _, options, _ = await order_of(one)
    assert (options["graphics"], options["supply"]) == ("high", "p650")


async def test_two_that_do_not_fit_together_bring_nothing_that_nobody_asked_for(talk: Talk) -> None:
    one = buyer(talk.store)
    await one.says("I'd like the Classroom", "choose")
    said = await one.says("add a second SSD of 4 TB and a second SSD of 1 TB", "catalogue")
    assert "no place for so many SSDs" in said
    assert "hard disk" not in said


@pytest.mark.parametrize(
    ("language", "named", "asked"),
    [
        ("en", "I'd like the Forge", "what power supply does it have?"),
        ("zh-Hant", "我要鐵匠", "電源供應器呢"),
        ("zh-Hans", "我要铁匠", "电源呢"),
    ],
)
async def test_what_is_named_is_made_and_asked_about_part_by_part(
    talk: Talk, language: str, named: str, asked: str
) -> None:
    one = buyer(talk.store, language=language)
    await one.says(named, "choose")
    _, options, _ = await order_of(one)
    said = await one.says(asked, "catalogue")
    label = one.pack.modules["supply"].options[options["supply"]].label[Language(language)]
    assert label in said
    assert all(":supply:" in p or p.startswith("edit") for _, p in one.buttons)


@pytest.mark.parametrize(
    ("language", "wrong", "right"),
    [
        ("en", "company invoice, tax id 12345678", "04595257"),
        ("zh-Hant", "統編 12345678", "喔是 04595257"),
        ("zh-Hans", "统编 12345678", "04595257"),
    ],
)
async def test_after_a_tax_id_with_a_wrong_digit_the_next_number_is_the_right_one(
    talk: Talk, language: str, wrong: str, right: str
) -> None:
    one = buyer(talk.store, language=language)
    await one.says("games", "propose", GAMES)
    await one.taps_titled("1.")
    assert "12345678" in await one.says(wrong, "inform")
    await one.says(right)
    async with one.store.reading() as books:
        order = (await books.orders.listed(one.customer))[-1]
    assert order.details is not None
    assert (order.details["invoice"], order.details["tax_id"]) == ("company", "04595257")


async def test_a_choice_beside_a_detail_is_taken_and_one_within_the_words_for_a_card_is_not(
    talk: Talk,
) -> None:
    one = buyer(talk.store)
    await one.says("games", "propose", GAMES)
    await one.taps_titled("1.")
    gift, white = Said("gift wrap", "packaging", "gift"), Said("white", "chassis", "white")
    await one.says('gift wrap and a card saying "have a white Christmas"', "chitchat", gift, white)
    _, options, _ = await order_of(one)
    assert (options["packaging"], options["chassis"]) == ("gift", "black")

"""Body measures are asked for gently before anything is cut; who won't say is measured."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from crm_store.store import Store
from one_to_one.pack import check_pack, read_pack
from settings import ROOT
from tests.unit.talking import Said, Talk

JEANS = ROOT / "data" / "shops" / "jeans"


async def drafting(store: Store, language: str = "en", *heard: Said) -> Talk:
    """Somebody with the first of what was proposed on a draft."""
    talk = Talk(store, read_pack(JEANS), language=language)
    await talk.says("what do you have?", "propose", *heard)
    await talk.taps_titled("1.")
    return talk


async def made(talk: Talk) -> tuple[str, dict[str, str]]:
    """How the order stands, and how it is made."""
    async with talk.store.reading() as books:
        order = (await books.orders.listed(talk.customer))[-1]
        options = (await books.orders.lines(order))[0].options
    return order.state, {name: options[name] for name in ("waist", "hip", "leg")}


async def consents(talk: Talk) -> dict[str, str]:
    async with talk.store.reading() as books:
        return dict(await books.consents.states(talk.customer))


async def test_they_are_asked_one_by_one_before_it_is_ordered(talk: Talk) -> None:
    one = await drafting(talk.store)
    assert "waist, hip, leg length" in one.replies[0].text
    asked = [await one.taps_titled("Confirm"), await one.says("32"), await one.says("40")]
    assert ["waist" in asked[0], "hip" in asked[1], "inseam" in asked[2] or "inside leg" in asked[2]] == [
        True
    ] * 3
    assert all("(" in question for question in asked), "what it is for"
    said = await one.says("31")
    assert "waist 32 in, hip 40 in, leg length 31 in" in said
    assert await made(one) == ("draft", {"waist": "32", "hip": "40", "leg": "31"})


async def test_whether_they_are_kept_is_asked_once_for_all_and_they_count_for_this_order_anyway(
    talk: Talk,
) -> None:
    one = await drafting(talk.store)
    await one.taps_titled("Confirm")
    await one.says("32")
    await one.says("40")
    await one.says("31")
    await one.taps(next(payload for _, payload in one.buttons if payload.endswith(":no")))
    states = await consents(one)
    assert {states[f"sensitive:{name}"] for name in ("waist", "hip", "leg")} == {"denied"}
    await one.says("yes", "affirm")
    assert await made(one) == ("placed", {"waist": "32", "hip": "40", "leg": "31"})


@pytest.mark.parametrize("refusal", ["tap", "words"])
async def test_who_would_rather_not_say_is_measured_and_asked_nothing_more(talk: Talk, refusal: str) -> None:
    one = await drafting(talk.store)
    await one.taps_titled("Confirm")
    said = await (
        one.taps_titled("Rather") if refusal == "tap" else one.says("I'd rather not say", "decline")
    )
    assert "measuring guide" in said
    assert "I'll ask" not in said
    await one.taps_titled("Confirm")
    state, measures = await made(one)
    assert (state, set(measures.values())) == ("placed", {"none"})


async def test_confirming_the_order_is_no_consent_to_keep_them(talk: Talk) -> None:
    one = await drafting(talk.store)
    await one.taps_titled("Confirm")
    for measure in ("32", "40", "31"):
        await one.says(measure)
    assert one.offers("consent")
    await one.says("confirm", "affirm")
    assert (await made(one))[0] == "placed"
    assert not {name for name in await consents(one) if name.startswith("sensitive:")}


async def test_what_was_said_at_the_beginning_is_not_asked_again(talk: Talk) -> None:
    heard = [Said(name, name, number) for name, number in (("waist", "32"), ("hip", "40"), ("leg", "31"))]
    one = await drafting(talk.store, "en", *heard)
    await one.taps_titled("Confirm")
    assert await made(one) == ("placed", {"waist": "32", "hip": "40", "leg": "31"})


async def test_a_size_that_is_not_made_is_told_with_the_nearest_which_one_tap_takes(talk: Talk) -> None:
    one = await drafting(talk.store, "zh-Hant")
    said = await one.says(
        "腰圍 26 臀圍 50", "inform", Said("腰圍 26", "waist", "26"), Said("臀圍 50", "hip", "50")
    )
    assert "227" in said
    assert "最接近的是腰圍 39 吋、臀圍 50 吋" in said
    await one.taps_titled("腰圍 39 吋")
    assert (await made(one))[1] == {"waist": "39", "hip": "50", "leg": "none"}


@pytest.mark.parametrize(
    ("first", "then"), [(("waist", "26"), ("hip", "50")), (("hip", "30"), ("waist", "44"))]
)
async def test_no_measure_becomes_smaller_than_it_was_said_nor_moves_by_itself(
    talk: Talk, first: tuple[str, str], then: tuple[str, str]
) -> None:
    one = await drafting(talk.store)
    for name, number in (first, then):
        await one.says(f"{name} {number}", "inform", Said(f"{name} {number}", name, number))
    assert (await made(one))[1][first[0]] == first[1]
    await one.taps_titled("waist ")
    taken = (await made(one))[1]
    assert all(int(taken[name]) >= int(number) for name, number in (first, then))
    assert taken != dict((first, then))


async def test_a_number_that_there_is_not_is_answered_with_those_there_are(talk: Talk) -> None:
    one = await drafting(talk.store)
    await one.taps_titled("Confirm")
    said = await one.says("99")
    assert "23 in" in said
    assert "45 in" in said
    assert "hip" in await one.says("30")


@pytest.mark.parametrize(("language", "yes"), [("en", "yes"), ("zh-Hant", "好"), ("zh-Hans", "好")])
async def test_yes_to_a_question_for_a_number_is_answered_with_an_example(
    talk: Talk, language: str, yes: str
) -> None:
    one = await drafting(talk.store, language)
    await one.taps(one.payload("confirm"))
    said = await one.says(yes, "affirm")
    assert "34" in said
    assert one.offers("skip")
    await one.says("32")
    assert (await made(one))[1]["waist"] == "32"


@pytest.mark.parametrize("said", ["32", "三十二", "thirty two"])
@pytest.mark.parametrize(("way", "waist"), [("option", "32"), ("pieces", "none")])
async def test_a_number_alone_may_be_a_measure_or_pieces(talk: Talk, said: str, way: str, waist: str) -> None:
    one = await drafting(talk.store)
    await one.says(said, "inform")
    assert "32 " in one.buttons[0][0]
    assert ":waist:32" in one.buttons[0][1]
    assert (await made(one))[1]["waist"] == "none"
    await one.taps(
        next(p for _, p in one.buttons if p.split(":")[2] == ("waist" if way == "option" else way))
    )
    assert (await made(one))[1]["waist"] == waist


async def test_a_number_that_is_no_measure_is_so_many_pieces(talk: Talk) -> None:
    one = await drafting(talk.store)
    assert "3 ×" in await one.says("3", "inform")


def test_the_check_wants_a_topic_to_ask_by(tmp_path: Path) -> None:
    shutil.copytree(JEANS, tmp_path / "shop")
    file = tmp_path / "shop" / "topics.yml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("\nhip:\n", "\nhips:\n").replace("[hip]", "[hips]"),
        encoding="utf-8",
    )
    assert any("Nobody can be asked about hip" in one.text for one in check_pack(tmp_path / "shop"))


def test_the_check_knows_one_way_to_the_nearest_number(tmp_path: Path) -> None:
    shutil.copytree(JEANS, tmp_path / "shop")
    file = tmp_path / "shop" / "catalogue.yml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("nearest: up", "nearest: down", 1), encoding="utf-8")
    assert [one for one in check_pack(tmp_path / "shop") if "`down` is not a way to the nearest" in one.text]

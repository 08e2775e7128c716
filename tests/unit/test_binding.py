"""An allergy rules out options: by the pack, and everywhere in the talk."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from crm_store.store import Store
from one_to_one.binding import barred_by, can_be_made_without
from one_to_one.facts import Heard, Polarity
from one_to_one.pack import check_pack, read_pack
from settings import ROOT
from tests.unit.talking import Said, Talk

JEANS = ROOT / "data" / "shops" / "jeans"
NICKEL = Said("nickel", "avoid", "nickel", "never")


def test_what_is_left_and_what_is_ruled_out_are_two_ways_of_saying_it() -> None:
    pack = read_pack(JEANS)
    never = [Heard("avoid", one, Polarity.NEVER, 1.0, "") for one in ("nickel", "leather")]
    metals = {("metal", "copper"), ("metal", "silver"), ("metal", "dark")}
    assert set(barred_by(pack, never)) == metals | {("patch", "leather"), ("patch", "initials")}
    assert not barred_by(pack, [Heard("avoid", "nickel", Polarity.LIKES, 1.0, "")])


def test_a_product_of_which_nothing_is_left_is_known() -> None:
    pack = read_pack(JEANS)
    gone = barred_by(pack, [Heard("avoid", "elastane", Polarity.NEVER, 1.0, "")])
    assert not can_be_made_without(pack, pack.products["needle_high"], gone)
    assert can_be_made_without(pack, pack.products["needle_slim"], gone)
    name = next(iter(gone))[0]
    left_out = {**pack.modules, name: replace(pack.modules[name], optional=True)}
    assert can_be_made_without(replace(pack, modules=left_out), pack.products["needle_high"], gone)


@pytest.mark.parametrize(
    ("mistake", "said"),
    [
        ("rules_out: {metall: [copper]}", "Did you mean `metal`?"),
        ("rules_out: {metal: [coper]}", "Did you mean `copper`?"),
        ("rules_out: {metal: [copper, silver, dark, coated]}", "nothing is left of metal"),
    ],
)
def test_the_check_finds_what_is_not_there(tmp_path: Path, mistake: str, said: str) -> None:
    shutil.copytree(JEANS, tmp_path / "shop")
    file = tmp_path / "shop" / "topics.yml"
    lines = file.read_text(encoding="utf-8").replace("leaves: {metal: coated}", mistake).splitlines()
    file.write_text("\n".join(lines), encoding="utf-8")
    [problem] = check_pack(tmp_path / "shop")
    assert said in problem.text
    assert mistake in lines[problem.line - 1]


async def buyer(store: Store, *heard: Said) -> Talk:
    talk = Talk(store, read_pack(JEANS), language="en")
    if heard:
        await talk.says("I can't have " + " and ".join(one.words for one in heard), "inform", *heard)
    return talk


async def drafted(talk: Talk) -> dict[str, str]:
    async with talk.store.reading() as books:
        order = (await books.orders.listed(talk.customer))[-1]
        return dict((await books.orders.lines(order))[0].options)


async def test_whoever_is_allergic_is_proposed_nothing_of_it(talk: Talk) -> None:
    one = await buyer(talk.store, NICKEL)
    await one.says("show me something", "propose")
    await one.taps_titled("1.")
    assert (await drafted(one))["metal"] == "coated"


async def test_what_cannot_be_made_without_it_is_not_proposed(talk: Talk) -> None:
    one = await buyer(talk.store, Said("elastane", "avoid", "elastane", "never"))
    for _ in range(4):
        said = await one.says("something else please", "propose")
        assert "Needle high" not in said
        assert "Lark high" not in said


async def test_whoever_asks_for_it_all_the_same_is_told_why_not(talk: Talk) -> None:
    one = await buyer(talk.store, NICKEL)
    await one.says("show me something", "propose")
    await one.taps_titled("1.")
    said = await one.says("copper rivets please", "change", Said("copper", "metal", "copper"))
    assert "You said" in said
    assert "nickel" in said
    assert "coated" in said
    assert (await drafted(one))["metal"] == "coated"
    await one.taps_titled("Change")
    assert one.offers("edit")
    assert not any(":metal" in payload for _, payload in one.buttons)


async def test_said_of_a_draft_it_is_made_without(talk: Talk) -> None:
    one = await buyer(talk.store)
    await one.says("show me something", "propose")
    await one.taps_titled("1.")
    assert (await drafted(one))["metal"] == "copper"
    said = await one.says("I'm allergic to nickel", "inform", NICKEL)
    assert "nickel-free coated" in said
    assert (await drafted(one))["metal"] == "coated"
    assert one.offers("consent")


async def test_no_way_out_of_too_little_money_has_what_an_allergy_rules_out(talk: Talk) -> None:
    one = await buyer(talk.store, NICKEL)
    little = Said("200", "budget", "200")
    await one.says("copper ones, not over 200", "propose", Said("copper", "metal", "copper"), little)
    async with one.store.reading() as books:
        [*_, shown] = await books.proposals.recent(one.customer, 5)
    assert shown.items
    assert {item["options"]["metal"] for item in shown.items} == {"coated"}

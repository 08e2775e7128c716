"""Several products in one order: taken from the table, put in, changed, taken out, ordered, told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from decimal import Decimal

import pytest

from crm_store.models import OrderLineRow, OrderRow
from crm_store.store import Store
from one_to_one.language import Language
from one_to_one.shop import ShopPack, TopicKind
from tests.unit.talking import Said, Talk, in_three, topic
from tests.unit.test_talk_checkout import house

GRAMS = {"75": "75 克", "150": "150 克"}


@pytest.fixture
async def talk(own_store: Store) -> AsyncIterator[Talk]:
    """Somebody new in a tea house that delivers."""
    yield Talk(own_store, pack=house())
    await own_store.close()


async def latest(talk: Talk) -> tuple[OrderRow, list[OrderLineRow]]:
    async with talk.store.reading() as books:
        [*_, order] = await books.orders.listed(talk.customer)
        return order, await books.orders.lines(order)


async def made(talk: Talk) -> list[tuple[str, int, str]]:
    """Product, number and weight of each line of the last order."""
    _, lines = await latest(talk)
    return [(one.product, int(one.quantity), one.options["weight"]) for one in lines]


async def shown(talk: Talk) -> list[str]:
    """The products on the table."""
    await talk.says("推薦", "propose")
    async with talk.store.reading() as books:
        proposal = await books.proposals.latest(talk.customer)
    return [] if proposal is None else [item["product"] for item in proposal.items]


def weight(code: str, words: str = "") -> Said:
    return Said(words or GRAMS[code], "weight", code)


@pytest.mark.parametrize(
    ("text", "places", "numbers"),
    [
        ("第一款跟第三款我都要", (1, 3), (1, 1)),
        ("第一台和第三台我都要", (1, 3), (1, 1)),
        ("兩包第一款、一包第三款", (1, 3), (2, 1)),
        ("第一個兩包，第三個一包", (1, 3), (2, 1)),
        ("1 and 3", (1, 3), (1, 1)),
        ("1、2", (1, 2), (1, 1)),
        ("the first and the third please", (1, 3), (1, 1)),
        ("two of the first and one of the third", (1, 3), (2, 1)),
        ("2 bags of the second and 3 bags of the third", (2, 3), (2, 3)),
        ("all three", (1, 2, 3), (1, 1, 1)),
        ("三款都要", (1, 2, 3), (1, 1, 1)),
        ("三款都要，各兩包", (1, 2, 3), (2, 2, 2)),
        ("all of them, two bags each", (1, 2, 3), (2, 2, 2)),
        ("可以給我第一款跟第二款嗎", (1, 2), (1, 1)),
    ],
)
async def test_several_of_the_table_are_one_draft(
    talk: Talk, text: str, places: tuple[int, ...], numbers: tuple[int, ...]
) -> None:
    table = await shown(talk)
    told = await talk.says(text, "choose")
    assert [(one, number) for one, number, _ in await made(talk)] == [
        (table[place - 1], number) for place, number in zip(places, numbers, strict=True)
    ]
    assert all(f"\n{number}. " in f"\n{told}" for number in range(1, len(places) + 1))


async def test_they_can_be_taken_by_their_names(talk: Talk) -> None:
    table = await shown(talk)
    names = [talk.pack.products[one].name for one in table]
    first, second = (next(iter(name.values())) for name in names[:2])
    await talk.says(f"{first}跟{second}各兩包", "choose")
    assert [(one, number) for one, number, _ in await made(talk)] == [(table[0], 2), (table[1], 2)]


@pytest.mark.parametrize(
    "text",
    ["第一款還是第三款好", "the first or the third", "第一款跟第三款差在哪？", "第一款不錯，第三款太貴了"],
)
async def test_what_is_weighed_or_turned_down_is_not_taken_together(talk: Talk, text: str) -> None:
    await shown(talk)
    await talk.says(text, "choose")
    async with talk.store.reading() as books:
        orders = await books.orders.listed(talk.customer)
    assert all([len(await _lines(talk, order)) < 2 for order in orders])


async def _lines(talk: Talk, order: OrderRow) -> list[OrderLineRow]:
    async with talk.store.reading() as books:
        return await books.orders.lines(order)


async def test_the_delivery_is_charged_once_and_not_at_all_for_enough(talk: Talk) -> None:
    await shown(talk)
    await talk.says("第一款跟第二款", "choose")
    order, lines = await latest(talk)
    goods = sum((one.price * one.quantity for one in lines), Decimal(0))
    assert (order.fees, order.total) == (Decimal(80), goods + 80)
    await talk.says("各兩包", "change")
    order, lines = await latest(talk)
    assert order.fees == 0
    assert order.total == sum(one.price * one.quantity for one in lines) >= 1000


async def test_what_is_said_of_one_or_of_all_is_made_so(talk: Talk) -> None:
    await shown(talk)
    await talk.says(
        "the first in 150 and the third in 75", "choose", weight("150", "150"), weight("75", "75")
    )
    assert [each for _, _, each in await made(talk)] == ["150", "75"]
    await talk.says("不要了", "deny")
    await shown(talk)
    await talk.says("第一款跟第二款我都要，150 克", "choose", weight("150"))
    assert [each for _, _, each in await made(talk)] == ["150", "150"]


@pytest.mark.parametrize("text", ["第三款也要", "and the third one too", "再加一包第三款", "also the third"])
async def test_another_of_the_table_is_put_into_the_draft(talk: Talk, text: str) -> None:
    table = await shown(talk)
    await talk.says("第一款", "choose")
    await talk.says("150 克", "inform", weight("150"))
    await talk.says(text, "choose")
    assert await made(talk) == [(table[0], 1, "150"), (table[2], 1, "75")]


async def test_another_of_the_shop_is_put_into_the_draft_by_its_name(talk: Talk) -> None:
    table = await shown(talk)
    await talk.says("第一款", "choose")
    other = next(one for name, one in talk.pack.products.items() if name not in table)
    name = next(iter(other.name.values()))
    told = await talk.says(f"再加兩包{name}", "change")
    assert [(one, number) for one, number, _ in await made(talk)] == [(table[0], 1), (other.id, 2)]
    assert name in told


async def test_more_of_what_is_there_is_more_of_it(talk: Talk) -> None:
    table = await shown(talk)
    await talk.says("第一款跟第二款", "choose")
    await talk.says("第一樣再加兩包", "change")
    assert [(one, number) for one, number, _ in await made(talk)] == [(table[0], 3), (table[1], 1)]


async def test_by_button_what_is_chosen_comes_on_top_and_what_is_there_is_not_offered(talk: Talk) -> None:
    table = await shown(talk)
    await talk.says("第一款", "choose")
    await talk.taps_titled("再加一樣")
    assert name(talk, table[0]) not in "".join(t for t, _ in talk.buttons)
    await talk.taps_titled("換一批")
    await talk.says("第一個", "choose")
    order, lines = await latest(talk)
    assert len(lines) == 2
    assert lines[0].product == table[0]
    assert order.state == "draft"


@pytest.mark.parametrize("text", ["就這些", "不用了", "回上一步", "that's all"])
async def test_nothing_more_leads_back_to_the_draft(talk: Talk, text: str) -> None:
    await shown(talk)
    await talk.says("第一款", "choose")
    await talk.taps_titled("再加一樣")
    await talk.says(text, "decline")
    assert talk.offers("confirm")
    assert len(await made(talk)) == 1


async def test_changes_are_about_the_last_one_or_the_one_that_is_named(talk: Talk) -> None:
    await shown(talk)
    await talk.says("第一款跟第三款", "choose")
    await talk.says("150 克", "change", weight("150"))
    assert [each for _, _, each in await made(talk)] == ["75", "150"]
    await talk.says("第一樣要 150 克", "change", weight("150"))
    assert [each for _, _, each in await made(talk)] == ["150", "150"]
    await talk.says("兩包", "change")
    assert [number for _, number, _ in await made(talk)] == [2, 1]


async def test_two_can_be_changed_in_one_message(talk: Talk) -> None:
    await shown(talk)
    await talk.says("第一款跟第三款", "choose")
    await talk.says("第一樣兩包跟第二樣 150 克", "change", weight("150"))
    assert [(number, each) for _, number, each in await made(talk)] == [(2, "75"), (1, "150")]


@pytest.mark.parametrize(
    "text", ["拿掉第二樣", "take the second out", "第二樣不要了", "remove the second one"]
)
async def test_one_is_taken_out_and_the_delivery_charged_anew(talk: Talk, text: str) -> None:
    table = await shown(talk)
    await talk.says("第一款、第二款、第三款", "choose")
    await talk.says(text, "change")
    assert [one for one, _, _ in await made(talk)] == [table[0], table[2]]
    order, lines = await latest(talk)
    assert order.total == sum(one.price * one.quantity for one in lines) + order.fees


async def test_the_last_one_is_not_taken_out_without_a_yes(talk: Talk) -> None:
    await shown(talk)
    await talk.says("第一款跟第二款", "choose")
    await talk.taps_titled("改或拿掉其中一樣")
    await talk.taps_titled("1. 拿掉")
    assert len(await made(talk)) == 1
    order, _ = await latest(talk)
    await talk.taps(f"edit:{order.id}:out:1")
    order, lines = await latest(talk)
    assert (order.state, len(lines)) == ("draft", 1)
    assert talk.offers("cancel")


async def test_back_undoes_what_was_put_in_taken_out_and_counted(talk: Talk) -> None:
    await shown(talk)
    await talk.says("第一款", "choose")
    steps = [await made(talk)]
    for text, intent in (("第三款也要", "choose"), ("各兩包", "change"), ("拿掉第一樣", "change")):
        await talk.says(text, intent)
        steps.append(await made(talk))
    assert len({str(step) for step in steps}) == 4
    for before in reversed(steps[:-1]):
        await talk.says("回上一步", "chitchat")
        assert await made(talk) == before


async def test_all_is_ordered_told_specified_and_taken_from_the_stock(talk: Talk) -> None:
    table = await shown(talk)
    await talk.says("兩包第一款、一包第三款", "choose")
    told = await talk.says("好", "affirm")
    names = [talk.pack.products[table[place]].name for place in (0, 2)]
    assert all(name[next(iter(name))] in told for name in names)
    order, lines = await latest(talk)
    assert order.state == "placed"
    assert [(one.specification or {})["product"] for one in lines] == [table[0], table[2]]
    async with talk.store.reading() as books:
        left = await books.stock.left()
    assert [left[table[place]][1] for place in (0, 2)] == [7, 8]
    history = await talk.says("買過什麼", "order_status")
    assert all(name[next(iter(name))] in history for name in names)


async def test_when_one_ran_out_nothing_is_ordered_nor_taken(talk: Talk) -> None:
    table = await shown(talk)
    await talk.says("兩包第一款、一包第三款", "choose")
    async with talk.store.transaction() as books:
        await books.stock.take({table[2]: Decimal(9)}, {table[2]: 9})
    told = await talk.says("好", "affirm")
    order, lines = await latest(talk)
    assert order.state == "draft"
    assert all(one.specification is None for one in lines)
    assert talk.pack.products[table[2]].name[Language.TRADITIONAL] in told
    async with talk.store.reading() as books:
        left = await books.stock.left()
    assert table[0] not in left or left[table[0]][1] == 9


async def test_after_ordering_one_more_goes_along_with_it(talk: Talk) -> None:
    table = await shown(talk)
    await talk.says("第一款", "choose")
    await talk.says("好", "affirm")
    before, _ = await latest(talk)
    await talk.says(f"再加一包{name(talk, table[2])}", "change")
    await talk.taps_titled("好，改")
    async with talk.store.reading() as books:
        [order] = await books.orders.placed(talk.customer)
        lines = await books.orders.lines(order)
    assert order.id == before.id
    assert [one.product for one in lines] == [table[0], table[2]]
    assert order.total == sum(one.price for one in lines) + order.fees
    assert order.fees == before.fees


def name(talk: Talk, product: str) -> str:
    return talk.pack.products[product].name[Language.TRADITIONAL]


async def ordered(talk: Talk) -> list[str]:
    """Two of the first and one of the third, ordered; returns the table."""
    table = await shown(talk)
    await talk.says("兩包第一款、一包第三款", "choose")
    await talk.says("好", "affirm")
    return table


async def test_the_usual_is_all_of_it(talk: Talk) -> None:
    table = await ordered(talk)
    await talk.waits(days=10)
    await talk.says("老樣子", "order_usual")
    assert [(one, number) for one, number, _ in await made(talk)] == [(table[0], 2), (table[2], 1)]
    await talk.says("好", "affirm")
    await talk.waits(days=10)
    hello = await talk.says("在嗎", "greet")
    assert name(talk, table[0]) in hello or not talk.offers("usual")
    await talk.says("買過什麼", "order_status")
    await talk.taps(talk.payload("usual"))
    assert [(one, number) for one, number, _ in await made(talk)] == [(table[0], 2), (table[2], 1)]


async def test_a_refill_asks_which_and_is_of_that_one(talk: Talk) -> None:
    table = await ordered(talk)
    await talk.says("每兩週自動送", "inform")
    await talk.taps_titled(name(talk, table[2]))
    await talk.taps_titled("兩週")
    async with talk.store.reading() as books:
        [refill] = await books.refills.running(talk.customer)
    assert refill.product == table[2]


async def test_laid_by_and_taken_up_again_it_is_all_there(talk: Talk) -> None:
    table = await shown(talk)
    await talk.says("兩包第一款、一包第三款", "choose")
    await talk.says("先存著", "affirm")
    await talk.says("不要了", "deny")
    told = await talk.says("我存了什麼", "know_me")
    assert name(talk, table[0]) in told
    assert name(talk, table[2]) in told
    await talk.taps(talk.payload("made"))
    assert [(one, number) for one, number, _ in await made(talk)] == [(table[0], 2), (table[2], 1)]


async def test_a_verdict_for_each(talk: Talk) -> None:
    table = await ordered(talk)
    await talk.waits(days=9)
    await talk.says("在嗎", "greet")
    first = name(talk, table[0])
    told = await talk.says(f"{first}很好喝，另一款不喜歡", "praise")
    async with talk.store.reading() as books:
        ratings = {one.product: one.rating for one in await books.orders.ratings(talk.customer)}
    assert ratings == {table[0]: "liked", table[2]: "disliked"}
    assert name(talk, table[2]) in told


async def test_a_limit_on_the_whole_is_told_with_what_could_go(talk: Talk) -> None:
    talk.pack = with_budget(talk.pack)
    await shown(talk)
    await talk.says("第一款、第二款、第三款", "choose")
    order, _ = await latest(talk)
    told = await talk.says("全部不要超過八百", "inform", Said("八百", "budget", "800"))
    assert "800" in told
    assert f"{order.total:,.0f}" in told
    out = [payload for _, payload in talk.buttons if ":out:" in payload]
    assert out
    await talk.taps(out[0])
    assert len(await made(talk)) == 2


def with_budget(pack: ShopPack) -> ShopPack:
    budget = replace(topic("budget", "預算"), kind=TopicKind.MONEY)
    return replace(pack, topics={**pack.topics, "budget": budget})


async def test_another_choice_takes_its_place_and_both_can_be_had(talk: Talk) -> None:
    table = await shown(talk)
    await talk.says("第一款", "choose")
    await talk.says("第三款", "choose")
    assert [one for one, _, _ in await made(talk)] == [table[2]]
    await talk.taps_titled("兩樣都要")
    assert {one for one, _, _ in await made(talk)} == {table[0], table[2]}


async def test_two_of_a_draft_can_be_compared(talk: Talk) -> None:
    table = await shown(talk)
    await talk.says("第一款跟第三款", "choose")
    told = await talk.says("比較一下", "chitchat")
    assert name(talk, table[0]) in told
    assert name(talk, table[2]) in told


async def test_a_measure_that_is_needed_of_any_thing_is_asked_first(talk: Talk) -> None:
    weigh = replace(talk.pack.modules["weight"], ask=in_three("照一般的", "照一般的", "as usual"))
    talk.pack = replace(talk.pack, modules={"weight": weigh})
    await shown(talk)
    await talk.says("第一款跟第三款", "choose")
    await talk.says("第一樣 150 克", "change", weight("150"))
    await talk.says("好", "affirm")
    order, _ = await latest(talk)
    assert order.state == "draft"
    await talk.says("150", "inform", weight("150", "150"))
    assert [each for _, _, each in await made(talk)] == ["150", "150"]


@pytest.mark.parametrize("text", ["都改成 150 克", "all in 150 克 please"])
async def test_all_are_changed_when_all_are_meant(talk: Talk, text: str) -> None:
    await shown(talk)
    await talk.says("第一款跟第三款", "choose")
    await talk.says(text, "change", weight("150"))
    assert [each for _, _, each in await made(talk)] == ["150", "150"]


async def test_the_one_that_is_wanted_as_well_is_one_of_the_table(talk: Talk) -> None:
    table = await shown(talk)
    await talk.says("第一款跟第三款", "choose")
    await talk.says("第二款也給我來一包", "nlu_fallback")
    assert [one for one, _, _ in await made(talk)] == [table[0], table[2], table[1]]
    await talk.says("第一樣也要 150 克", "change", weight("150"))
    assert [each for _, _, each in await made(talk)] == ["150", "75", "75"]


async def test_several_things_are_not_lost_by_looking_at_others(talk: Talk) -> None:
    table = await shown(talk)
    await talk.says("第一款跟第三款", "choose")
    await talk.says("推薦", "propose")
    await talk.says("第二個", "choose")
    there = await made(talk)
    assert [one for one, _, _ in there][:2] == [table[0], table[2]]
    assert sum(number for _, number, _ in there) == 3

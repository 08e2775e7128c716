"""What was ordered is changed: told with its price, confirmed by one tap, and what it was is kept."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from crm_store.models import OrderEventRow, OrderLineRow, OrderRow
from crm_store.store import Store
from one_to_one.language import Language
from one_to_one.order_states import OrderState
from one_to_one.pack import read_pack
from settings import ROOT
from tests.unit.talking import Said, Talk, in_three, option
from tests.unit.test_talk_checkout import ADDRESS, house
from tests.unit.test_talk_placed import dearer, placed, with_stock


@pytest.fixture
async def talk(own_store: Store) -> AsyncIterator[Talk]:
    """Somebody new in a tea house that delivers."""
    yield Talk(own_store, pack=house())
    await own_store.close()


async def now(talk: Talk, order: OrderRow) -> tuple[OrderRow, OrderLineRow]:
    """An order and its line as they are in the store."""
    async with talk.store.reading() as books:
        row = await books.orders.get(order.id, talk.customer)
        assert row is not None
        [line] = await books.orders.lines(row)
        return row, line


async def events(talk: Talk, order: OrderRow) -> list[OrderEventRow]:
    async with talk.store.reading() as books:
        return await books.order_events.of_order(order.id)


async def was(talk: Talk, order: OrderRow) -> list[tuple[Decimal, Decimal]]:
    """Quantity and total of what an order was, oldest first."""
    async with talk.store.reading() as books:
        row = await books.orders.get(order.id, talk.customer)
        assert row is not None
        earlier = await books.orders.replaced(row)
        return [((await books.orders.lines(each))[0].quantity, each.total) for each in earlier]


def with_fee(goods: Decimal) -> Decimal:
    """What goods come to when they are brought: from 1000 on for nothing."""
    return goods if goods >= 1000 else goods + 80


async def left(talk: Talk, item: str) -> Decimal:
    async with talk.store.reading() as books:
        return (await books.stock.left())[item][1]


@pytest.mark.parametrize(
    ("language", "words", "yes"),
    [
        ("zh-Hant", "訂單改成兩包", "好"),
        ("zh-Hans", "把刚才的订单改成两包", "好"),
        ("en", "make my order two bags instead", "yes"),
    ],
)
async def test_an_order_is_changed_in_words_and_only_once_they_say_yes(
    talk: Talk, language: str, words: str, yes: str
) -> None:
    talk.language = language
    order = await placed(talk)
    before, line = await now(talk, order)
    said = await talk.says(words, "change")
    row, _ = await now(talk, order)
    assert (row.total, (await now(talk, order))[1].quantity) == (before.total, Decimal(1))
    wanted = with_fee(line.price * 2)
    assert str(order.id) in said
    assert f"NT${wanted:,.0f}" in said
    assert f"NT${before.total:,.0f}" in said
    await talk.says(yes, "affirm")
    row, line = await now(talk, order)
    assert (row.state, row.total, line.quantity) == ("placed", wanted, Decimal(2))
    assert await was(talk, order) == [(Decimal(1), before.total)]


async def test_one_tap_changes_it_and_a_second_changes_nothing_more(talk: Talk) -> None:
    order = await placed(talk)
    await talk.says("訂單改成三包", "change")
    payload = talk.payload("confirm")
    await talk.taps(payload)
    said = await talk.taps(payload)
    assert (await now(talk, order))[1].quantity == 3
    assert str(order.id) in said
    assert [event.kind for event in await events(talk, order)] == ["order.placed", "order.changed"]
    assert len(await was(talk, order)) == 1


async def test_the_shops_system_and_production_are_told_what_it_is_now(talk: Talk) -> None:
    order = await placed(talk)
    await talk.says("訂單改成 150 克，兩包", "change", Said("150 克", "weight", "150"))
    await talk.says("好", "affirm")
    row, line = await now(talk, order)
    told: dict[str, Any] = (await events(talk, order))[-1].body["data"]
    assert (told["number"], told["state"], told["total"]) == (order.id, "placed", str(row.total))
    [made] = told["lines"]
    assert (made["quantity"], made["specification"]["modules"]) == ("2", {"weight": ["150"]})
    assert line.specification is not None
    assert line.specification["modules"] == {"weight": ["150"]}


async def test_a_detail_changed_later_is_told_to_production_too(talk: Talk) -> None:
    order = await placed(talk)
    await talk.says("卡片寫「加油」", "change")
    _, line = await now(talk, order)
    assert line.specification is not None
    assert line.specification["notes"]["label_message"] == "加油"


async def test_another_product_takes_its_place_and_the_stock_follows(talk: Talk) -> None:
    order = await placed(talk)
    _, line = await now(talk, order)
    other = next(one for one in talk.pack.products.values() if one.id != line.product)
    said = await talk.says(f"訂單換成{other.name[Language.TRADITIONAL]}", "change")
    assert other.name[Language.TRADITIONAL] in said
    assert await left(talk, line.product) == 8
    await talk.says("好", "affirm")
    assert (await now(talk, order))[1].product == other.id
    assert (await left(talk, line.product), await left(talk, other.id)) == (Decimal(9), Decimal(8))


async def test_everything_can_be_changed_by_buttons(talk: Talk) -> None:
    order = await placed(talk)
    await talk.says("我的訂單呢", "order_status")
    await talk.taps(f"order:{order.id}:change")
    await talk.taps(next(p for _, p in talk.buttons if p.endswith(":pieces")))
    await talk.taps(next(p for _, p in talk.buttons if p.endswith(":pieces:4")))
    await talk.taps(talk.payload("edit"))
    await talk.taps(next(p for _, p in talk.buttons if p.endswith(":weight:150")))
    await talk.taps(talk.payload("edit"))
    await talk.taps(next(p for _, p in talk.buttons if p.endswith(":product")))
    chosen = next(p for _, p in talk.buttons if ":product:" in p)
    await talk.taps(chosen)
    await talk.taps(talk.payload("confirm"))
    _, line = await now(talk, order)
    assert (line.product, line.quantity, line.options) == (
        chosen.split(":")[-1],
        Decimal(4),
        {"weight": "150"},
    )


async def test_a_step_back_in_a_change_leads_to_the_product_before(talk: Talk) -> None:
    order = await placed(talk)
    _, line = await now(talk, order)
    await talk.taps(f"order:{order.id}:change")
    await talk.taps(next(p for _, p in talk.buttons if p.endswith(":product")))
    await talk.taps(next(p for _, p in talk.buttons if ":product:" in p))
    await talk.taps(talk.payload("back"))
    await talk.says("改成兩包", "change")
    await talk.says("好", "affirm")
    _, changed = await now(talk, order)
    assert (changed.product, changed.quantity) == (line.product, Decimal(2))


async def test_right_after_ordering_a_change_is_meant_for_the_order(talk: Talk) -> None:
    order = await placed(talk)
    said = await talk.says("改成兩包", "change")
    assert str(order.id) in said
    await talk.says("可以", "affirm")
    assert (await now(talk, order))[1].quantity == 2


async def test_a_no_leaves_it_as_it_was(talk: Talk) -> None:
    order = await placed(talk)
    before, _ = await now(talk, order)
    await talk.says("訂單改成兩包", "change")
    assert "照舊" in await talk.says("算了不要", "deny")
    row, line = await now(talk, order)
    assert (row.total, line.quantity) == (before.total, Decimal(1))
    assert [event.kind for event in await events(talk, order)] == ["order.placed"]


async def test_where_nothing_is_named_it_is_asked_what(talk: Talk) -> None:
    await placed(talk)
    await talk.says("我想改一下訂單", "change")
    assert {p.rpartition(":")[2] for _, p in talk.buttons} >= {"pieces", "product", "150"}


async def test_too_late_is_said_and_a_person_offered(talk: Talk) -> None:
    order = await placed(talk)
    await talk.waits(hours=3)
    await talk.says("訂單改成兩包", "change")
    assert talk.offers("human")
    await talk.taps(f"order:{order.id}:change")
    assert talk.offers("human")
    assert (await now(talk, order))[1].quantity == 1


async def test_what_moved_on_while_they_thought_about_it_is_not_changed(talk: Talk) -> None:
    order = await placed(talk)
    await talk.says("訂單改成兩包", "change")
    payload = talk.payload("confirm")
    async with talk.store.transaction() as books:
        row = await books.orders.get(order.id, talk.customer)
        assert row is not None
        assert await books.orders.move(row, OrderState.IN_PRODUCTION, talk.now, "cli")
    await talk.taps(payload)
    assert talk.offers("human")
    row, line = await now(talk, order)
    assert (row.state, line.quantity) == ("in_production", Decimal(1))
    assert await left(talk, line.product) == 8


async def test_what_was_agreed_keeps_its_price_and_only_the_change_is_priced_anew(talk: Talk) -> None:
    order = await placed(talk)
    _, line = await now(talk, order)
    talk.pack = dearer(talk.pack)
    await talk.says("訂單改成兩包", "change")
    await talk.says("好", "affirm")
    row, _ = await now(talk, order)
    assert row.total == with_fee(line.price * 2)


async def test_once_the_term_is_over_todays_price_is_told_before_it_is_charged(talk: Talk) -> None:
    terms = talk.pack.shop.checkout
    slow = replace(terms, change_within=terms.price_kept * 3)
    talk.pack = replace(talk.pack, shop=replace(talk.pack.shop, checkout=slow))
    order = await placed(talk)
    _, line = await now(talk, order)
    talk.pack = dearer(talk.pack)
    await talk.waits(hours=30)
    said = await talk.says("訂單改成兩包", "change")
    wanted = with_fee((line.price + 100) * 2)
    assert f"NT${wanted:,.0f}" in said
    await talk.taps(talk.payload("confirm"))
    assert (await now(talk, order))[0].total == wanted


async def test_too_little_stock_leaves_the_order_and_its_stock_as_they_were(talk: Talk) -> None:
    talk.pack = with_stock(talk.pack, 2)
    order = await placed(talk)
    await talk.says("訂單改成三包", "change")
    said = await talk.says("好", "affirm")
    _, line = await now(talk, order)
    assert "不夠" in said
    assert (line.quantity, await left(talk, line.product)) == (Decimal(1), Decimal(1))
    await talk.says("改成兩包", "change")
    await talk.says("好", "affirm")
    assert ((await now(talk, order))[1].quantity, await left(talk, line.product)) == (Decimal(2), Decimal(0))
    await talk.taps(f"order:{order.id}:cancelyes")
    assert await left(talk, line.product) == 2


async def test_the_history_has_one_order_and_its_status_says_what_it_was(talk: Talk) -> None:
    order = await placed(talk)
    await talk.says("訂單改成兩包", "change")
    await talk.says("好", "affirm")
    assert "1 次" in await talk.says("我買過什麼", "order_status")
    said = await talk.says("我的訂單呢", "order_status")
    assert str(order.id) in said
    assert "原本" in said


async def test_a_change_of_somebody_elses_order_is_nobody_elses(own_store: Store) -> None:
    one, other = Talk(own_store, pack=house()), Talk(own_store, pack=house())
    order = await placed(one)
    await other.taps(f"order:{order.id}:change")
    assert not other.offers("confirm")
    await one.says("訂單改成兩包", "change")
    await other.taps(one.payload("confirm"))
    assert (await now(one, order))[1].quantity == 1
    await own_store.close()


async def test_details_of_an_order_in_words_are_changed_at_once(talk: Talk) -> None:
    order = await placed(talk)
    await talk.says("訂單改成自取", "change")
    assert ((await now(talk, order))[0].details or {})["delivery"] == "pickup"


NUMBERS = [
    ("0 包", "none"), ("零包", "none"), ("-1 包", "below"), ("負一包", "below"), ("1e9 包", "too_many"),
    ("1000000000 包", "too_many"), ("一億包", "too_many"), ("51 包", "too_many"), ("１００包", "too_many"),
    ("九百九十九包", "too_many"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "key"), NUMBERS)
async def test_a_number_that_cannot_be_is_answered_with_what_can(talk: Talk, words: str, key: str) -> None:
    order = await placed(talk)
    for begin in ("訂單改成", "改成"):  # of an order, and of the draft of its change
        said = await talk.says(f"{begin} {words}", "change")
        assert ("取消" in said) if key == "none" else ("1" in said and "50" in said)
        assert await talk.focus() == "order"
    assert (await now(talk, order))[1].quantity == 1
    await talk.says("３包", "change")
    await talk.says("好", "affirm")
    assert (await now(talk, order))[1].quantity == 3


@pytest.mark.parametrize(
    "code", ["0", "-1", "51", "1000000000", "99999999999999999999999", "1e9", "1.5", "x", ""]
)
async def test_a_number_made_up_in_a_button_changes_nothing(talk: Talk, code: str) -> None:
    await talk.says("推薦", "propose")
    await talk.says("第一個", "choose")
    draft = talk.payload("edit").split(":")[1]
    await talk.taps(f"option:{draft}:pieces:{code}")
    assert talk.buttons
    await talk.says("好", "affirm")
    async with talk.store.reading() as books:
        [order] = await books.orders.listed(talk.customer)
        assert order.state == "placed"
        assert [line.quantity for line in await books.orders.lines(order)] == [1]


async def test_so_many_more_or_fewer_count_from_what_there_is(talk: Talk) -> None:
    order = await placed(talk)
    await talk.says("訂單再加兩包", "change")
    await talk.says("少一包", "change")
    await talk.says("好", "affirm")
    assert (await now(talk, order))[1].quantity == 2


async def test_a_number_outside_a_module_of_numbers_is_told_with_its_range(talk: Talk) -> None:
    weight = talk.pack.modules["weight"]
    numbers = {str(n): option(str(n), str(n), "1") for n in (75, 150)}
    grams = replace(weight, options=numbers, number=True, unit=in_three("克", "克", "g"))
    talk.pack = replace(talk.pack, modules={"weight": grams})
    await talk.says("推薦", "propose")
    await talk.says("第一個", "choose")
    draft = talk.payload("edit").split(":")[1]
    for code in ("400", "0", "-1", "1000000000"):
        said = await talk.taps(f"option:{draft}:weight:{code}")
        assert ("75" in said, "150" in said) == (True, True)
    said = await talk.says("400 克", "change", Said("400 克", "weight", "400"))
    assert ("75" in said, "150" in said) == (True, True)
    await talk.says("好", "affirm")
    async with talk.store.reading() as books:
        [order] = await books.orders.listed(talk.customer)
        assert order.state == "draft"
        assert [line.options for line in await books.orders.lines(order)] == [{"weight": "150"}]


async def test_an_option_gone_from_the_pack_is_told_when_its_old_button_is_tapped(talk: Talk) -> None:
    await talk.says("推薦", "propose")
    await talk.says("第一個", "choose")
    await talk.taps(talk.payload("edit"))
    old = next(p for _, p in talk.buttons if p.endswith(":weight:150"))
    smaller = replace(
        talk.pack.modules["weight"],
        options={code: option(code, f"{code} 克", "1") for code in ("75", "100")},
    )
    talk.pack = replace(talk.pack, modules={"weight": smaller})
    said = await talk.taps(old)
    assert "沒有了" in said
    assert any(p.endswith(":weight:100") for _, p in talk.buttons)


@pytest.mark.parametrize("words", ["取消訂單", "cancel my order", "取消订单"])
async def test_while_a_change_waits_the_order_itself_can_be_cancelled(talk: Talk, words: str) -> None:
    order = await placed(talk)
    await talk.says("訂單改成兩包", "change")
    await talk.says(words, "decline")
    await talk.taps(talk.payload("order"))
    assert (await now(talk, order))[0].state == "cancelled"


async def test_a_yes_to_no_change_at_all_changes_nothing(talk: Talk) -> None:
    order = await placed(talk)
    await talk.taps(f"order:{order.id}:change")
    await talk.says("好", "affirm")
    assert [event.kind for event in await events(talk, order)] == ["order.placed"]
    assert await was(talk, order) == []


async def test_a_product_is_found_by_what_it_has(talk: Talk) -> None:
    order = await placed(talk)
    _, line = await now(talk, order)
    mine = talk.pack.products[line.product].attributes["oxidation"]
    other = next(code for code in ("green", "oolong", "black") if code not in mine)
    await talk.says("訂單換成別的茶", "change", Said("別的茶", "oxidation", other))
    offered = [p.split(":")[-1] for _, p in talk.buttons if ":product:" in p]
    assert len(offered) == 2
    assert all(talk.pack.products[name].attributes["oxidation"] == (other,) for name in offered)


async def test_a_product_is_found_by_what_it_has_where_the_bot_heard_nothing(talk: Talk) -> None:
    order = await placed(talk)
    _, line = await now(talk, order)
    mine = talk.pack.products[line.product].attributes["oxidation"]
    code, word = next(one for one in (("green", "綠茶"), ("black", "紅茶")) if one[0] not in mine)
    await talk.says(f"訂單換成{word}", "change")
    offered = [p.split(":")[-1] for _, p in talk.buttons if ":product:" in p]
    assert offered
    assert all(talk.pack.products[name].attributes["oxidation"] == (code,) for name in offered)


async def test_a_size_that_is_not_made_is_answered_with_those_that_are(talk: Talk) -> None:
    await placed(talk)
    said = await talk.says("訂單改成 400 克", "change")
    assert "沒有做" in said
    assert any(p.endswith(":weight:150") for _, p in talk.buttons)


async def test_the_address_of_an_order_is_asked_for_when_it_is_named(talk: Talk) -> None:
    order = await placed(talk)
    await talk.says("訂單要改地址", "change")
    assert await talk.focus() == "detail"
    await talk.says(ADDRESS, "inform")
    assert ((await now(talk, order))[0].details or {})["address"] == ADDRESS


async def test_zero_pieces_of_an_order_offers_to_cancel_it(talk: Talk) -> None:
    order = await placed(talk)
    await talk.says("訂單改成 0 包", "change")
    await talk.taps(talk.payload("order"))
    await talk.taps(talk.payload("order"))
    assert (await now(talk, order))[0].state == "cancelled"


COFFEE = read_pack(ROOT / "data" / "shops" / "coffee")
LANGUAGES = pytest.mark.parametrize("language", ["zh-Hant", "zh-Hans", "en"])


async def bag_of(talk: Talk, language: str) -> Talk:
    """Somebody with a draft of a coffee, in one of the languages."""
    talk.pack, talk.language = COFFEE, language
    say = {"zh-Hant": "推薦", "zh-Hans": "推荐", "en": "pick some for me"}
    await talk.says(say[language], "propose")
    await talk.taps(talk.payload("choose"))
    return talk


async def drawn(talk: Talk) -> tuple[str, str, dict[str, str]]:
    """How many, how it comes, and what it is made of."""
    async with talk.store.reading() as books:
        [*_, order] = await books.orders.listed(talk.customer)
        [line] = await books.orders.lines(order)
        return f"{line.quantity:.0f}", (order.details or {}).get("delivery", ""), dict(line.options)


@LANGUAGES
async def test_half_a_bag_is_the_size_that_holds_half_and_less_than_the_smallest_is_told(
    talk: Talk, language: str
) -> None:
    await bag_of(talk, language)
    half = {"zh-Hant": "改成半包", "zh-Hans": "改成半包", "en": "make it half a bag"}[language]
    order = talk.payload("edit").partition(":")[2]
    await talk.taps(f"option:{order}:bag_size:500")
    await talk.says(half, "change")
    quantity, _, options = await drawn(talk)
    assert (quantity, options["bag_size"]) == ("1", "250")
    said = await talk.says(half, "change")
    assert "250" in said
    assert f"option:{order}:bag_size:500" in [payload for _, payload in talk.buttons]
    assert (await drawn(talk))[2]["bag_size"] == "250"


@LANGUAGES
async def test_how_many_and_how_it_comes_are_both_taken(talk: Talk, language: str) -> None:
    await bag_of(talk, language)
    said = {"zh-Hant": "兩包，自取", "zh-Hans": "两包，自取", "en": "two bags, to be picked up"}[language]
    await talk.says(said, "inform")
    quantity, delivery, _ = await drawn(talk)
    assert (quantity, delivery) == ("2", "pickup")


@LANGUAGES
async def test_another_address_is_asked_for_while_another_change_waits(talk: Talk, language: str) -> None:
    await bag_of(talk, language)
    await talk.says({"zh-Hant": "確認", "zh-Hans": "确认", "en": "confirm"}[language], "affirm")
    async with talk.store.reading() as books:
        [order] = await books.orders.listed(talk.customer)
    await talk.taps(f"order:{order.id}:change")
    await talk.taps(next(payload for _, payload in talk.buttons if payload.startswith("option:")))
    said = {"zh-Hant": "訂單要改地址", "zh-Hans": "订单要改地址", "en": "change the address of my order"}[
        language
    ]
    await talk.says(said, "change")
    assert await talk.focus() == "detail"
    await talk.says(
        {"zh-Hant": "台北市中山路 5 號", "zh-Hans": "台北市中山路 5 号", "en": "5 Main Street, Taipei"}[
            language
        ]
    )
    assert talk.offers("confirm")

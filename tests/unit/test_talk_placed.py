"""After the yes: prices kept, stock that ran out, second taps, changing, cancelling, history."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from decimal import Decimal

import pytest

from crm_store.models import OrderLineRow, OrderRow
from crm_store.store import Store
from one_to_one.order_states import OrderState
from one_to_one.shop import ShopPack
from tests.unit.talking import Talk, option
from tests.unit.test_talk_checkout import house


@pytest.fixture
async def talk(own_store: Store) -> AsyncIterator[Talk]:
    """Somebody new in a tea house that delivers."""
    yield Talk(own_store, pack=house())
    await own_store.close()


async def orders(talk: Talk) -> list[OrderRow]:
    async with talk.store.reading() as books:
        return await books.orders.listed(talk.customer)


async def line(talk: Talk) -> OrderLineRow:
    async with talk.store.reading() as books:
        return (await books.orders.lines((await orders(talk))[-1]))[0]


async def drafted(talk: Talk) -> str:
    await talk.says("推薦", "propose")
    return await talk.says("第一個", "choose")


async def placed(talk: Talk) -> OrderRow:
    await drafted(talk)
    await talk.says("好", "affirm")
    return (await orders(talk))[-1]


def dearer(pack: ShopPack, by: int = 100) -> ShopPack:
    products = {name: replace(one, price=one.price + by) for name, one in pack.products.items()}
    return replace(pack, products=products)


def with_stock(pack: ShopPack, stock: int) -> ShopPack:
    return replace(pack, products={name: replace(one, stock=stock) for name, one in pack.products.items()})


async def test_a_price_that_was_shown_is_kept_for_the_term_of_the_shop(talk: Talk) -> None:
    await drafted(talk)
    before = (await orders(talk))[0].total
    talk.pack = dearer(talk.pack)
    await talk.waits(hours=23)
    await talk.says("好", "affirm")
    [order] = await orders(talk)
    assert (order.state, order.total) == ("placed", before)


async def test_afterwards_the_new_price_is_told_before_it_is_charged(talk: Talk) -> None:
    await drafted(talk)
    [payload] = [payload for _, payload in talk.buttons if payload.startswith("confirm:")]
    before = (await orders(talk))[0].total
    talk.pack = dearer(talk.pack)
    await talk.waits(hours=25)
    said = await talk.taps(payload)
    [order] = await orders(talk)
    assert order.state == "draft"
    assert f"NT${before:.0f}" in said
    assert f"NT${before + 100:.0f}" in said
    await talk.taps(payload)
    [order] = await orders(talk)
    assert (order.state, order.total) == ("placed", before + 100)


async def test_the_same_price_is_not_made_a_fuss_of(talk: Talk) -> None:
    await drafted(talk)
    await talk.waits(hours=25)
    await talk.taps(talk.payload("confirm"))
    assert [order.state for order in await orders(talk)] == ["placed"]


async def test_a_second_tap_on_order_orders_nothing_more(talk: Talk) -> None:
    await drafted(talk)
    payload = talk.payload("confirm")
    await talk.taps(payload)
    said = await talk.taps(payload)
    assert [order.state for order in await orders(talk)] == ["placed"]
    assert str((await orders(talk))[0].id) in said
    async with talk.store.reading() as books:
        left = await books.stock.left()
        assert [event.kind for event in await books.order_events.of_order((await orders(talk))[0].id)] == [
            "order.placed"
        ]
    assert [units for _, units in left.values()] == [8]


async def test_of_two_who_want_the_last_one_one_gets_it_and_the_other_is_told(own_store: Store) -> None:
    pack = with_stock(house(), 1)
    one, other = Talk(own_store, pack=pack), Talk(own_store, pack=pack)
    await drafted(one)
    wanted = (await line(one)).product
    await other.says("推薦", "propose")
    await other.taps(next(p for _, p in other.buttons if p.startswith("choose:")))
    async with own_store.transaction() as books:  # whatever was proposed: both drafts are of the same tea
        for row in await books.orders.lines((await orders(other))[-1]):
            (await books.session.get_one(OrderLineRow, row.id)).product = wanted
    await one.says("好", "affirm")
    said = await other.says("好", "affirm")
    assert (await orders(one))[-1].state == "placed"
    assert (await orders(other))[-1].state == "draft"
    assert "不夠" in said
    assert other.offers("propose")
    await own_store.close()


async def test_what_ran_out_is_not_proposed_any_more_and_is_again_once_it_is_cancelled(talk: Talk) -> None:
    talk.pack = with_stock(talk.pack, 1)
    order = await placed(talk)
    product = (await line(talk)).product
    name = talk.pack.products[product].name
    for _ in range(3):
        said = await talk.says("推薦", "propose")
        assert not any(label in said for label in name.values())
    await talk.taps(f"order:{order.id}:cancelyes")
    async with talk.store.reading() as books:
        assert (await books.stock.left())[product] == (1, Decimal(1))


async def test_an_option_taken_from_the_pack_after_it_was_ordered_is_still_told(talk: Talk) -> None:
    await drafted(talk)
    await talk.says("150", "change")
    await talk.says("好", "affirm")
    assert (await line(talk)).options == {"weight": "150"}
    smaller = replace(talk.pack.modules["weight"], options={"75": option("75", "75 克", "1")})
    talk.pack = replace(talk.pack, modules={"weight": smaller})
    assert "150 克" in await talk.says("我的訂單呢", "order_status")
    assert "150 克" in await talk.says("我買過什麼", "order_status")
    async with talk.store.reading() as books:
        [event] = await books.order_events.of_order((await orders(talk))[0].id)
    assert event.body["data"]["lines"][0]["specification"]["modules"] == {"weight": ["150"]}
    await talk.waits(days=3)
    said = await talk.says("老樣子", "order_usual")
    assert "75 克" in said
    assert (await orders(talk))[-1].state == "draft"


async def test_an_option_taken_from_the_pack_while_it_is_being_ordered_is_told_first(talk: Talk) -> None:
    await drafted(talk)
    await talk.says("150", "change")
    smaller = replace(talk.pack.modules["weight"], options={"75": option("75", "75 克", "1")})
    talk.pack = replace(talk.pack, modules={"weight": smaller})
    assert "現在沒有了" in await talk.says("好", "affirm")
    assert (await orders(talk))[-1].state == "draft"
    await talk.says("好", "affirm")
    assert (await orders(talk))[-1].state == "placed"


async def test_a_product_taken_from_the_pack_is_not_ordered(talk: Talk) -> None:
    await drafted(talk)
    gone = (await line(talk)).product
    rest = {name: one for name, one in talk.pack.products.items() if name != gone}
    talk.pack = replace(talk.pack, products=rest)
    await talk.says("好", "affirm")
    assert (await orders(talk))[-1].state == "cancelled"
    assert talk.offers("propose")


@pytest.mark.parametrize("words", ["取消訂單", "我想取消訂單", "cancel my order please", "把订单取消"])
async def test_an_order_is_cancelled_in_words_and_asked_about_once(talk: Talk, words: str) -> None:
    order = await placed(talk)
    said = await talk.says(words, "decline")
    assert str(order.id) in said
    assert (await orders(talk))[-1].state == "placed"
    await talk.taps(talk.payload("order"))
    assert (await orders(talk))[-1].state == "cancelled"
    assert str(order.id) not in await talk.says("我的訂單呢", "order_status")
    assert not talk.offers("order")


async def test_too_late_to_cancel_is_said_and_a_person_offered(talk: Talk) -> None:
    order = await placed(talk)
    await talk.waits(hours=13)
    await talk.says("取消訂單", "decline")
    assert talk.offers("human")
    await talk.taps(f"order:{order.id}:cancelyes") if talk.offers("order") else None
    assert (await orders(talk))[-1].state == "placed"


async def test_what_is_being_made_is_neither_changed_nor_cancelled(talk: Talk) -> None:
    order = await placed(talk)
    async with talk.store.transaction() as books:
        row = await books.orders.get(order.id, talk.customer)
        assert row is not None
        assert await books.orders.move(row, OrderState.IN_PRODUCTION, talk.now, "cli")
    assert "正在做" in await talk.says("我的訂單呢", "order_status")
    assert not talk.offers("order")
    await talk.says("我要自取", "change")
    assert ((await orders(talk))[-1].details or {})["delivery"] == "home"


async def test_an_order_is_changed_for_a_while_and_its_new_price_told(talk: Talk) -> None:
    order = await placed(talk)
    said = await talk.says("改成自取好了", "change")
    changed = (await orders(talk))[-1]
    assert (changed.details or {})["delivery"] == "pickup"
    assert changed.total == order.total - 80
    assert f"NT${changed.total:.0f}" in said
    await talk.waits(hours=3)
    await talk.says("還是宅配", "change")
    assert ((await orders(talk))[-1].details or {})["delivery"] == "pickup"


@pytest.mark.parametrize(
    ("state", "told"), [("in_production", "正在做"), ("sent", "寄出"), ("done", "完成"), ("placed", "預計")]
)
async def test_where_an_order_stands_is_told(talk: Talk, state: str, told: str) -> None:
    order = await placed(talk)
    async with talk.store.transaction() as books:
        row = await books.orders.get(order.id, talk.customer)
        assert row is not None
        if state != "placed":
            await books.orders.move(row, OrderState(state), talk.now, "cli")
    assert told in await talk.says("我的訂單呢", "order_status")


async def test_what_they_bought_is_told_newest_first(talk: Talk) -> None:
    await placed(talk)
    first = (await line(talk)).title
    await talk.waits(days=9)
    await talk.says("其他的", "change")
    await talk.taps(talk.payload("choose", 1))
    await talk.says("好", "affirm")
    second = (await line(talk)).title
    assert first != second
    said = await talk.says("我買過什麼", "order_status")
    assert "2 次" in said
    assert said.index(second) < said.index(first)
    await talk.taps(talk.payload("usual"))
    assert (await line(talk)).title == second


async def test_who_bought_nothing_is_told_so(talk: Talk) -> None:
    assert "還沒" in await talk.says("我買過什麼", "order_status")


async def test_an_order_of_somebody_else_is_nobody_elses(own_store: Store) -> None:
    one, other = Talk(own_store, pack=house()), Talk(own_store, pack=house())
    order = await placed(one)
    await other.taps(f"order:{order.id}:cancelyes")
    await other.taps(f"detail:{order.id}:delivery:pickup")
    [mine] = await orders(one)
    assert mine.state == "placed"
    assert (mine.details or {})["delivery"] == "home"
    await own_store.close()


async def test_production_is_told_exactly_what_to_make_with_cost_and_margin(talk: Talk) -> None:
    await drafted(talk)
    await talk.says("150", "change")
    await talk.says("兩包", "change")
    await talk.says("卡片寫「加油」", "change")
    await talk.says("好", "affirm")
    order, bought = (await orders(talk))[-1], await line(talk)
    async with talk.store.reading() as books:
        [event] = await books.order_events.of_order(order.id)
    data = event.body["data"]
    assert data["lines"][0]["specification"] == {
        "product": bought.product,
        "modules": {"weight": ["150"]},
        "quantity": 2,
        "lead_days": 2,
        "notes": {"label_message": "加油", "packaging": "plain"},
    }
    assert data["number"] == order.id
    assert float(data["margin"]) == float(order.total - order.fees - order.cost)

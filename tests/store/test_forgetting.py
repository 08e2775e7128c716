"""Forgetting at the customer's word, and a whole conversation, on both databases."""

from __future__ import annotations

from decimal import Decimal

from crm_store.forgetting import forget
from crm_store.merging import merge
from crm_store.orders import WEBHOOK
from crm_store.store import Store
from one_to_one.order_states import OrderState
from tests.unit.talking import Said, Talk
from tests.unit.test_talk_checkout import ADDRESS, house

GREEN = Said("綠茶", "oxidation", "green")


async def test_what_was_learned_and_said_is_gone_and_orders_stay(store: Store) -> None:
    talk = Talk(store)
    await talk.says("我愛綠茶", "inform", GREEN)
    await talk.says("推薦", "propose")
    await talk.says("第一個", "choose")
    await talk.says("好", "affirm")
    message = await talk.receive("忘記我")
    async with store.transaction() as books:
        receipt = await forget(books, talk.customer, message, talk.now)
    async with store.reading() as books:
        assert [row.text for row in await books.messages.history(talk.customer)] == ["忘記我"]
        assert await books.facts.history(talk.customer) == []
        assert await books.questions.ledger(talk.customer) == {}
        assert await books.proposals.recent(talk.customer, 9) == []
        assert len(await books.orders.placed(talk.customer)) == 1
    assert receipt.counts["fact"] == 1


async def test_the_address_of_an_order_that_is_over_goes_from_what_was_handed_on_too(store: Store) -> None:
    talk = Talk(store, pack=house())
    await talk.says("推薦", "propose")
    await talk.says("第一個", "choose")
    await talk.says(f"寄到{ADDRESS}", "inform")
    await talk.says("卡片寫「生日快樂」", "change")
    await talk.says("好", "affirm")
    async with store.transaction() as books:
        [order] = await books.orders.placed(talk.customer)
        [event] = await books.order_events.of_order(order.id)
        assert event.body["data"]["details"]["address"] == ADDRESS
        await books.order_events.sent(event)
        await books.orders.move(order, OrderState.DONE, talk.now, WEBHOOK)
    await talk.taps("forgetyes")
    async with store.reading() as books:
        [event] = await books.order_events.of_order(order.id)
        [line] = await books.orders.lines(order)
    kept = f"{event.body} {line.specification}"
    assert ADDRESS not in kept
    assert "生日快樂" not in kept
    assert event.body["data"]["total"]


async def test_the_address_of_an_order_under_way_stays_until_it_is_there(store: Store) -> None:
    talk = Talk(store, pack=house())
    await talk.says("推薦", "propose")
    await talk.says("第一個", "choose")
    await talk.says(f"寄到{ADDRESS}", "inform")
    await talk.says("好", "affirm")
    await talk.taps("forgetyes")
    async with store.reading() as books:
        [order] = await books.orders.placed(talk.customer)
        [event] = await books.order_events.of_order(order.id)
    assert (order.details or {})["address"] == ADDRESS
    assert event.body["data"]["details"]["address"] == ADDRESS


async def test_nobody_else_is_forgotten(store: Store) -> None:
    talk, other = Talk(store), Talk(store)
    await talk.says("我愛綠茶", "inform", GREEN)
    await other.says("我愛綠茶", "inform", GREEN)
    await talk.taps("forgetyes")
    assert await talk.facts() == []
    assert await other.facts() == [("oxidation", "green", "likes")]


async def test_a_merge_brings_back_nothing_that_was_forgotten(store: Store) -> None:
    talk, telegram = Talk(store), Talk(store, channel="telegram")
    await talk.says("你好", "greet")
    await telegram.says("我愛綠茶", "inform", GREEN)
    async with store.transaction() as books:
        await merge(books, talk.customer, telegram.customer, {"by": "link"}, telegram.now)
    await talk.taps("forgetyes")
    async with store.reading() as books:
        assert await books.facts.history(talk.customer) == []
        assert await books.facts.history(telegram.customer) == []


async def test_a_conversation_from_hello_to_the_verdict(store: Store) -> None:
    talk = Talk(store)
    await talk.says("你好", "greet")
    await talk.says("中的")
    await talk.says("第二個", "choose")
    await talk.says("要兩份", "change")
    await talk.says("好", "affirm")
    await talk.waits(days=7)
    await talk.says("在嗎", "greet")
    await talk.says("有點太苦", "complain")
    async with store.reading() as books:
        [line] = await books.orders.ratings(talk.customer)
    assert (line.quantity, line.rating, line.rating_words) == (Decimal(2), "disliked", "有點太苦")

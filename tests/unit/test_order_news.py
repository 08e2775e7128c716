"""What customers hear of their orders without asking: once, not at night, and not against their will."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from actions.order_news import News
from actions.speaking_first import Speaker
from crm_store.models import MessageRow, OrderRow
from crm_store.store import Store
from one_to_one.consent import Purpose, State
from one_to_one.order_states import OrderState
from one_to_one.shop import ShopPack
from tests.unit.talking import ANSWERS, TEXTS, Talk
from tests.unit.test_talk_checkout import ADDRESS, house
from tests.unit.test_talk_placed import placed


@pytest.fixture
async def talk(own_store: Store) -> AsyncIterator[Talk]:
    """Somebody new in a tea house that delivers."""
    yield Talk(own_store, pack=telling(house(), "in_production", "sent", "cancelled"))
    await own_store.close()


def telling(pack: ShopPack, *states: str) -> ShopPack:
    terms = replace(pack.shop.checkout, tell=states)
    return replace(pack, shop=replace(pack.shop, checkout=terms))


async def look(talk: Talk) -> int:
    return await News(talk.store, Speaker(talk.pack, TEXTS, ANSWERS)).look(talk.now)


async def pushed(talk: Talk) -> list[MessageRow]:
    """What was said that answers nothing."""
    async with talk.store.reading() as books:
        rows = await books.messages.recent(talk.customer, 100)
    return [row for row in rows if row.direction == "out" and row.reply_to is None]


async def moved(talk: Talk, order: OrderRow, state: OrderState, who: str = "Mei") -> None:
    async with talk.store.transaction() as books:
        row = await books.orders.get(order.id, talk.customer)
        assert row is not None
        assert await books.orders.move(row, state, talk.now, who)


async def speaks(talk: Talk, language: str) -> None:
    async with talk.store.transaction() as books:
        (await books.customers.get(talk.customer)).language = language


async def consents(talk: Talk, state: State) -> None:
    async with talk.store.transaction() as books:
        await books.consents.record(talk.customer, Purpose.UNASKED, state, "", talk.now)


@pytest.mark.parametrize(
    ("language", "words"), [("zh-Hant", "寄出了"), ("zh-Hans", "寄出了"), ("en", "on its way")]
)
async def test_who_ordered_hears_once_that_it_was_sent(talk: Talk, language: str, words: str) -> None:
    order = await placed(talk)
    await talk.taps(f"detail:{order.id}:delivery:pickup")
    await speaks(talk, language)
    await moved(talk, order, OrderState.SENT)
    assert await look(talk) == 1
    assert await look(talk) == 0
    [said] = await pushed(talk)
    assert words in said.text
    assert str(order.id) in said.text


async def test_only_what_the_pack_says_is_told(talk: Talk) -> None:
    talk.pack = telling(talk.pack, "sent")
    order = await placed(talk)
    await moved(talk, order, OrderState.IN_PRODUCTION)
    assert await look(talk) == 0
    await moved(talk, order, OrderState.SENT)
    assert await look(talk) == 1


async def test_what_they_did_themselves_is_not_told_again(talk: Talk) -> None:
    order = await placed(talk)
    await talk.taps(f"order:{order.id}:cancelyes")
    assert await look(talk) == 0


async def test_in_quiet_hours_it_waits_for_their_end(talk: Talk) -> None:
    order = await placed(talk)
    await talk.waits(hours=12)  # eleven at night
    await moved(talk, order, OrderState.SENT)
    assert await look(talk) == 0
    await talk.waits(hours=10)
    assert await look(talk) == 1


async def test_of_two_moves_only_where_it_stands_is_told(talk: Talk) -> None:
    order = await placed(talk)
    await moved(talk, order, OrderState.IN_PRODUCTION)
    await moved(talk, order, OrderState.SENT)
    assert await look(talk) == 1


async def test_who_wants_no_messages_gets_none_but_that_it_was_cancelled(talk: Talk) -> None:
    order = await placed(talk)
    await consents(talk, State.DENIED)
    await moved(talk, order, OrderState.IN_PRODUCTION)
    assert await look(talk) == 0
    await moved(talk, order, OrderState.CANCELLED)
    assert await look(talk) == 1
    assert "取消" in (await pushed(talk))[-1].text


@pytest.mark.parametrize(
    ("language", "words"), [("zh-Hant", "還沒有地址"), ("zh-Hans", "还没有地址"), ("en", "the address")]
)
async def test_a_missing_address_is_reminded_of_once_and_the_answer_taken(
    talk: Talk, language: str, words: str
) -> None:
    order = await placed(talk)
    await speaks(talk, language)
    await talk.waits(hours=5)
    assert await look(talk) == 0
    await talk.waits(hours=2)
    assert await look(talk) == 1
    [said] = await pushed(talk)
    assert words in said.text
    await talk.waits(days=1)
    assert await look(talk) == 0
    await talk.says(ADDRESS, "inform")
    async with talk.store.reading() as books:
        row = await books.orders.get(order.id, talk.customer)
        assert row is not None
        assert (row.details or {})["address"] == ADDRESS


async def test_a_missing_address_waits_for_the_end_of_the_quiet_hours(talk: Talk) -> None:
    await talk.waits(hours=5)
    await placed(talk)
    await talk.waits(hours=7)  # eleven at night
    assert await look(talk) == 0
    await talk.waits(hours=10)
    assert await look(talk) == 1


async def test_where_nothing_is_missing_nobody_is_reminded(talk: Talk) -> None:
    order = await placed(talk)
    await talk.taps(f"detail:{order.id}:delivery:pickup")
    await talk.waits(hours=7)
    assert await look(talk) == 0


async def test_who_wants_no_messages_is_not_reminded(talk: Talk) -> None:
    await placed(talk)
    await consents(talk, State.REVOKED)
    await talk.waits(hours=7)
    assert await look(talk) == 0
    assert await pushed(talk) == []


async def test_a_move_that_is_long_past_is_not_told_any_more(talk: Talk) -> None:
    order = await placed(talk)
    await talk.taps(f"detail:{order.id}:delivery:pickup")
    await moved(talk, order, OrderState.SENT)
    talk.now += timedelta(days=4)
    assert await look(talk) == 0

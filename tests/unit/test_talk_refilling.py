"""Automatic refill: begun, paused, changed and stopped in words; ordered in time, told with consent only."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from actions.refill_due import Due
from crm_store.models import MessageRow, OrderRow, RefillRow
from crm_store.store import Store
from tests.unit.talking import TEXTS, Talk
from tests.unit.test_talk_checkout import house


@pytest.fixture
async def talk(own_store: Store) -> AsyncIterator[Talk]:
    """Somebody who ordered one thing in a tea house that delivers."""
    talk = Talk(own_store, pack=house())
    await talk.says("推薦", "propose")
    await talk.says("第一個", "choose")
    await talk.says("好", "affirm")
    yield talk
    await own_store.close()


async def running(talk: Talk) -> list[RefillRow]:
    async with talk.store.reading() as books:
        return await books.refills.running(talk.customer)


async def orders(talk: Talk) -> list[OrderRow]:
    async with talk.store.reading() as books:
        return await books.orders.listed(talk.customer)


async def told(talk: Talk) -> list[MessageRow]:
    """What was said unasked."""
    async with talk.store.reading() as books:
        rows = await books.messages.history(talk.customer)
        return [row for row in rows if row.direction == "out" and row.reply_to is None]


async def begun(talk: Talk, *, consent: bool = True) -> RefillRow:
    await talk.says("每兩週自動送", "inform")
    await talk.says("好", "affirm")
    await talk.taps(f"consent:unasked:{'yes' if consent else 'no'}")
    [refill] = await running(talk)
    return refill


async def look(talk: Talk, **later: float) -> int:
    """Let time pass and make what is due."""
    await talk.waits(**later)
    return await Due(talk.store, talk.pack, TEXTS).look(talk.now)


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("每兩週自動送", 14),
        ("每两周自动送一次", 14),
        ("every two weeks, automatically please", 14),
        ("can you refill it every month", 30),
        ("每 10 天自動寄", 10),
        ("隔週自動送", 14),
        ("每個月定期送", 30),
        ("subscribe every other week", 14),
        ("refill every 3 weeks", 21),
        ("every two weeks", 14),
    ],
)
async def test_a_rhythm_is_asked_about_once_and_begun_with_a_yes(talk: Talk, words: str, days: int) -> None:
    await talk.says(words, "inform")
    assert await running(talk) == []
    await talk.says("好", "affirm")
    [refill] = await running(talk)
    assert refill.every_days == days


async def test_without_a_rhythm_it_is_asked_for(talk: Talk) -> None:
    await talk.says("可以自動補貨嗎", "inform")
    await talk.taps_titled("每兩週")
    [refill] = await running(talk)
    assert refill.every_days == 14


async def test_a_no_begins_nothing(talk: Talk) -> None:
    await talk.says("每兩週自動送", "inform")
    await talk.says("不用了", "deny")
    assert await running(talk) == []


async def test_it_is_paused_taken_up_changed_and_stopped(talk: Talk) -> None:
    await begun(talk)
    await talk.says("先暫停補貨", "decline")
    assert [one.state for one in await running(talk)] == ["paused"]
    await talk.says("恢復補貨", "change")
    assert [one.state for one in await running(talk)] == ["active"]
    await talk.says("補貨改成每個月", "change")
    assert [one.every_days for one in await running(talk)] == [30]
    await talk.says("stop the refill", "decline")
    assert await running(talk) == []


async def test_a_second_yes_is_no_second_refill(talk: Talk) -> None:
    await talk.says("每兩週自動送", "inform")
    payload = talk.payload("refill")
    await talk.taps(payload)
    await talk.taps(payload)
    assert len(await running(talk)) == 1


async def test_it_is_ordered_in_time_and_told_to_who_agreed(talk: Talk) -> None:
    await begun(talk)
    assert await look(talk, days=13) == 0
    assert await look(talk, days=1, hours=1) == 1
    assert [order.state for order in await orders(talk)] == ["placed", "placed"]
    [said] = await told(talk)
    assert "照約定" in said.text
    assert await look(talk, minutes=5) == 0


async def test_without_consent_nothing_is_written(talk: Talk) -> None:
    await begun(talk, consent=False)
    assert await look(talk, days=15) == 1
    assert len(await orders(talk)) == 2
    assert await told(talk) == []


async def test_in_quiet_hours_nothing_happens_and_afterwards_it_does(talk: Talk) -> None:
    await begun(talk)
    assert await look(talk, days=14, hours=13) == 0  # after midnight in Taipei
    assert await told(talk) == []
    assert await look(talk, hours=9) == 1


async def test_a_changed_price_is_asked_about_before_it_is_charged(talk: Talk) -> None:
    await begun(talk)
    dearer = {name: replace(one, price=one.price + 50) for name, one in talk.pack.products.items()}
    talk.pack = replace(talk.pack, products=dearer)
    assert await look(talk, days=15) == 1
    assert [order.state for order in await orders(talk)] == ["placed", "draft"]
    [said] = await told(talk)
    [confirm] = [b["payload"] for b in said.buttons if b["payload"].startswith("confirm:")]
    await talk.taps(confirm)
    assert [order.state for order in await orders(talk)] == ["placed", "placed"]


async def test_what_is_paused_is_not_ordered(talk: Talk) -> None:
    await begun(talk)
    await talk.says("先暫停補貨", "decline")
    assert await look(talk, days=30) == 0
    assert len(await orders(talk)) == 1


async def test_what_ran_out_is_told_and_not_charged(talk: Talk) -> None:
    await begun(talk)
    none = {name: replace(one, stock=0) for name, one in talk.pack.products.items()}
    talk.pack = replace(talk.pack, products=none)
    assert await look(talk, days=15) == 0
    assert [order.state for order in await orders(talk)] == ["placed", "cancelled"]
    assert len(await told(talk)) == 1
    assert [one.state for one in await running(talk)] == ["active"]


async def test_what_is_made_no_more_is_told(talk: Talk) -> None:
    refill = await begun(talk)
    rest = {name: one for name, one in talk.pack.products.items() if name != refill.product}
    talk.pack = replace(talk.pack, products=rest)
    assert await look(talk, days=15) == 0
    assert len(await orders(talk)) == 1
    assert len(await told(talk)) == 1


async def test_after_a_long_standstill_there_is_one_order_and_not_five(talk: Talk) -> None:
    await begun(talk)
    assert await look(talk, days=80) == 1
    assert await look(talk, hours=1) == 0
    [refill] = await running(talk)
    assert talk.now < refill.next_at <= talk.now + timedelta(days=14)


async def test_a_refill_of_somebody_else_is_nobody_elses(talk: Talk) -> None:
    refill = await begun(talk)
    other = Talk(talk.store, pack=talk.pack)
    await other.taps(f"refill:{refill.id}:stop")
    assert len(await running(talk)) == 1


async def test_who_has_none_is_told_so(talk: Talk) -> None:
    await talk.says("停掉補貨", "decline")
    assert "沒有自動補貨" in "\n".join(row.text for row in talk.replies)


async def test_it_is_begun_and_its_rhythm_changed_paused_and_resumed_by_buttons(talk: Talk) -> None:
    await talk.says("我的訂單呢", "order_status")
    await talk.taps(talk.payload("refill"))
    await talk.taps_titled("每兩週")
    await talk.taps(next(p for _, p in talk.buttons if p.endswith(":rhythm")))
    await talk.taps(next(p for _, p in talk.buttons if p.endswith(":every:30")))
    [refill] = await running(talk)
    assert refill.every_days == 30
    await talk.taps(next(p for _, p in talk.buttons if p.endswith(":pause")))
    assert [one.state for one in await running(talk)] == ["paused"]
    await talk.taps(next(p for _, p in talk.buttons if p.endswith(":resume")))
    assert [one.state for one in await running(talk)] == ["active"]


@pytest.mark.parametrize("rhythm", ["0", "-1", "1e9", "100000", "x", ""])
async def test_a_rhythm_made_up_in_a_button_changes_nothing(talk: Talk, rhythm: str) -> None:
    await begun(talk)
    [before] = await running(talk)
    await talk.taps(f"refill:{before.id}:every:{rhythm}")
    [after] = await running(talk)
    assert (after.every_days, after.state) == (before.every_days, "active")


async def test_consent_asked_for_with_the_order_is_not_asked_for_again_with_its_refill(talk: Talk) -> None:
    async with talk.store.reading() as books:
        asked = await books.messages.recent(talk.customer, 10)
    assert any(button["payload"] == "consent:unasked:yes" for row in asked for button in row.buttons)
    await talk.says("每兩週自動送", "inform")
    await talk.says("好", "affirm")
    assert len(await running(talk)) == 1
    assert not talk.offers("consent")

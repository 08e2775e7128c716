"""A bot that is down says nothing while a colleague has the conversation."""

from __future__ import annotations

from crm_store.models import MessageRow
from tests.unit.shopfronts import Front


async def test_what_is_said_while_the_bot_is_down_is_kept_without_a_notice(front: Front) -> None:
    async with front.store.transaction() as books:
        customer = await books.customers.create("en", front.clock())
        await books.floor.take(customer, "Mei", front.clock())
    front.bot.up = False
    row, _ = await front.shopfront.turns.record(customer.id, "web", None, text="still there?")
    assert await front.shopfront.turns.answer(row.id, customer.id) == []
    front.bot.up = True
    front.clock.turn(seconds=10)
    await front.shopfront.turns.retry_due()
    async with front.store.reading() as books:
        said: list[MessageRow] = await books.messages.history(customer.id)
    assert [(one.text, one.state) for one in said] == [("still there?", "held")]
    assert front.bot.answered == []

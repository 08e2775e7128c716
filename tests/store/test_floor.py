"""Who answers, on both databases: the bot or a colleague, never both, and always one."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from crm_store.floor import is_raised
from crm_store.raising import raise_overdue
from crm_store.store import Store
from one_to_one.language import Language
from one_to_one.replies import Reply

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


async def arrive(store: Store) -> str:
    async with store.transaction() as books:
        return (await books.customers.create("en", NOON)).id


async def say(store: Store, customer: str, text: str) -> int:
    async with store.transaction() as books:
        row, _ = await books.messages.receive(customer, "telegram", None, NOON, text, target="42")
    return row.id


async def bot(store: Store, message: int, looked: asyncio.Event, go_on: asyncio.Event) -> None:
    """What a turn of the bot does: lock, look who has the conversation, answer or keep."""
    async with store.transaction() as books:
        row = await books.messages.get(message)
        customer = await books.customers.get(row.customer_id)
        await books.floor.lock(customer)
        looked.set()
        await go_on.wait()
        if customer.held_by is not None:
            await books.floor.keep(row, language="en")
        else:
            await books.messages.answer(row, [Reply("bot")], NOON, language="en")


async def switch(store: Store, customer: str, to: str | None, seen: int) -> None:
    """Take over, or hand back."""
    async with store.transaction() as books:
        row = await books.customers.get(customer)
        if to is None:
            await books.floor.give_back(row, "Mei", NOON, seen=seen)
        else:
            await books.floor.take(row, to, NOON)


@pytest.mark.parametrize("to", ["Mei", None], ids=["taking over", "handing back"])
async def test_a_switch_waits_for_the_turn_that_runs(store: Store, to: str | None) -> None:
    customer = await arrive(store)
    if to is None:
        await switch(store, customer, "Mei", 0)
    message = await say(store, customer, "hello")
    looked, go_on = asyncio.Event(), asyncio.Event()
    turn = asyncio.create_task(bot(store, message, looked, go_on))
    await looked.wait()
    switching = asyncio.create_task(switch(store, customer, to, seen=0))
    done, _ = await asyncio.wait([switching], timeout=0.3)
    go_on.set()
    await asyncio.gather(turn, switching)
    assert not done
    async with store.reading() as books:
        row = await books.messages.get(message)
        assert row.state == ("answered" if to else "waiting")  # handed back unseen: the bot's next
        assert len(await books.messages.replies_to(message)) == (1 if to else 0)


async def test_what_waits_for_the_bot_is_kept_for_the_colleague(store: Store) -> None:
    customer = await arrive(store)
    message = await say(store, customer, "hello")
    await switch(store, customer, "Mei", 0)
    async with store.reading() as books:
        assert (await books.messages.get(message)).state == "held"
        [one] = await books.floor.listed()
        assert (one.unanswered, one.since, one.handover.colleague) == (1, NOON, "Mei")


async def test_seen_messages_are_the_colleagues_and_unseen_ones_the_bots(store: Store) -> None:
    customer = await arrive(store)
    first, second = [await say(store, customer, text) for text in ("first", "second")]
    await switch(store, customer, "Mei", 0)
    await switch(store, customer, None, seen=first)
    async with store.reading() as books:
        states = [(await books.messages.get(number)).state for number in (first, second)]
    assert states == ["answered", "waiting"]


async def test_of_two_processes_that_see_the_same_wait_one_raises_it(store: Store) -> None:
    customer = await arrive(store)
    async with store.transaction() as books:
        await books.floor.ask(await books.customers.get(customer), None, NOON)

    def told(language: Language, since: datetime, here: bool) -> Reply:
        return Reply(f"{language} {since == NOON} {here}")

    others = [Store(store.url) for _ in range(3)]
    raised = await asyncio.gather(*(raise_overdue(each, lambda _: True, told, NOON) for each in others))
    assert sorted(raised) == [[], [], [customer]]
    for each in others:
        await each.close()
    async with store.reading() as books:
        assert [row.text for row in await books.messages.recent(customer, 5)] == ["en True False"]
        [waiting] = await books.floor.listed()
    assert is_raised(waiting)

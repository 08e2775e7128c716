"""The inbox: every message is answered once, in order, whatever happens on the way."""

from __future__ import annotations

import asyncio

import pytest

from channels.leases import LEASE
from channels.turns import GIVE_UP_AFTER, Turns
from crm_store.models import MessageRow
from one_to_one.language import Language
from tests.unit.shopfronts import TEXTS, Front


async def come_in(front: Front, language: Language = Language.ENGLISH) -> str:
    async with front.store.transaction() as books:
        return (await books.customers.create(language, front.clock())).id


async def say(front: Front, customer: str, text: str, id_: str | None = None) -> list[MessageRow]:
    row, _ = await front.shopfront.turns.record(customer, "web", id_, text=text)
    return await front.shopfront.turns.answer(row.id, customer)


async def conversation(front: Front, customer: str) -> list[str]:
    async with front.store.reading() as books:
        return [row.text for row in await books.messages.history(customer)]


async def test_a_message_is_answered(front: Front) -> None:
    customer = await come_in(front)
    assert [row.text for row in await say(front, customer, "hello")] == ["you said hello"]


async def test_a_message_delivered_twice_is_processed_once_and_has_the_same_replies(front: Front) -> None:
    customer = await come_in(front)
    first = await say(front, customer, "hello", "a:1")
    again = await say(front, customer, "hello", "a:1")
    assert [row.id for row in first] == [row.id for row in again]
    assert len(front.bot.answered) == 1


async def test_the_same_message_delivered_ten_times_at_once_is_processed_once(front: Front) -> None:
    customer = await come_in(front)
    front.bot.seconds = 0.01
    replies = await asyncio.gather(*(say(front, customer, "hello", "a:1") for _ in range(10)))
    assert len({row.id for rows in replies for row in rows}) == 1
    assert len(front.bot.answered) == 1


async def test_messages_sent_in_parallel_are_answered_one_after_the_other_in_the_order_they_came(
    front: Front,
) -> None:
    customer = await come_in(front)
    front.bot.seconds = 0.01
    rows = [(await front.shopfront.turns.record(customer, "web", None, text=str(n)))[0] for n in range(6)]
    await asyncio.gather(*(front.shopfront.turns.answer(row.id, customer) for row in reversed(rows)))
    assert front.bot.answered == [row.id for row in rows]
    assert front.bot.most_running == 1


async def test_two_customers_do_not_wait_for_each_other(front: Front) -> None:
    customers = [await come_in(front) for _ in range(4)]
    front.bot.company = asyncio.Barrier(len(customers))
    async with asyncio.timeout(120):
        await asyncio.gather(*(say(front, customer, "hello") for customer in customers))
    assert front.bot.most_running == len(customers)


async def test_two_web_processes_let_one_turn_of_a_customer_through_at_a_time(front: Front) -> None:
    other = Turns(front.store, front.bot, TEXTS, clock=front.clock)
    customer = await come_in(front)
    front.bot.seconds = 0.1
    rows = [(await other.record(customer, "web", None, text=str(n)))[0] for n in range(4)]
    await asyncio.gather(
        *((other if row.id % 2 else front.shopfront.turns).answer(row.id, customer) for row in rows)
    )
    assert front.bot.answered == [row.id for row in rows]
    assert front.bot.most_running == 1


@pytest.mark.parametrize("language", Language)
async def test_while_the_bot_is_down_the_customer_is_told_once_in_their_language(
    front: Front, language: Language
) -> None:
    customer = await come_in(front, language)
    front.bot.up = False
    said = [[row.text for row in await say(front, customer, text)] for text in ("one", "two", "three")]
    assert said == [[TEXTS.say(language, "notices.bot_down")], [], []]


async def test_what_waited_is_answered_once_and_in_order_when_the_bot_is_back(front: Front) -> None:
    customer = await come_in(front)
    front.bot.up = False
    for text in ("one", "two"):
        await say(front, customer, text)
    front.bot.up = True
    front.clock.turn(seconds=10)
    await front.shopfront.turns.retry_due()
    await front.shopfront.turns.retry_due()
    heard = await conversation(front, customer)
    assert heard[-2:] == ["you said one", "you said two"]
    assert len(heard) == 5  # two messages, one notice, two answers


async def test_the_next_outage_is_told_again(front: Front) -> None:
    customer = await come_in(front)
    notice = TEXTS.say(Language.ENGLISH, "notices.bot_down")
    for _ in range(2):
        front.bot.up = False
        await say(front, customer, "hello")
        front.bot.up = True
        front.clock.turn(seconds=10)
        await front.shopfront.turns.retry_due()
    assert (await conversation(front, customer)).count(notice) == 2


async def test_sending_again_while_the_bot_is_down_shows_the_same_notice(front: Front) -> None:
    customer = await come_in(front)
    front.bot.up = False
    first = await say(front, customer, "hello", "a:1")
    again = await say(front, customer, "hello", "a:1")
    assert [row.id for row in first] == [row.id for row in again] != []


async def test_an_earlier_message_that_waits_is_answered_before_a_new_one(front: Front) -> None:
    customer = await come_in(front)
    front.bot.up = False
    await say(front, customer, "first")
    front.bot.up = True
    await say(front, customer, "second")
    assert (await conversation(front, customer))[-2:] == ["you said first", "you said second"]


async def test_a_web_process_killed_after_writing_the_message_loses_nothing(front: Front) -> None:
    customer = await come_in(front)
    await front.shopfront.turns.record(customer, "web", "a:1", text="hello")  # and then it is killed
    front.clock.turn(seconds=LEASE.total_seconds())
    reborn = Turns(front.store, front.bot, TEXTS, clock=front.clock)
    await reborn.retry_due()
    assert (await conversation(front, customer)) == ["hello", "you said hello"]


async def test_who_wrote_to_a_web_process_that_died_is_told_once_that_the_bot_is_down(front: Front) -> None:
    customer = await come_in(front)
    await front.shopfront.turns.record(customer, "web", "a:1", text="hello")  # and then it is killed
    front.bot.up = False
    reborn = Turns(front.store, front.bot, TEXTS, clock=front.clock)
    await reborn.retry_due()
    assert await conversation(front, customer) == ["hello"]  # it may be tried just now
    for _ in range(3):
        front.clock.turn(seconds=LEASE.total_seconds())
        await reborn.retry_due()
    notice = TEXTS.say(Language.ENGLISH, "notices.bot_down")
    assert await conversation(front, customer) == ["hello", notice]
    front.bot.up = True
    await reborn.retry_due()
    assert await conversation(front, customer) == ["hello", notice, "you said hello"]


async def test_a_web_process_killed_in_the_middle_of_a_turn_holds_nobody_up_for_long(front: Front) -> None:
    customer = await come_in(front)
    async with front.store.transaction() as books:  # the killed process had the turn
        await books.customers.lease(customer, "killed", front.clock(), front.clock() + LEASE)
    row, _ = await front.shopfront.turns.record(customer, "web", "a:1", text="hello")
    await front.shopfront.turns.retry_due()
    assert front.bot.answered == []
    front.clock.turn(seconds=LEASE.total_seconds())
    await front.shopfront.turns.retry_due()
    assert front.bot.answered == [row.id]


async def test_a_bot_that_dies_after_committing_does_not_answer_twice(front: Front) -> None:
    customer = await come_in(front)
    front.bot.breaks_after_answer = True
    replies = await say(front, customer, "hello", "a:1")
    front.bot.breaks_after_answer = False
    again = await say(front, customer, "hello", "a:1")
    assert [row.text for row in replies] == [row.text for row in again] == ["you said hello"]
    assert await conversation(front, customer) == ["hello", "you said hello"]


async def test_a_message_the_bot_refuses_gets_an_apology_and_holds_nobody_up(front: Front) -> None:
    customer = await come_in(front)
    row, _ = await front.shopfront.turns.record(customer, "web", None, text="odd")
    front.bot.refused.add(row.id)
    replies = await front.shopfront.turns.answer(row.id, customer)
    assert [one.text for one in replies] == [TEXTS.say(Language.ENGLISH, "notices.not_handled")]
    assert [one.text for one in await say(front, customer, "next")] == ["you said next"]


async def test_a_message_that_fails_again_and_again_with_a_ready_bot_is_ended_honestly(front: Front) -> None:
    customer = await come_in(front)
    row, _ = await front.shopfront.turns.record(customer, "web", None, text="poison")

    front.bot.broken.add(row.id)
    behind, _ = await front.shopfront.turns.record(customer, "web", None, text="behind it")
    for _ in range(GIVE_UP_AFTER):
        await front.shopfront.turns.retry_due()
        front.clock.turn(seconds=10)
    async with front.store.reading() as books:
        replies = await books.messages.replies_to(row.id)
        answered = await books.messages.replies_to(behind.id)
    assert [one.text for one in replies] == [TEXTS.say(Language.ENGLISH, "notices.not_handled")]
    assert [one.text for one in answered] == ["you said behind it"]


async def test_while_the_bot_is_down_a_message_waits_however_often_it_is_tried(front: Front) -> None:
    customer = await come_in(front)
    front.bot.up = False
    for _ in range(3 * GIVE_UP_AFTER):
        await say(front, customer, "hello", "a:1")
    front.bot.up = True
    assert [one.text for one in await say(front, customer, "hello", "a:1")] == ["you said hello"]

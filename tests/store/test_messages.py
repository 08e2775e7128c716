"""The inbox, the outbox and the conversation."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crm_store.books import Books
from crm_store.messages import MessageTaken
from crm_store.offers import title_offered
from crm_store.store import Store
from one_to_one.replies import Button, Reply

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


async def somebody(books: Books) -> str:
    return (await books.customers.create("zh-Hans", NOON)).id


async def test_a_message_delivered_twice_is_kept_once(store: Store) -> None:
    async with store.transaction() as books:
        customer = await somebody(books)
        first, new = await books.messages.receive(customer, "web", "a", NOON, "hello")
        second, again = await books.messages.receive(customer, "web", "a", NOON + HOUR, "changed")
    assert (new, again) == (True, False)
    assert (second.id, second.text) == (first.id, "hello")


async def test_messages_without_an_id_are_all_new(store: Store) -> None:
    async with store.transaction() as books:
        customer = await somebody(books)
        for _ in range(2):
            _, new = await books.messages.receive(customer, "web", None, NOON, "hello")
            assert new


async def test_a_message_is_kept_as_it_came_and_waits(store: Store) -> None:
    async with store.transaction() as books:
        customer = await somebody(books)
        row, _ = await books.messages.receive(
            customer, "telegram", "7:1", NOON, "/start 你好", payload="start", target="7"
        )
    async with store.reading() as books:
        [kept] = await books.messages.waiting(NOON, 10)
    assert (kept.id, kept.text, kept.payload, kept.target) == (row.id, "/start 你好", "start", "7")
    assert (kept.language, kept.state, kept.direction, kept.entities) == ("zh-Hans", "waiting", "in", [])


async def test_another_customer_does_not_get_somebody_elses_message(store: Store) -> None:
    async with store.transaction() as books:
        await books.messages.receive(await somebody(books), "web", "a", NOON, "private")
        with pytest.raises(MessageTaken):
            await books.messages.receive(await somebody(books), "web", "a", NOON, "mine")


async def test_answers_are_found_again_under_their_message(store: Store) -> None:
    async with store.transaction() as books:
        customer = await somebody(books)
        row, _ = await books.messages.receive(customer, "telegram", "a", NOON, "hello", target="7")
        await books.messages.answer(
            row, [Reply("hi"), Reply("more", (Button("Yes", "yes:1"),))], NOON, language="en", intent="greet"
        )
    async with store.reading() as books:
        replies = await books.messages.replies_to(row.id)
        assert [(reply.text, reply.target, reply.state) for reply in replies] == [
            ("hi", "7", "waiting"),
            ("more", "7", "waiting"),
        ]
        assert replies[1].buttons == [{"title": "Yes", "payload": "yes:1"}]
        assert await books.messages.unanswered(customer) == []
        assert (await books.messages.get(row.id)).intent == "greet"


async def test_a_payload_counts_as_offered_only_to_whom_it_was_shown(store: Store) -> None:
    async with store.transaction() as books:
        customer, other = await somebody(books), await somebody(books)
        await books.messages.push(
            customer, Reply("?", (Button("1", "choose:1:1"),)), "web", NOON, language="en"
        )
        assert await title_offered(books, customer, "choose:1:1") == "1"
        assert not await title_offered(books, customer, "choose:1:")
        assert not await title_offered(books, customer, "choose:%")
        assert not await title_offered(books, other, "choose:1:1")


async def test_a_postponed_message_is_not_due_before_its_time(store: Store) -> None:
    async with store.transaction() as books:
        customer = await somebody(books)
        row, _ = await books.messages.receive(customer, "web", "a", NOON, "hello")
        await books.messages.postpone(row, "bot down", NOON + HOUR)
        assert await books.messages.waiting(NOON, 10) == []
        assert [each.id for each in await books.messages.waiting(NOON + HOUR, 10)] == [row.id]
        assert row.attempts == 1


async def test_what_the_page_reads_itself_is_sent_and_the_rest_waits(store: Store) -> None:
    async with store.transaction() as books:
        customer = await somebody(books)
        web = await books.messages.push(customer, Reply("hi"), "web", NOON, language="en")
        far = await books.messages.push(customer, Reply("hi"), "telegram", NOON, target="7", language="en")
        assert web.state == "sent"
        assert [row.id for row in await books.messages.unsent("telegram", NOON, 10)] == [far.id]
        await books.messages.sent(far, "99")
        assert await books.messages.unsent("telegram", NOON, 10) == []


async def test_a_failed_send_is_tried_again_until_it_is_given_up(store: Store) -> None:
    async with store.transaction() as books:
        customer = await somebody(books)
        row = await books.messages.push(customer, Reply("hi"), "telegram", NOON, target="7", language="en")
        await books.messages.send_failed(row, "429", NOON + HOUR)
        assert await books.messages.unsent("telegram", NOON, 10) == []
        assert len(await books.messages.unsent("telegram", NOON + HOUR, 10)) == 1
        await books.messages.send_failed(row, "403", None)
        assert row.state == "failed"
        assert await books.messages.unsent("telegram", NOON + HOUR, 10) == []


async def test_a_notice_leaves_its_message_waiting_and_is_no_reply(store: Store) -> None:
    async with store.transaction() as books:
        customer = await somebody(books)
        row, _ = await books.messages.receive(customer, "web", "a", NOON, "hello")
        assert not await books.messages.notices_since(customer, NOON)
        await books.messages.notice(row, Reply("we are down"), NOON, "en")
        assert await books.messages.notices_since(customer, NOON)
        assert await books.messages.replies_to(row.id) == []
        assert len(await books.messages.unanswered(customer)) == 1


async def test_the_conversation_is_read_from_a_number_on_or_from_its_end(store: Store) -> None:
    async with store.transaction() as books:
        customer = await somebody(books)
        rows = [
            (await books.messages.receive(customer, "web", str(number), NOON, str(number)))[0]
            for number in range(5)
        ]
        after = await books.messages.history(customer, rows[1].id, 2)
        assert [row.text for row in after] == ["2", "3"]
        assert [row.text for row in await books.messages.recent(customer, 2)] == ["3", "4"]


async def test_a_visit_goes_on_until_silence_ends_it(store: Store) -> None:
    async with store.transaction() as books:
        customer = await somebody(books)
        first = await books.contacts.current(customer, "web", NOON, HOUR)
        assert (await books.contacts.current(customer, "telegram", NOON + HOUR / 2, HOUR)).id == first.id
        later = await books.contacts.current(customer, "web", NOON + 2 * HOUR, HOUR)
        assert later.id != first.id
        await books.contacts.end(customer)
        assert (await books.contacts.current(customer, "web", NOON + 2 * HOUR, HOUR)).id != later.id
        assert await books.contacts.count(customer) == 3

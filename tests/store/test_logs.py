"""Colleagues search the log, on both databases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from crm_store.connecting import is_sqlite
from crm_store.forgetting import forget
from crm_store.logs import HARDLY, LOST, Sought, _fitting, _key
from crm_store.models import MessageRow
from crm_store.ranking_reviews import rank_messages
from crm_store.store import Store
from one_to_one.replies import Reply

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
SAID = [
    ("zh-Hant", "web", "我想退貨，豆子太酸", "complain", 0.9, "action_complain"),
    ("zh-Hans", "telegram", "可以退货吗", "refund", 0.5, "action_refund"),
    ("en", "web", "Where is my order? RETURNED twice", "status", 0.3, LOST),
    ("en", "telegram", "100% naïve_café", "inform", 0.95, "action_inform"),
]


async def said(store: Store) -> list[MessageRow]:
    """One message of each of four customers, an hour apart, each answered."""
    rows = []
    for number, (language, channel, text, intent, confidence, action) in enumerate(SAID):
        at = NOON + number * HOUR
        async with store.transaction() as books:
            customer = (await books.customers.create(language, at)).id
            contact = await books.contacts.current(customer, channel, at, HOUR)
            row, _ = await books.messages.receive(customer, channel, f"x{number}", at, text)
            row.contact_id = contact.id
            understood = {"intent": intent, "confidence": confidence, "action": action}
            await books.messages.answer(row, [Reply("好的 fine")], at, language=language, **understood)  # type: ignore[arg-type]
            rows.append(row)
    async with store.transaction() as books:
        await books.complaints.add(rows[0].customer_id, rows[0].id, "sour", NOON)
        await books.reviews.tag(rows[1], "tricky", "Mei", NOON)
        await books.reviews.finish(rows[1], "Mei", NOON)
    return rows


async def found(store: Store, sought: Sought, rows: Sequence[MessageRow]) -> list[int]:
    """The places of the messages that were found, the newest first."""
    numbers = [row.id for row in rows]
    async with store.reading() as books:
        return [numbers.index(row.id) for row in await books.logs.messages(sought, 10) if row.id in numbers]


async def test_messages_are_found_by_everything_that_is_known_of_them(store: Store) -> None:
    rows = await said(store)
    for sought, places in (
        (Sought(words="退貨"), [1, 0]),
        (Sought(words="退货"), [1, 0]),
        (Sought(words="退"), [1, 0]),
        (Sought(words="退貨豆子"), []),
        (Sought(words="豆子太酸"), [0]),
        (Sought(words="return"), [2]),
        (Sought(words="ORDER where"), [2]),
        (Sought(words="turned"), []),
        (Sought(words="cafe 100"), [3]),
        (Sought(words="%"), [3]),
        (Sought(words="_"), [3]),
        (Sought(words='" OR 1=1 --'), []),
        (Sought(words="退貨", customer=rows[0].customer_id), [0]),
        (Sought(words="太", customer=rows[0].customer_id), [0]),
        (Sought(words="退貨", language="zh-Hans"), [1]),
        (Sought(channel="telegram", language="en"), [3]),
        (Sought(intent="refund"), [1]),
        (Sought(below=0.6), [2, 1]),
        (Sought(below=HARDLY), [2]),
        (Sought(lost=True), [2]),
        (Sought(complaint=True), [0]),
        (Sought(tag="tricky"), [1]),
        (Sought(reviewer="Mei"), [1]),
        (Sought(unreviewed=True), [3, 2, 0]),
        (Sought(unreviewed=True, since=NOON + HOUR, until=NOON + 3 * HOUR), [2]),
        (Sought(lost=True, until=NOON + HOUR), []),
        (Sought(unreviewed=True, since=NOON + 9 * HOUR), []),
    ):
        assert await found(store, sought, rows) == places, sought


async def test_what_the_shop_said_is_found_too(store: Store) -> None:
    await said(store)
    async with store.reading() as books:
        assert [row.sender for row in await books.logs.messages(Sought(words="好的"), 10)] == ["bot"] * 4


async def test_words_that_were_forgotten_are_not_found_any_more(store: Store) -> None:
    [row, *_] = await said(store)
    async with store.transaction() as books:
        await forget(books, row.customer_id, row.id + 1000, NOON)
    async with store.reading() as books:
        assert [one.id for one in await books.logs.messages(Sought(words="酸"), 10)] == []


@pytest.mark.parametrize("together", [1, 2, 3])
async def test_pages_show_every_message_and_every_visit_once(store: Store, together: int) -> None:
    rows = await said(store)
    seen: list[int] = []
    visits: list[int] = []
    async with store.reading() as books:
        before = None
        while page := await books.logs.messages(Sought(unreviewed=True), together, before):
            seen += [row.id for row in page]
            before = page[-1].id
        last = None
        while shown := await books.logs.visits(Sought(), together, last):
            visits += [visit.contact.id for visit in shown]
            assert [visit.last and visit.last.contact_id for visit in shown] == visits[-len(shown) :]
            assert {visit.messages for visit in shown} == {2}
            last = (shown[-1].contact.last_at, shown[-1].contact.id)
    assert seen == [rows[place].id for place in (3, 2, 0)]
    assert visits == [row.contact_id for row in reversed(rows)]


async def test_visits_are_narrowed_by_channel_customer_and_day(store: Store) -> None:
    rows = await said(store)
    async with store.reading() as books:
        for sought, places in (
            (Sought(channel="web"), [2, 0]),
            (Sought(customer=rows[1].customer_id), [1]),
            (Sought(since=NOON + HOUR, until=NOON + 3 * HOUR), [2, 1]),
        ):
            visits = await books.logs.visits(sought, 10)
            assert [visit.contact.id for visit in visits] == [rows[place].contact_id for place in places]


async def test_a_conversation_is_cut_around_a_message(store: Store) -> None:
    async with store.transaction() as books:
        customer = (await books.customers.create("en", NOON)).id
        rows = [
            (await books.messages.receive(customer, "web", str(number), NOON, f"line {number}"))[0]
            for number in range(9)
        ]
        numbers = [row.id for row in rows]
        assert [row.id for row in await books.logs.around(customer, numbers[4], 2)] == numbers[3:7]
        assert [row.id for row in await books.logs.around(customer, None, 2)] == numbers[5:]
        assert [row.id for row in await books.logs.before(customer, numbers[2], 9)] == numbers[:2]
        assert [row.id for row in await books.logs.since(numbers[6])] == numbers[7:]


async def test_every_intent_there_was_is_listed(store: Store) -> None:
    await said(store)
    async with store.reading() as books:
        assert await books.logs.intents() == ["complain", "inform", "refund", "status"]


async def test_words_are_found_by_their_index_whatever_else_is_asked_for(store: Store) -> None:
    """SQLite could also walk all messages and look each up among the words: among many that takes seconds."""
    if not is_sqlite(store.url):
        return
    plans: list[str] = []
    for sought in (
        Sought(words="退货"),
        Sought(words="退", channel="web"),
        Sought(words="退货", intent="refund"),
    ):
        rows = _fitting(sought, "sqlite").order_by(_key(sought, "sqlite").desc()).limit(10)
        async with store.reading() as books:
            connection = await books.session.connection()
            said = rows.compile(connection.sync_engine, compile_kwargs={"literal_binds": True})
            found = (await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {said}")).mappings()
            plans = [row["detail"] for row in found]
        assert plans[0].startswith("SCAN message_words"), sought
        assert plans[1].startswith("SEARCH message USING INTEGER PRIMARY KEY"), sought
        assert not [line for line in plans if "TEMP B-TREE" in line], sought


@pytest.mark.parametrize("few", [1000, 2])
@pytest.mark.parametrize(
    ("sought", "places"),
    [
        (Sought(unreviewed=True), [2, 3, 0]),  # not understood; of those nothing is wrong with the newest
        (Sought(unreviewed=True, channel="web"), [2, 0]),
        (Sought(unreviewed=True, language="en", since=NOON + 2.5 * HOUR), [3]),
        (Sought(unreviewed=True, until=NOON + 2.5 * HOUR), [2, 0]),
        (Sought(unreviewed=True, words="豆子"), [0]),
        (Sought(unreviewed=True, intent="nothing"), []),
    ],
)
async def test_what_waits_for_a_look_comes_as_it_teaches_whatever_else_is_asked_for(
    store: Store, sought: Sought, places: list[int], few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crm_store.logs.FEW", few)
    numbers = [row.id for row in await said(store)]
    await rank_messages(store)
    seen: list[int] = []
    after = None
    async with store.reading() as books:
        while page := await books.logs.to_review(sought, 2, after, "Mei"):
            seen += [numbers.index(message.id) for _, message in page]
            after = page[-1][0].score, page[-1][0].message_id
        assert seen == places
        assert await books.logs.waiting(99) == 3
        assert await books.logs.waiting(2) == 2

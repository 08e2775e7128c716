"""What is read from all customers to learn what is ordered together and how new things are taken."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from crm_store import insight
from crm_store.books import Books
from crm_store.orders import Line
from crm_store.store import Store
from one_to_one.consent import Purpose

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


async def ordered(books: Books, customer: str, *products: str) -> None:
    lines = [Line(name, name, Decimal(10), Decimal(5)) for name in products]
    order = await books.orders.draft(customer, None, lines, NOON, "TWD")
    await books.orders.place(order, NOON)


async def test_orders_are_read_but_what_was_disliked_and_what_private_people_have(store: Store) -> None:
    async with store.transaction() as books:
        ann, bob = [(await books.customers.create("en", NOON)).id for _ in range(2)]
        await ordered(books, ann, "tea", "rusk")
        await ordered(books, bob, "tea")
        [_, rusk] = await books.orders.all_lines(ann)
        await books.orders.rate(rusk, "disliked", None, NOON)
        await books.consents.record(bob, Purpose.REMEMBERING, "denied", "no", NOON, None)
        await books.session.flush()
        found = await insight.orders(books.session)
    assert [pair for pair in found if pair[0] in (ann, bob)] == [(ann, "tea")]


async def test_a_trial_is_what_was_new_and_settled_for_another_reason_than_the_time(store: Store) -> None:
    items = [{"product": "tea", "novel": False}, {"product": "rusk", "novel": True}]
    async with store.transaction() as books:
        ann = (await books.customers.create("en", NOON)).id
        taken, turned, later, _open = [
            await books.proposals.add(ann, None, None, NOON, "TWD", items) for _ in range(4)
        ]
        await books.proposals.settle(taken, "accepted", NOON, picked=2)
        await books.proposals.settle(turned, "rejected", NOON)
        await books.proposals.settle(later, "rejected", NOON)
        await books.proposals.explain(later, "later", None)
        await books.session.flush()
        found = [trial for trial in await insight.trials(books.session) if trial.person == ann]
    assert sorted((one.product, one.outcome, one.taken) for one in found) == [
        ("rusk", "accepted", True),
        ("rusk", "rejected", False),
    ]

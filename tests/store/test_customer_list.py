"""The list of customers: looked for by what is known of them, sorted, and read a page at a time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from crm_store.books import Books
from crm_store.customer_list import Sort
from crm_store.merging import merge
from crm_store.orders import Line
from crm_store.store import Store
from one_to_one.facts import Heard, MessageId, Polarity, Source

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
SILENCE = timedelta(minutes=30)
DAY = timedelta(days=1)


async def comes(books: Books, name: str, day: int, *, said: str = "hello", spends: str = "") -> str:
    """Somebody of this name who was here on a day, and perhaps bought something."""
    at = NOON + day * DAY
    customer = (await books.customers.create("en", at)).id
    await books.customers.identify(customer, "telegram", f"90000{day}", "telegram", at)
    contact = await books.contacts.current(customer, "telegram", at, SILENCE)
    message, _ = await books.messages.receive(customer, "telegram", f"m{name}{day}", at, said)
    message.contact_id = contact.id
    if name:
        heard = Heard("name", name, Polarity.LIKES, 1.0, name)
        source = Source(MessageId(message.id), "telegram", at)
        await books.facts.learn(customer, heard, at=at, source=source)
    if spends:
        line = Line("loaf", "Loaf", Decimal(spends), Decimal(1))
        order = await books.orders.draft(customer, None, [line], at, "TWD")
        await books.orders.place(order, at)
    return customer


async def all_of(books: Books, sort: Sort, size: int) -> list[str]:
    """The whole list, read in pages of this size."""
    found: list[str] = []
    cut = None
    while page := await books.customer_list.page(sort, size, cut):
        found += [entry.customer.id for entry in page]
        cut = page[-1].cut
    return found


@pytest.mark.parametrize("size", [1, 2, 3, 100])
async def test_every_order_has_everybody_once_in_pages_of_any_size(store: Store, size: int) -> None:
    async with store.transaction() as books:
        old = await comes(books, "Old", 1, spends="900.50")
        late = await comes(books, "Late", 5)
        middle = await comes(books, "Middle", 3, spends="20")
        same = await comes(books, "Same", 3, spends="20")
        never = (await books.customers.create("en", NOON)).id
        await books.complaints.add(same, None, "late again", NOON + 2 * DAY)
        await books.complaints.add(middle, None, "broken", NOON + DAY)
        solved = await books.complaints.add(late, None, "fine now", NOON)
        await books.complaints.solve(solved, "a new one", "Mei", NOON)
        twice = await books.contacts.current(old, "web", NOON + 4 * DAY, SILENCE)
        assert twice.customer_id == old
        alike = sorted([middle, same], reverse=True)
        assert await all_of(books, Sort.LAST, size) == [late, old, same, middle, never]
        assert await all_of(books, Sort.VALUE, size) == [old, *alike, late, never]
        assert await all_of(books, Sort.COMPLAINT, size) == [middle, same, late, old, never]


async def test_an_entry_tells_what_was_bought_and_what_is_open(store: Store) -> None:
    async with store.transaction() as books:
        customer = await comes(books, "Ann", 1, spends="19.90")
        await books.complaints.add(customer, None, "cold", NOON)
        (entry,) = await books.customer_list.page(Sort.LAST, 10)
        assert (entry.value, entry.complaints, list(entry.channels)) == (1990, 1, ["telegram"])
        assert entry.last_at == NOON + DAY


async def test_they_are_found_by_name_number_order_and_words(store: Store) -> None:
    async with store.transaction() as books:
        ann = await comes(books, "Ann O'Hara", 1, said="the crumbs were stale", spends="5")
        chen = await comes(books, "陳大文", 2, said="我要退貨")
        (order,) = await books.orders.listed(ann)
        for typed, meant in (
            ("ann", [ann]),
            ("o'ha", [ann]),
            ("陈大", [chen]),
            ("900002", [chen]),
            (f"#{order.id}", [ann]),
            (ann[-6:], [ann]),
            ("退货", [chen]),
            ("stale", [ann]),
            ("%", []),
            ("nobody", []),
        ):
            assert await books.customer_list.found(typed, ["name"]) == meant, typed
        page = await books.customer_list.page(Sort.LAST, 10, among=[chen])
        assert [entry.customer.id for entry in page] == [chen]


async def test_who_was_merged_is_listed_once(store: Store) -> None:
    async with store.transaction() as books:
        stays = await comes(books, "Ann", 1, spends="5")
        goes = await comes(books, "Anna", 2, spends="7")
        await merge(books, stays, goes, {"by": "link"}, NOON + 3 * DAY)
        for sort in Sort:
            assert await all_of(books, sort, 10) == [stays], sort

"""Nothing is said unasked without a yes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crm_store.store import Store
from crm_store.unasked import write_first
from one_to_one.replies import Reply

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


async def written(store: Store, *states: str, stopped: bool = False) -> bool:
    """Whether a customer with these decisions, oldest first, is written to."""
    async with store.transaction() as books:
        customer = await books.customers.create("en", NOON)
        for state in states:
            await books.consents.record(customer.id, "unasked", state, "May I?", NOON)
        customer.stopped_at = NOON if stopped else None
        return await write_first(books, customer.id, Reply("Fresh beans are in."), "web", NOON) is not None


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ((), False),
        (("granted",), True),
        (("denied",), False),
        (("granted", "revoked"), False),
        (("denied", "granted"), True),
    ],
)
async def test_only_a_yes_that_stands_lets_the_shop_write_first(
    store: Store, states: tuple[str, ...], expected: bool
) -> None:
    assert await written(store, *states) is expected


async def test_who_said_stop_is_not_written_to(store: Store) -> None:
    assert not await written(store, "granted", stopped=True)

"""Raising what waits too long for a colleague: the customer is told, once, and colleagues see it first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from crm_store.floor import waits_since
from crm_store.speaking import tell
from crm_store.store import Store
from one_to_one.language import Language
from one_to_one.replies import Reply

type Told = Callable[[Language, datetime, bool], Reply]
"""What a customer is told: in their language, waiting since a moment; whether a colleague is here."""


async def raise_overdue(
    store: Store, is_overdue: Callable[[datetime], bool], told: Told, now: datetime
) -> list[str]:
    """Raise every conversation in which the customer waits too long; whose they are."""
    async with store.reading() as books:
        waiting = await books.floor.listed()
    raised = []
    for one in waiting:
        since = waits_since(one)
        if since is None or one.handover.raised_at is not None or not is_overdue(since):
            continue
        async with store.transaction() as books:
            customer = await books.customers.get(one.customer.id)
            if await books.floor.raise_(customer, now):
                here = bool(await books.staff.present(now))
                reply = told(Language(customer.language), since, here)
                await tell(books, customer.id, reply, now, sender="shop")
                await books.audit.record("shop", "raised a conversation", customer.id, now)
                raised.append(customer.id)
    return raised

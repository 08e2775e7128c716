"""What goes when a contact is over, even if the customer never returns.

What was to be kept for that contact only is deleted; of somebody who wants no profile, everything they said.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Integer, bindparam, delete, func, or_, select

from crm_store.books import Books
from crm_store.forgetting import forget
from crm_store.models import ContactRow, FactRow, MessageRow
from crm_store.store import Store
from one_to_one.consent import Consents, State
from one_to_one.shop import Remembering

AT_ONCE = 50
"""Contacts closed in one transaction: few, so that nobody waits for it."""

OVER = (
    select(ContactRow)
    .where(
        ~ContactRow.closed,
        or_(ContactRow.ended, ContactRow.last_at <= bindparam("silent_since")),
        ContactRow.id > bindparam("after"),
    )
    .order_by(ContactRow.id)
    .limit(bindparam("count", type_=Integer))
)


async def close_contacts(store: Store, now: datetime, silence: timedelta) -> int:
    """Close every contact that is over; how many."""
    closed, after = 0, 0
    while True:
        async with store.transaction() as books:
            told = {"silent_since": now - silence, "after": after, "count": AT_ONCE}
            over = list(await books.session.scalars(OVER, told))
            for contact in over:
                closed += await _close(books, contact, now)
        if len(over) < AT_ONCE:
            return closed
        after = over[-1].id


async def _close(books: Books, contact: ContactRow, now: datetime) -> bool:
    """Close one; not yet while a message waits for its answer."""
    customer = contact.customer_id
    if await books.messages.unanswered(customer):
        return False
    contact.closed, contact.passing = True, None
    await books.session.execute(
        delete(FactRow)
        .where(FactRow.customer_id == customer, FactRow.contact_id == contact.id, FactRow.provisional)
        .execution_options(synchronize_session=False)
    )
    if await _is_private(books, customer) and await _was_last(books, contact):
        await _leave_nothing(books, customer, now)
    return True


async def _is_private(books: Books, customer: str) -> bool:
    states = await books.consents.states(customer)
    named = {purpose: State(state) for purpose, state in states.items()}
    return Consents(Remembering.NOTICE, named).private


async def _was_last(books: Books, contact: ContactRow) -> bool:
    latest = await books.contacts.latest(contact.customer_id)
    return latest is None or latest.id == contact.id


async def _leave_nothing(books: Books, customer: str, now: datetime) -> None:
    """No profile is kept of them: what was said goes, a refusal stays."""
    last = await books.session.scalar(
        select(func.max(MessageRow.id)).where(MessageRow.customer_id == customer)
    )
    await forget(books, customer, (last or 0) + 1, now, who="shop")
    row = await books.customers.get(customer)
    if row.focus is not None and row.focus.get("kind") != "order":
        row.focus = None

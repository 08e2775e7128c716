"""Forgetting what was learned about a customer, who stays a customer: they asked for it in the chat."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Table, delete, update

from crm_store.books import Books
from crm_store.erasing import Receipt, affected
from crm_store.models import Base
from crm_store.rows import CONTACTS, FACTS, LINES, MESSAGES, QUESTIONS, refreshed

LEARNED: tuple[Table, ...] = (
    FACTS,
    QUESTIONS,
    Base.metadata.tables["consent"],
    Base.metadata.tables["proposal"],
)
UNRATED: dict[str, Any] = {"rating": None, "rating_words": None, "rated_at": None}
BLANK: dict[str, Any] = {
    "text": "",
    "payload": None,
    "buttons": [],
    "image": None,
    "intent": None,
    "confidence": None,
    "entities": [],
    "action": None,
    "error": None,
}


async def forget(books: Books, customer: str, message: int, at: datetime, who: str = "customer") -> Receipt:
    """Delete all facts, questions, consents, proposals and ratings, and the words said before `message`.

    The customer, their identities, orders, complaints and promises stay. The numbers of old messages stay
    too, without their words, so that one delivered again is still known.
    """
    await books.session.flush()
    session = books.session
    counts = {
        table.name: await affected(session, delete(table).where(table.c.customer_id == customer))
        for table in LEARNED
    }
    before = (MESSAGES.c.customer_id == customer) & (MESSAGES.c.id < message)
    said = before & (MESSAGES.c.state != "waiting")  # what is still on its way arrives whole
    counts["message"] = await affected(session, update(MESSAGES).where(said).values(BLANK))
    rated = (LINES.c.customer_id == customer) & LINES.c.rating.is_not(None)
    counts["order_line"] = await affected(session, update(LINES).where(rated).values(UNRATED))
    ours = CONTACTS.c.customer_id == customer
    await session.execute(update(CONTACTS).where(ours).values(passing=None))
    await _forget_journals(books, customer)
    session.info["erased"] = True
    await refreshed(session)
    receipt = Receipt(customer, at, {name: count for name, count in sorted(counts.items()) if count})
    await books.audit.record(who, "forget", customer, at, rows=receipt.total)
    return receipt


async def _forget_journals(books: Books, customer: str) -> None:
    """What merges remember of old questions goes too; who is who stays, so that they can be parted."""
    for row in await books.customers.merges(customer):
        row.journal = row.journal | {"ledgers": []}

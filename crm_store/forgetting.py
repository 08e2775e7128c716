"""Forgetting what was learned about a customer, who stays a customer: they asked for it in the chat."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Table, delete, select, update

from crm_store.books import Books
from crm_store.erasing import Receipt, affected
from crm_store.models import Base, OrderEventRow, OrderLineRow
from crm_store.order_events import WAITING
from crm_store.refills import STOPPED
from crm_store.rows import CONTACTS, FACTS, LINES, MESSAGES, ORDERS, QUESTIONS, refreshed
from one_to_one.consent import SENSITIVE, State
from one_to_one.order_states import UNDER_WAY
from one_to_one.passing import SOMEBODY

OF_MESSAGES = ("review_case", "review", "message_tag", "message_note")
"""What colleagues wrote about messages; it quotes them."""

LEARNED: tuple[Table, ...] = (
    *(Base.metadata.tables[name] for name in ("doubt", "fact_review", *OF_MESSAGES)),
    FACTS,
    Base.metadata.tables["their_taste"],
    QUESTIONS,
    Base.metadata.tables["asking"],
    Base.metadata.tables["proposal"],
    Base.metadata.tables["configuration"],
    Base.metadata.tables["unmet_wish"],
    Base.metadata.tables["company_member"],
    Base.metadata.tables["handover"],
)
REFILLS = Base.metadata.tables["refill"]
CONSENTS = Base.metadata.tables["consent"]
UNRATED: dict[str, Any] = {"rating": None, "rating_words": None, "rated_at": None}
BLANK: dict[str, Any] = {
    "text": "",
    "words": "",
    "payload": None,
    "buttons": [],
    "image": None,
    "document": None,
    "intent": None,
    "confidence": None,
    "ranking": [],
    "entities": [],
    "action": None,
    "suggested": None,
    "error": None,
}


async def forget(books: Books, customer: str, message: int, at: datetime, who: str = "customer") -> Receipt:
    """Delete all facts, questions, consents, proposals, wishes, ratings, and the words before `message`.

    A refusal that is in force stays, without it the shop would begin anew what the customer doesn't want.

    The customer, their identities, orders, complaints and promises stay; of orders that are over the address
    and the like go, also from what was handed on. The numbers of old messages stay
    too, without their words, so that one delivered again is still known.
    """
    await books.session.flush()
    session = books.session
    refusals = await _refusals(books, customer)
    counts = {
        table.name: await affected(session, delete(table).where(table.c.customer_id == customer))
        for table in LEARNED
    }
    consents = delete(CONSENTS).where(CONSENTS.c.customer_id == customer, CONSENTS.c.id.not_in(refusals))
    counts[CONSENTS.name] = await affected(session, consents)
    before = (MESSAGES.c.customer_id == customer) & (MESSAGES.c.id < message)
    said = before & (MESSAGES.c.state != "waiting")  # what is still on its way arrives whole
    counts["message"] = await affected(session, update(MESSAGES).where(said).values(BLANK))
    rated = (LINES.c.customer_id == customer) & LINES.c.rating.is_not(None)
    counts["order_line"] = await affected(session, update(LINES).where(rated).values(UNRATED))
    given = (LINES.c.customer_id == customer) & LINES.c.receiver.is_not(None)
    await session.execute(update(LINES).where(given).values(receiver=SOMEBODY))  # whom is forgotten
    over = (
        (ORDERS.c.customer_id == customer) & ORDERS.c.state.not_in(UNDER_WAY) & ORDERS.c.details.is_not(None)
    )
    counts["customer_order"] = await affected(session, update(ORDERS).where(over).values(details=None))
    await _forget_what_was_handed_on(books, customer)
    stopped = (REFILLS.c.customer_id == customer) & (REFILLS.c.state == STOPPED)
    await session.execute(update(REFILLS).where(stopped).values(details=None))
    ours = CONTACTS.c.customer_id == customer
    await session.execute(update(CONTACTS).where(ours).values(passing=None))
    await _forget_journals(books, customer)
    session.info["erased"] = True
    session.info["unsaid"] = True
    await refreshed(session)
    receipt = Receipt(customer, at, {name: count for name, count in sorted(counts.items()) if count})
    await books.audit.record(who, "forget", customer, at, rows=receipt.total)
    return receipt


async def _forget_what_was_handed_on(books: Books, customer: str) -> None:
    """Addresses and the like go from the copies of what was handed on, and from what was made, of orders
    that are over; what still waits for the shop's own system arrives whole."""
    over = select(ORDERS.c.id).where(ORDERS.c.customer_id == customer, ORDERS.c.state.not_in(UNDER_WAY))
    events = select(OrderEventRow).where(OrderEventRow.order_id.in_(over), OrderEventRow.state != WAITING)
    for event in await books.session.scalars(events):
        told = event.body.get("data", {})
        lines = [_without_notes(line) for line in told.get("lines", ())]
        event.body = event.body | {"data": told | {"details": {}, "lines": lines}}
    made = select(OrderLineRow).where(
        OrderLineRow.order_id.in_(over), OrderLineRow.specification.is_not(None)
    )
    for line in await books.session.scalars(made):
        line.specification = (line.specification or {}) | {"notes": {}}
    await books.session.flush()


def _without_notes(line: dict[str, Any]) -> dict[str, Any]:
    return line | {"specification": line.get("specification", {}) | {"notes": {}}}


async def _refusals(books: Books, customer: str) -> list[int]:
    """The decisions in force that are a no; what is sensitive isn't even refused by name any more."""
    current = (await books.consents.current(customer)).values()
    return [row.id for row in current if row.state != State.GRANTED and not row.purpose.startswith(SENSITIVE)]


async def _forget_journals(books: Books, customer: str) -> None:
    """What merges remember of old questions goes too; who is who stays, so that they can be parted."""
    for row in await books.customers.merges(customer):
        row.journal = row.journal | {"ledgers": []}

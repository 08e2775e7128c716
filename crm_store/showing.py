"""One customer as the owner sees them: the contract of `customer show ID --json`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from crm_store.books import Books
from crm_store.models import (
    ComplaintRow,
    ConsentRow,
    ContactRow,
    IdentityRow,
    MergeRow,
    MessageRow,
    OrderLineRow,
    OrderRow,
    ProposalRow,
    UnmetWishRow,
)
from one_to_one.ageing import aged
from one_to_one.facts import Fact
from one_to_one.ledger import Question
from one_to_one.shop import ShopPack

type Shown = dict[str, Any]


async def show(
    books: Books,
    customer: str,
    at: datetime,
    history: bool = False,
    as_known: bool = False,
    pack: ShopPack | None = None,
) -> Shown:
    """What is true at `at` for all we know now; with `as_known` for all we knew at `at`.

    With `history` also every version of every fact and the messages. Only the `pack` knows how fast an
    answer ages: without it none is stale.
    """
    row = await books.customers.get(customer)
    latest = await books.contacts.latest(row.id)
    contact = None if latest is None else latest.id
    believed = (
        await books.facts.as_of(row.id, at, at)
        if as_known
        else await books.facts.believed(row.id, at, contact)
    )
    lines = await books.questions.ledger(row.id)
    if pack is not None:
        lines = aged(lines, believed, pack, at)
    shown: Shown = {
        "id": row.id,
        "language": row.language,
        "identities": [_identity(each) for each in await books.customers.identities(row.id)],
        "facts": [_fact(each) for each in believed],
        "questions": [_question(each) for each in lines.values()],
        "consents": [_consent(each) for each in await _consents(books, row.id, at if as_known else None)],
        "contacts": [_contact(each) for each in await books.contacts.listed(row.id)],
        "proposals": [_proposal(each) for each in reversed(await books.proposals.recent(row.id, 1000))],
        "orders": await _orders(books, row.id),
        "unmet_wishes": [_unmet_wish(each) for each in await books.unmet_wishes.listed(row.id)],
        "complaints": [_complaint(each) for each in await books.complaints.listed(row.id)],
    }
    if as_known:
        shown = _until(shown, at)
    return shown | await _history(books, row.id) if history else shown


WHEN = {
    "identities": "verified_at",
    "questions": "at",
    "contacts": "start",
    "proposals": "at",
    "orders": "at",
    "unmet_wishes": "at",
    "complaints": "at",
}
"""What tells when each thing came to be."""


def _until(shown: Shown, at: datetime) -> Shown:
    """Without what came later."""
    ours = {
        name: [each for each in shown[name] if datetime.fromisoformat(each[when]) <= at]
        for name, when in WHEN.items()
    }
    return shown | ours


async def _history(books: Books, customer: str) -> Shown:
    return {
        "history": [
            _fact(each) | {"id": each.id, "recorded": _time(each.recorded_at), "words": each.words}
            for each in await books.facts.history(customer)
        ],
        "merges": [_merge(each) for each in await books.customers.merges(customer)],
        "consent_history": [_consent(each) for each in await books.consents.listed(customer)],
        "messages": [_message(each) for each in await books.messages.history(customer, limit=100_000)],
    }


async def _consents(books: Books, customer: str, at: datetime | None) -> list[ConsentRow]:
    """How each purpose stands now, or stood at `at`."""
    rows = [row for row in await books.consents.listed(customer) if at is None or row.at <= at]
    return list({row.purpose: row for row in rows}.values())


def _time(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def _fact(fact: Fact) -> Shown:
    shown: Shown = {
        "topic": fact.topic,
        "value": fact.value,
        "polarity": fact.polarity.value,
        "stated": fact.stated,
        "confidence": fact.confidence,
        "since": _time(fact.since),
        "until": _time(fact.until),
        "source": {
            "message": fact.source.message,
            "channel": fact.source.channel,
            "at": _time(fact.source.at),
        },
    }
    return shown | {"provisional": True} if fact.provisional else shown


def _identity(row: IdentityRow) -> Shown:
    return {
        "channel": row.channel,
        "external_id": row.external_id,
        "verified_by": row.verified_by,
        "verified_at": _time(row.verified_at),
    }


def _question(question: Question) -> Shown:
    return {"topic": question.topic, "state": question.state.value, "at": _time(question.at)}


def _merge(row: MergeRow) -> Shown:
    return {
        "kept": row.kept_id,
        "absorbed": row.absorbed_id,
        "evidence": row.evidence,
        "at": _time(row.merged_at),
        "undone": _time(row.undone_at),
    }


def _consent(row: ConsentRow) -> Shown:
    return {"purpose": row.purpose, "state": row.state, "at": _time(row.at), "words": row.words}


def _contact(row: ContactRow) -> Shown:
    return {
        "id": row.id,
        "channel": row.channel,
        "start": _time(row.started_at),
        "end": _time(row.last_at),
        "questions": row.questions_spent,
    }


def _proposal(row: ProposalRow) -> Shown:
    return {
        "id": row.id,
        "at": _time(row.at),
        "currency": row.currency,
        "items": row.items,
        "outcome": row.outcome,
        "outcome_at": _time(row.outcome_at),
        "picked": row.picked,
        "reason": row.reason,
    }


def _unmet_wish(row: UnmetWishRow) -> Shown:
    return {"at": _time(row.at), "words": row.words, "wants": row.wants, "thing": row.thing}


async def _orders(books: Books, customer: str) -> list[Shown]:
    lines: dict[int, list[Shown]] = {}
    for line in await books.orders.all_lines(customer):
        lines.setdefault(line.order_id, []).append(_line(line))
    return [_order(row) | {"lines": lines.get(row.id, [])} for row in await books.orders.listed(customer)]


def _order(row: OrderRow) -> Shown:
    return {
        "id": row.id,
        "external_id": row.external_id,
        "at": _time(row.at),
        "state": row.state,
        "currency": row.currency,
        "total": str(row.total),
    }


def _line(row: OrderLineRow) -> Shown:
    return {
        "product": row.product,
        "title": row.title,
        "options": row.options,
        "quantity": str(row.quantity),
        "price": str(row.price),
        "rating": row.rating,
    }


def _complaint(row: ComplaintRow) -> Shown:
    return {"id": row.id, "at": _time(row.at), "words": row.words, "state": row.state}


def _message(row: MessageRow) -> Shown:
    return {
        "id": row.id,
        "direction": row.direction,
        "channel": row.channel,
        "sender": row.sender,
        "at": _time(row.at),
        "language": row.language,
        "text": row.text,
        "intent": row.intent,
        "confidence": row.confidence,
        "action": row.action,
    }

"""Why one fact is believed: who said it when, in which words, and what it took the place of."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select

from crm_store.books import Books
from crm_store.facts import fact_of
from crm_store.models import FactRow, MessageRow
from one_to_one.errors import DripwiseError
from one_to_one.preferences import confidence_at, is_stale
from one_to_one.shop import ShopPack


class NoSuchFact(DripwiseError):
    """Customer {customer} has no fact {fact}. `customer show ID --history` lists them with their numbers."""


async def explain(books: Books, customer: str, fact: int, pack: ShopPack, now: datetime) -> dict[str, Any]:
    """The story of a fact, whichever of its versions is named. Raises NoSuchFact, UnknownCustomer."""
    kept = (await books.customers.get(customer)).id
    mine = select(FactRow).where(FactRow.customer_id == kept).order_by(FactRow.id)
    rows = {row.id: row for row in await books.session.scalars(mine)}
    if fact not in rows:
        raise NoSuchFact(customer=kept, fact=fact)
    asked = rows[fact]
    same = [row for row in rows.values() if _said(row) == _said(asked)]
    versions = {row.id for row in same}
    latest = same[-1]
    return {
        "topic": asked.topic,
        "value": asked.value,
        "polarity": asked.polarity,
        "believed": latest.superseded_at is None and latest.valid_until is None,
        "until": None if latest.valid_until is None else latest.valid_until.isoformat(),
        "confidence": latest.confidence,
        **_aged(latest, pack, now),
        "said": [await _telling(books, row) for row in same if row.valid_until is None],
        "instead_of": [
            _named(row)
            for row in rows.values()
            if row.superseded_by in versions - {row.id} and row.id not in versions
        ],
        "gave_way_to": [
            _named(rows[row.superseded_by])
            for row in same
            if row.superseded_by in rows and row.superseded_by not in versions
        ],
    }


def _said(row: FactRow) -> tuple[str, str, str]:
    return row.topic, row.value, row.polarity


def _aged(row: FactRow, pack: ShopPack, now: datetime) -> dict[str, Any]:
    """How far it is believed now; nothing for a topic the shop doesn't have any more."""
    topic = pack.topics.get(row.topic)
    if topic is None:
        return {"confidence_now": None, "half_life_days": None, "stale": None}
    fact = fact_of(row)
    return {
        "confidence_now": round(confidence_at(fact, topic, now), 4),
        "half_life_days": topic.half_life.days,
        "stale": is_stale(fact, topic, now),
    }


async def _telling(books: Books, row: FactRow) -> dict[str, Any]:
    """One time it was said, or inferred."""
    message = await books.session.get(MessageRow, row.message_id) if row.message_id is not None else None
    return {
        "fact": row.id,
        "at": row.heard_at.isoformat(),
        "channel": row.channel,
        "stated": row.stated,
        "confidence": row.confidence,
        "provisional": row.provisional,
        "words": row.words,
        "message": row.message_id,
        "text": message.text if message is not None else None,
    }


def _named(row: FactRow) -> dict[str, Any]:
    return {"fact": row.id, "value": row.value, "polarity": row.polarity, "since": row.valid_from.isoformat()}

"""A customer with one row of everything a store can hold of one, in words of the test's choosing.

Rows are made from the models themselves: a table or a column that comes later is filled too, so whatever
shows it is tried with the same words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Boolean, Column, Float, Integer, String, Table

from cli.exporting_orders import DETAILS
from crm_store.models import Base, CustomerRow
from crm_store.types import Amount, Instant, Row
from one_to_one.search_words import search_words
from tests.unit.shopfronts import Front

type Given = Mapping[str, object]

CODES: Given = {
    "language": "en",
    "channel": "web",
    "currency": "TWD",
    "polarity": "likes",
    "outcome": "open",
    "rating": "disliked",
    "verdict": "rejected",
    "verified_by": "session",
    "intent": "complain",
    "purpose": "unasked",
    "why": "limit",
    "product": "rye",
}
"""Columns that hold a word of ours, in every table; all others of text hold what people typed."""

NOTHING = frozenset(
    (
        *(
            "merged_into",
            "lease_owner",
            "lease_until",
            "stopped_at",
            "held_by",
            "superseded_at",
        ),
        *(
            "absorbed_id",
            "valid_until",
            "superseded_by",
            "solved_at",
            "kept_at",
            "returned_at",
        ),
        *(
            "taken_at",
            "replied_at",
            "undone_at",
            "used_at",
            "done_at",
            "image",
        ),
        *(
            "document",
            "error",
            "payload",
            "focus",
        ),
    )
)
"""Columns that say that something is over, or was sent along: empty, so that it shows."""


FIRST = ("contact", "message", "fact", "proposal", "customer_order")
"""Tables that rows of others point to."""


@dataclass(frozen=True)
class Furnished:
    """The customer, and the number of a row of theirs in each table."""

    id: str
    numbers: Mapping[str, int]

    @property
    def message(self) -> int:
        """What they said."""
        return self.numbers["message"]


def _tables() -> list[Table]:
    """Those with rows of a customer; not those of companies, which no customer has alone."""
    of_companies = {"company_member", "approval"}
    tables = Base.metadata.tables.values()
    return [table for table in tables if "customer_id" in table.columns and table.name not in of_companies]


def _rank(table: Table) -> tuple[int, str]:
    return FIRST.index(table.name) if table.name in FIRST else len(FIRST), table.name


OURS = frozenset(("who", "what", "owner", "tag", "title", "product", "remedy", "event"))
"""Columns of text that colleagues write, or the shop's own pack."""


async def furnish(
    front: Front, words: str, name: str | None = None, language: str = "en", ours: str | None = None
) -> Furnished:
    """A customer who typed `words` wherever something can be typed, and is called `name`.

    `ours` stands where colleagues write, and for codes that nobody knows; None: `words`, too.
    """
    now = front.clock()
    async with front.store.transaction() as books:
        customer: str = (await books.customers.create(language, now)).id
        row = await books.session.get_one(CustomerRow, customer)
        row.person_wanted_at = now
        await books.session.flush()
        made = _Maker(customer, words, words if ours is None else ours, now, {})
        for table in sorted(_tables(), key=_rank):
            await made.fill(books.session, table, {})
        for known, extra in made.more(name or words):
            await made.fill(books.session, Base.metadata.tables[known], extra)
    return Furnished(customer, made.numbers)


@dataclass
class _Maker:
    """Makes the rows, each pointing to those made before."""

    customer: str
    words: str
    ours: str
    now: datetime
    numbers: dict[str, int]

    async def fill(self, session: Any, table: Table, extra: Given) -> None:
        """One row of a table."""
        given = {**_OF_TABLES.get(table.name, {}), **extra}
        row = {column.name: self._value(table, column, given) for column in table.columns}
        row = {column: value for column, value in row.items() if value is not _LEFT}
        done = await session.execute(table.insert().values(row))
        key = done.inserted_primary_key[0]
        if isinstance(key, int):
            self.numbers.setdefault(table.name, key)

    def more(self, name: str) -> list[tuple[str, Given]]:
        """What the customer is called, and what was answered to them."""
        asked = self.numbers["message"]
        button = {"title": self.words[:200], "payload": "x"}
        answer = {
            "direction": "out",
            "sender": "bot",
            "reply_to": asked,
            "state": "sent",
            "buttons": [button],
        }
        said = {
            "direction": "out",
            "sender": "staff",
            "sender_name": "Mei",
            "reply_to": asked,
            "state": "sent",
        }
        called = {"topic": "name", "value": name[:500], "message_id": None}
        return [("message", answer), ("message", said), ("fact", called)]

    def _value(self, table: Table, column: Column[Any], given: Given) -> object:
        name = column.name
        if name in given:
            return self._worded(given[name])
        if name == "customer_id":
            return self.customer
        if column.primary_key and isinstance(column.type, Integer | Row):
            return _LEFT
        if name in CODES:
            return CODES[name]
        if name in NOTHING:
            return None if column.nullable else _LEFT
        if name.endswith("_id") or name in ("reply_to", "follows"):
            return self._reference(column)
        return self._plain(column)

    def _reference(self, column: Column[Any]) -> object:
        """The row made before that a number stands for."""
        tables = ("contact", "message", "fact", "proposal")
        known = {f"{table}_id": table for table in tables} | {"order_id": "customer_order", "kept_id": ""}
        table = known.get(column.name)
        if table is None:
            return f"{self.words[:60]}{self.customer}" if isinstance(column.type, String) else None
        return self.numbers.get(table) if table else self.customer

    def _plain(self, column: Column[Any]) -> object:
        kind = column.type
        if isinstance(kind, String):
            unique = column.unique or column.primary_key
            words = self.ours if column.name in OURS else self.words
            typed = f"{self.customer}{words}" if unique else words
            return typed[: kind.length] if kind.length else typed
        for known, value in _PLAIN:
            if isinstance(kind, known):
                return value(self) if callable(value) else value
        return _LEFT if column.default is not None else None if column.nullable else {}

    def _worded(self, value: object) -> object:
        """The same with what the customer typed in place of WORDS."""
        if isinstance(value, str):
            found = {_WORDS: self.words, _OURS: self.ours, _FOUND: search_words(self.words)}
            return found.get(value, value)
        if isinstance(value, dict):
            return {str(self._worded(key)): self._worded(each) for key, each in value.items()}
        if isinstance(value, list):
            return [self._worded(each) for each in value]
        return value


_LEFT = object()
_PLAIN: tuple[tuple[type, object], ...] = (
    (Instant, lambda made: made.now),
    (Boolean, False),
    (Float, 0.5),
    (Amount, Decimal(1)),
    (Integer, 1),
    (Row, 1),
)
_WORDS = "«WORDS»"
_OURS = "«OURS»"
_FOUND = "«FOUND»"  # what they are found by

_OF_TABLES: Mapping[str, Given] = {
    "message": {
        "direction": "in",
        "sender": "customer",
        "sender_name": None,
        "state": "answered",
        "action": "action_inform",
        "confidence": 0.5,
        "ranking": [{"name": "complain", "confidence": 0.5}, {"name": _OURS, "confidence": 0.3}],
        "entities": [
            {"entity": "grain", "value": "rye", "start": 0, "end": 5},
            {"entity": "name", "value": _WORDS, "start": 6, "end": 9},
            {"entity": _OURS, "value": _WORDS},
        ],
        "suggested": {"reply": _WORDS, "question": _WORDS, "proposal": _WORDS},
        "text": _WORDS,
        "words": _FOUND,
        "external_id": None,
        "target": None,
    },
    "fact": {"topic": "people"},
    "asking": {"topic": "grain", "kind": "open"},
    "question": {"topic": "grain", "state": "asked"},
    "proposal": {
        "items": [
            {
                "product": _OURS,
                "facts": [1, 999],
                "options": {"size": _OURS, _OURS: _OURS},
                "assumed": ["size"],
            }
        ],
        "reason": "price",
    },
    "customer_order": {
        "state": "placed",
        "details": dict.fromkeys(DETAILS, _WORDS),
        "external_id": _OURS,
        "imported_key": None,
        "refill_id": None,
    },
    "order_line": {"options": {"size": _OURS}, "imported_key": None, "specification": None},
    "order_step": {"state": "placed"},
    "order_event": {"state": "waiting", "kind": "order.placed"},
    "complaint": {"state": "open", "solved_by": None, "remedy": None},
    "handover": {"colleague": None, "returned_by": None, "note": ""},
    "consent": {"state": "granted"},
    "refill": {"state": "active"},
    "approval": {"state": "waiting", "decided_by": None},
    "doubt": {"reasons": ["unsure", "odd"]},
    "fact_review": {"topic": "people"},
    "review_case": {"reasons": ["unsure"], "assigned_to": "Mei"},
    "review": {"reviewer": "Mei", "facts": [{"entity": "name", "value": _WORDS, "start": 0, "end": 5}]},
    "unmet_wish": {"wants": [{"topic": "name", "value": _WORDS, "polarity": "likes"}]},
    "promise": {"what": _OURS},
}
"""What the code itself writes into a table, and what rows look like that are still open."""

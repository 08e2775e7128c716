"""A store with many customers, made fast."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import create_engine, insert

from crm_store.customers import new_id
from crm_store.migrating import migrate
from crm_store.models import CustomerRow, FactRow, IdentityRow

SEED = 20261124
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
VALUES = {
    "roast": ("light", "medium", "dark"),
    "strength": ("mild", "medium", "strong"),
    "acidity": ("low", "medium", "high"),
    "body": ("light", "medium", "full"),
    "flavour": ("fruity", "floral", "nutty", "chocolate"),
    "origin": ("ethiopia", "kenya", "colombia", "brazil"),
    "process": ("washed", "natural", "honey"),
    "brew": ("espresso", "pour_over", "moka"),
    "grind": ("whole_bean", "coarse", "fine"),
    "milk": ("black", "dairy", "oat"),
    "sweetener": ("none", "some"),
    "cups_per_day": ("1", "2", "3"),
    "bag_size": ("250", "500"),
    "rhythm": ("weekly", "monthly"),
}


def fill(database: Path, customers: int, facts_each: int) -> None:
    """Make a SQLite store at `database` with so many customers who told so many facts each."""
    url = f"sqlite:///{database}"
    migrate(url.replace("sqlite:", "sqlite+aiosqlite:", 1))
    chance = random.Random(SEED)
    ids = [new_id() for _ in range(customers)]
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(insert(CustomerRow), [_customer(number) for number in ids])
        connection.execute(insert(IdentityRow), [_identity(number) for number in ids])
        facts = [fact for number in ids for fact in _facts(number, facts_each, chance)]
        connection.execute(insert(FactRow), facts)
    engine.dispose()


def _customer(number: str) -> dict[str, object]:
    return {"id": number, "language": "en", "created_at": BEGAN}


def _identity(number: str) -> dict[str, object]:
    return {
        "customer_id": number,
        "channel": "import",
        "external_id": number,
        "verified_by": "list",
        "verified_at": BEGAN,
    }


def _facts(customer: str, count: int, chance: random.Random) -> Iterator[dict[str, object]]:
    for topic in chance.sample(sorted(VALUES), count):
        heard = BEGAN + timedelta(days=chance.randrange(300))
        yield {
            "customer_id": customer,
            "topic": topic,
            "value": chance.choice(VALUES[topic]),
            "polarity": "likes",
            "stated": True,
            "confidence": 1.0,
            "valid_from": heard,
            "recorded_at": heard,
            "heard_at": heard,
            "channel": "import",
        }

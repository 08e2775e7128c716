"""Links by which a customer fetches what is kept about them: short-lived, and of no use to anybody later."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete

from crm_store.books import Books
from crm_store.models import ExportRow

LIFE = timedelta(minutes=15)
TOKEN_BYTES = 24


async def make_link(books: Books, customer: str, now: datetime) -> str:
    """A token that opens the customer's data until `now` + LIFE. Earlier ones stop to work."""
    await books.session.execute(delete(ExportRow).where(ExportRow.customer_id == customer))
    token = secrets.token_urlsafe(TOKEN_BYTES)
    books.session.add(
        ExportRow(token_hash=_hash(token), customer_id=customer, created_at=now, expires_at=now + LIFE)
    )
    return token


async def customer_of_link(books: Books, token: str, now: datetime) -> str | None:
    """Whose data the token opens; None: nobody's, or no longer."""
    row = await books.session.get(ExportRow, _hash(token))
    return row.customer_id if row is not None and now < row.expires_at else None


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()

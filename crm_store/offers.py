"""The buttons a customer was offered."""

from __future__ import annotations

from sqlalchemy import String, cast, select

from crm_store.books import Books
from crm_store.models import MessageRow


async def title_offered(books: Books, customer: str, payload: str) -> str | None:
    """The title of the newest button with this payload; None: the customer was never offered it."""
    written = cast(MessageRow.buttons, String)
    maybe = select(MessageRow.buttons).where(
        MessageRow.customer_id == customer,
        MessageRow.direction == "out",
        written.contains(payload, autoescape=True),
    )
    for buttons in await books.session.scalars(maybe.order_by(MessageRow.id.desc())):
        for button in buttons:
            if button["payload"] == payload:
                return str(button["title"])
    return None

"""A colleague speaks: their words go out as pushes do, where the customer talked last."""

from __future__ import annotations

from datetime import datetime

from crm_store.books import Books
from crm_store.models import MessageRow
from one_to_one.replies import Reply

WEB = "web"
RECENT = 50
"""How many of the last messages are searched for the place where the customer talks."""


async def place(books: Books, customer: str) -> tuple[str, str | None]:
    """The channel where the customer talked last, and the address there; the web page when they never did."""
    recent = await books.messages.recent(customer, RECENT)
    theirs = [message for message in recent if message.direction == "in"]
    return (theirs[-1].channel, theirs[-1].target) if theirs else (WEB, None)


async def tell(
    books: Books, customer: str, reply: Reply, at: datetime, *, sender: str, name: str | None = None
) -> MessageRow:
    """Say something where the customer talked last: as "shop", or as "staff" by the colleague's name.

    Raises UnknownCustomer.
    """
    to = await books.customers.get(customer)
    channel, target = await place(books, to.id)
    return await books.messages.push(
        to.id, reply, channel, at, sender=sender, sender_name=name, target=target, language=to.language
    )

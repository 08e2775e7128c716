"""What the shop says unasked: pushes, and answers that came too late for the request that asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from crm_store.books import Books
from crm_store.models import CustomerRow, MessageRow
from one_to_one.consent import Purpose, State
from one_to_one.replies import Reply


async def unasked(books: Books, after: Mapping[str, int]) -> list[MessageRow]:
    """What was said unasked to these customers, to each after the number given, oldest first.

    An answer is late when its message had to wait; the notice that it waits is no answer.
    """
    if not after:
        return []
    asked = aliased(MessageRow)
    late = exists().where(asked.id == MessageRow.reply_to, asked.attempts > 0)
    rows = select(MessageRow).where(
        or_(*(_beyond(customer, number) for customer, number in after.items())),
        MessageRow.direction == "out",
        or_(MessageRow.reply_to.is_(None), and_(MessageRow.sender != "shop", late)),
    )
    return list(await books.session.scalars(rows.order_by(MessageRow.id)))


def _beyond(customer: str, number: int) -> ColumnElement[bool]:
    return and_(MessageRow.customer_id == customer, MessageRow.id > number)


async def newest(books: Books, customer: str) -> int:
    """The number of the customer's newest message; 0: there is none."""
    number = await books.session.scalar(
        select(func.max(MessageRow.id)).where(MessageRow.customer_id == customer)
    )
    return number or 0


async def merged(books: Books, customers: list[str]) -> dict[str, str]:
    """Those of these customers who were merged, with whom they became."""
    rows = select(CustomerRow.id, CustomerRow.merged_into).where(
        CustomerRow.id.in_(customers), CustomerRow.merged_into.is_not(None)
    )
    return {absorbed: kept for absorbed, kept in await books.session.execute(rows) if kept is not None}


async def write_first(
    books: Books, customer: str, reply: Reply, channel: str, at: datetime, target: str | None = None
) -> MessageRow | None:
    """Say something that nobody asked for; None, and nothing said, without the customer's yes to that."""
    row = await books.customers.get(customer)
    states = await books.consents.states(row.id)
    if states.get(Purpose.UNASKED) != State.GRANTED or row.stopped_at is not None:
        return None
    return await books.messages.push(row.id, reply, channel, at, target=target, language=row.language)

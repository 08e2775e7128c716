"""What the shop says unasked: pushes, and answers that came too late for the request that asked."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from crm_store.books import Books
from crm_store.models import CustomerRow, MessageRow


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

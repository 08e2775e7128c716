"""Forgetting what was learned, at the customer's word, while the conversation and their orders go on."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, Table, delete, or_, update

from crm_store.books import Books
from crm_store.erasing import Receipt
from crm_store.models import Base
from crm_store.rows import MERGES, family

LEARNED = ("fact", "question", "proposal", "consent")
"""The tables that hold nothing but what was learned."""


async def forget(books: Books, customer: str, message: int, at: datetime) -> Receipt:
    """Delete what was learned and said before `message`. Orders and promises stay, names of channels too.

    Merges can't be undone afterwards: their journals would bring back what was forgotten.
    """
    await books.session.flush()
    ids = await family(books.session, customer)
    tables = Base.metadata.tables
    counts = {name: await _delete(books, tables[name], _of(tables[name], ids)) for name in LEARNED}
    said = tables["message"]
    counts["message"] = await _delete(books, said, _of(said, ids) & (said.c.id < message))
    about = or_(MERGES.c.kept_id.in_(ids), MERGES.c.absorbed_id.in_(ids))
    counts["merge"] = await _delete(books, MERGES, about)
    await _drop_verdicts(books, tables["order_line"], ids)
    books.session.info["erased"] = True
    receipt = Receipt(customer, at, {name: count for name, count in counts.items() if count})
    await books.audit.record("customer", "forget", customer, at, rows=receipt.total)
    return receipt


def _of(table: Table, ids: list[str]) -> ColumnElement[bool]:
    return table.c.customer_id.in_(ids)


async def _delete(books: Books, table: Table, which: ColumnElement[bool]) -> int:
    statement = delete(table).where(which).execution_options(synchronize_session=False)
    return cast("CursorResult[Any]", await books.session.execute(statement)).rowcount


async def _drop_verdicts(books: Books, lines: Table, ids: list[str]) -> None:
    """What was bought stays; how it was liked goes."""
    empty = {"rating": None, "rating_words": None, "rated_at": None}
    await books.session.execute(update(lines).where(_of(lines, ids)).values(**empty))

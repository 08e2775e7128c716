"""What is done again and again by whichever process comes first: one at a time, among all of them."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import or_, update

from crm_store.models import ChoreRow
from crm_store.store import Store
from crm_store.upserting import insert_new

ABANDONED = timedelta(hours=1)
"""After this long whoever is at a chore is taken for dead."""


async def take(store: Store, name: str, every: timedelta, now: datetime) -> bool:
    """Take a chore that is due; False: it isn't, or somebody is at it."""
    async with store.transaction() as books:
        await insert_new(books.session, ChoreRow, {"name": name}, ["name"])
        free = or_(ChoreRow.until.is_(None), ChoreRow.until <= now)
        due = or_(ChoreRow.done_at.is_(None), ChoreRow.done_at <= now - every)
        taken = (
            update(ChoreRow)
            .where(ChoreRow.name == name, free, due)
            .values(until=now + ABANDONED)
            .returning(ChoreRow.name)
            .execution_options(synchronize_session=False)
        )
        return await books.session.scalar(taken) is not None


async def done(store: Store, name: str, now: datetime) -> None:
    """It is done, and due again later."""
    async with store.transaction() as books:
        ours = update(ChoreRow).where(ChoreRow.name == name).values(until=None, done_at=now)
        await books.session.execute(ours.execution_options(synchronize_session=False))

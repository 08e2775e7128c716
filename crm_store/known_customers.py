"""Finding or making the customers that an imported table names."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from crm_store.customers import new_id
from crm_store.rows import CUSTOMERS, IDENTITIES

CHANNEL = "import"
VERIFIED_BY = "list"


@dataclass(frozen=True, slots=True)
class Known:
    """A customer as an imported table names them."""

    customer: str
    identity: int


async def known(session: AsyncSession, names: Collection[str], channel: str = CHANNEL) -> dict[str, Known]:
    """Those of these names that belong to somebody."""
    found = select(IDENTITIES.c.external_id, IDENTITIES.c.customer_id, IDENTITIES.c.id).where(
        IDENTITIES.c.channel == channel, IDENTITIES.c.external_id.in_(sorted(names))
    )
    return {name: Known(customer, number) for name, customer, number in await session.execute(found)}


async def known_or_new(
    session: AsyncSession, languages: dict[str, str], at: datetime
) -> tuple[dict[str, Known], set[str]]:
    """The customers of these names (name -> language of a new one); and the names that are new."""
    there = await known(session, languages)
    fresh = {name: new_id() for name in languages if name not in there}
    if fresh:
        rows = [{"id": fresh[name], "language": languages[name], "created_at": at} for name in fresh]
        await session.execute(insert(CUSTOMERS), rows)
        await identify(session, [(fresh[name], CHANNEL, name) for name in fresh], at)
        there |= await known(session, fresh)
    return there, set(fresh)


async def identify(session: AsyncSession, names: list[tuple[str, str, str]], at: datetime) -> None:
    """Note names (customer, channel, name) that nobody has yet."""
    verified = {"verified_by": VERIFIED_BY, "verified_at": at}
    rows = [{"customer_id": who, "channel": by, "external_id": name} | verified for who, by, name in names]
    await session.execute(insert(IDENTITIES), rows)

"""Customers, the names channels know them by, their sessions and links."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, null, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from crm_store.models import CustomerRow, IdentityRow, LinkRow, MergeRow, SessionRow
from crm_store.upserting import insert_new
from one_to_one.errors import BadLink, UnknownCustomer

ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"  # base32, lower case
ID_CHARACTERS = 20

CUSTOMERS: Any = CustomerRow.__table__

# Statements of every turn are built once: building one takes longer than running it.
BY_SESSION = (
    select(CustomerRow)
    .join(SessionRow, SessionRow.customer_id == CustomerRow.id)
    .where(SessionRow.token_hash == bindparam("token"))
)
LEASE = (
    update(CUSTOMERS)
    .where(
        CUSTOMERS.c.id == bindparam("customer"),
        or_(
            CUSTOMERS.c.lease_owner.is_(None),
            CUSTOMERS.c.lease_owner == bindparam("owner"),
            CUSTOMERS.c.lease_until <= bindparam("now"),
        ),
    )
    .values(lease_owner=bindparam("owner"), lease_until=bindparam("until"))
    .returning(CUSTOMERS.c.id)
)
RELEASE = (
    update(CUSTOMERS)
    .where(CUSTOMERS.c.id == bindparam("customer"), CUSTOMERS.c.lease_owner == bindparam("owner"))
    .values(lease_owner=null(), lease_until=null())
)


def new_id() -> str:
    """A customer number nobody can guess: 100 random bits."""
    return "c" + "".join(secrets.choice(ALPHABET) for _ in range(ID_CHARACTERS))


def hashed(token: str) -> str:
    """What is kept of a token: its SHA-256, hexadecimal."""
    return hashlib.sha256(token.encode()).hexdigest()


class Customers:
    """Who the customers are."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def create(self, language: str, at: datetime) -> CustomerRow:
        """A new customer, known by nothing yet."""
        row = CustomerRow(id=new_id(), language=language, created_at=at)
        self._session.add(row)
        await self._session.flush()
        return row

    async def get(self, customer: str) -> CustomerRow:
        """The customer of this id, or the one they were merged into. Raises UnknownCustomer."""
        row = await self._session.get(CustomerRow, customer)
        while row is not None and row.merged_into is not None:
            row = await self._session.get(CustomerRow, row.merged_into)
        if row is None:
            raise UnknownCustomer(customer=customer)
        return row

    async def find(self, channel: str, external_id: str) -> CustomerRow | None:
        """The customer a channel knows by this name; None: nobody yet."""
        found = (
            select(CustomerRow)
            .join(IdentityRow, IdentityRow.customer_id == CustomerRow.id)
            .where(IdentityRow.channel == channel, IdentityRow.external_id == external_id)
        )
        return await self._session.scalar(found)

    async def identify(
        self, customer: str, channel: str, external_id: str, verified_by: str, at: datetime
    ) -> IdentityRow:
        """Note the name a channel knows this customer by. The same name again returns the row there is."""
        await insert_new(
            self._session,
            IdentityRow,
            {
                "customer_id": customer,
                "channel": channel,
                "external_id": external_id,
                "verified_by": verified_by,
                "verified_at": at,
            },
        )
        named = select(IdentityRow).where(
            IdentityRow.channel == channel, IdentityRow.external_id == external_id
        )
        return (await self._session.scalars(named)).one()

    async def identities(self, customer: str) -> list[IdentityRow]:
        """Every name of a customer, oldest first."""
        rows = select(IdentityRow).where(IdentityRow.customer_id == customer).order_by(IdentityRow.id)
        return list(await self._session.scalars(rows))

    async def merges(self, customer: str) -> list[MergeRow]:
        """The merges a customer had a part in, oldest first; those undone too."""
        either = or_(MergeRow.kept_id == customer, MergeRow.absorbed_id == customer)
        return list(await self._session.scalars(select(MergeRow).where(either).order_by(MergeRow.id)))

    async def open_session(self, customer: str, token: str, at: datetime) -> None:
        """Let the browser that has this token speak for the customer."""
        self._session.add(SessionRow(token_hash=hashed(token), customer_id=customer, created_at=at))
        await self._session.flush()

    async def by_session(self, token: str) -> CustomerRow | None:
        """The customer a browser speaks for; None: no such token."""
        return await self._session.scalar(BY_SESSION, {"token": hashed(token)})

    async def make_link(self, customer: str, token: str, at: datetime, expires_at: datetime) -> None:
        """Invite the customer to continue on another channel, once, before `expires_at`."""
        self._session.add(
            LinkRow(token_hash=hashed(token), customer_id=customer, created_at=at, expires_at=expires_at)
        )
        await self._session.flush()

    async def use_link(self, token: str, at: datetime) -> CustomerRow:
        """The customer who was invited; the invitation is spent. Raises BadLink."""
        spent = (
            update(LinkRow)
            .where(LinkRow.token_hash == hashed(token), LinkRow.used_at.is_(None), LinkRow.expires_at > at)
            .values(used_at=at)
            .returning(LinkRow.customer_id)
            .execution_options(synchronize_session=False)
        )
        customer = await self._session.scalar(spent)
        if customer is None:
            raise BadLink()
        return await self.get(customer)

    async def lease(self, customer: str, owner: str, at: datetime, until: datetime) -> bool:
        """Take the customer's turn until `until`; False: somebody else has it."""
        told = {"customer": customer, "owner": owner, "now": at, "until": until}
        return await self._session.scalar(LEASE, told) is not None

    async def release(self, customer: str, owner: str) -> None:
        """Give the customer's turn back, if it is still ours."""
        await self._session.execute(RELEASE, {"customer": customer, "owner": owner})

    async def listed(self, limit: int = 100, after: str = "") -> list[CustomerRow]:
        """Customers by id, those merged into another left out; `after` is the last id of the page before."""
        rows = (
            select(CustomerRow)
            .where(CustomerRow.id > after, CustomerRow.merged_into.is_(None))
            .order_by(CustomerRow.id)
            .limit(limit)
        )
        return list(await self._session.scalars(rows))

"""Parting the contacts of two customers: a visit both had a part in becomes one of each."""

from __future__ import annotations

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from crm_store.rows import CONTACTS, MESSAGES, TABLES, Values, rows_of, thawed
from crm_store.speakers import Speakers

REFERRING = tuple(table for table in TABLES if "contact_id" in table.c)


async def part_contacts(session: AsyncSession, known: Speakers, kept: str, absorbed: str) -> None:
    """Give each their contacts as they were, and one of their own for what they said in the other's."""
    contacts = await rows_of(session, CONTACTS, [kept])
    said = await _said_in(session, kept, absorbed)
    owner = {row["id"]: absorbed if _is_theirs(known, row, said, kept) else kept for row in contacts}
    for row in contacts:
        await _set(
            session,
            row["id"],
            _restored(known, row, said, owner[row["id"]]) | {"customer_id": owner[row["id"]]},
        )
    by_number = {row["id"]: row for row in contacts}
    for customer in (kept, absorbed):
        for number in await _borrowed(session, customer, owner):
            await _split(session, by_number[number], customer, said)


type Said = dict[tuple[int, str], list[Values]]
"""What each customer said in each contact."""


async def _said_in(session: AsyncSession, *customers: str) -> Said:
    found = select(
        MESSAGES.c.contact_id, MESSAGES.c.customer_id, MESSAGES.c.at, MESSAGES.c.id, MESSAGES.c.channel
    )
    rows = await session.execute(
        found.where(MESSAGES.c.customer_id.in_(customers), MESSAGES.c.contact_id.is_not(None)).order_by(
            MESSAGES.c.id
        )
    )
    said: Said = {}
    for row in rows.mappings():
        said.setdefault((row["contact_id"], row["customer_id"]), []).append(dict(row))
    return said


def _is_theirs(known: Speakers, row: Values, said: Said, kept: str) -> bool:
    """A new contact goes with the one who alone spoke in it."""
    had = known.had("contact", row["id"])
    if had is not None:
        return had
    return (row["id"], kept) not in said and any(number == row["id"] for number, _ in said)


def _restored(known: Speakers, row: Values, said: Said, owner: str) -> Values:
    """A contact as it was at the merge, brought up to what its owner said in it since."""
    for line in known.journal.contacts:
        if line["id"] == row["id"]:
            before = thawed(CONTACTS, line)
            own = [
                each["at"]
                for each in said.get((row["id"], owner), ())
                if known.had("message", each["id"]) is None
            ]
            return row if own else before
    return row


async def _borrowed(session: AsyncSession, customer: str, owner: dict[int, str]) -> list[int]:
    """The other's contacts that this customer's rows refer to."""
    numbers: set[int] = set()
    for table in REFERRING:
        found = select(table.c.contact_id).where(table.c.customer_id == customer).distinct()
        numbers |= {
            number for number in await session.scalars(found) if owner.get(number, customer) != customer
        }
    return sorted(numbers)


async def _split(session: AsyncSession, contact: Values, customer: str, said: Said) -> None:
    spoken = said.get((contact["id"], customer), [])
    fresh = {name: value for name, value in contact.items() if name != "id"} | {"customer_id": customer}
    if spoken:
        times = [each["at"] for each in spoken]
        fresh |= {"started_at": min(times), "last_at": max(times), "channel": spoken[0]["channel"]}
    number = await session.scalar(
        insert(CONTACTS).values(fresh | {"questions_spent": 0}).returning(CONTACTS.c.id)
    )
    for table in REFERRING:
        theirs = (table.c.customer_id == customer) & (table.c.contact_id == contact["id"])
        await session.execute(update(table).where(theirs).values(contact_id=number))


async def _set(session: AsyncSession, number: int, row: Values) -> None:
    values = {name: value for name, value in row.items() if name != "id"}
    await session.execute(update(CONTACTS).where(CONTACTS.c.id == number).values(values))

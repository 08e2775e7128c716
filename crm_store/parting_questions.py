"""Parting two question ledgers that were merged."""

from __future__ import annotations

from sqlalchemy import delete, insert
from sqlalchemy.ext.asyncio import AsyncSession

from crm_store.rows import QUESTIONS, Values, rows_of, thawed
from crm_store.speakers import Speakers
from one_to_one.ledger import QuestionState

SAID = ("state", "at", "times_asked", "contact_id", "asked_at", "settled")


async def part_questions(session: AsyncSession, known: Speakers, kept: str, absorbed: str) -> None:
    """Give each their lines as they were, and what changed since to the one it was said by."""
    before = [thawed(QUESTIONS, line) for line in known.journal.ledgers]
    now = await rows_of(session, QUESTIONS, [kept])
    gone = _lost_since(before, now)
    parted = [line for line in before if line["topic"] not in gone]
    for line in now:
        parted = _with(parted, line, _sayer(known, before, line, kept, absorbed))
    await session.execute(delete(QUESTIONS).where(QUESTIONS.c.customer_id == kept))
    for line in parted:
        await session.execute(insert(QUESTIONS).values(line))


def _lost_since(before: list[Values], now: list[Values]) -> set[str]:
    """Topics whose line somebody took out of the ledger after the merge."""
    return {line["topic"] for line in before} - {line["topic"] for line in now}


def _sayer(known: Speakers, before: list[Values], line: Values, kept: str, absorbed: str) -> str:
    """Whose line it is now: its owner's while it is as it was, else of who spoke when it changed."""
    for old in before:
        if old["id"] == line["id"] and all(old[name] == line[name] for name in SAID):
            return str(old["customer_id"])
    return absorbed if known.at(line["at"]) else kept


def _with(parted: list[Values], line: Values, customer: str) -> list[Values]:
    """The ledgers with this customer's line brought up to date, or added under a number not in use."""
    said = {name: line[name] for name in SAID}
    lately = line["times_asked"] - sum(old["times_asked"] for old in parted if old.get("id") == line["id"])
    mine = [old for old in parted if (old["customer_id"], old["topic"]) == (customer, line["topic"])]
    if mine:
        said |= _counted(line, mine[0]["times_asked"] + lately, mine[0]["settled"])
        return [old | said if old is mine[0] else old for old in parted]
    taken = any(old.get("id") == line["id"] for old in parted)
    fresh = {name: value for name, value in line.items() if not (taken and name == "id")}
    alone = {"customer_id": customer, "elsewhere": 0, "known": False}
    return [*parted, fresh | alone | _counted(line, lately, 0)]


def _counted(line: Values, asked: int, settled: int) -> Values:
    """How often their own question was asked, and had been when it was answered."""
    return {"times_asked": asked, "settled": asked if line["state"] == QuestionState.ANSWERED else settled}

"""Who of two merged customers said or did what came after the merge, told by the channel it came by."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from crm_store.journal import Journal
from crm_store.rows import IDENTITIES, MESSAGES


@dataclass(frozen=True, slots=True)
class Speakers:
    """Tells the absorbed customer's rows (True) from those that stay (False)."""

    journal: Journal
    messages: Mapping[int, bool]  # number -> whether the absorbed customer's, of every message
    times: Sequence[datetime]  # when they spoke, ascending
    turns: Sequence[bool]  # whose turn each of these was

    def had(self, table: str, key: Any) -> bool | None:
        """Whose row it was at the merge; None: it came later."""
        if key in self.journal.rows.get(table, ()):
            return True
        return None if key > self.journal.last.get(table, 0) else False

    def gave_way(self, fact: Mapping[str, Any]) -> bool:
        """Whether a fact was superseded by the merge itself."""
        by = (fact["id"], "superseded_by", fact["superseded_by"])
        return by in {(change.key, change.column, change.after) for change in self.journal.changes}

    def at(self, moment: datetime) -> bool:
        """Who spoke last at this moment; the one who stays when nobody did."""
        before = bisect_right(self.times, moment)
        return before > 0 and self.turns[before - 1]

    def of(self, table: str, row: Mapping[str, Any], moment: datetime) -> bool:
        """Whose a row is: theirs at the merge, else of who said it, else of who it was imported for."""
        had = self.had(table, row["id"])
        if had is not None:
            return had
        if row.get("identity_id") is not None:
            return bool(self.had("identity", row["identity_id"]))
        if row.get("message_id") in self.messages:
            return self.messages[row["message_id"]]
        return self.at(moment)


async def speakers(session: AsyncSession, journal: Journal, kept: str) -> Speakers:
    """Read who said what from the messages of the customer who stayed."""
    columns = ("id", "direction", "channel", "target", "at", "reply_to")
    found = select(*(MESSAGES.c[name] for name in columns))
    rows = (
        await session.execute(found.where(MESSAGES.c.customer_id == kept).order_by(MESSAGES.c.id))
    ).mappings()
    theirs, ours = await _names(session, journal, kept)
    known = Speakers(journal, {}, (), ())
    whose: dict[int, bool] = {}
    for row in rows:
        had = known.had("message", row["id"])
        fresh = whose.get(row["reply_to"] or 0, _came_by(row["channel"], row["target"], theirs, ours))
        whose[row["id"]] = fresh if had is None else had
    spoken = await _spoken(session, kept)
    return Speakers(journal, whose, [at for at, _ in spoken], [whose[number] for _, number in spoken])


def _came_by(channel: str, target: str | None, theirs: _Names, ours: _Names) -> bool:
    """By the name when the channel gives one; else by a channel only one of the two used."""
    name = (channel, target)
    if name in theirs.names or name in ours.names:
        return name in theirs.names
    return channel in theirs.channels - ours.channels


@dataclass(frozen=True, slots=True)
class _Names:
    names: frozenset[tuple[str, str | None]]
    channels: frozenset[str]


async def _names(session: AsyncSession, journal: Journal, kept: str) -> tuple[_Names, _Names]:
    rows = await session.execute(
        select(IDENTITIES.c.id, IDENTITIES.c.channel, IDENTITIES.c.external_id).where(
            IDENTITIES.c.customer_id == kept
        )
    )
    theirs: set[tuple[str, str | None]] = set()
    ours: set[tuple[str, str | None]] = set()
    for number, channel, external_id in rows:
        (theirs if number in journal.rows["identity"] else ours).add((channel, external_id))
    used = await _channels(session, journal, kept)
    return (
        _Names(frozenset(theirs), frozenset(channel for channel, _ in theirs) | used[True]),
        _Names(frozenset(ours), frozenset(channel for channel, _ in ours) | used[False]),
    )


async def _channels(session: AsyncSession, journal: Journal, kept: str) -> dict[bool, set[str]]:
    """The channels each of the two had written on before the merge."""
    written = select(MESSAGES.c.id, MESSAGES.c.channel).where(
        MESSAGES.c.customer_id == kept, MESSAGES.c.id <= journal.last["message"]
    )
    moved = set(journal.rows["message"])
    used: dict[bool, set[str]] = {True: set(), False: set()}
    for number, channel in await session.execute(written):
        used[number in moved].add(channel)
    return used


async def _spoken(session: AsyncSession, kept: str) -> list[tuple[datetime, int]]:
    said = select(MESSAGES.c.at, MESSAGES.c.id).where(
        MESSAGES.c.customer_id == kept, MESSAGES.c.direction == "in"
    )
    return [(at, number) for at, number in await session.execute(said.order_by(MESSAGES.c.at, MESSAGES.c.id))]

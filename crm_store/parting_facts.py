"""Parting the facts of two customers who were merged, with their versions.

What happened to a value since the merge (heard, heard again, ended, taken back) is told again for each of the
two, as if the other had never spoken.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncSession

from crm_store.rows import FACTS, Values, rows_of
from crm_store.speakers import Speakers

HEARD = ("stated", "confidence", "message_id", "identity_id", "channel", "heard_at", "words", "provisional")


async def part_facts(session: AsyncSession, known: Speakers, kept: str, absorbed: str) -> None:
    """Give each the versions they said themselves, linked as if the other had never spoken."""
    for rows in _by_value(await rows_of(session, FACTS, [kept])):
        told = [(absorbed, _told(known, rows, True)), (kept, _told(known, rows, False))]
        await _write(session, rows, [row | {"customer_id": who} for who, each in told for row in each])


def _by_value(rows: list[Values]) -> Iterable[list[Values]]:
    """All versions of what is said about one value, together."""
    grouped: dict[tuple[str, str, str], list[Values]] = {}
    for row in rows:
        grouped.setdefault((row["topic"], row["value"], row["polarity"]), []).append(row)
    return grouped.values()


def _told(known: Speakers, rows: list[Values], theirs: bool) -> list[Values]:
    """One customer's versions of a fact, retold."""
    story = _Story()
    ended_by = {row["id"]: row["superseded_by"] for row in rows}
    for row in rows:
        if known.had("fact", row["id"]) is theirs:
            story.begin(row, row["id"] in known.journal.believed)
    for _, row, took_back in sorted(_events(known, rows, theirs), key=_order):
        if took_back:
            story.take_back(row)
        elif _is_ending(row):
            story.end(row, ended_by.get(row["follows"]))
        else:
            story.hear(row)
    return story.versions


type Event = tuple[datetime, Values, bool]
"""When, which version, and whether it was taken back (or else written)."""


def _events(known: Speakers, rows: list[Values], theirs: bool) -> Iterable[Event]:
    followed = {row["follows"] for row in rows}
    for row in rows:
        late = known.had("fact", row["id"]) is None
        if late and _sayer(known, row) is theirs:
            yield row["recorded_at"], row, False
        if _was_taken_back(known, row, late, followed) and known.at(row["superseded_at"]) is theirs:
            yield row["superseded_at"], row, True


def _order(event: Event) -> tuple[datetime, int, bool]:
    at, row, took_back = event
    return at, row["id"], took_back


def _sayer(known: Speakers, row: Values) -> bool:
    """An ending belongs to who ended it, whoever said the fact it ends."""
    if _is_ending(row):
        return known.at(row["recorded_at"])
    return known.of("fact", row, row["recorded_at"])


def _is_ending(row: Values) -> bool:
    return row["follows"] is not None and row["valid_until"] is not None


def _was_taken_back(known: Speakers, row: Values, late: bool, followed: set[int | None]) -> bool:
    """Superseded since the merge, by nothing that follows it and not by the merge itself."""
    if row["superseded_at"] is None or row["id"] in followed:
        return False
    return late or (row["id"] in known.journal.believed and not known.gave_way(row))


@dataclass(slots=True)
class _Story:
    """The versions of one value as one customer told it."""

    versions: list[Values] = field(default_factory=list)
    current: int | None = None  # the place of the version that still holds

    def begin(self, row: Values, believed: bool) -> None:
        """What there was at the merge, as it was then."""
        reopened = {"superseded_at": None, "superseded_by": None} if believed else {}
        if believed and row["valid_until"] is None:
            self.current = len(self.versions)
        self.versions.append(row | reopened)

    def hear(self, row: Values) -> None:
        """The value is said: for the first time, or again."""
        fresh = row | {"superseded_at": None, "superseded_by": None, "follows": None}
        if self.current is not None:
            before = self.versions[self.current]
            fresh |= {"follows": before["id"], "valid_from": before["valid_from"]}
            self._close(row["recorded_at"], row["id"])
        elif row["follows"] is not None:
            fresh["valid_from"] = row["recorded_at"]
        self.current = len(self.versions)
        self.versions.append(fresh)

    def end(self, row: Values, by: int | None) -> None:
        """The value no longer holds, because of the fact `by`; of what one never said nothing ends."""
        if self.current is None:
            return
        before = self.versions[self.current]
        heard = {name: before[name] for name in HEARD}
        linked = {"follows": before["id"], "valid_from": before["valid_from"]}
        self._close(row["recorded_at"], by)
        self.current = None
        self.versions.append(row | heard | linked | {"superseded_at": None, "superseded_by": None})

    def take_back(self, row: Values) -> None:
        """It never was true: of what holds now, or of the past when it was the past that was taken back."""
        if row["valid_until"] is None:
            self._close(row["superseded_at"], row["superseded_by"])
            self.current = None
            return
        for place, version in enumerate(self.versions):
            if version["id"] == row["id"]:
                self.versions[place] = version | {"superseded_at": row["superseded_at"]}

    def _close(self, at: datetime, by: int | None) -> None:
        if self.current is not None:
            closed = {"superseded_at": at, "superseded_by": by}
            self.versions[self.current] = self.versions[self.current] | closed


async def _write(session: AsyncSession, before: list[Values], after: list[Values]) -> None:
    """Write what is different: first what no longer holds, so that no value holds twice in between."""
    as_was = {row["id"]: row for row in before}
    gone = as_was.keys() - {row["id"] for row in after}
    if gone:
        await session.execute(delete(FACTS).where(FACTS.c.id.in_(gone)))
    for row in sorted(after, key=_holds):
        changed = {name: value for name, value in row.items() if as_was[row["id"]][name] != value}
        if changed:
            await session.execute(update(FACTS).where(FACTS.c.id == row["id"]).values(changed))


def _holds(row: Values) -> bool:
    return row["superseded_at"] is None and row["valid_until"] is None

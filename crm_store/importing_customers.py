"""Customers from a list: who they are, and what is known about them as facts of channel "import"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from crm_store.cells import moment
from crm_store.known_customers import CHANNEL, Known, identify, known, known_or_new
from crm_store.mapping import Column
from crm_store.refusals import Refused, Report
from crm_store.rows import FACTS, Values
from crm_store.sheets import SheetRow
from crm_store.topic_values import Meaning, Meanings
from one_to_one.language import Language
from one_to_one.shop import ShopPack

NAMES = ("email", "phone", "telegram")
"""Columns that are names by which a channel knows the customer."""

COLUMNS = frozenset({"customer", "language", "since", *NAMES})
CONFIDENCE = 0.9
"""How far an answer on a list is believed: it was given, but not to us."""

KNOWN_OTHERWISE = "known otherwise: by the customer's own words, or a list that isn't older"

type Said = tuple[str, str, str]
"""Topic, value and polarity."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One customer of a list."""

    line: int
    customer: str
    language: str
    since: datetime
    names: tuple[tuple[str, str], ...]  # channel and name
    facts: tuple[tuple[str, Meaning], ...]  # column of ours and what it says


@dataclass(slots=True)
class Customers:
    """Takes customers batch by batch."""

    report: Report
    pack: ShopPack
    columns: dict[str, Column]  # by our names
    language: str  # when the list names none
    zone: tzinfo  # of times that name none
    at: datetime  # the time of the import
    meanings: Meanings = field(init=False)
    _topics: list[str] = field(init=False)  # the columns that are topics

    def __post_init__(self) -> None:
        self.meanings = Meanings(self.pack.topics)
        self._topics = [name for name in self.columns if name in self.pack.topics]

    async def take(self, session: AsyncSession, rows: Sequence[SheetRow]) -> None:
        """Keep what is new in these rows and count the rest."""
        listed = [each for each in map(self._read, rows) if each is not None]
        if not listed:
            return
        customers, new = await known_or_new(
            session, {each.customer: each.language for each in listed}, self.at
        )
        self.report.added["customers"] += len(new)
        self.report.known += sum(each.customer not in new for each in listed)
        self.report.taken += len(listed)
        await self._names(session, listed, customers)
        await self._facts(session, listed, customers)

    def _read(self, row: SheetRow) -> Listed | None:
        try:
            return self._listed(row)
        except Refused as refused:
            self.report.refuse_row(row.line, str(refused), ", ".join(row.cells.values()))
            return None

    def _listed(self, row: SheetRow) -> Listed:
        cells = row.cells
        if "customer" not in cells:
            raise Refused("no customer")
        if len(cells["customer"]) > 200:
            raise Refused("customer of more than 200 characters")
        return Listed(
            line=row.line,
            customer=cells["customer"],
            language=_language(cells.get("language", self.language)),
            since=moment(cells["since"], self.zone) if "since" in cells else self.at,
            names=tuple((name, cells[name]) for name in NAMES if name in cells),
            facts=tuple(self._said(row)),
        )

    def _said(self, row: SheetRow) -> list[tuple[str, Meaning]]:
        said: list[tuple[str, Meaning]] = []
        for name in self._topics:
            for value in self.columns[name].said(row.cells[name]) if name in row.cells else ():
                topic, cell = self._about(name, value)
                try:
                    self._refuse_second(topic, said)
                    said.append((topic, self.meanings.of(topic, cell)))
                except Refused as refused:
                    self.report.refuse_value(row.line, name, value, str(refused))
        return said

    def _refuse_second(self, topic: str, said: list[tuple[str, Meaning]]) -> None:
        if not self.pack.topics[topic].many and any(about == topic for about, _ in said):
            raise Refused("several answers where there can be one: the first is kept")

    def _about(self, topic: str, value: str) -> tuple[str, str]:
        """The topic a value is about: the column's, unless it names another."""
        other, equals, code = value.partition("=")
        return (other, code) if equals and other in self.pack.topics else (topic, value)

    async def _names(self, session: AsyncSession, listed: list[Listed], customers: dict[str, Known]) -> None:
        for channel in NAMES:
            told = {name: each for each in listed for by, name in each.names if by == channel}
            taken = await known(session, told, channel) if told else {}
            fresh = [
                (customers[told[name].customer].customer, channel, name) for name in told if name not in taken
            ]
            if fresh:
                await identify(session, fresh, self.at)
            for name, owner in taken.items():
                if owner.customer != customers[told[name].customer].customer:
                    self.report.refuse_value(told[name].line, channel, name, "belongs to another customer")

    async def _facts(self, session: AsyncSession, listed: list[Listed], customers: dict[str, Known]) -> None:
        before = await _believed(session, [known.customer for known in customers.values()])
        rows: list[Values] = []
        over: list[Values] = []
        for each in listed:
            who = customers[each.customer]
            held = before.setdefault(who.customer, {})
            for name, said in each.facts:
                row = self._fact(who, each, name, said)
                if self._is_new(each, row, held, over):
                    held[_said(row)] = row
                    rows.append(row)
        for fact in over:
            if "id" not in fact:  # said by an earlier row of this batch
                _row_of(rows, fact)["valid_until"] = fact["ends"]
        await _supersede(session, [fact for fact in over if "id" in fact], self.at)
        if rows:
            await session.execute(insert(FACTS), rows)
        self.report.added["facts"] += len(rows)

    def _is_new(self, listed: Listed, row: Values, held: dict[Said, Values], over: list[Values]) -> bool:
        """Whether the customer isn't known to say so; what they told us themselves is not overwritten."""
        if _said(row) in held:
            return False
        if self.pack.topics[row["topic"]].many:
            return True
        for said, other in [pair for pair in held.items() if pair[0][0] == row["topic"]]:
            if other["channel"] != CHANNEL or other["valid_from"] >= row["valid_from"]:
                self.report.refuse_value(listed.line, row["topic"], row["value"], KNOWN_OTHERWISE)
                return False
            over.append(other | {"ends": row["valid_from"]})
            del held[said]
        return True

    def _fact(self, known: Known, listed: Listed, topic: str, said: Meaning) -> Values:
        return {
            "customer_id": known.customer,
            "topic": topic,
            "value": said.value,
            "polarity": said.polarity.value,
            "stated": True,
            "confidence": CONFIDENCE,
            "valid_from": listed.since,
            "valid_until": None,
            "recorded_at": self.at,
            "identity_id": known.identity,
            "channel": CHANNEL,
            "heard_at": listed.since,
            "words": said.words[:500],
            "provisional": False,
        }


def _language(cell: str) -> str:
    found = {language.value.casefold(): language.value for language in Language}
    try:
        return found[cell.casefold()]
    except KeyError:
        raise Refused(f"language isn't one of {', '.join(found.values())}") from None


def _row_of(rows: list[Values], fact: Values) -> Values:
    """The row to be written that says what `fact` says."""
    return next(
        row for row in rows if row["customer_id"] == fact["customer_id"] and _said(row) == _said(fact)
    )


def _said(row: Values) -> Said:
    return row["topic"], row["value"], row["polarity"]


async def _believed(session: AsyncSession, customers: list[str]) -> dict[str, dict[Said, Values]]:
    columns = [
        FACTS.c[name] for name in ("id", "customer_id", "topic", "value", "polarity", "channel", "valid_from")
    ]
    holds = FACTS.c.superseded_at.is_(None) & FACTS.c.valid_until.is_(None)
    found = await session.execute(select(*columns).where(FACTS.c.customer_id.in_(customers), holds))
    held: dict[str, dict[Said, Values]] = {}
    for row in found.mappings():
        held.setdefault(row["customer_id"], {})[_said(dict(row))] = dict(row)
    return held


async def _supersede(session: AsyncSession, over: list[Values], at: datetime) -> None:
    """A newer list says something else: what an older one said was true until then."""
    for fact in over:
        old: Any = FACTS.c.id == fact["id"]
        row = dict((await session.execute(select(FACTS).where(old))).mappings().one())
        await session.execute(update(FACTS).where(old).values(superseded_at=at))
        del row["id"]
        past = {"valid_until": fact["ends"], "recorded_at": at, "follows": fact["id"], "superseded_at": None}
        await session.execute(insert(FACTS).values(row | past))

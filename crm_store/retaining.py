"""What has been kept long enough goes, kind by kind.

Tables are walked by primary key, a slice at a time, each in a transaction of its own, so that nobody waits
and nothing needs an index on its age. Numbers grow with time: a walk ends where the young rows begin.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Delete, Table, Update, and_, delete, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from crm_store import forgetting
from crm_store.erasing import affected
from crm_store.forgetting import BLANK
from crm_store.models import Base
from crm_store.rows import AUDIT, CONTACTS, FACTS, MESSAGES
from crm_store.store import Store
from one_to_one.retention import Kept, Retention

SLICE = 1_000
"""Rows looked at in one step."""

PAUSE = 0.005
"""Seconds between two steps: everybody else comes first."""

SESSIONS = Base.metadata.tables["session"]
LINKS = (Base.metadata.tables["link"], Base.metadata.tables["export_link"])
PROPOSALS = Base.metadata.tables["proposal"]
CONFIGURATIONS = Base.metadata.tables["configuration"]
HANDOVERS = Base.metadata.tables["handover"]
ASKINGS = Base.metadata.tables["asking"]
EVENTS = Base.metadata.tables["order_event"]
OF_MESSAGES = tuple(Base.metadata.tables[name] for name in forgetting.OF_MESSAGES)

type Change = Delete | Update
type Condition = ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Rule:
    """What goes of one table."""

    table: Table
    old: Callable[[datetime], Condition]  # what is older than this moment
    young: Callable[[datetime], Condition] | None = None  # from the first such row on all are too young
    blank: Mapping[str, Any] | None = None  # the row stays, with these values; None: it goes


def _gone_by(column: ColumnElement[datetime]) -> Callable[[datetime], Condition]:
    return lambda before: column <= before


def _begun_after(column: ColumnElement[datetime]) -> Callable[[datetime], Condition]:
    return lambda before: column > before


def _said_long_ago(before: datetime) -> Condition:
    said = or_(MESSAGES.c.text != "", MESSAGES.c.payload.is_not(None), MESSAGES.c.image.is_not(None))
    return and_(MESSAGES.c.at <= before, MESSAGES.c.state != "waiting", said)


def _of_messages(table: Table) -> Rule:
    """What quotes a message goes with its words."""

    def said(before: datetime) -> Condition:
        return exists().where(MESSAGES.c.id == table.c.message_id, MESSAGES.c.at <= before)

    return Rule(table, said)


def _past(before: datetime) -> Condition:
    """No longer believed, or believed only of a time that is over."""
    return or_(FACTS.c.superseded_at <= before, FACTS.c.valid_until <= before)


def _unused(before: datetime) -> Condition:
    came = select(CONTACTS.c.id).where(
        CONTACTS.c.customer_id == SESSIONS.c.customer_id, CONTACTS.c.last_at > before
    )
    return and_(SESSIONS.c.created_at <= before, ~came.exists())


def _settled(before: datetime) -> Condition:
    return and_(PROPOSALS.c.at <= before, PROPOSALS.c.outcome != "open")


def _passed_over(before: datetime) -> Condition:
    """Neither laid by nor shown for so long."""
    return and_(CONFIGURATIONS.c.at <= before, CONFIGURATIONS.c.saved_at.is_(None))


def _told(before: datetime) -> Condition:
    return and_(EVENTS.c.at <= before, EVENTS.c.state == "sent")


RULES: Mapping[Kept, tuple[Rule, ...]] = {
    Kept.MESSAGES: (
        Rule(MESSAGES, _said_long_ago, _begun_after(MESSAGES.c.at), BLANK),
        *(_of_messages(table) for table in OF_MESSAGES),
    ),
    Kept.PAST_FACTS: (Rule(FACTS, _past, _begun_after(FACTS.c.recorded_at)),),
    Kept.CONTACTS: (
        Rule(CONTACTS, _gone_by(CONTACTS.c.last_at), _begun_after(CONTACTS.c.started_at)),
        Rule(HANDOVERS, _gone_by(HANDOVERS.c.returned_at), _begun_after(HANDOVERS.c.at)),
    ),
    Kept.ASKINGS: (Rule(ASKINGS, _gone_by(ASKINGS.c.at), _begun_after(ASKINGS.c.at)),),
    Kept.PROPOSALS: (
        Rule(PROPOSALS, _settled, _begun_after(PROPOSALS.c.at)),
        Rule(CONFIGURATIONS, _passed_over, _begun_after(CONFIGURATIONS.c.at)),
    ),
    Kept.ORDER_EVENTS: (Rule(EVENTS, _told, _begun_after(EVENTS.c.at)),),
    Kept.SESSIONS: (Rule(SESSIONS, _unused),),
    Kept.LINKS: tuple(Rule(table, _gone_by(table.c.expires_at)) for table in LINKS),
    Kept.AUDIT: (Rule(AUDIT, _gone_by(AUDIT.c.at), _begun_after(AUDIT.c.at)),),
}
"""What is done about each kind."""


async def retain(store: Store, retention: Retention, now: datetime, *, dry: bool = False) -> dict[Kept, int]:
    """Let go of what is too old; how many rows of each kind. With `dry` they are only counted.

    What was done is noted in the audit, if anything was.
    """
    counts = {
        kind: sum([await _walk(store, rule, retention.before(kind, now), dry) for rule in rules])
        for kind, rules in RULES.items()
    }
    gone = {kind: count for kind, count in counts.items() if count}
    if Kept.MESSAGES in gone and not dry:
        await store.scrub_words()
    if gone and not dry:
        async with store.transaction() as books:
            told = {kind.value: count for kind, count in gone.items()}
            await books.audit.record("shop", "retain", None, now, **told)
    return gone


async def _walk(store: Store, rule: Rule, before: datetime, dry: bool) -> int:
    """Go through a table from its first row to where the young ones begin."""
    [key] = rule.table.primary_key.columns
    after: Any = None
    count = 0
    while True:
        async with store.reading() as books:
            keys, after = await _slice(books.session, rule, before, after)
        if keys and not dry:
            async with store.transaction() as books:
                change = _change(rule).where(key.in_(keys), rule.old(before))
                count += await affected(books.session, change)
                books.session.info["erased"] = True
        elif keys:
            count += len(keys)
        if after is None:
            return count
        await asyncio.sleep(PAUSE)


async def _slice(
    session: AsyncSession, rule: Rule, before: datetime, after: Any
) -> tuple[list[Any], Any | None]:
    """The keys of the old rows in the next slice, and where it ends; None: the walk is over."""
    [key] = rule.table.primary_key.columns
    young = rule.young(before) if rule.young else key.is_(None)
    rows = select(key, rule.old(before), young).order_by(key).limit(SLICE)
    found = (await session.execute(rows if after is None else rows.where(key > after))).all()
    keys = [row[0] for row in found if row[1]]
    over = len(found) < SLICE or bool(found[-1][2])
    return keys, None if over else found[-1][0]


def _change(rule: Rule) -> Change:
    return delete(rule.table) if rule.blank is None else update(rule.table).values(rule.blank)

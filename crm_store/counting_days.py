"""How a day is counted: one statement per figure, for many days at once.

The days come along as a table of their beginnings and ends, so that they are the shop's own, summer time
included, on SQLite as on PostgreSQL; what happened in each is found by an index of its time.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Date,
    Float,
    Integer,
    Select,
    String,
    and_,
    case,
    cast,
    column,
    extract,
    func,
    literal,
    select,
    text,
    values,
)
from sqlalchemy.orm import aliased

from crm_store.doubts import STAFF
from crm_store.floor import BY_PERSON
from crm_store.logs import IS_IN, LOST
from crm_store.models import AskingRow, ContactRow, CustomerRow, FactRow, MessageRow, ProposalRow
from crm_store.types import Instant

BY_COLLEAGUES = ("action_held", BY_PERSON)
"""What was done about messages that weren't the bot's to answer."""

ROUNDED = ((50, 1), (200, 5), (1_000, 25), (60_000, 100))
"""Up to so many hundredths of a second times are told apart by so many; longer ones are all the same."""

ALL_BUT_THE_COUNT = text("1, 2, 3, 4, 5")


class Figure(StrEnum):
    """What is counted, and by which key."""

    CONTACT = "contact"
    MESSAGE = "message"  # of a customer: typed, lost (not understood), tapped, person (a colleague's)
    ANSWER = "answer"  # of the bot: by how long it took, in hundredths of a second, rounded
    ASKED = "asked"  # a question, by topic; and the four ways it may end
    ANSWERED = "answered"
    DECLINED = "declined"
    NOT_NOW = "not now"
    IGNORED = "ignored"
    LEARNED = "learned"  # a fact: stated, inferred, imported
    PROPOSAL = "proposal"  # made, accepted, changed, rejected, ignored
    COUNTED = "counted"  # the day itself: everything of it is here


OUTCOMES = (Figure.ANSWERED, Figure.DECLINED, Figure.NOT_NOW, Figure.IGNORED)
BY_TOPIC = (Figure.ASKED, *OUTCOMES)

type Days = Sequence[tuple[date, datetime, datetime]]
"""Each day with its beginning and its end."""

type Rows = Select[*tuple[Any, ...]]
type Counting = tuple[str | None, Rows]
"""A figure, and what counts it; None: the statement tells the figure itself."""


def statements(days: Days, on: str) -> list[Counting]:
    """What counts some days. Each row has the columns day, figure, channel, language, key and times."""
    table = (
        values(column("day", Date), column("start", Instant), column("past", Instant), name="days")
        .data(list(days))
        .cte("days")
    )
    return [
        (Figure.CONTACT, _contacts(table)),
        (Figure.MESSAGE, _messages(table)),
        (Figure.ANSWER, _answers(table, on)),
        (Figure.ASKED, _beside_a_visit(table, AskingRow, AskingRow.at, AskingRow.topic)),
        (None, _endings(table)),
        (Figure.LEARNED, _facts(table)),
        (Figure.PROPOSAL, _beside_a_visit(table, ProposalRow, ProposalRow.at, literal("made"))),
        (Figure.PROPOSAL, _decisions(table)),
    ]


def _contacts(days: CTE) -> Rows:
    told = (literal(""), ContactRow.channel, CustomerRow.language, literal(""))
    rows = _counting(days, ContactRow, ContactRow.started_at, told)
    return rows.join(CustomerRow, CustomerRow.id == ContactRow.customer_id)


def _messages(days: CTE) -> Rows:
    how = case(
        (MessageRow.action.in_(BY_COLLEAGUES), "person"),
        (MessageRow.payload.is_not(None), "tapped"),
        (MessageRow.action == LOST, "lost"),
        else_="typed",
    )
    told = (literal(""), MessageRow.channel, MessageRow.language, how)
    return _counting(days, MessageRow, MessageRow.at, told).where(IS_IN)


def _answers(days: CTE, on: str) -> Rows:
    """How long the bot took until its first word."""
    said = aliased(MessageRow)
    first = (
        select(func.min(said.at))
        .where(said.reply_to == MessageRow.id, said.sender == "bot")
        .correlate(MessageRow)
        .scalar_subquery()
    )
    taken = (
        select(
            days.c.day,
            MessageRow.channel,
            MessageRow.language,
            cast(_hundredths(MessageRow.at, first, on), Integer).label("taken"),
        )
        .select_from(days)
        .join(MessageRow, _within(days, MessageRow.at))
        .where(IS_IN, MessageRow.action.is_distinct_from(BY_PERSON), first.is_not(None))
        .subquery()
    )
    slowest = ROUNDED[-1][0]
    rounded = case(
        *((taken.c.taken <= most, taken.c.taken - taken.c.taken % by) for most, by in ROUNDED), else_=slowest
    )
    told = [taken.c.day, literal("").label("figure"), taken.c.channel, taken.c.language]
    key = cast(rounded, String).label("key")
    return select(*told, key, func.count().label("times")).group_by(ALL_BUT_THE_COUNT)


def _hundredths(start: Any, end: Any, on: str) -> ColumnElement[Any]:
    if on == "sqlite":
        return (func.julianday(end, type_=Float) - func.julianday(start, type_=Float)) * 8_640_000.0 + 0.5
    return extract("epoch", end - start) * 100


def _endings(days: CTE) -> Rows:
    rows = _beside_a_visit(days, AskingRow, AskingRow.outcome_at, AskingRow.topic, AskingRow.outcome)
    return rows.where(AskingRow.outcome.in_(OUTCOMES))


def _decisions(days: CTE) -> Rows:
    rows = _beside_a_visit(days, ProposalRow, ProposalRow.outcome_at, ProposalRow.outcome)
    return rows.where(ProposalRow.outcome != "open")


def _facts(days: CTE) -> Rows:
    """First versions only, and none that a colleague corrected or that waits for a consent."""
    how = case((FactRow.channel == "import", "imported"), (FactRow.stated, "stated"), else_="inferred")
    told = (literal(""), FactRow.channel, CustomerRow.language, how)
    rows = _counting(days, FactRow, FactRow.recorded_at, told)
    learned = (FactRow.follows.is_(None), FactRow.provisional.is_(False), FactRow.channel != STAFF)
    return rows.join(CustomerRow, CustomerRow.id == FactRow.customer_id).where(*learned)


def _beside_a_visit(days: CTE, table: Any, at: Any, key: Any, figure: Any = None) -> Rows:
    """What has no channel of its own: that of the visit it belongs to counts."""
    channel = func.coalesce(ContactRow.channel, "")
    told = (literal("") if figure is None else figure, channel, CustomerRow.language, key)
    rows = _counting(days, table, at, told)
    return rows.join(CustomerRow, CustomerRow.id == table.customer_id).outerjoin(
        ContactRow, ContactRow.id == table.contact_id
    )


def _counting(days: CTE, table: Any, at: Any, told: tuple[Any, Any, Any, Any]) -> Rows:
    names = ("figure", "channel", "language", "key")
    columns = [days.c.day, *(each.label(name) for each, name in zip(told, names, strict=True))]
    rows = select(*columns, func.count().label("times")).select_from(days)
    return rows.join(table, _within(days, at)).group_by(ALL_BUT_THE_COUNT)


def _within(days: CTE, at: Any) -> ColumnElement[bool]:
    return and_(at >= days.c.start, at < days.c.past)

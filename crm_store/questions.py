"""The question ledger: what each customer was asked, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from crm_store.models import AskingRow, QuestionRow
from one_to_one.ledger import Question, QuestionState, after, reopened
from one_to_one.shop import TERMS, Terms

COLUMNS = ("topic", "state", "at", "times_asked", "contact_id", "asked_at", "settled", "elsewhere", "known")
"""What the rules read of a line, in their order."""

LEDGER = (
    select(*(QuestionRow.__table__.c[name] for name in COLUMNS))
    .where(QuestionRow.customer_id == bindparam("customer"))
    .order_by(QuestionRow.id)
)
LINE = select(QuestionRow).where(
    QuestionRow.customer_id == bindparam("customer"), QuestionRow.topic == bindparam("topic")
)
PUTS = (
    select(AskingRow)
    .where(AskingRow.customer_id == bindparam("customer"), AskingRow.topic == bindparam("topic"))
    .order_by(AskingRow.id.desc())
)
LAST_PUT = PUTS.limit(1)

OUTCOMES = {
    QuestionState.ANSWERED: "answered",
    QuestionState.DECLINED: "declined",
    QuestionState.PAUSED: "declined",
    QuestionState.NOT_NOW: "not now",
    QuestionState.ASKED: "ignored",
}
"""What came of a question that was open when its topic entered a state."""


@dataclass(frozen=True, slots=True)
class Put:
    """How a question is put, and what it is expected to be worth."""

    kind: str = "open"  # open, confirm, settle
    wording: int = 0
    gain: float = 0.0
    burden: float = 0.0
    message: int | None = None  # the customer's message it follows


def question_of(row: QuestionRow) -> Question:
    """A row as the rules see it."""
    return line_of({name: getattr(row, name) for name in COLUMNS})


def line_of(values: Mapping[str, Any]) -> Question:
    """The same of the values of a row."""
    topic, state, *rest = (values[name] for name in COLUMNS)
    return Question(topic, QuestionState(state), *rest)


def _write(row: QuestionRow, line: Question) -> None:
    """The line as a row."""
    row.state, row.at, row.contact_id = line.state.value, line.at, line.contact
    row.times_asked, row.asked_at = line.times_asked, line.asked_at
    row.settled, row.elsewhere, row.known = line.settled, line.elsewhere, line.known


def _stood(puts: Sequence[AskingRow], paused: datetime) -> tuple[QuestionState, datetime]:
    """How a topic stood before it was paused, and since when; `puts`: its questions, the latest first.

    Of several refusals since the last answer the strongest counts: they may be those of two who are one.
    """
    by_pausing = ("declined", paused)
    open_ = [p for p in puts if p.outcome_at is None or (p.outcome, p.outcome_at) == by_pausing]
    settled = [put for put in puts if put not in open_]
    since = list(takewhile(lambda put: put.outcome != "answered", settled))
    for outcome, state in (("declined", QuestionState.DECLINED), ("not now", QuestionState.NOT_NOW)):
        found = [put for put in since if put.outcome == outcome]
        if found:
            return state, found[0].outcome_at or found[0].at
    if open_ or since:
        return QuestionState.ASKED, (open_ or since)[0].at
    if settled:
        return QuestionState.ANSWERED, settled[0].outcome_at or settled[0].at
    return QuestionState.UNASKED, paused


class Questions:
    """One line per customer and topic, and one row for every time a question was put."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def ledger(self, customer: str) -> dict[str, Question]:
        """All lines of a customer, by topic; a topic never touched has none."""
        rows = await self._session.execute(LEDGER, {"customer": customer})
        return {row.topic: line_of(dict(row._mapping)) for row in rows}

    async def mark(
        self,
        customer: str,
        topic: str,
        state: QuestionState,
        at: datetime,
        contact: int | None = None,
        terms: Terms = TERMS,
    ) -> Question:
        """Enter a state, by the rules of `ledger.after`. Being asked counts once more, and notes the contact.

        What the customer has paused stays paused until it is opened again as unasked.
        """
        row = await self._session.scalar(LINE, {"customer": customer, "topic": topic})
        before = None if row is None else question_of(row)
        line = after(before, topic, state, at, contact, terms)
        if row is None:
            row = QuestionRow(customer_id=customer, topic=topic)
            self._session.add(row)
        _write(row, line)
        if before is not None and before.state is QuestionState.ASKED:
            await self._note_outcome(customer, topic, line)
        await self._session.flush()  # read again in the same turn, by the planner and by the next mark
        return line

    async def reopen(self, customer: str, topic: str) -> None:
        """Its pause ends because they may be asked again at all: what they refused before stays refused."""
        row = await self._session.scalar(LINE, {"customer": customer, "topic": topic})
        if row is None or row.state != QuestionState.PAUSED:
            return
        puts = list(await self._session.scalars(PUTS, {"customer": customer, "topic": topic}))
        _write(row, reopened(question_of(row), *_stood(puts, row.at)))
        await self._session.flush()

    async def put(
        self,
        customer: str,
        topic: str,
        at: datetime,
        contact: int | None,
        put: Put,
        terms: Terms = TERMS,
    ) -> Question:
        """A question is asked: enter it, and note how it was put."""
        line = await self.mark(customer, topic, QuestionState.ASKED, at, contact, terms)
        row = AskingRow(customer_id=customer, contact_id=contact, message_id=put.message, topic=topic, at=at)
        row.kind, row.wording, row.gain, row.burden = put.kind, put.wording, put.gain, put.burden
        row.outcome = "open"
        self._session.add(row)
        await self._session.flush()
        return line

    async def _note_outcome(self, customer: str, topic: str, line: Question) -> None:
        row = await self._session.scalar(LAST_PUT, {"customer": customer, "topic": topic})
        if row is not None and row.outcome == "open" and line.state in OUTCOMES:
            row.outcome, row.outcome_at = OUTCOMES[line.state], line.at

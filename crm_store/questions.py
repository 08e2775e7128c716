"""The question ledger: what each customer was asked, and what came of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from crm_store.models import QuestionRow
from one_to_one.ledger import Question, QuestionState

LEDGER = (
    select(
        QuestionRow.topic, QuestionRow.state, QuestionRow.at, QuestionRow.times_asked, QuestionRow.contact_id
    )
    .where(QuestionRow.customer_id == bindparam("customer"))
    .order_by(QuestionRow.id)
)
LINE = select(QuestionRow).where(
    QuestionRow.customer_id == bindparam("customer"), QuestionRow.topic == bindparam("topic")
)


def question_of(row: QuestionRow) -> Question:
    """A row as the rules see it."""
    return Question(row.topic, QuestionState(row.state), row.at, row.times_asked, row.contact_id)


class Questions:
    """One line per customer and topic."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def ledger(self, customer: str) -> dict[str, Question]:
        """All lines of a customer, by topic; a topic never touched has none."""
        rows = await self._session.execute(LEDGER, {"customer": customer})
        return {row[0]: Question(row[0], QuestionState(row[1]), *row[2:]) for row in rows}

    async def mark(
        self,
        customer: str,
        topic: str,
        state: QuestionState,
        at: datetime,
        contact: int | None = None,
    ) -> Question:
        """Enter a state. Being asked counts once more, and notes the contact.

        What the customer has paused stays paused until it is opened again as unasked.
        """
        row = await self._session.scalar(LINE, {"customer": customer, "topic": topic})
        if row is None:
            row = QuestionRow(customer_id=customer, topic=topic, times_asked=0)
            self._session.add(row)
        if row.state == QuestionState.PAUSED and state is not QuestionState.UNASKED:
            return question_of(row)
        row.state, row.at = state.value, at
        row.times_asked += state is QuestionState.ASKED
        row.contact_id = contact if contact is not None else row.contact_id
        await self._session.flush()  # read again in the same turn, by the planner and by the next mark
        return question_of(row)

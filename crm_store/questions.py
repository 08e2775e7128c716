"""The question ledger: what each customer was asked, and what came of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from crm_store.models import QuestionRow
from one_to_one.ledger import Question, QuestionState


def question_of(row: QuestionRow) -> Question:
    """A row as the rules see it."""
    return Question(row.topic, QuestionState(row.state), row.at, row.times_asked, row.contact_id)


class Questions:
    """One line per customer and topic."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def ledger(self, customer: str) -> dict[str, Question]:
        """All lines of a customer, by topic; a topic never touched has none."""
        rows = select(QuestionRow).where(QuestionRow.customer_id == customer).order_by(QuestionRow.id)
        return {row.topic: question_of(row) for row in await self._session.scalars(rows)}

    async def mark(
        self,
        customer: str,
        topic: str,
        state: QuestionState,
        at: datetime,
        contact: int | None = None,
    ) -> Question:
        """Enter a state. Being asked counts once more, and notes the contact."""
        line = select(QuestionRow).where(QuestionRow.customer_id == customer, QuestionRow.topic == topic)
        row = await self._session.scalar(line)
        if row is None:
            row = QuestionRow(customer_id=customer, topic=topic, times_asked=0)
            self._session.add(row)
        row.state, row.at = state.value, at
        row.times_asked += state is QuestionState.ASKED
        row.contact_id = contact if contact is not None else row.contact_id
        await self._session.flush()
        return question_of(row)

"""What colleagues say about messages: reviews, tags, notes, who has it, and what waits for a look."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from crm_store.models import MessageNoteRow, MessageRow, MessageTagRow, ReviewCaseRow, ReviewRow
from crm_store.upserting import insert_new
from one_to_one.teaching.judging import Judgement, Verdict, settle
from one_to_one.teaching.ranking import Reason, Said, worth

JOURNEY = "journey"
"""The tag of a message whose conversation is kept as a test."""

IS_DONE = ReviewRow.done_at.is_not(None)
NEVER_REVIEWED = ~exists().where(ReviewRow.message_id == MessageRow.id, IS_DONE).correlate(MessageRow)
"""A condition on messages: no colleague has reviewed it to the end."""

SLICE = 500
"""Messages read at a time."""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A message that was reviewed to the end, and what came of it."""

    message: MessageRow
    judgements: tuple[Judgement, ...]

    @property
    def verdict(self) -> Verdict:
        """What the colleagues together say."""
        return settle(self.judgements)


class Reviews:
    """The colleagues' view of messages."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def case(self, message: MessageRow) -> ReviewCaseRow:
        """The message as something to learn from; made if there is none yet."""
        values = {"customer_id": message.customer_id, "message_id": message.id, "reasons": []}
        first = {"score": 0.0, "nth": 0, "waits": True, "flagged": False}
        await insert_new(self._session, ReviewCaseRow, values | first, ["message_id"])
        found = select(ReviewCaseRow).where(ReviewCaseRow.message_id == message.id)
        return (await self._session.scalars(found)).one()

    async def seen(self, message: int) -> ReviewCaseRow | None:
        """The case of a message, for reading; None: nobody and nothing has touched it yet."""
        row: ReviewCaseRow | None = await self._session.scalar(
            select(ReviewCaseRow).where(ReviewCaseRow.message_id == message)
        )
        return row

    async def of(self, message: int) -> list[ReviewRow]:
        """Every colleague's review of a message, those that aren't done too, the first one first."""
        rows = select(ReviewRow).where(ReviewRow.message_id == message).order_by(ReviewRow.id)
        return list(await self._session.scalars(rows))

    async def mine(self, message: MessageRow, reviewer: str, at: datetime) -> ReviewRow:
        """A colleague's own review of a message, to be changed; made if there is none yet."""
        await self.case(message)
        values = {
            "customer_id": message.customer_id,
            "message_id": message.id,
            "reviewer": reviewer,
            "at": at,
        }
        await insert_new(self._session, ReviewRow, values | {"idle": []}, ["message_id", "reviewer"])
        found = select(ReviewRow).where(ReviewRow.message_id == message.id, ReviewRow.reviewer == reviewer)
        row = (await self._session.scalars(found)).one()
        row.at = at
        return row

    async def finish(self, message: MessageRow, reviewer: str, at: datetime) -> Verdict:
        """The colleague is done: what they left alone is right as it was read. Returns what all say now."""
        row = await self.mine(message, reviewer, at)
        row.intent = row.intent or message.intent
        row.facts = [dict(fact) for fact in (message.entities if row.facts is None else row.facts)]
        row.done_at = at
        await self._session.flush()
        return await self._weigh(message, at)

    async def reopen(self, message: MessageRow, reviewer: str, at: datetime) -> None:
        """The colleague isn't done after all; what they said stays."""
        row = await self.mine(message, reviewer, at)
        row.done_at = None
        await self._session.flush()
        await self._weigh(message, at)

    async def _weigh(self, message: MessageRow, at: datetime) -> Verdict:
        """Whether it waits for a look still, or again."""
        case = await self.case(message)
        done = [judgement_of(row) for row in await self.of(message.id) if row.done_at is not None]
        verdict = settle(done) if done else Verdict(None, ())
        case.waits = not done or bool(verdict.contested)
        case.reviewed_at = at if done else None
        if verdict.contested or Reason.CONTESTED in case.reasons:
            found = worth(said_of(message, None), case.nth, contested=bool(verdict.contested))
            case.score, case.reasons = found.score, list(found.reasons)
        await self._session.flush()
        return verdict

    async def tag(self, message: MessageRow, tag: str, who: str, at: datetime) -> None:
        """Put a tag on a message; one that is there stays."""
        values = {
            "customer_id": message.customer_id,
            "message_id": message.id,
            "tag": tag,
            "who": who,
            "at": at,
        }
        await insert_new(self._session, MessageTagRow, values, ["message_id", "tag"])

    async def untag(self, message: int, tag: str) -> None:
        """Take a tag off a message."""
        gone = delete(MessageTagRow).where(MessageTagRow.message_id == message, MessageTagRow.tag == tag)
        await self._session.execute(gone)

    async def tags(self, messages: Iterable[int]) -> dict[int, list[str]]:
        """The tags of these messages, in the order they were put there."""
        rows = select(MessageTagRow).where(MessageTagRow.message_id.in_(list(messages)))
        found: dict[int, list[str]] = {}
        for row in await self._session.scalars(rows.order_by(MessageTagRow.id)):
            found.setdefault(row.message_id, []).append(row.tag)
        return found

    async def known_tags(self) -> list[str]:
        """Every tag in use, by name."""
        return sorted(await self._session.scalars(select(MessageTagRow.tag).distinct()))

    async def reviewers(self) -> list[str]:
        """Everybody who has reviewed something, by name."""
        return sorted(await self._session.scalars(select(ReviewRow.reviewer).distinct()))

    async def note(self, message: MessageRow, words: str, who: str, at: datetime) -> MessageNoteRow:
        """Write a note beside a message."""
        row = MessageNoteRow(
            customer_id=message.customer_id, message_id=message.id, who=who, at=at, text=words
        )
        self._session.add(row)
        await self._session.flush()
        return row

    async def notes(self, message: int) -> list[MessageNoteRow]:
        """The notes beside a message, oldest first."""
        rows = select(MessageNoteRow).where(MessageNoteRow.message_id == message).order_by(MessageNoteRow.id)
        return list(await self._session.scalars(rows))

    async def queue(
        self,
        limit: int,
        *,
        after: tuple[float, int] | None = None,
        reviewer: str | None = None,
        fitting: Iterable[ColumnElement[bool]] = (),
    ) -> list[tuple[ReviewCaseRow, MessageRow]]:
        """What waits for a look, what teaches most first; `after` is (score, message) of the last one seen.

        With `reviewer`, without what that colleague is done with; `fitting` are more conditions on it. As
        fast however many messages there are.
        """
        case = ReviewCaseRow
        rows = select(case, MessageRow).join(MessageRow, MessageRow.id == case.message_id)
        rows = rows.where(case.waits, *fitting)
        if after is not None:
            score, message = after
            further = (case.score < score) | ((case.score == score) & (case.message_id < message))
            rows = rows.where(case.score <= score, further)
        if reviewer is not None:
            own = exists().where(
                ReviewRow.message_id == case.message_id, ReviewRow.reviewer == reviewer, IS_DONE
            )
            rows = rows.where(~own)
        rows = rows.order_by(case.score.desc(), case.message_id.desc()).limit(limit)
        return [(found, message) for found, message in await self._session.execute(rows)]

    async def reviewed(self) -> AsyncIterator[Reviewed]:
        """Every message that was reviewed to the end, in the order they were said."""
        after = 0
        while True:
            numbers = (
                select(ReviewRow.message_id)
                .where(IS_DONE, ReviewRow.message_id > after)
                .distinct()
                .order_by(ReviewRow.message_id)
                .limit(SLICE)
            )
            found = list(await self._session.scalars(numbers))
            for one in await self._reviewed(found):
                yield one
            if len(found) < SLICE:
                return
            after = found[-1]

    async def twice(self, limit: int) -> list[Reviewed]:
        """The newest messages that several colleagues reviewed to the end, in the order they were said."""
        numbers = (
            select(ReviewRow.message_id)
            .where(IS_DONE)
            .group_by(ReviewRow.message_id)
            .having(func.count() > 1)
            .order_by(ReviewRow.message_id.desc())
            .limit(limit)
        )
        found = list(await self._session.scalars(numbers))
        slices = [found[start : start + SLICE] for start in range(0, len(found), SLICE)]
        return [one for some in reversed(slices) for one in await self._reviewed(some)]

    async def _reviewed(self, numbers: Sequence[int]) -> list[Reviewed]:
        rows = select(ReviewRow).where(ReviewRow.message_id.in_(numbers), IS_DONE).order_by(ReviewRow.id)
        said: dict[int, list[Judgement]] = {}
        for row in await self._session.scalars(rows):
            said.setdefault(row.message_id, []).append(judgement_of(row))
        messages = select(MessageRow).where(MessageRow.id.in_(numbers)).order_by(MessageRow.id)
        return [Reviewed(each, tuple(said[each.id])) for each in await self._session.scalars(messages)]


def judgement_of(row: ReviewRow) -> Judgement:
    """A review as the rules see it."""
    return Judgement(row.reviewer, row.intent, tuple(row.facts or ()), tuple(row.idle), row.reply)


def said_of(message: MessageRow, then: MessageRow | None, *, corrected: bool = False) -> Said:
    """A message as the ranking sees it; `then` is the customer's next one in the same visit.

    `corrected`: nearly the same sentence was corrected before.
    """
    return Said(
        message.text,
        message.intent,
        message.confidence,
        margin_of(message),
        None if then is None else then.text,
        None if then is None else then.intent,
        corrected,
    )


def margin_of(message: MessageRow) -> float | None:
    """How far apart the two likeliest intents were; None: it isn't known."""
    sure = [float(each.get("confidence") or 0.0) for each in message.ranking[:2]]
    return sure[0] - sure[1] if len(sure) == 2 else None

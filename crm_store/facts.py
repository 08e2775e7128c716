"""Facts with two times: when they were true, and when we knew it. Nothing is overwritten."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, delete, distinct, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from crm_store.models import FactRow
from one_to_one.facts import Fact, FactId, Heard, MessageId, Polarity, Source

HOLDS = FactRow.superseded_at.is_(None) & FactRow.valid_until.is_(None)
SAME = select(FactRow).where(
    FactRow.customer_id == bindparam("customer"),
    FactRow.topic == bindparam("topic"),
    FactRow.value == bindparam("value"),
    FactRow.polarity == bindparam("polarity"),
    HOLDS,
)
BELIEVED = (
    select(
        FactRow.id,
        FactRow.topic,
        FactRow.value,
        FactRow.polarity,
        FactRow.stated,
        FactRow.confidence,
        FactRow.valid_from,
        FactRow.valid_until,
        FactRow.recorded_at,
        FactRow.words,
        FactRow.provisional,
        FactRow.message_id,
        FactRow.channel,
        FactRow.heard_at,
    )
    .where(
        FactRow.customer_id == bindparam("customer"),
        HOLDS,
        or_(FactRow.provisional.is_(False), FactRow.contact_id == bindparam("contact")),
    )
    .order_by(FactRow.id)
)
"""What still holds, without the rows themselves: they are read in every turn and seldom written."""


def _fact(row: Any) -> Fact:
    number, topic, value, polarity, *middle, words, provisional, message, channel, at = row
    stated, confidence, since, until, recorded_at = middle
    source = Source(message, channel, at)
    what = (number, topic, value, Polarity(polarity), stated, confidence)
    return Fact(*what, since, until, recorded_at, source, words, provisional)


def fact_of(row: FactRow) -> Fact:
    """A row as the rules see it."""
    message = None if row.message_id is None else MessageId(row.message_id)
    return Fact(
        id=FactId(row.id),
        topic=row.topic,
        value=row.value,
        polarity=Polarity(row.polarity),
        stated=row.stated,
        confidence=row.confidence,
        since=row.valid_from,
        until=row.valid_until,
        recorded_at=row.recorded_at,
        source=Source(message, row.channel, row.heard_at),
        words=row.words,
        provisional=row.provisional,
    )


class Facts:
    """What is believed about customers, and what was."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def believed(
        self, customer: str, at: datetime | None = None, contact: int | None = None
    ) -> list[Fact]:
        """What is believed to be true at `at` (None: still), oldest first.

        Of what is provisional only this contact's is listed.
        """
        if at is None:
            found = await self._session.execute(BELIEVED, {"customer": customer, "contact": contact})
            return [_fact(row) for row in found]
        true = true_at(at)
        ours = or_(FactRow.provisional.is_(False), FactRow.contact_id == contact)
        return await self._listed(customer, FactRow.superseded_at.is_(None), true, ours)

    async def history(self, customer: str) -> list[Fact]:
        """Every version of every fact, in the order they were learned."""
        return await self._listed(customer)

    async def as_of(self, customer: str, true: datetime, known: datetime) -> list[Fact]:
        """What was believed at `known` to be true at `true`."""
        kept = FactRow.provisional.is_(False)
        return await self._listed(customer, true_at(true), known_at(known), kept)

    async def get(self, fact: int) -> Fact:
        """One version of a fact. Raises NoResultFound."""
        return fact_of(await self._row(fact))

    async def learn(
        self,
        customer: str,
        heard: Heard,
        *,
        at: datetime,
        source: Source,
        contact: int | None = None,
        stated: bool = True,
        provisional: bool = False,
    ) -> Fact:
        """Believe what was heard, from `at` on.

        The same again confirms what is believed: a new version takes the place of the old one.
        """
        row = FactRow(
            customer_id=customer,
            topic=heard.topic,
            value=heard.value,
            polarity=heard.polarity.value,
            stated=stated,
            confidence=heard.confidence,
            valid_from=at,
            recorded_at=at,
            message_id=source.message,
            channel=source.channel,
            heard_at=source.at,
            words=heard.words[:500],
            provisional=provisional,
            contact_id=contact,
        )
        same = await self._same(row)
        if same is not None and same.stated and not stated:
            return fact_of(same)
        return await self._confirm(same, row)

    async def times_said(self, fact: Fact) -> int:
        """How often the customer has said it, in different contacts."""
        said = select(func.count(distinct(func.coalesce(FactRow.contact_id, 0)))).where(
            FactRow.customer_id == select(FactRow.customer_id).where(FactRow.id == fact.id).scalar_subquery(),
            FactRow.topic == fact.topic,
            FactRow.value == fact.value,
            FactRow.polarity == fact.polarity.value,
            FactRow.stated.is_(True),
        )
        return await self._session.scalar(said) or 0

    async def end(self, fact: Fact, at: datetime, by: FactId | None = None) -> Fact | None:
        """Not true from `at` on, because of the fact `by`. Returns what is now believed about the past."""
        row = await self._row(fact.id)
        if row.superseded_at is not None:
            return None
        row.superseded_at, row.superseded_by = at, by
        await self._session.flush()
        if at <= row.valid_from:
            return None
        past = copy_of(row)
        past.valid_until, past.recorded_at, past.follows = at, at, row.id
        self._session.add(past)
        await self._session.flush()
        return fact_of(past)

    async def retract(self, fact: Fact, at: datetime) -> None:
        """It never was true: from `at` on it isn't believed of any time."""
        row = await self._row(fact.id)
        if row.superseded_at is None:
            row.superseded_at = at
            await self._session.flush()

    async def refused(self, customer: str) -> dict[tuple[str, str, Polarity], datetime]:
        """When each supposition about a customer was last found wrong, by topic, value and polarity.

        Those are the ones that nothing follows: what ended or was confirmed has a later version.
        """
        later = aliased(FactRow)
        gone = select(FactRow.topic, FactRow.value, FactRow.polarity, FactRow.superseded_at).where(
            FactRow.customer_id == customer,
            FactRow.stated.is_(False),
            FactRow.superseded_at.is_not(None),
            ~exists().where(later.customer_id == customer, later.follows == FactRow.id),
        )
        rows = await self._session.execute(gone.order_by(FactRow.superseded_at))
        return {(topic, value, Polarity(polarity)): at for topic, value, polarity, at in rows if at}

    async def forget(self, fact: Fact) -> None:
        """Delete every version of it, those of the past included."""
        row = await self._row(fact.id)
        same = (
            (FactRow.customer_id == row.customer_id)
            & (FactRow.topic == row.topic)
            & (FactRow.value == row.value)
            & (FactRow.polarity == row.polarity)
        )
        await self._session.execute(delete(FactRow).where(same).execution_options(synchronize_session=False))
        self._session.expunge(row)
        self._session.info["erased"] = True

    async def keep(self, fact: Fact) -> Fact:
        """Consent was given: what was provisional stays."""
        row = await self._row(fact.id)
        row.provisional = False
        await self._session.flush()
        return fact_of(row)

    async def drop_provisional(self, customer: str, before_contact: int) -> None:
        """Delete what was kept for an earlier contact only."""
        other = or_(FactRow.contact_id.is_(None), FactRow.contact_id != before_contact)
        await self._session.execute(
            delete(FactRow)
            .where(FactRow.customer_id == customer, FactRow.provisional.is_(True), other)
            .execution_options(synchronize_session=False)
        )

    async def _confirm(self, same: FactRow | None, row: FactRow) -> Fact:
        if same is not None:
            row.valid_from, row.follows = same.valid_from, same.id
            row.provisional = row.provisional and same.provisional
            same.superseded_at = row.recorded_at
            await self._session.flush()
        self._session.add(row)
        await self._session.flush()
        if same is not None:
            same.superseded_by = row.id
        return fact_of(row)

    async def _same(self, row: FactRow) -> FactRow | None:
        said = {"topic": row.topic, "value": row.value, "polarity": row.polarity}
        return await self._session.scalar(SAME, {"customer": row.customer_id} | said)

    async def _row(self, fact: int) -> FactRow:
        return await self._session.get_one(FactRow, fact)

    async def _listed(self, customer: str, *conditions: ColumnElement[bool]) -> list[Fact]:
        rows = select(FactRow).where(FactRow.customer_id == customer, *conditions).order_by(FactRow.id)
        return [fact_of(row) for row in await self._session.scalars(rows)]


def true_at(at: datetime) -> ColumnElement[bool]:
    """Valid at this time: the first moment counts, the last doesn't."""
    return (FactRow.valid_from <= at) & or_(FactRow.valid_until.is_(None), FactRow.valid_until > at)


def known_at(at: datetime) -> ColumnElement[bool]:
    """Believed at this time: learned by then, and not yet superseded."""
    return (FactRow.recorded_at <= at) & or_(FactRow.superseded_at.is_(None), FactRow.superseded_at > at)


def copy_of(row: FactRow) -> FactRow:
    """A new row that says the same."""
    columns = FactRow.__table__.c.keys()
    left_out = {"id", "superseded_at", "superseded_by"}
    return FactRow(**{name: getattr(row, name) for name in columns if name not in left_out})

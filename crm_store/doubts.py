"""Facts that colleagues should look at, and what they found. Nothing is overwritten: facts have two times."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from crm_store.facts import HOLDS, Facts
from crm_store.models import DoubtRow, FactReviewRow, FactRow
from one_to_one.facts import Fact, Heard, Polarity, Source
from one_to_one.teaching.doubting import Doubt

SURE = 0.95
"""How far a fact is believed that a colleague has confirmed."""

STAFF = "staff"
KEPT = HOLDS & FactRow.provisional.is_(False)


@dataclass(frozen=True, slots=True)
class Week:
    """What was found in one week."""

    start: datetime  # its Monday, midnight UTC
    reviewed: int
    junk: int  # corrected or rejected
    sampled: int  # of those reviewed, the ones nothing was wrong with at first sight
    sampled_junk: int


class FactReviews:
    """What colleagues say about what is remembered."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session
        self._facts = Facts(session)

    async def queue(self, limit: int) -> list[tuple[DoubtRow, FactRow]]:
        """The most doubtful facts that are still believed."""
        rows = select(DoubtRow, FactRow).join(FactRow, FactRow.id == DoubtRow.fact_id).where(KEPT)
        rows = rows.order_by(DoubtRow.weight.desc(), DoubtRow.id.desc()).limit(limit)
        return [(doubt, fact) for doubt, fact in await self._session.execute(rows)]

    async def waiting(self) -> int:
        """How many wait for a look."""
        return await self._session.scalar(select(func.count()).select_from(DoubtRow)) or 0

    async def doubt(self, number: int) -> tuple[DoubtRow, FactRow] | None:
        """One of them, with its fact; None: it was settled meanwhile."""
        rows = select(DoubtRow, FactRow).join(FactRow, FactRow.id == DoubtRow.fact_id)
        found = (await self._session.execute(rows.where(DoubtRow.id == number, KEPT))).first()
        return None if found is None else (found[0], found[1])

    async def about(self, fact: int, at: datetime) -> tuple[DoubtRow, FactRow] | None:
        """A believed fact as one to look at, though nothing spoke against it; None: it isn't believed."""
        row = await self._session.scalar(select(FactRow).where(FactRow.id == fact, KEPT))
        if row is None:
            return None
        doubt = await self._session.scalar(select(DoubtRow).where(DoubtRow.fact_id == fact))
        if doubt is None:
            doubt = DoubtRow(customer_id=row.customer_id, fact_id=fact, message_id=row.message_id, at=at)
            doubt.weight, doubt.reasons = 0.0, []
            self._session.add(doubt)
            await self._session.flush()
        return doubt, row

    async def confirm(self, doubt: DoubtRow, who: str, at: datetime) -> Fact:
        """It is true: a new version of it, believed more."""
        fact = await self._facts.get(doubt.fact_id)
        new = await self._learn(doubt, fact, fact.value, fact.polarity, at)
        await self._settle(doubt, fact, who, at, "confirmed", new)
        return new

    async def correct(self, doubt: DoubtRow, value: str, polarity: Polarity, who: str, at: datetime) -> Fact:
        """It never was true; what is true instead, of the same topic."""
        fact = await self._facts.get(doubt.fact_id)
        await self._facts.retract(fact, at)
        new = await self._learn(doubt, fact, value, polarity, at)
        old = await self._session.get_one(FactRow, fact.id)
        old.superseded_by = new.id
        await self._settle(doubt, fact, who, at, "corrected", new)
        return new

    async def reject(self, doubt: DoubtRow, who: str, at: datetime) -> None:
        """It never was true."""
        fact = await self._facts.get(doubt.fact_id)
        await self._facts.retract(fact, at)
        await self._settle(doubt, fact, who, at, "rejected", None)

    async def weeks(self, since: datetime) -> list[Week]:
        """What was found week by week, the oldest first."""
        rows = select(FactReviewRow.at, FactReviewRow.verdict, FactReviewRow.reasons)
        counted: dict[datetime, list[int]] = {}
        for at, verdict, reasons in await self._session.execute(rows.where(FactReviewRow.at >= since)):
            sums = counted.setdefault(_monday(at), [0, 0, 0, 0])
            junk, sampled = verdict != "confirmed", Doubt.SAMPLE in reasons
            for place, more in enumerate((1, junk, sampled, junk and sampled)):
                sums[place] += more
        return [Week(start, *sums) for start, sums in sorted(counted.items())]

    async def _learn(self, doubt: DoubtRow, fact: Fact, value: str, polarity: Polarity, at: datetime) -> Fact:
        heard = Heard(fact.topic, value, polarity, SURE, fact.words)
        source = Source(fact.source.message, STAFF, at)
        return await self._facts.learn(doubt.customer_id, heard, at=at, source=source, stated=fact.stated)

    async def _settle(
        self, doubt: DoubtRow, fact: Fact, who: str, at: datetime, verdict: str, new: Fact | None
    ) -> None:
        row = FactReviewRow(
            customer_id=doubt.customer_id,
            fact_id=fact.id if new is None else new.id,
            message_id=fact.source.message,
            who=who,
            at=at,
            verdict=verdict,
            reasons=list(doubt.reasons),
            topic=fact.topic,
            value=fact.value,
            polarity=fact.polarity.value,
        )
        self._session.add(row)
        await self._session.delete(doubt)
        await self._session.flush()


def _monday(at: datetime) -> datetime:
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight - timedelta(days=midnight.weekday())

"""Who answers: the bot, or a colleague who took the conversation over. Never both, and always one.

Every switch locks the customer's row, and so does every turn of the bot (`Floor.lock`). So a message is
answered by the bot when its turn came before the switch, and kept for the colleague when it came after; what
a colleague hadn't seen when they handed back is the bot's again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from crm_store.models import CustomerRow, HandoverRow, MessageRow
from crm_store.upserting import dialect

HELD = "held"
"""The state of a message that a colleague is to answer."""

BY_PERSON = "action_person"
"""What the log says of a message that a colleague answered."""

NOTE_CHARACTERS = 1000
MOST = 200
"""Conversations that are listed: who has more at once has other worries."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A conversation that wants a colleague, or has one."""

    customer: CustomerRow
    handover: HandoverRow
    unanswered: int  # messages the colleague hasn't answered
    since: datetime | None  # of the oldest of them; None: all is answered
    last: MessageRow | None  # what the customer said last


class Floor:
    """Conversations that colleagues have, or are wanted for."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def lock(self, customer: CustomerRow) -> None:
        """Let nobody else switch who answers this customer before the transaction ends; reads the row anew.

        On SQLite a transaction that may write is alone anyway.
        """
        if dialect(self._session) == "postgresql":
            await self._session.refresh(customer, with_for_update={"key_share": True})

    async def ask(self, customer: CustomerRow, message: int | None, at: datetime) -> HandoverRow:
        """They want a person, from now on."""
        customer.person_wanted_at = at
        found = await self.open(customer.id)
        return found or await self._begin(customer.id, message, at)

    async def open(self, customer: str) -> HandoverRow | None:
        """The handover that isn't over; None: the bot has the conversation and nobody asked for a person."""
        rows = select(HandoverRow).where(
            HandoverRow.customer_id == customer, HandoverRow.returned_at.is_(None)
        )
        found: HandoverRow | None = await self._session.scalar(rows.order_by(HandoverRow.id.desc()).limit(1))
        return found

    async def take(self, customer: CustomerRow, colleague: str, at: datetime) -> bool:
        """Give the conversation to a colleague; False: they have it already.

        What waits for the bot is kept for the colleague from now on; what it had asked isn't waited for.
        """
        await self.lock(customer)
        if customer.held_by == colleague:
            return False
        await self._relieve(customer, colleague, at)
        row = await self.open(customer.id) or await self._begin(customer.id, None, at)
        row.colleague, row.taken_at = colleague, at
        customer.held_by, customer.person_wanted_at, customer.focus = colleague, None, None
        await self._session.flush()
        waits = self._of(customer.id, "waiting")
        await self._session.execute(waits.values(state=HELD, due_at=None, error=None))
        await self._forget_rows()
        return True

    async def replied(self, customer: CustomerRow, seen: int, at: datetime) -> None:
        """The colleague said something, having seen the messages up to the number `seen`."""
        row = await self.open(customer.id)
        if row is not None and row.taken_at is not None:
            row.replied_at = row.replied_at or at
        await self._settle(customer.id, seen)

    async def give_back(
        self, customer: CustomerRow, who: str, at: datetime, *, note: str = "", seen: int | None = None
    ) -> bool:
        """Give the conversation back to the bot; False: it has it. `who` is a colleague, or "customer".

        Messages above the number `seen` were seen by nobody: the bot answers them. None: all were seen.
        """
        await self.lock(customer)
        held = customer.held_by is not None
        wanted = customer.person_wanted_at is not None
        customer.held_by, customer.person_wanted_at = None, None
        over = update(HandoverRow).where(
            HandoverRow.customer_id == customer.id, HandoverRow.returned_at.is_(None)
        )
        told = {"returned_at": at, "returned_by": who, "note": note[:NOTE_CHARACTERS]}
        await self._session.flush()
        await self._session.execute(over.values(told).execution_options(synchronize_session=False))
        await self._settle(customer.id, seen)
        unseen = self._of(customer.id, HELD).values(state="waiting", due_at=at, action=None, suggested=None)
        await self._session.execute(unseen)
        await self._forget_rows()
        return held or wanted

    async def keep(
        self,
        message: MessageRow,
        *,
        language: str,
        intent: str | None = None,
        confidence: float | None = None,
        entities: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        """Keep a message for the colleague, with how it was understood; the bot says nothing to it."""
        message.state, message.due_at, message.error, message.action = HELD, None, None, "action_held"
        message.intent, message.confidence, message.language = intent, confidence, language
        message.entities = [dict(entity) for entity in entities]
        await self._session.flush()

    async def keep_waiting(self, customer: str) -> bool:
        """Keep for the colleague what the bot can't read just now; False: no colleague has it."""
        row = await self._session.get_one(CustomerRow, customer)
        await self.lock(row)
        if row.held_by is None:
            return False
        await self._session.execute(self._of(customer, "waiting").values(state=HELD, due_at=None, error=None))
        await self._forget_rows()
        return True

    async def suggest(self, message: int, texts: Mapping[str, str]) -> None:
        """Note what the bot would have said to a message: `reply`, `question`, `proposal`."""
        row = await self._session.get(MessageRow, message)
        if row is not None and texts:
            row.suggested = dict(texts)

    async def suggested(self, customer: str, since: datetime) -> dict[str, str]:
        """What the bot would say to the customer's last message; nothing when it came before `since`."""
        last = (
            select(MessageRow)
            .where(MessageRow.customer_id == customer, MessageRow.direction == "in")
            .order_by(MessageRow.id.desc())
            .limit(1)
        )
        row = await self._session.scalar(last)
        return dict(row.suggested or {}) if row is not None and row.at >= since else {}

    async def listed(self) -> list[Waiting]:
        """Every conversation that wants a colleague or has one: whoever waits longest comes first."""
        rows = (
            select(HandoverRow, CustomerRow)
            .join(CustomerRow, CustomerRow.id == HandoverRow.customer_id)
            .where(HandoverRow.returned_at.is_(None))
            .order_by(HandoverRow.id)
            .limit(MOST)
        )
        found = {customer.id: (row, customer) for row, customer in await self._session.execute(rows)}
        counts = await self._unanswered(list(found))
        said = await self._last_said(list(found))
        listed = []
        for customer, (row, whose) in found.items():
            count, since = counts.get(customer, (0, None))
            listed.append(Waiting(whose, row, count, since, said.get(customer)))
        return sorted(listed, key=_urgency)

    async def raise_(self, customer: CustomerRow, at: datetime) -> bool:
        """Note that it waits too long; False: that was noted, or nobody waits any more."""
        await self.lock(customer)
        row = await self.open(customer.id)
        if row is None or row.raised_at is not None:
            return False
        if row.taken_at is not None and not (await self.unanswered(customer.id))[0]:
            return False
        row.raised_at = at
        await self._session.flush()
        return True

    async def unanswered(self, customer: str) -> tuple[int, datetime | None]:
        """How many messages of a customer a colleague has to answer, and when the oldest of them came."""
        return (await self._unanswered([customer])).get(customer, (0, None))

    async def past(self, customer: str, limit: int = 20) -> list[HandoverRow]:
        """The handovers of a customer, the newest first."""
        rows = select(HandoverRow).where(HandoverRow.customer_id == customer)
        return list(await self._session.scalars(rows.order_by(HandoverRow.id.desc()).limit(limit)))

    async def _unanswered(self, customers: Sequence[str]) -> dict[str, tuple[int, datetime]]:
        rows = (
            select(MessageRow.customer_id, func.count(), func.min(MessageRow.at))
            .where(MessageRow.customer_id.in_(customers), MessageRow.state == HELD)
            .group_by(MessageRow.customer_id)
        )
        return {customer: (count, since) for customer, count, since in await self._session.execute(rows)}

    async def _last_said(self, customers: Sequence[str]) -> dict[str, MessageRow]:
        last = (
            select(func.max(MessageRow.id))
            .where(MessageRow.customer_id.in_(customers), MessageRow.direction == "in")
            .group_by(MessageRow.customer_id)
        )
        rows = await self._session.scalars(select(MessageRow).where(MessageRow.id.in_(last)))
        return {row.customer_id: row for row in rows}

    async def _relieve(self, customer: CustomerRow, colleague: str, at: datetime) -> None:
        """End the turn of the colleague who had it, if somebody had."""
        row = await self.open(customer.id)
        if customer.held_by is not None and row is not None:
            row.returned_at, row.returned_by = at, colleague
            await self._session.flush()

    async def _begin(self, customer: str, message: int | None, at: datetime) -> HandoverRow:
        row = HandoverRow(customer_id=customer, message_id=message, at=at, note="")
        self._session.add(row)
        await self._session.flush()
        return row

    async def _settle(self, customer: str, seen: int | None) -> None:
        """What the colleague has seen is answered, or needed no answer."""
        await self._session.flush()
        kept = self._of(customer, HELD)
        kept = kept if seen is None else kept.where(MessageRow.id <= seen)
        await self._session.execute(kept.values(state="answered", action=BY_PERSON))
        await self._forget_rows()

    def _of(self, customer: str, state: str) -> Any:
        return (
            update(MessageRow)
            .where(
                MessageRow.customer_id == customer, MessageRow.direction == "in", MessageRow.state == state
            )
            .execution_options(synchronize_session=False)
        )

    async def _forget_rows(self) -> None:
        """Messages and handovers in hand were changed behind their back."""
        for each in list(self._session.identity_map.values()):
            if isinstance(each, MessageRow | HandoverRow):
                await self._session.refresh(each)


def waits_since(one: Waiting) -> datetime | None:
    """Since when the customer waits for a word; None: they don't."""
    return one.handover.at if one.handover.taken_at is None else one.since


def is_raised(one: Waiting) -> bool:
    """Whether they wait longer than the shop's term, and nobody has answered yet."""
    return one.handover.raised_at is not None and waits_since(one) is not None


def _urgency(one: Waiting) -> tuple[bool, bool, datetime]:
    """Who was raised comes first, then whoever waits, the longest of all; then those who were answered."""
    since = waits_since(one)
    return since is None, not is_raised(one), since or one.handover.at

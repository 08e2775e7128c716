"""What came of one message: facts, questions, proposals and what those rest on, replies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from crm_store.models import AskingRow, FactRow, MessageRow, ProposalRow


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything a turn left behind."""

    message: MessageRow  # the customer's
    replies: Sequence[MessageRow]
    facts: Sequence[FactRow]  # read from it; an ended one is told once, as it was first written
    askings: Sequence[AskingRow]
    proposals: Sequence[ProposalRow]
    reasons: Mapping[int, FactRow]  # the facts that proposals rest on, by number; deleted ones are left out


async def outcome_of(session: AsyncSession, number: int) -> Outcome | None:
    """What came of a message, given it or an answer to it; None: there is no such message."""
    message = await session.get(MessageRow, number)
    if message is not None and message.direction == "out" and message.reply_to is not None:
        message = await session.get(MessageRow, message.reply_to)
    if message is None:
        return None
    customer, number = message.customer_id, message.id
    replies = select(MessageRow).where(MessageRow.reply_to == number).order_by(MessageRow.id)
    facts = select(FactRow).where(FactRow.message_id == number, FactRow.customer_id == customer)
    askings = select(AskingRow).where(AskingRow.customer_id == customer, AskingRow.message_id == number)
    proposals = select(ProposalRow).where(
        ProposalRow.customer_id == customer, ProposalRow.message_id == number
    )
    shown = list(await session.scalars(proposals.order_by(ProposalRow.id)))
    rest_on = {fact for row in shown for item in row.items for fact in item.get("facts", ())}
    reasons = await session.scalars(select(FactRow).where(FactRow.id.in_(rest_on)))
    written = await session.scalars(facts.order_by(FactRow.id))
    return Outcome(
        message=message,
        replies=list(await session.scalars(replies)),
        facts=list({(row.topic, row.value, row.polarity): row for row in written}.values()),
        askings=list(await session.scalars(askings.order_by(AskingRow.id))),
        proposals=shown,
        reasons={row.id: row for row in reasons if row.customer_id == customer},
    )

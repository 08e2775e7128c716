"""Messages of both sides: the inbox, the outbox and the conversation are one table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Executable,
    Integer,
    bindparam,
    func,
    literal,
    literal_column,
    or_,
    select,
)
from sqlalchemy.ext.asyncio import AsyncSession

from crm_store.models import CustomerRow, MessageRow
from crm_store.upserting import dialect, insert_for
from one_to_one.errors import DripwiseError
from one_to_one.replies import Reply
from one_to_one.search_words import search_words

ERROR_CHARACTERS = 500
OWN_PAGE = "web"
"""The channel whose messages are read from the store itself: what is written there is sent."""

SAYS_SOMETHING = or_(MessageRow.text != "", MessageRow.payload.is_not(None), MessageRow.image.is_not(None))
"""Forgotten messages keep their number and nothing else: they aren't shown."""

MESSAGES: Any = MessageRow.__table__

IS_WAITING = MessageRow.state == literal_column("'waiting'")
"""Spelt out: only then does a prepared statement of PostgreSQL use the index of what waits."""

# Statements of every turn are built once: building one takes longer than running it.
UNANSWERED = (
    select(MessageRow)
    .where(
        MessageRow.customer_id == bindparam("customer"),
        MessageRow.direction == "in",
        IS_WAITING,
    )
    .order_by(MessageRow.id)
)
REPLIES = (
    select(MessageRow)
    .where(MessageRow.reply_to == bindparam("message"), MessageRow.sender != "shop")
    .order_by(MessageRow.id)
)
RECENT = (
    select(MessageRow)
    .where(MessageRow.customer_id == bindparam("customer"))
    .order_by(MessageRow.id.desc())
    .limit(bindparam("count", type_=Integer))
)


def _receiving(on: str) -> Executable:
    """Put a message into the inbox in the customer's language; gives no row when it is there already."""
    language = select(CustomerRow.language).where(CustomerRow.id == bindparam("customer")).scalar_subquery()
    told = ("channel", "external_id", "at", "text", "payload", "target")
    values: dict[str, Any] = {name: bindparam(name) for name in told} | {
        "customer_id": bindparam("customer"),
        "direction": literal("in"),
        "sender": literal("customer"),
        "state": literal("waiting"),
        "language": language,
        "words": bindparam("words"),
        "due_at": bindparam("at"),
        "attempts": literal(0),
    }
    insert = insert_for(on)(MESSAGES).values(values).on_conflict_do_nothing().returning(*MESSAGES.c)
    return select(MessageRow).from_statement(insert)


RECEIVE = {on: _receiving(on) for on in ("sqlite", "postgresql")}


class MessageTaken(DripwiseError):
    """Message {external_id} of {channel} belongs to another customer. Make ids unique within the channel."""


class Messages:
    """Everything said, by customers, the bot, colleagues and the shop."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def receive(
        self,
        customer: str,
        channel: str,
        external_id: str | None,
        at: datetime,
        text: str = "",
        payload: str | None = None,
        target: str | None = None,
    ) -> tuple[MessageRow, bool]:
        """Put a message into the inbox; False: it was there. `external_id` is unique within the channel."""
        told = {
            "customer": customer,
            "channel": channel,
            "external_id": external_id,
            "at": at,
            "text": text,
            "payload": payload,
            "target": target,
            "words": search_words(text),
        }
        row: MessageRow | None = await self._session.scalar(RECEIVE[dialect(self._session)], told)
        if row is not None:
            return row, True
        return await self._received(customer, channel, external_id), False

    async def get(self, message: int) -> MessageRow:
        """One message. Raises NoResultFound."""
        return await self._session.get_one(MessageRow, message)

    async def answer(
        self,
        message: MessageRow,
        replies: Sequence[Reply],
        at: datetime,
        *,
        language: str,
        intent: str | None = None,
        confidence: float | None = None,
        entities: Sequence[Mapping[str, Any]] = (),
        ranking: Sequence[Mapping[str, Any]] = (),
        action: str | None = None,
    ) -> list[MessageRow]:
        """Write the replies under the message and mark it answered, with how it was understood."""
        rows = [_out(message.customer_id, reply, message.channel, at, language) for reply in replies]
        for row in rows:
            row.reply_to, row.target, row.contact_id = message.id, message.target, message.contact_id
        message.state, message.due_at, message.error = "answered", None, None
        message.intent, message.confidence, message.action = intent, confidence, action
        message.entities = [dict(entity) for entity in entities]
        message.ranking = [dict(intent) for intent in ranking]
        self._session.add_all(rows)
        await self._session.flush()
        return rows

    async def replies_to(self, message_id: int) -> list[MessageRow]:
        """What was answered to a message, notices left out, in order."""
        return list(await self._session.scalars(REPLIES, {"message": message_id}))

    async def push(
        self,
        customer: str,
        reply: Reply,
        channel: str,
        at: datetime,
        *,
        sender: str = "bot",
        sender_name: str | None = None,
        target: str | None = None,
        language: str,
    ) -> MessageRow:
        """Say something that answers no message."""
        row = _out(customer, reply, channel, at, language)
        row.sender, row.sender_name, row.target = sender, sender_name, target
        self._session.add(row)
        await self._session.flush()
        return row

    async def history(self, customer: str, after: int = 0, limit: int = 500) -> list[MessageRow]:
        """The conversation, both sides, oldest first, from the number `after` on."""
        rows = (
            select(MessageRow)
            .where(MessageRow.customer_id == customer, MessageRow.id > after, SAYS_SOMETHING)
            .order_by(MessageRow.id)
            .limit(limit)
        )
        return list(await self._session.scalars(rows))

    async def recent(self, customer: str, limit: int) -> list[MessageRow]:
        """The latest messages of both sides, oldest first."""
        latest = await self._session.scalars(RECENT, {"customer": customer, "count": limit})
        return list(latest)[::-1]

    async def pushes(self, customer: str, after: int) -> list[MessageRow]:
        """What was said to the customer after the number `after`, oldest first."""
        rows = select(MessageRow).where(
            MessageRow.customer_id == customer,
            MessageRow.id > after,
            MessageRow.direction == "out",
            SAYS_SOMETHING,
        )
        return list(await self._session.scalars(rows.order_by(MessageRow.id)))

    async def unanswered(self, customer: str) -> list[MessageRow]:
        """The customer's messages that wait for an answer, oldest first."""
        return list(await self._session.scalars(UNANSWERED, {"customer": customer}))

    async def waiting(self, at: datetime, limit: int) -> list[MessageRow]:
        """Messages of any customer that wait for an answer and are due, oldest first."""
        due = select(MessageRow).where(IS_WAITING, MessageRow.due_at <= at, MessageRow.direction == "in")
        return list(await self._session.scalars(due.order_by(MessageRow.id).limit(limit)))

    async def postpone(self, message: MessageRow, error: str, due_at: datetime) -> None:
        """It could not be answered: try again at `due_at`."""
        await self._again(message, error, due_at)

    async def unsent(self, channel: str, at: datetime, limit: int) -> list[MessageRow]:
        """What is to be sent on a channel now, oldest first."""
        due = select(MessageRow).where(
            IS_WAITING,
            MessageRow.due_at <= at,
            MessageRow.direction == "out",
            MessageRow.channel == channel,
        )
        return list(await self._session.scalars(due.order_by(MessageRow.id).limit(limit)))

    async def sent(self, row: MessageRow, external_id: str | None) -> None:
        """The channel took it, and calls it `external_id`."""
        row.state, row.external_id, row.due_at, row.error = "sent", external_id, None, None

    async def send_failed(self, row: MessageRow, error: str, due_at: datetime | None) -> None:
        """The channel refused it: try again at `due_at`; None: given up."""
        row.state = "failed" if due_at is None else "waiting"
        await self._again(row, error, due_at)

    async def notice(self, message: MessageRow, reply: Reply, at: datetime, language: str) -> MessageRow:
        """Tell the customer that their message waits. It goes on waiting."""
        row = _out(message.customer_id, reply, message.channel, at, language)
        row.sender, row.reply_to, row.target = "shop", message.id, message.target
        self._session.add(row)
        await self._session.flush()
        return row

    async def notices_since(self, customer: str, at: datetime) -> bool:
        """Whether the customer was given a notice at `at` or later."""
        rows = select(MessageRow.id).where(
            MessageRow.customer_id == customer,
            MessageRow.sender == "shop",
            MessageRow.direction == "out",
            MessageRow.at >= at,
        )
        return await self._session.scalar(rows.limit(1)) is not None

    async def count(self, customer: str) -> int:
        """How many messages there are, both sides."""
        rows = select(func.count()).select_from(MessageRow).where(MessageRow.customer_id == customer)
        return await self._session.scalar(rows) or 0

    async def _received(self, customer: str, channel: str, external_id: str | None) -> MessageRow:
        found = select(MessageRow).where(
            MessageRow.channel == channel, MessageRow.external_id == external_id, MessageRow.direction == "in"
        )
        row = (await self._session.scalars(found)).one()
        if row.customer_id != customer:
            raise MessageTaken(external_id=external_id, channel=channel)
        return row

    async def _again(self, row: MessageRow, error: str, due_at: datetime | None) -> None:
        row.attempts += 1
        row.error, row.due_at = error[:ERROR_CHARACTERS], due_at


def _out(customer: str, reply: Reply, channel: str, at: datetime, language: str) -> MessageRow:
    here = channel == OWN_PAGE
    return MessageRow(
        customer_id=customer,
        direction="out",
        channel=channel,
        sender="bot",
        at=at,
        language=language,
        text=reply.text,
        buttons=[{"title": button.title, "payload": button.payload} for button in reply.buttons],
        image=reply.image,
        document=reply.document,
        state="sent" if here else "waiting",
        due_at=None if here else at,
        attempts=0,
        entities=[],
    )

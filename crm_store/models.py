"""The tables of the customer store.

A customer's rows all carry `customer_id`; a merge moves them to the customer who stays and keeps a journal
from which it is undone exactly (`merging.py`). Times are aware UTC, amounts are exact decimals in the shop's
currency. Relations are read explicitly: none is loaded by touching an attribute.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from crm_store.types import Amount, Instant, Row
from one_to_one.search_words import search_words


class Base(DeclarativeBase):
    """What all tables share."""

    type_annotation_map = {  # noqa: RUF012 - declared by SQLAlchemy as a class attribute
        datetime: Instant,
        Decimal: Amount,
        dict[str, Any]: JSON(none_as_null=True),
        list[dict[str, Any]]: JSON,
        list[str]: JSON,
    }


Key = Mapped[int]


def key() -> Mapped[int]:
    """A row number of its own."""
    return mapped_column(Row, primary_key=True, autoincrement=True)


def of_customer() -> Mapped[str]:
    """The customer a row is about."""
    return mapped_column(String(26), ForeignKey("customer.id", ondelete="CASCADE"), index=True)


def _only(condition: str) -> dict[str, Any]:
    """An index of some rows only."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


def _words_of_text(context: Any) -> str:
    """What a message that is being written is found by."""
    return search_words(context.get_current_parameters()["text"])


class CustomerRow(Base):
    """Somebody the shop talks with."""

    __tablename__ = "customer"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    language: Mapped[str] = mapped_column(String(10))  # BCP 47
    created_at: Mapped[datetime]
    merged_into: Mapped[str | None] = mapped_column(String(26), index=True)  # set: look there instead
    lease_owner: Mapped[str | None] = mapped_column(
        String(40)
    )  # the web process that has this customer's turn
    lease_until: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]  # said /stop: nothing unasked is sent
    person_wanted_at: Mapped[datetime | None]  # asked for a person; None again when handed back
    held_by: Mapped[str | None] = mapped_column(String(80))  # the colleague who has the conversation
    focus: Mapped[dict[str, Any] | None]  # what the shop asked last and waits for: {"kind", "ref", "at"}


class IdentityRow(Base):
    """A name by which a channel knows a customer."""

    __tablename__ = "identity"
    __table_args__ = (UniqueConstraint("channel", "external_id"),)

    id: Key = key()
    customer_id: Mapped[str] = of_customer()
    channel: Mapped[str] = mapped_column(String(20))  # "web", "telegram", "import"
    external_id: Mapped[str] = mapped_column(String(200))
    verified_by: Mapped[str] = mapped_column(String(40))  # "session", "telegram", "link", "list"
    verified_at: Mapped[datetime]


class SessionRow(Base):
    """A browser that may speak for a customer. Only a hash of its token is kept."""

    __tablename__ = "session"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)  # SHA-256, hexadecimal
    customer_id: Mapped[str] = of_customer()
    created_at: Mapped[datetime]


class LinkRow(Base):
    """A single-use invitation to continue on another channel."""

    __tablename__ = "link"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    customer_id: Mapped[str] = of_customer()
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class ExportRow(Base):
    """A short-lived link by which a customer fetches what is kept about them. Only its hash is kept."""

    __tablename__ = "export_link"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    customer_id: Mapped[str] = of_customer()
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class MergeRow(Base):
    """Two customers found to be one, with the evidence and everything needed to part them again."""

    __tablename__ = "merge"

    id: Key = key()
    kept_id: Mapped[str] = mapped_column(String(26), index=True)
    absorbed_id: Mapped[str] = mapped_column(String(26), index=True)
    evidence: Mapped[dict[str, Any]]  # what proved it, such as {"by": "link", "channel": "telegram"}
    journal: Mapped[dict[str, Any]]  # every row moved or changed, as it was before
    merged_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]


class ContactRow(Base):
    """One visit: it ends after a while of silence."""

    __tablename__ = "contact"
    __table_args__ = (
        Index("contact_latest", "customer_id", "last_at"),
        Index("contact_recent", "last_at", "id"),
        Index("contact_started", "started_at"),
        Index("contact_channel", "channel", "last_at", "id"),
        Index("contact_open", "id", sqlite_where=text("NOT closed"), postgresql_where=text("NOT closed")),
    )

    id: Key = key()
    customer_id: Mapped[str] = of_customer()
    channel: Mapped[str] = mapped_column(String(20))
    started_at: Mapped[datetime]
    last_at: Mapped[datetime]
    ended: Mapped[bool] = mapped_column(default=False)  # ended before its silence ran out
    closed: Mapped[bool] = mapped_column(default=False)  # what was to go with its end is gone
    questions_spent: Mapped[int] = mapped_column(default=0)
    passing: Mapped[dict[str, Any] | None]  # what counts in this visit only (one_to_one/passing.py)


class MessageRow(Base):
    """One message, in either direction. Its number orders the conversation."""

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("channel", "external_id", "direction"),
        Index("message_history", "customer_id", "id"),
        Index("message_contact", "contact_id"),
        Index(
            "message_waiting",
            "state",
            "due_at",
            postgresql_where=text("state = 'waiting'"),
            sqlite_where=text("state = 'waiting'"),
        ),
        Index("message_at", "at"),
        Index("message_intent", "intent", "id", **_only("intent IS NOT NULL")),
        Index("message_action", "action", "id", **_only("action IS NOT NULL")),
        Index("message_language", "language", "id", **_only("direction = 'in'")),
        Index("message_channel", "channel", "id", **_only("direction = 'in'")),
        Index("message_guessed", "id", **_only("confidence < 0.6")),
        Index("message_hardly", "id", **_only("confidence < 0.4")),
    )

    id: Key = key()
    customer_id: Mapped[str] = mapped_column(String(26), ForeignKey("customer.id", ondelete="CASCADE"))
    contact_id: Mapped[int | None] = mapped_column(Row, ForeignKey("contact.id", ondelete="SET NULL"))
    direction: Mapped[str] = mapped_column(String(3))  # "in" or "out"
    channel: Mapped[str] = mapped_column(String(20))
    external_id: Mapped[str | None] = mapped_column(String(200))  # the channel's own id of it
    sender: Mapped[str] = mapped_column(String(10))  # "customer", "bot", "staff" or "shop" (notices)
    sender_name: Mapped[str | None] = mapped_column(String(80))  # the colleague's name
    at: Mapped[datetime]
    language: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(default="")  # as typed; of a button: its title
    payload: Mapped[str | None] = mapped_column(String(64))
    buttons: Mapped[list[dict[str, Any]]] = mapped_column(default=list)  # [{"title", "payload"}]
    image: Mapped[str | None] = mapped_column(String(200))
    document: Mapped[str | None] = mapped_column(String(20))  # a file sent along (one_to_one/replies.py)
    reply_to: Mapped[int | None] = mapped_column(Row, index=True)  # the message this one answers
    state: Mapped[str] = mapped_column(String(10))  # in: waiting, held, answered; out: waiting, sent, failed
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime | None]  # not before this time
    error: Mapped[str | None] = mapped_column(String(500))
    target: Mapped[str | None] = mapped_column(String(200))  # where an outgoing one goes, such as a chat id
    intent: Mapped[str | None] = mapped_column(String(60))
    confidence: Mapped[float | None]
    ranking: Mapped[list[dict[str, Any]]] = mapped_column(
        default=list
    )  # [{"name", "confidence"}], best first
    entities: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    action: Mapped[str | None] = mapped_column(String(60))
    words: Mapped[str] = mapped_column(  # what it is found by (one_to_one/search_words.py), as text
        Text, default=_words_of_text, deferred=True
    )
    suggested: Mapped[dict[str, Any] | None]  # what the bot would have said to it: {kind: text}


class FactRow(Base):
    """One thing believed, with two times: when it was true, and when we knew it.

    A fact is never overwritten. To end one, `superseded_at` is set on its row (we no longer believe that
    version) and a copy with `valid_until` is written (this is what we believe now about the past).
    """

    __tablename__ = "fact"
    __table_args__ = (
        Index(
            "fact_now",
            "customer_id",
            "topic",
            sqlite_where=text("superseded_at IS NULL"),
            postgresql_where=text("superseded_at IS NULL"),
        ),
        Index(
            "fact_once",
            "customer_id",
            "topic",
            "value",
            "polarity",
            unique=True,
            sqlite_where=text("superseded_at IS NULL AND valid_until IS NULL"),
            postgresql_where=text("superseded_at IS NULL AND valid_until IS NULL"),
        ),
        Index("fact_recorded", "recorded_at"),
        Index(
            "fact_named",
            "topic",
            "value",
            "customer_id",
            "polarity",
            "superseded_at",
            "valid_until",
            **_only("topic = 'name' AND superseded_at IS NULL AND valid_until IS NULL"),
        ),
    )

    id: Key = key()
    customer_id: Mapped[str] = of_customer()
    topic: Mapped[str] = mapped_column(String(60))
    value: Mapped[str] = mapped_column(String(500))
    polarity: Mapped[str] = mapped_column(String(10))
    stated: Mapped[bool]
    confidence: Mapped[float]
    valid_from: Mapped[datetime]
    valid_until: Mapped[datetime | None]
    recorded_at: Mapped[datetime]
    superseded_at: Mapped[datetime | None]
    superseded_by: Mapped[int | None] = mapped_column(Row)  # the fact that took its place
    follows: Mapped[int | None] = mapped_column(Row)  # the version of the same fact before this one
    message_id: Mapped[int | None] = mapped_column(Row, index=True)
    identity_id: Mapped[int | None] = mapped_column(Row)  # imported: the name it came by
    channel: Mapped[str] = mapped_column(String(20))
    heard_at: Mapped[datetime]  # when it was said
    words: Mapped[str] = mapped_column(String(500), default="")
    provisional: Mapped[bool] = mapped_column(default=False)
    contact_id: Mapped[int | None] = mapped_column(Row)


class TheirTasteRow(Base):
    """What a customer told of the taste of somebody whom they buy for; never a fact about themselves."""

    __tablename__ = "their_taste"

    id: Key = key()
    customer_id: Mapped[str] = of_customer()
    message_id: Mapped[int | None] = mapped_column(Row)
    who: Mapped[str] = mapped_column(String(40))  # a person's code, such as "mother"
    topic: Mapped[str] = mapped_column(String(60))
    value: Mapped[str] = mapped_column(String(500))
    polarity: Mapped[str] = mapped_column(String(10))
    words: Mapped[str] = mapped_column(String(200), default="")
    at: Mapped[datetime]  # when it was said


class QuestionRow(Base):
    """One line of the question ledger."""

    __tablename__ = "question"
    __table_args__ = (UniqueConstraint("customer_id", "topic"),)

    id: Key = key()
    customer_id: Mapped[str] = of_customer()
    topic: Mapped[str] = mapped_column(String(60))
    state: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime]
    times_asked: Mapped[int] = mapped_column(default=0)
    contact_id: Mapped[int | None] = mapped_column(Row)
    asked_at: Mapped[datetime | None]  # when it was last asked
    settled: Mapped[int] = mapped_column(default=0)  # how often it had been asked when it was last answered
    elsewhere: Mapped[int] = mapped_column(
        default=0
    )  # asked in vain of a customer who was merged into this one
    known: Mapped[bool] = mapped_column(default=False)  # refused, but answered before by one who was merged


class AskingRow(Base):
    """One time a question was put: what it was expected to be worth, and what came of it."""

    __tablename__ = "asking"
    __table_args__ = (
        Index("asking_latest", "customer_id", "topic", "id"),
        Index("asking_at", "at"),
        Index("asking_settled", "outcome_at"),
    )

    id: Key = key()
    customer_id: Mapped[str] = mapped_column(String(26), ForeignKey("customer.id", ondelete="CASCADE"))
    contact_id: Mapped[int | None] = mapped_column(Row)
    message_id: Mapped[int | None] = mapped_column(Row)  # of the customer's message it followed
    topic: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(10))  # open, confirm, settle
    wording: Mapped[int]
    gain: Mapped[float]  # expected, in units of utility
    burden: Mapped[float]
    at: Mapped[datetime]
    outcome: Mapped[str] = mapped_column(String(10))  # open, answered, declined, not now, ignored
    outcome_at: Mapped[datetime | None]


class ProposalRow(Base):
    """Products proposed to one customer, why, and what came of it."""

    __tablename__ = "proposal"
    __table_args__ = (Index("proposal_at", "at"), Index("proposal_settled", "outcome_at"))

    id: Key = key()
    customer_id: Mapped[str] = of_customer()
    contact_id: Mapped[int | None] = mapped_column(Row)
    message_id: Mapped[int | None] = mapped_column(Row)
    at: Mapped[datetime]
    currency: Mapped[str] = mapped_column(String(3))
    items: Mapped[
        list[dict[str, Any]]
    ]  # [{"product", "options", "price", "cost", "facts", "assumed", "novel", "score"}]
    outcome: Mapped[str] = mapped_column(String(10))  # open, accepted, changed, rejected, ignored
    outcome_at: Mapped[datetime | None]
    picked: Mapped[int | None]  # which item was taken, counted from 1
    reason: Mapped[str | None] = mapped_column(String(64))  # why it was turned down (one_to_one/lessons.py)
    reason_words: Mapped[str | None] = mapped_column(String(200))  # the customer's own words for it


class UnmetWishRow(Base):
    """Something a customer wanted that the shop can't make."""

    __tablename__ = "unmet_wish"

    id: Key = key()
    customer_id: Mapped[str] = of_customer()
    message_id: Mapped[int | None] = mapped_column(Row)
    at: Mapped[datetime]
    words: Mapped[str] = mapped_column(String(200))  # as they put it
    wants: Mapped[list[dict[str, Any]]] = mapped_column(default=list)  # [{"topic", "value", "polarity"}]
    thing: Mapped[str | None] = mapped_column(String(80))  # what it is called, where no topic knows it


class OrderRow(Base):
    """What a customer ordered, or is about to: a draft until they confirm."""

    __tablename__ = "customer_order"
    __table_args__ = (
        Index("order_of_state", "state", "id"),
        Index("order_worth", "customer_id", "state", "total"),
    )

    id: Key = key()
    customer_id: Mapped[str] = of_customer()
    proposal_id: Mapped[int | None] = mapped_column(Row)
    external_id: Mapped[str | None] = mapped_column(String(200), index=True)  # an imported order's own number
    identity_id: Mapped[int | None] = mapped_column(Row)  # imported: the name it came by
    imported_key: Mapped[int | None] = mapped_column(
        BigInteger, unique=True
    )  # found again by a second import
    at: Mapped[datetime]  # when it was placed; of a draft: begun
    state: Mapped[str] = mapped_column(String(20))  # one_to_one/order_states.py; or "imported"
    currency: Mapped[str] = mapped_column(String(3))
    total: Mapped[Decimal]  # of all lines, and the fees
    cost: Mapped[Decimal]
    fees: Mapped[Decimal] = mapped_column(default=Decimal(0))  # packaging and delivery, within the total
    details: Mapped[dict[str, Any] | None]  # what is around the products (one_to_one/checkout.py)
    priced_until: Mapped[datetime | None]  # the prices shown hold until then
    refill_id: Mapped[int | None] = mapped_column(Row, index=True)  # the refill that made it
    handed_at: Mapped[datetime | None]  # when the shop's own system took it
    asked_at: Mapped[datetime | None]  # when "how was it?" was asked
    changes_id: Mapped[int | None] = mapped_column(Row, index=True)  # the order it would change, or was
    reminded_at: Mapped[datetime | None]  # when they were reminded of a detail that is missing


class OrderLineRow(Base):
    """One product of an order, as it was made, priced and liked."""

    __tablename__ = "order_line"

    id: Key = key()
    order_id: Mapped[int] = mapped_column(
        Row, ForeignKey("customer_order.id", ondelete="CASCADE"), index=True
    )
    customer_id: Mapped[str] = of_customer()
    imported_key: Mapped[int | None] = mapped_column(
        BigInteger, unique=True
    )  # found again by a second import
    product: Mapped[str] = mapped_column(String(100))
    title: Mapped[str] = mapped_column(String(300))  # as shown when ordered
    options: Mapped[dict[str, Any]] = mapped_column(default=dict)  # module -> option code
    receiver: Mapped[str | None] = mapped_column(String(40))  # whom it is a present for; None: the customer
    quantity: Mapped[Decimal]
    price: Mapped[Decimal]  # of one
    cost: Mapped[Decimal]  # of one
    specification: Mapped[dict[str, Any] | None]  # exactly what is to be made, once it is placed
    rating: Mapped[str | None] = mapped_column(String(10))  # liked, ok, disliked
    rating_words: Mapped[str | None] = mapped_column(String(500))
    rated_at: Mapped[datetime | None]


class OrderStepRow(Base):
    """An order came into another state."""

    __tablename__ = "order_step"
    __table_args__ = (
        Index(
            "order_step_untold",
            "tell_at",
            postgresql_where=text("tell_at IS NOT NULL"),
            sqlite_where=text("tell_at IS NOT NULL"),
        ),
    )

    id: Key = key()
    customer_id: Mapped[str] = of_customer()
    order_id: Mapped[int] = mapped_column(
        Row, ForeignKey("customer_order.id", ondelete="CASCADE"), index=True
    )
    state: Mapped[str] = mapped_column(String(20))  # or "changed", which is none
    at: Mapped[datetime]
    who: Mapped[str] = mapped_column(String(80))  # "customer", "cli", "webhook", "refill", a colleague's name
    note: Mapped[str | None] = mapped_column(String(200))
    tell_at: Mapped[datetime | None]  # when the customer is to be told of it; None: they know, or needn't


class OrderEventRow(Base):
    """Something the shop's own system is told about an order: kept until it took it."""

    __tablename__ = "order_event"
    __table_args__ = (
        Index(
            "order_event_waiting",
            "state",
            "due_at",
            postgresql_where=text("state = 'waiting'"),
            sqlite_where=text("state = 'waiting'"),
        ),
    )

    id: Key = key()
    customer_id: Mapped[str] = of_customer()
    order_id: Mapped[int] = mapped_column(
        Row, ForeignKey("customer_order.id", ondelete="CASCADE"), index=True
    )
    event: Mapped[str] = mapped_column(String(40), unique=True)  # the same in every try
    kind: Mapped[str] = mapped_column(String(30))  # "order.placed", "order.changed", "order.cancelled"
    body: Mapped[dict[str, Any]]
    at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10))  # waiting, sent, failed
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(String(200))


class StockRow(Base):
    """How much of something is left since it was last counted."""

    __tablename__ = "stock"
    __table_args__ = (Index("stock_short", "left"),)

    item: Mapped[str] = mapped_column(String(130), primary_key=True)  # "product", or "module:option"
    counted: Mapped[int] = mapped_column(BigInteger)  # as the pack said when it was counted, in thousandths
    left: Mapped[int] = mapped_column(BigInteger)  # in thousandths of a unit


class RefillRow(Base):
    """The same again and again, until the customer pauses or stops it."""

    __tablename__ = "refill"
    __table_args__ = (Index("refill_due", "state", "next_at"),)

    id: Key = key()
    customer_id: Mapped[str] = of_customer()
    product: Mapped[str] = mapped_column(String(100))
    options: Mapped[dict[str, Any]]
    quantity: Mapped[Decimal]
    price: Mapped[Decimal]  # of one, as the customer last agreed to it
    details: Mapped[dict[str, Any] | None]  # as those of an order
    every_days: Mapped[int]
    state: Mapped[str] = mapped_column(String(10))  # active, paused, stopped
    next_at: Mapped[datetime]  # when the next order is made
    at: Mapped[datetime]  # when it was agreed


class ConfigurationRow(Base):
    """A product as it was made up for a customer, at one step. It stays as it is, so that a picture does."""

    __tablename__ = "configuration"
    __table_args__ = (Index("configuration_of_order", "order_id", "id"),)

    id: Key = key()
    customer_id: Mapped[str] = of_customer()
    order_id: Mapped[int | None] = mapped_column(Row)  # the draft it was a step of
    before_id: Mapped[int | None] = mapped_column(Row)  # the step before; "back" leads there
    at: Mapped[datetime]
    product: Mapped[str] = mapped_column(String(100))
    options: Mapped[dict[str, Any]] = mapped_column(default=dict)  # module -> code
    said: Mapped[list[str]] = mapped_column(default=list)  # the modules the customer chose themselves
    assumed: Mapped[list[str]] = mapped_column(default=list)  # the modules nobody knew anything about
    quantity: Mapped[Decimal]
    place: Mapped[int] = mapped_column(default=1)  # among the things of its order, counted from 1
    beside: Mapped[list[dict[str, Any]]] = mapped_column(default=list)  # the others, each with these five
    saved_at: Mapped[datetime | None]  # when the customer laid it by for later


class ComplaintRow(Base):
    """Something that went wrong for a customer."""

    __tablename__ = "complaint"
    __table_args__ = (
        Index("complaint_message", "message_id"),
        Index("complaint_at", "at"),
        Index("complaint_open", "customer_id", "at", **_only("state = 'open'")),
        Index("complaint_state", "state", "at", "id"),
    )

    id: Key = key()
    customer_id: Mapped[str] = of_customer()
    message_id: Mapped[int | None] = mapped_column(Row)
    at: Mapped[datetime]
    words: Mapped[str] = mapped_column(String(1000))
    state: Mapped[str] = mapped_column(String(10))  # open, solved
    solved_at: Mapped[datetime | None]
    solved_by: Mapped[str | None] = mapped_column(String(80))  # a colleague
    remedy: Mapped[str | None] = mapped_column(String(200))  # what was done about it
    attempts: Mapped[int] = mapped_column(default=0)  # how often it was solved: more than once is too often


class PromiseRow(Base):
    """Something the shop said it would do, by whom and when."""

    __tablename__ = "promise"
    __table_args__ = (Index("promise_open", "due_at", "id", **_only("kept_at IS NULL")),)

    id: Key = key()
    customer_id: Mapped[str] = of_customer()
    message_id: Mapped[int | None] = mapped_column(Row)
    what: Mapped[str] = mapped_column(String(200))
    owner: Mapped[str] = mapped_column(String(80))
    made_at: Mapped[datetime]
    due_at: Mapped[datetime]
    kept_at: Mapped[datetime | None]


class HandoverRow(Base):
    """A conversation that wants a colleague, or has one: from the wish for a person to the handing back."""

    __tablename__ = "handover"
    __table_args__ = (
        Index(
            "handover_open",
            "customer_id",
            sqlite_where=text("returned_at IS NULL"),
            postgresql_where=text("returned_at IS NULL"),
        ),
        Index("handover_at", "at"),
    )

    id: Key = key()
    customer_id: Mapped[str] = of_customer()
    at: Mapped[datetime]  # when a person was wanted, or a colleague came unasked
    message_id: Mapped[int | None] = mapped_column(Row)  # by which a person was asked for
    colleague: Mapped[str | None] = mapped_column(String(80))  # who has it; None: nobody yet
    taken_at: Mapped[datetime | None]
    replied_at: Mapped[datetime | None]  # the colleague's first word
    raised_at: Mapped[datetime | None]  # when all were told that it waits too long; once
    returned_at: Mapped[datetime | None]
    returned_by: Mapped[str | None] = mapped_column(String(80))  # a colleague's name, or "customer"
    note: Mapped[str] = mapped_column(String(1000), default="")  # what the next one should know


class ConsentRow(Base):
    """What a customer allowed or refused, and the words they were shown. A purpose's newest row counts."""

    __tablename__ = "consent"

    id: Key = key()
    customer_id: Mapped[str] = of_customer()
    purpose: Mapped[str] = mapped_column(String(60))  # "sensitive:<topic>", "unasked"
    state: Mapped[str] = mapped_column(String(10))  # granted, denied, revoked
    at: Mapped[datetime]
    message_id: Mapped[int | None] = mapped_column(Row)
    words: Mapped[str] = mapped_column(String(1000))  # shown to the customer


class AuditRow(Base):
    """Who did what to a customer's record."""

    __tablename__ = "audit"

    id: Key = key()
    at: Mapped[datetime]
    who: Mapped[str] = mapped_column(String(80))  # "customer", "bot", "cli", a colleague's name
    what: Mapped[str] = mapped_column(String(60))  # "export", "erase", "merge", "unmerge", …
    customer_id: Mapped[str | None] = mapped_column(String(26), index=True)
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)


class ReviewCaseRow(Base):
    """A customer's message as something to learn from: what a look at it would teach, and how far that is."""

    __tablename__ = "review_case"
    __table_args__ = (
        Index(
            "review_case_queue",
            "score",
            "message_id",
            sqlite_where=text("waits"),
            postgresql_where=text("waits"),
        ),
        Index("review_case_kind", "kind", "nth"),
        Index(
            "review_case_assigned",
            "assigned_to",
            sqlite_where=text("assigned_to IS NOT NULL"),
            postgresql_where=text("assigned_to IS NOT NULL"),
        ),
    )

    id: Key = key()
    customer_id: Mapped[str] = of_customer()
    message_id: Mapped[int] = mapped_column(Row, ForeignKey("message.id", ondelete="CASCADE"), unique=True)
    score: Mapped[float] = mapped_column(default=0.0)  # 0..1: what a review is expected to teach
    reasons: Mapped[list[str]] = mapped_column(default=list)  # why (one_to_one/teaching/ranking.py)
    kind: Mapped[int | None] = mapped_column(BigInteger)  # the same for sentences that are nearly the same
    nth: Mapped[int] = mapped_column(default=0)  # how many of its kind came before
    waits: Mapped[bool] = mapped_column(default=True)  # nobody has reviewed it, or the reviewers differ
    flagged: Mapped[bool] = mapped_column(default=False)
    assigned_to: Mapped[str | None] = mapped_column(String(80))  # a colleague's name
    reviewed_at: Mapped[datetime | None]  # when it was last reviewed to the end


class ReviewRow(Base):
    """What one colleague says a message should have been understood as, and answered with."""

    __tablename__ = "review"
    __table_args__ = (UniqueConstraint("message_id", "reviewer"), Index("review_done", "reviewer", "done_at"))

    id: Key = key()
    customer_id: Mapped[str] = of_customer()
    message_id: Mapped[int] = mapped_column(Row, ForeignKey("message.id", ondelete="CASCADE"))
    reviewer: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]  # when it was last changed
    done_at: Mapped[datetime | None]  # when they marked it as reviewed; None: still at it
    intent: Mapped[str | None] = mapped_column(String(60))  # None: not judged
    facts: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True))
    # all that should have been read (one_to_one/teaching/judging.py); None: what was read is right
    idle: Mapped[list[str]] = mapped_column(default=list)  # words that mean nothing here, though they seem to
    reply: Mapped[str | None] = mapped_column(String(4000))  # what would have been right to say


class MessageTagRow(Base):
    """A word by which colleagues find a message again."""

    __tablename__ = "message_tag"
    __table_args__ = (UniqueConstraint("message_id", "tag"), Index("message_tag_tag", "tag", "message_id"))

    id: Key = key()
    customer_id: Mapped[str] = of_customer()
    message_id: Mapped[int] = mapped_column(Row, ForeignKey("message.id", ondelete="CASCADE"))
    tag: Mapped[str] = mapped_column(String(40))
    who: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]


class MessageNoteRow(Base):
    """A note of a colleague beside a message."""

    __tablename__ = "message_note"

    id: Key = key()
    customer_id: Mapped[str] = of_customer()
    message_id: Mapped[int] = mapped_column(Row, ForeignKey("message.id", ondelete="CASCADE"), index=True)
    who: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]
    text: Mapped[str] = mapped_column(String(2000))


class DoubtRow(Base):
    """A fact that somebody should look at, and why."""

    __tablename__ = "doubt"
    __table_args__ = (Index("doubt_queue", "weight", "id"),)

    id: Key = key()
    customer_id: Mapped[str] = of_customer()
    fact_id: Mapped[int] = mapped_column(Row, ForeignKey("fact.id", ondelete="CASCADE"), unique=True)
    message_id: Mapped[int | None] = mapped_column(Row)  # that the fact was read from
    at: Mapped[datetime]
    weight: Mapped[float]  # 0..1: how doubtful it is
    reasons: Mapped[list[str]] = mapped_column(default=list)  # one_to_one/teaching/doubting.py


class FactReviewRow(Base):
    """What a colleague found a remembered fact to be."""

    __tablename__ = "fact_review"
    __table_args__ = (Index("fact_review_at", "at"),)

    id: Key = key()
    customer_id: Mapped[str] = of_customer()
    fact_id: Mapped[int] = mapped_column(Row, index=True)
    message_id: Mapped[int | None] = mapped_column(Row)  # that the fact was read from
    who: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]
    verdict: Mapped[str] = mapped_column(String(10))  # confirmed, corrected, rejected
    reasons: Mapped[list[str]] = mapped_column(default=list)  # why it was looked at
    topic: Mapped[str] = mapped_column(String(60))
    value: Mapped[str] = mapped_column(String(500))
    polarity: Mapped[str] = mapped_column(String(10))


class DayCountRow(Base):
    """How often something happened on one day; nobody is named. Days are those of the shop."""

    __tablename__ = "day_count"

    figure: Mapped[str] = mapped_column(String(20), primary_key=True)  # crm_store/daily.py: Figure
    day: Mapped[date] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(20), primary_key=True)
    language: Mapped[str] = mapped_column(String(10), primary_key=True)
    key: Mapped[str] = mapped_column(String(60), primary_key=True)  # what it is counted by; "": nothing more
    count: Mapped[int] = mapped_column(BigInteger)


class ChoreRow(Base):
    """Something that is done again and again, by one process at a time."""

    __tablename__ = "chore"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    until: Mapped[datetime | None]  # somebody is at it, at most until then
    done_at: Mapped[datetime | None]


class StaffRow(Base):
    """A colleague who answers customers."""

    __tablename__ = "staff"

    id: Key = key()
    name: Mapped[str] = mapped_column(String(80), unique=True)
    created_at: Mapped[datetime]
    role: Mapped[str] = mapped_column(String(10), default="agent")  # reviewer, agent, owner
    masked: Mapped[bool] = mapped_column(default=False)  # sees names and numbers only in part
    password: Mapped[str | None] = mapped_column(String(200))  # Argon2id; None: not invited yet, or not come
    totp_secret: Mapped[str | None] = mapped_column(String(64))  # base32
    totp_step: Mapped[int | None] = mapped_column(BigInteger)  # of the last one-time code that was used
    failures: Mapped[int] = mapped_column(default=0)  # wrong tries to enter, in a row
    locked_until: Mapped[datetime | None]
    here_at: Mapped[datetime | None]  # when an open page of theirs was last heard of
    away: Mapped[bool] = mapped_column(default=False)  # here, but not for customers


class StaffLinkRow(Base):
    """A single-use invitation to choose a password. Only a hash of its token is kept."""

    __tablename__ = "staff_link"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)  # SHA-256, hexadecimal
    staff_id: Mapped[int] = mapped_column(Row, ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    expires_at: Mapped[datetime]


class StaffSessionRow(Base):
    """A browser in which a colleague has entered. Only a hash of its token is kept."""

    __tablename__ = "staff_session"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)  # SHA-256, hexadecimal
    staff_id: Mapped[int] = mapped_column(Row, ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]


class CompanyRow(Base):
    """A company that buys here, with what was agreed with it."""

    __tablename__ = "company"

    id: Mapped[str] = mapped_column(String(60), primary_key=True)
    terms: Mapped[str] = mapped_column(Text)  # YAML, as the shop wrote it (docs/companies.md)
    at: Mapped[datetime]  # when this was agreed


class InvitationRow(Base):
    """A code by which people enter a role of a company. Only a hash of it is kept."""

    __tablename__ = "company_invitation"

    id: Key = key()
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)  # SHA-256, hexadecimal
    company_id: Mapped[str] = mapped_column(
        String(60), ForeignKey("company.id", ondelete="CASCADE"), index=True
    )
    role: Mapped[str] = mapped_column(String(60))
    left: Mapped[int]  # how many may still enter by it
    at: Mapped[datetime]
    until: Mapped[datetime]


class MemberRow(Base):
    """That a customer belongs to a company, as what, and since when."""

    __tablename__ = "company_member"

    id: Key = key()
    customer_id: Mapped[str] = of_customer()
    company_id: Mapped[str] = mapped_column(String(60), index=True)
    role: Mapped[str] = mapped_column(String(60))
    since: Mapped[datetime]
    until: Mapped[datetime | None]


class ApprovalRow(Base):
    """That an order waits for a yes of the company, and what became of it."""

    __tablename__ = "approval"
    __table_args__ = (Index("approval_of_company", "company_id", "state"),)

    id: Key = key()
    customer_id: Mapped[str] = of_customer()  # who ordered
    company_id: Mapped[str] = mapped_column(String(60))
    order_id: Mapped[int] = mapped_column(
        Row, ForeignKey("customer_order.id", ondelete="CASCADE"), index=True
    )
    total: Mapped[Decimal]  # what the yes would be for
    why: Mapped[str] = mapped_column(String(20))  # one_to_one/company.py: Doubt
    state: Mapped[str] = mapped_column(String(10))  # waiting, yes, no, withdrawn
    asked_at: Mapped[datetime]
    told_at: Mapped[datetime | None]  # when those who decide heard of it
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(Row)  # the number of a membership


def _never_reuse_numbers() -> None:
    """A number once given stays given, on SQLite too: journals and clients hold on to them."""
    for table in Base.metadata.tables.values():
        if isinstance(table.primary_key.columns[0].type, Row):
            table.dialect_options["sqlite"]["autoincrement"] = True


_never_reuse_numbers()

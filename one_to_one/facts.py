"""What is known about a customer, since when, and from which words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

CustomerId = NewType("CustomerId", str)
FactId = NewType("FactId", int)
MessageId = NewType("MessageId", int)


class Polarity(StrEnum):
    """How the customer stands to a value."""

    LIKES = "likes"
    DISLIKES = "dislikes"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact came from."""

    message: MessageId | None  # None: not from a message (an import, say)
    channel: str  # "web", "telegram", "import", "staff"
    at: datetime  # aware, UTC


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing believed about one customer. Never overwritten: a change closes it and writes another."""

    id: FactId
    topic: str
    value: str  # a value code of the topic, or the text, number or amount itself
    polarity: Polarity
    stated: bool  # False: inferred, and never becomes stated by itself
    confidence: float  # 0..1, when it was learned
    since: datetime  # when it began to be true; aware, UTC
    until: datetime | None  # when it stopped being true; None: still
    recorded_at: datetime  # when we learned it
    source: Source
    words: str = ""  # the customer's own words it was read from
    provisional: bool = False  # sensitive and without consent yet: kept for this contact only


@dataclass(frozen=True, slots=True)
class Heard:
    """A preference as it was read from a message, before it is weighed against what is known."""

    topic: str
    value: str
    polarity: Polarity
    confidence: float
    words: str
    lasting: bool = True  # False: for today, this time or a gift, and never their lasting taste
    ends: bool = False  # the stance no longer holds; nothing new is said by this alone
    relative: int = 0  # 1 or -1: more or less than last time, towards `value` on its scale
    who: str | None = None  # whose taste it is, such as "mother"; None: their own, or somebody's unnamed

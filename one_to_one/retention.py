"""How long a shop keeps what it knows, per kind of data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum


class Kept(StrEnum):
    """A kind of data that is kept for a while."""

    MESSAGES = "messages"  # the words of both sides; that there was a message stays
    PAST_FACTS = "past_facts"  # versions that aren't believed any more
    CONTACTS = "contacts"  # visits: when and by which channel
    ASKINGS = "askings"  # when which question was put, and what came of it
    PROPOSALS = "proposals"  # what was proposed, and what came of it
    ORDER_EVENTS = "order_events"  # what the shop's own system was told of orders
    SESSIONS = "sessions"  # browsers that may speak for a customer who hasn't come for so long
    LINKS = "links"  # invitations and downloads that have run out
    AUDIT = "audit"  # who did what to a record


DAYS: Mapping[Kept, int] = {
    Kept.MESSAGES: 730,
    Kept.PAST_FACTS: 1825,
    Kept.CONTACTS: 1825,
    Kept.ASKINGS: 1095,
    Kept.PROPOSALS: 1095,
    Kept.ORDER_EVENTS: 90,
    Kept.SESSIONS: 400,
    Kept.LINKS: 7,
    Kept.AUDIT: 3650,
}
"""Days for which each kind is kept where the shop doesn't say."""


@dataclass(frozen=True, slots=True)
class Retention:
    """The days for which a shop keeps each kind of data."""

    days: Mapping[Kept, int] = field(default_factory=lambda: DAYS)

    def before(self, kind: Kept, now: datetime) -> datetime:
        """What is older than this goes (aware, UTC)."""
        return now - timedelta(days=self.days[kind])

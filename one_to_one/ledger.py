"""The question ledger: what each customer was asked, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class QuestionState(StrEnum):
    """How a question to one customer stands."""

    UNASKED = "unasked"
    ASKED = "asked"
    ANSWERED = "answered"
    DECLINED = "declined"
    NOT_NOW = "not now"
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class Question:
    """One line of the ledger."""

    topic: str
    state: QuestionState
    at: datetime  # when the state was entered; aware, UTC
    times_asked: int
    contact: int | None  # the contact in which it was last asked

"""The question ledger: what each customer was asked, what came of it, and what may be asked next."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from one_to_one.shop import Shop

NOT_NOW_TERM = timedelta(days=7)
"""How long the first "not now" is honoured; each further one four times as long."""

AGAIN_AFTER = timedelta(days=1)
"""How long a question that got no answer rests before it comes back in other words."""

MOST_PER_CONTACT = 2
"""The drip never asks more in one contact, whatever the shop says."""

MOST_UNANSWERED = 2
"""How often a question is put that gets no answer: once, and once more in other words."""


class QuestionState(StrEnum):
    """How a question to one customer stands."""

    UNASKED = "unasked"
    ASKED = "asked"
    ANSWERED = "answered"
    DECLINED = "declined"
    NOT_NOW = "not now"
    STALE = "stale"
    PAUSED = "paused"  # the customer wants no questions about it, until they say so


@dataclass(frozen=True, slots=True)
class Question:
    """One line of the ledger."""

    topic: str
    state: QuestionState
    at: datetime  # when the state was entered; aware, UTC
    times_asked: int
    contact: int | None  # the contact in which it was last asked


def budget(shop: Shop) -> int:
    """How many questions one contact may hold: 0, 1 or 2."""
    return max(0, min(shop.questions_per_contact, MOST_PER_CONTACT))


def may_ask(
    question: Question | None, now: datetime, *, contact: int | None = None, stale: bool = False
) -> bool:
    """Whether a topic may be asked about now. `stale`: its answer has grown old and may be confirmed."""
    if question is None or question.state is QuestionState.UNASKED:
        return True
    if contact is not None and question.contact == contact and question.times_asked > 0:
        return False
    if question.state is QuestionState.NOT_NOW:
        return now - question.at >= rest_of(question)
    if question.state is QuestionState.ASKED:
        return question.times_asked < MOST_UNANSWERED and now - question.at >= AGAIN_AFTER
    return question.state is QuestionState.STALE or (stale and question.state is QuestionState.ANSWERED)


def wording(question: Question | None) -> int:
    """Which wording of the topic's question comes next: 0 the first time, 1 in other words."""
    return 0 if question is None else min(question.times_asked, 1)


def after(
    question: Question | None, topic: str, state: QuestionState, now: datetime, contact: int | None = None
) -> Question:
    """The ledger's line after an event. A refusal is undone only by an answer, never by asking."""
    before = question or Question(topic, QuestionState.UNASKED, now, 0, None)
    if state is QuestionState.ASKED:
        return _asked(before, now, contact)
    if before.state is QuestionState.DECLINED and state is not QuestionState.ANSWERED:
        return before
    return replace(before, state=state, at=now)


def _asked(before: Question, now: datetime, contact: int | None) -> Question:
    if before.state is QuestionState.DECLINED:
        return before
    return Question(before.topic, QuestionState.ASKED, now, before.times_asked + 1, contact)


def rest_of(question: Question) -> timedelta:
    """How long a question rests that was answered with "not now"."""
    return NOT_NOW_TERM * int(4 ** max(0, question.times_asked - 1))

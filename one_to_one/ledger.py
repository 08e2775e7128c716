"""The question ledger: what each customer was asked, what came of it, and what may be asked next."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from one_to_one.shop import TERMS, Shop, Terms

AGAIN_AFTER = timedelta(days=1)
"""How long a question that got no answer rests before it comes back in other words."""

MOST_PER_CONTACT = 2
"""The drip never asks more in one contact, whatever the shop says."""

MOST_UNANSWERED = 2
"""How often a question is put that gets no answer: once, and once more in other words."""

JUST_NOW = timedelta(minutes=30)
"""A question put so lately, in another contact, counts against the budget of this one."""

LONGER = 4
"""Each further refusal of the same question is honoured so many times as long as the one before."""

FOREVER = timedelta(days=36500)
"""No rest is longer than this."""


class QuestionState(StrEnum):
    """How a question to one customer stands."""

    UNASKED = "unasked"
    ASKED = "asked"
    ANSWERED = "answered"
    DECLINED = "declined"
    NOT_NOW = "not now"
    STALE = "stale"  # answered so long ago that it may be confirmed; see `ageing`
    PAUSED = "paused"  # the customer wants no questions about it, until they say so


REFUSED = frozenset({QuestionState.DECLINED, QuestionState.NOT_NOW})
"""The states after a question was waved aside."""


STRENGTH = {
    QuestionState.UNASKED: 0,
    QuestionState.STALE: 1,
    QuestionState.ASKED: 2,
    QuestionState.NOT_NOW: 3,
    QuestionState.DECLINED: 4,
    QuestionState.ANSWERED: 4,
    QuestionState.PAUSED: 5,
}
"""Which of two lines about one topic says more; between equals the later."""


@dataclass(frozen=True, slots=True)
class Question:
    """One line of the ledger."""

    topic: str
    state: QuestionState
    at: datetime  # when the state was entered; aware, UTC
    times_asked: int
    contact: int | None  # the contact in which it was last asked
    asked_at: datetime | None = None  # when it was last asked; None: never, or not noted
    settled: int = 0  # how often it had been asked when it was last answered
    elsewhere: int = 0  # how often it was asked in vain of whom they were merged with
    known: bool = False  # refused now, but one of those who were merged had answered before

    @property
    def tries(self) -> int:
        """How often it was asked since it was last answered."""
        return max(0, self.times_asked - self.settled) + self.elsewhere


def budget(shop: Shop) -> int:
    """How many questions one contact may hold: 0, 1 or 2."""
    return max(0, min(shop.questions_per_contact, MOST_PER_CONTACT))


def may_ask(
    question: Question | None,
    now: datetime,
    *,
    contact: int | None = None,
    terms: Terms = TERMS,
) -> bool:
    """Whether a topic may be asked about now, by the terms its refusals are honoured for.

    An answer that has grown old (`ageing.aged`) may be confirmed.
    """
    if question is None:
        return True
    if contact is not None and question.contact == contact and question.times_asked > 0:
        return False
    if question.state is QuestionState.UNASKED:
        return question.tries < MOST_UNANSWERED
    if question.state is QuestionState.STALE:
        return True
    until = rests_until(question, terms)
    return until is not None and now >= until


def rests_until(question: Question, terms: Terms = TERMS) -> datetime | None:
    """When a question that wasn't answered may be put again; None: never."""
    if question.state is QuestionState.NOT_NOW:
        return question.at + _rest(terms.not_now_for, question.tries)
    if question.state is QuestionState.DECLINED and terms.declined_for is not None:
        return question.at + _rest(terms.declined_for, question.tries)
    if question.state is QuestionState.ASKED and question.tries < MOST_UNANSWERED:
        return question.at + AGAIN_AFTER
    return None


def _rest(term: timedelta, tries: int) -> timedelta:
    """The first refusal is honoured for the topic's term, each further one longer."""
    return min(FOREVER, term * int(LONGER ** min(6, max(0, tries - 1))))


def refused_in(ledger: Mapping[str, Question], contact: int | None) -> bool:
    """Whether a question of this contact was waved aside: then nothing more is asked in it."""
    return contact is not None and any(
        question.contact == contact and question.state in REFUSED for question in ledger.values()
    )


def asked_elsewhere(ledger: Mapping[str, Question], now: datetime, contact: int | None) -> int:
    """How many questions were put just now in another contact: of somebody merged, or on another channel."""
    return sum(
        question.asked_at is not None and now - question.asked_at < JUST_NOW and question.contact != contact
        for question in ledger.values()
    )


def last_asked(ledger: Mapping[str, Question], count: int = 1) -> list[Question]:
    """The questions that were put last, the latest first."""
    asked = [question for question in ledger.values() if question.times_asked > 0]
    latest = sorted(asked, key=lambda question: (question.asked_at or question.at, question.topic))
    return latest[::-1][:count]


def wording(question: Question | None) -> int:
    """Which wording of the topic's question comes next: 0 the first time, then each in its turn."""
    return 0 if question is None else question.tries


def after(
    question: Question | None,
    topic: str,
    state: QuestionState,
    now: datetime,
    contact: int | None = None,
    terms: Terms = TERMS,
) -> Question:
    """The ledger's line after an event.

    A refusal ends with an answer, or with its term; a pause only when the customer takes it back (`unasked`):
    whoever names the topic may be asked as if it never had been.
    """
    before = question or Question(topic, QuestionState.UNASKED, now, 0, None)
    if before.state is QuestionState.PAUSED and state is not QuestionState.UNASKED:
        return before
    if state is QuestionState.ASKED:
        return _asked(before, now, contact, terms)
    if before.state is QuestionState.DECLINED and state in (QuestionState.NOT_NOW, QuestionState.STALE):
        return before
    here = before.contact if contact is None else contact
    line = replace(before, state=state, at=now, contact=here)
    if state is QuestionState.ANSWERED:
        return replace(line, settled=line.times_asked, elsewhere=0, known=False)
    if state is QuestionState.UNASKED:
        return replace(line, settled=line.times_asked, elsewhere=0, known=False)
    return line


def reopened(paused: Question, before: QuestionState, since: datetime) -> Question:
    """The line once questions are welcome again, of whatever topic: as it was before, its refusal included.

    `before` is what came of it when it was last asked, `since` then.
    """
    return replace(paused, state=before, at=since)


def joined(one: Question, other: Question) -> Question:
    """What stands about a topic when two customers turn out to be one: no refusal, no try and no answer is
    forgotten.

    A pause stays. Of an answer and a refusal the later counts, and that there was an answer is kept beside a
    later refusal: when its term is over, what was answered isn't asked. "No" is more than "not now", that is
    more than silence. Raises ValueError for two topics.
    """
    if one.topic != other.topic:
        raise ValueError(one.topic, other.topic)
    weaker, stronger = sorted((one, other), key=lambda line: _strength(line, {one.state, other.state}))
    if stronger.state is QuestionState.ANSWERED:
        return replace(stronger, elsewhere=0, known=False)
    known = stronger.known or weaker.known or weaker.state is QuestionState.ANSWERED
    return replace(stronger, elsewhere=stronger.elsewhere + weaker.tries, known=known)


def _strength(line: Question, states: Set[QuestionState]) -> tuple[int, datetime, int]:
    answered = line.state is QuestionState.NOT_NOW and QuestionState.ANSWERED in states
    return STRENGTH[QuestionState.ANSWERED if answered else line.state], line.at, line.times_asked


def _asked(before: Question, now: datetime, contact: int | None, terms: Terms) -> Question:
    if before.state in REFUSED and not may_ask(before, now, terms=terms):
        return before
    return replace(
        before,
        state=QuestionState.ASKED,
        at=now,
        times_asked=before.times_asked + 1,
        contact=contact,
        asked_at=now,
    )

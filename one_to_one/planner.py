"""Which question is worth asking next: the one whose answer would change the proposal for the better."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property

from one_to_one.ageing import grown_old, with_old
from one_to_one.deciding import LEAST, Outlook, Ranked, best_question, ranking
from one_to_one.facts import Fact, FactId
from one_to_one.history import Ordered
from one_to_one.information import Case, View, bears, decides_between, view_of
from one_to_one.insight import NOTHING, Insight
from one_to_one.ledger import (
    MOST_UNANSWERED,
    Question,
    QuestionState,
    asked_elsewhere,
    budget,
    last_asked,
    may_ask,
    refused_in,
    rests_until,
    wording,
)
from one_to_one.preferences import confidence_at, last_said
from one_to_one.shop import ShopPack, Topic
from one_to_one.shortlist import CELLS

BETWEEN = 2
"""So many other questions lie between two that no proposal depends on."""

SOON = timedelta(days=30)
"""Or so much time."""

QUICK = CELLS // 2
"""With fewer products × values than this, which are looked at all, the first question is chosen with the
second one in mind."""

WIDTH = 2
"""For so many first questions the second one is thought of."""


class Excluded(StrEnum):
    """Why a topic isn't asked about now."""

    ANSWERED = "answered"
    THIS_CONTACT = "asked in this contact"
    RESTS = "asked, no answer yet"
    UNANSWERED = "asked twice without an answer"
    DECLINED = "declined"
    NOT_NOW = "not now"
    PAUSED = "paused by the customer"
    SENSITIVE = "sensitive: not the first, nor after another one"
    BETWEEN = "between people: after two questions about what they like"
    USELESS = "no answer would change anything"
    DEAR = "costs more than it gives"


class Silence(StrEnum):
    """Why nothing at all is asked now."""

    BUDGET = "the questions of this contact are spent"
    REFUSED = "a question was refused in this contact"
    HURRY = "the customer is in a hurry"
    BUSY = "something else is being handled"


@dataclass(frozen=True, slots=True)
class Planned:
    """The question to ask next, and what it is worth."""

    topic: str
    value: float  # expected gain in utility less the burden of asking
    wording: int  # index of the wording of the topic's question
    stale: FactId | None = None  # set: an old answer to confirm, rather than an open question
    between: tuple[str, str] | None = None  # the two products the answer decides between
    module: bool = False  # the answer fills a module that would otherwise be assumed
    gain: float = 0.0
    burden: float = 0.0


@dataclass(frozen=True, slots=True)
class Considered:
    """One topic in the ranking behind the next question."""

    topic: str
    gain: float  # expected, in utility, the answers' chances counted
    burden: float
    value: float  # gain less burden, with what could be asked next in this contact
    excluded: Excluded | None  # None: it may be asked
    until: datetime | None = None  # the exclusion ends then; None: no such date
    between: tuple[str, str] | None = None
    module: bool = False
    stale: datetime | None = None  # when the answer was given that has grown old and would be confirmed


def next_question(
    pack: ShopPack,
    facts: Sequence[Fact],
    ledger: Mapping[str, Question],
    spent: int,
    now: datetime,
    *,
    contact: int | None = None,
    history: Sequence[Ordered] = (),
    insight: Insight = NOTHING,
) -> Planned | None:
    """The question with the highest value of information, or None when no question is worth its burden.

    `spent` counts the questions of this contact; `insight` tells what similar customers answer and choose
    (NOTHING: the catalogue alone counts). See docs/planner.md for an example.
    """
    standing = Standing(pack, facts, ledger, spent, now, contact, history, insight)
    if standing.silence is not None:
        return None
    case = standing.case([topic.name for topic in standing.open_topics()])
    best = best_question(case, ahead=standing.ahead, width=WIDTH)
    return None if best is None else standing.planned(best, case)


def may_settle(
    pack: ShopPack,
    ledger: Mapping[str, Question],
    topic: Topic,
    spent: int,
    now: datetime,
    *,
    contact: int | None = None,
) -> bool:
    """Whether it may be asked if something said against a firm belief is for today or from now on.

    It costs a question of the same budget and keeps the same rules; what the customer has paused, refused
    within its term, or left open twice isn't asked about.
    """
    standing = Standing(pack, (), ledger, spent, now, contact, (), NOTHING)
    question = ledger.get(topic.name)
    if standing.silence is not None or (topic.sensitive and standing.careful):
        return False
    if question is None or question.state in (QuestionState.ANSWERED, QuestionState.STALE):
        return True
    return may_ask(question, now, contact=contact, terms=topic.terms)


def considered(
    pack: ShopPack,
    facts: Sequence[Fact],
    ledger: Mapping[str, Question],
    spent: int,
    now: datetime,
    *,
    contact: int | None = None,
    history: Sequence[Ordered] = (),
    insight: Insight = NOTHING,
) -> tuple[Silence | None, tuple[Considered, ...]]:
    """Why nothing is asked now, if so; and every topic, those that may be asked first, by their value."""
    standing = Standing(pack, facts, ledger, spent, now, contact, history, insight)
    return standing.silence, tuple(standing.considered())


@dataclass(frozen=True)
class Standing:
    """How things stand with one customer at one moment."""

    pack: ShopPack
    facts: Sequence[Fact]
    ledger: Mapping[str, Question]
    spent: int
    now: datetime
    contact: int | None
    history: Sequence[Ordered]
    insight: Insight  # what similar customers answer and choose

    @property
    def silence(self) -> Silence | None:
        """Why nothing may be asked in this contact any more."""
        lately = asked_elsewhere(self.ledger, self.now, self.contact) if self.contact is not None else 0
        if self.spent + lately >= budget(self.pack.shop):
            return Silence.BUDGET
        return Silence.REFUSED if refused_in(self.ledger, self.contact) else None

    @property
    def ahead(self) -> int:
        """How many questions are thought of: all that this contact may still hold, where that is quick."""
        cells = len(self.view.catalogue.products) * len(self.view.catalogue.values)
        return max(1, budget(self.pack.shop) - self.spent) if cells <= QUICK else 1

    @cached_property
    def view(self) -> View:
        """The catalogue as this customer would see it."""
        return view_of(self.pack, self.facts, self.history, self.now, self.insight)

    def case(self, topics: Sequence[str]) -> Case:
        """What is laid before the decision."""
        tried = [name for name, question in self.ledger.items() if question.tries]
        return Case(self.view, topics, self._doubts, self.insight.crowd, tried)

    def open_topics(self) -> Iterator[Topic]:
        """What may be asked about now; of what nothing was ever said, quickly."""
        said = {*self._lines, *(t for topics in self.view.believed.stances.values() for t in topics)}
        for topic in self.pack.topics.values():
            why = self.excluded(topic) if topic.name in said else self._untimely(topic)
            if why is None:
                yield topic

    def excluded(self, topic: Topic) -> Excluded | None:
        """Why the ledger keeps a topic from being asked about; None: it doesn't."""
        question = self._lines.get(topic.name)
        if question is not None and question.state is QuestionState.PAUSED:
            return Excluded.PAUSED
        known = self.view.believed.answered(topic.name) or (question is not None and question.known)
        if known and topic.name not in self._stale:
            return Excluded.ANSWERED
        if not may_ask(question, self.now, contact=self.contact, terms=topic.terms):
            return self._rests(question)
        return self._untimely(topic)

    def _untimely(self, topic: Topic) -> Excluded | None:
        """Why this isn't the moment for it, whatever became of it before."""
        if topic.sensitive and self.careful:
            return Excluded.SENSITIVE
        return Excluded.BETWEEN if self._personal_lately and not bears(self.view, topic.name) else None

    def _rests(self, question: Question | None) -> Excluded:
        if question is None or question.state in (QuestionState.ANSWERED, QuestionState.STALE):
            return Excluded.ANSWERED
        if question.state is QuestionState.DECLINED:
            return Excluded.DECLINED
        if question.state is QuestionState.NOT_NOW:
            return Excluded.NOT_NOW
        if question.tries >= MOST_UNANSWERED:
            return Excluded.UNANSWERED
        return Excluded.THIS_CONTACT if question.contact == self.contact else Excluded.RESTS

    def planned(self, best: Ranked, case: Case) -> Planned:
        """The decision, with what is needed to put it into words."""
        old = self._stale.get(best.topic)
        return Planned(
            best.topic,
            best.value,
            wording(self.ledger.get(best.topic)),
            None if old is None else old.id,
            decides_between(case, best.outlook),
            best.topic in self.pack.modules,
            best.gain,
            best.burden,
        )

    def considered(self) -> Iterator[Considered]:
        """Every topic, those that may be asked first, each part by its value."""
        case = self.case(list(self.pack.topics))
        excluded = {topic.name: self.excluded(topic) for topic in self.pack.topics.values()}
        askable = self.case([name for name, why in excluded.items() if why is None])
        weighed = {one.topic: one for one in ranking(askable, ahead=self.ahead, width=WIDTH)}
        rows = [self._considered(case, weighed.get(name), name, why) for name, why in excluded.items()]
        yield from sorted(rows, key=lambda row: (row.excluded is not None, -round(row.value, 9), row.topic))

    def _considered(self, case: Case, one: Ranked | None, name: str, why: Excluded | None) -> Considered:
        if one is None:
            outlook: Outlook = case.outlook(name)
            one = Ranked(name, outlook.gain, case.burden(name), 0.0, outlook)
        if why is None and one.value <= 0:
            why = Excluded.USELESS if one.gain + one.later <= LEAST else Excluded.DEAR
        question = self.ledger.get(name)
        waits = why in (Excluded.DECLINED, Excluded.NOT_NOW, Excluded.RESTS) and question is not None
        until = (
            rests_until(question, self.pack.topics[name].terms) if waits and question is not None else None
        )
        between = decides_between(case, one.outlook)
        old = self._stale.get(name)
        stale = None if old is None else last_said(old)
        module = name in self.pack.modules
        return Considered(name, one.gain, one.burden, one.value, why, until, between, module, stale)

    @cached_property
    def _stale(self) -> dict[str, Fact]:
        """By topic, the answer grown old that would be confirmed."""
        return grown_old(self.facts, self.pack, self.now)

    @cached_property
    def _lines(self) -> dict[str, Question]:
        """The ledger with its answers grown old."""
        return with_old(self.ledger, self._stale, self.pack)

    @cached_property
    def _doubts(self) -> dict[str, float]:
        """By topic, how far the answer it has is doubted."""
        return {
            name: 1.0 - confidence_at(fact, self.pack.topics[name], self.now)
            for name, fact in self._stale.items()
        }

    @cached_property
    def _personal_lately(self) -> bool:
        """Whether one of the last questions was one that no proposal depends on."""
        lately = last_asked(self.ledger, BETWEEN)
        return any(
            one.topic in self.pack.topics
            and not bears(self.view, one.topic)
            and self.now - (one.asked_at or one.at) < SOON
            for one in lately
        )

    @cached_property
    def careful(self) -> bool:
        """Whether a sensitive question has to wait: nothing was asked yet, or the last one was sensitive."""
        last = last_asked(self.ledger)
        topic = self.pack.topics.get(last[0].topic) if last else None
        return not last or (topic is not None and topic.sensitive)

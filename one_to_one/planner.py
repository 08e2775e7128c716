"""Which question is worth asking next: the one whose answer would change the proposal for the better."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from one_to_one.facts import Fact, FactId
from one_to_one.history import Ordered
from one_to_one.information import NOTHING, View, view_of, worth_of
from one_to_one.ledger import Question, budget, may_ask, wording
from one_to_one.preferences import confidence_at, is_stale
from one_to_one.shop import ShopPack, Topic, TopicKind

RELATIONSHIP = 0.02
"""What any answer is worth between people, where nothing in the catalogue depends on it."""

NAME_AFTER_ORDER = 2.0
"""How many times as much it is worth to know the name of somebody who has ordered."""


@dataclass(frozen=True, slots=True)
class Planned:
    """The question to ask next, and what it is worth."""

    topic: str
    value: float  # expected gain in utility less the burden of asking
    wording: int  # index of the wording of the topic's question
    stale: FactId | None = None  # set: an old answer to confirm, rather than an open question
    between: tuple[str, str] | None = None  # the two products the answer decides between
    module: bool = False  # the answer fills a module that would otherwise be assumed


def next_question(
    pack: ShopPack,
    facts: Sequence[Fact],
    ledger: Mapping[str, Question],
    spent: int,
    now: datetime,
    *,
    contact: int | None = None,
    history: Sequence[Ordered] = (),
) -> Planned | None:
    """The question with the highest value of information, or None when no question is worth its burden.

    `spent` counts the questions of this contact. See docs/planner.md for an example.
    """
    if spent >= budget(pack.shop):
        return None
    view = view_of(pack, facts, history, now)
    stale = _stale_facts(pack, facts, now)
    planned = [
        one
        for topic in _open_topics(view, ledger, stale, now, contact)
        if (one := _planned(view, topic, ledger.get(topic.name), stale.get(topic.name), now)) is not None
    ]
    return min(planned, key=lambda one: (-round(one.value, 9), one.topic), default=None)


def _stale_facts(pack: ShopPack, facts: Sequence[Fact], now: datetime) -> dict[str, Fact]:
    """By topic, the fact most in need of being confirmed: the least believed of the old ones."""
    stale: dict[str, Fact] = {}
    for fact in sorted(facts, key=lambda fact: fact.id):
        topic = pack.topics.get(fact.topic)
        if topic is not None and is_stale(fact, topic, now):
            stale.setdefault(fact.topic, fact)
    return stale


def _open_topics(
    view: View, ledger: Mapping[str, Question], stale: Mapping[str, Fact], now: datetime, contact: int | None
) -> Iterator[Topic]:
    careful = _must_be_careful(view.pack, ledger)
    for topic in view.pack.topics.values():
        old = topic.name in stale
        unanswered = not view.believed.answered(topic.name) or old
        askable = may_ask(ledger.get(topic.name), now, contact=contact, stale=old)
        if unanswered and askable and not (topic.sensitive and careful):
            yield topic


def _must_be_careful(pack: ShopPack, ledger: Mapping[str, Question]) -> bool:
    """Whether a sensitive question has to wait: nothing was asked yet, or the last one was sensitive."""
    asked = [question for question in ledger.values() if question.times_asked > 0]
    if not asked:
        return True
    last = pack.topics.get(max(asked, key=lambda question: question.at).topic)
    return last is not None and last.sensitive


def _planned(
    view: View, topic: Topic, question: Question | None, stale: Fact | None, now: datetime
) -> Planned | None:
    doubt = 1.0 if stale is None else 1.0 - confidence_at(stale, topic, now)
    worth = worth_of(view, topic)
    useful = 0.0 if worth is None else worth.gain * doubt - topic.burden
    value = _relationship(view, topic) * doubt if worth is None else useful
    if value <= 0:
        return None
    old, worth = (None if stale is None else stale.id), worth or NOTHING
    return Planned(topic.name, value, wording(question), old, worth.between, worth.module)


def _relationship(view: View, topic: Topic) -> float:
    """What knowing it is worth between people; nothing before the first useful answer."""
    if not any(view.believed.stances.values()):
        return 0.0
    times = NAME_AFTER_ORDER if view.ordered and topic.kind is TopicKind.NAME else 1.0
    return times * (topic.worth or RELATIONSHIP) * (1.0 - min(1.0, topic.burden))

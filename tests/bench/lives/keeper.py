"""The shop of the simulated lives: the real rules, called as the actions call them. Nothing else knows them.

What a contact may hold is in the order of `actions`: what was said is remembered (`remembering`, `holding`),
a proposal is made (`proposing`, `wishing`), then the drip may ask (`asking`, `feedback`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from one_to_one.catalogue import catalogue_of
from one_to_one.contradictions import firmest, is_firm, may_be_firm, opposed
from one_to_one.crowd import Crowd
from one_to_one.facts import Fact, FactId, Heard, Polarity, Source
from one_to_one.feedback import inferred, tells_something
from one_to_one.history import Ordered, Rating, usual
from one_to_one.insight import Insight
from one_to_one.ledger import QuestionState, budget
from one_to_one.planner import Planned, Standing, next_question
from one_to_one.preferences import beliefs, is_stale, weigh
from one_to_one.proposals import Proposed, propose
from one_to_one.shop import ShopPack
from tests.bench.lives.pages import Pages

COUNT = 3
UNWRITTEN = 1_000_000_000
"""Facts that are only thought of are numbered from here."""

type Choose = Callable[[Standing], str | None]
"""Another way of choosing the question, among those that the ledger lets be asked; None: none."""


@dataclass(slots=True)
class Keeper:
    """The shop, to one customer record."""

    pack: ShopPack
    pages: Pages
    crowd: Crowd | None = None
    choose: Choose | None = None  # None: the planner
    contact: int = 0
    complained: bool = False
    ordering: bool = False
    silent: bool = False  # nothing more is asked in this turn
    wishes: list[Heard] = field(default_factory=list)  # for this contact only
    doubted: list[FactId] = field(default_factory=list)  # beliefs that a wish of this contact goes against

    def welcome(self, channel: str, now: datetime) -> None:
        """A contact begins."""
        self.contact = self.pages.begin(channel, now)
        self.complained = self.ordering = self.silent = False
        self.wishes, self.doubted = [], []

    def listen(self, heard: Sequence[Heard], now: datetime, *, settled: bool, consents: bool = True) -> None:
        """Remember what was said. `settled`: as the answer to a question about it, or said to be a change."""
        for one in heard:
            if not one.lasting:
                self.wishes.append(one)
        lasting = [one for one in heard if one.lasting and (settled or self._is_free(one, now))]
        changes = weigh(lasting, self.pages.facts(), self.pack)
        for one in changes.learn:
            self._learn(one, now, provisional=self.pack.topics[one.topic].sensitive and not consents)
        for fact in changes.end:
            self.pages.end(fact, now)
        for fact in changes.same:
            same = Heard(fact.topic, fact.value, fact.polarity, fact.confidence, fact.words)
            self._learn(same, now, provisional=fact.provisional)

    def _is_free(self, heard: Heard, now: datetime) -> bool:
        """Whether it may be weighed at once; else it is a wish of this contact, as in `actions.holding`."""
        topic = self.pack.topics[heard.topic]
        against = opposed(heard, self.pages.facts(), self.pack)
        began = now  # the simulated contact is one moment
        firm = [
            fact
            for fact in against
            if may_be_firm(fact, topic, now, began) and is_firm(fact, topic, self.pages.times_said(fact))
        ]
        if not firm:
            return True
        self.wishes.append(heard)
        self.doubted.append(firmest(firm).id)
        return False

    def _learn(self, heard: Heard, now: datetime, *, provisional: bool) -> None:
        self.pages.learn(heard, now, provisional=provisional)
        self.pages.mark(heard.topic, QuestionState.ANSWERED, now)

    def propose(self, now: datetime) -> Sequence[Proposed]:
        """Three products. What was open before is ignored, unless its fate was noted."""
        self.pages.settle("ignored", now)
        items = self._proposed(self.pages.facts(), now)
        self.pages.offer([item.product for item in items], now)
        return items

    def would_propose(self, heard: Sequence[Heard], now: datetime) -> list[str]:
        """The products that would be proposed if this were answered; nothing is written down."""
        facts = self.pages.facts()
        changes = weigh(heard, facts, self.pack)
        gone = {fact.id for fact in changes.end}
        fresh = [_as_fact(UNWRITTEN + n, one, now) for n, one in enumerate(changes.learn)]
        items = self._proposed([*(fact for fact in facts if fact.id not in gone), *fresh], now)
        return [item.product for item in items]

    def knows(self, now: datetime) -> int:
        """Of how many topics that products depend on something is known to be liked."""
        believed = beliefs(self.pages.facts(), self.pack, now)
        return sum(bool(believed.liked(topic)) for topic in catalogue_of(self.pack).columns)

    def _proposed(self, facts: Sequence[Fact], now: datetime) -> Sequence[Proposed]:
        history, shown = self.pages.ordered(), self.pages.shown()
        insight = Insight(crowd=self.crowd)
        basis = self._basis(facts, now)
        return propose(self.pack, basis, history, shown, now, count=COUNT, insight=insight)

    def _basis(self, facts: Sequence[Fact], now: datetime) -> list[Fact]:
        """What is believed, and what is wished for today in place of it."""
        wished = {one.topic for one in self.wishes if one.polarity is Polarity.LIKES}
        wishes = [_as_fact(-n, one, now) for n, one in enumerate(self.wishes, start=1)]
        own = [fact for fact in facts if fact.id not in self.doubted]
        return [*(fact for fact in own if fact.topic not in wished or self._stays(fact)), *wishes]

    def _stays(self, fact: Fact) -> bool:
        return fact.polarity is Polarity.NEVER or self.pack.topics[fact.topic].many

    def others(self, now: datetime) -> Sequence[Proposed]:
        """None of these: others."""
        self.pages.settle("changed", now)
        return self.propose(now)

    def rejected(self, now: datetime) -> None:
        """None of these."""
        self.pages.settle("rejected", now)
        self.silent = True

    def order(self, product: str, options: Mapping[str, str], now: datetime) -> None:
        """Accepted, drafted and confirmed. Nothing is asked while an order is being handled."""
        self.pages.settle("accepted", now)
        self.pages.order(product, options, now)
        self.ordering = True

    def usual(self) -> Ordered | None:
        """What they always have."""
        found = usual(self.pages.ordered())
        product = None if found is None else self.pack.products.get(found.product)
        return found if product is not None and product.stock > 0 else None

    def ask(self, now: datetime) -> Planned | Ordered | None:
        """The drip: a question, or an order to say how it was; None: nothing."""
        busy = self.complained or self.ordering or self.silent
        if busy or self.pages.spent() >= self.pack.shop.questions_per_contact:
            return None
        due = self._to_rate(now)
        if due is not None:
            self.pages.asked(due.line, now)
            self.pages.spend()
            return due
        planned = self._planned(now)
        if planned is not None:
            self.pages.mark(planned.topic, QuestionState.ASKED, now)
            self.pages.spend()
        return planned

    def _to_rate(self, now: datetime) -> Ordered | None:
        """The oldest thing whose verdict isn't known, as in `actions.feedback`."""
        history = self.pages.ordered()
        while (line := self.pages.unrated()) is not None and line.at < now:
            if tells_something(line.product, line.at, history):
                return line
            self.pages.asked(line.line, now)
        return None

    def _planned(self, now: datetime) -> Planned | None:
        facts = self.pages.facts()
        ledger, spent, history = self.pages.ledger(), self.pages.spent(), self.pages.ordered()
        insight = Insight(crowd=self.crowd)
        if self.choose is None:
            return next_question(
                self.pack, facts, ledger, spent, now, contact=self.contact, history=history, insight=insight
            )
        standing = Standing(self.pack, facts, ledger, spent, now, self.contact, history, insight)
        topic = None if standing.silence is not None else self.choose(standing)
        return None if topic is None else planned_about(standing, topic)

    def aside(self, topic: str, state: QuestionState, now: datetime) -> None:
        """The question was waved aside: declined, or not now. Nothing more is asked."""
        self.pages.mark(topic, state, now)
        self.silent = True

    def indifferent(self, topic: str, now: datetime) -> None:
        """Asked, and they don't mind, or have none of it."""
        self.pages.mark(topic, QuestionState.ANSWERED, now)
        self.silent = True

    def rate(self, line: int, rating: Rating, now: datetime) -> None:
        """How it was; and what several verdicts together let us suppose."""
        self.pages.rate(line, rating, now)
        history = self.pages.ordered()
        rated = next((one for one in history if one.line == line), None)
        if rated is not None:
            facts = self.pages.facts()
            for one in weigh(
                inferred(self.pack, rated, facts, history), facts, self.pack, stated=False
            ).learn:
                self.pages.learn(one, now, stated=False)
        self.silent = True

    def most_questions(self) -> int:
        """How many questions one contact may hold."""
        return budget(self.pack.shop)

    def taken_to_like(self, now: datetime) -> Mapping[str, Sequence[str]]:
        """Topic → what the customer is known to like, for the crowd to learn from."""
        believed = beliefs([fact for fact in self.pages.facts() if fact.stated], self.pack, now)
        topics = (topic.name for topic in self.pack.topics.values() if topic.values and not topic.sensitive)
        return {name: sorted(believed.liked(name)) for name in topics if believed.liked(name)}


def planned_about(standing: Standing, topic: str) -> Planned:
    """The plan to ask about one topic, whatever it is worth."""
    question = standing.ledger.get(topic)
    known = standing.pack.topics[topic]
    old = [fact.id for fact in standing.facts if fact.topic == topic and is_stale(fact, known, standing.now)]
    return Planned(topic, 0.0, 0 if question is None else question.tries, old[0] if old else None)


def _as_fact(number: int, heard: Heard, now: datetime) -> Fact:
    source = Source(None, "web", now)
    return Fact(FactId(number), heard.topic, heard.value, heard.polarity, True, 1.0, now, None, now, source)

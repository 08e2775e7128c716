"""What the shop writes down about one customer, and reads again; in memory, with the store's own rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count
from typing import Protocol, Self

from one_to_one.facts import Fact, FactId, Heard, Source
from one_to_one.history import Ordered, Rating, Shown
from one_to_one.ledger import Question, QuestionState, after, joined
from one_to_one.shop import ShopPack

PROPOSALS = 10
"""Earlier proposals that still matter, as in `actions.past`."""


class Pages(Protocol):
    """The little that the simulated shop needs from a customer store, for one customer record."""

    def begin(self, channel: str, now: datetime) -> int:
        """A new contact; its number."""
        ...

    def spent(self) -> int:
        """The questions of this contact."""
        ...

    def spend(self) -> None:
        """One more."""
        ...

    def facts(self) -> Sequence[Fact]:
        """What is believed now, what is for this contact only included; oldest first."""
        ...

    def learn(self, heard: Heard, now: datetime, *, stated: bool = True, provisional: bool = False) -> Fact:
        """Believe it; the same again confirms what was believed."""
        ...

    def end(self, fact: Fact, now: datetime) -> None:
        """It is no longer true."""
        ...

    def times_said(self, fact: Fact) -> int:
        """In how many contacts they said it."""
        ...

    def ledger(self) -> Mapping[str, Question]:
        """What was asked, and what came of it."""
        ...

    def mark(self, topic: str, state: QuestionState, now: datetime) -> None:
        """Enter a state."""
        ...

    def offer(self, products: Sequence[str], now: datetime) -> None:
        """A new proposal, open."""
        ...

    def settle(self, outcome: str, now: datetime) -> None:
        """What came of the open proposals."""
        ...

    def shown(self) -> Sequence[Shown]:
        """The products of the latest proposals, newest first."""
        ...

    def order(self, product: str, options: Mapping[str, str], now: datetime) -> None:
        """One product was ordered."""
        ...

    def ordered(self) -> Sequence[Ordered]:
        """All that was ordered, oldest first."""
        ...

    def unrated(self) -> Ordered | None:
        """The oldest order nobody asked about yet."""
        ...

    def asked(self, line: int, now: datetime) -> None:
        """ "How was it?" was asked."""
        ...

    def rate(self, line: int, rating: Rating, now: datetime) -> None:
        """How it was."""
        ...

    def absorb(self, other: Self, now: datetime) -> None:
        """Two records are one customer."""
        ...


@dataclass(slots=True)
class MemoryPages:
    """Pages of one customer record in memory. Numbers rise over all records that share `numbers`."""

    pack: ShopPack
    numbers: count[int] = field(default_factory=lambda: count(1))
    believed: list[Fact] = field(default_factory=list)
    lines: dict[str, Question] = field(default_factory=dict)
    said: dict[tuple[str, str, str], set[int]] = field(default_factory=dict)  # fact -> contacts
    only_now: dict[FactId, int] = field(default_factory=dict)  # provisional fact -> its contact
    proposals: list[tuple[tuple[str, ...], datetime, str]] = field(default_factory=list)
    orders: list[Ordered] = field(default_factory=list)
    asked_about: set[int] = field(default_factory=set)
    contact: int = 0
    questions: int = 0
    channel: str = ""

    def begin(self, channel: str, now: datetime) -> int:
        self.contact, self.questions, self.channel = next(self.numbers), 0, channel
        return self.contact

    def spent(self) -> int:
        return self.questions

    def spend(self) -> None:
        self.questions += 1

    def facts(self) -> Sequence[Fact]:
        ours = (None, self.contact)
        return [fact for fact in self.believed if self.only_now.get(fact.id) in ours]

    def learn(self, heard: Heard, now: datetime, *, stated: bool = True, provisional: bool = False) -> Fact:
        said = heard.topic, heard.value, heard.polarity.value
        same = next((f for f in self.believed if (f.topic, f.value, f.polarity.value) == said), None)
        if same is not None and same.stated and not stated:
            return same
        if stated:
            self.said.setdefault(said, set()).add(self.contact)
        fact = Fact(
            id=FactId(next(self.numbers)),
            topic=heard.topic,
            value=heard.value,
            polarity=heard.polarity,
            stated=stated,
            confidence=heard.confidence,
            since=now if same is None else same.since,
            until=None,
            recorded_at=now,
            source=Source(None, self.channel, now),
            words=heard.words,
            provisional=provisional and (same is None or same.provisional),
        )
        self.believed = [*(old for old in self.believed if old is not same), fact]
        if fact.provisional:
            self.only_now[fact.id] = self.contact
        return fact

    def end(self, fact: Fact, now: datetime) -> None:
        self.believed = [old for old in self.believed if old.id != fact.id]

    def times_said(self, fact: Fact) -> int:
        return len(self.said.get((fact.topic, fact.value, fact.polarity.value), ()))

    def ledger(self) -> Mapping[str, Question]:
        return self.lines

    def mark(self, topic: str, state: QuestionState, now: datetime) -> None:
        terms = self.pack.topics[topic].terms
        self.lines[topic] = after(self.lines.get(topic), topic, state, now, self.contact, terms)

    def offer(self, products: Sequence[str], now: datetime) -> None:
        self.proposals = [*self.proposals[1 - PROPOSALS :], (tuple(products), now, "open")]

    def settle(self, outcome: str, now: datetime) -> None:
        self.proposals = [(p, at, outcome if was == "open" else was) for p, at, was in self.proposals]

    def shown(self) -> Sequence[Shown]:
        named = {"changed": "other"}
        return [Shown(p, at, named.get(o, o)) for several, at, o in reversed(self.proposals) for p in several]

    def order(self, product: str, options: Mapping[str, str], now: datetime) -> None:
        self.orders.append(Ordered(product, dict(options), now, None, next(self.numbers)))

    def ordered(self) -> Sequence[Ordered]:
        return self.orders[-20:]

    def unrated(self) -> Ordered | None:
        return next((o for o in self.orders if o.rating is None and o.line not in self.asked_about), None)

    def asked(self, line: int, now: datetime) -> None:
        self.asked_about.add(line)

    def rate(self, line: int, rating: Rating, now: datetime) -> None:
        self.orders = [replace(o, rating=rating) if o.line == line else o for o in self.orders]

    def absorb(self, other: MemoryPages, now: datetime) -> None:
        """Two records are one person: the rules of `crm_store.merging`."""
        for topic, line in other.lines.items():
            own = self.lines.get(topic)
            self.lines[topic] = line if own is None else joined(own, line)
        for fact in other.believed:
            self._take(fact)
        for said, contacts in other.said.items():
            self.said.setdefault(said, set()).update(contacts)
        self.believed.sort(key=lambda fact: fact.id)
        self.only_now |= other.only_now
        self.proposals = sorted([*self.proposals, *other.proposals], key=lambda p: p[1])[-PROPOSALS:]
        self.orders = sorted([*self.orders, *other.orders], key=lambda o: (o.at, o.line))
        self.asked_about |= other.asked_about

    def _take(self, fact: Fact) -> None:
        said = fact.topic, fact.value, fact.polarity
        same = next((f for f in self.believed if (f.topic, f.value, f.polarity) == said), None)
        if same is None or _weight(fact) > _weight(same):
            self.believed = [*(old for old in self.believed if old is not same), fact]


def _weight(fact: Fact) -> tuple[bool, bool, datetime, int]:
    return not fact.provisional, fact.stated, fact.recorded_at, fact.id

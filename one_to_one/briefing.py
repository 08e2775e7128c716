"""Three lines about a customer, for a colleague who picks up the phone: written from facts, by rules.

What is owed comes first (somebody waits, something went wrong, something was promised), then what they are in
the middle of, then what they like and what must never be, and what they bought last.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal

from one_to_one.facts import Fact, Polarity
from one_to_one.history import Rating
from one_to_one.preferences import confidence_at, is_stale, last_said
from one_to_one.shop import Topic, TopicKind
from one_to_one.wording import Wording

LINES = 3
"""Nobody reads more while the telephone rings."""

QUOTED = 90
"""Characters of a complaint that are repeated."""

MOST_LIKES, MOST_DISLIKES, MOST_NEVER = 4, 2, 4
"""Values that are named; what must never be is told first among what isn't wanted."""

TOLD = timedelta(days=30)
"""A proposal older than this is nothing they are in the middle of."""

ASIDE = frozenset({TopicKind.NAME, TopicKind.OCCASIONS, TopicKind.HOUSEHOLD, TopicKind.MONEY})
"""Kinds of topic that aren't tastes."""


@dataclass(frozen=True, slots=True)
class Grievance:
    """Something that went wrong and isn't put right."""

    words: str
    at: datetime
    attempts: int = 0  # how often it was put right, in vain


@dataclass(frozen=True, slots=True)
class Word:
    """Something the shop said it would do, and hasn't yet."""

    what: str  # as it is called
    due: datetime


@dataclass(frozen=True, slots=True)
class Bought:
    """An order, or one that is being made."""

    number: str
    things: Sequence[str]  # as they are called, with their quantities
    total: Decimal
    at: datetime
    state: str  # one_to_one/order_states.py; or "imported"
    ratings: Sequence[Rating] = ()


@dataclass(frozen=True, slots=True)
class Person:
    """What the three lines are written from."""

    called: str = ""  # "": no name is known
    facts: Sequence[Fact] = ()
    grievances: Sequence[Grievance] = ()  # open ones, the oldest first
    words: Sequence[Word] = ()  # open ones, the one due first on top
    waits_since: datetime | None = None  # for a person
    held_by: str | None = None  # the colleague who has the conversation
    draft: Bought | None = None
    awaiting: Bought | None = None  # a yes of their company
    under_way: Bought | None = None  # ordered, and not arrived
    last: Bought | None = None  # ordered and not taken back, the latest
    proposed: Sequence[str] = ()  # what was shown and isn't decided on
    proposed_at: datetime | None = None
    asked: str = ""  # the topic of a question that is open; "": none is
    private: bool = False  # wants no profile
    visits: int = 0
    since: datetime | None = None  # of the first visit


@dataclass(frozen=True)
class Briefing:
    """The three lines in one language."""

    wording: Wording
    now: datetime
    hidden: Callable[[str], str] = field(default=lambda words: words)  # what a colleague may see of words

    def lines(self, person: Person) -> tuple[str, ...]:
        """At most three, the most important first; never none."""
        owed, middle = list(self._owed(person)), list(self._middle(person))
        taste, last = list(self._taste(person)), list(self._last(person))
        parts = [part for part in (owed, middle, taste, last) if part]
        if len(parts) > LINES:
            parts = [*parts[: LINES - 1], [*parts[LINES - 1], *parts[LINES]]]
        if not parts:
            parts = [list(self._unknown(person))]
        return tuple(self._said("join").join(part) for part in parts)

    def _said(self, key: str, **fields: object) -> str:
        return self.wording.texts.say(self.wording.language, f"briefing.{key}", 0, **fields)

    def _who(self, person: Person) -> str:
        return person.called or self._said("nameless")

    # --- what is owed ---

    def _owed(self, person: Person) -> Iterator[str]:
        if person.held_by:
            yield self._said("held", who=self._who(person), name=person.held_by)
        elif person.waits_since is not None:
            yield self._said("waits", who=self._who(person), when=self._when(person.waits_since))
        yield from self._grievances(person)
        yield from self._words(person.words)

    def _grievances(self, person: Person) -> Iterator[str]:
        if not person.grievances:
            return
        oldest = person.grievances[0]
        told = {"day": self._day(oldest.at), "words": self._quoted(oldest.words)}
        if len(person.grievances) == 1:
            yield self._said("complained", who=self._who(person), **told)
        else:
            count = len(person.grievances)
            yield self._said("complained_often", who=self._who(person), count=count, **told)
        if any(one.attempts for one in person.grievances):
            yield self._said("in_vain")

    def _words(self, words: Sequence[Word]) -> Iterator[str]:
        if not words:
            return
        first = words[0]
        key = "overdue" if first.due < self.now else "promised"
        yield self._said(key, what=first.what, when=self._when(first.due))
        if len(words) > 1:
            yield self._said("more_promises", count=len(words) - 1)

    def _quoted(self, words: str) -> str:
        words = self.hidden(" ".join(words.split()))
        return words if len(words) <= QUOTED else words[:QUOTED] + "…"

    # --- what they are in the middle of ---

    def _middle(self, person: Person) -> Iterator[str]:
        if person.draft is not None:
            yield self._of("draft", person.draft)
        if person.awaiting is not None:
            yield self._of("awaiting", person.awaiting)
        if person.under_way is not None:
            yield self._of(f"under_way.{person.under_way.state}", person.under_way)
        fresh = person.proposed_at is not None and self.now - person.proposed_at < TOLD
        if person.proposed and fresh and person.proposed_at is not None and person.draft is None:
            yield self._said(
                "proposed", things=self._listed(person.proposed), day=self._day(person.proposed_at)
            )
        if person.asked and person.draft is None:
            yield self._said("asked", topic=person.asked)

    def _of(self, key: str, bought: Bought) -> str:
        return self._said(
            key,
            number=bought.number,
            things=self._listed([self.hidden(thing) for thing in bought.things]),
            total=self.wording.money(bought.total),
            day=self._day(bought.at),
        )

    # --- what they like, and what must never be ---

    def _taste(self, person: Person) -> Iterator[str]:
        if person.private:
            yield self._said("private")
            return
        tastes = {stance: self._named(person.facts, stance) for stance in Polarity}
        told = [
            self._said(stance.value, values=self._listed(values))
            for stance, values in tastes.items()
            if values
        ]
        if told:
            parts = self._said("semicolon").join(told)
            yield self._said("taste", parts=parts[:1].upper() + parts[1:])

    def _named(self, facts: Sequence[Fact], stance: Polarity) -> list[str]:
        """The values they stand to in this way, what is believed most first; what has faded goes last."""
        most = {
            Polarity.LIKES: MOST_LIKES,
            Polarity.DISLIKES: MOST_DISLIKES,
            Polarity.NEVER: MOST_NEVER,
        }[stance]
        weighed = sorted(
            ((self._weight(fact, topic), fact) for fact, topic in self._tastes(facts, stance)),
            key=lambda pair: pair[0],
        )
        return [self.hidden(self._value(fact)) for _, fact in weighed[:most]]

    def _tastes(self, facts: Sequence[Fact], stance: Polarity) -> Iterator[tuple[Fact, Topic]]:
        topics: Mapping[str, Topic] = self.wording.pack.topics
        for fact in facts:
            topic = topics.get(fact.topic)
            if fact.polarity is stance and topic is not None and topic.kind not in ASIDE:
                yield fact, topic

    def _weight(self, fact: Fact, topic: Topic) -> tuple[bool, bool, bool, float, datetime, int]:
        stale = is_stale(fact, topic, self.now) and fact.polarity is not Polarity.NEVER
        personal = not topic.bears_on
        sure = -confidence_at(fact, topic, self.now)
        return stale, not fact.stated, personal, round(sure, 3), last_said(fact), fact.id

    def _value(self, fact: Fact) -> str:
        """The value alone, with its topic where it doesn't say enough."""
        return self.wording.fact(replace(fact, polarity=Polarity.LIKES))

    # --- what they bought last ---

    def _last(self, person: Person) -> Iterator[str]:
        last = person.last
        if last is None or (person.under_way is not None and last.number == person.under_way.number):
            return
        liked = self._liked(last.ratings)
        yield self._of(f"last_{liked}" if liked else "last", last)

    def _liked(self, ratings: Sequence[Rating]) -> str:
        """How they found it; "" when they didn't say, or one thing so and another so."""
        found = set(ratings)
        return found.pop().value if len(found) == 1 else ""

    def _unknown(self, person: Person) -> Iterator[str]:
        if person.since is None:
            yield self._said("never_here", who=self._who(person))
        elif person.visits <= 1:
            yield self._said("first_visit", who=self._who(person), day=self._day(person.since))
        else:
            yield self._said(
                "nothing_known", who=self._who(person), count=person.visits, day=self._day(person.since)
            )

    # --- words ---

    def _listed(self, parts: Sequence[str]) -> str:
        return self.wording.listed(parts)

    def _day(self, at: datetime) -> str:
        """A day, with its year when it isn't this one."""
        return self.wording.date(at, self.now)

    def _when(self, at: datetime) -> str:
        """A day with its time."""
        return self._said("moment", day=self._day(at), time=self.wording.time(at))

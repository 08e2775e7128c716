"""What is counted over all lives, and the watch that checks what the shop may never do.

The watch keeps its own account of what a customer was asked and said: it doesn't read the shop's ledger.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from one_to_one.facts import Fact, Heard, Polarity
from one_to_one.ledger import MOST_UNANSWERED, QuestionState
from one_to_one.planner import Planned
from one_to_one.proposals import Proposed
from one_to_one.shop import ShopPack, Topic


@dataclass(slots=True)
class Scores:
    """Counts, by name. Those of two groups of customers add up."""

    counts: Counter[str] = field(default_factory=Counter)

    def add(self, name: str, count: int = 1) -> None:
        """Count something."""
        self.counts[name] += count

    def share(self, name: str, of: str) -> float:
        """How much of one count another is; not a number when there is none."""
        whole = self.counts[of]
        return self.counts[name] / whole if whole else float("nan")

    def together(self, others: Iterable[Scores]) -> Scores:
        """The sum."""
        return Scores(sum((other.counts for other in others), Counter(self.counts)))

    def until_good(self, kind: str = "", most: int = 6) -> float:
        """Questions until the first good proposal, `most` at most (Kaplan and Meier, 1958).

        `kind`: "" counts all of them, "_tastes" those that products depend on.
        """
        good, never = f"good_after{kind}:", f"not_good{kind}:"
        left = sum(n for name, n in self.counts.items() if name.startswith((good, never)))
        waiting, expected = 1.0, 0.0
        for asked in range(most):
            found = self.counts[f"{good}{asked}"]
            waiting *= 1.0 - found / left if left else 1.0
            left -= found + self.counts[f"{never}{asked}"]
            expected += waiting
        return expected


@dataclass(frozen=True, slots=True)
class Settled:
    """How a question last ended."""

    how: QuestionState | None  # None: they don't mind, or have nothing to name
    at: datetime
    tries: int  # refusals of it in a row


@dataclass(slots=True)
class Watch:
    """Watches one customer record."""

    unanswered: dict[str, list[int]] = field(default_factory=dict)  # topic -> wordings put in vain
    settled: dict[str, Settled] = field(default_factory=dict)
    never: set[tuple[str, str]] = field(default_factory=set)
    contact: int = 0
    questions: int = 0
    most: int = 2
    refused: bool = False  # in this contact
    sensitive: bool | None = None  # whether the question before was; None: there was none

    def begin(self, contact: int) -> None:
        """A contact begins."""
        self.contact, self.questions, self.refused = contact, 0, False

    def end(self, scores: Scores) -> None:
        """A contact ends."""
        scores.add("asked", self.questions)
        scores.add("over_budget", int(self.questions > self.most))

    def spent(self) -> None:
        """A question of any kind."""
        self.questions += 1

    def asked(
        self, scores: Scores, planned: Planned, topic: Topic, facts: Sequence[Fact], now: datetime
    ) -> None:
        """A topic's question was put."""
        scores.add(f"topic:{topic.name}")
        scores.add("confirming", int(planned.stale is not None))
        if planned.stale is not None:
            self._confirmed(scores, planned, topic, facts, now)
        else:
            self._asked_anew(scores, planned, topic, now)
        scores.add("asked_after_refusal", int(self.refused))
        if topic.sensitive and self.sensitive:
            scores.add("sensitive_in_a_row")
        self.sensitive = topic.sensitive
        self.unanswered.setdefault(topic.name, []).append(planned.wording)

    def _confirmed(
        self, scores: Scores, planned: Planned, topic: Topic, facts: Sequence[Fact], now: datetime
    ) -> None:
        """An old answer may be confirmed once half of it has faded, and not a day before."""
        old = next((fact for fact in facts if fact.id == planned.stale), None)
        fresh = old is None or now - max(old.since, old.source.at) < topic.half_life - timedelta(days=1)
        scores.add("questions_repeated", int(fresh))

    def _asked_anew(self, scores: Scores, planned: Planned, topic: Topic, now: datetime) -> None:
        before, put = self.settled.get(topic.name), self.unanswered.get(topic.name, [])
        broken = before is not None and before.how in _TERMS and now < before.at + _term(topic, before)
        scores.add("refusals_broken", int(broken))
        known = before is not None and before.how is QuestionState.ANSWERED
        scores.add("repeated_known", int(known))
        indifferent = before is not None and before.how is None and now < before.at + topic.half_life
        scores.add("repeated_indifferent", int(indifferent))
        again = len(put) >= MOST_UNANSWERED or planned.wording in put
        scores.add("repeated_unanswered", int(again))
        scores.add("questions_repeated", int(known or indifferent or again))

    def told(self, heard: Iterable[Heard], pack: ShopPack, now: datetime, *, consents: bool = True) -> None:
        """The customer said so, asked or not. What may not be kept can't be held against the shop later."""
        for one in heard:
            if not one.lasting:
                continue
            self._settle(one.topic, QuestionState.ANSWERED, now)
            pair = one.topic, one.value
            if pack.topics[one.topic].sensitive and not consents:
                continue
            (self.never.add if one.polarity is Polarity.NEVER else self.never.discard)(pair)
            if one.polarity is Polarity.LIKES:
                self.never.discard(pair)

    def waved_aside(self, topic: str, state: QuestionState, now: datetime) -> None:
        """Declined, or not now."""
        self.refused = True
        self._settle(topic, state, now)

    def indifferent(self, topic: str, now: datetime) -> None:
        """They said that they don't mind."""
        self._settle(topic, None, now)

    def _settle(self, topic: str, how: QuestionState | None, now: datetime) -> None:
        before = self.settled.get(topic)
        tries = before.tries + 1 if before is not None and how in _TERMS else 1
        self.settled[topic] = Settled(how, now, tries)
        self.unanswered.pop(topic, None)

    def proposed(self, scores: Scores, pack: ShopPack, items: Sequence[Proposed], *, good: bool) -> None:
        """Products were shown."""
        scores.add("proposals")
        scores.add("good_proposals", int(good))
        scores.add("empty_proposals", int(not items))
        for item in items:
            scores.add("items")
            scores.add("items_new", int(item.novel))
            held = {(t, v) for t, values in pack.products[item.product].attributes.items() for v in values}
            scores.add("never_proposed", int(any(pair in self.never for pair in held)))

    def absorb(self, other: Watch) -> None:
        """Two records are one customer from now on."""
        for topic, settled in other.settled.items():
            own = self.settled.get(topic)
            if own is None or _order(settled) > _order(own):
                self.settled[topic] = settled
                self.unanswered.pop(topic, None)
        for topic, put in other.unanswered.items():
            if topic not in self.settled:
                self.unanswered.setdefault(topic, put)
        self.never |= other.never


_TERMS = frozenset({QuestionState.DECLINED, QuestionState.NOT_NOW})


def _term(topic: Topic, settled: Settled) -> timedelta:
    """For how long a refusal has to be honoured at least."""
    if settled.how is QuestionState.NOT_NOW:
        return topic.terms.not_now_for
    return topic.terms.declined_for or timedelta(days=36500)


def _order(settled: Settled) -> tuple[bool, datetime]:
    """An answer outweighs all else; then the later counts."""
    return settled.how is QuestionState.ANSWERED, settled.at

"""Which question to ask: the decision itself, over whatever can be asked and whatever can be chosen.

The shop (`information.py`) and the taste-test bench (`crowd_trials.py`) lay their case before it as a
`Problem`; the decision is the same code for both. It is the value of information of
Raiffa and Schlaifer, *Applied Statistical Decision Theory* (1961): how much better the best proposal is
expected to be once the answer is known, less the burden of asking.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Protocol

LEAST = 1e-9
"""A smaller gain is none: the answer changes nothing."""

WIDTH = 6
"""Of so many questions, the best at first sight, it is thought of what could be asked after them."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One possible answer to a question, before it is given."""

    value: str  # its code; of an answer of several values, all of them
    chance: float  # 0..1; those of one question may add up to less than 1: nothing to tell
    gain: float  # how much better the proposal is for knowing it, in utility
    best: str | None = None  # what would be proposed first then


@dataclass(frozen=True, slots=True)
class Outlook:
    """What asking one question may bring."""

    answers: tuple[Answer, ...]

    @property
    def gain(self) -> float:
        """The expected gain in utility."""
        return sum(answer.chance * answer.gain for answer in self.answers)


class Problem(Protocol):
    """One customer as the decision sees them: what could be asked, and what each answer would change."""

    @property
    def topics(self) -> Collection[str]:
        """What may be asked now."""
        ...

    def burden(self, topic: str) -> float:
        """What asking costs the customer, in utility."""
        ...

    def prospects(self) -> Iterable[tuple[str, float]]:
        """What may be asked, with what it is worth at most (gain less burden), the highest first.

        Told quickly, so that most need not be looked at closely; whoever has seen enough stops.
        """
        ...

    def outlook(self, topic: str) -> Outlook:
        """What asking may bring."""
        ...

    def answered(self, topic: str, value: str) -> Problem:
        """The case once this answer is known."""
        ...


@dataclass(frozen=True, slots=True)
class Ranked:
    """One question, weighed."""

    topic: str
    gain: float  # expected, in utility, from the answer alone
    burden: float
    later: float = 0.0  # what the best question after it is expected to be worth
    outlook: Outlook = field(default=Outlook(()), repr=False)

    @property
    def value(self) -> float:
        """Gain less burden, with what can be asked next."""
        return self.gain - self.burden + self.later


def ranking(problem: Problem, *, ahead: int = 1, width: int = WIDTH) -> list[Ranked]:
    """Every question whose answer changes something, the best first; equals in the order of their names.

    `ahead`: how many questions may be asked before the proposal counts, 1 or more; of more than one, the next
    is thought of for the `width` questions that are best at first sight.
    """
    ranked = sorted((_ranked(problem, topic) for topic in problem.topics), key=_order)
    if ahead > 1:
        ranked[:width] = [_with_later(problem, one, ahead, width) for one in ranked[:width]]
    return sorted((one for one in ranked if one.gain + one.later > LEAST), key=_order)


def best_question(problem: Problem, *, ahead: int = 1, width: int = WIDTH) -> Ranked | None:
    """The question worth most, or None when none is worth its burden. See `ranking`.

    Questions are looked at closely in the order of what they are worth at most, until the rest can't win.
    """
    found = _best(problem, width if ahead > 1 else 1, every=ahead > 1)
    if ahead > 1:
        found = sorted((_with_later(problem, one, ahead, width) for one in found), key=_order)
    return next((one for one in found if one.gain + one.later > LEAST and one.value > 0), None)


def _best(problem: Problem, count: int, *, every: bool) -> list[Ranked]:
    """The best at first sight, the best first; `every`: even of those that aren't worth their burden."""
    best: list[Ranked] = []
    for topic, most in problem.prospects():
        beaten = len(best) == count and round(most, 9) < round(best[-1].value, 9)
        if beaten or (most <= 0 and not every):
            break
        best = sorted([*best, _ranked(problem, topic)], key=_order)[:count]
    return best


def _ranked(problem: Problem, topic: str) -> Ranked:
    outlook = problem.outlook(topic)
    return Ranked(topic, outlook.gain, problem.burden(topic), 0.0, outlook)


def _order(one: Ranked) -> tuple[float, str]:
    return -round(one.value, 9), one.topic


def _with_later(problem: Problem, one: Ranked, ahead: int, width: int) -> Ranked:
    """The same with what the best question after each answer is expected to be worth."""
    later = 0.0
    for answer in one.outlook.answers:
        if answer.chance > 0:
            then = problem.answered(one.topic, answer.value)
            after = best_question(then, ahead=ahead - 1, width=width)
            later += answer.chance * (0.0 if after is None else after.value)
    return Ranked(one.topic, one.gain, one.burden, later, one.outlook)

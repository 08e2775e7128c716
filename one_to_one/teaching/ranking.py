"""Which messages teach most when a colleague looks at them: the order of the review queue.

Several signs that the bot was wrong, or nearly, are joined as independent chances (noisy or), so that the
score stays within 0 and 1. Sentences that are nearly the same count less and less: ten alike teach hardly
more than one. In active learning it is called uncertainty and disagreement, spread over different examples
(Settles, 2010).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b
from itertools import pairwise
from math import prod

from one_to_one.folding import fold
from one_to_one.teaching.judging import FALLBACK


class Reason(StrEnum):
    """Why a message is worth a look."""

    CONTESTED = "contested"  # reviewers differ
    FALLBACK = "fallback"  # it wasn't understood
    NARROW = "narrow"  # two intents were nearly as likely
    UNSURE = "unsure"  # the likeliest intent wasn't likely
    CORRECTED = "corrected"  # nearly the same sentence was corrected before
    REPEATED = "repeated"  # the customer said nearly the same again
    COMPLAINED = "complained"  # the customer complained right after
    PERSON = "person"  # the customer asked for a person right after
    REFUSED = "refused"  # the customer said no right after


SURE = 0.9
"""A confidence from which nothing is unsure."""

NARROW = 0.25
"""A distance between two intents from which none is narrow."""

ALIKE = 0.5
"""Share of the pairs of characters from which a sentence repeats another (Jaccard)."""

CONTESTED = 0.9
"""From this score on there is only what reviewers differ about."""

SPREAD = 0.6
"""By this much less teaches each further sentence of a kind."""

MOST_ALIKE = 12
"""From so many on all further ones count the same."""

AFTERWARDS = {
    "complain": (Reason.COMPLAINED, 0.5),
    "human": (Reason.PERSON, 0.4),
    "deny": (Reason.REFUSED, 0.3),
}
"""What the customer's next message says about how this one was answered."""


@dataclass(frozen=True, slots=True)
class Said:
    """A customer's message, as it was understood, and what they said next in the same visit."""

    text: str
    intent: str | None
    confidence: float | None
    margin: float | None = None  # between the two likeliest intents; None: not known
    then: str | None = None  # the text of the next message; None: there was none
    then_intent: str | None = None
    corrected: bool = False  # whether colleagues corrected nearly the same sentence before


@dataclass(frozen=True, slots=True)
class Worth:
    """What a look at a message is expected to teach, 0 to 1, and why."""

    score: float
    reasons: tuple[Reason, ...]


def worth(said: Said, nth: int = 0, *, contested: bool = False) -> Worth:
    """What a review of it teaches; `nth` of its kind came before it.

    What reviewers differ about is never put off for others like it.
    """
    signs = dict(_signs(said))
    spread = SPREAD ** min(nth, MOST_ALIKE)
    score = spread * (1 - prod(1 - weight for weight in signs.values()))
    if contested:
        return Worth(CONTESTED + (1 - CONTESTED) * score, (Reason.CONTESTED, *signs))
    return Worth(CONTESTED * score, tuple(signs))


def _signs(said: Said) -> Iterable[tuple[Reason, float]]:
    sure = 1.0 if said.confidence is None else said.confidence
    if said.intent == FALLBACK:
        yield Reason.FALLBACK, 0.6
    if said.margin is not None and said.margin < NARROW:
        yield Reason.NARROW, 0.6 * (1 - said.margin / NARROW)
    if sure < SURE:
        yield Reason.UNSURE, 0.5 * (1 - sure / SURE)
    if said.corrected:
        yield Reason.CORRECTED, 0.4
    if said.then is not None and alike(said.text, said.then) >= ALIKE:
        yield Reason.REPEATED, 0.5
    if said.then_intent in AFTERWARDS and said.then_intent != said.intent:
        yield AFTERWARDS[said.then_intent]


def alike(one: str, other: str) -> float:
    """The share of the pairs of characters that two sentences have in common, whatever script they are in."""
    ones, others = _pairs(one), _pairs(other)
    together = ones | others
    return len(ones & others) / len(together) if together else 0.0


def kind(text: str) -> int:
    """The same number for sentences that are nearly the same, of 63 bits.

    Two minima of hashed pairs (Broder's min-wise hashing): sentences that share a part of their pairs have
    the same number with the square of that part as the chance.
    """
    found = _pairs(text)
    if not found:
        return 0
    first, second = (min(_hash(seed + pair) for pair in found) for seed in ("1 ", "2 "))
    return _hash(f"{first} {second}")


def _pairs(text: str) -> frozenset[str]:
    """Every two neighbouring letters, punctuation and spaces left out, all digits alike."""
    letters = ["0" if sign.isdigit() else sign for sign in fold(text) if sign.isalnum()]
    return frozenset("".join(pair) for pair in _neighbours(letters))


def _neighbours(letters: Sequence[str]) -> Iterable[tuple[str, ...]]:
    if len(letters) == 1:
        return [(letters[0],)]
    return pairwise(letters)


def _hash(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big") >> 1

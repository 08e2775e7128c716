"""What a customer ordered and was shown before, as far as the next proposal depends on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum


class Rating(StrEnum):
    """How the customer found what they ordered."""

    LIKED = "liked"
    OK = "ok"
    DISLIKED = "disliked"


@dataclass(frozen=True, slots=True)
class Ordered:
    """One line of an order that was placed."""

    product: str  # its id in the pack
    options: Mapping[str, str]  # module -> option code
    at: datetime  # aware, UTC
    rating: Rating | None = None  # None: not rated yet
    line: int = 0  # number of the order line, 0 when it has none
    too: tuple[tuple[str, str], ...] = ()  # (topic, value) of which it had too much, in their words
    receiver: str = ""  # whom it was a present for, as a person's code; "": the customer


@dataclass(frozen=True, slots=True)
class Shown:
    """One product of an earlier proposal."""

    product: str
    at: datetime  # aware, UTC
    outcome: str  # open, accepted, changed, rejected, ignored; "other": they asked for others
    reason: str = ""  # why it was turned down, as a code (`lessons.py`), or ""
    price: Decimal | None = None  # that it was proposed at, in the shop's currency
    offer: str = ""  # the offer on whose terms it was proposed, or ""


TURNED_DOWN = frozenset({"rejected", "other"})
"""The outcomes that say: not these."""


def usual(history: Sequence[Ordered]) -> Ordered | None:
    """What the customer always has: their last two orders agree, or the only one was liked. Else None."""
    latest = sorted(history, key=lambda ordered: (ordered.at, ordered.line))[-2:]
    if not latest or latest[-1].rating is Rating.DISLIKED:
        return None
    if len(latest) == 1:
        return latest[0] if latest[0].rating is Rating.LIKED else None
    earlier, last = latest
    agree = earlier.product == last.product and dict(earlier.options) == dict(last.options)
    return last if agree and earlier.rating is not Rating.DISLIKED else None

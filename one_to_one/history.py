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
    order: int = 0  # number of its order, 0 when it is alone


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
    """What the customer always has: their last two orders agree, or the only one was liked. Else None.

    Of an order of several lines the first stands for all; orders agree when all their lines do.
    """
    latest = _by_order(history)[-2:]
    if not latest or any(one.rating is Rating.DISLIKED for one in latest[-1]):
        return None
    last = latest[-1]
    if len(latest) == 1:
        return last[0] if all(one.rating is Rating.LIKED for one in last) else None
    agree = _made(latest[0]) == _made(last)
    return last[0] if agree and all(one.rating is not Rating.DISLIKED for one in latest[0]) else None


def along_with(history: Sequence[Ordered], ordered: Ordered) -> list[Ordered]:
    """All lines of the order that one belongs to."""
    return [one for one in history if one is ordered or (one.order and one.order == ordered.order)]


def _by_order(history: Sequence[Ordered]) -> list[list[Ordered]]:
    """The lines of each order, the oldest order first."""
    found: dict[tuple[int, int], list[Ordered]] = {}
    for number, one in enumerate(sorted(history, key=lambda one: (one.at, one.line))):
        found.setdefault((one.order, 0 if one.order else number), []).append(one)
    return list(found.values())


def _made(lines: Sequence[Ordered]) -> list[tuple[str, list[tuple[str, str]]]]:
    """What the lines of an order are, whatever their order."""
    return sorted((one.product, sorted(one.options.items())) for one in lines)

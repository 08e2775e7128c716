"""Why something was turned down, and what that teaches: too much of something, too dear, or not the time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

import numpy as np

from one_to_one.catalogue import Catalogue, Floats
from one_to_one.folding import fold
from one_to_one.history import TURNED_DOWN, Ordered, Shown
from one_to_one.language import Language
from one_to_one.shop import ShopPack

DEAR, ENOUGH, LATER = "dear", "enough", "later"
"""Reasons that aren't about the taste: the price, still having some, another time."""

UNTIMELY = frozenset({ENOUGH, LATER})
"""Reasons that say nothing against the products."""

TOO_MUCH = -1.0
"""What "too much of this" takes from a value: more than having been turned down, less than a dislike."""

TOO_DEAR = -2.0
"""What it takes from a product that costs as much as what was too dear: more than a like or two give."""

HALF_LIFE = timedelta(days=90)
"""After so long a reason given once counts half."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """One reason the customer gave, and what it was about."""

    at: datetime  # aware, UTC
    products: tuple[str, ...]  # what they said it of
    too: tuple[str, str] | None = None  # (topic, value) of which it was too much; None: too dear
    limit: Decimal | None = None  # what was too dear cost this, at the least


def code_of(topic: str, value: str) -> str:
    """The reason "too much of this value" as it is written down."""
    return f"too.{topic}.{value}"


def too_much(reason: str, pack: ShopPack) -> tuple[str, str] | None:
    """The topic and value that a reason says there is too much of; None: it says something else."""
    kind, _, rest = reason.partition(".")
    topic, _, value = rest.partition(".")
    known = kind == "too" and topic in pack.topics and value in pack.topics[topic].values
    return (topic, value) if known else None


def read_too(said: str, pack: ShopPack, negations: tuple[str, ...] = ()) -> tuple[tuple[str, str], ...]:
    """Every value of which the words say that there is too much, in whatever language.

    Right behind one of the `negations`, as `AnswerWords.negations` lists them, it is a wish ("not too
    much"), and no verdict on what is there.
    """
    folded = fold(said)
    return tuple(
        (topic.name, value.code)
        for topic in pack.topics.values()
        for value in topic.values.values()
        if any(_says(folded, fold(word), negations) for tag in Language for word in value.too.get(tag, ()))
    )


def _says(folded: str, word: str, negations: tuple[str, ...]) -> bool:
    before, found, _ = folded.partition(word)
    return bool(found) and not before.endswith(negations)


def lessons(pack: ShopPack, history: Sequence[Ordered], shown: Sequence[Shown]) -> list[Lesson]:
    """What was taught by turning proposals down with a reason and by rating orders, the oldest first."""
    by_moment: dict[tuple[datetime, str], list[Shown]] = {}
    for one in shown:
        if one.outcome in TURNED_DOWN and one.reason and one.reason not in UNTIMELY:
            by_moment.setdefault((one.at, one.reason), []).append(one)
    found = [lesson for (at, reason), of in by_moment.items() for lesson in _lesson(pack, at, reason, of)]
    found += [Lesson(one.at, (one.product,), too) for one in history for too in one.too]
    return sorted(found, key=lambda lesson: (lesson.at, lesson.products))


def _lesson(pack: ShopPack, at: datetime, reason: str, of: Sequence[Shown]) -> Iterator[Lesson]:
    products = tuple(one.product for one in of)
    too = too_much(reason, pack)
    prices = [one.price for one in of if one.price is not None]
    if too is not None:
        yield Lesson(at, products, too)
    elif reason == DEAR and prices:
        yield Lesson(at, products, limit=min(prices))


def weight_of_too_much(
    catalogue: Catalogue, taught: Sequence[Lesson], now: datetime
) -> Iterator[tuple[int, float]]:
    """Column of the catalogue, and what is taken from it, for everything there was too much of."""
    for lesson in taught:
        if lesson.too is not None and lesson.too in catalogue.column:
            yield catalogue.column[lesson.too], TOO_MUCH * _fresh(lesson, now)


def too_much_now(catalogue: Catalogue, taught: Sequence[Lesson], now: datetime) -> list[int]:
    """The columns of which there was too much lately: as unwanted as if they had said they dislike them."""
    lately = [lesson for lesson in taught if now - lesson.at < HALF_LIFE]
    return [catalogue.column[one.too] for one in lately if one.too and one.too in catalogue.column]


def weight_of_price(prices: Floats, taught: Sequence[Lesson], now: datetime) -> Floats:
    """What is taken from each product that costs as much as what was too dear."""
    total = np.zeros(len(prices))
    for lesson in taught:
        if lesson.limit is not None:
            total += TOO_DEAR * _fresh(lesson, now) * (prices >= float(lesson.limit))
    return total


def _fresh(lesson: Lesson, now: datetime) -> float:
    age = max(0.0, (now - lesson.at).total_seconds())
    return float(0.5 ** (age / HALF_LIFE.total_seconds()))


def heeded(pack: ShopPack, lesson: Lesson, products: Sequence[str], prices: Sequence[Decimal]) -> bool:
    """Whether every one of these products is what the lesson asks for, so that it may be said."""
    if not products:
        return False
    if lesson.too is None:
        return lesson.limit is not None and all(price < lesson.limit for price in prices)
    topic, value = lesson.too
    has = [pack.products[name].attributes.get(topic, ()) for name in products if name in pack.products]
    return any(has) and all(value not in codes for codes in has)

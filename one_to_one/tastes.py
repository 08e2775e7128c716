"""A customer's tastes as weights on the values that products can have."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain

import numpy as np

from one_to_one.catalogue import Catalogue, Flags, Floats
from one_to_one.facts import Polarity
from one_to_one.history import TURNED_DOWN, Ordered, Rating, Shown
from one_to_one.lessons import Lesson, too_much_now, weight_of_too_much
from one_to_one.preferences import Belief, Beliefs

LIKE = 1.0
"""What one liked value adds to a product's utility where only one value fits: the unit of utility."""

DISLIKE = -1.5
"""What one disliked value takes away."""

RATED = {Rating.LIKED: 0.5, Rating.OK: 0.1, Rating.DISLIKED: -0.8}
"""What a rating adds to the values that set the rated product apart."""

ORDERED = 0.2
"""What having ordered a product adds, before it is rated."""

TURNED_DOWN_WEIGHT = -0.1
"""What turning a proposed product down adds to the values that set it apart."""

BESIDE = 0.3
"""How much of a dislike also holds for the neighbouring values of a scale."""

FAR = -0.5
"""What liking one value of a scale says about the values further away than its neighbours."""

EXPECTED = 0.4
"""What a value that every product has counts for a customer whose taste in the topic isn't known.

A rarer value counts less, in proportion: nobody is surprised with something special they didn't ask for.
"""

RATING_HALF_LIFE = timedelta(days=180)
SHOWN_HALF_LIFE = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Tastes:
    """What one customer is believed to want from this catalogue at one moment."""

    weights: Mapping[int, float]  # by column of the catalogue; a column that isn't there weighs nothing
    utility: Floats  # of each product
    excluded: Flags  # of each product: has a value they never want, or they didn't like it
    habits: frozenset[tuple[str, str]]  # (topic, value) liked, or had in what they ordered
    unwanted: Flags  # of each product: has a value they dislike or never want


def tastes_of(
    catalogue: Catalogue,
    beliefs: Beliefs,
    history: Sequence[Ordered],
    shown: Sequence[Shown],
    now: datetime,
    taught: Sequence[Lesson] = (),
) -> Tastes:
    """Add up what was said, ordered, rated and turned down, and `taught` by the reasons they gave for it."""
    weights: dict[int, float] = defaultdict(float)
    learnt = _learnt(catalogue, history, shown, now)
    for column, weight in chain(
        _said(catalogue, beliefs), learnt, weight_of_too_much(catalogue, taught, now)
    ):
        weights[column] += weight
    utility = catalogue.sums(weights)
    utility += _expected(catalogue, beliefs)
    for unsuitable in _unsuitable(catalogue, beliefs):
        utility += unsuitable
    return Tastes(
        weights=weights,
        utility=utility,
        excluded=_excluded(catalogue, beliefs, history),
        habits=_liked(catalogue, beliefs) | _had(catalogue, history),
        unwanted=catalogue.spoiled(
            [
                *(column for column, _ in unwanted_by(catalogue, beliefs)),
                *too_much_now(catalogue, taught, now),
            ]
        ),
    )


def _expected(catalogue: Catalogue, beliefs: Beliefs) -> Floats:
    """What is expected of the topics of which no like is known."""
    total = catalogue.all_common.copy()
    for topic in beliefs.stances[Polarity.LIKES]:
        if topic in catalogue.common:
            total -= catalogue.common[topic]
    total *= EXPECTED
    return total


def _unsuitable(catalogue: Catalogue, beliefs: Beliefs) -> Iterator[Floats]:
    """What it takes away from a product that it suits nothing but what they dislike, by topic."""
    for topic in catalogue.suits:
        disliked = held(catalogue, beliefs, Polarity.DISLIKES, topic)
        if disliked:
            weight = max(belief.weight for _, belief in disliked)
            yield np.asarray(DISLIKE * weight * catalogue.spoiled(column for column, _ in disliked))


type Weights = Iterator[tuple[int, float]]
"""Column of the catalogue, and what is added to its weight."""


def _said(catalogue: Catalogue, beliefs: Beliefs) -> Weights:
    for column, belief in held(catalogue, beliefs, Polarity.LIKES):
        yield column, LIKE * float(catalogue.unit[column]) * belief.weight
        for far in _far_from(catalogue, column):
            yield far, FAR * belief.weight
    for column, belief in held(catalogue, beliefs, Polarity.DISLIKES):
        if catalogue.values[column][0] in catalogue.suits:
            continue
        yield column, DISLIKE * belief.weight
        for neighbour in catalogue.neighbours.get(column, ()):
            yield neighbour, DISLIKE * BESIDE * belief.weight


def _far_from(catalogue: Catalogue, column: int) -> Iterator[int]:
    """The columns of its scale that are not beside a column; none when it stands on no scale."""
    near = catalogue.neighbours.get(column, ())
    topic = catalogue.values[column][0]
    return (other for other in catalogue.columns[topic] if near and other != column and other not in near)


def held(
    catalogue: Catalogue, beliefs: Beliefs, polarity: Polarity, about: str | None = None
) -> list[tuple[int, Belief]]:
    """The columns the customer has this stance to, with what is believed; of one topic, or of all."""
    return [
        (catalogue.column[topic, value], belief)
        for topic, values in beliefs.stances[polarity].items()
        for value, belief in values.items()
        if (topic, value) in catalogue.column and about in (None, topic)
    ]


def unwanted_by(catalogue: Catalogue, beliefs: Beliefs) -> list[tuple[int, Belief]]:
    """The columns they never want, then those they dislike, with what is believed."""
    return [
        *held(catalogue, beliefs, Polarity.NEVER),
        *held(catalogue, beliefs, Polarity.DISLIKES),
    ]


def _learnt(
    catalogue: Catalogue, history: Sequence[Ordered], shown: Sequence[Shown], now: datetime
) -> Weights:
    spared = _in_liked(catalogue, history)
    for ordered in history:
        unit = ORDERED if ordered.rating is None else RATED[ordered.rating]
        faded = unit * _faded(now - ordered.at, RATING_HALF_LIFE)
        yield from _setting_apart(catalogue, ordered.product, faded, spared)
    for one in shown:
        if one.outcome in TURNED_DOWN and not one.reason:
            faded = TURNED_DOWN_WEIGHT * _faded(now - one.at, SHOWN_HALF_LIFE)
            yield from _setting_apart(catalogue, one.product, faded, spared)


def _in_liked(catalogue: Catalogue, history: Sequence[Ordered]) -> frozenset[int]:
    """The columns of the products they liked: what is bad about another product can't be these."""
    liked = {o.product for o in history if o.rating is Rating.LIKED and o.product in catalogue.row}
    return frozenset(column for product in liked for column in catalogue.held[catalogue.row[product]])


def _setting_apart(catalogue: Catalogue, product: str, weight: float, spared: frozenset[int]) -> Weights:
    """The weight for each of the product's values, the more the fewer others have it."""
    row = catalogue.row.get(product)
    for column in catalogue.held[row] if row is not None else ():
        if weight > 0 or column not in spared:
            yield column, weight * (1.0 - float(catalogue.share[column]))


def _faded(age: timedelta, half_life: timedelta) -> float:
    return float(0.5 ** (max(0.0, age.total_seconds()) / half_life.total_seconds()))


def _excluded(catalogue: Catalogue, beliefs: Beliefs, history: Sequence[Ordered]) -> Flags:
    excluded = catalogue.spoiled(column for column, _ in held(catalogue, beliefs, Polarity.NEVER))
    for product, rating in last_ratings(history).items():
        if rating is Rating.DISLIKED and product in catalogue.row:
            excluded[catalogue.row[product]] = True
    return excluded


def last_ratings(history: Sequence[Ordered]) -> dict[str, Rating]:
    """The newest rating of each product that was rated."""
    rated = sorted((o for o in history if o.rating is not None), key=lambda o: (o.at, o.line))
    return {ordered.product: ordered.rating for ordered in rated if ordered.rating is not None}


def _liked(catalogue: Catalogue, beliefs: Beliefs) -> frozenset[tuple[str, str]]:
    return frozenset(catalogue.values[column] for column, _ in held(catalogue, beliefs, Polarity.LIKES))


def _had(catalogue: Catalogue, history: Sequence[Ordered]) -> frozenset[tuple[str, str]]:
    bought = [o for o in history if o.rating is not Rating.DISLIKED and o.product in catalogue.row]
    rows = {catalogue.row[ordered.product] for ordered in bought}
    return frozenset(catalogue.values[column] for row in rows for column in catalogue.held[row])

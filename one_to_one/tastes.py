"""A customer's tastes as weights on the values that products can have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from one_to_one.catalogue import Catalogue, Flags, Floats
from one_to_one.facts import Polarity
from one_to_one.history import TURNED_DOWN, Ordered, Rating, Shown
from one_to_one.preferences import Belief, Beliefs

LIKE = 1.0
"""What one liked value adds to a product's utility: the unit of utility."""

DISLIKE = -1.5
"""What one disliked value takes away."""

RATED = {Rating.LIKED: 0.5, Rating.OK: 0.1, Rating.DISLIKED: -0.8}
"""What a rating adds to the values that set the rated product apart."""

ORDERED = 0.2
"""What having ordered a product adds, before it is rated."""

TURNED_DOWN_WEIGHT = -0.1
"""What turning a proposed product down adds to the values that set it apart."""

TYPICAL = 0.05
"""What a wholly typical product has over a wholly unusual one, before anything is known."""

RATING_HALF_LIFE = timedelta(days=180)
SHOWN_HALF_LIFE = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Tastes:
    """What one customer is believed to want from this catalogue at one moment."""

    weights: Floats  # of each column of the catalogue
    utility: Floats  # of each product
    excluded: Flags  # of each product: has a value they never want, or they didn't like it
    habits: frozenset[tuple[str, str]]  # (topic, value) liked, or had in what they ordered
    unwanted: frozenset[tuple[str, str]]  # (topic, value) disliked or never


def tastes_of(
    catalogue: Catalogue, beliefs: Beliefs, history: Sequence[Ordered], shown: Sequence[Shown], now: datetime
) -> Tastes:
    """Add up what was said, ordered, rated and turned down."""
    weights = _said(catalogue, beliefs) + _learnt(catalogue, history, shown, now)
    return Tastes(
        weights=weights,
        utility=catalogue.has @ weights + _typical(catalogue),
        excluded=_excluded(catalogue, beliefs, history),
        habits=_liked(catalogue, beliefs) | _had(catalogue, history),
        unwanted=_unwanted(catalogue, beliefs),
    )


def _said(catalogue: Catalogue, beliefs: Beliefs) -> Floats:
    weights = np.zeros(len(catalogue.values))
    for polarity, unit in ((Polarity.LIKES, LIKE), (Polarity.DISLIKES, DISLIKE)):
        for column, belief in held(catalogue, beliefs, polarity):
            weights[column] += unit * belief.weight
    return weights


def held(catalogue: Catalogue, beliefs: Beliefs, polarity: Polarity) -> list[tuple[int, Belief]]:
    """The columns the customer has this stance to, with what is believed."""
    return [
        (catalogue.column[topic, value], belief)
        for topic, values in beliefs.stances[polarity].items()
        for value, belief in values.items()
        if (topic, value) in catalogue.column
    ]


def _learnt(
    catalogue: Catalogue, history: Sequence[Ordered], shown: Sequence[Shown], now: datetime
) -> Floats:
    weights = np.zeros(len(catalogue.values))
    liked = _in_liked(catalogue, history)
    for ordered in history:
        unit = ORDERED if ordered.rating is None else RATED[ordered.rating]
        faded = unit * _faded(now - ordered.at, RATING_HALF_LIFE)
        weights += faded * _setting_apart(catalogue, ordered.product, liked if unit < 0 else None)
    for one in shown:
        if one.outcome in TURNED_DOWN:
            faded = TURNED_DOWN_WEIGHT * _faded(now - one.at, SHOWN_HALF_LIFE)
            weights += faded * _setting_apart(catalogue, one.product, liked)
    return weights


def _in_liked(catalogue: Catalogue, history: Sequence[Ordered]) -> Floats:
    """1.0 for each column that a product they liked has."""
    rows = [
        catalogue.row[o.product] for o in history if o.rating is Rating.LIKED and o.product in catalogue.row
    ]
    return np.asarray(catalogue.has[rows].max(axis=0)) if rows else np.zeros(len(catalogue.values))


def _setting_apart(catalogue: Catalogue, product: str, spared: Floats | None) -> Floats:
    """The product's values, each by how few others have it; those `spared` count nothing."""
    if product not in catalogue.row:
        return np.zeros(len(catalogue.values))
    values = catalogue.has[catalogue.row[product]] * (1.0 - catalogue.share)
    return np.asarray(values if spared is None else values * (1.0 - spared))


def _faded(age: timedelta, half_life: timedelta) -> float:
    return float(0.5 ** (max(0.0, age.total_seconds()) / half_life.total_seconds()))


def _typical(catalogue: Catalogue) -> Floats:
    counts = np.maximum(catalogue.has.sum(axis=1), 1.0)
    return np.asarray(TYPICAL * (catalogue.has @ catalogue.share) / counts)


def _excluded(catalogue: Catalogue, beliefs: Beliefs, history: Sequence[Ordered]) -> Flags:
    never = [column for column, _ in held(catalogue, beliefs, Polarity.NEVER)]
    excluded = catalogue.has[:, never].any(axis=1)
    for product, rating in last_ratings(history).items():
        if rating is Rating.DISLIKED and product in catalogue.row:
            excluded[catalogue.row[product]] = True
    return np.asarray(excluded)


def last_ratings(history: Sequence[Ordered]) -> dict[str, Rating]:
    """The newest rating of each product that was rated."""
    rated = sorted((o for o in history if o.rating is not None), key=lambda o: (o.at, o.line))
    return {ordered.product: ordered.rating for ordered in rated if ordered.rating is not None}


def _liked(catalogue: Catalogue, beliefs: Beliefs) -> frozenset[tuple[str, str]]:
    return frozenset(catalogue.values[column] for column, _ in held(catalogue, beliefs, Polarity.LIKES))


def _unwanted(catalogue: Catalogue, beliefs: Beliefs) -> frozenset[tuple[str, str]]:
    return frozenset(
        catalogue.values[column]
        for polarity in (Polarity.DISLIKES, Polarity.NEVER)
        for column, _ in held(catalogue, beliefs, polarity)
    )


def _had(catalogue: Catalogue, history: Sequence[Ordered]) -> frozenset[tuple[str, str]]:
    bought = [o for o in history if o.rating is not Rating.DISLIKED and o.product in catalogue.row]
    rows = {catalogue.row[ordered.product] for ordered in bought}
    return frozenset(catalogue.values[c] for row in rows for c in np.flatnonzero(catalogue.has[row]))

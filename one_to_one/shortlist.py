"""What every possible answer would make of the products, all at once.

Only the products that lead now are looked at closely, as a table with a row for every
value that could be an answer. No other product can get further than `rest` and `rise` say, so it is known
of which answers the table doesn't tell everything; those are weighed over the whole catalogue.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse

from one_to_one.catalogue import Catalogue, Flags, Floats, Rows
from one_to_one.facts import Polarity
from one_to_one.preferences import Beliefs
from one_to_one.shop import ShopPack
from one_to_one.tastes import BESIDE, DISLIKE, EXPECTED, FAR, LIKE

CLOSELY = 64
"""So many products at least are looked at closely: those that lead now."""

CELLS = 40_000
"""More of them are, as long as products × values stay below this."""

EQUAL = 1e-9
"""Utilities that differ by less are the same: sums of the same numbers in another order."""

NEVER = -3.0
"""What proposing something the customer never wants costs, in units of utility."""


@dataclass(frozen=True)
class Shortlist:
    """The products that lead, the best first, and what each answer would change."""

    rows: Rows  # of the catalogue
    utility: Floats  # of each
    change: Floats  # columns × rows: what it adds to each when that column's value is the answer
    rest: float  # no other product has more utility; minus infinity when there is no other
    rise: Floats  # of each column: no other product can gain more by that answer
    ranks: Sequence[float]  # how much the first, second, … proposed product counts

    @cached_property
    def after(self) -> Floats:
        """Columns × rows: the utility of each product once that column's value is the answer."""
        return np.asarray(self.change + self.utility)

    @cached_property
    def informed(self) -> tuple[Floats, Rows]:
        """Columns × places: utility and place on this list of what would be proposed, knowing the answer."""
        left, columns = self.after.copy(), np.arange(len(self.change))
        values = np.empty((len(columns), len(self._ranks)))
        places = np.empty((len(columns), len(self._ranks)), dtype=np.intp)
        for rank in range(len(self._ranks)):
            best = places[:, rank] = left.argmax(axis=1)
            values[:, rank] = left[columns, best]
            left[columns, best] = -np.inf
        return values, places

    @cached_property
    def gains(self) -> Floats:
        """Of each column: how much better the proposal would be than the one made anyway. See `exact`."""
        return np.asarray((self.informed[0] - self.after[:, : len(self._ranks)]) @ self._ranks)

    @cached_property
    def most(self) -> Floats:
        """Of each column: the gain if all that isn't on the list were as good as it could be."""
        best = np.maximum(self.informed[0], (self.rest + self.rise)[:, None])
        return np.asarray((best - self.after[:, : len(self._ranks)]) @ self._ranks)

    @cached_property
    def exact(self) -> Flags:
        """Of each column: whether nothing outside the list could be proposed after that answer."""
        if not len(self._ranks):
            return np.ones(len(self.change), dtype=bool)
        return np.asarray(self.informed[0][:, -1] >= self.rest + self.rise - EQUAL)

    @cached_property
    def _ranks(self) -> Floats:
        return np.array(self.ranks[: len(self.rows)])

    def gain_of(self, change: Floats) -> tuple[float, int | None]:
        """The gain of an answer that changes these products so, and the place of the new first one.

        None for the place: something outside the list might be better.
        """
        utility = self.utility + change
        best = np.argsort(-utility, kind="stable")[: len(self._ranks)]
        gain = float(self._ranks @ (utility[best] - utility[: len(best)]))
        return gain, int(best[0]) if utility[best[-1]] >= self.rest - EQUAL else None

    def given(self, column: int) -> Shortlist:
        """The list once that column's value was answered."""
        utility = self.after[column]
        order = np.argsort(-utility, kind="stable")
        rest = self.rest + float(self.rise[column])
        return Shortlist(self.rows[order], utility[order], self.change[:, order], rest, self.rise, self.ranks)


def shortlist(
    pack: ShopPack, catalogue: Catalogue, believed: Beliefs, utility: Floats, ranks: Sequence[float]
) -> Shortlist:
    """The products that lead by this utility (minus infinity: can't be proposed)."""
    rows, rest = leading(utility, max(CLOSELY, CELLS // max(1, len(catalogue.values))))
    change, rise = _changes(pack, catalogue, believed, rows)
    return Shortlist(rows, utility[rows], change, rest, rise, ranks)


def leading(utility: Floats, count: int) -> tuple[Rows, float]:
    """The rows of the best products, the best first, equals as they stand; the utility of the next."""
    if len(utility) > count:
        least = utility[np.argpartition(utility, -count)[-count:]].min()
        rows = np.flatnonzero((utility >= least) & (utility > -np.inf))
    else:
        rows = np.flatnonzero(utility > -np.inf)
    rows = rows[np.argsort(-utility[rows], kind="stable")]
    kept, others = rows[:count], rows[count:]
    if others.size:
        return kept, float(utility[others[0]])
    below = utility[utility < utility[kept[-1]]] if kept.size else utility
    return kept, float(below.max(initial=-np.inf))


def _changes(pack: ShopPack, catalogue: Catalogue, believed: Beliefs, rows: Rows) -> tuple[Floats, Floats]:
    """Columns × rows: what each answer adds to each product; and of each column, the most it adds to any.

    That a like also speaks against the far end of its scale (`FAR`) is care in proposing: as a gain of asking
    it would count the same answer twice, and put scales before all else.
    """
    has = catalogue.having_each(rows)
    weights = _weights(catalogue, believed)
    change = has * (LIKE * catalogue.unit)[:, None]
    change -= _given_up(catalogue, weights, has, catalogue.commons[:, rows]).take(catalogue.topic_of, axis=0)
    liked = np.bincount(catalogue.topic_of, weights, len(catalogue.topics))[catalogue.topic_of] > 0
    rise = LIKE * catalogue.unit - np.where(liked, FAR, EXPECTED * catalogue.least_common)
    for topic in catalogue.averse:
        span = catalogue.span(topic)
        change[span] = _averse(catalogue, topic, pack.topics[topic].answer, has[span])
        rise[span] = 0.0
    return change, np.maximum(rise, 0.0)


def change_over_all(pack: ShopPack, catalogue: Catalogue, believed: Beliefs, column: int) -> Floats:
    """What the answer of this column adds to every product of the catalogue."""
    topic = catalogue.values[column][0]
    span, common = catalogue.span(topic), catalogue.common[topic]
    has = np.zeros((span.stop - span.start, len(common)))
    for place, one in enumerate(catalogue.columns[topic]):
        has[place, catalogue.members[one]] = 1.0
    if topic in catalogue.averse:
        averse = _averse(catalogue, topic, pack.topics[topic].answer, has)
        return np.asarray(averse[column - span.start])
    weights = _weights(catalogue, believed)
    owed = _owed(catalogue, weights)[span]
    expected = 0.0 if weights[span].any() else EXPECTED
    return np.asarray(
        LIKE * catalogue.unit[column] * has[column - span.start] - owed @ has - expected * common
    )


def _weights(catalogue: Catalogue, believed: Beliefs) -> Floats:
    """Of each column: how far it is believed to be liked."""
    weights = np.zeros(len(catalogue.values))
    for topic, liked in believed.stances[Polarity.LIKES].items():
        for code, belief in liked.items():
            if (topic, code) in catalogue.column:
                weights[catalogue.column[topic, code]] = belief.weight
    return weights


def _given_up(catalogue: Catalogue, weights: Floats, has: Floats, common: Floats) -> Floats:
    """Topics × rows: what another answer takes away: what is liked now, or was expected where nothing is."""
    owed = _owed(catalogue, weights)
    held = np.flatnonzero(owed)
    per_topic = sparse.csr_array(
        (owed[held], (catalogue.topic_of[held], held)), shape=(len(catalogue.topics), len(weights))
    )
    liked = np.bincount(catalogue.topic_of, weights, len(catalogue.topics)) > 0
    return np.asarray(per_topic @ has + EXPECTED * common * ~liked[:, None])


def _owed(catalogue: Catalogue, weights: Floats) -> Floats:
    """Of each column: what the likes of its topic add now to the products that have it."""
    return np.asarray(LIKE * catalogue.unit * weights + FAR * (catalogue.far.T @ weights))


def _averse(catalogue: Catalogue, topic: str, answer: Polarity, has: Floats) -> Floats:
    """What not wanting each value takes from the products that have it, and nothing better."""
    spoiled = has * (has.sum(axis=0) < 2.0) if topic in catalogue.suits else has
    if answer is Polarity.NEVER:
        return NEVER * spoiled
    columns = catalogue.columns[topic]
    beside = [[float(other in catalogue.neighbours.get(one, ())) for other in columns] for one in columns]
    return np.asarray(DISLIKE * (spoiled + BESIDE * (np.array(beside) @ has)))

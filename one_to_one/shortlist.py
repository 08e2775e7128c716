"""What every possible answer would make of the products, all at once.

Only the products that lead now are looked at closely, as a table with a row for every
value that could be an answer. No other product can get further than `rest` and `rise` say, so it is known
of which answers the table doesn't tell everything; those are weighed over all that could come among the best.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from one_to_one.catalogue import Catalogue, Flags, Floats, Rows
from one_to_one.facts import Polarity
from one_to_one.preferences import Beliefs
from one_to_one.shop import ShopPack
from one_to_one.tastes import BESIDE, DISLIKE, EXPECTED, FAR, LIKE

CLOSELY = 32
"""So many products at least are looked at closely: those that lead now."""

CELLS = 20_000
"""More of them are, as long as products × values stay below this."""

EQUAL = 1e-9
"""Utilities that differ by less are the same: sums of the same numbers in another order."""

NEVER = -3.0
"""What proposing something the customer never wants costs, in units of utility."""

REACH = LIKE + EXPECTED
"""What an answer adds to one product, and takes from another, at most as a rule."""

SAMPLE = 16
"""Of many products, one in so many tells about how good the best are."""


@dataclass(frozen=True, slots=True)
class Effects:
    """What each answer adds to the utility of products, by what one customer is believed to like."""

    pack: ShopPack
    catalogue: Catalogue
    owed: Floats  # of each column: what the likes of its topic add now to the products that have it
    liked: Flags  # of each topic: whether any like is known
    averse: Flags  # of each topic: whether its question asks what to avoid
    adds: Floats  # of each column: what its answer adds to the products that have the value
    rise: Floats  # of each column: its answer adds no more to any product

    def of_each(self, topics: Rows, rows: Rows) -> Floats:
        """Columns of the topics at these places × products: what that value as the answer adds to each.

        What another answer takes away is what is liked now, or was expected where nothing is. That a like
        also speaks against the far end of its scale (`FAR`) is care in proposing: as a gain of asking it
        would count the same answer twice, and put scales before all else.
        """
        catalogue, columns = self.catalogue, self.catalogue.columns_of(topics)
        asked = self.places(columns)
        held, product = catalogue.values_of(rows)
        known = asked[held] >= 0
        held, product = held[known], product[known]
        change = self._given_up(topics, rows, held, product).repeat(catalogue.sizes[topics], axis=0)
        change[asked[held], product] += self.adds[held]
        for topic in topics[self.averse[topics]].tolist():
            name = catalogue.topics[topic]
            if name in self.catalogue.intricate:
                change[asked[catalogue.span(name)]] = self._averse(name, rows)
        return change

    def places(self, columns: Rows) -> Rows:
        """Of each column of the catalogue: where it stands among these; -1 where it doesn't."""
        places = np.full(len(self.rise), -1, dtype=np.intp)
        places[columns] = np.arange(len(columns))
        return places

    def of(self, column: int, rows: Rows) -> Floats:
        """What the answer of one column adds to each of these products."""
        catalogue, topic = self.catalogue, int(self.catalogue.topic_of[column])
        name = catalogue.topics[topic]
        if self.averse[topic]:
            return np.asarray(self._averse(name, rows)[column - catalogue.columns[name].start])
        change = self.adds[column] * catalogue.has_value(column, rows)
        if not self.liked[topic]:
            return np.asarray(change - EXPECTED * catalogue.commons[topic][rows])
        return np.asarray(change - self.owed[catalogue.span(name)] @ self._having(name, rows))

    def of_new(self, column: int, rows: Rows) -> Floats:
        """The same of products that have the value, where nothing is known of the topic yet."""
        expected = EXPECTED * self.catalogue.commons[self.catalogue.topic_of[column]][rows]
        return np.asarray(self.adds[column] - expected)

    def _given_up(self, topics: Rows, rows: Rows, held: Rows, product: Rows) -> Floats:
        """Topics × products, below zero: what any answer takes away of what is liked or expected now."""
        expected = np.where(self.liked[topics] | self.averse[topics], 0.0, -EXPECTED)
        given_up = expected[:, None] * self.catalogue.commons[topics[:, None], rows]
        if self.liked[topics].any():
            owing = np.flatnonzero(self.owed[held])
            place = np.zeros(len(self.liked), dtype=np.intp)
            place[topics] = np.arange(len(topics))
            where = place[self.catalogue.topic_of[held[owing]]] * len(rows) + product[owing]
            owed = np.bincount(where, self.owed[held[owing]], given_up.size)
            given_up -= owed.reshape(given_up.shape) * ~self.averse[topics][:, None]
        return np.asarray(given_up)

    def _averse(self, topic: str, rows: Rows) -> Floats:
        """What not wanting each value takes from the products that have it, and nothing better."""
        catalogue, has = self.catalogue, self._having(topic, rows)
        spoiled = has * (has.sum(axis=0) < 2.0) if topic in catalogue.suits else has
        if self.pack.topics[topic].answer is Polarity.NEVER:
            return NEVER * spoiled
        columns = catalogue.columns[topic]
        beside = [[float(other in catalogue.neighbours.get(one, ())) for other in columns] for one in columns]
        return np.asarray(DISLIKE * (spoiled + BESIDE * (np.array(beside) @ has)))

    def _having(self, topic: str, rows: Rows) -> Floats:
        """Columns of the topic × products: 1 where the product has the value, else 0."""
        return np.array(
            [self.catalogue.has_value(column, rows) for column in self.catalogue.columns[topic]], float
        )


def effects_of(pack: ShopPack, catalogue: Catalogue, believed: Beliefs) -> Effects:
    """What the answers of this customer would add."""
    weights = np.zeros(len(catalogue.values))
    for topic, values in believed.stances[Polarity.LIKES].items():
        for code, belief in values.items():
            if (topic, code) in catalogue.column:
                weights[catalogue.column[topic, code]] = belief.weight
    owed = LIKE * catalogue.unit * weights + (FAR * (catalogue.far.T @ weights) if weights.any() else 0.0)
    liked = np.bincount(catalogue.topic_of, weights, len(catalogue.topics)) > 0
    averse, bars = catalogue.averse[catalogue.topic_of], catalogue.bars[catalogue.topic_of]
    adds = np.where(averse, np.where(bars, NEVER, DISLIKE), LIKE * catalogue.unit)
    rise = adds - np.where(liked[catalogue.topic_of], 0.0, EXPECTED * catalogue.least_common)
    rise += (catalogue.together * _held_against(catalogue, owed))[catalogue.topic_of]
    rise = np.where(averse, 0.0, rise).clip(0.0)
    return Effects(pack, catalogue, owed, liked, catalogue.averse, adds, rise)


def _held_against(catalogue: Catalogue, owed: Floats) -> Floats:
    """Of each topic: the most that one of its values counts now against the products that have it."""
    if not owed.size:
        return np.zeros(0)
    return np.asarray(np.maximum.reduceat(-owed, catalogue.firsts).clip(0.0))


@dataclass(frozen=True, slots=True)
class Table:
    """What the answers to some questions add to the products that lead, whatever else is answered."""

    columns: Rows  # the values that could be the answer
    places: Rows  # of each column of the catalogue: where it stands among these; -1 where it doesn't
    rise: Floats  # of each: it adds no more to any product
    change: Floats  # of each, a row: what it adds to each product


@dataclass(frozen=True, slots=True)
class Look:
    """What each answer to some questions would make of the products that lead."""

    columns: Rows  # the values that could be the answer
    places: Rows  # of each column of the catalogue: where it stands among these; -1 where it doesn't
    gains: Floats  # of each: how much better the proposal would be than the one made anyway. See `exact`
    most: Floats  # of each: the gain if all that isn't on the list were as good as it could be
    exact: Flags  # of each: whether nothing outside the list could be proposed after that answer
    first: Rows  # of each: the place on the list of what would be proposed first
    last: Floats  # of each: the utility of the last that would be proposed


@dataclass(frozen=True)
class Shortlist:
    """The products that lead, and what each answer would change."""

    rows: Rows  # of the catalogue
    utility: Floats  # of each
    effects: Effects
    rest: float  # no other product has more utility; minus infinity when there is no other
    ranks: Sequence[float]  # how much the first, second, … proposed product counts
    tables: dict[bytes, Table] = field(default_factory=dict, repr=False)  # by topics that were looked at

    @cached_property
    def best(self) -> Rows:
        """The places on the list of what would be proposed now, the best first."""
        return np.argsort(-self.utility, kind="stable")[: len(self.ranks)]

    @property
    def leads(self) -> Rows:
        """The rows of what would be proposed now, the best first."""
        return self.rows[self.best]

    def look(self, topics: Rows) -> Look:
        """Closely at every answer to the questions about the topics at these places."""
        table = self._table(topics)
        after = table.change + self.utility
        anyway = after[:, self.best]
        values, first = self._informed(after)
        gains = (values - anyway) @ self._ranks
        elsewhere = self.rest + table.rise
        exact = values[:, -1] >= elsewhere - EQUAL
        most = gains
        if not exact.all():
            most = (np.maximum(values, elsewhere[:, None]) - anyway) @ self._ranks
        return Look(table.columns, table.places, gains, most, exact, first, values[:, -1])

    def _table(self, topics: Rows) -> Table:
        key, effects = topics.tobytes(), self.effects
        if key not in self.tables:
            columns = effects.catalogue.columns_of(topics)
            change = effects.of_each(topics, self.rows)
            self.tables[key] = Table(columns, effects.places(columns), effects.rise[columns], change)
        return self.tables[key]

    def _informed(self, after: Floats) -> tuple[Floats, Rows]:
        """Of each answer: the utilities of what would be proposed, taken out; and the place of the first."""
        each, first = np.arange(len(after)), after.argmax(axis=1)
        values, best = np.empty((len(after), len(self._ranks))), first
        for rank in range(len(self._ranks)):
            best = after.argmax(axis=1) if rank else first
            values[:, rank] = after[each, best]
            after[each, best] = -np.inf
        return values, first

    @cached_property
    def _ranks(self) -> Floats:
        return np.array(self.ranks[: len(self.rows)])

    def changed(self, change: Floats) -> tuple[Floats, Rows, Floats]:
        """Of answers that change these products so, a row for each: the gain by what is on the list; the
        place of the new first one; and the utility of the last that would be proposed.
        """
        after = change + self.utility
        anyway = after[:, self.best]
        values, first = self._informed(after)
        return (values - anyway) @ self._ranks, first, values[:, -1]

    def given(self, column: int) -> Shortlist:
        """The list once that column's value was answered; in the same order, so that the tables hold."""
        return replace(
            self,
            utility=self.utility + self.effects.of(column, self.rows),
            rest=self.rest + float(self.effects.rise[column]),
        )


def shortlist(
    pack: ShopPack, catalogue: Catalogue, believed: Beliefs, utility: Floats, ranks: Sequence[float]
) -> Shortlist:
    """The products that lead by this utility (minus infinity: can't be proposed), the best first.

    What is so far behind that no answer is likely to bring it among the best is left to the rest.
    """
    many = CELLS // max(1, len(catalogue.values))
    rows, rest = leading(utility, max(CLOSELY, many))
    near = utility[rows] >= utility[rows[: len(ranks)]].min(initial=np.inf) - REACH
    if len(rows) > many and not near.all():
        rest, rows = float(utility[rows[~near]].max()), rows[near]
    return Shortlist(rows, utility[rows], effects_of(pack, catalogue, believed), rest, ranks)


def leading(utility: Floats, count: int) -> tuple[Rows, float]:
    """The rows of the best products, the best first, equals as they stand; the utility of the next."""
    rows = _contenders(utility, count)
    rows = rows[np.argsort(-utility[rows], kind="stable")]
    kept, others = rows[:count], rows[count:]
    if others.size:
        return kept, float(utility[others[0]])
    below = utility[utility < utility[kept[-1]]] if kept.size else utility
    return kept, float(below.max(initial=-np.inf))


def _contenders(utility: Floats, count: int) -> Rows:
    """The rows of the best products and of their equals, in order; what can't be proposed is left out."""
    if len(utility) <= count:
        return np.flatnonzero(utility > -np.inf)
    better = _well_above(utility, count)
    values = utility[better]
    least = values[np.argpartition(values, -count)[-count:]].min()
    return np.asarray(better[(values >= least) & (values > -np.inf)])


def _well_above(utility: Floats, count: int) -> Rows:
    """Rows that the best are among: of many products a few tell about where to look."""
    sample = utility[::SAMPLE]
    among = 2 * count // SAMPLE + SAMPLE
    if len(sample) > 2 * among:
        rows = np.flatnonzero(utility >= np.partition(sample, -among)[-among])
        if len(rows) >= count:
            return rows
    return np.arange(len(utility))

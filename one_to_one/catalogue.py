"""A shop's products as arrays, so that thousands of them are weighed at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import chain, pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from one_to_one.facts import Polarity
from one_to_one.shop import Module, Product, ShopPack, Topic, TopicKind

type Floats = NDArray[np.float64]
type Flags = NDArray[np.bool_]
type Rows = NDArray[np.intp]
type Table = sparse.csr_array

ONE_OF_SEVERAL = 0.6
"""What a liked value of a topic counts that can hold several, beside 1.0 where only one fits."""

SPECIAL = 0.2
"""A topic in which fewer products than this share differ from the rest is for special wishes."""

MANY = 0.2
"""Of more columns than this share all are summed up at once."""

YEAR = timedelta(days=365)

_KEPT = 4
"""How many packs keep their arrays at once."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The products of one pack. Rows are products in the order of their ids, columns are topic values."""

    products: tuple[Product, ...]
    ids: tuple[str, ...]  # of the products
    row: Mapping[str, int]  # product id -> row
    values: tuple[tuple[str, str], ...]  # (topic, value code) of each column
    column: Mapping[tuple[str, str], int]
    columns: Mapping[str, range]  # topic -> its columns, which stand together
    members: tuple[Rows, ...]  # of each column: the products that have the value
    held: tuple[tuple[int, ...], ...]  # of each product: its columns
    share: Floats  # of each column: the share of products that have it, 0..1
    unit: Floats  # of each column: what liking it counts
    suits: frozenset[str]  # the topics in which a product lists all it suits
    neighbours: Mapping[int, tuple[int, ...]]  # of each column of a scale: the columns beside it
    topics: tuple[str, ...]  # in the order of their columns
    place: Mapping[str, int]  # topic -> its place among `topics`
    tastes: frozenset[str]  # the topics that aren't modules
    limits: tuple[str, ...]  # the topics whose answer is an amount of money
    factors: Mapping[str, Mapping[str, float]]  # module -> option -> how many times as much it costs
    topic_of: Rows  # of each column: its topic's place among `topics`
    firsts: Rows  # of each topic: its first column
    sizes: Rows  # of each topic: how many columns it has
    together: Rows  # of each topic: how many of its values one product has at most
    half_lives: Floats  # of each topic: how long its answer holds, in years; 0: the shop doesn't ask about it
    burdens: Floats  # of each topic: what asking costs, in utility
    commons: Floats  # topics × products: how common the product's values are, 0..1
    all_common: Floats  # the same of each product, summed over all topics
    common: Mapping[str, Floats]  # topic -> its row of `commons`
    likely: Floats  # of each column: how probable it is as an answer; half as common as it is, half even
    least_common: Floats  # of each column: how common the values of its products are in the topic, at least
    far: Table  # columns × columns: 1 where they stand on one scale, and not beside each other
    averse: Flags  # of each topic: whether its question asks what to avoid
    bars: Flags  # of each topic: whether its answer must never be proposed
    intricate: frozenset[str]  # the topics of those in which an answer isn't only about who has the value
    quartiles: Floats  # least, quarter, half, three quarters, most of the prices of what is in stock
    starts: Rows  # where each product's columns start among `entries`, and at last where they end
    entries: Rows  # the columns of all products, one after the other
    has: Table  # products × columns: 1 where the product has the value
    varied: Floats  # of each product: the varieties of the topics it has a value of, added up
    special: Floats  # of each product: in how many of the topics it has a value of few products differ
    prices: Floats  # of each product with its default options, in the shop's currency
    margins: Floats  # of each product with its default options: what is earned, as a share of the price
    stocks: Floats  # units of each product
    in_stock: Flags  # of each product
    choices: tuple[Product, ...]  # of the products about which the same can be chosen, one each
    choice_of: Rows  # of each product: which of `choices` stands for it

    def likeness(self, row: int) -> Floats:
        """How much each product resembles one of them: cosine of their values, 0..1."""
        common = self.sums(dict.fromkeys(self.held[row], 1.0))
        sizes = np.maximum(1, np.diff(self.starts))
        return np.asarray(common / np.sqrt(sizes * sizes[row]))

    def having_each(self, rows: Rows) -> Floats:
        """Columns × these products: 1 where the product has the value, else 0."""
        has = np.zeros((len(self.values), len(rows)))
        has[self.values_of(rows)] = 1.0
        return has

    def values_of(self, rows: Rows) -> tuple[Rows, Rows]:
        """The columns of these products, one after the other; and of each, the place of its product."""
        counts = self.starts[rows + 1] - self.starts[rows]
        return self.entries[ranges(self.starts[rows], counts)], np.repeat(np.arange(len(rows)), counts)

    def columns_of(self, topics: Rows) -> Rows:
        """The columns of the topics at these places, in their order."""
        return ranges(self.firsts[topics], self.sizes[topics])

    def has_value(self, column: int, rows: Rows) -> Flags:
        """Of these products: whether they have the value."""
        members = self.members[column]
        found = np.minimum(np.searchsorted(members, rows), max(0, len(members) - 1))
        return np.asarray(members[found] == rows) if len(members) else np.zeros(len(rows), dtype=bool)

    def commonness(self, row: int) -> float:
        """How common the values of one product are, 0..1."""
        return float(np.mean([common[row] for common in self.common.values()] or [0.0]))

    def span(self, topic: str) -> slice:
        """The columns of a topic."""
        columns = self.columns[topic]
        return slice(columns.start, columns.stop)

    def variety(self, topic: str) -> float:
        """How much the products differ in a topic: the share of those without its commonest value, 0..1."""
        return 1.0 - max(float(self.share[column]) for column in self.columns[topic])

    def sums(self, weights: Mapping[int, float]) -> Floats:
        """The sum of the weights, given by column, of the values each product has."""
        if len(weights) > len(self.values) * MANY:
            every = np.zeros(len(self.values))
            every[list(weights)] = list(weights.values())
            return np.asarray(self.has @ every)
        total = np.zeros(len(self.products))
        for column, weight in weights.items():
            total[self.members[column]] += weight
        return total

    def having(self, columns: Iterable[int]) -> Flags:
        """Which products have any of these values."""
        found = np.zeros(len(self.products), dtype=bool)
        for column in columns:
            found[self.members[column]] = True
        return found

    def spoiled(self, unwanted: Iterable[int]) -> Flags:
        """Which products have any of these values; of a topic of what they suit, which have no others."""
        unwanted = list(unwanted)
        found = self.having(column for column in unwanted if self.values[column][0] not in self.suits)
        by_topic: dict[str, set[int]] = {}
        for column in unwanted:
            if self.values[column][0] in self.suits:
                by_topic.setdefault(self.values[column][0], set()).add(column)
        for topic, columns in by_topic.items():
            others = self.having(column for column in self.columns[topic] if column not in columns)
            found |= self.having(columns) & ~others
        return found


def ranges(starts: Rows, counts: Rows) -> Rows:
    """The numbers from each start on, so many of each, one after the other."""
    ends = np.cumsum(counts)
    return np.arange(ends[-1] if len(ends) else 0) + np.repeat(starts - ends + counts, counts)


def catalogue_of(pack: ShopPack) -> Catalogue:
    """The arrays of a pack, made once and kept for the packs used last."""
    kept = _catalogues.pop(id(pack), None)
    found = kept[1] if kept is not None and kept[0] is pack else _made(pack)
    _keep(pack, found)
    return found


def keep_restocked(pack: ShopPack, of: ShopPack) -> None:
    """Keep the arrays of a pack that differs from another only in what there is of each thing.

    Making them all anew would take seconds for a large shop, each time that something runs out.
    """
    counted = catalogue_of(of)
    products = tuple(pack.products[name] for name in counted.ids)
    stocks = np.array([float(product.stock) for product in products])
    quartiles = _quartiles(products)
    _keep(
        pack,
        replace(counted, products=products, stocks=stocks, in_stock=stocks > 0, quartiles=quartiles),
    )


def _keep(pack: ShopPack, made: Catalogue) -> None:
    while len(_catalogues) >= _KEPT:
        del _catalogues[next(iter(_catalogues))]
    _catalogues[id(pack)] = (pack, made)


_catalogues: dict[int, tuple[ShopPack, Catalogue]] = {}
"""By pack, the one used last at the end."""


def _made(pack: ShopPack) -> Catalogue:
    products = tuple(sorted(pack.products.values(), key=lambda product: product.id))
    values = _values(products)
    column = {value: number for number, value in enumerate(values)}
    held = tuple(_held(product, column) for product in products)
    members = _members(held, len(values))
    share = np.array([len(rows) / len(products) for rows in members])
    columns, beside = _columns(values), _neighbours(pack, column)
    commons = np.array([_common(of, members, share, len(products)) for of in columns.values()])
    commons = commons.reshape(len(columns), len(products))
    variety = {topic: 1.0 - max(float(share[c]) for c in of) for topic, of in columns.items()}
    topics_of = [{values[c][0] for c in its} for its in held]
    choices, choice_of = _choices(pack, products)
    return Catalogue(
        products=products,
        ids=tuple(product.id for product in products),
        row={product.id: row for row, product in enumerate(products)},
        values=values,
        column=column,
        columns=columns,
        members=members,
        held=held,
        share=share,
        suits=frozenset(topic.name for topic in pack.topics.values() if topic.suits),
        neighbours=beside,
        unit=np.array([_unit(pack, topic) for topic, _ in values]),
        topics=tuple(columns),
        tastes=frozenset(columns.keys() - pack.modules.keys()),
        limits=tuple(t.name for t in pack.topics.values() if t.kind is TopicKind.MONEY),
        factors={name: _factors(module) for name, module in pack.modules.items()},
        place={topic: place for place, topic in enumerate(columns)},
        firsts=np.array([of.start for of in columns.values()], dtype=np.intp),
        sizes=np.array([len(of) for of in columns.values()], dtype=np.intp),
        together=_together(columns, members, len(products)),
        half_lives=np.array([_half_life(pack, topic) for topic in columns]),
        burdens=np.array([pack.topics[t].burden if t in pack.topics else 0.0 for t in columns]),
        topic_of=np.array([n for n, of in enumerate(columns.values()) for _ in of], dtype=np.intp),
        commons=commons,
        all_common=commons.sum(axis=0),
        common=dict(zip(columns, commons, strict=True)),
        likely=_likely(columns, share, _sayable(pack, values)),
        least_common=_least_common(columns, members, commons),
        far=_far(columns, beside, len(values)),
        averse=np.array([_answer(pack, topic) is not Polarity.LIKES for topic in columns], dtype=bool),
        bars=np.array([_answer(pack, topic) is Polarity.NEVER for topic in columns], dtype=bool),
        intricate=frozenset(t for t in columns if t in pack.topics and _is_intricate(pack.topics[t])),
        quartiles=_quartiles(products),
        starts=np.cumsum([0, *map(len, held)], dtype=np.intp),
        entries=np.fromiter(chain.from_iterable(held), dtype=np.intp),
        has=_has(held, len(values)),
        varied=np.array([sum(variety[topic] for topic in topics) for topics in topics_of]),
        special=np.array([float(sum(variety[t] < SPECIAL for t in topics)) for topics in topics_of]),
        prices=np.array([float(product.price) for product in products]),
        margins=np.array([float(1 - product.cost / product.price) for product in products]),
        stocks=np.array([float(product.stock) for product in products]),
        in_stock=np.array([product.stock > 0 for product in products], dtype=bool),
        choices=choices,
        choice_of=choice_of,
    )


def _values(products: tuple[Product, ...]) -> tuple[tuple[str, str], ...]:
    used = {
        (topic, code) for product in products for topic, codes in product.attributes.items() for code in codes
    }
    return tuple(sorted(used))


def _choices(pack: ShopPack, products: tuple[Product, ...]) -> tuple[tuple[Product, ...], Rows]:
    """One product for each kind of choice there is, and which of them stands for each product."""
    kinds: dict[tuple[tuple[str, tuple[str, ...]], ...], int] = {}
    examples, kind_of = list[Product](), np.zeros(len(products), dtype=np.intp)
    for row, product in enumerate(products):
        kind = tuple(
            (name, pack.options_of(product, module) if name in product.options else ())
            for name, module in pack.modules_of(product).items()
        )
        if kind not in kinds:
            kinds[kind] = len(examples)
            examples.append(product)
        kind_of[row] = kinds[kind]
    return tuple(examples), kind_of


def _held(product: Product, column: Mapping[tuple[str, str], int]) -> tuple[int, ...]:
    return tuple(
        sorted({column[topic, code] for topic, codes in product.attributes.items() for code in codes})
    )


def _has(held: tuple[tuple[int, ...], ...], columns: int) -> Table:
    starts = np.cumsum([0, *map(len, held)])
    entries = np.fromiter(chain.from_iterable(held), dtype=np.intp)
    return sparse.csr_array((np.ones(len(entries)), entries, starts), shape=(len(held), columns))


def _members(held: tuple[tuple[int, ...], ...], columns: int) -> tuple[Rows, ...]:
    rows: list[list[int]] = [[] for _ in range(columns)]
    for row, of_product in enumerate(held):
        for column in of_product:
            rows[column].append(row)
    return tuple(np.array(several, dtype=np.intp) for several in rows)


def _unit(pack: ShopPack, topic: str) -> float:
    return ONE_OF_SEVERAL if topic in pack.topics and pack.topics[topic].many else 1.0


def _factors(module: Module) -> dict[str, float]:
    return {code: float(option.factor) for code, option in module.options.items()}


def _answer(pack: ShopPack, topic: str) -> Polarity:
    """How an answer is meant."""
    return pack.topics[topic].answer if topic in pack.topics else Polarity.LIKES


def _is_intricate(topic: Topic) -> bool:
    """Products that suit something else too aren't spoiled; and on a scale, what is beside it suffers too."""
    beside = topic.scale and topic.answer is Polarity.DISLIKES
    return topic.answer is not Polarity.LIKES and (topic.suits or beside)


def _half_life(pack: ShopPack, topic: str) -> float:
    """Years."""
    return pack.topics[topic].half_life / YEAR if topic in pack.topics else 0.0


def _neighbours(pack: ShopPack, column: Mapping[tuple[str, str], int]) -> dict[int, tuple[int, ...]]:
    beside: dict[int, tuple[int, ...]] = {}
    for topic in pack.topics.values():
        pairs = pairwise(topic.values) if topic.scale else ()
        for one, other in pairs:
            if (topic.name, one) in column and (topic.name, other) in column:
                first, second = column[topic.name, one], column[topic.name, other]
                beside[first] = (*beside.get(first, ()), second)
                beside[second] = (*beside.get(second, ()), first)
    return beside


def _common(columns: range, members: tuple[Rows, ...], share: Floats, products: int) -> Floats:
    """How common a product's values of one topic are: their mean share."""
    total, count = np.zeros(products), np.zeros(products)
    for column in columns:
        total[members[column]] += share[column]
        count[members[column]] += 1.0
    return np.asarray(total / np.maximum(count, 1.0))


def _quartiles(products: tuple[Product, ...]) -> Floats:
    prices = [float(product.price) for product in products if product.stock > 0]
    return np.quantile(prices, [0.0, 0.25, 0.5, 0.75, 1.0], method="higher") if prices else np.zeros(0)


def _likely(columns: Mapping[str, range], share: Floats, sayable: Flags) -> Floats:
    """Of the values that can be said; a product may have others."""
    likely = np.zeros(len(share))
    for of in columns.values():
        span = slice(of.start, of.stop)
        said = share[span] * sayable[span]
        if said.any():
            likely[span] = (said / said.sum() + sayable[span] / sayable[span].sum()) / 2.0
    return likely


def _sayable(pack: ShopPack, values: tuple[tuple[str, str], ...]) -> Flags:
    return np.array(
        [topic in pack.topics and code in pack.topics[topic].values for topic, code in values], bool
    )


def _least_common(columns: Mapping[str, range], members: tuple[Rows, ...], commons: Floats) -> Floats:
    topics = [topic for topic, of in enumerate(columns.values()) for _ in of]
    return np.array([commons[topic, rows].min() for topic, rows in zip(topics, members, strict=True)])


def _together(columns: Mapping[str, range], members: tuple[Rows, ...], products: int) -> Rows:
    several = (np.concatenate([members[column] for column in of]) for of in columns.values())
    return np.array([np.bincount(rows, minlength=products).max(initial=0) for rows in several], dtype=np.intp)


def _far(columns: Mapping[str, range], beside: Mapping[int, tuple[int, ...]], count: int) -> Table:
    """A column with no neighbours stands on no scale."""
    pairs = [
        (one, other)
        for of in columns.values()
        for one in of
        for other in of
        if beside.get(one) and other != one and other not in beside[one]
    ]
    ones, others = [one for one, _ in pairs], [other for _, other in pairs]
    return sparse.csr_array((np.ones(len(pairs)), (ones, others)), shape=(count, count))


def _columns(values: tuple[tuple[str, str], ...]) -> dict[str, range]:
    columns: dict[str, range] = {}
    for number, (topic, _) in enumerate(values):
        start = columns[topic].start if topic in columns else number
        columns[topic] = range(start, number + 1)
    return columns

"""A shop's products as arrays, so that thousands of them are weighed at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from one_to_one.shop import Product, ShopPack

type Floats = NDArray[np.float64]
type Flags = NDArray[np.bool_]
type Rows = NDArray[np.intp]

ONE_OF_SEVERAL = 0.6
"""What a liked value of a topic counts that can hold several, beside 1.0 where only one fits."""

_KEPT = 4
"""How many packs keep their arrays at once."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The products of one pack. Rows are products in the order of their ids, columns are topic values."""

    products: tuple[Product, ...]
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
    common: Mapping[str, Floats]  # topic -> of each product: how common its values are, 0..1
    prices: Floats  # of each product with its default options, in the shop's currency
    in_stock: Flags  # of each product

    def likeness(self, row: int) -> Floats:
        """How much each product resembles one of them: cosine of their values, 0..1."""
        common = self.sums(dict.fromkeys(self.held[row], 1.0))
        sizes = np.array([max(1, len(columns)) for columns in self.held])
        return np.asarray(common / np.sqrt(sizes * max(1, len(self.held[row]))))

    def commonness(self, row: int) -> float:
        """How common the values of one product are, 0..1."""
        return float(np.mean([common[row] for common in self.common.values()] or [0.0]))

    def variety(self, topic: str) -> float:
        """How much the products differ in a topic: the share of those without its commonest value, 0..1."""
        return 1.0 - max(float(self.share[column]) for column in self.columns[topic])

    def sums(self, weights: Mapping[int, float]) -> Floats:
        """The sum of the weights, given by column, of the values each product has."""
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
        found = np.zeros(len(self.products), dtype=bool)
        by_topic: dict[str, set[int]] = {}
        for column in unwanted:
            by_topic.setdefault(self.values[column][0], set()).add(column)
        for topic, columns in by_topic.items():
            has = self.having(columns)
            if topic in self.suits:
                has &= ~self.having(column for column in self.columns[topic] if column not in columns)
            found |= has
        return found


def catalogue_of(pack: ShopPack) -> Catalogue:
    """The arrays of a pack, made once and kept for the packs used last."""
    kept = _catalogues.get(id(pack))
    if kept is not None and kept[0] is pack:
        return kept[1]
    while len(_catalogues) >= _KEPT:
        del _catalogues[next(iter(_catalogues))]
    made = _made(pack)
    _catalogues[id(pack)] = (pack, made)
    return made


_catalogues: dict[int, tuple[ShopPack, Catalogue]] = {}


def _made(pack: ShopPack) -> Catalogue:
    products = tuple(sorted(pack.products.values(), key=lambda product: product.id))
    values = _values(products)
    column = {value: number for number, value in enumerate(values)}
    held = tuple(_held(product, column) for product in products)
    members = _members(held, len(values))
    share = np.array([len(rows) / len(products) for rows in members])
    return Catalogue(
        products=products,
        row={product.id: row for row, product in enumerate(products)},
        values=values,
        column=column,
        columns=_columns(values),
        members=members,
        held=held,
        share=share,
        suits=frozenset(topic.name for topic in pack.topics.values() if topic.suits),
        neighbours=_neighbours(pack, column),
        unit=np.array([_unit(pack, topic) for topic, _ in values]),
        common={topic: _common(of, members, share, len(products)) for topic, of in _columns(values).items()},
        prices=np.array([float(product.price) for product in products]),
        in_stock=np.array([product.stock > 0 for product in products], dtype=bool),
    )


def _values(products: tuple[Product, ...]) -> tuple[tuple[str, str], ...]:
    used = {
        (topic, code) for product in products for topic, codes in product.attributes.items() for code in codes
    }
    return tuple(sorted(used))


def _held(product: Product, column: Mapping[tuple[str, str], int]) -> tuple[int, ...]:
    return tuple(
        sorted({column[topic, code] for topic, codes in product.attributes.items() for code in codes})
    )


def _members(held: tuple[tuple[int, ...], ...], columns: int) -> tuple[Rows, ...]:
    rows: list[list[int]] = [[] for _ in range(columns)]
    for row, of_product in enumerate(held):
        for column in of_product:
            rows[column].append(row)
    return tuple(np.array(several, dtype=np.intp) for several in rows)


def _unit(pack: ShopPack, topic: str) -> float:
    return ONE_OF_SEVERAL if topic in pack.topics and pack.topics[topic].many else 1.0


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


def _columns(values: tuple[tuple[str, str], ...]) -> dict[str, range]:
    columns: dict[str, range] = {}
    for number, (topic, _) in enumerate(values):
        start = columns[topic].start if topic in columns else number
        columns[topic] = range(start, number + 1)
    return columns

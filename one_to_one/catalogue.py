"""A shop's products as arrays, so that thousands of them are weighed at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from one_to_one.shop import Product, ShopPack

type Floats = NDArray[np.float64]
type Flags = NDArray[np.bool_]
type Rows = NDArray[np.intp]

_KEPT = 4
"""How many packs keep their arrays at once."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The products of one pack. Rows are products in the order of their ids, columns are topic values."""

    products: tuple[Product, ...]
    row: Mapping[str, int]  # product id -> row
    values: tuple[tuple[str, str], ...]  # (topic, value code) of each column
    column: Mapping[tuple[str, str], int]
    columns: Mapping[str, slice]  # topic -> its columns, which stand together
    has: Floats  # rows x columns, 1.0 where the product has the value
    share: Floats  # of each column: the share of products that have it, 0..1
    in_stock: Flags  # of each row

    def likeness(self, row: int) -> Floats:
        """How much each product resembles one of them: cosine of their values, 0..1."""
        lengths = np.sqrt((self.has**2).sum(axis=1))
        return np.asarray(self.has @ self.has[row] / np.maximum(lengths * lengths[row], 1e-12))


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
    has = np.zeros((len(products), len(values)))
    for row, product in enumerate(products):
        for topic, codes in product.attributes.items():
            has[row, [column[topic, code] for code in codes]] = 1.0
    return Catalogue(
        products=products,
        row={product.id: row for row, product in enumerate(products)},
        values=values,
        column=column,
        columns=_columns(values),
        has=has,
        share=has.mean(axis=0) if products else np.zeros(len(values)),
        in_stock=np.array([product.stock > 0 for product in products], dtype=bool),
    )


def _values(products: tuple[Product, ...]) -> tuple[tuple[str, str], ...]:
    used = {
        (topic, code) for product in products for topic, codes in product.attributes.items() for code in codes
    }
    return tuple(sorted(used))


def _columns(values: tuple[tuple[str, str], ...]) -> dict[str, slice]:
    columns: dict[str, slice] = {}
    for number, (topic, _) in enumerate(values):
        start = columns[topic].start if topic in columns else number
        columns[topic] = slice(start, number + 1)
    return columns

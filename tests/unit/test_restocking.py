"""A pack in which something ran out: only what changed is made anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace

import numpy as np
import pytest
from scipy import sparse

from one_to_one import catalogue
from one_to_one.catalogue import Catalogue, catalogue_of, keep_restocked
from one_to_one.shop import ShopPack
from one_to_one.stocktaking import with_left
from tests.bench.big_shops import shop as big_shop
from tests.unit.packs import bakery, bicycles


def same(one: object, other: object) -> bool:
    if isinstance(one, sparse.csr_array) and isinstance(other, sparse.csr_array):
        return bool((one != other).nnz == 0)
    if isinstance(one, np.ndarray):
        return np.array_equal(one, np.asarray(other))
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, tuple) and isinstance(other, tuple) and one and isinstance(one[0], np.ndarray):
        return all(map(same, one, other))
    return one == other


def differences(one: Catalogue, other: Catalogue) -> list[str]:
    names = [field.name for field in fields(Catalogue)]
    return [name for name in names if not same(getattr(one, name), getattr(other, name))]


def short_of(pack: ShopPack, count: int) -> ShopPack:
    """Of the first few products nothing is left."""
    return with_left(pack, dict.fromkeys(list(pack.products)[:count], 0))


@pytest.mark.parametrize("pack", [bakery(), bicycles(), big_shop(60, 12)], ids=["bakery", "bicycles", "big"])
def test_the_arrays_of_a_pack_with_other_stocks_are_those_made_anew(pack: ShopPack) -> None:
    left = short_of(pack, 2)
    keep_restocked(left, pack)
    anew = catalogue_of(replace(left))
    assert set(differences(catalogue_of(pack), anew)) >= {"products", "stocks", "in_stock"}
    assert set(differences(catalogue_of(left), anew)) <= {"choices"}  # what of them can be chosen is the same


def test_however_much_runs_out_nothing_is_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    pack = bakery()
    catalogue_of(pack)
    monkeypatch.setattr(catalogue, "_made", None)
    for count in range(8):
        left = short_of(pack, 1 + count % 3)
        keep_restocked(left, pack)
        assert catalogue_of(left).products[0].stock == left.products[catalogue_of(left).ids[0]].stock

"""What was ordered by the same people: "who ordered this also ordered that".

Learned from all orders with item-to-item nearest neighbours on BM25 weights (`implicit`), once there are
enough customers and lines; before that nothing is claimed. Only pairs that enough people share are kept.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from one_to_one.catalogue import Catalogue, Floats
from one_to_one.history import Ordered, Rating

CUSTOMERS, LINES = 50, 200
"""Before so many customers ordered at least two different products, in so many lines, nothing is learned."""

FEWEST = 5
"""A pair of products that fewer people ordered is not kept."""

NEIGHBOURS = 20
"""So many products at most are kept for each."""

WEIGHT = 0.5
"""What being the nearest of what they liked adds to a product's utility."""

RATED = {None: 0.5, Rating.LIKED: 1.0, Rating.OK: 0.1, Rating.DISLIKED: 0.0}
"""How much an order speaks for what others ordered with it."""


@dataclass(frozen=True, slots=True)
class Alike:
    """For each product those that the same people ordered, the likest first, 0..1."""

    customers: int = 0
    lines: int = 0
    near: Mapping[str, tuple[tuple[str, float], ...]] = field(default_factory=dict)

    def drawn_to(self, catalogue: Catalogue, history: Sequence[Ordered]) -> tuple[Floats, Mapping[int, str]]:
        """What their orders add to each product's utility, and by row the product that it is because of."""
        total, because = np.zeros(len(catalogue.products)), {}
        for ordered in history:
            for name, likeness in self.near.get(ordered.product, ()):
                row, weight = catalogue.row.get(name), WEIGHT * RATED[ordered.rating] * likeness
                if row is not None and weight > total[row]:
                    total[row], because[row] = weight, ordered.product
        return total, because


def learned(orders: Iterable[tuple[str, str]]) -> Alike:
    """Learn from (customer, product) of every order line; nothing below the thresholds."""
    lines = list(orders)
    by_customer: dict[str, set[str]] = {}
    for customer, product in lines:
        by_customer.setdefault(customer, set()).add(product)
    baskets = [sorted(products) for products in by_customer.values() if len(products) > 1]
    if len(baskets) < CUSTOMERS or len(lines) < LINES:
        return Alike(len(baskets), len(lines))
    return Alike(len(baskets), len(lines), _neighbours(baskets))


def _neighbours(baskets: Sequence[Sequence[str]]) -> dict[str, tuple[tuple[str, float], ...]]:
    from implicit.nearest_neighbours import BM25Recommender  # slow to load: for the job alone
    from implicit.utils import ParameterWarning
    from scipy.sparse import csr_matrix

    names = sorted({name for basket in baskets for name in basket})
    place = {name: number for number, name in enumerate(names)}
    people = np.repeat(np.arange(len(baskets)), [len(basket) for basket in baskets])
    items = np.array([place[name] for basket in baskets for name in basket])
    matrix = csr_matrix((np.ones(len(items)), (people, items)), shape=(len(baskets), len(names)))
    together = (matrix.T @ matrix).tocsr()
    model = BM25Recommender(K=NEIGHBOURS + 1, num_threads=1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ParameterWarning)  # it hands itself another kind of matrix
        model.fit(matrix, show_progress=False)
    return {name: near for name in names if (near := _near(model, together, names, place[name]))}


def _near(model: Any, together: Any, names: Sequence[str], item: int) -> tuple[tuple[str, float], ...]:
    found, scores = model.similar_items(item, N=NEIGHBOURS + 1)
    own = max((float(s) for i, s in zip(found, scores, strict=True) if i == item), default=0.0)
    others = [(int(i), float(s)) for i, s in zip(found, scores, strict=True) if i != item and s > 0]
    most = max([own, *(score for _, score in others)], default=0.0)
    return tuple(
        (names[other], round(score / most, 4)) for other, score in others if together[item, other] >= FEWEST
    )


def to_json(alike: Alike) -> dict[str, Any]:
    """As it is kept in a file."""
    near = {name: [list(pair) for pair in pairs] for name, pairs in sorted(alike.near.items())}
    return {"customers": alike.customers, "lines": alike.lines, "near": near}


def from_json(kept: Mapping[str, Any]) -> Alike:
    """As it was kept."""
    near = {
        str(name): tuple((str(other), float(score)) for other, score in pairs)
        for name, pairs in kept.get("near", {}).items()
    }
    return Alike(int(kept.get("customers", 0)), int(kept.get("lines", 0)), near)

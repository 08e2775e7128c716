"""Which unfamiliar product to try: Thompson sampling over what was learned from how such things were taken.

For every value and every product it is counted how often it was taken, and how often it wasn't, when it was
shown as something new. The appeal of a product is a Beta distribution whose prior mean is that of its values;
one draw from it ranks the product, so that what is uncertain is tried and what is known to fail isn't
(Thompson, *Biometrika* 25, 1933; Chapelle & Li, *An Empirical Evaluation of Thompson Sampling*, 2011).
Only sums over customers are kept, and only where enough different people share them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from one_to_one.catalogue import Catalogue, Floats, Rows
from one_to_one.shop import ShopPack

FEWEST = 5
"""What fewer different people were shown isn't kept."""

PRIOR = (1.0, 2.0)
"""As if of so many shown, one was taken and two weren't: what is new is turned down more often."""

PULL = 4.0
"""As if a product had been shown so often with the success of its values."""

IGNORED = 0.25
"""How much an unanswered proposal counts as one that was turned down."""

NEWER = 0.5
"""What being the newest of all counts beside a certain success."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One product that was shown to somebody as new to them, and what came of it."""

    person: str  # whoever it was; counted, never kept
    product: str
    outcome: str  # accepted, rejected, changed, other, ignored
    taken: bool  # whether it was this one of the proposal that they took


@dataclass(frozen=True, slots=True)
class Appeal:
    """How new things were taken: of each product and each value, how often taken and how often not."""

    products: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    values: Mapping[tuple[str, str], tuple[float, float]] = field(default_factory=dict)

    def drawn(self, catalogue: Catalogue, rows: Rows, seed: int) -> Floats:
        """The appeal of these products, 0..1: drawn for this seed; with seed 0 the means themselves."""
        means = self._means(catalogue, rows)
        counts = [self.products.get(catalogue.products[row].id, (0.0, 0.0)) for row in rows.tolist()]
        taken, left = np.array(counts).reshape(-1, 2).T
        taken, left = taken + PULL * means, left + PULL * (1.0 - means)
        if seed == 0:
            return np.asarray(taken / (taken + left))
        return np.asarray(np.random.default_rng(seed).beta(taken, left))

    def _means(self, catalogue: Catalogue, rows: Rows) -> Floats:
        """The mean success of the values each product has, 0..1."""
        of_value = np.full(len(catalogue.values), _mean(0.0, 0.0))
        for value, counts in self.values.items():
            if value in catalogue.column:
                of_value[catalogue.column[value]] = _mean(*counts)
        has = catalogue.having_each(rows)
        sizes = has.sum(axis=0)
        return np.where(sizes > 0, of_value @ has / np.maximum(sizes, 1.0), _mean(0.0, 0.0))


def _mean(taken: float, left: float) -> float:
    return (taken + PRIOR[0]) / (taken + left + sum(PRIOR))


def appeal_of(trials: Iterable[Trial], pack: ShopPack) -> Appeal:
    """Count how new things were taken, by product and by value."""
    tried = [trial for trial in trials if trial.product in pack.products and _weight(trial) > 0]
    by_product: dict[str, list[Trial]] = {}
    by_value: dict[tuple[str, str], list[Trial]] = {}
    for trial in tried:
        by_product.setdefault(trial.product, []).append(trial)
        for topic, codes in pack.products[trial.product].attributes.items():
            for code in codes:
                by_value.setdefault((topic, code), []).append(trial)
    return Appeal(
        {name: _summed(of) for name, of in by_product.items() if _shared(of)},
        {value: _summed(of) for value, of in by_value.items() if _shared(of)},
    )


def _shared(trials: Sequence[Trial]) -> bool:
    return len({trial.person for trial in trials}) >= FEWEST


def _weight(trial: Trial) -> float:
    if trial.taken:
        return 1.0
    return {"accepted": 1.0, "rejected": 1.0, "changed": 1.0, "other": 1.0, "ignored": IGNORED}.get(
        trial.outcome, 0.0
    )


def _summed(trials: Sequence[Trial]) -> tuple[float, float]:
    taken = sum(1.0 for trial in trials if trial.taken)
    return taken, sum(_weight(trial) for trial in trials if not trial.taken)


def to_json(appeal: Appeal) -> dict[str, Any]:
    """As it is kept in a file."""
    return {
        "products": {name: list(counts) for name, counts in sorted(appeal.products.items())},
        "values": [[topic, code, *counts] for (topic, code), counts in sorted(appeal.values.items())],
    }


def from_json(kept: Mapping[str, Any]) -> Appeal:
    """As it was kept."""
    products = {str(name): (float(a), float(b)) for name, (a, b) in kept.get("products", {}).items()}
    values = {(str(topic), str(code)): (float(a), float(b)) for topic, code, a, b in kept.get("values", ())}
    return Appeal(products, values)

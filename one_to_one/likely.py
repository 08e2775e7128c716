"""Which product somebody takes to next, from what they have and from what goes together.

A conditional logit (McFadden, 1974) over a few plain signs: how many have a product, how many who have
theirs have it too, and how much it is like theirs. How much each sign counts is learned from what people took
to next. What is kept are numbers about products, none about people.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import optimize, sparse

from one_to_one.catalogue import Floats, Rows

ALONG = 0.1
"""What having nothing in common with what they have counts as, in cosines."""

CLOSE = 0.003
"""What no likeness at all counts as, in fourth powers of cosines."""

SHARPNESS = 4
"""The power of a cosine that makes the few most alike count more than the many that are a bit."""

LEARNERS = 300
"""So many people are learned from: more wouldn't change the handful of weights."""

CALM = 1e-3
"""The ridge on the weights."""


@dataclass(frozen=True)
class Signs:
    """What there is to go by."""

    have: Floats  # of each product: how many have it
    along: sparse.csr_array  # products × products: cosine of who has them
    likeness: sparse.csr_array  # products × properties, rows of length 1
    rare: sparse.csr_array  # the same, rare properties weighing more
    properties: Floats  # of each product: how many properties it has

    def of(self, owned: Rows) -> Floats:
        """Signs × products, for somebody who has these products."""
        count = max(1, len(owned))
        along = np.asarray(self.along[owned].sum(axis=0)).ravel()
        profile = np.asarray(self.likeness[owned].sum(axis=0)).ravel() / count
        close = np.asarray((self.rare[owned] @ self._rare_turned).todense()) ** SHARPNESS
        return np.stack(
            [
                self.have == 0,
                np.log1p(self.have),
                np.log(along + ALONG),
                np.log1p(self.properties),
                self.likeness @ profile,
                np.log(close.sum(axis=0) / count + CLOSE),
            ]
        ).astype(np.float64)

    @cached_property
    def _rare_turned(self) -> sparse.csr_array:
        return sparse.csr_array(self.rare.T)


@dataclass(frozen=True)
class Likely:
    """How probable each product is."""

    signs: Signs
    weights: Floats  # of each sign

    def chances(self, owned: Rows) -> Floats:
        """Of each product: how probable it is the next; 0 for what they have. They sum to 1."""
        scores = self.weights @ self.signs.of(owned)
        scores[owned] = -np.inf
        chances = np.exp(scores - scores.max())
        return np.asarray(chances / chances.sum())


def signs_of(having: sparse.csr_array, held: sparse.csr_array) -> Signs:
    """The signs in who has what (people × products, 0 or 1) and in what products are like (× properties)."""
    have = np.asarray(having.sum(axis=0), dtype=np.float64).ravel()
    scaled = having @ sparse.diags_array(1.0 / np.sqrt(np.maximum(have, 1.0)))
    along = sparse.csr_array(scaled.T @ scaled)
    along.setdiag(0.0)
    share = np.asarray(held.mean(axis=0), dtype=np.float64).ravel()
    rarity = np.sqrt(np.maximum(np.log(1.0 / np.maximum(share, 1e-9)), 0.0))
    properties = np.asarray(held.sum(axis=1), dtype=np.float64).ravel()
    rare = sparse.csr_array(held @ sparse.diags_array(rarity))
    return Signs(have, along, _of_length_one(held), _of_length_one(rare), properties)


def learn(signs: Signs, having: sparse.csr_array, took: sparse.csr_array, seed: int = 0) -> Likely:
    """Weigh the signs by what people who had something took to next (people × products, 0 or 1)."""
    people = np.flatnonzero(np.diff(took.indptr))
    chosen = np.random.default_rng(seed).permutation(people)[:LEARNERS]
    cases = [_case(signs, _row(having, person), _row(took, person)) for person in chosen]
    count = signs.of(np.zeros(0, dtype=np.intp)).shape[0]
    if not cases:
        return Likely(signs, np.zeros(count))
    spread = np.maximum(np.mean([seen.std(axis=1) for seen, _ in cases], axis=0), 1e-6)
    scaled = [(seen / spread[:, None], next_) for seen, next_ in cases]
    found = optimize.minimize(_loss, np.zeros(count), args=(scaled,), jac=True, method="L-BFGS-B")
    return Likely(signs, found.x / spread)


def _case(signs: Signs, owned: Rows, took: Rows) -> tuple[Floats, Rows]:
    """The signs of what they didn't have, and where what they took stands among it."""
    free = np.ones(len(signs.have), dtype=bool)
    free[owned] = False
    place = np.cumsum(free) - 1
    return signs.of(owned)[:, free], place[took[free[took]]]


def _loss(weights: Floats, cases: list[tuple[Floats, Rows]]) -> tuple[float, Floats]:
    """How improbable what they took is, for each thing taken, and its slope."""
    loss, slope, taken = 0.0, np.zeros(len(weights)), 0
    for seen, took in cases:
        scores = weights @ seen
        scores -= scores.max()
        chances = np.exp(scores)
        total = chances.sum()
        loss += len(took) * float(np.log(total)) - float(scores[took].sum())
        slope += len(took) * (seen @ (chances / total)) - seen[:, took].sum(axis=1)
        taken += len(took)
    taken = max(1, taken)
    return loss / taken + CALM * float(weights @ weights), slope / taken + 2.0 * CALM * weights


def _row(table: sparse.csr_array, row: int) -> Rows:
    return np.asarray(table.indices[table.indptr[row] : table.indptr[row + 1]], dtype=np.intp)


def _of_length_one(table: sparse.csr_array) -> sparse.csr_array:
    lengths = np.sqrt(np.asarray(table.power(2).sum(axis=1)).ravel())
    return sparse.csr_array(sparse.diags_array(1.0 / np.maximum(lengths, 1e-9)) @ table)

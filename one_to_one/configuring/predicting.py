"""What is chosen next, told from what was made before.

Each configuration made counts the more the better it agrees with what is chosen so far (a kernel estimate;
Nadaraya, *Theory of Probability & Its Applications* 9, 1964). How much it matters that two differ in one
choice depends on what is told: as much as that choice says of the other, the share of its entropy that is
gone once the one is known (the uncertainty coefficient of Theil, *J. American Sociological Ass.* 76, 1970).
It says nothing about what fits: whoever asks offers only the codes that are left.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from one_to_one.configuring.space import Picks

type Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
type Places = np.ndarray[tuple[int, ...], np.dtype[np.int64]]

REPEATS = 0.8
"""A configuration made n times counts n to this power: the next customer is none of those before."""

TOLD_BY = 0.5
"""The same, where it is seen what one choice says of another."""

LIKENESS = 4.0
"""One that differs in a choice that tells everything counts less by this power of e."""

ALIKE = 0.5
"""What counts at least so much is told of as made by people who chose alike."""

SHARPNESS = 1.5
"""A choice that tells half as much counts less by this power of two."""

TINY = 1e-9
NOT_MADE = -1
"""The place of the code where a configuration has no such choice."""


@dataclass(frozen=True)
class Predictor:
    """What was made, and how much each choice says of each other."""

    places: Mapping[str, Mapping[str, int]]  # of each choice: code -> place
    made: Places  # configurations x choices: the place of each code
    counts: Floats  # of each configuration, as it counts for what comes next
    orders: Floats  # of each configuration, how often it was made
    telling: Floats  # choices told x choices given, 0..1

    def speaking(self, name: str, picks: Picks) -> dict[str, float]:
        """How many configurations speak for each code of one choice; the most alike count 1 for each."""
        if name not in self.places:
            return {}
        return self._shares(name, self.counts * self._alike(name, picks))

    def made_alike(self, name: str, picks: Picks) -> dict[str, float]:
        """How often each code of one choice was taken where about the same was picked."""
        if name not in self.places:
            return {}
        return self._shares(name, self.orders * (self._alike(name, picks) >= ALIKE))

    def _alike(self, name: str, picks: Picks) -> Floats:
        """How alike each configuration is to what is picked, 0..1, as far as it matters for one choice."""
        names = list(self.places)
        given = [(place, picks[other]) for place, other in enumerate(names) if other in picks]
        columns = [place for place, _ in given]
        codes = np.array([self.places[names[at]].get(c, NOT_MADE - 1) for at, c in given], dtype=np.int64)
        apart = (self.made[:, columns] != codes) @ self.telling[names.index(name), columns]
        return np.asarray(np.exp(-LIKENESS * (apart - apart.min(initial=np.inf))))

    def _shares(self, name: str, weights: Floats) -> dict[str, float]:
        """The weights of the configurations with each code of one choice."""
        told = list(self.places).index(name)
        has = self.made[:, told] != NOT_MADE
        shares = np.bincount(self.made[has, told], weights[has], len(self.places[name]))
        return dict(zip(self.places[name], shares.tolist(), strict=True))

    def chances(self, name: str, picks: Picks, left: Sequence[str]) -> dict[str, float]:
        """The codes that are left of one choice, the likeliest first, with their chances; they sum to 1."""
        speaking = self.speaking(name, picks)
        values = {code: speaking.get(code, 0.0) + TINY for code in left}
        total = sum(values.values())
        return {code: values[code] / total for code in sorted(left, key=lambda code: -values[code])}


def learn(made: Iterable[Picks]) -> Predictor:
    """Learn from configurations; they need not have the same choices."""
    configurations = list(made)
    places: dict[str, dict[str, int]] = {}
    for each in configurations:
        for name, code in each.items():
            places.setdefault(name, {}).setdefault(code, len(places[name]))
    rows = [
        [codes[each[name]] if name in each else NOT_MADE for name, codes in places.items()]
        for each in configurations
    ]
    table = np.array(rows, dtype=np.int64).reshape(len(rows), len(places))
    unique, counts = np.unique(table, axis=0, return_counts=True)
    weights = np.asarray(counts**REPEATS, dtype=np.float64)
    telling = _telling(
        unique, np.asarray(counts**TOLD_BY, dtype=np.float64), [len(codes) for codes in places.values()]
    )
    return Predictor(places, unique, weights, np.asarray(counts, dtype=np.float64), telling)


def _telling(made: Places, counts: Floats, sizes: Sequence[int]) -> Floats:
    """How much each choice says of each other; not to be made is a code of its own."""
    starts = np.cumsum([0, *(size + 1 for size in sizes)])
    marked = np.zeros((len(made), int(starts[-1])))
    np.put_along_axis(marked, made + 1 + starts[:-1], 1.0, axis=1)
    together = (marked * (counts / max(counts.sum(), TINY))[:, None]).T @ marked
    shared = _shared(together, starts[:-1])
    return np.asarray(np.clip(shared / np.maximum(np.diag(shared), TINY)[:, None], 0.0, 1.0) ** SHARPNESS)


def _shared(together: Floats, starts: Places) -> Floats:
    """The mutual information of any two choices, in nats; the codes of each begin at its start."""
    each = np.diag(together)
    some = np.nonzero(together)
    parts = np.zeros_like(together)
    parts[some] = together[some] * np.log(together[some] / (each[some[0]] * each[some[1]]))
    if not len(starts):
        return parts
    return np.asarray(np.add.reduceat(np.add.reduceat(parts, starts, axis=0), starts, axis=1))

"""What a customer will choose next, learned from what was made before.

Half of it is a softmax over the codes of each choice, linear in the codes chosen so far; learned by hiding a
random part of each configuration and telling it from the rest (pseudo-likelihood of Besag, 1975, with the
masks of Devlin et al., 2019). The other half are the configurations made before, each counting the more the
better it agrees with what was chosen (a kernel estimate; Nadaraya, 1964). It says nothing about what fits:
whoever asks offers only the codes that are left.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from one_to_one.configuring.space import Picks

type Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
type Places = np.ndarray[tuple[int, ...], np.dtype[np.int64]]

STEPS = 3000
BATCH = 256
RATE = 0.005
DECAY = 6e-3
REPEATS = 0.5
"""A configuration made n times counts n to this power: the next customer is none of those before."""

LIKENESS = 10.0
"""A configuration that differs in all choices counts less by this power of e; in some, in proportion."""

ALIKE_REPEATS = 0.35
"""The same as REPEATS, where configurations are compared."""


@dataclass(frozen=True)
class Predictor:
    """How probable each code is, given what was chosen so far."""

    codes: Mapping[str, Sequence[str]]
    start: Floats  # a number for each code of each choice, in order
    weights: Floats  # codes given x codes told
    made: Places  # configurations x choices: the place of each code
    counts: Floats  # of each configuration

    @cached_property
    def _first(self) -> dict[str, int]:
        """The column of each choice's first code."""
        first, at = {}, 0
        for name, codes in self.codes.items():
            first[name] = at
            at += len(codes)
        return first

    def chances(self, name: str, picks: Picks, left: Sequence[str]) -> dict[str, float]:
        """The codes that are left of one choice, the likeliest first, with their chances; they sum to 1."""
        first, codes = self._first[name], self.codes[name]
        given = [
            self._first[other] + self.codes[other].index(code)
            for other, code in picks.items()
            if other in self.codes and code in self.codes[other]
        ]
        values = self.start[first : first + len(codes)] + self.weights[given, first : first + len(codes)].sum(
            0
        )
        open_ = [place for place, code in enumerate(codes) if code in left]
        powers = np.exp(values[open_] - values[open_].max())
        both = powers / powers.sum() + self._of_those_alike(name, picks, open_)
        chances = dict(zip((codes[place] for place in open_), (both / both.sum()).tolist(), strict=True))
        return dict(sorted(chances.items(), key=lambda each: -each[1]))

    def _of_those_alike(self, name: str, picks: Picks, open_: Sequence[int]) -> Floats:
        """The share of each open code among the configurations made, the more alike ones counting more."""
        names = list(self.codes)
        given = [
            (names.index(other), self.codes[other].index(code))
            for other, code in picks.items()
            if other in self.codes and code in self.codes[other]
        ]
        columns, places = [column for column, _ in given], [place for _, place in given]
        differing = (self.made[:, columns] != np.array(places, dtype=np.int64)).sum(1)
        alike = self.counts * np.exp(-LIKENESS / len(names) * (differing - differing.min()))
        shares = np.bincount(self.made[:, names.index(name)], alike, len(self.codes[name]))[list(open_)]
        return np.asarray(shares / max(float(shares.sum()), 1e-300))


def learn(made: Sequence[Sequence[str]], codes: Mapping[str, Sequence[str]], seed: int = 0) -> Predictor:
    """Learn from configurations: each holds a code for every choice, in the order of `codes`."""
    table, counts = np.unique(_places(made, codes), axis=0, return_counts=True)
    sizes = [len(each) for each in codes.values()]
    lesson = _Lesson(table, sizes, counts.astype(np.float64) ** REPEATS, np.random.default_rng(seed))
    return Predictor(codes, *lesson.learned(), table, counts.astype(np.float64) ** ALIKE_REPEATS)


def _places(made: Sequence[Sequence[str]], codes: Mapping[str, Sequence[str]]) -> np.ndarray:
    place = [{code: number for number, code in enumerate(each)} for each in codes.values()]
    return np.array([[place[i][code] for i, code in enumerate(row)] for row in made], dtype=np.int64)


class _Lesson:
    """One training: Adam (Kingma and Ba, 2015), each time with another part of the configurations hidden."""

    def __init__(
        self, table: np.ndarray, sizes: Sequence[int], counts: Floats, random: np.random.Generator
    ) -> None:
        self._random = random
        self._first = np.concatenate([[0], np.cumsum(sizes)])
        self._choice_of = np.repeat(np.arange(len(sizes)), sizes)
        self._made = np.zeros((len(table), self._first[-1]), dtype=np.float32)
        np.put_along_axis(self._made, table + self._first[:-1], 1.0, axis=1)
        self._share = counts / counts.sum()

    def learned(self) -> tuple[Floats, Floats]:
        """The start and the weights of a predictor."""
        columns = self._made.shape[1]
        start = np.log(self._share @ self._made + 1e-4)
        both = np.vstack([start, np.zeros((columns, columns))])
        mean, square = np.zeros_like(both), np.zeros_like(both)
        for step in range(1, STEPS + 1):
            slope = self._slope(both)
            slope[1:] += DECAY * both[1:]
            mean += 0.1 * (slope - mean)
            square += 0.001 * (slope**2 - square)
            rate = RATE * min(1.0, step / 100) * 0.5 * (1 + np.cos(np.pi * step / STEPS))
            both -= rate * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
        return both[0], both[1:]

    def _slope(self, both: Floats) -> Floats:
        """How the hidden codes of one batch would have been told better."""
        made = self._made[self._random.choice(len(self._made), BATCH, p=self._share)]
        known = self._random.random((BATCH, len(self._first) - 1)) < self._random.random((BATCH, 1))
        seen = made * known[:, self._choice_of]
        wrong = (self._chances(seen @ both[1:] + both[0]) - made) * ~known[:, self._choice_of] / BATCH
        return np.vstack([wrong.sum(0), seen.T @ wrong])

    def _chances(self, values: Floats) -> Floats:
        """Softmax over the codes of each choice."""
        starts = self._first[:-1]
        powers = np.exp(values - np.maximum.reduceat(values, starts, axis=1)[:, self._choice_of])
        return np.asarray(powers / np.add.reduceat(powers, starts, axis=1)[:, self._choice_of])

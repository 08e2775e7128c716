"""Wishes that don't fit together: the fewest to give up, and those the customer cares least about.

FastDiag: Felfernig, Schubert and Zehentner, *An efficient diagnosis algorithm for inconsistent constraint
sets*, AI EDAM 26 (2012). It halves the list of wishes instead of trying every subset.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class Fitting(Protocol):
    """Who can tell whether wishes fit together."""

    def fits(self, literals: Sequence[int], /) -> bool:
        """Whether something can be made that meets all of these."""
        ...


class NothingFits(ValueError):
    """Nothing can be made even when every wish is given up: what must be kept clashes by itself."""


def to_give_up(fitting: Fitting, wishes: Sequence[int], keep: Sequence[int] = ()) -> tuple[int, ...]:
    """The wishes to give up so that the rest fits, in the order in which they were made.

    `wishes` come in the order of how much the customer cares, most first; the set is minimal (none of it
    could be kept), and a more important wish is given up only where the less important ones don't help.
    `keep` is never given up. Raises NothingFits when that alone doesn't fit.
    """
    if fitting.fits([*keep, *wishes]):
        return ()
    if not fitting.fits(keep):
        raise NothingFits
    given_up = _Diagnosis(fitting, tuple(wishes), tuple(keep)).of([], list(reversed(wishes)), frozenset())
    return tuple(wish for wish in wishes if wish in given_up)


class _Diagnosis:
    """One search among the wishes."""

    def __init__(self, fitting: Fitting, wishes: tuple[int, ...], keep: tuple[int, ...]) -> None:
        self._fitting = fitting
        self._wishes = wishes
        self._keep = keep

    def of(self, dropped: Sequence[int], among: list[int], left_out: frozenset[int]) -> list[int]:
        """What to give up of `among`, the least important first, with `left_out` given up already."""
        if dropped and self._fits_without(left_out):
            return []
        if len(among) == 1:
            return among
        half = len(among) // 2
        lesser, greater = among[:half], among[half:]
        of_greater = self.of(lesser, greater, left_out | frozenset(lesser))
        of_lesser = self.of(of_greater, lesser, left_out | frozenset(of_greater))
        return of_greater + of_lesser

    def _fits_without(self, left_out: frozenset[int]) -> bool:
        kept = [wish for wish in self._wishes if wish not in left_out]
        return self._fitting.fits([*self._keep, *kept])

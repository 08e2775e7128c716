"""Ask, or propose now? Whichever is expected to find what the customer wants sooner.

What they want is one of many things, each with its chance; things are told apart by properties. A move is a
question about one property or a proposal of a few things. Which is better is found by looking one move ahead
and judging what is left by a bound: in the rounds left, some can go to questions, of which each lets a
proposal reach a few more of the likeliest things, and the rest to proposals (approximate dynamic programming
by rollout; Bertsekas & Castañón, *Journal of Heuristics* 5, 1999). One move costs some milliseconds, however
many properties there are.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from one_to_one.catalogue import Flags, Floats, Rows

REACH = {True: 0.6, False: 0.3}
"""By how many halvings of what is possible a later question helps: when a "no" counts, and when not."""

HASTE = 0.2
"""How much less finding it is worth for each round that it takes."""

WEIGHED = 12
"""So many properties are weighed: those that come nearest to parting the chances in halves."""

TINY = 1e-9


@dataclass(frozen=True, slots=True)
class Search:
    """What it may still be, and what that is told apart by."""

    things: Rows  # what is still possible, the likeliest first
    chances: Floats  # of each, in that order; they need not sum to 1
    held: sparse.csr_array  # things, in that order × properties: 1 where it has the property
    open: Flags  # of each property: it wasn't asked about yet
    rounds: int  # how many moves are left
    batch: int = 10  # so many things are proposed at once
    heeds_no: bool = True  # whether things with a property that was denied are out

    @property
    def proposal(self) -> Rows:
        """What would be proposed now."""
        return self.things[: self.batch]

    def move(self) -> int | None:
        """The property to ask about; None: propose now."""
        if self.rounds < 2 or len(self.things) <= self.batch:
            return None
        best, chosen = self._proposing(), None
        members = sparse.csc_array(self.held)
        for asked in self._promising():
            value = self._asking(members.indices[members.indptr[asked] : members.indptr[asked + 1]])
            if value > best + TINY:
                best, chosen = value, asked
        return chosen

    def told(self, asked: int, yes: bool) -> Search:
        """The search once they answered."""
        still = self.open.copy()
        still[asked] = False
        after = replace(self, open=still, rounds=self.rounds - 1)
        if not yes and not self.heeds_no:
            return after
        has = np.zeros(len(self.things), dtype=bool)
        column = self.held[:, [asked]].tocoo()
        has[column.coords[0]] = True
        return after._kept(np.flatnonzero(has == yes))

    def turned_down(self) -> Search:
        """The search once nothing of the proposal was it."""
        return replace(self, rounds=self.rounds - 1)._kept(np.arange(self.batch, len(self.things)))

    def _kept(self, places: Rows) -> Search:
        return replace(self, things=self.things[places], chances=self.chances[places], held=self.held[places])

    def _promising(self) -> list[int]:
        """The open properties that part the chances best."""
        share = np.asarray(self.held.T @ self.chances) / self.chances.sum()
        parting = np.where(self.open, np.minimum(share, 1.0 - share), 0.0)
        count = min(WEIGHED, len(parting))
        nearest = np.argpartition(-parting, count - 1)[:count]
        return sorted((int(p) for p in nearest if parting[p] > TINY), key=lambda p: (-parting[p], p))

    def _proposing(self) -> float:
        """What proposing now is worth."""
        found = float(self.chances[: self.batch].sum())
        return found + (1.0 - HASTE) * self._worth(self.chances[self.batch :])

    def _asking(self, having: Rows) -> float:
        """What asking is worth, given the places of the things that have the property."""
        others = self.chances.copy()
        others[having] = 0.0
        denied = np.delete(self.chances, having) if self.heeds_no else others
        return (1.0 - HASTE) * (self._worth(self.chances[having]) + self._worth(denied))

    def _worth(self, chances: Floats) -> float:
        """What the rounds after this one are worth with these chances, the likeliest first."""
        if not chances.size:
            return 0.0
        ends, shares, plans = _plans(self.rounds - 1, self.batch, REACH[self.heeds_no])
        mass = np.cumsum(chances)[np.minimum(ends, len(chances) - 1)]
        return float(np.add.reduceat(mass * shares, plans).max())


def search(
    chances: Floats, held: sparse.csr_array, rounds: int, *, batch: int = 10, heeds_no: bool = True
) -> Search:
    """A search among all things with a chance above 0."""
    order = np.argsort(-chances, kind="stable")
    things = order[: int(np.count_nonzero(chances > 0))]
    open_ = np.ones(held.shape[1], dtype=bool)
    return Search(things, chances[things], held[things], open_, rounds, batch, heeds_no)


@functools.cache
def _plans(rounds: int, batch: int, reach: float) -> tuple[Rows, Floats, Rows]:
    """For each number of questions that could come first: how far each proposal then gets, and its share.

    Returns how many of the likeliest things are reached after each proposal of each plan, what the chances
    up to there count, and where each plan begins.
    """
    ends: list[float] = []
    shares: list[float] = []
    plans: list[int] = []
    for questions in range(rounds):
        plans.append(len(ends))
        proposals = rounds - questions
        for number in range(1, proposals + 1):
            ends.append(min(batch * number * 2.0 ** (reach * questions), 1e9))
            now = (1.0 - HASTE) ** (questions + number - 1)
            shares.append(now * HASTE if number < proposals else now)
    return np.array(ends).astype(np.intp) - 1, np.array(shares), np.array(plans, dtype=np.intp)

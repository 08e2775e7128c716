"""How far reviewers agree beyond chance: Cohen's kappa for each pair, Krippendorff's alpha for all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations


@dataclass(frozen=True, slots=True)
class Agreement:
    """How two reviewers judged the same messages."""

    one: str
    other: str
    messages: int  # that both judged
    same: int
    kappa: float | None  # 1: always the same, 0: as by chance; None: nothing to tell it by


type Views = Mapping[str, Hashable]
"""Reviewer to what they said of one message."""


def pairs(judged: Iterable[Views]) -> list[Agreement]:
    """Every pair of reviewers who judged a message both, by name."""
    together: dict[tuple[str, str], list[tuple[Hashable, Hashable]]] = {}
    for views in judged:
        for one, other in combinations(sorted(views), 2):
            together.setdefault((one, other), []).append((views[one], views[other]))
    return [
        Agreement(one, other, len(said), sum(a == b for a, b in said), kappa(said))
        for (one, other), said in sorted(together.items())
    ]


def kappa(said: Sequence[tuple[Hashable, Hashable]]) -> float | None:
    """Cohen's kappa (1960) of what two said of the same things.

    None where there is nothing, or where both always say one and the same, so that chance explains it all.
    """
    count = len(said)
    if not count:
        return None
    ones, others = Counter(a for a, _ in said), Counter(b for _, b in said)
    by_chance = sum(ones[view] * others[view] for view in ones) / count**2
    if by_chance == 1:
        return None
    return (sum(a == b for a, b in said) / count - by_chance) / (1 - by_chance)


def alpha(judged: Iterable[Views]) -> float | None:
    """Krippendorff's alpha for names (2004): any number of reviewers, each of any of the messages.

    None where no message was judged twice, or where all say one and the same of everything.
    """
    units = [Counter(views.values()) for views in judged if len(views) > 1]
    totals: Counter[Hashable] = Counter()
    differing = 0.0
    for unit in units:
        totals += unit
        size = unit.total()
        differing += sum(count * (size - count) for count in unit.values()) / (size - 1)
    everything = totals.total()
    if everything < 2:
        return None
    expected = sum(count * (everything - count) for count in totals.values()) / (everything - 1)
    return None if expected == 0 else 1 - differing / expected

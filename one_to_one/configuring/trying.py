"""Going through combinations from the best one down, without making them all (Lawler, 1972)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from heapq import heappop, heappush


def from_the_best(gains: Sequence[Sequence[float]]) -> Iterator[tuple[float, tuple[int, ...]]]:
    """Every combination of one item from each list, which are sorted, the most first; with its sum.

    The combination is the place of the item in each list.
    """
    total = sum(each[0] for each in gains)
    steps = sorted(
        ((each[0] - each[1], place) for place, each in enumerate(gains) if len(each) > 1), key=lambda s: s[0]
    )
    order = [place for _, place in steps]
    yield total, (0,) * len(gains)
    waiting: list[tuple[float, int, tuple[int, ...]]] = []
    if order:
        heappush(waiting, (steps[0][0], 0, _stepped((0,) * len(gains), order[0], 1)))
    while waiting:
        loss, last, places = heappop(waiting)
        yield total - loss, places
        here = order[last]
        if places[here] + 1 < len(gains[here]):
            more = gains[here][places[here]] - gains[here][places[here] + 1]
            heappush(waiting, (loss + more, last, _stepped(places, here, 1)))
        if last + 1 < len(order):
            after = _stepped(places, order[last + 1], 1)
            heappush(waiting, (loss + steps[last + 1][0], last + 1, after))
            if places[here] == 1:
                shifted = loss + steps[last + 1][0] - steps[last][0]
                heappush(waiting, (shifted, last + 1, _stepped(after, here, -1)))


def _stepped(places: tuple[int, ...], at: int, by: int) -> tuple[int, ...]:
    return (*places[:at], places[at] + by, *places[at + 1 :])

"""Limits on how often somebody may ask, kept in memory by each process."""

from __future__ import annotations

import math
from collections import OrderedDict, deque
from collections.abc import Callable
from datetime import datetime, timedelta

from channels.refusals import TooFast

WINDOW = timedelta(minutes=1)
KNOWN_AT_ONCE = 20_000
"""How many callers are remembered; the one seen longest ago is forgotten first."""


class Limit:
    """At most `per_minute` in any minute for each caller."""

    def __init__(self, per_minute: int, clock: Callable[[], datetime]) -> None:
        self._per_minute = per_minute
        self._clock = clock
        self._seen: OrderedDict[str, deque[datetime]] = OrderedDict()

    def spend(self, caller: str) -> None:
        """Count one request. Raises TooFast, which says how many seconds to wait."""
        now = self._clock()
        times = self._times(caller)
        while times and now - times[0] >= WINDOW:
            times.popleft()
        if len(times) >= self._per_minute:
            raise TooFast(seconds=max(1, math.ceil((WINDOW - (now - times[0])).total_seconds())))
        times.append(now)

    def _times(self, caller: str) -> deque[datetime]:
        times = self._seen.setdefault(caller, deque())
        self._seen.move_to_end(caller)
        if len(self._seen) > KNOWN_AT_ONCE:
            self._seen.popitem(last=False)
        return times

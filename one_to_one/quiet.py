"""When nothing unasked is said."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from one_to_one.shop import Shop


def is_quiet(shop: Shop, now: datetime) -> bool:
    """Whether it is quiet time at the shop; from one hour to the same is never."""
    there = now.astimezone(ZoneInfo(shop.time_zone)).time()
    begins, ends = shop.quiet_from, shop.quiet_until
    if begins <= ends:
        return begins <= there < ends
    return there >= begins or there < ends

"""Whether a customer waits too long for a colleague."""

from __future__ import annotations

from datetime import datetime, timedelta

from one_to_one.quiet import is_quiet
from one_to_one.shop import Shop


def waited(shop: Shop, since: datetime, now: datetime) -> timedelta:
    """For how long somebody waits; only the hours count in which the shop is open, if it says which."""
    return now - since if shop.opening is None else shop.opening.open_between(since, now)


def is_overdue(shop: Shop, since: datetime, now: datetime) -> bool:
    """Whether they wait longer than the shop's term, and may be told so now.

    A shop without hours is quiet in its quiet hours, so nobody is told then.
    """
    if shop.opening is None and is_quiet(shop, now):
        return False
    return waited(shop, since, now) >= shop.answer_within

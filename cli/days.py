"""Days as they are typed on the command line."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from one_to_one.errors import BadDate


def beginning_of(date: str, zone: ZoneInfo) -> datetime:
    """The beginning of a day in the shop's time zone, or the moment that is named. Raises BadDate."""
    try:
        found = datetime.fromisoformat(date)
    except ValueError:
        raise BadDate(date=date) from None
    return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)

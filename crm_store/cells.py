"""Reading the cells of tables from outside: numbers, amounts and times, or a reason why not."""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from crm_store.refusals import Refused

THOUSANDS = re.compile(r"^-?\d{1,3}(,\d{3})+(\.\d+)?$")
DAY_FIRST = re.compile(r"^(\d{1,2})[./](\d{1,2})[./](\d{4})(.*)$")
YEAR_FIRST = re.compile(r"^(\d{4})[./](\d{1,2})[./](\d{1,2})(.*)$")


@lru_cache(maxsize=20_000)
def number(cell: str) -> Decimal:
    """A number, perhaps with commas between thousands. Raises Refused."""
    plain = cell.replace(",", "") if THOUSANDS.match(cell) else cell
    try:
        found = Decimal(plain)
    except InvalidOperation:
        raise Refused("not a number") from None
    if not found.is_finite():
        raise Refused("not a number")
    return found


@lru_cache(maxsize=20_000)
def moment(cell: str, zone: tzinfo) -> datetime:
    """A date or time, year first; in `zone` unless it names its own. Raises Refused."""
    if match := YEAR_FIRST.match(cell):
        year, month, day, rest = match.groups()
        cell = f"{year}-{month:0>2}-{day:0>2}{rest}"
    if DAY_FIRST.match(cell):
        raise Refused("date with the day or month first: which one it is can't be told")
    try:
        found = datetime.fromisoformat(cell)
    except ValueError:
        raise Refused("not a date") from None
    return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)

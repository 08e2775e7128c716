"""What a colleague looks for, as it stands in an address; and where the next page begins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from math import isfinite
from typing import Annotated
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from msgspec import Meta

from crm_store.logs import GUESSED, HARDLY, Sought

LONGEST = 200
"""Characters of one field that count."""

LARGEST_NUMBER = 2**63 - 1
"""Of a row: more isn't kept anywhere."""

type Number = Annotated[int, Meta(ge=0, le=LARGEST_NUMBER)]
"""A row's number in a form."""

BELOW = {"guess": GUESSED, "hardly": HARDLY}
NEWEST = "newest"
"""The order of what waits for a look in which the newest comes first, instead of what teaches most."""

FLAGS = ("lost", "complaint", "unreviewed")


@dataclass(frozen=True, slots=True)
class Seeking:
    """The form above the list."""

    fields: Mapping[str, str]  # as typed, those left empty left out

    @classmethod
    def of(cls, typed: Mapping[str, str]) -> Seeking:
        """What is in an address; fields of other names, and what is no text of ours, count for nothing."""
        known = ("q", "customer", "channel", "language", "since", "until", "intent", "below", "tag")
        fields = {
            name: typed.get(name, "").strip()[:LONGEST] for name in (*known, "reviewer", "order", *FLAGS)
        }
        clean = {name: value.replace("\0", "") for name, value in fields.items()}
        return cls({name: value for name, value in clean.items() if value})

    @property
    def by_teaching(self) -> bool:
        """Whether what waits for a look is listed, what teaches most first."""
        return "unreviewed" in self.fields and self.fields.get("order") != NEWEST

    def sought(self, zone: ZoneInfo) -> Sought:
        """What is to be found; days are those of the shop."""
        given = self.fields.get
        return Sought(
            words=given("q", ""),
            customer=given("customer", ""),
            channel=given("channel", ""),
            language=given("language", ""),
            since=_day(given("since", ""), zone, 0),
            until=_day(given("until", ""), zone, 1),
            intent=given("intent", ""),
            below=BELOW.get(given("below", "")),
            lost="lost" in self.fields,
            complaint="complaint" in self.fields,
            tag=given("tag", ""),
            reviewer=given("reviewer", ""),
            unreviewed="unreviewed" in self.fields,
        )

    def address(self, path: str, **more: str | int) -> str:
        """The list of this, as a link."""
        fields = urlencode({name: value for name, value in {**self.fields, **more}.items() if value != ""})
        return f"{path}?{fields}" if fields else path


def number_of(typed: str) -> int | None:
    """A row's number; None: it is none."""
    return int(typed) if typed.isascii() and typed.isdecimal() and int(typed) <= LARGEST_NUMBER else None


def moment_of(typed: str) -> tuple[datetime, int] | None:
    """When a visit ended and its number, as `written` puts it; None: it is neither."""
    at, _, number = typed.partition("_")
    known = number_of(number)
    try:
        moment = datetime.fromtimestamp(float(at), UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return None if known is None else (moment, known)


def written(at: datetime, number: int) -> str:
    """When a visit ended and its number, for an address."""
    return f"{at.timestamp():.6f}_{number}"


def place_of(typed: str) -> tuple[float, int] | None:
    """A score and a message's number, as `placed` puts them; None: it is neither."""
    score, _, number = typed.partition("_")
    known = number_of(number)
    try:
        worth = float(score)
    except ValueError:
        return None
    return None if known is None or not isfinite(worth) else (worth, known)


def placed(score: float, number: int) -> str:
    """A score and a message's number, for an address."""
    return f"{score!r}_{number}"


def _day(typed: str, zone: ZoneInfo, later: int) -> datetime | None:
    """The beginning of a day, or of the one after; None: no day is named."""
    try:
        day = date.fromisoformat(typed) + timedelta(days=later)
        return datetime.combine(day, time(), zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None

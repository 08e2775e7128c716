"""From what the bot extracted to what was heard."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from one_to_one.facts import Heard, Polarity
from one_to_one.occasions import settled
from one_to_one.shop import ShopPack

RECEIVER = "#receiver"
"""What the bot calls the words that say for whom something is wanted."""

_BREAK = re.compile(r"[，。！？；：,.!?;:\n]")


def told_in(entities: Sequence[Mapping[str, Any]]) -> tuple[list[Mapping[str, Any]], str, str]:
    """The preferences among the entities; for whom something is wanted, as a person's code or ""; and how
    they are called, or "".

    A word that only says that it is a present ("a gift for") is no preference of anybody's.
    """
    receivers = [one for one in entities if one.get("entity") == RECEIVER]
    told = [one for one in entities if one.get("entity") != RECEIVER]
    if not receivers:
        return told, "", ""
    who = str(receivers[0].get("who") or receivers[0]["value"])
    called = next((str(one["value"]) for one in receivers if one["value"] != one.get("who")), "")
    return [one for one in told if not any(map(_overlaps(one), receivers))], who, called


def _overlaps(one: Mapping[str, Any]) -> Callable[[Mapping[str, Any]], bool]:
    return lambda other: bool(one.get("start", 0) < other["end"] and other["start"] < one.get("end", 0))


def heard_in(
    entities: Iterable[Mapping[str, Any]],
    text: str,
    pack: ShopPack,
    *,
    about: str = "self",
    at: datetime | None = None,
) -> tuple[Heard, ...]:
    """The preferences among the entities, each with the words it was read from; `about`: whose they are.

    Dates such as "next Friday" are counted from the day of the message, `at`, in the shop's time zone.
    """
    on = at.astimezone(ZoneInfo(pack.shop.time_zone)).date() if at else None
    return tuple(
        _heard(entity, text, on)
        for entity in entities
        if entity.get("entity") in pack.topics and entity.get("about", "self") == about
    )


def _heard(entity: Mapping[str, Any], text: str, on: date | None) -> Heard:
    value = str(entity["value"])
    return Heard(
        topic=str(entity["entity"]),
        value=value if on is None else settled(value, on),
        polarity=Polarity(entity.get("polarity") or Polarity.LIKES),
        confidence=float(entity.get("confidence_entity") or 1.0),
        words=clause(text, int(entity.get("start", 0)), int(entity.get("end", 0))),
        lasting=entity.get("lasting", True) is not False,
        ends=entity.get("ends") is True,
        relative=_direction(entity.get("relative")),
        who=entity.get("who") or None,
    )


def _direction(relative: object) -> int:
    """More is 1 and less is -1, however the bot writes them."""
    return (relative > 0) - (relative < 0) if isinstance(relative, int | float) else 0


def rest_of(entities: Iterable[Mapping[str, Any]], text: str) -> str:
    """The text with every span that was read as a preference blanked."""
    for entity in entities:
        start, end = int(entity.get("start", 0)), int(entity.get("end", 0))
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def clause(text: str, start: int, end: int) -> str:
    """The words around a span, up to the next punctuation on either side."""
    before, after = _BREAK.split(text[:start])[-1], _BREAK.split(text[end:])[0]
    return f"{before}{text[start:end]}{after}".strip()

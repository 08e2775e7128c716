"""Sent to another country? Where the shop doesn't deliver, that is said at once, and written down."""

from __future__ import annotations

import re

from actions import checkout, unmet
from actions.naming import values_in
from actions.turn import Turn
from one_to_one.countries import country_in
from one_to_one.details_said import address_in
from one_to_one.folding import fold
from one_to_one.standing import stands
from one_to_one.wording import LOCALES

NEAR = 12
"""So many characters around the name of a country may hold the word for sending."""


async def take(turn: Turn) -> bool:
    """Say that it can't be sent to the country that the message names; False: it is about something else."""
    home = turn.pack.shop.checkout.country
    if not home or turn.message.payload is not None:
        return False
    place = _addressed(turn, home) if checkout.names_details(turn) else _place(turn, home)
    if place is None:
        return False
    turn.action, turn.may_ask = "action_delivery", False
    called = _as_said(turn, place)
    await unmet.record(turn, thing=turn.text("abroad.thing", place=called))
    turn.say("abroad.only_here", country=country_called(turn), place=called)
    return True


def country_called(turn: Turn) -> str:
    """What the shop's own country is called; "": it has none."""
    home = turn.pack.shop.checkout.country
    if not home:
        return ""
    if home in turn.texts.under(turn.language, "abroad.names"):
        return turn.texts.say(turn.language, f"abroad.names.{home}")
    return str(LOCALES[turn.language].territories.get(home, home))


def _place(turn: Turn, home: str) -> str | None:
    """The place abroad that something shall be sent to, folded."""
    if not turn.mentions("abroad.sending_words"):
        return None
    said = fold(turn.said)
    away = next((word for word in turn.texts.words("abroad.overseas_words") if stands(said, word)), None)
    if away is not None:
        return away
    found = country_in(turn.said, _also(turn))
    if found is None or found[0] == home or not _is_sent_to(turn, said, found[1]):
        return None
    return found[1]


def _addressed(turn: Turn, home: str) -> str | None:
    """The place abroad of a typed address, folded: behind the street, or before it in Chinese."""
    signs, also = checkout.signs_of(turn), _also(turn)
    street, *towns = fold(address_in(turn.said, signs) or "").split(",")
    for town in reversed(towns):
        if (found := country_in(town, also)) is not None:
            return None if found[0] == home else found[1]
    found = country_in(street, also)
    if found is None or found[0] == home or not street.startswith(found[1]) or found[1].isascii():
        return None
    return None if street.removeprefix(found[1]).startswith(tuple(signs.streets)) else found[1]


def _also(turn: Turn) -> dict[str, tuple[str, ...]]:
    """Names that people say for short, by the country's code."""
    codes = turn.texts.under(turn.language, "abroad.names")
    return {code: turn.texts.words(f"abroad.names.{code}") for code in codes}


def _is_sent_to(turn: Turn, said: str, name: str) -> bool:
    """Whether it goes there: the word for sending is near; what comes from there is told apart by a "to"."""
    at = said.find(name)
    before, after = said[max(0, at - NEAR) : at], said[at + len(name) : at + len(name) + NEAR]
    if any(re.search(pattern, before) for pattern in turn.texts.words("abroad.towards_words")):
        return True
    if values_in(turn.pack, name):
        return False  # they want what comes from there
    return any(stands(before, word) or stands(after, word) for word in _sending(turn))


def _sending(turn: Turn) -> tuple[str, ...]:
    return turn.texts.words("abroad.sending_words")


def _as_said(turn: Turn, name: str) -> str:
    """The place in the customer's own script and spelling."""
    place = fold(turn.said).find(name)
    return turn.said[place : place + len(name)] if place >= 0 else name

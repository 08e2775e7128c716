"""What is named of the shop's own topics and isn't there: a value it hasn't, a size that isn't made."""

from __future__ import annotations

import re
from collections.abc import Iterator

from actions import altering, naming, proposing, reading_changes, remembering, unmet
from actions.laying_out import ways_on
from actions.naming import products_named
from actions.turn import FALLBACK, Turn
from one_to_one.facts import Polarity
from one_to_one.folding import fold
from one_to_one.numerals import numeral_at
from one_to_one.rules import NONE
from one_to_one.shop import Module
from one_to_one.standing import stands

WISHING = frozenset(
    {"catalogue", "propose", "inform", "choose", "change", "affirm", "deny", "chitchat", "praise", FALLBACK}
)
"""Intents whose message may wish for what isn't there."""

_LABEL = re.compile(r"(\d+(?:\.\d+)?)\s*(\D+)")


async def take(turn: Turn) -> bool:
    """Say that what is named isn't to be had, and go on with the rest of the wish; False: nothing such is."""
    if turn.message.payload is not None or turn.intent not in WISHING or turn.complained:
        return False
    if (thing := _other_named(turn)) is not None:
        told = turn.text("unmet.none_of", thing=thing)
    elif (size := _size_named(turn)) is not None:
        module, thing = size
        told = turn.text("unmet.no_size", thing=thing, options=_options(turn, module))
    else:
        return await _tell_sizes(turn)
    await unmet.record(turn, thing=thing)
    turn.action, turn.may_ask = "action_propose", False
    likes = [one for one in turn.stated if one.polarity is Polarity.LIKES]
    await remembering.remember(turn)
    turn.add(told, turn.buttons("propose"))
    if likes and turn.waits_for("order") is None:
        turn.replies.pop()
        turn.add(told)
        await proposing.propose(turn)
        turn.may_ask = False
    return True


def _other_named(turn: Turn) -> str | None:
    """What the pack says that it hasn't, as it was typed; None: nothing of the kind is wished for."""
    said = fold(turn.said)
    others = (topic.others for topic in turn.pack.topics.values())
    words = {fold(word) for listed in others for several in listed.values() for word in several}
    named = [word for word in words if stands(said, word) and not _turned_down(turn, said, word)]
    if not named or products_named(turn):
        return None
    longest = max(named, key=len)
    place = said.find(longest)
    return turn.said[place : place + len(longest)]


def _turned_down(turn: Turn, said: str, word: str) -> bool:
    return said.partition(word)[0].endswith(turn.answers.negations)


def _sizes(turn: Turn) -> list[Module]:
    """What products can be had in different sizes of."""
    return [
        module for name, module in turn.pack.modules.items()
        if name in turn.pack.topics and altering.is_size(turn, name)
    ]  # fmt: skip


def _size_named(turn: Turn) -> tuple[Module, str] | None:
    """A size that isn't made, as it was typed; None: none is named."""
    if turn.waits_for("order") or turn.mentions("pieces.words.habit"):
        return None
    for module in _sizes(turn):
        labels = {
            tuple(map(str.strip, found.groups()))
            for option in module.options.values()
            for label in option.label.values()
            if (found := _LABEL.fullmatch(fold(label)))
        }
        if any(one.topic == module.topic for one in turn.heard):
            continue
        for number, unit, typed in _measured(turn, {unit for _, unit in labels}):
            if (number, unit) not in labels:
                return module, typed
    return None


def _measured(turn: Turn, units: set[str]) -> Iterator[tuple[str, str, str]]:
    """Every number with one of these units behind it: the number, the unit, and both as they were typed."""
    said, place = fold(turn.said), 0
    while place < len(said):
        numeral = numeral_at(said, place, turn.answers.numerals)
        if numeral is None:
            place += 1
            continue
        behind = said[numeral.end :].lstrip()
        unit = max((one for one in units if behind.startswith(one)), key=len, default="")
        end = said.index(unit, numeral.end) + len(unit) if unit else numeral.end
        if unit and re.match(r"[a-z]", said[end:]) is None:
            yield f"{numeral.high.normalize():f}", unit, turn.said[place:end]
        place = max(end, place + 1)


def _options(turn: Turn, module: Module) -> str:
    codes = [code for code in module.options if code != NONE]
    return turn.words.listed(naming.label_of(turn, module.topic, code) for code in codes)


async def _tell_sizes(turn: Turn) -> bool:
    """Answer which sizes there are ("do they come in a bigger bag?"); False: that isn't asked."""
    asks = turn.asks or turn.mentions("unmet.comes_in_words")
    if turn.heard or turn.waits_for("order") or not asks:
        return False
    named = [module for module in _sizes(turn) if reading_changes.names_module(turn, module)]
    if len(named) != 1:
        return False
    table = turn.waits_for("proposal")
    proposal = await turn.books.proposals.get(int(table["ref"]), turn.customer.id) if table else None
    ways = ways_on(turn, proposal) if proposal is not None else turn.buttons("propose")
    turn.say("unmet.comes_in", ways, module=named[0].label[turn.language], options=_options(turn, named[0]))
    turn.action, turn.may_ask = "action_catalogue", False
    return True

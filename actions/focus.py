"""A bare answer is read against what the shop waits for, before anything else is thought of."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from actions import (
    approving,
    asking,
    checkout,
    comparing,
    confirming,
    consenting,
    detailing,
    early,
    feedback,
    measuring,
    memory,
    needing,
    ordering,
    pausing,
    picking,
    proposing,
    refilling,
    renewing,
    same_again,
    several,
    starting_over,
    stepping,
    turning_down,
    unmet,
    way_taken,
    ways_out,
    wondering,
)
from actions.naming_topics import topics_named
from actions.turn import FALLBACK, Focus, Turn
from actions.verdicts import is_upset
from actions.whose import LOOKING
from one_to_one.answers import read_yes_no
from one_to_one.consent import Purpose
from one_to_one.folding import fold
from one_to_one.standing import stands

type Reader = Callable[[Turn, Focus], Awaitable[bool]]

READERS: Mapping[str, Reader] = {
    "question": asking.take,
    "still": renewing.take,
    "usual": same_again.take,
    "proposal": proposing.take,
    "thing": unmet.take,
    "order": ordering.take,
    "rating": feedback.take,
    "consent": consenting.take,
    "refill": refilling.read,
    "detail": detailing.take,
    needing.FOCUS: measuring.take,
    "restart": starting_over.undo,
    comparing.FOCUS: comparing.read,
    ways_out.FOCUS: way_taken.take,
    "steps": stepping.read,
    "forgetall": memory.take_forget_all,
    "correct": memory.take_correction,
    "contradiction": confirming.take,
    wondering.FOCUS: wondering.take,
    approving.FOCUS: approving.take,
}

OWN_HAND = ("allow", "export", "forget", "know_me", "pause", "privacy", "withdraw")
"""Intents by which the customer decides about what is known of them."""

PLAIN = frozenset({*OWN_HAND, "complain", "delivery", "help", "hours", "human", "language", "order_status"})
"""Intents that, once the bot is sure of them, are never an answer to something else."""

MAY_PAUSE = frozenset({"decline", "deny", "forget", "inform", "chitchat", "human", "complain", FALLBACK})
"""What "don't ask about my budget" is taken for when the bot isn't sure of it."""

CERTAIN = 0.75
"""From this confidence on an intent is taken for what it is, whatever the shop waits for."""


async def take(turn: Turn) -> bool:
    """Let whatever is waited for read the message, the newest first; False: nobody took it."""
    if pausing.means_all(turn):
        turn.action = "action_pause"
        await pausing.pause(turn)
        return True
    if _is_plain(turn) and not await _picks_for_another(turn):
        return False
    if turn.intent in MAY_PAUSE and topics_named(turn) and await pausing.pause_if_meant(turn):
        turn.action = "action_pause"
        return True
    if await confirming.take_unasked(turn):
        turn.action = "answer_contradiction"
        return True
    for focus in await _in_order(turn):
        reader = READERS.get(focus["kind"])
        if reader is not None and await reader(turn, focus):
            turn.action = f"answer_{focus['kind']}"
            return True
    return False


def _is_plain(turn: Turn) -> bool:
    """Whether the message can't be an answer to anything."""
    rating = turn.waits_for("rating") is not None
    if rating and turn.intent == "complain":
        return False
    if turn.for_another or is_upset(turn):
        return not rating
    if turn.intent == "complain" and turn.waits_for("proposal") and turning_down.reason_in(turn):
        return False  # too much of something in what was shown is no complaint about what was had
    if turn.intent == "forget" and turn.waits_for(ways_out.FOCUS) is not None and not memory.means_all(turn):
        return False  # "forget that one": of a wish that doesn't fit, not of what is known
    if turn.intent not in PLAIN or turn.confidence < CERTAIN or turn.asks_why:
        return False
    waits = turn.waits_for("order") or turn.waits_for("proposal")
    if waits is not None and (turn.intent == "delivery" or checkout.names_details(turn)):
        return False  # how or where it shall come, or be paid
    return turn.waits_for("consent") is None or not _answers_consent(turn)


async def _picks_for_another(turn: Turn) -> bool:
    """Whether they pick from the table for somebody else, or by their taste, or have it made up so."""
    table = turn.waits_for("proposal")
    if table is None or not turn.for_another:
        return False
    aims = await picking.aims_at(turn, table) or await several.aims_at(turn, table)
    if turn.receiver and turn.intent not in LOOKING and aims:
        return True
    return picking.changes_options(turn) or bool(table.get("other") and aims)


def _answers_consent(turn: Turn) -> bool:
    """Whether they only want one thing kept or not, which is an answer to the question of consent."""
    if turn.intent == "withdraw":
        return not turn.mentions("privacy.words.private") and not _means_another_purpose(turn)
    return turn.intent == "allow" or (turn.intent == "forget" and not memory.means_all(turn))


def _means_another_purpose(turn: Turn) -> bool:
    """Whether they take back what isn't asked; to keep a sensitive topic is to remember."""
    waiting = turn.waits_for("consent")
    ref = waiting["ref"] if waiting is not None else ""
    asked = ref if ref in list(Purpose) else Purpose.REMEMBERING
    named = [purpose for purpose in Purpose if turn.mentions(f"privacy.words.{purpose}")]
    return bool(named) and asked not in named


async def _in_order(turn: Turn) -> list[Focus]:
    """The newest first; but what points at the products on the table goes before the question after them."""
    layers = turn.layers()
    table = turn.waits_for("proposal")
    if table is None or table is layers[0] or not await _is_for_table(turn, table, layers[0]):
        return layers
    return [table, *(focus for focus in layers if focus is not table)]


async def _is_for_table(turn: Turn, table: Focus, newest: Focus) -> bool:
    """Whether it is about what is on the table: "the second one", "two bags", "all of them in ..."."""
    if newest["ref"] in {one.topic for one in turn.stated} and turn.mentions("asking.about_asking"):
        return False  # "to that question just now: ..." points at the question
    aims = await picking.aims_at(turn, table) or await several.aims_at(turn, table)
    if aims or early.said(turn) or picking.wants_more_of_all(turn):
        return True
    topics = {one.topic for one in (*turn.heard, *turn.theirs)}
    short = picking.short_option(turn)
    if (short or picking.changes_options(turn)) and newest["ref"] not in {*topics, *short}:
        return True
    return newest["kind"] == "question" and _agrees_to_either(turn)


def _agrees_to_either(turn: Turn) -> bool:
    """Whether a bare yes follows a question of this or that, which it doesn't answer."""
    if read_yes_no(turn.said, turn.answers) is not True or not turn.before:
        return False
    asked = fold(turn.before[-1].text)
    return any(stands(asked, word) for word in turn.texts.words("asking.either_words"))

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
    starting_over,
    stepping,
    unmet,
    way_taken,
    ways_out,
)
from actions.naming_topics import topics_named
from actions.turn import FALLBACK, Focus, Turn
from actions.verdicts import is_upset
from one_to_one.consent import Purpose

type Reader = Callable[[Turn, Focus], Awaitable[bool]]

READERS: Mapping[str, Reader] = {
    "question": asking.take,
    "still": renewing.take,
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
    if turn.intent not in PLAIN or turn.confidence < CERTAIN or turn.asks_why:
        return False
    if turn.waits_for("order") is not None and (turn.intent == "delivery" or checkout.names_details(turn)):
        return False  # how or where it shall come, or be paid
    return turn.waits_for("consent") is None or not _answers_consent(turn)


async def _picks_for_another(turn: Turn) -> bool:
    """Whether somebody else's taste is named to pick from what is on the table for them."""
    table = turn.waits_for("proposal")
    if table is None or not (turn.for_another and table.get("other")):
        return False
    return await picking.picked_from(turn, table) is not None


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
    """The newest first; but "the second one" means the products on the table, not the question after them."""
    layers = turn.layers()
    table = turn.waits_for("proposal")
    if table is None or table is layers[0] or await picking.picked_from(turn, table) is None:
        return layers
    return [table, *(focus for focus in layers if focus is not table)]

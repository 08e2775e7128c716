"""Guesses about a customer, written down as guesses; and taken back when they turn out wrong."""

from __future__ import annotations

from collections.abc import Sequence

from actions import past
from actions.turn import Turn
from one_to_one.facts import Heard, MessageId, Source
from one_to_one.inferring import CROWD, ORDERED, from_crowd, from_orders, outdated
from one_to_one.preferences import weigh


async def after_order(turn: Turn) -> None:
    """Let go of what the order goes against, and suppose what the last orders have in common."""
    if not (turn.consents.remembers and turn.consents.personal):
        return
    turn.past = None
    history = await past.ordered(turn)
    if not history:
        return
    last = max(history, key=lambda one: (one.at, one.line))
    for fact in outdated(turn.pack, last, turn.known):
        await turn.books.facts.end(fact, turn.now)
        turn.facts.remove(fact)
    await suppose(turn, from_orders(turn.pack, history, turn.facts), ORDERED)
    await from_similar(turn)


async def from_similar(turn: Turn) -> None:
    """Suppose what nearly everybody answers who likes the same."""
    if turn.crowd is not None and turn.consents.remembers and turn.consents.personal:
        await suppose(turn, from_crowd(turn.pack, turn.crowd, turn.known), CROWD)


async def suppose(turn: Turn, guesses: Sequence[Heard], channel: str) -> None:
    """Write guesses down, never against what was said."""
    for one in weigh(guesses, turn.facts, turn.pack, stated=False).learn:
        source = Source(MessageId(turn.message.id), channel, turn.now)
        fact = await turn.books.facts.learn(
            turn.customer.id, one, at=turn.now, source=source, contact=turn.contact.id, stated=False
        )
        turn.facts.append(fact)

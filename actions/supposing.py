"""Guesses about a customer, written down as guesses; and taken back when they turn out wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from actions import past
from actions.turn import Turn
from one_to_one.facts import Heard, MessageId, Source
from one_to_one.inferring import CROWD, ORDERED, from_crowd, from_orders, outdated, unrefused
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
    guesses = from_orders(turn.pack, history, turn.facts)

    def again(at: datetime) -> list[Heard]:
        return from_orders(turn.pack, [one for one in history if one.at > at], turn.facts)

    await suppose(turn, guesses, again, ORDERED)
    await from_similar(turn)


async def from_similar(turn: Turn) -> None:
    """Suppose what nearly everybody answers who likes the same."""
    crowd = turn.crowd
    if crowd is None or not (turn.consents.remembers and turn.consents.personal):
        return

    def again(at: datetime) -> list[Heard]:
        return from_crowd(turn.pack, crowd, [fact for fact in turn.known if fact.source.at > at])

    await suppose(turn, from_crowd(turn.pack, crowd, turn.known), again, CROWD)


async def suppose(
    turn: Turn, guesses: Sequence[Heard], again: Callable[[datetime], Iterable[Heard]], channel: str
) -> None:
    """Write guesses down, never against what was said, nor again what was found wrong.

    `again` gives the guesses that rest only on what came after a moment: a guess that was found wrong may be
    made again when it is among those.
    """
    refused = await turn.books.facts.refused(turn.customer.id) if guesses else {}
    right = unrefused(guesses, refused, again)
    for one in weigh(right, turn.facts, turn.pack, stated=False).learn:
        source = Source(MessageId(turn.message.id), channel, turn.now)
        fact = await turn.books.facts.learn(
            turn.customer.id, one, at=turn.now, source=source, contact=turn.contact.id, stated=False
        )
        turn.facts.append(fact)

"""The non-personalised mode: no profile is kept; what is said counts until the contact ends."""

from __future__ import annotations

from collections.abc import Sequence

from actions.turn import Turn
from crm_store import forgetting
from one_to_one.facts import Fact, Heard, MessageId, Source


async def enter(turn: Turn) -> None:
    """From now on nothing is kept, and what was kept is deleted. This contact's words count to its end."""
    said_now = [fact for fact in turn.known if _is_of_this_contact(turn, fact)]
    waiting = turn.customer.focus
    count = len(turn.facts)
    await forgetting.forget(turn.books, turn.customer.id, turn.message.id, turn.now)
    turn.customer.focus = waiting if waiting and waiting["kind"] == "order" else None
    turn.facts = []
    await _say_again(turn, said_now)
    key = "consenting.remembering.off" if count else "consenting.remembering.off_empty"
    turn.say(key, turn.buttons("propose", "privacy"), count=count)


async def only_for_now(turn: Turn, facts: Sequence[Fact]) -> None:
    """What was kept of these is deleted; what was said of it in this contact counts to its end."""
    for fact in facts:
        await turn.books.facts.retract(fact, turn.now)
    turn.facts = [fact for fact in turn.facts if fact not in facts]
    await _say_again(turn, [fact for fact in facts if _is_of_this_contact(turn, fact)])


def _is_of_this_contact(turn: Turn, fact: Fact) -> bool:
    return fact.stated and fact.source.at >= turn.contact.started_at


async def _say_again(turn: Turn, facts: Sequence[Fact]) -> None:
    source = Source(MessageId(turn.message.id), turn.message.channel, turn.now)
    for fact in facts:
        heard = Heard(fact.topic, fact.value, fact.polarity, fact.confidence, fact.words)
        again = await turn.books.facts.learn(
            turn.customer.id,
            heard,
            at=turn.now,
            source=source,
            contact=turn.contact.id,
            provisional=True,
        )
        turn.facts.append(again)


async def leave_nothing(turn: Turn) -> None:
    """At the start of a new contact of somebody private: the last one leaves no trace."""
    await forgetting.forget(turn.books, turn.customer.id, turn.message.id, turn.now, "bot")
    turn.facts = []
    turn.customer.focus = None

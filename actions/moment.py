"""Whether this is a moment to ask anything, whatever the question."""

from __future__ import annotations

from actions import people
from actions.hurrying import in_hurry
from actions.pausing import wants_none
from actions.turn import Turn
from one_to_one.ledger import budget


async def fits(turn: Turn) -> bool:
    """Whether a question may be put now: nothing else is being handled, and nobody wants none."""
    if _busy(turn) or in_hurry(turn) is not None:
        return False
    ledger = await turn.books.questions.ledger(turn.customer.id)
    return not wants_none(turn.pack, ledger) and not await people.is_owed(turn)


def _busy(turn: Turn) -> bool:
    """Whether a question would be one too many, or come while something else is being handled."""
    if turn.contact.questions_spent >= budget(turn.pack.shop) or turn.passing.quiet:
        return True
    if turn.customer.person_wanted_at is not None or turn.complained:
        return True
    if turn.passing.pieces or turn.passing.details:
        return True  # an order is in the making, though nothing was picked yet
    return any(focus["kind"] != "proposal" for focus in turn.layers())

"""What a customer decided about a purpose: written down with the words they were shown, and in the audit."""

from __future__ import annotations

from actions.turn import Turn
from one_to_one.consent import Consents, State


async def record(turn: Turn, purpose: str, state: State, words: str) -> None:
    """Keep a decision, for us and for the audit."""
    await turn.books.consents.record(turn.customer.id, purpose, state.value, words, turn.now, turn.message.id)
    await turn.books.audit.record(
        "customer", "consent", turn.customer.id, turn.now, purpose=purpose, state=state.value
    )
    turn.consents = Consents(turn.consents.ground, {**turn.consents.states, purpose: state})

"""Whether the customer of this turn is in a hurry."""

from __future__ import annotations

from collections.abc import Iterable

from actions.turn import Turn
from crm_store.models import MessageRow
from one_to_one.folding import fold
from one_to_one.hurry import Hurry, Line, hurry
from one_to_one.standing import stands
from one_to_one.texts import Texts


def in_hurry(turn: Turn) -> Hurry | None:
    """By what the messages of this contact show it, the one at hand included; None: they don't."""
    rows = [row for row in turn.before if row.contact_id == turn.contact.id]
    now = line_of(turn.texts, turn.message.text, turn.message.payload, turn.action or f"action_{turn.intent}")
    return hurry([*lines_of(turn.texts, rows), now])


def lines_of(texts: Texts, rows: Iterable[MessageRow]) -> list[Line]:
    """What the customer wrote and tapped, as the rule reads it."""
    return [
        line_of(texts, row.text, row.payload, row.action or "")
        for row in rows
        if row.direction == "in" and row.state == "answered"
    ]


def line_of(texts: Texts, text: str, payload: str | None, action: str) -> Line:
    """One message as the rule reads it."""
    typed = "" if payload is not None else text
    return Line(typed, action, _urges(texts, fold(typed)))


def _urges(texts: Texts, said: str) -> bool:
    """Whether it says that time is short, in any of our languages."""
    for word in texts.words("asking.no_hurry_words"):
        said = said.replace(word, " ")
    return any(stands(said, word) for word in texts.words("asking.hurry_words"))

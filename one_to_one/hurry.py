"""Whether a customer is in a hurry: then nothing is asked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

SHORT = 4
"""A message of at most so many Chinese characters, or half as many words in letters, is a short one."""

TERSE = 2
"""So many short messages, and no other, are those of somebody in a hurry."""

_HAN = re.compile("[\u3400-\u9fff]")
_WORD = re.compile(r"[^\W\d_\u3400-\u9fff]+(?:['’][^\W\d_]+)?")

POLITE = frozenset({"action_greet", "action_thanks", "action_goodbye", "action_affirm", "action_deny"})
"""Actions after which a message is short because it is polite, or a yes or no."""

USUAL = frozenset({"action_order_usual", "action_tap_usual"})
"""Actions by which the usual is ordered."""


class Hurry(StrEnum):
    """By what we see that a customer is in a hurry."""

    SAID = "they said so"
    USUAL = "they order the usual"
    SHORT = "all they write is short"


@dataclass(frozen=True, slots=True)
class Line:
    """One message of the customer in this contact."""

    text: str  # as typed; "" when a button was tapped
    action: str  # what was done about it
    urges: bool = False  # whether it says that time is short


def hurry(lines: Sequence[Line]) -> Hurry | None:
    """Whether, and by what, the customer seems to be in a hurry in this contact. None: they don't."""
    if any(line.urges for line in lines):
        return Hurry.SAID
    if any(line.action in USUAL for line in lines):
        return Hurry.USUAL
    told = [line.text for line in lines if line.text and _tells(line.action)]
    return Hurry.SHORT if len(told) >= TERSE and all(map(is_short, told)) else None


def _tells(action: str) -> bool:
    """Whether a message says something of its own, rather than answering us or being polite."""
    return action not in POLITE and not action.startswith("answer_")


def is_short(text: str) -> bool:
    """Whether a message is of a few characters or words; punctuation and numbers don't count."""
    return len(_HAN.findall(text)) + 2 * len(_WORD.findall(text)) <= SHORT

"""One thing read from a message, and how sure that is."""

from dataclasses import dataclass
from typing import Any, Dict, Optional

LIKES, DISLIKES, NEVER = "likes", "dislikes", "never"

SURE, BARE, TOO_MUCH, ROUNDABOUT, WISH = 0.9, 0.75, 0.7, 0.6, 0.5
"""Confidence: said outright; just named; "too ..."; by a double negation; a wish, a guess, a question.

What is at most a wish counts for the proposal at hand and is never stored as stated.
"""


@dataclass(frozen=True)
class Wish:
    """One value and how the speaker stands to it."""

    topic: str
    value: str
    polarity: str
    confidence: float
    start: int
    end: int
    other: bool = False  # somebody else's taste, not the speaker's
    who: Optional[str] = None  # whose, as the code of a person
    lasting: bool = True  # False: just today, this time, or for a gift
    ends: bool = False  # it was so and is no longer
    relative: int = 0  # 1 or -1: more or less of the value than before


def entity(wish: Wish) -> Dict[str, Any]:
    """A wish as it goes over the wire."""
    more = {
        "about": "other" if wish.other else None,
        "who": wish.who if wish.other else None,
        "lasting": None if wish.lasting else False,
        "ends": wish.ends or None,
        "relative": wish.relative or None,
    }
    return {
        "entity": wish.topic,
        "value": wish.value,
        "start": wish.start,
        "end": wish.end,
        "polarity": wish.polarity,
        "confidence_entity": wish.confidence,
        **{name: value for name, value in more.items() if value is not None},
    }

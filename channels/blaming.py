"""Saying in the log where an error happened without repeating what anybody said.

The text of an error may hold a message's words (a database error repeats its parameters), so only its kind
and the places it passed are written down.
"""

from __future__ import annotations

import traceback
from pathlib import Path

PLACES = 6
"""How many of the innermost places are named."""


def blame(error: BaseException) -> dict[str, str]:
    """The kind of an error and the places it passed, innermost last."""
    frames = traceback.extract_tb(error.__traceback__)[-PLACES:]
    places = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
    return {"cause": type(error).__name__, "places": " > ".join(places)}

"""What is wrong with a shop pack, and where."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing to mend."""

    file: str  # path below the pack's folder; "." for the folder itself
    line: int  # counted from 1
    text: str  # one sentence: what is wrong and, where it can be told, what to write instead


def nearest(name: str, known: Collection[str]) -> str:
    """The end of a sentence about an unknown name: the known one it resembles most, else all there are."""
    close = get_close_matches(name.lower(), known, n=1, cutoff=0.6)
    if close:
        return f"Did you mean `{close[0]}`?"
    return f"Known: {', '.join(sorted(known)[:_SHOWN])}." if known else "None are known here."


_SHOWN = 12

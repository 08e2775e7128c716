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
    """The end of a sentence about an unknown name: the known one it resembles most, else all there are.

    Of more than can be read nothing is told: the sentence before it holds an example.
    """
    by_letters = {one.lower(): one for one in sorted(known)}
    wanted = name.lower()
    close = get_close_matches(wanted, by_letters, n=1, cutoff=0.9 if name.isupper() else 0.6)
    close = close or [one for one in by_letters if len(name) > _TELLING and one.endswith(wanted)]
    if close:
        return f"Did you mean `{by_letters[close[0]]}`?"
    if not known:
        return "None are known here."
    return f"Known: {', '.join(sorted(known))}." if len(known) <= _READ else ""


_READ = 40
"""More names than this nobody reads."""

_TELLING = 3
"""The end of a name tells something from so many letters on."""

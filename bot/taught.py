"""Sentences whose facts colleagues have told: they are read as told, whatever the words seem to say."""

import json
from typing import Any, Dict, Iterable, List, Optional

from bot.wish import SURE, Wish
from one_to_one.folding import fold

TABLE = "#taught"
"""The lookup table of such sentences, each a line of JSON: "text" and "facts" (cli/examples.py)."""


class Taught:
    """What was taught, by sentence. Capitals, scripts, spaces and punctuation make no difference."""

    def __init__(self, lines: Iterable[str]) -> None:
        told = [json.loads(line) for line in lines]
        self._facts = {_key(fold(each["text"])): each["facts"] for each in told}

    def read(self, folded: str) -> Optional[List[Wish]]:
        """The facts of a sentence that was taught; None: it wasn't."""
        facts = self._facts.get(_key(folded)) if self._facts else None
        return None if facts is None else [_wish(fact, folded) for fact in facts]


def _key(folded: str) -> str:
    return "".join(sign for sign in folded if sign.isalnum())


def _wish(fact: Dict[str, Any], folded: str) -> Wish:
    words = fold(fact["words"])
    start = max(0, folded.find(words))
    end = start + len(words) if folded.startswith(words, start) else len(folded)
    rest = {name: fact[name] for name in ("other", "who", "lasting", "ends", "relative")}
    return Wish(fact["topic"], fact["value"], fact["polarity"], SURE, start, end, **rest)

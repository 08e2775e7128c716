"""Reading a message: tastes, amounts and names, by the lookup tables of a shop.

`python -m bot.reading TABLES` reads lines of standard input, each a JSON string, and answers each with its
entities, on a line of JSON.
"""

import json
import sys
from pathlib import Path
from typing import Any, Dict, Iterable, List

from bot.amounts import read_amounts, read_names
from bot.phrases import Phrases
from bot.stance import Wish, read_wishes
from one_to_one.folding import fold

LISTS = ("#sensitive", "#money", "#called")
"""Tables of topic names instead of words: topics that need consent, amounts of money, the speaker's name."""


class Reading:
    """What can be read from a message with a set of lookup tables."""

    def __init__(self, tables: Dict[str, List[str]]) -> None:
        self._lists = {name: tables.get(name, []) for name in LISTS}
        words = {name: list(entries) for name, entries in tables.items() if name not in LISTS}
        words["#ill"] = self._words_of_illness(words)
        words.setdefault("#budget", []).extend(
            _containing(words.get("#currency", ()), words.get("#budget", ()))
        )
        self._phrases = Phrases(words)

    def _words_of_illness(self, tables: Dict[str, List[str]]) -> List[str]:
        """Words of sensitive values that say themselves that something is avoided ("lactose intolerant")."""
        sensitive = tuple(topic + "=" for topic in self._lists["#sensitive"])
        words = [word for name in tables if sensitive and name.startswith(sensitive) for word in tables[name]]
        return _containing(words, tables.get("#allergy", []) + tables.get("#free", []))

    def read(self, text: str) -> List[Wish]:
        """All tastes, amounts and names that are stated, in order; of one value the last word counts."""
        folded = fold(text)
        found = self._phrases.find(folded)
        wishes = [
            *read_wishes(folded, found, self._lists["#sensitive"]),
            *read_amounts(folded, found, self._lists["#money"]),
            *read_names(text, folded, found, self._lists["#called"]),
        ]
        latest = {(wish.topic, wish.value, wish.other): wish for wish in wishes}
        return sorted(latest.values(), key=lambda wish: (wish.start, wish.topic))


def entity(wish: Wish) -> Dict[str, Any]:
    """A wish as it goes over the wire."""
    return {
        "entity": wish.topic,
        "value": wish.value,
        "start": wish.start,
        "end": wish.end,
        "polarity": wish.polarity,
        "confidence_entity": wish.confidence,
        **({"about": "other"} if wish.other else {}),
    }


def _containing(words: Iterable[str], parts: Iterable[str]) -> List[str]:
    """The words that have one of the parts in them."""
    inside = Phrases({"part": list(parts)})
    return [word for word in words if inside.find(fold(word))]


def main(tables: Path) -> None:
    """Read lines until the end of input."""
    reading = Reading(json.loads(tables.read_text(encoding="utf-8")))
    for line in sys.stdin:
        entities = [entity(wish) for wish in reading.read(json.loads(line))]
        print(json.dumps(entities, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))

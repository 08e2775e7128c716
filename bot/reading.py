"""Reading a message: tastes, amounts and names, by the lookup tables of a shop.

`python -m bot.reading TABLES` reads lines of standard input, each a JSON string, and answers each with its
entities, on a line of JSON.
"""

import json
import sys
from pathlib import Path
from typing import Dict, Iterable, List

from bot.amounts import PER_DAY, read_amounts
from bot.echo import echoed
from bot.manner import PERSON
from bot.names import read_names
from bot.people import read_household, read_occasions, read_pastimes
from bot.phrases import Phrases
from bot.receiver import given_to, names_of, read_receivers
from bot.rhythm import read_rhythm
from bot.signs import SIGN, signs_of
from bot.stance import Topics, read_wishes
from bot.taught import TABLE, Taught
from bot.wish import Wish, entity
from one_to_one.folding import fold

LISTS = ("#sensitive", "#money", "#called", "#scales", "#rhythms", "#occasions", "#household", "#pastimes")
"""Tables of topic names instead of words: the topics that are read in a way of their own."""

NO_WORDS = (*LISTS, TABLE)

LONGEST = 1000
"""Characters that are read of a message."""


class Reading:
    """What can be read from a message with a set of lookup tables."""

    def __init__(self, tables: Dict[str, List[str]]) -> None:
        self._taught = Taught(tables.get(TABLE, ()))
        self._lists = {name: tables.get(name, []) for name in LISTS}
        words = {name: list(entries) for name, entries in tables.items() if name not in NO_WORDS}
        self._signs = signs_of(words)
        self._per_day = [name[: -len("#unit")] for name in words if name.endswith(f"{PER_DAY}#unit")]
        words = {name: [*entries, *_possessives(name, entries)] for name, entries in words.items()}
        words["#ill"] = self._words_of_illness(words)
        words.update(given_to(words))
        self._names = names_of(words)
        words.setdefault("#budget", []).extend(
            _containing(words.get("#currency", ()), words.get("#budget", ()))
        )
        self._phrases = Phrases(
            {name: entries for name, entries in words.items() if not name.startswith(SIGN)}
        )

    def _words_of_illness(self, tables: Dict[str, List[str]]) -> List[str]:
        """Words of sensitive values that say themselves that something is avoided ("intolerant of …")."""
        sensitive = tuple(topic + "=" for topic in self._lists["#sensitive"])
        words = [word for name in tables if sensitive and name.startswith(sensitive) for word in tables[name]]
        return _containing(words, tables.get("#allergy", []) + tables.get("#free", []))

    def read(self, text: str) -> List[Wish]:
        """Everything that is stated, in order; of one value the last word counts."""
        text = text[:LONGEST]
        folded = fold(text)
        told = self._taught.read(folded)
        if told is not None:
            return told
        found = echoed(self._phrases.find(folded))
        signs, lists = self._signs, self._lists
        wishes = [
            *read_wishes(folded, found, Topics(lists["#sensitive"], lists["#scales"], signs)),
            *read_amounts(folded, found, signs, lists["#money"], self._per_day),
            *read_rhythm(folded, found, signs, lists["#rhythms"]),
            *list(read_names(text, folded, found, lists["#called"]))[-1:],
            *read_occasions(folded, found, signs, lists["#occasions"]),
            *read_household(folded, found, signs, lists["#household"]),
            *read_pastimes(folded, found, lists["#pastimes"]),
        ]
        latest = {(wish.topic, wish.value, wish.other, wish.ends): wish for wish in wishes}
        told_of = [*latest.values(), *read_receivers(text, folded, found, self._names)]
        return sorted(told_of, key=lambda wish: (wish.start, wish.topic))


def _possessives(table: str, entries: Iterable[str]) -> List[str]:
    """ "My daughter's" is said of my daughter."""
    return [f"{word}'s" for word in entries if word.isascii()] if table.startswith(PERSON) else []


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

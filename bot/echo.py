"""Short words that name a value only beside another of the same topic: "dark no, light yes"."""

from typing import List, Sequence

from bot.phrases import SHORT, Found


def echoed(found: Sequence[Found]) -> List[Found]:
    """The phrases, with short words taken for values where their topic is talked about, else left out."""
    topics = {_topic(table) for phrase in found for table in phrase.tables if table[0].isalpha()}
    kept = (Found(each.start, each.end, _meant(each, topics)) for each in found)
    return [each for each in kept if each.tables]


def _meant(phrase: Found, topics: "set[str]") -> "frozenset[str]":
    full = {table for table in phrase.tables if not table.startswith(SHORT)}
    if any("=" in table and table[0].isalpha() for table in full):
        return frozenset(full)
    short = (table[len(SHORT) :] for table in phrase.tables if table.startswith(SHORT))
    return frozenset(full | {table for table in short if _topic(table) in topics})


def _topic(table: str) -> str:
    return table.partition("=")[0]

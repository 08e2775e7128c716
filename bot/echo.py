"""Short words that name a value only where their topic is talked about: "dark no, light yes"."""

from typing import FrozenSet, List, Optional, Sequence

from bot.phrases import NAMED, SHORT, Found

_NEAR = 4  # characters between the name of a topic and a word of one character


def echoed(found: Sequence[Found]) -> List[Found]:
    """The phrases, with short words taken for values where their topic is talked about, else left out."""
    topics = frozenset(_topic(table) for phrase in found for table in phrase.tables if _names(table))
    kept = []
    before: Optional[Found] = None
    for phrase in found:
        since = bool(kept) and kept[-1].has("#now")
        each = Found(phrase.start, phrase.end, _meant(phrase, before, topics, since))
        before = phrase if phrase.has_any(NAMED) else before
        if each.tables:
            kept.append(each)
    return kept


def _names(table: str) -> bool:
    return table[0].isalpha() or table.startswith(NAMED)


def _meant(phrase: Found, named: Optional[Found], topics: FrozenSet[str], since: bool) -> FrozenSet[str]:
    """What a phrase means; `since`: right behind a "now", where a no is a value ("… once, now none")."""
    full = frozenset(table for table in phrase.tables if not table.startswith(SHORT))
    meant = frozenset(table[len(SHORT) :] for table in phrase.tables if _topic(table[len(SHORT) :]) in topics)
    if full and not (since and meant and "#not" in full):
        return full
    if phrase.end - phrase.start > 1:
        return meant
    beside = named.tables if named and phrase.start - named.end <= _NEAR else frozenset()
    return frozenset(table for table in meant if NAMED + _topic(table) in beside)


def _topic(table: str) -> str:
    return table.partition("=")[0].lstrip(NAMED)

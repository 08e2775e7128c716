"""Finding the words of the lookup tables in a message: spaCy's matcher over folded words."""

import re
from typing import Dict, Iterable, Iterator, List, NamedTuple, Optional, Set

import spacy
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc

from bot.words import cut
from one_to_one.folding import fold


class Found(NamedTuple):
    """Words of one or more tables, and where they are in the text."""

    start: int  # characters
    end: int
    tables: frozenset

    def has(self, *tables: str) -> bool:
        """Whether the words are of one of these tables."""
        return not self.tables.isdisjoint(tables)

    def has_any(self, mark: str) -> bool:
        """Whether the words are of a table whose name begins so."""
        return any(table.startswith(mark) for table in self.tables)

    def code(self, kind: str) -> Optional[str]:
        """What the words name of a kind: "#person" and the table "#person=mother" give "mother"."""
        prefix = kind + "="
        return next((table[len(prefix) :] for table in self.tables if table.startswith(prefix)), None)


SHORT = "~"
"""Before the name of a table of short words: "~size=big"."""

NAMED = "@"
"""Before the name of a table of words that name a topic: "@size"."""

OF_NAMES = frozenset({"#not_a_name", "#name_ends", "#nick", "#title"})
"""What matters behind an introduction only."""

_HYPHEN = re.compile(r"[-‐‑–]")
_DECORATION = re.compile("[\ufe00-\ufe0f\u200d\U0001f3fb-\U0001f3ff]+$")
"""What colours an emoji, or joins it to the next, without changing what it shows."""


class Phrases:
    """All lookup tables in one matcher; where two phrases overlap, the longer one is meant."""

    def __init__(self, tables: Dict[str, List[str]]) -> None:
        self._nlp = spacy.blank("xx")
        self._matcher = PhraseMatcher(self._nlp.vocab)
        for table, phrases in tables.items():
            self._matcher.add(table, [self._doc(text) for text in _spellings(phrases)])

    def find(self, folded: str) -> List[Found]:
        """What a folded text contains, in order, without overlaps."""
        spans = cut(folded)
        tables: Dict[tuple, Set[str]] = {}
        for key, first, last in self._matcher(self._doc(folded)):
            place = (spans[first][0], spans[last - 1][1])
            tables.setdefault(place, set()).add(self._nlp.vocab.strings[key])
        found = (Found(start, end, frozenset(names)) for (start, end), names in tables.items())
        return sorted(_longest(found))

    def _doc(self, folded: str) -> Doc:
        words = (folded[start:end] for start, end in cut(folded))
        return Doc(self._nlp.vocab, [_plain(word) for word in words])


def _plain(word: str) -> str:
    return _DECORATION.sub("", word.replace("’", "'")) or word


def _spellings(phrases: Iterable[str]) -> Iterator[str]:
    """A phrase folded; with a hyphen, a space or nothing between its parts, with and without apostrophes."""
    seen = set()
    for phrase in map(fold, phrases):
        for text in (phrase, _HYPHEN.sub(" ", phrase), _HYPHEN.sub("", phrase), _hyphened(phrase)):
            for spelled in (text, text.replace("'", "")):
                if spelled.strip() and spelled not in seen:
                    seen.add(spelled)
                    yield spelled


def _hyphened(phrase: str) -> str:
    return re.sub(r"(?<=[a-z]) (?=[a-z])", "-", phrase)


def _longest(found: Iterable[Found]) -> Iterator[Found]:
    """Short words (see echo.py) only where nothing else stands, parts of names only where no word does."""
    taken: Set[int] = set()
    for phrase in sorted(found, key=lambda each: (_rank(each), each.start - each.end, each.start)):
        places = range(phrase.start, phrase.end)
        if taken.isdisjoint(places):
            taken.update(places)
            yield phrase


def _rank(phrase: Found) -> int:
    if phrase.tables <= OF_NAMES:
        return 2
    return int(all(table.startswith(SHORT) for table in phrase.tables))

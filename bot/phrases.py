"""Finding the words of the lookup tables in a message: spaCy's matcher over folded words."""

import re
from typing import Dict, Iterable, Iterator, List, NamedTuple, Set

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


_HYPHEN = re.compile(r"[-‐‑–]")


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
        return Doc(self._nlp.vocab, [folded[start:end] for start, end in cut(folded)])


def _spellings(phrases: Iterable[str]) -> Iterator[str]:
    """A phrase folded; with a hyphen, a space or nothing between its parts."""
    seen = set()
    for phrase in map(fold, phrases):
        for text in (phrase, _HYPHEN.sub(" ", phrase), _HYPHEN.sub("", phrase), _hyphened(phrase)):
            if text.strip() and text not in seen:
                seen.add(text)
                yield text


def _hyphened(phrase: str) -> str:
    return re.sub(r"(?<=[a-z]) (?=[a-z])", "-", phrase)


def _longest(found: Iterable[Found]) -> Iterator[Found]:
    taken: Set[int] = set()
    for phrase in sorted(found, key=lambda phrase: (phrase.start - phrase.end, phrase.start)):
        places = range(phrase.start, phrase.end)
        if taken.isdisjoint(places):
            taken.update(places)
            yield phrase

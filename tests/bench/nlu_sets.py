"""Data sets of labelled sentences in Rasa's markdown, as others have published them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

TRAIN, TEST = "train.md", "test.md"

_HEADING = re.compile(r"##\s*(\w+)\s*:\s*(.*)")
_ENTITY = re.compile(r"\[([^\]]+)\]\(([^)]+)\)")


@dataclass(frozen=True, slots=True)
class Span:
    """An entity: the characters from `start` to before `end` are of this type."""

    start: int
    end: int
    type: str


@dataclass(frozen=True, slots=True)
class Labelled:
    """One sentence, what it wants, and what is named in it."""

    text: str
    intent: str
    entities: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class LabelledSet:
    """Sentences to learn from, and others to be asked about."""

    name: str
    train: Sequence[Labelled]
    test: Sequence[Labelled]


def find_sets(folder: Path) -> list[LabelledSet]:
    """Every folder below with both files, by name; the name is the folder's."""
    found = sorted(path.parent for path in folder.rglob(TRAIN) if (path.parent / TEST).is_file())
    return [LabelledSet(each.name, read_markdown(each / TRAIN), read_markdown(each / TEST)) for each in found]


def read_markdown(path: Path) -> list[Labelled]:
    """The sentences below `## intent:` headings; other blocks (regex, synonym, lookup) are left out."""
    return list(_sentences(path.read_text(encoding="utf-8").splitlines()))


def _sentences(lines: Sequence[str]) -> Iterator[Labelled]:
    intent = ""
    for line in lines:
        heading = _HEADING.match(line)
        if heading:
            intent = heading[2].strip() if heading[1] == "intent" else ""
        elif intent and line.startswith(("- ", "* ")) and line[2:].strip():
            yield _labelled(line[2:].strip(), intent)


def _labelled(marked: str, intent: str) -> Labelled:
    text, spans, last = "", [], 0
    for match in _ENTITY.finditer(marked):
        text += marked[last : match.start()]
        spans.append(Span(len(text), len(text) + len(match[1]), match[2]))
        text += match[1]
        last = match.end()
    return Labelled(text + marked[last:], intent, tuple(spans))


def marked(sentence: Labelled) -> str:
    """The sentence with its entities marked, as Rasa reads it."""
    parts, last = [], 0
    for span in sentence.entities:
        parts += [sentence.text[last : span.start], f"[{sentence.text[span.start : span.end]}]({span.type})"]
        last = span.end
    return "".join([*parts, sentence.text[last:]])

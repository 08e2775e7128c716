"""Sentences that are never trained on, with what is to be understood.

`<language>.yml` holds rows `[text, intent, facts]`: intent is a name, or several of which any will do,
or [] where only the facts matter; facts may be left out. `parallel.yml` says the same in all languages,
with one list of facts. `known_failures.yml` holds rows per language that are still misread: a test says
when one should move.

A fact is written `topic=value polarity`, then what else holds of it: `other` and perhaps whose taste it
is (`other mother`), `passing` (just today, or for a gift), `ended` (holds no longer), `more` or `less`
(than before). A person that isn't written may be any. "a | b": either will do; "-": it may be left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from one_to_one.folding import SIMPLIFIED_FORMS

FOLDER = Path(__file__).parent
LANGUAGES = ("zh-Hant", "zh-Hans", "en")

_MAY_BE_LEFT_OUT = "-"


@dataclass(frozen=True)
class Sentence:
    """One held-out sentence and what is to be understood."""

    language: str
    text: str
    intents: tuple[str, ...]  # any of these; empty: only the facts matter
    facts: tuple[frozenset[str], ...]  # each with its alternatives


@dataclass(frozen=True)
class Score:
    """How the facts read compare with those wanted."""

    right: int
    missed: tuple[str, ...]
    invented: tuple[str, ...]

    @property
    def perfect(self) -> bool:
        return not self.missed and not self.invented


def held_out() -> list[Sentence]:
    """Every sentence of every language, the parallel ones included."""
    apart = [
        _sentence(language, *row) for language in LANGUAGES for row in _read(FOLDER / f"{language}.yml") or ()
    ]
    return [*apart, *(sentence for triple in parallel() for sentence in triple)]


def parallel() -> list[tuple[Sentence, ...]]:
    """The sentences that mean the same in every language."""
    rows = _read(FOLDER / "parallel.yml")
    return [
        tuple(
            _sentence(language, row[language], row.get("intent", ()), row.get("facts", ()))
            for language in LANGUAGES
        )
        for row in rows
    ]


def known_failures() -> list[Sentence]:
    """What is still misread."""
    rows = _read(FOLDER / "known_failures.yml") or {}
    return [_sentence(language, *row) for language, several in rows.items() for row in several]


def simplified(text: str) -> str:
    """The text in the form that both scripts fold to."""
    return "".join(SIMPLIFIED_FORMS.get(character, character) for character in text)


def facts_of(entities: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """What the bot read, written as in these files; for whom something is wanted is no fact."""
    return tuple(_written(each) for each in entities if not each["entity"].startswith("#"))


def compare(wanted: Sequence[frozenset[str]], read: Sequence[str]) -> Score:
    """Which wanted facts were read, which were not, and what was read beside them."""
    said = {simplified(fact): fact for fact in read}
    names = {form for fact in said for form in (fact, _of_somebody(fact))}
    alternatives = {simplified(one) for fact in wanted for one in fact}
    missed = [
        " | ".join(sorted(fact))
        for fact in wanted
        if _MAY_BE_LEFT_OUT not in fact and not {simplified(one) for one in fact} & names
    ]
    invented = [said[fact] for fact in said if not {fact, _of_somebody(fact)} & alternatives]
    return Score(len(said) - len(invented), tuple(missed), tuple(invented))


def _read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def _sentence(
    language: str, text: str, intent: str | Sequence[str] = (), facts: Sequence[str] = ()
) -> Sentence:
    intents = (intent,) if isinstance(intent, str) else tuple(intent)
    wanted = tuple(frozenset(each.strip() for each in fact.split("|")) for fact in facts)
    return Sentence(language, text, intents, wanted)


def _written(entity: Mapping[str, Any]) -> str:
    relative = {1: "more", -1: "less"}.get(entity.get("relative", 0), "")
    words = (
        f"{entity['entity']}={entity['value']}",
        entity["polarity"],
        entity.get("about", ""),
        entity.get("who", ""),
        "passing" if entity.get("lasting") is False else "",
        "ended" if entity.get("ends") else "",
        relative,
    )
    return " ".join(filter(None, words))


_MARKS = frozenset({"other", "passing", "ended", "more", "less", "likes", "dislikes", "never"})


def _of_somebody(fact: str) -> str:
    """The fact without the person whose taste it is."""
    head, *marks = fact.rsplit(" other ", 1)
    rest = [word for word in marks[0].split() if word in _MARKS] if marks else []
    return " ".join([f"{head} other", *rest]) if marks else fact

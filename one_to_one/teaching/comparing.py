"""Two models on what colleagues have reviewed: what gets better, and whether any conversation gets worse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reading:
    """What a model makes of a message."""

    intent: str
    facts: tuple[str, ...]  # in words, sorted (judging.meaning)


@dataclass(frozen=True, slots=True)
class Case:
    """A reviewed message, as it should be read and as both models read it."""

    conversation: int
    message: int
    language: str
    right: Reading
    old: Reading
    new: Reading

    @property
    def gained(self) -> tuple[str, ...]:
        """What the new model alone gets right: "intent", "facts"."""
        return _alone(self.right, self.new, self.old)

    @property
    def lost(self) -> tuple[str, ...]:
        """What the old model alone gets right."""
        return _alone(self.right, self.old, self.new)


def _alone(right: Reading, one: Reading, other: Reading) -> tuple[str, ...]:
    intent = one.intent == right.intent != other.intent
    facts = one.facts == right.facts != other.facts
    return ("intent",) * intent + ("facts",) * facts


@dataclass(frozen=True, slots=True)
class Row:
    """How many of so many messages each model reads right."""

    what: str  # "intent" or "facts"
    language: str | None  # None: all languages
    of: int
    old: int
    new: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Both models on all reviewed messages."""

    cases: Sequence[Case]

    @property
    def better(self) -> list[Case]:
        """Messages that the new model reads right where the old one didn't."""
        return [case for case in self.cases if case.gained]

    @property
    def worse(self) -> list[Case]:
        """Messages that were read right and no longer would be: one of them spoils its conversation.

        What else gets better in the same conversation doesn't make up for it.
        """
        return [case for case in self.cases if case.lost]

    @property
    def conversations_worse(self) -> list[int]:
        """The conversations with such a message."""
        return sorted({case.conversation for case in self.worse})

    def rows(self) -> list[Row]:
        """The figures, all languages first."""
        languages = [None, *sorted({case.language for case in self.cases})]
        return [self._row(what, language) for what in ("intent", "facts") for language in languages]

    def _row(self, what: str, language: str | None) -> Row:
        cases = [case for case in self.cases if language in (None, case.language)]

        def hits(which: str) -> int:
            return sum(getattr(getattr(case, which), what) == getattr(case.right, what) for case in cases)

        return Row(what, language, len(cases), hits("old"), hits("new"))

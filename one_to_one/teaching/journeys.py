"""From a conversation to a test that can be read: who said what, and what was to be understood."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from one_to_one.teaching.anonymising import anonymise
from one_to_one.teaching.examples import plain
from one_to_one.teaching.judging import FALLBACK, Verdict, written


@dataclass(frozen=True, slots=True)
class Turn:
    """What a customer did, and what colleagues say of it."""

    text: str  # what was typed, or the title of the button
    tapped: bool
    verdict: Verdict | None = None  # None: nobody has reviewed it, or the reviewers differ


def journey_of(
    shop: str, language: str, turns: Sequence[Turn], names: Collection[str], vocabulary: Collection[str]
) -> dict[str, Any]:
    """The conversation as a test keeps it, without personal data."""
    return {
        "shop": shop,
        "language": language,
        "turns": [_turn(turn, names, vocabulary) for turn in turns],
    }


def _turn(turn: Turn, names: Collection[str], vocabulary: Collection[str]) -> dict[str, Any]:
    hidden = anonymise(turn.text, names, vocabulary)
    told: dict[str, Any] = {"taps" if turn.tapped else "says": plain(hidden.text)}
    verdict = turn.verdict
    if turn.tapped or verdict is None or verdict.contested:
        return told
    if verdict.intent:
        told["intent"] = verdict.intent
    told["facts"] = sorted({hidden.of(written(fact)) for fact in verdict.facts})
    if verdict.reply:
        told["should_say"] = plain(anonymise(verdict.reply, names, vocabulary).text)
    if verdict.intent == FALLBACK:
        told["note"] = "rightly not understood"
    return told

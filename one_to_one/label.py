"""A message on a label: one line of plain text, whatever somebody typed."""

from __future__ import annotations

import unicodedata

HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode categories of what can't be printed, or turns the text around: controls, directions, surrogates."""

JOINER = "\u200d"
"""Holds emoji together; harmless between two characters that are printed."""


def harmless(words: str) -> str:
    """The words on one line, without what can't be printed and without blanks at the ends."""
    plain = "".join(_seen(character) for character in unicodedata.normalize("NFC", words))
    return " ".join(plain.split()).strip(JOINER).strip()


def _seen(character: str) -> str:
    if character.isspace():
        return " "
    hidden = unicodedata.category(character) in HIDDEN and character != JOINER
    return "" if hidden else character


def letters(words: str) -> int:
    """How long the words are on a label: combining marks take no room."""
    return sum(not unicodedata.combining(character) for character in words)

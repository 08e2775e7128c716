"""Names and numbers in part: what a masked colleague sees of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

DOTS = "•••"
KEPT_DIGITS = 3
MAILS = re.compile(r"[A-Za-z0-9_.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
NUMBERS = re.compile(
    r"(?<![A-Za-z0-9.])(?!(?:19|20)\d\d-\d\d-\d\d(?!\d))[+(]?\d(?:[\s().–-]?\d){5,}(?![A-Za-z0-9])"
)
"""Six digits and more, however they are grouped, dates apart: telephones, accounts, tax ids."""

LONG_CODES = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{1,3}\d{6,}(?![A-Za-z0-9])")
"""Identity cards, passports, tax ids with letters in front."""


@dataclass(frozen=True, slots=True)
class Mask:
    """What one colleague may see."""

    on: bool  # False: everything

    def name(self, name: str) -> str:
        """A name by its first character."""
        return f"{name[:1]}{DOTS}" if self.on and name else name

    def number(self, number: str) -> str:
        """A number, or another sign by which somebody is known, by its last characters."""
        if not self.on or not number:
            return number
        return f"{DOTS}{number[-KEPT_DIGITS:]}" if len(number) > 2 * KEPT_DIGITS else DOTS

    def words(self, words: str, names: Iterable[str] = ()) -> str:
        """What somebody said without addresses, numbers, and the names known of them."""
        if not self.on:
            return words
        for pattern in (MAILS, NUMBERS, LONG_CODES):
            words = pattern.sub(lambda found: self.number(found[0]), words)
        for name in sorted(filter(None, names), key=len, reverse=True):
            words = re.sub(re.escape(name), self.name(name), words, flags=re.IGNORECASE)
        return words

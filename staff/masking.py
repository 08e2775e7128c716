"""Names and numbers in part: what a masked colleague sees of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from staff.refusals import Refused

DOTS = "•••"
KEPT_DIGITS = 3
MAILS = re.compile(r"[A-Za-z0-9_.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
NUMBERS = re.compile(
    r"(?<![A-Za-z0-9.])(?!(?:19|20)\d\d-\d\d-\d\d(?!\d))[+(]?\d(?:[\s().–-]?\d){5,}(?![A-Za-z0-9])"
)
"""Six digits and more, however they are grouped, dates apart: telephones, accounts, tax ids."""

LONG_CODES = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{1,3}\d{6,}(?![A-Za-z0-9])")
"""Identity cards, passports, tax ids with letters in front."""


class OnlyInPart(Refused):
    """Something stands in part in what is to be sent or kept, and nobody knows what it is."""

    text = "refused.in_part"


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
        return self._hidden(words, names, {}) if self.on else words

    def whole(self, words: str, shown: Iterable[str], names: Iterable[str] = ()) -> str:
        """What was written by somebody who read `shown` in part, with what stands in part in it filled in.

        Raises OnlyInPart when that isn't known, or could be more than one thing.
        """
        if not self.on or DOTS not in words:
            return words
        names, meant = list(names), dict[str, set[str]]()
        if (same := {text for text in shown if self._hidden(text, names, meant) == words}) and len(same) == 1:
            return same.pop()
        parts = sorted(meant, key=len, reverse=True)
        if any(len(meant[part]) > 1 for part in parts if part in words):
            raise OnlyInPart()
        rest = re.sub("|".join(map(re.escape, parts)), "", words) if parts else words
        if DOTS[0] in rest:
            raise OnlyInPart()
        return re.sub("|".join(map(re.escape, parts)), lambda part: next(iter(meant[part[0]])), words)

    def _hidden(self, words: str, names: Iterable[str], meant: dict[str, set[str]]) -> str:
        """The words in part; what each part stands for is added to `meant`."""

        def part(shown: str, found: re.Match[str]) -> str:
            meant.setdefault(shown, set()).add(found[0])
            return shown

        for pattern in (MAILS, NUMBERS, LONG_CODES):
            words = pattern.sub(lambda found: part(self.number(found[0]), found), words)
        for name in sorted(filter(None, names), key=len, reverse=True):
            words = re.sub(re.escape(name), partial(part, self.name(name)), words, flags=re.IGNORECASE)
        return words

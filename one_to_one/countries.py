"""Which country a message names, in any of our languages: by the names that the world's locales give it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from babel import Locale

from one_to_one.folding import fold
from one_to_one.standing import stands

LOCALES = ("en", "zh_Hant", "zh_Hant_HK", "zh_Hans")
"""Chinese names differ between Taipei, Hong Kong and Beijing."""

LEAST_HAN, LEAST_LATIN = 2, 4
"""Characters that a name needs to say enough."""

_PARTS = re.compile(r"[()\uff08\uff09&]| - |\u2013| and ")


def country_in(text: str, also: Mapping[str, tuple[str, ...]]) -> tuple[str, str] | None:
    """The ISO 3166 code of the country that a text names, and the name in it, folded; None: it names none.

    `also` are further names of countries by their code, such as those that people say for short. The
    longest name counts.
    """
    said = fold(text)
    names = {**_official(), **{fold(name): code for code, listed in also.items() for name in listed}}
    found = [name for name in names if stands(said, name)]
    longest = max(found, key=len, default=None)
    return None if longest is None else (names[longest], longest)


@cache
def _official() -> Mapping[str, str]:
    return dict(_names())


def _names() -> Iterator[tuple[str, str]]:
    for locale in LOCALES:
        for code, name in Locale.parse(locale).territories.items():
            if len(code) == 2 and code.isalpha():
                yield from ((part, code) for part in _parts(fold(name)))


def _parts(name: str) -> Iterator[str]:
    """A name without what stands in brackets, and that alone: "Myanmar (Burma)"."""
    for part in map(str.strip, _PARTS.split(name)):
        if len(part) >= (LEAST_LATIN if part.isascii() else LEAST_HAN):
            yield part

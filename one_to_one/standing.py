"""Where a folded word stands in a folded text: one in letters only by itself, one in Chinese anywhere.

Looked for without regular expressions: a message is compared with thousands of words, and `re` keeps only
some hundred patterns compiled.
"""

from __future__ import annotations

from collections.abc import Iterable
from string import ascii_lowercase, digits

LETTERS = frozenset(ascii_lowercase)
SIGNS = LETTERS | frozenset(digits)

type Span = tuple[int, int]


def stands(text: str, word: str, beside: frozenset[str] = LETTERS) -> bool:
    """Whether the word is there; one in letters must have none of `beside` before or behind it."""
    return word in text and bool(places(text, word, beside))  # nearly always it isn't


def places(text: str, word: str, beside: frozenset[str] = LETTERS) -> list[Span]:
    """Where the word is, from and to, none within another; an empty word is nowhere."""
    found, at = list[Span](), text.find(word) if word else -1
    while at >= 0:
        end = at + len(word)
        free = not word.isascii() or beside.isdisjoint((text[at - 1 : at], text[end : end + 1]))
        if free:
            found.append((at, end))
        at = text.find(word, end if free else at + 1)
    return found


def cut(text: str, words: Iterable[str], beside: frozenset[str] = LETTERS) -> str:
    """The text with a space in place of each of the words, the first of them first."""
    for word in words:
        for begin, end in reversed(places(text, word, beside)):
            text = f"{text[:begin]} {text[end:]}"
    return text

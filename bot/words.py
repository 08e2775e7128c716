"""Cutting a message into words: Latin words, numbers, and single Chinese characters, emoji and signs."""

import re
from typing import List, Tuple

_WORD = re.compile(
    r"[a-zà-ɏ]+(?:['’][a-z]+)*"  # a word of a Latin script, apostrophes included
    r"|[0-9]+(?:[.,][0-9]+)*"  # a number
    r"|\S[\ufe00-\ufe0f\u200d\u20e3\U0001f3fb-\U0001f3ff]*",  # anything else, with what joins an emoji
)

Span = Tuple[int, int]


def cut(folded: str) -> List[Span]:
    """Where each word of a folded text begins and ends; white space belongs to none."""
    return [match.span() for match in _WORD.finditer(folded)]

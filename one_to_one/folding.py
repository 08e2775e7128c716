"""One form for understanding: Traditional and Simplified, full and half width, upper and lower case alike.

Runs on Python 3.10 too, because the bot imports it.
"""

from __future__ import annotations

import unicodedata
from pathlib import Path

TABLE = Path(__file__).resolve().parent.parent / "data" / "nlu" / "folding.tsv"
"""Traditional characters and their Simplified form, one to one, from OpenCC."""


def read_table(path: Path = TABLE) -> dict[str, str]:
    """The character table: Traditional or variant character to Simplified character."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t") for line in lines if line and not line.startswith("#"))


SIMPLIFIED_FORMS = read_table()
"""Traditional or variant character to its Simplified form; read once."""


class _Folding(dict[int, str]):
    """Remembers the folded form of every character met so far."""

    def __missing__(self, code: int) -> str:
        folded = _fold_character(chr(code))
        self[code] = folded
        return folded


_folding = _Folding()


def fold(text: str) -> str:
    """The text as the bot understands it; as long as `text`, so that positions in one hold in the other."""
    return text.translate(_folding)


def _fold_character(character: str) -> str:
    """Fold until nothing changes any more; a form that isn't one character is not taken."""
    folded = character
    for _ in range(4):
        before = folded
        folded = _one_to_one(folded, unicodedata.normalize("NFKC", folded))
        folded = SIMPLIFIED_FORMS.get(folded, folded)
        folded = _one_to_one(folded, folded.lower())
        if folded == before:
            break
    return folded


def _one_to_one(character: str, form: str) -> str:
    return form if len(form) == 1 else character

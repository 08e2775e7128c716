"""The languages Dripwise talks, and telling which one a message is in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import cache

from one_to_one.folding import SIMPLIFIED_FORMS


class Language(StrEnum):
    """A BCP 47 tag."""

    TRADITIONAL = "zh-Hant"
    SIMPLIFIED = "zh-Hans"
    ENGLISH = "en"


type Text = Mapping[Language, str]
"""One text for people, in every language."""

CHINESE = frozenset({Language.TRADITIONAL, Language.SIMPLIFIED})

_ADDRESS = re.compile(r"\S*(?:://|www\.|@)\S*")
_LATIN_WORD = re.compile(r"[A-Za-zÀ-ɏ]+(?:['’][A-Za-z]+)*")
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f]")
_BOPOMOFO = re.compile("[\u3105-\u312f]")
_COMMON_BIG5 = (0xA440, 0xC67E)  # the 5,401 characters in daily use in Taiwan
_WORDS_OF_A_SENTENCE = 3
_SMALL_WORD = re.compile(
    r"(?:a|about|all|also|am|an|and|any|are|as|at|be|been|but|by|can|could|did|do|does|doesn't|don't|for|from"
    r"|get|give|had|has|have|how|i|i'd|i'll|i'm|i've|if|in|is|isn't|it|it's|just|let|like|make|may|me|more"
    r"|most|my|need|no|not|of|on|one|or|our|please|she|so|some|something|tell|than|thank|thanks|that|that's"
    r"|the|their|them|then|there|these|they|this|to|too|us|use|want|was|we|were|what|what's|when|where|which"
    r"|who|why|will|with|without|would|you|you're|your)",
    re.IGNORECASE,
)
"""What an English sentence has and a name such as "Meridian Sunrise Special" hasn't."""


def detect(text: str, previous: Language | None) -> Language | None:
    """The language of a message; `previous` is the customer's language so far and wins when in doubt.

    A word or two of English don't end a Chinese conversation, nor does a quoted Chinese word an English one.
    None when the message gives no hint (digits, emoji) and nothing came before.
    """
    plain = _ADDRESS.sub(" ", text)
    han, words = _HAN.findall(plain), _LATIN_WORD.findall(plain)
    if _BOPOMOFO.search(plain):
        return Language.TRADITIONAL
    if han and not _quotes_han(plain, han, words, previous):
        return _script(han, previous)
    if not words or (previous in CHINESE and not _is_sentence(words)):
        return previous
    return Language.ENGLISH


def _is_sentence(words: list[str]) -> bool:
    small = any(_SMALL_WORD.fullmatch(word.replace("\u2019", "'")) for word in words)
    return small and len(words) >= _WORDS_OF_A_SENTENCE


def _quotes_han(text: str, han: list[str], words: list[str], previous: Language | None) -> bool:
    """Whether this is an English sentence with a Chinese word in it."""
    starts_latin = _LATIN_WORD.match(text.lstrip()) is not None
    long_enough = len(words) >= _WORDS_OF_A_SENTENCE and len(han) < 2 * len(words)
    return starts_latin and long_enough and previous not in CHINESE


def written_in(text: str) -> Language | None:
    """The script of Chinese that some of its characters belong to alone; None: none do, or both."""
    traditional, simplified = _counted(_HAN.findall(text))
    if bool(traditional) == bool(simplified):
        return None
    return Language.TRADITIONAL if traditional else Language.SIMPLIFIED


def foreign_to(language: Language, text: str) -> set[str]:
    """The characters that this language's script doesn't have."""
    is_foreign = _only_simplified if language is Language.TRADITIONAL else _only_traditional
    return {character for character in text if language in CHINESE and is_foreign(character)}


def _counted(han: list[str]) -> tuple[int, int]:
    return sum(map(_only_traditional, han)), sum(map(_only_simplified, han))


def _script(han: list[str], previous: Language | None) -> Language:
    traditional, simplified = _counted(han)
    if traditional != simplified:
        return Language.TRADITIONAL if traditional > simplified else Language.SIMPLIFIED
    return previous if previous in CHINESE and previous is not None else Language.TRADITIONAL


@cache
def _only_traditional(character: str) -> bool:
    return character in SIMPLIFIED_FORMS and not _encodable(character, "gb2312")


@cache
def _only_simplified(character: str) -> bool:
    low, high = _COMMON_BIG5
    if character not in _simplified_forms():
        return False
    return not (_encodable(character, "big5") and low <= int.from_bytes(character.encode("big5")) <= high)


@cache
def _simplified_forms() -> frozenset[str]:
    return frozenset(SIMPLIFIED_FORMS.values())


def _encodable(character: str, charset: str) -> bool:
    try:
        character.encode(charset)
    except UnicodeEncodeError:
        return False
    return True

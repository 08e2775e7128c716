"""Words of the customer's own, repeated in the script we answer in."""

from __future__ import annotations

from functools import cache

from opencc_pyo3 import OpenCC

from one_to_one.language import Language, written_in

PLANS = {Language.TRADITIONAL: "s2twp", Language.SIMPLIFIED: "tw2sp"}
"""OpenCC's conversions, with the words of the region."""


def in_script(words: str, language: Language) -> str:
    """The words as this language writes them; what is in no other script of Chinese stays as it is."""
    foreign = written_in(words)
    if language not in PLANS or foreign is None or foreign is language:
        return words
    return str(_converter(PLANS[language]).convert(words))


@cache
def _converter(plan: str) -> OpenCC:
    return OpenCC(plan)

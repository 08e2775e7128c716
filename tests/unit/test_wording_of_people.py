"""Occasions, the household and pastimes, as they are told back to the customer."""

from __future__ import annotations

import pytest

from one_to_one.language import Language
from one_to_one.pack import read_pack
from one_to_one.texts import Texts
from one_to_one.wording import Wording
from settings import ROOT

TRADITIONAL, SIMPLIFIED, ENGLISH = Language.TRADITIONAL, Language.SIMPLIFIED, Language.ENGLISH


@pytest.mark.parametrize(
    ("topic", "value", "language", "told"),
    [
        ("occasion", "birthday:daughter:--05-05", TRADITIONAL, "女兒的生日（5月5日）"),
        ("occasion", "birthday:daughter:--05-05", SIMPLIFIED, "女儿的生日（5月5日）"),
        ("occasion", "birthday:daughter:--05-05", ENGLISH, "daughter's birthday (May 5)"),
        ("occasion", "anniversary::--12", ENGLISH, "anniversary (December)"),
        ("occasion", "wedding:sister:", TRADITIONAL, "姊妹的婚禮"),
        ("occasion", "the day we met", ENGLISH, "the day we met"),
        ("household", "child:2", TRADITIONAL, "2 個孩子"),
        ("household", "child:2", ENGLISH, "2 children"),
        ("household", "cat", SIMPLIFIED, "猫"),
        ("household", "alone", ENGLISH, "living alone"),
        ("hobby", "hiking", TRADITIONAL, "爬山"),
        ("hobby", "growing bonsai", ENGLISH, "growing bonsai"),
    ],
)
def test_codes_are_told_in_the_customers_language(
    topic: str, value: str, language: Language, told: str
) -> None:
    pack = read_pack(ROOT / "data" / "shops" / "coffee")
    wording = Wording(Texts.read(ROOT / "data" / "texts"), pack, language)
    assert wording.value(topic, value) == told

"""Folding: one form of every character, in place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from one_to_one.folding import SIMPLIFIED_FORMS, fold


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("我不喝牛奶，也別太酸", "我不喝牛奶,也别太酸"),
        ("濃縮咖啡", "浓缩咖啡"),
        ("Ｄｒｉｐ　ＢＡＧ １２３", "drip bag 123"),
        ("著名的乾燥間", "着名的干燥间"),
        ("妳好😀", "你好😀"),
        ("", ""),
    ],
)
def test_scripts_widths_and_cases_become_one(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_both_scripts_fold_to_the_same_text() -> None:
    assert fold("請問衣索比亞的淺焙會酸嗎？") == fold("请问衣索比亚的浅焙会酸吗？")


@pytest.mark.parametrize("text", ["İstanbul", "ﷺ", "ß", "ﬁne", "½", "\ud800", "\x00", "👩‍🍳"])
def test_characters_without_a_form_of_one_character_keep_their_place(text: str) -> None:
    assert len(fold(text)) == len(text)


@given(st.text(st.characters() | st.sampled_from(sorted(SIMPLIFIED_FORMS))))
def test_folding_keeps_the_length_and_changes_nothing_the_second_time(text: str) -> None:
    once = fold(text)
    assert len(once) == len(text)
    assert fold(once) == once

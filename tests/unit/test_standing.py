"""Where words stand: letters by themselves, Chinese anywhere."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from one_to_one.standing import LETTERS, SIGNS, cut, places, stands

TEXTS = st.text("ab1 茶葉", max_size=12)
WORDS = st.text("ab茶 ", min_size=1, max_size=3)


@pytest.mark.parametrize(
    ("text", "word", "there"),
    [
        ("a tea, please", "tea", True),
        ("team spirit", "tea", False),
        ("steal tea", "tea", True),
        ("2tea", "tea", True),
        ("红茶叶", "茶", True),
        ("tea", "", False),
    ],
)
def test_a_word_in_letters_stands_alone_and_one_in_chinese_anywhere(
    text: str, word: str, there: bool
) -> None:
    assert stands(text, word) is there


def test_a_digit_beside_it_counts_when_asked() -> None:
    assert not stands("2tea", "tea", SIGNS)


def test_what_is_cut_leaves_a_space() -> None:
    assert cut("tea and steamed tea", ["tea"]).split() == ["and", "steamed"]


@given(TEXTS, WORDS)
def test_it_finds_what_a_regular_expression_would(text: str, word: str) -> None:
    pattern = rf"(?<![a-z]){re.escape(word)}(?![a-z])" if word.isascii() else re.escape(word)
    assert places(text, word, LETTERS) == [found.span() for found in re.finditer(pattern, text)]
    assert cut(text, [word]) == re.sub(pattern, " ", text)

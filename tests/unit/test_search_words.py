"""What messages are found by."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from one_to_one.search_words import found_in, query, search_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("我要退貨", "我要 要退 退货 货"),
        ("退货!", "退货 货"),
        ("Return it, PLEASE", "return it please"),
        ("ＡＢＣ拿鐵2杯", "abc 拿铁 铁 2 杯"),
        ("Café olé", "cafe ole"),
        ("!!! 🙂", ""),
        ("", ""),
        ("x" * 60, "x" * 40),
        ("snake_case", "snake case"),
    ],
)
def test_words_are_folded_and_chinese_is_taken_in_pairs(text: str, words: str) -> None:
    assert search_words(text) == words


def test_two_characters_are_one_pair_and_one_is_a_beginning() -> None:
    assert query("退貨").words == ("退货",)
    assert query("退").beginnings == ("退",)
    assert query("什麼時候") == query("什么时候")
    assert query("退貨單").lines == ("退货 货单",)
    assert query("🙂 ,").is_empty


MIXED = st.text(st.sampled_from("退貨退货单什么時候 ab,é🙂") | st.characters(), max_size=12)


@given(MIXED, MIXED, MIXED)
@example("我要", "退貨單", "return")
def test_a_message_is_found_by_any_part_of_it_that_is_typed(before: str, part: str, after: str) -> None:
    words = f" {search_words(f'{before} {part} {after}')} "
    asked = query(part)
    assert all(f" {word} " in words for word in asked.words)
    assert all(f" {word}" in words for word in asked.beginnings)
    assert all(line in words for line in asked.lines)


@given(st.text(max_size=40), st.text(max_size=10))
def test_what_is_marked_lies_inside_and_apart(text: str, typed: str) -> None:
    places = found_in(text, typed)
    assert all(0 <= start < end <= len(text) for start, end in places)
    assert all(one[1] <= other[0] for one, other in pairwise(places))


def test_both_scripts_are_marked_where_they_stand() -> None:
    assert found_in("我想退貨，退货！", "退货") == [(2, 4), (5, 7)]
    assert found_in("Returned goods, no return", "return") == [(0, 6), (19, 25)]
    assert found_in("overturn", "turn") == []
    assert found_in("a Café", "café") == found_in("a Café", "CAFE") == [(2, 6)]

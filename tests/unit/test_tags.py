"""Entities as tags of words, and back."""

from __future__ import annotations

from bot.tags import features, spans_of, tags_of
from bot.words import cut

TEXT = "wake me at nine am on friday"
MARKS = [(11, 18, "time"), (22, 28, "date")]


def test_entities_become_tags_and_tags_entities() -> None:
    spans = cut(TEXT)
    tags = tags_of(spans, MARKS)
    assert tags == ["O", "O", "O", "B-time", "I-time", "O", "B-date"]
    assert list(spans_of(spans, tags)) == MARKS


def test_two_entities_of_a_type_side_by_side_stay_two() -> None:
    spans = cut("milk sugar")
    assert list(spans_of(spans, ["B-extra", "B-extra"])) == [(0, 4, "extra"), (5, 10, "extra")]


def test_an_entity_that_never_began_begins_where_it_goes_on() -> None:
    spans = cut("at nine friday")
    assert list(spans_of(spans, ["O", "I-time", "I-date"])) == [(3, 7, "time"), (8, 14, "date")]


def test_a_word_cut_through_is_outside() -> None:
    assert tags_of(cut("tomorrow"), [(0, 2, "part")]) == ["O"]


def test_chinese_characters_are_words() -> None:
    spans = cut("查讯飞股票")
    assert list(spans_of(spans, tags_of(spans, [(1, 3, "name")]))) == [(1, 3, "name")]


def test_no_words_have_no_features() -> None:
    assert features("", [], "greet") == []


def test_neighbours_beyond_the_ends_are_none() -> None:
    assert {"-1 _", "-2 _", "+1 _", "+2 _", "0 hi", "intent greet"} <= set(
        features("hi", [(0, 2)], "greet")[0]
    )

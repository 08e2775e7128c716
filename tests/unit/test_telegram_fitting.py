"""Fitting texts and buttons into Telegram's limits."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from channels.telegram.fitting import TEXT_LIMIT, keyboard, length, parts
from channels.telegram.pacing import Pace


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=400), st.integers(2, 50))
def test_parts_fit_and_lose_nothing_but_space(text: str, limit: int) -> None:
    pieces = parts(text, limit)
    assert all(length(piece) <= limit for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


def test_a_text_that_fits_is_left_alone() -> None:
    assert parts(" a\n" + "b" * 4000) == [" a\n" + "b" * 4000]
    assert length("😀") == 2, "Telegram counts UTF-16 units"


def test_a_text_is_cut_where_a_line_ends() -> None:
    assert parts("a" * 4000 + "\n" + "b" * 200) == ["a" * 4000, "b" * 200]
    assert [length(piece) for piece in parts("長" * 5000)] == [TEXT_LIMIT, 904]


def rows(*titles: str) -> list[list[str]]:
    markup = keyboard([{"title": title, "payload": "p"} for title in titles])
    return [[button.text for button in row] for row in markup.inline_keyboard] if markup else []


def test_short_buttons_share_a_row_and_long_ones_have_their_own() -> None:
    assert rows("Yes", "No") == [["Yes", "No"]]
    assert rows("加", "不加", "不知道", "先不說") == [["加", "不加", "不知道"], ["先不說"]]
    assert rows("衣索比亞 耶加雪菲", "哥倫比亞 慧蘭") == [["衣索比亞 耶加雪菲"], ["哥倫比亞 慧蘭"]]
    assert rows() == []


def test_a_pace_lets_a_burst_go_and_then_one_at_a_time() -> None:
    now = [0.0]
    pace = Pace(rate=1, burst=3, now=lambda: now[0])
    assert [pace.take() for _ in range(5)] == [0, 0, 0, 1, 2]
    now[0] = 10
    assert pace.full
    assert pace.take() == 0

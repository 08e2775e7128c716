"""Who is in a hurry is asked nothing: a small rule that can be told."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from one_to_one.hurry import Hurry, Line, hurry, is_short


def test_who_says_so_is_in_a_hurry() -> None:
    assert hurry([Line("我趕時間，推薦一款就好", "action_propose", urges=True)]) is Hurry.SAID


def test_who_orders_the_usual_is_in_a_hurry() -> None:
    assert hurry([Line("", "action_tap_usual")]) is Hurry.USUAL


def test_two_short_messages_and_no_other_are_those_of_somebody_in_a_hurry() -> None:
    assert hurry([Line("推薦", "action_propose"), Line("第二個", "action_choose")]) is Hurry.SHORT


def test_one_short_message_is_not_enough() -> None:
    assert hurry([Line("推薦", "action_propose")]) is None


def test_somebody_who_also_writes_at_length_is_in_no_hurry() -> None:
    lines = [Line("推薦", "action_propose"), Line("我想找一支適合早上喝的豆子", "action_inform")]
    assert hurry(lines) is None


def test_answers_greetings_and_thanks_are_short_without_any_hurry() -> None:
    lines = [Line("hi", "action_greet"), Line("中的", "answer_question"), Line("thanks", "action_thanks")]
    assert hurry(lines) is None


def test_a_tap_is_no_short_message() -> None:
    assert hurry([Line("", "action_tap_propose"), Line("推薦", "action_propose")]) is None


def test_length_is_counted_alike_in_all_scripts() -> None:
    assert all(map(is_short, ("老樣子", "老样子", "the usual", "兩包!", "2 bags")))
    assert not any(map(is_short, ("有沒有不酸的", "有没有不酸的", "something fruity please")))


@given(
    st.lists(
        st.builds(
            Line, st.text(max_size=40), st.sampled_from(["action_inform", "action_greet", "answer_question"])
        )
    )
)
def test_more_words_never_make_a_hurry(lines: list[Line]) -> None:
    longer = [
        Line(line.text + " and I would really like to know more about it", line.action) for line in lines
    ]
    assert hurry(longer) is None

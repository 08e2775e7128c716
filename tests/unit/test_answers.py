"""Short answers, in all scripts."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from one_to_one.answer_words import cut
from one_to_one.answers import (
    Answer,
    AnswerKind,
    read_answer,
    read_choice,
    read_choices,
    read_number,
    read_refusal,
    read_words,
    read_yes_no,
)
from one_to_one.facts import Polarity
from one_to_one.shop import Topic, TopicKind, Value
from settings import ROOT
from tests.unit.packs import CHOICES, MONEY, NAME, NUMBER, text, topic

WORDS = read_words(ROOT / "data" / "nlu")
CASES = yaml.safe_load((Path(__file__).parent / "short_answers.yml").read_text(encoding="utf-8"))
LIKES, DISLIKES, NEVER = Polarity.LIKES, Polarity.DISLIKES, Polarity.NEVER


def said(code: str, zh: tuple[str, ...], en: tuple[str, ...]) -> Value:
    """A value and what says it as a bare answer."""
    return Value(code, text(code), {"zh": zh[:1], "en": en[:1]}, {"zh": zh[1:], "en": en[1:]})


SPICE = topic(
    "spice",
    said("mild", ("小辣", "小", "一點點"), ("mild", "a little")),
    said("medium", ("中辣", "中", "中的"), ("medium spicy", "medium", "mid")),
    said("hot", ("大辣", "大", "大的"), ("very hot", "hot")),
)
TOPPING = topic(
    "topping",
    said("egg", ("蛋", "加蛋"), ("egg", "eggs")),
    said("corn", ("玉米",), ("corn",)),
    said("tofu", ("豆腐", "豆乾"), ("tofu",)),
    kind=CHOICES,
)
ALLERGY = topic(
    "allergy",
    said("nuts", ("堅果", "花生"), ("nuts", "peanuts")),
    said("milk", ("牛奶", "奶"), ("milk", "dairy")),
    kind=CHOICES,
    sensitive=True,
    answer=NEVER,
)
BOWLS, SPEND, CALLED = topic("bowls", kind=NUMBER), topic("spend", kind=MONEY), topic("called", kind=NAME)
HOBBY, WHY = topic("hobby", kind=TopicKind.TEXTS), topic("why", kind=TopicKind.TEXT)


def read(words: str, about: Topic) -> list[tuple[str, str]]:
    """What was heard: values and stances. Fails when it isn't an answer with values."""
    answer = read_answer(words, about, WORDS)
    assert answer.kind is AnswerKind.VALUES
    return [(one.value, one.polarity.value) for one in answer.heard]


def kind(words: str, about: Topic = SPICE) -> str:
    """What kind of answer it is."""
    return read_answer(words, about, WORDS).kind.value


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("中的", "medium"),
        ("中辣", "medium"),
        ("中辣吧", "medium"),
        ("我要大的", "hot"),
        ("大辣，謝謝", "hot"),
        ("应该是小辣", "mild"),
        ("一點點就好", "mild"),
        ("Medium please", "medium"),
        ("I like it hot", "hot"),
        ("MILD", "mild"),
        ("ｍｉｌｄ", "mild"),
        ("第二個", "medium"),
        ("2", "medium"),
        ("the last one", "hot"),
        ("最後一個", "hot"),
        ("#1", "mild"),
        ("不知道，中的吧", "medium"),
        ("mid", "medium"),
        ("hot!!!", "hot"),
        ("通常是中辣", "medium"),
        ("I usually prefer very hot", "hot"),
        ("3号", "hot"),
        ("中間那個", "medium"),
    ],
)
def test_a_bare_answer_names_a_value(words: str, code: str) -> None:
    assert read(words, SPICE) == [(code, "likes")]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("不要太辣的，不要大辣", "hot"),
        ("not hot", "hot"),
        ("別太大", "hot"),
        ("讨厌大辣", "hot"),
        ("anything but hot", "hot"),
    ],
)
def test_a_negated_value_is_disliked(words: str, code: str) -> None:
    assert read(words, SPICE)[-1] == (code, "dislikes")


def test_a_no_before_a_pause_is_not_about_what_follows() -> None:
    assert read("no, hot please", SPICE) == [("hot", "likes")]


def test_a_never_is_heard_as_never() -> None:
    assert read("never eggs", TOPPING) == [("egg", "never")]


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("蛋和玉米", ["egg", "corn"]),
        ("egg and tofu", ["egg", "tofu"]),
        ("都要", ["egg", "corn", "tofu"]),
        ("all of them", ["egg", "corn", "tofu"]),
        ("1和3", ["egg", "tofu"]),
        ("第一個跟第二個", ["egg", "corn"]),
        ("蛋、玉米、豆干", ["egg", "corn", "tofu"]),
        ("全部", ["egg", "corn", "tofu"]),
    ],
)
def test_several_values_can_be_named_where_several_fit(words: str, codes: list[str]) -> None:
    assert [code for code, _ in read(words, TOPPING)] == codes


def test_likes_and_dislikes_can_stand_in_one_answer() -> None:
    assert read("蛋，不要玉米", TOPPING) == [("egg", "likes"), ("corn", "dislikes")]


def test_both_is_unclear_where_there_are_three() -> None:
    assert kind("both", TOPPING) == "none"


def test_all_of_them_is_no_answer_where_only_one_fits() -> None:
    assert kind("all of them", SPICE) == "none"


@pytest.mark.parametrize("words", ["neither", "都不要", "none of them", "沒有", "nothing"])
def test_none_of_these_is_an_answer_without_values(words: str) -> None:
    assert read_answer(words, TOPPING, WORDS) == Answer(AnswerKind.VALUES)


@pytest.mark.parametrize(
    "words", ["花生", "我對花生過敏", "不能吃堅果", "nuts", "no nuts", "i'm allergic to peanuts"]
)
def test_what_answers_a_question_about_what_to_avoid_is_never_wanted(words: str) -> None:
    assert read(words, ALLERGY) == [("nuts", "never")]


@pytest.mark.parametrize("words", ["沒有", "没有过敏", "no", "none", "nope"])
def test_having_nothing_to_avoid_is_an_answer(words: str) -> None:
    assert read_answer(words, ALLERGY, WORDS) == Answer(AnswerKind.VALUES)


@pytest.mark.parametrize(
    "words",
    [
        "不想說",
        "先不說",
        "跳過",
        "跳过",
        "pass",
        "I'd rather not say",
        "rather not say",
        "skip this",
        "不方便講",
        "prefer not to say",
        "我不想透露",
    ],
)
@pytest.mark.parametrize(
    "about", [SPICE, BOWLS, CALLED, HOBBY, ALLERGY, SPEND, WHY], ids=lambda about: str(about.name)
)
def test_a_refusal_is_a_refusal_whatever_was_asked(words: str, about: Topic) -> None:
    assert (kind(words, about), read_refusal(words, WORDS)) == ("declined", True)


@pytest.mark.parametrize(
    "words",
    [
        "不知道",
        "我不知道耶",
        "don't know",
        "I don’t know",
        "無所謂",
        "都可以",
        "隨便",
        "idk",
        "no preference",
        "whatever",
        "看你",
        "沒差",
    ],
)
@pytest.mark.parametrize("about", [SPICE, BOWLS, HOBBY], ids=lambda about: str(about.name))
def test_not_knowing_and_not_minding_are_kept_apart_from_refusing(words: str, about: Topic) -> None:
    assert kind(words, about) == "unsure"


@pytest.mark.parametrize(
    "words", ["之後再說", "下次再说", "maybe later", "not now", "現在沒空", "不用了謝謝"]
)
def test_not_now_is_not_a_refusal(words: str) -> None:
    assert kind(words) == "later"


@pytest.mark.parametrize(
    "words",
    [
        "what are your hours?",
        "你們幾點開門",
        "中辣是什麼意思？",
        "how much is the hot one",
        "有中辣嗎",
        "hello",
        "你好",
        "thanks",
        "我要找真人",
        "where is my order",
        "我媽上次買的那包她說太酸不喜歡",
        "",
        "   ",
        "？",
        "😀",
        "x" * 500,
        "the weather is lovely and hot in the whole of spain today",
    ],
)
def test_another_intention_is_no_answer(words: str) -> None:
    assert read_answer(words, SPICE, WORDS) == Answer(AnswerKind.NONE)


@pytest.mark.parametrize("words", ["what are your hours?", "你們幾點開門？", "hello", "在嗎", "謝謝"])
@pytest.mark.parametrize("about", [BOWLS, SPEND, CALLED], ids=lambda about: str(about.name))
def test_another_intention_is_no_number_and_no_name(words: str, about: Topic) -> None:
    assert kind(words, about) == "none"


@pytest.mark.parametrize(("words", "number"), CASES["numbers"].items())
def test_numbers_are_read_as_people_write_them(words: str, number: str | None) -> None:
    assert read_number(words, WORDS) == (None if number is None else Decimal(number))


def test_a_number_answers_a_question_for_one() -> None:
    assert read("一天大概三杯", BOWLS) == [("3", "likes")]


def test_of_a_price_range_the_upper_end_is_what_may_be_spent() -> None:
    assert read("三百到四百", SPEND) == [("400", "likes")]


def test_a_round_number_is_written_without_an_exponent() -> None:
    assert read("1.2k", SPEND) == [("1200", "likes")]


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("小明", "小明"),
        ("叫我阿明就好", "阿明"),
        ("我叫林小美", "林小美"),
        ("我姓林", "林"),
        ("林小姐", "林小姐"),
        ("Ann", "Ann"),
        ("my name is Ann Lee", "Ann Lee"),
        ("Call me Bob please", "Bob"),
        ("I'm José", "José"),
        ("你好，我是阿傑", "阿傑"),
        ("Mary-Jane.", "Mary-Jane"),
        ("安", "安"),
        ("我是王大明，謝謝", "王大明"),
        ("大家都叫我小愛", "小愛"),
    ],
)
def test_a_name_is_taken_out_of_its_introduction(words: str, name: str) -> None:
    assert read(words, CALLED) == [(name, "likes")]


@pytest.mark.parametrize(
    "words", ["好", "yes", "我不喝牛奶", "3", "I don't like it", "我想要買一包中焙的豆子"]
)
def test_what_cannot_be_a_name_is_none(words: str) -> None:
    assert kind(words, CALLED) == "none"


NOT_NOW = [
    "现在先不要", "現在先不要", "先不用了", "暫時先不用", "先不急", "下次再告訴你", "過幾天再說",
    "not now", "not right now", "Not at the moment, thanks", "ask me another time", "now is not a good time",
]  # fmt: skip
RATHER_NOT = ["先不說", "先不说", "先不告訴你", "我现在不想回答", "先保密", "I'd rather not say", "skip"]


@pytest.mark.parametrize("asked", [CALLED, HOBBY, WHY, BOWLS, SPEND, SPICE, TOPPING, ALLERGY])
@pytest.mark.parametrize("words", NOT_NOW)
def test_not_now_is_no_answer_whatever_was_asked(words: str, asked: Topic) -> None:
    assert kind(words, asked) == "later"


@pytest.mark.parametrize("asked", [CALLED, HOBBY, WHY, BOWLS, SPEND, SPICE, TOPPING, ALLERGY])
@pytest.mark.parametrize("words", RATHER_NOT)
def test_rather_not_is_a_refusal_whatever_was_asked(words: str, asked: Topic) -> None:
    assert kind(words, asked) == "declined"


@pytest.mark.parametrize("words", ["no", "不要", "no thanks"])
def test_a_bare_no_to_the_question_for_a_name_puts_it_off(words: str) -> None:
    assert kind(words, CALLED) == "later"


def test_not_wanting_a_value_now_is_about_the_value() -> None:
    assert read("先不要大辣", SPICE) == [("hot", "dislikes")]


def test_free_text_is_taken_as_it_was_written() -> None:
    assert read("養貓、爬山", HOBBY) == [("養貓", "likes"), ("爬山", "likes")]
    assert read("To stay awake at work.", WHY) == [("To stay awake at work", "likes")]


def test_having_no_hobby_is_an_answer() -> None:
    assert read_answer("沒有", HOBBY, WORDS) == Answer(AnswerKind.VALUES)


@pytest.mark.parametrize(("words", "number"), CASES["choices"].items())
def test_one_of_three_is_chosen_by_its_place(words: str, number: int | None) -> None:
    assert read_choice(words, 3, WORDS) == number


@pytest.mark.parametrize(
    ("words", "count", "chosen"),
    [
        ("both", 2, (1, 2)),
        ("兩個都要", 2, (1, 2)),
        ("both", 3, ()),
        ("all of them", 3, (1, 2, 3)),
        ("1和3", 3, (1, 3)),
        ("第一跟第三個", 3, (1, 3)),
        ("1 and 4", 3, ()),
        ("neither", 2, ()),
    ],
)
def test_several_can_be_chosen(words: str, count: int, chosen: tuple[int, ...]) -> None:
    assert read_choices(words, count, WORDS) == chosen


MEANINGS = {"affirmed": True, "denied": False, "neither": None}


@pytest.mark.parametrize(
    ("words", "meant"), [(words, meant) for name, meant in MEANINGS.items() for words in CASES[name]]
)
def test_yes_and_no_are_told_apart_from_everything_else(words: str, meant: bool | None) -> None:
    assert read_yes_no(words, WORDS) is meant


@given(st.text(max_size=200))
def test_the_pieces_of_any_text_stand_in_order_and_leave_only_blanks_out(words: str) -> None:
    pieces = cut(words, WORDS, SPICE)
    ends = [0, *(piece.end for piece in pieces)]
    gaps = [words[end : piece.start] for end, piece in zip(ends, pieces, strict=False)]
    assert all(piece.start < piece.end for piece in pieces)
    assert "".join(gaps).strip() == ""


@given(st.text(max_size=200), st.sampled_from([SPICE, TOPPING, ALLERGY, BOWLS, SPEND, CALLED, HOBBY, WHY]))
def test_any_text_is_read_without_failing_and_only_known_values_are_heard(words: str, about: Topic) -> None:
    heard = read_answer(words, about, WORDS).heard
    assert all(one.topic == about.name and (not about.values or one.value in about.values) for one in heard)


@given(st.integers(0, 10**6))
def test_any_number_in_figures_is_read_back(number: int) -> None:
    assert read_number(f"{number:,}", WORDS) == number


def test_a_topic_with_other_words_reads_other_answers() -> None:
    other = replace(SPICE, values={"hot": said("hot", ("火辣",), ("fiery",))})
    assert (kind("中辣", other), read("fiery", other)) == ("none", [("hot", "likes")])

"""Telling the language of a message."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from one_to_one.folding import SIMPLIFIED_FORMS
from one_to_one.language import Language, detect, written_in
from one_to_one.scripts import in_script

HANT, HANS, EN = Language.TRADITIONAL, Language.SIMPLIFIED, Language.ENGLISH


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("請問有不酸的豆子嗎", HANT),
        ("请问有不酸的豆子吗", HANS),
        ("do you have anything nutty?", EN),
        ("台灣的豆子", HANT),
        ("我要 drip bag 兩盒", HANT),
        ("latte 可以做冰的吗", HANS),
        ("what does 淺焙 mean?", EN),
        ("do you have 耶加雪菲?", EN),
        ("ㄏㄏ", HANT),
        ("hi", EN),
        ("好", HANT),
        ("看 https://example.com/coffee/beans/list 这个", HANS),
        ("12345", None),
        ("😀👍", None),
        ("", None),
    ],
)
def test_a_first_message_tells_its_language(text: str, expected: Language | None) -> None:
    assert detect(text, None) is expected


@pytest.mark.parametrize("text", ["ok", "hi", "latte", "Espresso", "french press", "👌", "500", "好", "中的"])
def test_a_message_without_a_hint_keeps_simplified(text: str) -> None:
    assert detect(text, HANS) is HANS


@pytest.mark.parametrize("text", ["Ethiopia Yirgacheffe Natural", "flat white oat", "La Minita Tarrazu"])
@pytest.mark.parametrize("previous", [HANT, HANS])
def test_a_name_of_several_words_is_no_sentence(text: str, previous: Language) -> None:
    assert detect(text, previous) is previous


@pytest.mark.parametrize(
    ("text", "expected"),
    [("豆子", None), ("latte", None), ("喜歡花香", HANT), ("喜欢花香", HANS), ("喜歡花香喜欢", None)],
)
def test_some_words_show_in_which_script_they_were_written(text: str, expected: Language | None) -> None:
    assert written_in(text) is expected


@pytest.mark.parametrize(
    ("words", "language", "expected"),
    [
        ("我喜欢花香", HANT, "我喜歡花香"),
        ("我喜歡花香", HANS, "我喜欢花香"),
        ("我喜歡花香", HANT, "我喜歡花香"),
        ("皇后的乾淨", HANT, "皇后的乾淨"),
        ("我喜欢花香", EN, "我喜欢花香"),
        ("latte", HANT, "latte"),
    ],
)
def test_own_words_are_repeated_in_the_script_of_the_answer(
    words: str, language: Language, expected: str
) -> None:
    assert in_script(words, language) == expected


@pytest.mark.parametrize(
    ("text", "previous", "expected"),
    [
        ("dark roast please", HANT, EN),
        ("can we talk in English", HANS, EN),
        ("還是說中文好了", EN, HANT),
        ("还是说中文吧", HANT, HANS),
        ("謝謝", HANS, HANT),
        ("好的", EN, HANT),
        ("Yirgacheffe natural washed 有嗎", HANT, HANT),
    ],
)
def test_a_clear_sentence_changes_the_language(text: str, previous: Language, expected: Language) -> None:
    assert detect(text, previous) is expected


@given(st.text(), st.sampled_from([None, *Language]))
def test_any_text_has_a_language_or_keeps_the_previous(text: str, previous: Language | None) -> None:
    assert detect(text, previous) in {*Language, previous}


@given(st.text(st.sampled_from(sorted(SIMPLIFIED_FORMS)), min_size=1))
def test_characters_of_the_table_are_chinese(text: str) -> None:
    assert detect(text, None) in {HANT, HANS}

"""In which language we answer, and how it is changed."""

from __future__ import annotations

import pytest

from one_to_one.language import Language, foreign_to
from tests.unit.talking import Said, Talk

HANT, HANS, EN = Language.TRADITIONAL, Language.SIMPLIFIED, Language.ENGLISH


async def spoken(talk: Talk, text: str, intent: str = "nlu_fallback") -> str:
    await talk.says(text, intent)
    return talk.replies[0].language


@pytest.mark.parametrize(
    ("before", "text", "after"),
    [
        (HANS, "請用繁體", HANT),
        (HANT, "简体谢谢", HANS),
        (HANT, "switch to English", EN),
        (HANS, "English please", EN),
        (HANT, "英文", EN),
        (EN, "traditional chinese please", HANT),
        (EN, "can you switch to simplified Chinese", HANS),
        (HANT, "請說中文", HANT),
        (HANS, "请说中文", HANS),
        (EN, "Chinese please", HANT),
        (EN, "中文", HANT),
        (HANT, "我要 English 謝謝", EN),
    ],
)
@pytest.mark.parametrize("intent", ["language", "thanks", "nlu_fallback"])
async def test_a_language_is_asked_for_in_many_ways(
    talk: Talk, before: str, text: str, after: str, intent: str
) -> None:
    talk.language = before
    assert await spoken(talk, text, intent) == after
    assert await spoken(talk, "500", "nlu_fallback") == after


@pytest.mark.parametrize(
    ("before", "text", "after"),
    [
        (HANT, "我看不懂繁體", HANS),
        (HANS, "我看不懂简体字", HANT),
        (EN, "sorry, I can't read Chinese", EN),
        (HANT, "看不懂英文", HANT),
        (EN, "I don't understand simplified", HANT),
    ],
)
async def test_what_they_cannot_read_is_not_what_they_get(
    talk: Talk, before: str, text: str, after: str
) -> None:
    talk.language = before
    assert await spoken(talk, text, "language") == after


async def test_a_language_that_is_only_mentioned_changes_nothing(talk: Talk) -> None:
    assert await spoken(talk, "有英文說明書的豆子嗎", "catalogue") == HANT


async def test_a_wish_for_a_script_holds_whatever_script_they_type(talk: Talk) -> None:
    talk.language = HANS
    await spoken(talk, "请用繁体", "language")
    for text in ("我喜欢花香的", "有没有便宜一点的", "谢谢你们"):
        assert await spoken(talk, text) == HANT
        assert not foreign_to(HANT, "".join(row.text for row in talk.replies))


async def test_who_goes_on_in_another_tongue_is_followed(talk: Talk) -> None:
    await spoken(talk, "switch to English", "language")
    assert await spoken(talk, "你們幾點開門", "hours") == EN
    assert await spoken(talk, "可以寄到台中嗎", "delivery") == HANT


async def test_own_words_are_quoted_in_the_script_of_the_answer(talk: Talk) -> None:
    await talk.says("我爱绿茶", "inform", Said("绿茶", "oxidation", "green"))
    await talk.says("請用繁體", "language")
    said = await talk.says("你記得我什麼", "know_me")
    assert "「我愛綠茶」" in said
    assert not foreign_to(HANT, said)

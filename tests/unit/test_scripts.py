"""Nothing we say mixes the scripts or the words of two regions: all texts, and the words of every pack."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from one_to_one.language import CHINESE, Language, foreign_to
from one_to_one.pack import read_pack
from one_to_one.shop import ShopPack
from one_to_one.texts import Texts
from settings import ROOT

TEXTS = Texts.read(ROOT / "data" / "texts")
SHOPS = sorted(path for path in (ROOT / "data" / "shops").iterdir() if (path / "shop.yml").is_file())
OWN_NAMES = "language"
"""A language is called by its own name on a button."""

ELSEWHERE = {
    Language.TRADITIONAL: (
        "軟件 硬件 鼠標 視頻 信息 默認 用戶 菜單 短信 外賣 打印 網絡 程序 屏幕 點擊 賬號 賬戶 包郵 質量 "
        "埃塞俄比亞 肯尼亞 哥斯達黎加 危地馬拉 土豆 土特產 優化 立馬 親，"
    ),
    Language.SIMPLIFIED: (
        "软体 硬体 滑鼠 资讯 预设 使用者 选单 简讯 外送 列印 网路 程式 萤幕 点选 帐号 免运 品质管理 "
        "衣索比亚 肯亚 哥斯大黎加 瓜地马拉 巧克力脆片 优格 马铃薯 计程车 行动电话"
    ),
}
"""Words of the other region, in this one's script."""


def said_to_customers(language: Language) -> Iterator[tuple[str, str]]:
    """Every text with its key; lists of words that customers use are none."""
    for key in sorted(TEXTS.keys(language)):
        parts = key.split(".")
        listed = any(part.endswith(("words", "names", "courtesies")) or part == "starts" for part in parts)
        if not listed and not parts[-1].startswith(OWN_NAMES):
            for wording in TEXTS.variants(language, key):
                yield key, wording


@cache
def pack_at(folder: Path) -> ShopPack:
    return read_pack(folder)


def said_by(pack: ShopPack, language: Language) -> Iterator[tuple[str, str]]:
    """Every word of a pack that a customer is shown."""
    shop = pack.shop
    for name, text in (
        ("name", shop.name),
        ("about", shop.about),
        ("hours", shop.hours),
        ("way", shop.delivery),
    ):
        yield name, text[language]
    for topic in pack.topics.values():
        yield topic.name, topic.label[language]
        yield topic.name, topic.why[language]
        for wording in topic.question[language]:
            yield topic.name, wording
        for value in topic.values.values():
            yield f"{topic.name}.{value.code}", value.label[language]
    for product in pack.products.values():
        yield product.id, product.name[language]
        yield product.id, product.note[language]
    for module in pack.modules.values():
        yield module.topic, module.label[language]
        for option in module.options.values():
            yield f"{module.topic}.{option.code}", option.label[language]


def slips(said: Iterator[tuple[str, str]], language: Language) -> list[tuple[str, str]]:
    """What is in another script, or in the words of another region."""
    elsewhere = ELSEWHERE[language].split()
    return [
        (key, text)
        for key, text in said
        if foreign_to(language, text) or any(word in text for word in elsewhere)
    ]


@pytest.mark.parametrize("language", sorted(CHINESE))
def test_no_text_mixes_scripts_or_regions(language: Language) -> None:
    assert slips(said_to_customers(language), language) == []


@pytest.mark.parametrize("folder", SHOPS, ids=lambda path: path.name)
@pytest.mark.parametrize("language", sorted(CHINESE))
def test_no_pack_mixes_scripts_or_regions(folder: Path, language: Language) -> None:
    assert slips(said_by(pack_at(folder), language), language) == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (Language.TRADITIONAL, "请问"),
        (Language.SIMPLIFIED, "請問"),
        (Language.TRADITIONAL, "埃塞俄比亞的豆子"),
        (Language.SIMPLIFIED, "衣索比亚的豆子"),
    ],
)
def test_a_slip_would_be_found(language: Language, text: str) -> None:
    assert slips(iter([("key", text)]), language) == [("key", text)]


def test_no_english_text_holds_chinese() -> None:
    english = said_to_customers(Language.ENGLISH)
    assert [key for key, text in english if any("\u3400" <= c <= "\u9fff" for c in text)] == []

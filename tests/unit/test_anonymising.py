"""Personal data goes, amounts stay, and a conversation still hangs together."""

from __future__ import annotations

import re

import pytest

from one_to_one.teaching.anonymising import anonymise

VOCABULARY = {"kenya", "sunday", "i", "i'd", "allergic", "nt", "brazil", "ethiopia", "monday"}


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("我叫王小明，電話0912-345-678", ["王小明", "0912-345-678"]),
        ("我的電話是 0912345678 ，謝謝", ["0912345678"]),
        ("寄到台北市大安區和平東路一段10號3樓", ["大安區和平東路", "10號3樓"]),
        ("地址:上海市浦东新区世纪大道100号", ["世纪大道100号", "浦东"]),
        ("我住在新北市板橋區文化路二段182巷3弄12號", ["文化路二段", "182巷"]),
        ("信箱是 ming.wang@mail.example.tw", ["ming.wang@mail.example.tw"]),
        ("訂單編號 R-2041 到了沒", ["R-2041"]),
        ("订单号是 20261126001，还没到", ["20261126001"]),
        ("訂單 12 號呢", []),
        ("我姓陳，陳小姐就好", ["陳小姐"]),
        ("幫我轉給林志豪先生", ["林志豪"]),
        ("我是陳大文，上次買過", ["陳大文"]),
        ("收件人：李美麗", ["李美麗"]),
        ("身分證 A123456789", ["A123456789"]),
        ("統編 12345678", ["12345678"]),
        ("我女兒叫小芳，五月生日", ["小芳"]),
        ("my name is rosalinde", ["rosalinde"]),
        ("I'm John Smith, call me on 555-123-4567", ["John", "Smith", "555-123-4567"]),
        ("call me at +44 20 7946 0958 please", ["7946 0958"]),
        ("send it to 12 Baker Street, London NW1 6XE", ["Baker", "London", "NW1"]),
        ("my address is 221B baker st", ["baker st"]),
        ("order #12345 never came", ["12345"]),
        ("where's order number A-778", ["A-778"]),
        ("where is order 4711?", ["4711"]),
        ("mail me: jo+shop@example.org", ["jo+shop@example.org"]),
        ("my daughter Amelie turns five", ["Amelie"]),
        ("Mrs. Dalloway wants flowers", ["Dalloway"]),
        ("give it to Rosalinde on Sunday", ["Rosalinde"]),
        ("it's on my page https://me.example.net/~rosa, or @rosa_bloom", ["me.example.net", "rosa_bloom"]),
    ],
)
def test_what_tells_of_somebody_goes(text: str, gone: list[str]) -> None:
    found = anonymise(text, vocabulary=VOCABULARY)
    assert not [each for each in gone if each in found.text], found.text
    if gone:
        assert found.text != text


@pytest.mark.parametrize(
    "text",
    [
        "要兩包 500 克，NT$380 以內",
        "預算 1000 元左右，每天 2 杯",
        "我喝了 20 年的深焙",
        "2 bags of 500 g for $38, please",
        "under NT$ 1,200 a month",
        "2026-05-03 是我生日",
        "第二個，不要第 3 個",
        "I'd like the Kenya, on Sunday",
        "I'm Allergic to nuts",
        "order 2 bags of it",
        "我要訂單改成 3 包",
        "叫我起床",
        "我是新手，不懂豆子",
        "have you got Brazil or Ethiopia?",
        "call me later",
        "1000000 元我也買",
        "this is lovely",
        "300到400塊",
    ],
)
def test_what_the_sentence_is_about_stays(text: str) -> None:
    assert anonymise(text, vocabulary=VOCABULARY).text == text


def test_what_is_made_up_is_of_the_same_kind() -> None:
    number = anonymise("打 0912-345-678").text
    assert re.fullmatch(r"打 09\d\d-\d{3}-\d{3}", number)
    assert re.fullmatch(r"寄給 \w+@example\.com", anonymise("寄給 ming@mail.tw").text)
    assert re.fullmatch(r"訂單 R-\d{4}", anonymise("訂單 R-2041").text)
    assert anonymise("住台北市大安區和平東路一段10號").text.startswith("住台北市")


def test_names_the_shop_knows_go_wherever_they_stand() -> None:
    found = anonymise("rosalinde here, ROSALINDE again, not rosalindes", ["Rosalinde"])
    assert "rosalinde here" not in found.text
    assert "ROSALINDE" not in found.text
    assert "rosalindes" in found.text
    assert "小美" not in anonymise("小美要的", ["小美"]).text


def test_the_same_thing_becomes_the_same_thing_in_every_message() -> None:
    one = anonymise("我叫王小明")
    other = anonymise("請打給王小明", ["王小明"])
    assert one.text.removeprefix("我叫") == other.text.removeprefix("請打給")
    assert one.of("王小明") == one.text.removeprefix("我叫")


def test_nothing_made_up_is_taken_for_personal_data_again() -> None:
    text = "我叫王小明，電話0912-345-678，住台北市大安區和平東路一段10號，ming@mail.tw，訂單 R-2041"
    once = anonymise(text)
    assert len(once.replaced) == 5
    assert "\ue000" not in once.text

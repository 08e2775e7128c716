"""What a masked colleague sees of names and numbers."""

from __future__ import annotations

import pytest

from staff.masking import Mask

MASK = Mask(True)


@pytest.mark.parametrize(
    ("words", "seen"),
    [
        ("call 0912-345-678 please", "call •••678 please"),
        ("我的電話是0912345678，謝謝", "我的電話是•••678，謝謝"),
        ("+886 912 345 678", "•••678"),
        ("write to mei.lin@example.com", "write to •••com"),
        ("身分證A123456789", "身分證•••789"),
        ("統編 12345675", "統編 •••675"),
        ("500 克 2 包，NT$380，2026-05-03", "500 克 2 包，NT$380，2026-05-03"),
    ],
)
def test_numbers_and_addresses_are_shown_in_part(words: str, seen: str) -> None:
    assert MASK.words(words) == seen


def test_names_that_are_known_are_shown_in_part() -> None:
    assert MASK.words("I'm Mei Lin, MEI LIN!", ["Mei Lin", ""]) == "I'm M•••, M•••!"
    assert MASK.name("林小姐") == "林•••"
    assert MASK.number("12345") == "•••"


def test_who_is_not_masked_sees_everything() -> None:
    words = "Mei Lin, 0912-345-678, mei@example.com"
    assert Mask(False).words(words, ["Mei Lin"]) == words
    assert Mask(False).name("Mei Lin") == "Mei Lin"

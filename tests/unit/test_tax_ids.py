"""A company's tax id, by the rules of the shop's country."""

from __future__ import annotations

import pytest
from stdnum.cn import uscc
from stdnum.tw import ubn

from one_to_one.tax_ids import compact, is_valid


@pytest.mark.parametrize("number", ["04595257", "10458575", "00501503", "12345675", " 0459-5257 "])
def test_old_numbers_of_taiwan_are_right(number: str) -> None:
    assert is_valid("TW", number)


@pytest.mark.parametrize("number", ["04595252", "00501508"])
def test_numbers_that_only_5_divides_are_right_since_2023(number: str) -> None:
    assert not ubn.is_valid(number)  # our own rule can go once this changes
    assert is_valid("TW", number)


@pytest.mark.parametrize(
    "number", ["04595258", "00501502", "0459525", "045952577", "0459525a", "", "４５９５２５７"]
)
def test_a_wrong_check_digit_is_noticed(number: str) -> None:
    assert not is_valid("TW", number)


def test_of_ten_endings_two_are_right_and_with_a_seven_four() -> None:
    assert sum(is_valid("TW", f"1234560{last}") for last in range(10)) == 2
    assert sum(is_valid("TW", f"1234567{last}") for last in range(10)) == 4


def test_a_number_of_china_is_checked_by_its_own_rule() -> None:
    right = "91350211M000100Y4"
    whole = right + uscc.calc_check_digit(right)
    wrong = whole[:-1] + ("0" if whole[-1] != "0" else "1")
    assert is_valid("CN", whole)
    assert is_valid("CN", whole.lower())
    assert not is_valid("CN", wrong)
    assert not is_valid("CN", "04595257")


def test_full_width_digits_are_digits() -> None:
    assert compact("０４５９ ５２５７") == "04595257"
    assert is_valid("TW", "０４５９５２５７")


def test_a_country_without_known_rules_takes_what_is_written() -> None:
    assert is_valid("", "whatever 1")
    assert is_valid("AQ", "1")
    assert not is_valid("AQ", "  ")

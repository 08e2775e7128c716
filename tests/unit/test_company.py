"""What companies agree on: read from a file, and when an order has to wait."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from one_to_one.company import Agreed, CompanyRole, Doubt, doubt_about
from one_to_one.configuring.workshop import workshop_of
from one_to_one.pack import read_pack
from one_to_one.pack.company_file import company_of, read_company, read_company_file
from one_to_one.pack.places import Report
from settings import ROOT

SHOP = ROOT / "data" / "shops" / "computer"
FILE = SHOP / "companies" / "north_wind.yml"
DESK = Agreed("desk", {"memory": "32"})
CLERK = CompanyRole("clerk", {}, (DESK,), Decimal(500), only_agreed=True)


@pytest.mark.parametrize(
    ("options", "total", "doubt"),
    [
        ({"memory": "32", "colour": "red"}, "500", None),
        ({"memory": "32", "colour": "red"}, "500.01", Doubt.ABOVE_LIMIT),
        ({"memory": "64", "colour": "red"}, "10", Doubt.NOT_AGREED),
    ],
)
def test_what_was_agreed_passes_up_to_the_limit(
    options: dict[str, str], total: str, doubt: Doubt | None
) -> None:
    assert doubt_about(CLERK, "desk", options, Decimal(total)) == doubt


def test_another_product_was_not_agreed() -> None:
    assert doubt_about(CLERK, "tower", {"memory": "32"}, Decimal(1)) == Doubt.NOT_AGREED


def test_who_decides_never_waits() -> None:
    head = CompanyRole("head", {}, limit=Decimal(1), only_agreed=True, approves=True)
    assert doubt_about(head, "tower", {}, Decimal(10**6)) is None


def test_without_a_limit_nothing_waits() -> None:
    assert doubt_about(CompanyRole("guest", {}), "tower", {}, Decimal(10**6)) is None


def test_the_example_is_right_and_all_it_agrees_on_can_be_made() -> None:
    pack, report = read_pack(SHOP), Report()
    company = read_company_file(report, FILE, pack)
    assert report.problems == []
    assert company is not None
    for role in company.roles.values():
        for agreed in role.agreed:
            made = workshop_of(pack).best(product=agreed.product, picks=agreed.options, groups=("company",))
            assert made is not None, agreed
            assert role.limit is None or made.price <= role.limit, agreed


def text_with(**changed: str) -> str:
    text = FILE.read_text(encoding="utf-8")
    for old, new in changed.items():
        assert old in text
        text = text.replace(old, new, 1)
    return text


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("darkroom", "darkroms", "Did you mean `darkroom`?"),
        ("kestrel7", "kestrel77", "Did you mean `kestrel7`?"),
        ("graphics: mid", "graphic: mid", "Did you mean `graphics`?"),
        ("approves: true", "limit: 5", "approves: true"),
        ("limit: 65000", "limit: -1", "can't be less than 0"),
    ],
)
def test_mistakes_are_told_with_their_line(old: str, new: str, said: str) -> None:
    report = Report()
    read_company(report, "x.yml", text_with(**{old: new}), read_pack(SHOP))
    assert any(said in problem.text and problem.line > 1 for problem in report.problems)


def test_what_the_pack_no_longer_has_is_left_out_of_what_was_agreed() -> None:
    company = company_of("x", text_with(cutting_table="sawn_off"), read_pack(SHOP))
    assert company is not None
    assert [agreed.product for agreed in company.roles["designer"].agreed] == ["darkroom"]


def test_a_file_that_is_missing_is_told(tmp_path: Path) -> None:
    report = Report()
    assert read_company_file(report, tmp_path / "none.yml", read_pack(SHOP)) is None
    assert report.problems

"""More than last time, less than usual."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from one_to_one.history import Ordered
from one_to_one.relative import resolved
from tests.unit.packs import NOW, fact, heard, pack, product, topic

PACK = pack(
    [topic("roast", "light", "medium", "dark", scale=True), topic("shape", "round", "long")],
    [product("mild", roast="light"), product("strong", roast="dark")],
)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("before", "named", "relative", "expected"),
    [
        ("light", "dark", 1, "medium"),
        ("medium", "dark", 1, "dark"),
        ("dark", "dark", 1, "dark"),
        ("dark", "dark", -1, "medium"),
        ("dark", "light", 1, "medium"),
        ("dark", "light", -1, "medium"),
        ("light", "light", 1, "light"),
    ],
)
def test_a_comparison_is_one_step_from_what_was_believed(
    before: str, named: str, relative: int, expected: str
) -> None:
    said = replace(heard("roast", named), relative=relative)
    [found] = resolved([said], [fact(1, "roast", before)], [], PACK)
    assert (found.value, found.relative) == (expected, 0)


def test_what_was_ordered_last_comes_before_what_is_believed() -> None:
    said = replace(heard("roast", "dark"), relative=1)
    orders = [Ordered("strong", {}, NOW - 9 * DAY), Ordered("mild", {}, NOW - DAY)]
    [found] = resolved([said], [fact(1, "roast", "dark")], orders, PACK)
    assert found.value == "medium"


def test_with_nothing_to_compare_with_the_direction_is_all_there_is() -> None:
    said = heard("roast", "dark")
    assert resolved([replace(said, relative=1)], [], [], PACK) == (said,)
    assert resolved([replace(said, relative=-1)], [], [], PACK) == ()


def test_off_a_scale_more_of_a_value_is_that_value() -> None:
    said = heard("shape", "long")
    assert resolved([replace(said, relative=1)], [fact(1, "shape", "round")], [], PACK) == (said,)


def test_what_is_no_comparison_stays_as_it_was() -> None:
    said = heard("roast", "light")
    assert resolved([said], [fact(1, "roast", "dark")], [], PACK) == (said,)

"""Which end of what is asked for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from one_to_one.extremes import ExtremeWords, read_extreme
from one_to_one.shop import ShopPack
from tests.unit.talking import TEXTS, tea_house

WORDS = ExtremeWords(TEXTS.words("catalogue.most"), TEXTS.words("catalogue.least"))


def house() -> ShopPack:
    """A tea house whose oxidation is a scale."""
    pack = tea_house()
    return replace(pack, topics={**pack.topics, "oxidation": replace(pack.topics["oxidation"], scale=True)})


@pytest.mark.parametrize(
    ("said", "topic", "first", "without"),
    [("發酵最低的是哪款", "oxidation", "green", False), ("发酵度最高的", "oxidation", "black", False),
     ("最不像紅茶的", "oxidation", "green", False), ("the blackest one you do", "oxidation", "black", False),
     ("which is the least black", "oxidation", "green", False), ("最花香的是哪支", "scent", "floral", False),
     ("最没有花香的", "scent", "floral", True), ("what's the most floral tea", "scent", "floral", False)],
)  # fmt: skip
def test_an_end_is_read(said: str, topic: str, first: str, without: bool) -> None:
    found = read_extreme(said, house(), WORDS, ["oxidation", "scent"])
    assert found is not None
    assert (found.topic, found.codes[0], found.without) == (topic, first, without)


@pytest.mark.parametrize(
    "said",
    ["我最近喝紅茶", "最好的是哪款", "the best black tea", "at most two floral teas", "綠茶有哪些", "最貴的"],
)
def test_what_is_no_end_of_anything_is_not_read(said: str) -> None:
    found = read_extreme(said, house(), WORDS, ["oxidation", "scent"])
    assert found is None

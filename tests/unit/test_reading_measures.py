"""Measures are read whether their name stands before the number or behind it, in a shop that has several."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.understanding.reading import read_all, write_tables

SAID = {
    "腰圍 30 臀圍 40 腿長 31": {"waist": "30", "hip": "40", "leg": "31"},
    "腰30臀40腿長31": {"waist": "30", "hip": "40", "leg": "31"},
    "我的腰圍大概是 32 吋": {"waist": "32"},
    "30腰 40臀": {"waist": "30", "hip": "40"},
    "腰围二十八": {"waist": "28"},
    "my waist is about 30 inches and my hips are 40": {"waist": "30", "hip": "40"},
    "30 waist, 40 hips, 31 inseam": {"waist": "30", "hip": "40", "leg": "31"},
    "waist 28 hip 38 inseam 30.5": {"waist": "28", "hip": "38", "leg": "30.5"},
    "兩條": {},
    "two pairs please": {},
    "三條一年": {"pairs_a_year": "3"},
}


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, str]]:
    """What is read of each sentence: topic -> number."""
    tables: Path = write_tables(tmp_path_factory.mktemp("tables") / "tables.json", "jeans")
    found = read_all(tables, list(SAID))
    return {
        text: {one["entity"]: one["value"] for one in entities}
        for text, entities in zip(SAID, found, strict=True)
    }


@pytest.mark.parametrize("text", SAID)
def test_each_number_belongs_to_its_measure(read: dict[str, dict[str, str]], text: str) -> None:
    assert read[text] == SAID[text]

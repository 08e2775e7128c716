"""What was asked for in vain, as the owner reads it."""

from __future__ import annotations

import pytest

from cli.demanded import wish_called
from one_to_one.language import Language
from tests.unit.talking import tea_house


@pytest.mark.parametrize(
    ("what", "told"),
    [
        ("oxidation=green + scent=floral", "{oxidation} = {green} + {scent} = {floral}"),
        ("avoid≠nuts", "{avoid} ≠ {nuts}"),
        ("scent=unheard of", "{scent} = unheard of"),
        ("gone=value", "gone=value"),
        ("a grinder = two", "a grinder = two"),
    ],
)
def test_a_wish_is_told_in_the_words_of_the_pack(what: str, told: str) -> None:
    pack = tea_house()
    names = {name: topic.label[Language.ENGLISH] for name, topic in pack.topics.items()}
    values = {
        code: value.label[Language.ENGLISH]
        for topic in pack.topics.values()
        for code, value in topic.values.items()
    }
    assert wish_called(pack, what, Language.ENGLISH) == told.format(**names | values)

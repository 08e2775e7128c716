"""For whom something is wanted is read without a taste, and never where nobody gets anything."""

from __future__ import annotations

import pytest

from actions.listening import RECEIVER
from tests.understanding.reading import Entities, read_all, write_tables

GIVEN = {
    "想找咖啡送婆婆": "grandmother",
    "有什么适合送同事的": "colleague",
    "給我媽的": "mother",
    "這包是要給我媽的": "mother",
    "有冇啱送畀阿媽嘅": "mother",
    "有適合長輩的嗎": "elder",
    "三百塊以內送老師的": "teacher",
    "如果是送老闆的話哪個好": "boss",
    "我媽會喜歡哪一款": "mother",
    "幫我女朋友選一個": "girlfriend",
    "我要買禮物": "other",
    "show me one for dad": "father",
    "a gift for my boss": "boss",
    "it's for a friend": "friend",
    "something for an old friend of mine": "friend",
    "one for the mother in law": "mother_in_law",
    "what should I get my dad for Christmas?": "father",
    "what would my mum like?": "mother",
    "something for my mother's birthday": "mother",
    "my husband can't have nuts, what could I get him?": "husband",
    "one for me and one for my dad": "father",
    "I need a present": "other",
}
NOBODY = (
    "送貨到公司",
    "我媽不喝咖啡",
    "請幫我打給我弟",
    "那我自己也要一包",
    "给我也来一款",
    "給我跟我老公喝的",
    "這款適合長輩嗎",
    "我常送人",
    "上次買給我媽的那款她很喜歡",
    "my mother hates coffee",
    "call my brother",
    "something for me",
    "for breakfast",
    "for the office",
    "for 500",
    "and one for me",
    "not for my dad, for me",
    "it's for my wife and me",
    "can I pay with my dad's card",
    "for my dad's office",
    "last time I got one for my mum",
    "I get my kids to drink milk",
    "put it in a gift box",
    "is this one good for my mom?",
    "at present I drink tea",
)


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Entities]:
    tables = write_tables(tmp_path_factory.mktemp("tables") / "tables.json")
    texts = [*GIVEN, *NOBODY]
    return dict(zip(texts, read_all(tables, texts), strict=True))


def receivers(entities: Entities) -> set[str]:
    return {str(one["who"]) for one in entities if one["entity"] == RECEIVER}


@pytest.mark.parametrize("text", GIVEN)
def test_the_receiver_alone_is_read(read: dict[str, Entities], text: str) -> None:
    assert receivers(read[text]) == {GIVEN[text]}


@pytest.mark.parametrize("text", NOBODY)
def test_what_only_looks_like_a_receiver_is_none(read: dict[str, Entities], text: str) -> None:
    assert receivers(read[text]) == set()

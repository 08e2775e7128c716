"""Back at every step leaves one step, by button and by word, and never undoes a choice instead."""

from __future__ import annotations

import pytest

from one_to_one.pack import read_pack
from settings import ROOT
from tests.unit.talking import Said, Talk, options

COFFEE, JEANS = (read_pack(ROOT / "data" / "shops" / name) for name in ("coffee", "jeans"))
KILO = Said("1公斤", "bag_size", "1000")
BACK = {"zh-Hant": "返回", "zh-Hans": "返回", "en": "go back please"}
MORE = {"zh-Hant": "改1公斤", "zh-Hans": "改1公斤", "en": "make it 1 kg"}
STEPS = {"zh-Hant": "我想自己一步一步選", "zh-Hans": "我想自己一步一步选", "en": "let me choose each part"}
PROPOSE = {"zh-Hant": "推薦", "zh-Hans": "推荐", "en": "pick some for me"}


@pytest.fixture(params=["zh-Hant word", "zh-Hans word", "en word", "en button"])
def manner(request: pytest.FixtureRequest) -> list[str]:
    """The language they write, and whether they go back by a word or a button."""
    return str(request.param).split()


@pytest.fixture
def how(manner: list[str]) -> str:
    """By which of the two they go back."""
    return manner[1]


@pytest.fixture
async def making(talk: Talk, manner: list[str]) -> Talk:
    """Somebody with a draft that they changed once, in one of the languages."""
    talk.pack, talk.language = COFFEE, manner[0]
    await talk.says(PROPOSE[talk.language], "propose")
    await talk.taps(talk.payload("choose"))
    await talk.says(MORE[talk.language], "change", KILO)
    return talk


async def back(talk: Talk, how: str) -> str:
    """Go back one step."""
    if how == "word":
        return await talk.says(BACK[talk.language], "greet")
    title = {"zh-Hant": "回上一步", "zh-Hans": "回上一步", "en": "Back"}[talk.language]
    return await talk.taps_titled(title)


def payloads(talk: Talk) -> list[str]:
    return [payload for _, payload in talk.buttons]


async def test_a_menu_is_left_and_the_change_before_it_stands(making: Talk, how: str) -> None:
    order = making.payload("edit").partition(":")[2]
    await making.taps(f"edit:{order}")
    top = payloads(making)
    await making.taps(f"edit:{order}:grind")
    await back(making, how)
    assert payloads(making) == top
    await back(making, how)
    assert f"edit:{order}" in payloads(making)
    assert (await options(making))["bag_size"] == "1000"


@pytest.mark.parametrize("name", ["pieces", "grind"])
async def test_how_many_and_a_part_lead_back_to_what_could_be_otherwise(
    making: Talk, how: str, name: str
) -> None:
    order = making.payload("edit").partition(":")[2]
    await making.taps(f"edit:{order}:{name}")
    await back(making, how)
    assert f"edit:{order}:pieces" in payloads(making)


@pytest.mark.parametrize("how", ["word", "button"])
async def test_a_page_leads_back_to_the_page_before(talk: Talk, how: str) -> None:
    talk.pack, talk.language = JEANS, "en"
    await talk.says("show me", "propose")
    await talk.taps(talk.payload("choose"))
    order = talk.payload("edit").partition(":")[2]
    await talk.taps(f"edit:{order}:waist")
    first = payloads(talk)
    await talk.taps(f"edit:{order}:waist:1")
    second = payloads(talk)
    assert first[0] not in second
    await talk.taps(f"edit:{order}:waist:2")
    await back(talk, how)
    assert payloads(talk) == second
    await back(talk, how)
    assert payloads(talk) == first


@pytest.mark.parametrize("detail", ["address", "label_message"])
async def test_the_question_for_a_detail_is_left_and_back_is_no_answer(
    making: Talk, how: str, detail: str
) -> None:
    order = making.payload("edit").partition(":")[2]
    await making.taps(f"detail:{order}")
    menu = payloads(making)
    await making.taps(f"detail:{order}:{detail}")
    await back(making, how)
    assert payloads(making) == menu
    await back(making, how)
    assert f"edit:{order}" in payloads(making)
    async with making.store.reading() as books:
        [row] = await books.orders.listed(making.customer)
    assert not (row.details or {}).get(detail)
    assert (await options(making))["bag_size"] == "1000"


async def test_an_invoice_for_a_company_is_not_asked_on(making: Talk, how: str) -> None:
    order = making.payload("edit").partition(":")[2]
    await making.taps(f"detail:{order}:invoice:company")
    await back(making, how)
    assert f"detail:{order}:invoice:personal" in payloads(making)
    assert await making.focus() == "order"


@pytest.mark.parametrize("how", ["word", "button"])
async def test_the_question_for_a_measure_is_left(talk: Talk, how: str) -> None:
    talk.pack, talk.language = JEANS, "en"
    await talk.says("show me", "propose")
    await talk.taps(talk.payload("choose"))
    await talk.taps(talk.payload("confirm"))
    assert await talk.focus() == "need"
    await back(talk, how)
    assert await talk.focus() == "order"
    assert talk.offers("confirm")


async def test_part_by_part_pages_and_the_first_question_are_left(making: Talk, how: str) -> None:
    await making.says("不用了", "decline")
    await making.says(STEPS[making.language], "chitchat")
    first = payloads(making)
    await making.taps(next(payload for payload in first if ":page:" in payload))
    await back(making, how)
    assert payloads(making) == first
    await back(making, how)
    assert making.offers("steps")
    assert await making.focus() is None


async def test_a_comparison_leads_back_to_what_was_compared(making: Talk, how: str) -> None:
    said = {"zh-Hant": "比較一下", "zh-Hans": "对比一下", "en": "compare them"}
    await making.says(said[making.language], "chitchat")
    assert making.offers("choose")
    await back(making, how)
    assert making.offers("confirm")
    assert (await options(making))["bag_size"] == "1000"


async def test_a_comparison_of_two_leads_back_to_all_three(talk: Talk, manner: list[str]) -> None:
    language, how = manner
    talk.pack, talk.language = COFFEE, language
    await talk.says(PROPOSE[language], "propose")
    there = [title for title, payload in talk.buttons if payload.startswith("choose")]
    said = {"zh-Hant": "比較一下前兩個", "zh-Hans": "对比一下前两个", "en": "compare the first two"}
    await talk.says(said[language], "choose")
    await back(talk, how)
    assert [title for title, payload in talk.buttons if payload.startswith("choose")] == there


async def test_a_clash_leads_back_to_what_was_proposed_before(talk: Talk, manner: list[str]) -> None:
    language, how = manner
    talk.pack, talk.language = COFFEE, language
    await talk.says(PROPOSE[language], "propose")
    there = [title for title, payload in talk.buttons if payload.startswith("choose")]
    light, milk = Said("淺焙", "roast", "light"), Said("加牛奶", "milk", "dairy")
    words = {
        "zh-Hant": "想要淺焙的，我加牛奶喝",
        "zh-Hans": "想要浅烘的，我加牛奶喝",
        "en": "light roast, with milk",
    }
    await talk.says(words[language], "propose", light, milk)
    assert [title for title, payload in talk.buttons if payload.startswith("choose")] != there
    await back(talk, how)
    assert [title for title, payload in talk.buttons if payload.startswith("choose")] == there


@pytest.mark.parametrize(
    ("language", "words", "offered"),
    [
        ("zh-Hant", "先存著好了", "saved"),
        ("zh-Hans", "先存着吧", "saved"),
        ("en", "save it for later", "saved"),
        ("en", "can you share it with me first?", "confirm"),
    ],
)
async def test_laying_it_by_or_sharing_it_is_no_address(
    talk: Talk, language: str, words: str, offered: str
) -> None:
    talk.pack, talk.language = COFFEE, language
    await talk.says(PROPOSE[language], "propose")
    await talk.taps(talk.payload("choose"))
    order = talk.payload("edit").partition(":")[2]
    await talk.taps(f"detail:{order}:address")
    await talk.says(words, "chitchat")
    assert talk.offers(offered)
    async with talk.store.reading() as books:
        row = await books.orders.get(int(order), talk.customer)
    assert row is not None
    assert not (row.details or {}).get("address")

"""Nothing of a shop is in the code: its words stand in its pack, and nowhere else.

Of every pack in data/shops: the names and ids of products, modules, options and values with their labels,
the words that say a value, and what the shop says it sells or lacks. A word that two shops share (a gift box)
belongs to no shop, nor does what customers say of themselves and not of the goods (how often they come). All
code and all shared texts, examples and rules are searched.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import chain
from pathlib import Path

import pytest

from one_to_one.folding import fold
from one_to_one.pack import read_pack
from one_to_one.shop import ShopPack
from settings import ROOT

SHOPS = ROOT / "data" / "shops"
CODE = ("actions", "bot", "channels", "cli", "crm_store", "front", "one_to_one", "staff")
SHARED = ("data/texts", "data/nlu", "data/rules", "data/imports")
SUFFIXES = {".py", ".js", ".html", ".css", ".mako", ".yml", ".tsv"}
_HAN = re.compile("[\u3400-\u9fff]")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_SHORTEST = 4
"""Letters below which an English word says nothing by itself ("own", "top", "mid")."""

_LONGEST = 5
"""Words of an English phrase that is searched for as a whole."""

EVERYDAY: Mapping[str, str] = {
    "terms of programs, pages and writing": (
        "animation apple archive bars blank board bold build buttons case chain chrome close code compact "
        "dates deep dense email entry filters fine flat full hush keyboard layout ledger linux medium "
        "memory moved natural open pack packs pair pairs paper patch photo power processor "
        "programming render rich router screen server spreadsheets stone storage storing strong style "
        "styles supply system thin thread tiny video weak wrapped zipped 备份 手机 配置 键盘"
    ),
    "how something is, whatever it is": (
        "bigger faded firm half home large loose mild milder normal quiet regular rounded silent "
        "small smaller smooth straight stronger weaker 大包装 小一点"
    ),
    "when and how often": "daily day_to_day evening every_day everyday 日常",
    "liking, picking and not finding": "half_and_half no_label nothing_in_it 口味 机器 百搭",
    "people's lives, which every shop may hear of": (
        "at_work browsing camping college cycling game gamer games gaming hiking homework party "
        "photography photos school student the_office travel traveling travelling university 上班 "
        "人工智慧 写作业 出国 开会 打机 打游戏 打电动 摄影 旅游 旅行 游戏 爬山 玩游戏 电脑 读书 露营 "
        "骑车"
    ),
    "how figures went": "rose",
    "units and wrappings that people count in": "bags mugs pound",
    "languages and countries": "mandarin taiwan",
    "words of going off, said of anything that spoils": "musty",
    "the shop a new house opens with": "coffee",
}
"""Words that a shop has too, and why they may stand in the code all the same. Blanks are written `_`."""


def pack_folders() -> list[Path]:
    return sorted(path.parent for path in SHOPS.glob("*/shop.yml"))


def plain(text: str) -> str:
    """A text as it is compared: folded, its words parted by single blanks."""
    return " ".join(re.sub(r"[_\-\s]+", " ", fold(_CAMEL.sub(" ", text))).split())


def _said(pack: ShopPack) -> Iterator[str]:
    for product in pack.products.values():
        yield from (product.id, *product.name.values())
    for name, module in pack.modules.items():
        yield from (name, *module.label.values())
        for code, option in ({} if module.number else module.options).items():
            yield from (code, *option.label.values())
    told = {name for product in pack.products.values() for name in product.attributes} | {*pack.modules}
    for topic in (pack.topics[name] for name in sorted(told & pack.topics.keys())):
        for code, value in topic.values.items():
            yield from (code, *value.label.values(), *chain(*value.words.values()))
    yield from chain(*pack.shop.sells.values(), *pack.shop.lacks.values())


@cache
def words_of(folder: Path) -> frozenset[str]:
    """The words of one shop that say something by themselves."""
    words = map(plain, _said(read_pack(folder)))
    return frozenset(word for word in words if len(word) >= (2 if _HAN.search(word) else _SHORTEST) and
                     not word.replace(" ", "").isdigit())  # fmt: skip


def own_words(folder: Path) -> frozenset[str]:
    """Without those that another shop has too."""
    others = [words_of(other) for other in pack_folders() if other != folder]
    return words_of(folder).difference(*others)


@cache
def sources() -> Mapping[str, str]:
    """All code and everything that shops share, by path."""
    paths = [path for name in (*CODE, *SHARED) for path in sorted((ROOT / name).rglob("*"))]
    found = [path for path in (*paths, ROOT / "settings.py") if path.suffix in SUFFIXES]
    return {str(path.relative_to(ROOT)): plain(path.read_text(encoding="utf-8")) for path in found}


@cache
def _runs(text: str) -> frozenset[str]:
    """Every few words of a text that stand together."""
    said = re.findall(r"[a-z0-9']+", text)
    return frozenset(" ".join(said[n : n + k]) for k in range(1, _LONGEST + 1) for n in range(len(said)))


def found_in(words: Iterable[str], texts: Mapping[str, str]) -> dict[str, list[str]]:
    """Where words occur; a word in letters has to stand alone."""
    hits: dict[str, list[str]] = {}
    words = set(words)
    han = [word for word in words if _HAN.search(word)]
    for path, text in texts.items():
        chinese = (one for one in han if one in text) if _HAN.search(text) else ()
        for word in [*(words & _runs(text)), *chinese]:
            hits.setdefault(word, []).append(path)
    return hits


def _allowed() -> frozenset[str]:
    return frozenset(word.replace("_", " ") for words in EVERYDAY.values() for word in words.split())


@pytest.mark.parametrize("folder", pack_folders(), ids=lambda folder: folder.name)
def test_no_word_of_a_shop_stands_in_the_code_or_in_what_shops_share(folder: Path) -> None:
    assert found_in(own_words(folder) - _allowed(), sources()) == {}


def test_what_is_allowed_is_found_and_no_longer_than_it_has_to_be() -> None:
    every = found_in(frozenset().union(*(own_words(folder) for folder in pack_folders())), sources())
    assert sorted(_allowed() - every.keys()) == []


@pytest.mark.parametrize(
    "text",
    ["def roast_it():", "selvedgeDenim = 1", '"""Such as 記憶體."""', "// kestrel 7", "like Espresso."],
)
def test_a_word_of_a_shop_would_be_found(text: str) -> None:
    words = [word for folder in pack_folders() for word in own_words(folder) - _allowed()]
    assert found_in(words, {"a.py": plain(text)}) != {}

"""The house rules that can be read off the source: who imports whom, and where words for people live."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml

from settings import ROOT

ARROWS = {
    "one_to_one": {"one_to_one"},
    "settings": {"settings"},
    "crm_store": {"crm_store", "one_to_one", "settings"},
    "actions": {"actions", "one_to_one", "crm_store", "settings"},
    "front": {"front", "settings"},
    # one web process serves channels and staff
    "channels": {"channels", "front", "one_to_one", "crm_store", "settings", "staff"},
    "staff": {"staff", "front", "one_to_one", "crm_store", "settings"},
    "bot": {"bot", "one_to_one.folding", "one_to_one.numerals"},
    "cli": {"cli", "actions", "channels", "staff", "one_to_one", "crm_store", "settings"},
}
"""What each room may import from the house."""

HAN = re.compile("[\u3400-\u9fff]")
TRADES = re.compile(
    r"\b(coffees?|roasts?|roaster|beans?|espresso|arabica|jeans|denim|laptops?)\b", re.IGNORECASE
)
SOURCES = [*sorted(path for room in ARROWS for path in ROOT.glob(f"{room}/**/*.py")), ROOT / "settings.py"]


def imported(tree: ast.AST) -> Iterator[str]:
    """Every module a file imports, by its full name; `from a import b` gives both `a` and `a.b`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def back_arrows(room: str, source: str) -> list[str]:
    """The imports of a file in `room` that point the wrong way."""
    ours = [name for name in imported(ast.parse(source)) if name.split(".")[0] in ARROWS]
    return [name for name in ours if not any(f"{name}.".startswith(f"{to}.") for to in ARROWS[room])]


def in_house(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def room_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", SOURCES, ids=in_house)
def test_imports_point_one_way(path: Path) -> None:
    assert back_arrows(room_of(path), path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("room", "source"),
    [
        ("one_to_one", "from crm_store.store import Store"),
        ("one_to_one", "import settings"),
        ("crm_store", "def late():\n    import actions.turn"),
        ("actions", "from channels import turns"),
        ("channels", "import actions"),
        ("front", "from staff import pages"),
        ("bot", "from one_to_one.facts import Fact"),
        ("bot", "from one_to_one import folding, facts"),
    ],
)
def test_a_back_arrow_is_found(room: str, source: str) -> None:
    assert len(back_arrows(room, source)) == 1


@pytest.mark.parametrize(
    ("room", "source"),
    [
        ("one_to_one", "from one_to_one.facts import Fact\nimport json"),
        ("actions", "from crm_store.store import Store"),
        ("bot", "from one_to_one.folding import fold"),
        ("bot", "from one_to_one import folding"),
        ("cli", "import crm_store, actions.desk"),
    ],
)
def test_arrows_that_point_down_are_fine(room: str, source: str) -> None:
    assert back_arrows(room, source) == []


@pytest.mark.parametrize("path", SOURCES, ids=in_house)
def test_chinese_words_live_in_data_not_in_code(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [f"{number}: {line}" for number, line in enumerate(lines, 1) if HAN.search(line)] == []


@pytest.mark.parametrize("path", SOURCES, ids=in_house)
def test_no_trade_of_a_shop_is_in_the_code(path: Path) -> None:
    names = [node.id for node in ast.walk(_tree(path)) if isinstance(node, ast.Name)]
    words = [node.value for node in ast.walk(_tree(path)) if isinstance(node, ast.Constant)]
    said = [word for word in words if isinstance(word, str) and word not in _docstrings(path)]
    allowed = {"coffee"} if in_house(path) == "settings.py" else set()  # the default shop
    assert [text for text in names + said if TRADES.search(text) and text not in allowed] == []


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def _docstrings(path: Path) -> set[str]:
    """Every string that stands alone as a statement."""
    alone = (node.value for node in ast.walk(_tree(path)) if isinstance(node, ast.Expr))
    return {
        value.value for value in alone if isinstance(value, ast.Constant) and isinstance(value.value, str)
    }


def keys(branch: object, name: str = "") -> set[str]:
    """The paths of all leaves; a list (variants of one text) is a leaf."""
    if isinstance(branch, dict):
        return {key for child in branch for key in keys(branch[child], f"{name}.{child}")}
    return {name}


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
def test_every_language_has_the_same_texts(language: str) -> None:
    assert texts(language) == texts("zh-Hant")


def texts(language: str) -> dict[str, set[str]]:
    """The keys of each file of a language."""
    folder = ROOT / "data" / "texts" / language
    return {
        path.name: keys(yaml.safe_load(path.read_text(encoding="utf-8"))) for path in folder.glob("*.yml")
    }


def test_there_are_texts_to_compare() -> None:
    assert texts("zh-Hant")


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
def test_every_text_has_the_same_places_to_fill_in_every_language(language: str) -> None:
    assert places(language) == places("zh-Hant")


def places(language: str) -> dict[str, set[str]]:
    """The names in braces of each text, by file and key; every variant counts."""
    found: dict[str, set[str]] = {}
    for path in (ROOT / "data" / "texts" / language).glob("*.yml"):
        for key, words in leaves(yaml.safe_load(path.read_text(encoding="utf-8")), path.stem):
            found.setdefault(key, set()).update(re.findall(r"{(\w*)", words))
    return found


def leaves(branch: object, name: str) -> Iterator[tuple[str, str]]:
    if isinstance(branch, dict):
        for child in branch:
            yield from leaves(branch[child], f"{name}.{child}")
    elif isinstance(branch, list):
        for words in branch:
            yield name, str(words)
    else:
        yield name, str(branch)

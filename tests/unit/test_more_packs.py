"""The two shops that are nothing like the first: jeans and computers."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache

import pytest
import yaml

from data.shops.computer.draw import picture as drawn_machine
from data.shops.jeans.draw import pair, wash_of
from one_to_one.configuring.workshop import workshop_of
from one_to_one.folding import SIMPLIFIED_FORMS
from one_to_one.language import Language
from one_to_one.pack import check_pack, read_pack
from one_to_one.rules import NONE, Rows
from one_to_one.shop import ShopPack
from settings import ROOT

SHOPS = ROOT / "data" / "shops"
NAMES = ["jeans", "computer"]
_ONLY_TRADITIONAL = set(SIMPLIFIED_FORMS) - set(SIMPLIFIED_FORMS.values()) - {"么"}


@cache
def pack_of(name: str) -> ShopPack:
    return read_pack(SHOPS / name)


@pytest.mark.parametrize("name", NAMES)
def test_the_pack_has_no_problem(name: str) -> None:
    assert check_pack(SHOPS / name) == []


def test_there_are_227_sizes_of_waist_and_hip_in_25_lengths() -> None:
    with (SHOPS / "jeans" / "sizes.csv").open(encoding="utf-8", newline="") as file:
        assert len({tuple(row) for row in csv.reader(file)} - {("waist", "hip")}) == 227
    assert len(set(pack_of("jeans").modules["leg"].options) - {NONE}) == 25


@pytest.mark.parametrize(("name", "count"), [("jeans", 2_682_866_880), ("computer", 4_136_565_384)])
def test_so_many_different_things_can_be_made(name: str, count: int) -> None:
    pack = pack_of(name)
    assert sum(workshop_of(pack).count(product) for product in pack.products) == count


def test_so_many_jeans_have_all_their_measures() -> None:
    """The same without those that are measured first."""
    pack = pack_of("jeans")
    measures = ("waist", "hip", "leg")
    modules = {
        name: replace(module, options={code: one for code, one in module.options.items() if code != NONE},
                      optional=False, default=min(set(module.options) - {NONE}))
        if name in measures else module
        for name, module in pack.modules.items()
    }  # fmt: skip
    rules = tuple(
        replace(rule, rows=tuple(row for row in rule.rows if NONE not in row))
        if isinstance(rule, Rows)
        else rule
        for rule in pack.rules
    )
    given = replace(pack, modules=modules, rules=rules)
    assert sum(workshop_of(given).count(product) for product in given.products) == 2_111_194_432


def test_the_jeans_are_counted_right() -> None:
    """A pair in two cloths by hand: sizes times lengths and hems, times what cloths and washes allow."""
    lengths_and_hems = 4 * 26 + 22  # one length more: that it is measured first
    sizes = 227 + 23 + 26 + 1  # and so for the waist, the hip or both
    cloth = {"power": 0, "light": 0}
    for fabric, washes in (("power", "rinse stone faded black"), ("light", "rinse faded black ecru")):
        for wash in washes.split():
            patches = 2 if wash == "faded" else 4
            threads, metals = (2, 3) if wash == "ecru" else (3, 4)
            cloth[fabric] += patches * threads * metals
    pockets, packaging = 3, 2
    hems = {"power": lengths_and_hems - 26, "light": lengths_and_hems - 26}
    by_hand = sum(sizes * hems[fabric] * cloth[fabric] * pockets * packaging for fabric in cloth)
    assert workshop_of(pack_of("jeans")).count("cloud_travel") == by_hand


def test_body_measures_need_consent_and_are_asked_with_a_way_out() -> None:
    topics = pack_of("jeans").topics
    assert {name for name, topic in topics.items() if topic.sensitive} == {"waist", "hip", "leg", "avoid"}
    assert all("fine not to say" in topics[name].question[Language.ENGLISH][1] for name in ("waist", "hip"))


@pytest.mark.parametrize(
    ("rule", "product", "picks"),
    [
        ("socket_kestrel", "forge", {"processor": "kestrel7", "board": "h_full"}),
        ("slots", "pebble_plus", {"memory": "128"}),
        ("power", "lantern", {"processor": "kestrel7", "graphics": "mid", "supply": "p300"}),
        ("card_length", "darkroom", {"graphics": "high"}),
        ("picture", "classroom", {"processor": "heron5", "graphics": "builtin"}),
        ("heat", "colossus", {"processor": "heron9", "cooling": "tower"}),
        ("outputs", "ledger", {"screen": "s24+s27+s27k", "graphics": "builtin"}),
    ],
)
def test_what_does_not_fit_is_never_left(rule: str, product: str, picks: dict[str, str]) -> None:
    pack = pack_of("computer")
    assert rule in {one.id for one in pack.rules}
    *first, (name, code) = picks.items()
    left = workshop_of(pack).left(product, dict(first))
    assert not set(code.split("+")) <= set(left[name])
    assert workshop_of(pack).best(product=product, picks=picks) is None


@pytest.mark.parametrize("name", NAMES)
def test_everything_in_stock_can_be_made(name: str) -> None:
    pack = pack_of(name)
    made = [workshop_of(pack).best(product=one.id) for one in pack.products.values() if one.stock]
    assert None not in made
    assert all(one.price > one.cost for one in made if one is not None)


def _texts(pack: ShopPack) -> Iterator[str]:
    for topic in pack.topics.values():
        yield from topic.question[Language.SIMPLIFIED]
        yield topic.why[Language.SIMPLIFIED]
        yield from (value.label[Language.SIMPLIFIED] for value in topic.values.values())
    for product in pack.products.values():
        yield product.name[Language.SIMPLIFIED]
        yield product.note[Language.SIMPLIFIED]
    for module in pack.modules.values():
        yield from (option.label[Language.SIMPLIFIED] for option in module.options.values() if option.label)
    yield from (rule.why[Language.SIMPLIFIED] for rule in pack.rules)


@pytest.mark.parametrize("name", NAMES)
def test_simplified_texts_are_simplified(name: str) -> None:
    assert [text for text in _texts(pack_of(name)) if set(text) & _ONLY_TRADITIONAL] == []


def test_parts_are_called_as_each_region_calls_them() -> None:
    modules = pack_of("computer").modules
    called = {name: (modules[name].label[Language.TRADITIONAL], modules[name].label[Language.SIMPLIFIED])
              for name in ("memory", "screen", "mouse")}  # fmt: skip
    assert called == {"memory": ("記憶體", "内存"), "screen": ("螢幕", "显示器"), "mouse": ("滑鼠", "鼠标")}


def _jeans(product: dict[str, dict[str, list[str]]]) -> str:
    said = {name: str(value) for name, value in product["attributes"].items()}
    return pair(said["fit"], said["shape"], said["rise"], wash_of(product))


@pytest.mark.parametrize(("name", "draw"), [("jeans", _jeans), ("computer", drawn_machine)])
def test_pictures_are_those_the_script_draws(name: str, draw: Callable[..., str]) -> None:
    catalogue = yaml.safe_load((SHOPS / name / "catalogue.yml").read_text(encoding="utf-8"))
    for product_id, product in catalogue["products"].items():
        kept = (SHOPS / name / "images" / f"{product_id}.svg").read_text(encoding="utf-8")
        assert kept == draw(product)
        assert not re.search("<text|<script|href=.(?!#)", kept)

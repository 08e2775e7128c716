"""The default shop is what the design says it is, and what its sources say."""

from __future__ import annotations

import csv
import itertools
import re
from functools import cache
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import yaml

from channels.pictures import png
from data.shops.coffee.draw import bag
from one_to_one.folding import SIMPLIFIED_FORMS, fold
from one_to_one.language import Language
from one_to_one.pack import check_pack, read_pack
from one_to_one.pricing import margin
from one_to_one.shop import Product, ShopPack, Topic, TopicKind
from settings import ROOT

FOLDER = ROOT / "data" / "shops" / "coffee"
LOTS = FOLDER / "lots.csv"

CODES = {
    "roast": "light medium dark",
    "strength": "mild medium strong",
    "acidity": "low medium high",
    "body": "light medium full",
    "flavour": "fruity floral citrus nutty chocolate caramel spicy earthy",
    "origin": "ethiopia kenya colombia brazil guatemala costa_rica panama indonesia yunnan taiwan",
    "process": "washed natural honey",
    "brew": "espresso pour_over french_press moka drip_machine cold_brew aeropress capsule",
    "grind": "whole_bean coarse medium fine",
    "milk": "black dairy oat soy",
    "sweetener": "none some sweet",
    "caffeine": "full half decaf",
    "avoid": "nuts dairy soy gluten",
    "bag_size": "250 500 1000",
    "rhythm": "weekly biweekly monthly",
    "packaging": "plain gift",
    "invoice": "personal company",
    "reason": "energy taste ritual gift office",
    "elsewhere": "none some half most",
}
OPEN = {
    "cups_per_day": TopicKind.NUMBER,
    "budget": TopicKind.MONEY,
    "occasion": TopicKind.OCCASIONS,
    "name": TopicKind.NAME,
    "household": TopicKind.HOUSEHOLD,
    "hobby": TopicKind.PASTIMES,
}
SEVERAL = {"flavour", "origin", "brew", "avoid"}
MADE_OF = ["roast", "strength", "acidity", "body", "flavour", "origin", "process", "brew", "milk", "caffeine"]
"""What the design lists as topics that products differ in."""


@cache
def coffee() -> ShopPack:
    return read_pack(FOLDER)


def products() -> list[Product]:
    return list(coffee().products.values())


def test_the_default_shop_has_no_problem() -> None:
    assert check_pack(FOLDER) == []


def test_the_topics_and_their_codes_are_those_of_the_design() -> None:
    listed = {topic.name: " ".join(topic.values) for topic in coffee().topics.values() if topic.values}
    others = {topic.name: topic.kind for topic in coffee().topics.values() if not topic.values}
    assert (listed, others) == (CODES, OPEN)
    assert {t.name for t in coffee().topics.values() if t.kind is TopicKind.CHOICES} == SEVERAL


def test_only_what_to_avoid_needs_consent() -> None:
    assert [topic.name for topic in coffee().topics.values() if topic.sensitive] == ["avoid"]


def test_there_are_at_least_forty_coffees() -> None:
    assert len(products()) >= 40


@pytest.mark.parametrize("topic", MADE_OF)
def test_every_value_is_that_of_several_coffees(topic: str) -> None:
    held = [code for product in products() for code in product.attributes.get(topic, ())]
    few = {code: held.count(code) for code in coffee().topics[topic].values if held.count(code) < 3}
    assert few == {}


def test_the_modules_choose_bag_grind_and_packaging() -> None:
    assert {name: module.default for name, module in coffee().modules.items()} == {
        "bag_size": "250",
        "grind": "whole_bean",
        "packaging": "plain",
    }


@pytest.mark.parametrize("product", products(), ids=lambda product: product.id)
def test_every_configuration_earns_something(product: Product) -> None:
    for module in coffee().modules.values():
        for code in module.options:
            assert margin(coffee(), product, {module.topic: code}) > 0


def test_prices_are_those_of_a_good_roaster() -> None:
    assert all(300 <= product.price <= 900 for product in products())
    assert all(0.4 < product.cost / product.price < 0.65 for product in products())


def test_some_coffees_are_scarce_and_some_are_gone() -> None:
    stocks = sorted(product.stock for product in products())
    assert stocks[:2] == [0, 0]
    assert 0 < stocks[4] < 10 < stocks[len(stocks) // 2]


@pytest.mark.parametrize("product", products(), ids=lambda product: product.id)
def test_names_and_notes_are_in_their_own_script(product: Product) -> None:
    for text in (product.name, product.note):
        simplified = text[Language.SIMPLIFIED]
        assert not [character for character in simplified if character in _ONLY_TRADITIONAL]
        assert text[Language.TRADITIONAL] != text[Language.ENGLISH]
        assert not re.search("[\u3400-\u9fff]", text[Language.ENGLISH])
        assert not text[Language.ENGLISH].endswith(".")
        assert not text[Language.TRADITIONAL].endswith("。")


_ONLY_TRADITIONAL = set(SIMPLIFIED_FORMS) - set(SIMPLIFIED_FORMS.values()) - {"么"}


def test_names_and_notes_are_not_repeated() -> None:
    for language in Language:
        assert len({product.name[language] for product in products()}) == len(products())
        assert len({product.note[language] for product in products()}) == len(products())


@cache
def lots() -> dict[str, dict[str, str]]:
    """The lots the coffees are made from, as the sources have them, by kind of tree and row."""
    with LOTS.open(encoding="utf-8", newline="") as file:
        return {row["lot"]: row for row in csv.DictReader(file)}


def test_every_coffee_names_a_lot_of_its_own() -> None:
    named = [re.match(r"(arabica|robusta) \d+ · .+ · .+ · .+ · [\d.]+ points$", p.source) for p in products()]
    assert all(named)
    assert len({product.source for product in products()}) == len(products())


def test_the_sources_licence_is_in_the_pack() -> None:
    credit = coffee().shop.credits[0]
    assert credit.licence == "MIT"
    assert "Copyright (c) 2018 James LeDoux" in (FOLDER / credit.notice).read_text(encoding="utf-8")


PROCESSES = {
    "Washed / Wet": ("washed",),
    "Natural / Dry": ("natural",),
    "Semi-washed / Semi-pulped": ("honey",),
    "Pulped natural / honey": ("honey",),
}
ORIGINS = {"China": ("yunnan",), "India": (), "Uganda": ()}


@pytest.mark.parametrize("product", products(), ids=lambda product: product.id)
def test_a_coffee_is_what_its_lot_was(product: Product) -> None:
    lot = lots()[product.source.split(" · ")[0]]
    country, process = lot["country"], lot["process"]
    assert product.attributes.get("process", ()) == PROCESSES.get(process, ())
    assert product.attributes.get("origin", ()) == ORIGINS.get(country, (country.lower().replace(" ", "_"),))
    assert f" · {country} · " in product.source
    assert product.source.endswith(f" · {lot['points']} points")


@pytest.mark.parametrize("product", products(), ids=lambda product: product.id)
def test_acidity_and_body_follow_the_lots_scores(product: Product) -> None:
    lot = lots()[product.source.split(" · ")[0]]
    for topic in ("acidity", "body"):
        if lot[topic]:
            (code,) = product.attributes[topic]
            assert abs(list(coffee().topics[topic].values).index(code) - third(float(lot[topic]))) <= 1


def third(score: float) -> int:
    """Which third of all lots a cupping score falls in: 0, 1 or 2."""
    return (score > 7.42) + (score > 7.67)


def choice_topics() -> list[Topic]:
    return [topic for topic in coffee().topics.values() if topic.values]


@pytest.mark.parametrize("topic", choice_topics(), ids=lambda topic: topic.name)
def test_no_word_means_two_values_of_a_topic(topic: Topic) -> None:
    owner: dict[str, str] = {}
    for value in topic.values.values():
        for word in itertools.chain(*value.words.values(), *value.short.values()):
            assert owner.setdefault(fold(word), value.code) == value.code, word


@pytest.mark.parametrize("topic", choice_topics(), ids=lambda topic: topic.name)
def test_what_a_button_says_can_be_typed_too(topic: Topic) -> None:
    labels = {(value.code, fold(label)) for value in topic.values.values() for label in value.label.values()}
    for code, label in labels:
        others = [value for value in topic.values.values() if value.code != code]
        heard = [word for value in others for tongue in ("zh", "en") for word in value.words[tongue]]
        assert label not in map(fold, heard)


@pytest.mark.parametrize("language", Language)
def test_a_label_stands_alone(language: Language) -> None:
    """ "Noted: bright acidity", not "Noted: high": what it is about is clear without its question."""
    values = [v for t in choice_topics() if not t.sensitive for v in t.values.values()]
    labels = [value.label[language] for value in values]
    assert [label for label in labels if labels.count(label) > 1] == []
    assert set(labels).isdisjoint({"light", "medium", "dark", "low", "high", "none", "some", "half", "most"})


@pytest.mark.parametrize("topic", choice_topics(), ids=lambda topic: topic.name)
def test_one_character_alone_is_a_word_only_where_it_is_plain(topic: Topic) -> None:
    """A bare "medium" or "big" says nothing in a sentence: such words belong to `short`."""
    single = {word for value in topic.values.values() for word in value.words["zh"] if len(word) == 1}
    assert single <= set("酸苦濃淡橙莓奶糖🥛")


@pytest.mark.parametrize(
    ("topic", "code", "words"),
    [
        ("origin", "ethiopia", ["衣索比亞", "埃塞俄比亚", "耶加雪菲", "ethiopian"]),
        ("origin", "guatemala", ["瓜地馬拉", "危地马拉", "antigua"]),
        ("milk", "soy", ["豆漿", "豆奶", "soy milk"]),
        ("milk", "dairy", ["牛奶", "拿鐵", "latte"]),
        ("milk", "oat", ["燕麥奶", "oat milk", "oatmilk"]),
        ("milk", "black", ["黑咖啡", "不加奶", "齋啡", "black coffee"]),
        ("acidity", "high", ["酸", "果酸", "sour", "acidic"]),
        ("roast", "light", ["淺焙", "浅烘", "light roast", "lightly roasted", "blonde"]),
        ("roast", "dark", ["苦", "深焙", "bitter", "dark roast"]),
        ("brew", "pour_over", ["手沖", "掛耳", "濾掛", "v60", "pourover"]),
        ("brew", "espresso", ["義式", "意式", "expresso"]),
        ("bag_size", "250", ["半磅", "half a pound"]),
        ("bag_size", "1000", ["一公斤", "1kg"]),
        ("process", "natural", ["日曬", "日晒", "sun-dried"]),
        ("grind", "whole_bean", ["整豆", "whole beans"]),
    ],
)
def test_words_of_every_region_are_known(topic: str, code: str, words: list[str]) -> None:
    value = coffee().topics[topic].values[code]
    known = {fold(word) for tongue in ("zh", "en") for word in value.words[tongue]}
    assert {fold(word) for word in words} <= known


def test_every_question_has_two_wordings_and_says_what_it_is_for() -> None:
    for topic in coffee().topics.values():
        for language in Language:
            assert len(set(topic.question[language])) >= 2
            assert len(topic.question[language][0]) <= (60 if language is not Language.ENGLISH else 110)
            assert not topic.why[language].endswith((".", "。"))


def test_no_text_pushes() -> None:
    """voice.md, 8: no invented scarcity, no exclamation marks."""
    pushing = re.compile("[!！]|最後|限量|搶|only .* left|hurry|last chance", re.IGNORECASE)
    said = [text for p in products() for text in (*p.name.values(), *p.note.values())]
    said += [wording for t in coffee().topics.values() for ws in t.question.values() for wording in ws]
    assert [text for text in said if pushing.search(text)] == []


PICTURES = sorted((FOLDER / "images").glob("*.svg"))


def test_every_coffee_has_its_picture() -> None:
    assert {f"images/{path.name}" for path in PICTURES} == {product.image for product in products()}


@pytest.mark.parametrize("path", PICTURES, ids=lambda path: path.stem)
def test_a_picture_is_small_and_holds_nothing_but_shapes(path: Path) -> None:
    assert path.stat().st_size < 8_000
    for element in ET.parse(path).iter():  # noqa: S314 - our own files
        assert element.tag.split("}")[1] in {"svg", "defs", "g", "path", "use", "rect", "circle", "ellipse"}
        for name, value in element.attrib.items():
            assert not name.lower().startswith("on")
            assert name != "href" or value.startswith("#")
            assert "url(" not in value


def test_the_pictures_are_those_the_script_draws() -> None:
    catalogue = yaml.safe_load((FOLDER / "catalogue.yml").read_text(encoding="utf-8"))
    for path in PICTURES:
        drawn = bag(catalogue["products"][path.stem]["attributes"])
        assert path.read_text(encoding="utf-8") == drawn, "run data/shops/coffee/draw.py"


def test_a_picture_can_be_drawn_for_channels_without_svg() -> None:
    assert png(PICTURES[0]).startswith(b"\x89PNG")

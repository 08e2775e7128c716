"""Reading and checking shop packs: everything about a shop is data, written by people.

One reader does both jobs: it goes on after a mistake, so that all of them are found at once, and a pack with
a mistake never reaches a customer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from one_to_one.errors import BadPack, UnknownShop
from one_to_one.pack.catalogue_file import read_catalogue
from one_to_one.pack.drawing_file import read_drawing
from one_to_one.pack.making import check_making
from one_to_one.pack.places import Report
from one_to_one.pack.problems import Problem, nearest
from one_to_one.pack.shop_file import read_shop
from one_to_one.pack.talk_files import check_talk
from one_to_one.pack.topics_file import FILE as TOPICS
from one_to_one.pack.topics_file import line_of, read_topics
from one_to_one.shop import Module, ShopPack, Topic, Value

__all__ = ["Problem", "check_pack", "read_pack"]


def read_pack(folder: Path) -> ShopPack:
    """The shop pack in a folder.

    Raises UnknownShop when there is no such folder and BadPack when anything is wrong with what it holds.
    """
    report = Report()
    pack = _read(report, folder)
    if report.problems:
        raise BadPack(folder=folder, count=len(report.first()))
    return pack


def check_pack(folder: Path) -> list[Problem]:
    """Everything that is wrong with a pack, by file and line; empty when it can be used.

    While a file can't be read at all, that alone.

    Raises UnknownShop when there is no such folder.
    """
    report = Report()
    _read(report, folder)
    return sorted(report.first())


def _read(report: Report, folder: Path) -> ShopPack:
    if not folder.is_dir():
        raise UnknownShop(folder=folder, known=_known_shops())
    shop = read_shop(report, folder)
    topics = read_topics(report, folder, shop.languages)
    made = read_catalogue(report, folder, shop.languages, topics)
    _check_meant(report, folder, topics, made.modules)
    drawing = read_drawing(report, folder, topics, made.modules, made.products)
    check_talk(report, folder)
    pack = ShopPack(
        folder, shop, topics, made.products, made.modules, made.offers, drawing, made.rules, made.headings
    )
    if not report.problems:
        check_making(pack, made.places)
    return pack


def _check_meant(
    report: Report, folder: Path, topics: Mapping[str, Topic], modules: Mapping[str, Module]
) -> None:
    """Whether what values mean for choices, rule out of them or leave of them is there to be chosen."""
    for topic in topics.values():
        for value in topic.values.values():
            for key, text in _amiss_of(value, topic.name, modules):
                report.add(TOPICS, line_of(folder, topic.name, value.code, key), text)


def _amiss_of(value: Value, topic: str, modules: Mapping[str, Module]) -> Iterator[tuple[str, str]]:
    """The key of a value under which something is wrong, and what."""
    for name, code in value.implies.items():
        if name not in modules or code not in modules[name].options:
            text = f"`{value.code}` of {topic} implies `{code}` of `{name}`, which is no option."
            yield "implies", text
    for key, bound in (
        ("rules_out", value.rules_out),
        ("leaves", value.leaves),
        ("calls_for", value.calls_for),
    ):
        for name, codes in bound.items():
            said = f"`{value.code}` of {topic}, `{key}`: "
            yield from ((key, said + text) for text in _amiss(name, codes, key, modules))


def _amiss(name: str, codes: Sequence[str], key: str, modules: Mapping[str, Module]) -> Iterator[str]:
    if name not in modules:
        yield f"`{name}` is not a module of this shop. {nearest(name, modules)}"
        return
    options = modules[name].options
    for code in codes:
        if code not in options:
            yield f"`{code}` is not an option of {name}. {nearest(code, options)}"
    left = set(options) - set(codes) if key == "rules_out" else set(codes) & set(options)
    if not left and not modules[name].optional:
        yield f"nothing is left of {name}: nothing could be made for whoever says so."


def _known_shops() -> str:
    shops = Path(__file__).resolve().parents[2] / "data" / "shops"
    return ", ".join(sorted(path.parent.name for path in shops.glob("*/shop.yml"))) or "none"

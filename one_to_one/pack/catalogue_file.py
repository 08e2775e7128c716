"""Reading `catalogue.yml`: what the shop makes, and what can be chosen about it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from one_to_one.language import Language
from one_to_one.pack.files import open_file
from one_to_one.pack.offers import read_offer
from one_to_one.pack.places import Place, Report
from one_to_one.pack.problems import nearest
from one_to_one.pack.shop_file import file_below, in_languages
from one_to_one.replies import PAYLOAD_BYTES
from one_to_one.shop import Module, Offer, Option, Product, Topic

FILE = "catalogue.yml"

_PRODUCT_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_PRODUCT = ("name", "note", "attributes", "price", "cost", "stock", "lead_days")
_LONGEST_ORDER = "9" * 10

type Made = tuple[dict[str, Product], dict[str, Module], dict[str, Offer]]


def read_catalogue(
    report: Report, folder: Path, languages: Sequence[Language], topics: Mapping[str, Topic]
) -> Made:
    """The products by id, the modules by topic and the offers by id, in the order of the file."""
    whole = open_file(report, folder, FILE)
    found = whole.fields(("products",), ("modules", "offers"))
    modules = {
        name: _module(name, place, languages, topics)
        for name, place in found["modules"].entries()
        if _is_listed(name, place, topics, "A module")
    }
    products = {
        name: _product(name, place, folder, languages, topics) for name, place in found["products"].entries()
    }
    if not products and not found["products"].missing:
        found["products"].wrong("The shop makes nothing; describe at least one product.")
    offers = {
        name: read_offer(name, place, products, modules, languages)
        for name, place in found["offers"].entries()
    }
    return products, modules, offers


def _is_listed(name: str, place: Place, topics: Mapping[str, Topic], what: str) -> bool:
    """Whether there is a topic of this name that has values; reported otherwise."""
    if name in topics and topics[name].values:
        return True
    listed = [topic.name for topic in topics.values() if topic.values]
    reason = "has no values" if name in topics else "is not a topic of topics.yml"
    place.wrong(f"{what} is named after a topic, and `{name}` {reason}. {nearest(name, listed)}")
    return False


def _module(name: str, place: Place, languages: Sequence[Language], topics: Mapping[str, Topic]) -> Module:
    found = place.fields(("label", "options", "default"), ("once",))
    options = {
        code: _option(name, code, inner, languages, topics[name])
        for code, inner in found["options"].entries()
    }
    if len(options) < 2 and not found["options"].missing:
        found["options"].wrong(f"The module {name} needs at least two options to choose from.")
    default = found["default"].code()
    if default and options and default not in options:
        found["default"].wrong(
            f"The default `{default}` is not an option of {name}. {nearest(default, options)}"
        )
    return Module(name, in_languages(found["label"], languages), options, default, found["once"].flag())


def _option(module: str, code: str, place: Place, languages: Sequence[Language], topic: Topic) -> Option:
    if code not in topic.values:
        place.wrong(f"`{code}` is not a value of {module}. {nearest(code, topic.values)}")
    payload = f"option:{_LONGEST_ORDER}:{module}:{code}"
    if len(payload.encode()) > PAYLOAD_BYTES:
        place.wrong(f"`{payload}` is longer than the {PAYLOAD_BYTES} bytes a button can carry; shorten it.")
    found = place.fields((), ("label", "factor", "price", "cost"))
    factor, price, cost = found["factor"].amount(default="1"), found["price"].amount(), found["cost"].amount()
    if factor == 0:
        found["factor"].wrong(f"The factor of {code} can't be 0: everything would cost nothing.")
    if price < cost:
        place.wrong(f"The option {code} adds {price} to the price and {cost} to the cost: that loses money.")
    if found["label"].missing:
        label = topic.values[code].label if code in topic.values else {}
    else:
        label = in_languages(found["label"], languages)
    return Option(code, label, factor, price, cost)


def _product(
    name: str,
    place: Place,
    folder: Path,
    languages: Sequence[Language],
    topics: Mapping[str, Topic],
) -> Product:
    if not _PRODUCT_ID.fullmatch(name):
        place.wrong(f"`{name}` can't be the id of a product: use a-z, 0-9, _ and -, at most 40.")
    found = place.fields(_PRODUCT, ("image", "source"))
    price, cost = found["price"].amount(), found["cost"].amount()
    _check_price(name, found, price, cost)
    return Product(
        id=name,
        name=in_languages(found["name"], languages),
        note=in_languages(found["note"], languages),
        attributes=_attributes(found["attributes"], topics),
        price=price,
        cost=cost,
        stock=found["stock"].whole(),
        lead_days=found["lead_days"].whole(most=365),
        image=file_below(found["image"], folder),
        source=found["source"].words(),
    )


def _check_price(name: str, found: Mapping[str, Place], price: Decimal, cost: Decimal) -> None:
    if found["price"].missing or found["cost"].missing:
        return
    if price <= 0:
        found["price"].wrong(f"The price of {name} is {price}; it has to be more than nothing.")
    elif price < cost:
        found["price"].wrong(f"The price of {name} is {price}, below its cost of {cost}.")


def _attributes(place: Place, topics: Mapping[str, Topic]) -> dict[str, tuple[str, ...]]:
    return {
        name: tuple(filter(None, (_attribute(name, item, topics[name]) for item in inner.items())))
        for name, inner in place.entries()
        if _is_listed(name, inner, topics, "An attribute")
    }


def _attribute(name: str, item: Place, topic: Topic) -> str:
    return item.one_of(topic.values, f"a value of {name}")

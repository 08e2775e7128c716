"""Reading `catalogue.yml`: what the shop makes, and what can be chosen about it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from one_to_one.language import Language
from one_to_one.pack.files import open_file
from one_to_one.pack.making import Places
from one_to_one.pack.modules import read_availability, read_has, read_module
from one_to_one.pack.offers import read_offer
from one_to_one.pack.places import Place, Report
from one_to_one.pack.problems import nearest
from one_to_one.pack.rules import RuleReader
from one_to_one.pack.shop_file import file_below, in_languages
from one_to_one.rules import Rule
from one_to_one.shop import Heading, Module, Offer, Product, QuantityPrice, Topic

FILE = "catalogue.yml"

_PRODUCT_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_PRODUCT = ("name", "note", "attributes", "price", "cost", "stock", "lead_days")
_PERHAPS = ("image", "source", "quantity_prices", "options", "has", "from", "until", "groups")


@dataclass(frozen=True, slots=True)
class Made:
    """What the shop makes; everything in the order of the file."""

    products: Mapping[str, Product]  # by id
    modules: Mapping[str, Module]  # by name
    offers: Mapping[str, Offer]  # by id
    rules: tuple[Rule, ...]
    headings: tuple[Heading, ...]
    places: Places  # where all that stands


def read_catalogue(
    report: Report, folder: Path, languages: Sequence[Language], topics: Mapping[str, Topic]
) -> Made:
    """The products, the modules, the offers and the rules."""
    whole = open_file(report, folder, FILE)
    found = whole.fields(("products",), ("modules", "headings", "offers", "rules"))
    ids = [name for name, _ in found["products"].entries()]
    modules = {
        name: read_module(name, place, languages, topics, ids) for name, place in found["modules"].entries()
    }
    products = {
        name: _product(name, place, folder, languages, topics, modules)
        for name, place in found["products"].entries()
    }
    if not products and not found["products"].missing:
        found["products"].wrong("The shop makes nothing; describe at least one product.")
    offers = {
        name: read_offer(name, place, products, modules, languages)
        for name, place in found["offers"].entries()
    }
    rules, where = RuleReader(folder, products, modules, languages).read(found["rules"])
    headings = _headings(found["headings"], modules, languages)
    places = Places(dict(found["products"].entries()), _option_places(found["modules"], modules), where)
    return Made(products, modules, offers, rules, headings, places)


def _headings(
    place: Place, modules: Mapping[str, Module], languages: Sequence[Language]
) -> tuple[Heading, ...]:
    """What modules are told under; each under one."""
    headings: list[Heading] = []
    taken = set[str]()
    for item in place.items():
        found = item.fields(("label", "modules"))
        names = [one.one_of(modules, "a module of this shop") for one in found["modules"].items()]
        for name in taken.intersection(names):
            found["modules"].wrong(f"`{name}` stands under two headings; keep one.")
        taken.update(names)
        label = in_languages(replace(found["label"], called="`label` of a heading"), languages)
        headings.append(Heading(label, tuple(filter(None, names))))
    return tuple(headings)


def _option_places(place: Place, modules: Mapping[str, Module]) -> dict[tuple[str, str], Place]:
    """Where each option stands; a number stands where its module does."""
    places = {}
    for name, inner in place.entries():
        listed = dict(dict(inner.entries()).get("options", inner).entries())
        for code in modules[name].options:
            places[name, code] = listed.get(code, inner)
    return places


def _is_listed(name: str, place: Place, topics: Mapping[str, Topic], what: str) -> bool:
    """Whether there is a topic of this name that has values; reported otherwise."""
    if name in topics and topics[name].values:
        return True
    listed = [topic.name for topic in topics.values() if topic.values]
    reason = "has no values" if name in topics else "is not a topic of topics.yml"
    place.wrong(f"{what} is named after a topic, and `{name}` {reason}. {nearest(name, listed)}")
    return False


def _product(
    name: str,
    place: Place,
    folder: Path,
    languages: Sequence[Language],
    topics: Mapping[str, Topic],
    modules: Mapping[str, Module],
) -> Product:
    if not _PRODUCT_ID.fullmatch(name):
        place.wrong(f"`{name}` can't be the id of a product: use a-z, 0-9, _ and -, at most 40.")
    found = place.fields(_PRODUCT, _PERHAPS)
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
        quantity_prices=_quantity_prices(name, found["quantity_prices"], price, cost),
        options=_narrowed(name, found["options"], modules),
        has=read_has(found["has"]),
        availability=read_availability(name, found),
    )


def _quantity_prices(name: str, place: Place, price: Decimal, cost: Decimal) -> tuple[QuantityPrice, ...]:
    steps: list[QuantityPrice] = []
    for item in place.items():
        found = item.fields(("from", "factor"))
        least, factor = found["from"].whole(2), found["factor"].amount(default="1")
        if steps and least <= steps[-1].least:
            found["from"].wrong(f"The prices of {name} by quantity begin at {least} after {steps[-1].least}.")
        if factor > 1:
            found["factor"].wrong(f"Buying {least} of {name} makes each dearer: the factor is above 1.")
        elif price * factor < cost:
            found["factor"].wrong(f"{least} of {name} cost {price * factor} each, below the cost of {cost}.")
        steps.append(QuantityPrice(least, factor))
    return tuple(steps)


def _narrowed(name: str, place: Place, modules: Mapping[str, Module]) -> dict[str, tuple[str, ...]]:
    """The only options there are of some modules for this product."""
    narrowed = {}
    for module, inner in place.entries():
        if module not in modules:
            inner.wrong(f"`{module}` is not a module of this shop. {nearest(module, modules)}")
            continue
        if modules[module].products and name not in modules[module].products:
            inner.wrong(f"{name} has no {module}: its `products` don't name it.")
            continue
        codes = [item.one_of(modules[module].options, f"an option of {module}") for item in inner.items()]
        if not codes:
            inner.wrong(f"{inner.called} leaves nothing to choose.")
        if any(codes):
            narrowed[module] = tuple(dict.fromkeys(filter(None, codes)))
    return narrowed


def _check_price(name: str, found: Mapping[str, Place], price: Decimal, cost: Decimal) -> None:
    if found["price"].missing or found["cost"].missing:
        return
    if price <= 0:
        if found["price"].sound:
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

"""Reading the `offers` of `catalogue.yml`: some products on other terms, for a while."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from one_to_one.language import Language
from one_to_one.pack.places import Place
from one_to_one.pack.problems import nearest
from one_to_one.pack.shop_file import in_languages
from one_to_one.shop import Module, Offer, OfferKind, Product

_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


def read_offer(
    name: str,
    place: Place,
    products: Mapping[str, Product],
    modules: Mapping[str, Module],
    languages: Sequence[Language],
) -> Offer:
    """One offer; what can't be read is reported and filled with something harmless."""
    if not _ID.fullmatch(name):
        place.wrong(f"`{name}` can't be the id of an offer: use a-z, 0-9, _ and -, at most 40.")
    found = place.fields(("kind", "products", "from", "until", "reason"), ("options", "price"))
    listed = [item.one_of(products, "a product of catalogue.yml") for item in found["products"].items()]
    offered = tuple(dict.fromkeys(filter(None, listed)))
    if not found["products"].missing and not listed:
        found["products"].wrong(f"The offer {name} is of nothing; name at least one product.")
    if found["price"].missing and found["options"].missing:
        place.wrong(f"The offer {name} has neither `options` nor a `price`: what is special about it?")
    start, until = found["from"].day(), found["until"].day()
    if until < start:
        found["until"].wrong(f"The offer {name} ends on {until}, before it begins on {start}.")
    offer = Offer(
        id=name,
        kind=OfferKind(found["kind"].one_of([*OfferKind], "a kind of offer") or OfferKind.SPECIAL),
        products=offered,
        options=_options(found["options"], modules),
        price=None if found["price"].missing else found["price"].amount(),
        start=start,
        until=max(start, until),
        reason=in_languages(found["reason"], languages),
    )
    _check_price(offer, found["price"], products)
    return offer


def _options(place: Place, modules: Mapping[str, Module]) -> dict[str, str]:
    chosen = {}
    for topic, inner in place.entries():
        if topic not in modules:
            inner.wrong(f"`{topic}` is not a module of this shop. {nearest(topic, modules)}")
        elif code := inner.one_of(modules[topic].options, f"an option of {topic}"):
            chosen[topic] = code
    return chosen


def _check_price(offer: Offer, place: Place, products: Mapping[str, Product]) -> None:
    """An offer that makes dearer is none, and one below cost is a mistake."""
    if offer.price is None:
        return
    for name in offer.products:
        product = products[name]
        if product.price <= product.cost:
            continue  # told where the product stands
        if offer.price < product.cost:
            place.wrong(f"The price of {offer.id} is {offer.price}, below {name}'s cost of {product.cost}.")
        elif offer.price >= product.price:
            place.wrong(f"The price of {offer.id} is {offer.price}; {name} costs {product.price} anyway.")

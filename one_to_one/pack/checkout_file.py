"""Reading `checkout` of `shop.yml`: what the shop offers around its products, and its limits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import cache
from string import Formatter

from babel import Locale

from one_to_one.checkout import Checkout, Invoice, Packaging, Payment, Way
from one_to_one.language import Text
from one_to_one.pack.places import Place

type ReadText = Callable[[Place], Text]
"""How a text in the languages of the shop is read."""

LONGEST_LABEL = 200
"""Characters of a message on a label, at most."""

PRICE_KEPT = timedelta(hours=24)
"""How long a price holds where the shop doesn't say."""

REMIND_AFTER = timedelta(hours=6)
"""How long after ordering somebody is reminded of what is missing, where the shop doesn't say."""

TELL = ("sent", "cancelled")
"""The states of their order that customers are told of, where the shop doesn't say."""

LINK_FIELDS = frozenset({"order", "amount", "currency", "expires", "signature"})
"""What a link to pay by may be filled with."""

_KEYS = (
    "country",
    "change_within",
    "cancel_within",
    "remind_after",
    "tell",
    "label_letters",
    "invoices",
    "packaging",
    "delivery",
    "payment",
)


def read_checkout(place: Place, price_kept: Place, text: ReadText) -> Checkout:
    """The terms; a shop that says nothing offers nothing around its products."""
    found = place.fields((), _KEYS)
    delivery = {code: _way(code, inner, text) for code, inner in _coded(found["delivery"])}
    return Checkout(
        country=_country(found["country"]),
        price_kept=PRICE_KEPT if price_kept.missing else price_kept.term(),
        change_within=_term(found["change_within"]),
        cancel_within=_term(found["cancel_within"]),
        remind_after=REMIND_AFTER if found["remind_after"].missing else found["remind_after"].term(),
        tell=TELL if found["tell"].missing else _told(found["tell"]),
        label_letters=found["label_letters"].whole(0, LONGEST_LABEL),
        invoices=_invoices(found["invoices"], found["country"]),
        packaging={code: _packaging(code, inner, text) for code, inner in _coded(found["packaging"])},
        delivery=delivery,
        payment={
            code: _payment(code, inner, text, list(delivery)) for code, inner in _coded(found["payment"])
        },
    )


def _coded(place: Place) -> list[tuple[str, Place]]:
    """The entries of a mapping whose keys are codes that fit into a button."""
    found = []
    for name, inner in place.entries():
        if name.replace("_", "").isalnum() and name.isascii() and name == name.lower() and len(name) <= 20:
            found.append((name, inner))
        else:
            inner.wrong(f"`{name}` in {place.called} is not a code of at most 20 of a-z, 0-9 and _.")
    return found


def _told(place: Place) -> tuple[str, ...]:
    states = ("in_production", "sent", "done", "cancelled")
    return tuple(item.one_of(states, "in_production, sent, done or cancelled") for item in place.items())


def _term(place: Place) -> timedelta:
    return timedelta(0) if place.missing else place.term()


@cache
def _countries() -> frozenset[str]:
    return frozenset(code for code in map(str, Locale("en").territories) if len(code) == 2)


def _country(place: Place) -> str:
    return place.one_of(_countries(), "a country of ISO 3166, such as TW or CN")


def _invoices(place: Place, country: Place) -> tuple[Invoice, ...]:
    if place.missing:
        return ()
    said = [item.one_of([*Invoice], "personal or company") for item in place.items()]
    if Invoice.COMPANY in said and country.missing:
        place.wrong("Invoices for companies need `country` in `checkout`: it tells which tax ids are valid.")
    return tuple(dict.fromkeys(Invoice(one) for one in said if one))


def _packaging(code: str, place: Place, text: ReadText) -> Packaging:
    found = place.fields(("label",), ("fee",))
    return Packaging(code, text(found["label"]), found["fee"].amount())


def _way(code: str, place: Place, text: ReadText) -> Way:
    found = place.fields(("label",), ("address", "fee", "free_from", "days", "words"))
    return Way(
        code,
        text(found["label"]),
        address=found["address"].missing or found["address"].flag(),
        fee=found["fee"].amount(),
        free_from=None if found["free_from"].missing else found["free_from"].amount(),
        days=found["days"].whole(0, 365),
        words=_words(found["words"]),
    )


def _payment(code: str, place: Place, text: ReadText, ways: Sequence[str]) -> Payment:
    found = place.fields(("label",), ("link", "ways", "words"))
    named = [] if found["ways"].missing else found["ways"].items()
    return Payment(
        code,
        text(found["label"]),
        link=_link(found["link"]),
        ways=tuple(item.one_of(ways, "a way of delivery of this shop") for item in named),
        words=_words(found["words"]),
    )


def _link(place: Place) -> str:
    """A template whose places can all be filled."""
    if place.missing:
        return ""
    link = place.words()
    try:
        named = {name for _, name, _, _ in Formatter().parse(link) if name is not None}
    except ValueError:
        place.wrong(f"`{link}` has a brace that is not closed.")
        return ""
    if not link.startswith(("https://", "http://")):
        place.wrong(f"`{link}` is not an address: it has to begin with https://.")
    for name in sorted(named - LINK_FIELDS):
        place.wrong(f"{{{name}}} can't be filled in a link. Known: {', '.join(sorted(LINK_FIELDS))}.")
    if "signature" not in named or "order" not in named:
        place.wrong("A link to pay by needs {order} and {signature}, so that nobody can make one up.")
    return link if named <= LINK_FIELDS else ""


def _words(place: Place) -> dict[str, tuple[str, ...]]:
    found = place.fields((), ("zh", "en"))
    return {tongue: tuple(item.words() for item in inner.items()) for tongue, inner in found.items()}

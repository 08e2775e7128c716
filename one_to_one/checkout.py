"""What is around the products of an order: packaging, label, invoice, delivery and payment.

An order keeps its details as `Mapping[str, str]`: `packaging`, `delivery` and `payment` are codes of the
pack, `invoice` is "personal" or "company" (then with `tax_id`), `address`, `label_message` and `notes` are
the customer's own words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum

from one_to_one.language import Text

type Details = Mapping[str, str]


class Invoice(StrEnum):
    """Whom an invoice is made out to."""

    PERSONAL = "personal"
    COMPANY = "company"  # with its tax id


@dataclass(frozen=True, slots=True)
class Packaging:
    """A way to pack an order that isn't a module of its products."""

    code: str
    label: Text
    fee: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Way:
    """How an order gets to the customer."""

    code: str
    label: Text
    address: bool = True  # whether it goes to an address of theirs
    fee: Decimal = Decimal(0)
    free_from: Decimal | None = None  # goods worth this much are brought for nothing; None: never
    days: int = 0  # on the way, after it is ready
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # "zh", "en": how people say it


@dataclass(frozen=True, slots=True)
class Payment:
    """How an order is paid."""

    code: str
    label: Text
    link: str = ""  # address with {order}, {amount}, {currency}, {expires}, {signature}; "": nothing to open
    ways: tuple[str, ...] = ()  # the ways of delivery it goes with; none named: all
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Checkout:
    """What the shop offers around its products, and the limits it sets. The first of each is assumed."""

    country: str = ""  # ISO 3166, which it delivers within; whose tax ids are checked
    price_kept: timedelta = timedelta(hours=24)  # a price that was shown holds for so long
    change_within: timedelta = timedelta(0)  # of placing; never once it is being made
    cancel_within: timedelta = timedelta(0)
    remind_after: timedelta = timedelta(hours=6)  # of placing, of an address or tax id that is missing
    tell: tuple[str, ...] = ("sent", "cancelled")  # states of their order that a customer is told of
    label_letters: int = 0  # the longest message on the label; 0: there is none
    invoices: tuple[Invoice, ...] = ()
    packaging: Mapping[str, Packaging] = field(default_factory=dict)
    delivery: Mapping[str, Way] = field(default_factory=dict)
    payment: Mapping[str, Payment] = field(default_factory=dict)


def assumed(terms: Checkout, details: Details) -> dict[str, str]:
    """The details with the shop's first choice where nothing was chosen, and without what it has no more."""
    kept = {name: value for name, value in details.items() if _is_had(terms, name, value)}
    first = {
        "packaging": next(iter(terms.packaging), None),
        "delivery": next(iter(terms.delivery), None),
        "invoice": next(iter(terms.invoices), None),
    }
    whole = {name: str(value) for name, value in first.items() if value is not None} | kept
    ways = [one.code for one in payments(terms, whole)]
    if ways and whole.get("payment") not in ways:
        whole["payment"] = ways[0]
    return whole


def _is_had(terms: Checkout, name: str, value: str) -> bool:
    """Whether the shop still has what was chosen."""
    choices: Mapping[str, object] = {
        "packaging": terms.packaging,
        "delivery": terms.delivery,
        "payment": terms.payment,
        "invoice": terms.invoices,
    }
    listed = choices.get(name)
    return listed is None or value in listed  # type: ignore[operator]


def payments(terms: Checkout, details: Details) -> list[Payment]:
    """The ways to pay that go with the chosen delivery."""
    way = details.get("delivery")
    return [one for one in terms.payment.values() if not one.ways or way in one.ways]


def fees(terms: Checkout, details: Details, goods: Decimal) -> Decimal:
    """What packaging and delivery cost beside goods of this price, in the shop's currency."""
    packed = terms.packaging.get(details.get("packaging", ""))
    return (packed.fee if packed else Decimal(0)) + delivery_fee(terms, details, goods)


def delivery_fee(terms: Checkout, details: Details, goods: Decimal) -> Decimal:
    """What bringing it costs beside goods of this price."""
    way = terms.delivery.get(details.get("delivery", ""))
    if way is None or (way.free_from is not None and goods >= way.free_from):
        return Decimal(0)
    return way.fee


def missing(terms: Checkout, details: Details) -> tuple[str, ...]:
    """What must still be known before it can be sent: `address`, `tax_id`."""
    way = terms.delivery.get(details.get("delivery", ""))
    wanted = {
        "address": way is not None and way.address,
        "tax_id": details.get("invoice") == Invoice.COMPANY,
    }
    return tuple(name for name, needed in wanted.items() if needed and not details.get(name))

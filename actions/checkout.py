"""Around the products of an order: packaging, label, invoice, delivery, payment; by buttons or typed."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from actions.turn import Turn, contains
from crm_store.models import OrderRow
from one_to_one.checkout import (
    Checkout,
    Details,
    Invoice,
    Payment,
    Way,
    assumed,
    delivery_fee,
    fees,
    payments,
)
from one_to_one.folding import fold
from one_to_one.replies import Button


def terms(turn: Turn) -> Checkout:
    """What the shop offers around its products."""
    return turn.pack.shop.checkout


def details_of(turn: Turn, order: OrderRow) -> Details:
    """The details of an order, with what is assumed where nothing was chosen."""
    return assumed(terms(turn), order.details or {})


async def begin(turn: Turn, order: OrderRow) -> None:
    """Give a new draft the details of the last order, and its fees."""
    before = [each for each in await turn.books.orders.listed(turn.customer.id) if each.id != order.id]
    known = next((each.details for each in reversed(before) if each.details), None) or {}
    lasting = {name: value for name, value in known.items() if name not in ("label_message", "notes")}
    order.details = assumed(terms(turn), lasting | dict(order.details or {}))
    settle_price(turn, order)


def settle_price(turn: Turn, order: OrderRow) -> None:
    """Sum up an order whose lines or details changed; its price holds for the shop's term from now on."""
    goods = order.total - (order.fees or Decimal(0))
    order.fees = fees(terms(turn), details_of(turn, order), goods)
    order.total = goods + order.fees
    order.priced_until = turn.now + terms(turn).price_kept


def details_text(turn: Turn, order: OrderRow) -> str:
    """What is around the products, in one line; "": the shop has nothing of it."""
    details = details_of(turn, order)
    parts = [
        _packaging_text(turn, details),
        _delivery_text(turn, order, details),
        _payment_text(turn, details),
        _invoice_text(turn, details),
        _quoted(turn, "label", details.get("label_message", "")),
    ]
    return turn.words.listed(part for part in parts if part)


def _packaging_text(turn: Turn, details: Details) -> str:
    packed = terms(turn).packaging.get(details.get("packaging", ""))
    return packed.label[turn.language] if packed else ""


def _delivery_text(turn: Turn, order: OrderRow, details: Details) -> str:
    way = terms(turn).delivery.get(details.get("delivery", ""))
    if way is None:
        return ""
    fee = delivery_fee(terms(turn), details, order.total - order.fees)
    said = way.label[turn.language]
    if way.address and details.get("address"):
        said = turn.text("checkout.to_address", way=said, address=details["address"])
    return turn.text("checkout.with_fee", what=said, fee=turn.words.money(fee)) if fee else said


def _payment_text(turn: Turn, details: Details) -> str:
    paid = terms(turn).payment.get(details.get("payment", ""))
    return paid.label[turn.language] if paid else ""


def _invoice_text(turn: Turn, details: Details) -> str:
    if details.get("invoice") == Invoice.COMPANY and details.get("tax_id"):
        return turn.text("checkout.invoice.company_with", tax_id=details["tax_id"])
    return turn.text(f"checkout.invoice.{details['invoice']}") if details.get("invoice") else ""


def _quoted(turn: Turn, key: str, words: str) -> str:
    return turn.text(f"checkout.{key}_said", words=words) if words else ""


CHOSEN = ("delivery", "payment", "packaging", "invoice")
"""Details that are chosen among a few."""


def details_buttons(turn: Turn, order: OrderRow) -> list[Button]:
    """The way to the details, if the shop has any."""
    several = [name for name in CHOSEN if len(choices(turn, name, details_of(turn, order))) > 1]
    return [turn.button("details", f"detail:{order.id}")] if several else []


def choices(turn: Turn, name: str, details: Details) -> dict[str, str]:
    """What a detail can be, by code, with how it is called."""
    shop, language = terms(turn), turn.language
    if name == "invoice":
        return {one.value: turn.text(f"checkout.invoice.{one.value}") for one in shop.invoices}
    if name == "payment":
        return {one.code: one.label[language] for one in payments(shop, details)}
    listed = shop.delivery if name == "delivery" else shop.packaging
    return {one.code: one.label[language] for one in listed.values()}


async def take_details(turn: Turn, order: OrderRow) -> bool:
    """Take over the details that a message names; False: it names none, or none that is new."""
    details = details_of(turn, order)
    named = {name: code for name in CHOSEN if (code := _named(turn, name, details)) is not None}
    if all(details.get(name) == code for name, code in named.items()):
        return False
    await change(turn, order, named)
    return True


def _named(turn: Turn, name: str, details: Details) -> str | None:
    """The one choice of a detail that the message names."""
    said = fold(turn.said)
    found = [
        code
        for code, label in choices(turn, name, details).items()
        if any(contains(said, fold(word)) for word in (label, *_words(turn, name, code)))
    ]
    return found[0] if len(found) == 1 else None


def _words(turn: Turn, name: str, code: str) -> list[str]:
    listed: Mapping[str, Way] | Mapping[str, Payment] = (
        terms(turn).delivery if name == "delivery" else terms(turn).payment if name == "payment" else {}
    )
    return [word for words in listed[code].words.values() for word in words] if code in listed else []


async def change(turn: Turn, order: OrderRow, said: Details) -> None:
    """Write details of an order, and sum it up anew."""
    order.details = assumed(terms(turn), {**(order.details or {}), **said})
    settle_price(turn, order)
    await turn.books.session.flush()


async def menu(turn: Turn, order: OrderRow) -> None:
    """What can be chosen otherwise, and the way back to the draft."""
    details = details_of(turn, order)
    others = [
        Button(label, f"detail:{order.id}:{name}:{code}")
        for name in CHOSEN
        for code, label in choices(turn, name, details).items()
        if details.get(name) != code
    ]
    turn.say("checkout.menu", [*others, turn.button("confirm", f"confirm:{order.id}")])
    turn.wait_for("order", order.id)
    turn.may_ask = False


async def chosen(turn: Turn, order: OrderRow) -> bool:
    """Take over the detail whose button was tapped; False: there is no such choice."""
    name, code = [*turn.arguments[1:], "", ""][:2]
    if name not in CHOSEN or code not in choices(turn, name, details_of(turn, order)):
        return False
    await change(turn, order, {name: code})
    return True

"""Around the products of an order: packaging, label, invoice, delivery, payment; by buttons or typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from enum import StrEnum

from actions import company
from actions.turn import Turn
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
from one_to_one.details_said import (
    Signs,
    address_in,
    label_in,
    note_in,
    number_in,
    tax_id_in,
    tidy_address,
)
from one_to_one.folding import fold
from one_to_one.label import harmless, letters
from one_to_one.replies import Button
from one_to_one.standing import stands
from one_to_one.tax_ids import is_valid

CHOSEN = ("delivery", "payment", "packaging", "invoice")
"""Details that are chosen among a few."""

TYPED = ("address", "tax_id", "label_message")
"""Details in the customer's own words, asked for one at a time."""

PASSING = ("label_message", "notes")
"""Details that belong to one order only."""


class Taken(StrEnum):
    """What came of a message that may name details."""

    NOTHING = "nothing"  # it names none
    KNOWN = "known"  # it names what is so already
    CHANGED = "changed"
    TOLD = "told"  # it was answered already: something was wrong with it, or is asked for


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
    lasting = {name: value for name, value in known.items() if name not in PASSING}
    said = dict(turn.passing.details)
    own = {**lasting, **_of_company(turn), **said, **(order.details or {})}
    order.details = assumed(terms(turn), own)
    settle_price(turn, order)


def _of_company(turn: Turn) -> Details:
    """Whoever orders for a company has the invoice made out to it; else nothing."""
    found = company.standing(turn)
    if found is None or not found.company.tax_id or Invoice.COMPANY not in terms(turn).invoices:
        return {}
    return {"invoice": Invoice.COMPANY, "tax_id": found.company.tax_id}


def settle_price(turn: Turn, order: OrderRow) -> None:
    """Sum up an order whose lines or details changed; its price holds for the shop's term from now on."""
    goods = order.total - (order.fees or Decimal(0))
    order.fees = fees(terms(turn), details_of(turn, order), goods)
    order.total = goods + order.fees
    order.priced_until = turn.now + terms(turn).price_kept


async def change(turn: Turn, order: OrderRow, said: Details) -> None:
    """Write details of an order, and sum it up anew."""
    order.details = assumed(terms(turn), {**(order.details or {}), **said})
    settle_price(turn, order)
    await turn.books.session.flush()


def details_text(turn: Turn, order: OrderRow) -> str:
    """What is around the products, in one line; "": the shop has nothing of it."""
    details = details_of(turn, order)
    parts = [
        _packaging_text(turn, details),
        _delivery_text(turn, order, details),
        _payment_text(turn, details),
        _invoice_text(turn, details),
        _label_text(turn, details),
        _note_text(turn, details),
    ]
    return turn.text("checkout.semicolon").join(part for part in parts if part)


def _packaging_text(turn: Turn, details: Details) -> str:
    packed = terms(turn).packaging.get(details.get("packaging", ""))
    return packed.label[turn.language] if packed else ""


def _delivery_text(turn: Turn, order: OrderRow, details: Details) -> str:
    way = terms(turn).delivery.get(details.get("delivery", ""))
    if way is None:
        return ""
    fee = delivery_fee(terms(turn), details, order.total - (order.fees or Decimal(0)))
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


def _label_text(turn: Turn, details: Details) -> str:
    words = details.get("label_message", "")
    return turn.text("checkout.label_said", words=words) if words else ""


def _note_text(turn: Turn, details: Details) -> str:
    words = details.get("notes", "")
    return turn.text("checkout.note_said", words=words) if words else ""


def has_details(turn: Turn) -> bool:
    """Whether the shop offers anything around its products."""
    shop = terms(turn)
    return bool(shop.delivery or shop.payment or shop.packaging or shop.invoices or shop.label_letters)


def asked_about(turn: Turn) -> str:
    """How orders can be paid, and what invoices there are, as far as that is asked; "": neither is."""
    shop, told = terms(turn), []
    named = {fold(word) for one in shop.payment.values() for words in one.words.values() for word in words}
    said = fold(turn.said)
    if shop.payment and (turn.mentions("checkout.words.pay") or any(stands(said, word) for word in named)):
        ways = turn.words.listed(one.label[turn.language] for one in shop.payment.values())
        told.append(turn.text("checkout.ways_of_paying", ways=ways))
    if shop.invoices and turn.mentions("checkout.words.invoices"):
        kinds = turn.words.listed(turn.text(f"checkout.invoice.{one.value}") for one in shop.invoices)
        told.append(turn.text("checkout.can_invoice", kinds=kinds))
    return "\n".join(told)


def details_buttons(turn: Turn, order: OrderRow) -> list[Button]:
    """The way to the details, if the shop has any."""
    return [turn.button("details", f"detail:{order.id}")] if has_details(turn) else []


def menu_buttons(turn: Turn, order: OrderRow) -> list[Button]:
    """Everything around an order that can be chosen otherwise, or typed."""
    details = details_of(turn, order)
    others = [
        Button(label, f"detail:{order.id}:{name}:{code}")
        for name in CHOSEN
        for code, label in choices(turn, name, details).items()
        if details.get(name) != code
    ]
    typed = [turn.button(f"detail_{name}", f"detail:{order.id}:{name}") for name in in_own_words(turn, order)]
    return [*others, *typed]


def in_own_words(turn: Turn, order: OrderRow) -> list[str]:
    """The details that the customer can put into words, as the others stand."""
    details = details_of(turn, order)
    return [name for name in ("address", "label_message") if _is_offered(turn, name, details)]


def _is_offered(turn: Turn, name: str, details: Details) -> bool:
    """Whether a detail in the customer's words makes sense with the other details."""
    if name == "label_message":
        return terms(turn).label_letters > 0
    if name == "tax_id":
        return Invoice.COMPANY in terms(turn).invoices
    way = terms(turn).delivery.get(details.get("delivery", ""))
    return way is not None and way.address


def choices(turn: Turn, name: str, details: Details) -> dict[str, str]:
    """What a detail can be, by code, with how it is called."""
    shop, language = terms(turn), turn.language
    if name == "invoice":
        return {one.value: turn.text(f"checkout.invoice.{one.value}") for one in shop.invoices}
    if name == "payment":
        return {one.code: one.label[language] for one in payments(shop, details)}
    listed = shop.delivery if name == "delivery" else shop.packaging
    return {one.code: one.label[language] for one in listed.values()}


def ask(turn: Turn, order: OrderRow, name: str) -> None:
    """Ask for a detail in the customer's own words, and wait for it."""
    words = turn.text(f"checkout.ask.{name}", most=terms(turn).label_letters)
    back = turn.button("back", f"detail:{order.id}")
    turn.add(words, [turn.button("skip_detail", f"detail:{order.id}:skip"), back])
    turn.wait_for("detail", f"{order.id}:{name}", over=True)
    turn.may_ask = False


async def take_details(turn: Turn, order: OrderRow) -> Taken:
    """Take over the details that a message names. What isn't valid is told, and changes nothing."""
    return await write(turn, order, said_in(turn, details_of(turn, order)))


def take_early(turn: Turn) -> Details | None:
    """Keep the details that a message names before anything was picked, for what will be.

    None, and it was said what is wrong: they can't be taken.
    """
    kept = turn.passing.details
    said = {name: value for name, value in said_in(turn, assumed(terms(turn), kept)).items() if value}
    if not are_valid(turn, said):
        return None
    turn.passing = replace(turn.passing, details={**kept, **said})
    return said


def said_text(turn: Turn, said: Details) -> str:
    """Details in one line, as they were named."""
    way = terms(turn).delivery.get(said.get("delivery", ""))
    parts = [
        said.get("address", ""),
        way.label[turn.language] if way else "",
        _payment_text(turn, said),
        _invoice_text(turn, said),
        _label_text(turn, said),
        _note_text(turn, said),
    ]
    return turn.text("checkout.semicolon").join(part for part in parts if part)


def said_in(turn: Turn, details: Details) -> dict[str, str]:
    """The details that a message names, beside those there are; a tax id spoken of and not given is ""."""
    signs = signs_of(turn)
    label = label_in(turn.said, signs) if terms(turn).label_letters else None
    rest = turn.said if label is None else turn.said.replace(label, " ")
    said = _chosen_in(turn, rest, details)
    if _no_label(turn) and details.get("label_message"):
        said["label_message"] = ""
    elif label is not None:
        said["label_message"] = label
    note = note_in(rest, signs)
    if note is not None:
        said["notes"] = note
        rest = rest.replace(note, " ")
    said |= _address_said(turn, rest, {**details, **said}, signs)
    if Invoice.COMPANY in terms(turn).invoices:
        said |= _company_said(rest, signs)
    return said


def without_typed(turn: Turn) -> str:
    """The message with its address and the words for a label blanked, as long as it was."""
    signs, said = signs_of(turn), turn.said
    typed = [label_in(said, signs) if terms(turn).label_letters else None, note_in(said, signs)]
    if any(way.address for way in terms(turn).delivery.values()):
        typed.append(address_in(said, signs))
    for one in filter(None, typed):
        said = said.replace(one, " " * len(one))
    return said


def names_details(turn: Turn) -> bool:
    """Whether the message names an address, a tax id, a note, words for the label; whatever else it says."""
    shop, signs = terms(turn), signs_of(turn)
    return (
        (any(way.address for way in shop.delivery.values()) and address_in(turn.said, signs) is not None)
        or (Invoice.COMPANY in shop.invoices and tax_id_in(turn.said, signs) is not None)
        or (shop.label_letters > 0 and label_in(turn.said, signs) is not None)
        or (has_details(turn) and note_in(turn.said, signs) is not None)
    )


def _chosen_in(turn: Turn, said: str, details: Details) -> dict[str, str]:
    """The choices that the words name."""
    found: dict[str, str] = {}
    for name in CHOSEN:
        codes = choices(turn, name, {**details, **found})
        named = [code for code in codes if _is_named(turn, name, code, codes[code], fold(said))]
        if len(named) == 1:
            found[name] = named[0]
    return found


def _is_named(turn: Turn, name: str, code: str, label: str, said: str) -> bool:
    if name == "invoice":
        words = list(turn.texts.words(f"checkout.words.{code}"))
        if code == Invoice.COMPANY and turn.mentions("checkout.words.invoices"):
            words += turn.texts.words("checkout.words.firms")
    else:
        listed: Mapping[str, Mapping[str, Way] | Mapping[str, Payment]] = {
            "delivery": terms(turn).delivery,
            "payment": terms(turn).payment,
        }
        one = listed.get(name, {}).get(code)
        words = [label, *(word for known in (one.words if one else {}).values() for word in known)]
    return any(stands(said, fold(word)) for word in words)


def _no_label(turn: Turn) -> bool:
    return terms(turn).label_letters > 0 and turn.mentions("checkout.words.no_label")


def _address_said(turn: Turn, said: str, details: Details, signs: Signs) -> dict[str, str]:
    """An address, and that it shall be brought there."""
    address = address_in(said, signs) if any(way.address for way in terms(turn).delivery.values()) else None
    if address is None:
        return {}
    if _is_offered(turn, "address", details):
        return {"address": address}
    brought = next(way.code for way in terms(turn).delivery.values() if way.address)
    return {"address": address, "delivery": brought}


def _company_said(said: str, signs: Signs) -> dict[str, str]:
    number = tax_id_in(said, signs)
    return {} if number is None else {"invoice": Invoice.COMPANY, "tax_id": number}


async def write(turn: Turn, order: OrderRow, said: Details) -> Taken:
    """Take over details that are new, if they are all valid; ask for the tax id that a company needs."""
    details = details_of(turn, order)
    new = {name: value for name, value in said.items() if details.get(name, "") != value}
    known_tax_id = new.get("tax_id") or details.get("tax_id")
    if (new.get("invoice") == Invoice.COMPANY and not known_tax_id) or new.get("tax_id") == "":
        await change(turn, order, {name: value for name, value in new.items() if name != "tax_id"})
        ask(turn, order, "tax_id")
        return Taken.TOLD
    if not new:
        return Taken.KNOWN if said else Taken.NOTHING
    if not are_valid(turn, new):
        if new.get("tax_id") and not is_valid(terms(turn).country, new["tax_id"]):
            turn.wait_for("detail", f"{order.id}:tax_id", over=True)  # what comes next is the right one
        return Taken.TOLD
    await change(turn, order, new)
    return Taken.CHANGED


def are_valid(turn: Turn, new: Details) -> bool:
    """Whether what was typed can be taken; else it is said what is wrong with it."""
    most, label = terms(turn).label_letters, new.get("label_message", "")
    if letters(label) > most and label:
        turn.say("checkout.label_too_long", length=letters(label), most=most)
    elif new.get("tax_id") and not is_valid(terms(turn).country, new["tax_id"]):
        turn.say("checkout.wrong_tax_id", number=new["tax_id"])
    else:
        return True
    turn.may_ask = False
    return False


def asked_value(turn: Turn, name: str) -> str | None:
    """The message as the detail that was asked for; None: it can't be one."""
    if name == "label_message":
        return (
            label_in(turn.said, signs_of(turn))
            or harmless(turn.said.strip('\u300c\u300d\u201c\u201d"'))
            or None
        )
    if name == "tax_id":
        return number_in(turn.said)
    found = address_in(turn.said, signs_of(turn))
    plain = turn.intent not in ("affirm", "deny", "decline") and not turn.asks
    return found or (tidy_address(turn.said) if plain else None)


def signs_of(turn: Turn) -> Signs:
    """The words by which details are noticed, in every language."""

    def words(key: str) -> tuple[str, ...]:
        return turn.texts.words(f"checkout.words.{key}")

    return Signs(
        streets=words("streets"),
        houses=words("houses"),
        roads=words("roads"),
        to=words("to"),
        label=words("label"),
        cards=words("cards"),
        writing=words("writing"),
        tax_id=words("tax_id"),
        note=words("note"),
        handing=words("handing"),
    )

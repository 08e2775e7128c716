"""The shop's products as the demo page shows them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from babel import Locale
from babel.numbers import format_decimal, get_currency_symbol

from one_to_one.language import Language
from one_to_one.shop import Product, ShopPack

LOCALES = {
    Language.TRADITIONAL: Locale.parse("zh_Hant_TW"),
    Language.SIMPLIFIED: Locale.parse("zh_Hans_CN"),
    Language.ENGLISH: Locale.parse("en"),
}
MOST_TRAITS = 3


@dataclass(frozen=True, slots=True)
class Card:
    """One product on the shelf, in one language."""

    name: str
    note: str
    price: str
    image: str | None  # a path of ours
    traits: tuple[str, ...]  # a few words that set it apart


def shelf(pack: ShopPack, language: Language) -> list[Card]:
    """What can be had now, in the order of the pack."""
    in_stock = [product for product in pack.products.values() if product.stock > 0]
    return [_card(pack, product, language) for product in in_stock]


def money(amount: Decimal, currency: str, language: Language) -> str:
    """An amount without cents when there are none; the sign can't be taken for another currency's."""
    sign = get_currency_symbol(currency, LOCALES[language])
    if sign == "$":
        sign = get_currency_symbol(currency, "en")
    pattern = "#,##0" if amount == amount.to_integral_value() else "#,##0.00"
    return f"{sign}{format_decimal(amount, format=pattern, locale=LOCALES[language])}"


def _card(pack: ShopPack, product: Product, language: Language) -> Card:
    return Card(
        name=product.name[language],
        note=product.note[language],
        price=money(product.price, pack.shop.currency, language),
        image=f"/shop/images/{product.image.removeprefix('images/')}" if product.image else None,
        traits=_traits(pack, product, language),
    )


def _traits(pack: ShopPack, product: Product, language: Language) -> tuple[str, ...]:
    """The product's values of the topics that hold several, then of the others, as many as fit."""
    topics = [pack.topics[topic] for topic in product.attributes if topic in pack.topics]
    topics.sort(key=lambda topic: not topic.many)
    labels = [
        topic.values[code].label[language]
        for topic in topics
        for code in product.attributes[topic.name]
        if code in topic.values
    ]
    return tuple(labels[:MOST_TRAITS])

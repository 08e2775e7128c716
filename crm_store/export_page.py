"""What is kept about a customer as a page to read: one file, in their language, that fetches nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_datetime, format_skeleton
from babel.numbers import format_decimal, get_currency_symbol
from jinja2 import Environment, FileSystemLoader, select_autoescape

from one_to_one.language import Language
from one_to_one.shop import ShopPack, TopicKind
from one_to_one.texts import Texts

LOCALES = {
    Language.TRADITIONAL: Locale.parse("zh_Hant_TW"),
    Language.SIMPLIFIED: Locale.parse("zh_Hans_CN"),
    Language.ENGLISH: Locale.parse("en"),
}
ENVIRONMENT = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "page"),
    autoescape=select_autoescape(["html"]),
    trim_blocks=True,
    lstrip_blocks=True,
)
TOLD = frozenset(
    {
        "customer", "identity", "contact", "message", "fact", "question", "proposal", "customer_order",
        "order_line", "complaint", "promise", "consent", "audit", "merge", "session", "link", "export_link",
    }
)  # fmt: skip
"""Tables that the page puts into words, or that only open doors; of others it shows the rows as they are."""

type Held = Mapping[str, Any]
type Row = Mapping[str, Any]


def export_html(held: Held, texts: Texts, pack: ShopPack, language: Language, at: datetime) -> str:
    """The page of what `export` gave, as it stood at `at` (aware, UTC)."""
    words = _Words(texts, pack, language)
    facts = held["fact"]
    now = [row for row in facts if row["superseded_at"] is None and row["valid_until"] is None]
    return ENVIRONMENT.get_template("export.html").render(
        language=language,
        w=words,
        shop=pack.shop.name[language],
        held=held,
        at=at.isoformat(),
        now=now,
        past=[row for row in facts if row not in now],
        lines=_grouped(held["order_line"], "order_id"),
        messages=[row for row in held["message"] if row["text"] or row["payload"]],
        other={name: rows for name, rows in held.items() if name not in TOLD and rows and _is_table(rows)},
    )


def _is_table(rows: object) -> bool:
    return isinstance(rows, list)


def _grouped(rows: Sequence[Row], by: str) -> dict[Any, list[Row]]:
    groups: dict[Any, list[Row]] = {}
    for row in rows:
        groups.setdefault(row[by], []).append(row)
    return groups


@dataclass(frozen=True, slots=True)
class _Words:
    """How things are put in one language."""

    texts: Texts
    pack: ShopPack
    language: Language

    def __call__(self, key: str, **fields: object) -> str:
        return self.texts.variants(self.language, f"export_page.{key}")[0].format(**fields)

    def code(self, group: str, code: object) -> str:
        """What a code such as `placed` is called; one without a name as it is."""
        return self.texts.under(self.language, f"export_page.{group}").get(str(code), str(code))

    def purpose(self, purpose: str) -> str:
        """What a consent is about."""
        name, _, topic = purpose.partition(":")
        return (
            f"{self.code('purpose', name)}{self('colon')}{self.topic(topic)}"
            if topic
            else self.code("purpose", name)
        )

    def topic(self, name: str) -> str:
        """What a topic is called."""
        topic = self.pack.topics.get(name)
        return topic.label[self.language] if topic else name

    def value(self, row: Row) -> str:
        """A fact's value in the shop's words; numbers and free text as they are."""
        topic, value = self.pack.topics.get(row["topic"]), str(row["value"])
        if topic is not None and value in topic.values:
            return topic.values[value].label[self.language]
        if topic is not None and topic.kind is TopicKind.MONEY:
            return self.money(value, self.pack.shop.currency)
        return value

    def product(self, code: str) -> str:
        """What a product is called; one that isn't sold any more by its code."""
        product = self.pack.products.get(code)
        return product.name[self.language] if product else code

    def money(self, amount: str, currency: str) -> str:
        """An amount, without cents when there are none."""
        try:
            number = Decimal(amount)
        except InvalidOperation:
            return f"{currency} {amount}"
        locale = LOCALES[self.language]
        sign = get_currency_symbol(currency, locale)
        if sign == "$":  # which can be anybody's
            sign = get_currency_symbol(currency, "en")
        pattern = "#,##0" if number == number.to_integral_value() else "#,##0.00"
        return sign + str(format_decimal(number, format=pattern, locale=locale))

    def day(self, at: str) -> str:
        """A date in the shop's time zone."""
        return str(format_skeleton("yMMMd", self._there(at), locale=LOCALES[self.language]))

    def moment(self, at: str) -> str:
        """A date and a time in the shop's time zone."""
        return str(format_datetime(self._there(at), "medium", locale=LOCALES[self.language]))

    def _there(self, at: str) -> datetime:
        return datetime.fromisoformat(at).astimezone(ZoneInfo(self.pack.shop.time_zone))

"""Facts, money and days as they are put to a customer, in their language and in the shop's own words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal, get_currency_symbol

from one_to_one.facts import Fact, Heard
from one_to_one.language import Language
from one_to_one.occasions import read_occasion
from one_to_one.passing import SOMEBODY
from one_to_one.preferences import last_said
from one_to_one.pricing import chosen_of
from one_to_one.scripts import in_script
from one_to_one.shop import IN_OWN_WORDS, Module, Option, Product, ShopPack, Topic, TopicKind
from one_to_one.texts import Texts

LOCALES = {
    Language.TRADITIONAL: Locale.parse("zh_Hant_TW"),
    Language.SIMPLIFIED: Locale.parse("zh_Hans_CN"),
    Language.ENGLISH: Locale.parse("en"),
}

_shared: dict[Language, tuple[ShopPack, frozenset[str]]] = {}


def shared_labels(pack: ShopPack, language: Language) -> frozenset[str]:
    """The labels that mean different things under different topics; those of the last pack are kept."""
    kept = _shared.get(language)
    if kept is None or kept[0] is not pack:
        plain = [topic for topic in pack.topics.values() if not topic.sensitive]
        labels = Counter(value.label[language] for topic in plain for value in topic.values.values())
        kept = (pack, frozenset(label for label, count in labels.items() if count > 1))
        _shared[language] = kept
    return kept[1]


PER_DAY = "_per_day"
"""How the names of topics end that count something by the day."""

OLD = timedelta(days=30)
"""A reason older than this is told with its age."""


TODAY = timedelta(hours=12)
"""A reason younger than this was told just now."""

PARTS = 7
"""Of a product of more parts than this only those that differ from the standard are told in one breath."""

AGES = timedelta(days=330)
"""A reason older than this is told with its years."""


@lru_cache(maxsize=64)
def symbol(currency: str, language: Language) -> str:
    """The sign of a currency that can't be taken for another one's: NT$, not $."""
    own = get_currency_symbol(currency, LOCALES[language])
    return get_currency_symbol(currency, "en") if own == "$" else own


@dataclass(frozen=True, slots=True)
class Wording:
    """One shop's things in one language."""

    texts: Texts
    pack: ShopPack
    language: Language

    def money(self, amount: Decimal) -> str:
        """An amount in the shop's currency, without cents when there are none."""
        pattern = "#,##0" if amount == amount.to_integral_value() else "#,##0.00"
        number = format_decimal(amount, format=pattern, locale=LOCALES[self.language])
        return symbol(self.pack.shop.currency, self.language) + number

    def number(self, amount: Decimal) -> str:
        """A plain number."""
        return str(format_decimal(amount, locale=LOCALES[self.language]))

    def day(self, at: datetime) -> str:
        """A date in the shop's time zone, such as 24 Nov."""
        return self._dated("MMMd", at)

    def weekday(self, at: datetime) -> str:
        """A date with its day of the week, in the shop's time zone."""
        return self._dated("MMMEd", at)

    def date(self, at: datetime, now: datetime) -> str:
        """A date in the shop's time zone, with its year when that isn't the year of `now`."""
        zone = ZoneInfo(self.pack.shop.time_zone)
        this_year = at.astimezone(zone).year == now.astimezone(zone).year
        return self._dated("MMMd" if this_year else "yMMMd", at)

    def time(self, at: datetime) -> str:
        """A time of day by the shop's clock, such as 19:00."""
        return at.astimezone(ZoneInfo(self.pack.shop.time_zone)).strftime("%H:%M")

    def month(self, at: datetime) -> str:
        """The month of a moment."""
        return self._dated("MMM", at)

    def _dated(self, skeleton: str, at: datetime) -> str:
        there = at.astimezone(ZoneInfo(self.pack.shop.time_zone))
        return format_skeleton(skeleton, there, locale=LOCALES[self.language])

    def listed(self, parts: Iterable[str]) -> str:
        """Several things in a row, as this language joins them."""
        return self.texts.say(self.language, "talk.comma").join(parts)

    def topic(self, name: str) -> str:
        """What a topic is called."""
        topic = self.pack.topics.get(name)
        return topic.label[self.language] if topic else self.texts.say(self.language, f"talk.topic.{name}")

    def value(self, topic: str, value: str) -> str:
        """What a value of a topic is called; a number, amount or free text as it is."""
        known = self.pack.topics.get(topic)
        if known is None:
            return self.texts.under(self.language, f"talk.{topic}").get(value, value)
        if value in known.values:
            return known.values[value].label[self.language]
        if known.kind in _CODED:
            return _CODED[known.kind](self, value)
        if known.kind is TopicKind.MONEY:
            return self.money(Decimal(value))
        return self.quoted(self._counted(known, value))

    def quoted(self, words: str) -> str:
        """The customer's own words, in the script we answer in."""
        return in_script(words, self.language)

    def person(self, code: str) -> str:
        """What a person is to the customer; the code itself when it has no name."""
        return self._label("person", code)

    def receiver(self, code: str, called: str = "") -> str:
        """For whom the customer wants something: "your father", or "somebody else"; as they are `called`."""
        if code == SOMEBODY:
            return self.texts.say(self.language, "known.somebody")
        return self.texts.say(self.language, "known.yours", person=called or self.person(code))

    def _label(self, kind: str, code: str) -> str:
        return self.texts.under(self.language, f"known.{kind}").get(code, code)

    def occasion(self, value: str) -> str:
        """A day to remember: whose, what and when, as far as it is known."""
        occasion = read_occasion(value)
        if occasion is None:
            return value
        said = self._label("event", occasion.kind)
        if occasion.person:
            said = self.texts.say(
                self.language, "known.whose", person=self.person(occasion.person), event=said
            )
        when = self._day_of_year(occasion.month_and_day)
        return self.texts.say(self.language, "known.when", event=said, when=when) if when else said

    def _day_of_year(self, found: tuple[int, int | None] | None) -> str:
        if found is None:
            return ""
        month, day = found
        leap_year, locale = datetime(2024, month, day or 1, tzinfo=UTC), LOCALES[self.language]
        return str(
            format_skeleton("MMMd", leap_year, locale=locale)
            if day
            else format_date(leap_year, "LLLL", locale)
        )

    def member(self, value: str) -> str:
        """Somebody of the household, or several of them."""
        code, _, count = value.partition(":")
        if not count:
            return self._label("member", code)
        several = self.texts.under(self.language, "known.several")
        return self.texts.say(
            self.language,
            "known.counted",
            number=count,
            members=several.get(code, self._label("member", code)),
        )

    def pastime(self, value: str) -> str:
        """What somebody likes to do, in the customer's words when it isn't listed."""
        return self._label("pastime", value)

    def _counted(self, topic: Topic, value: str) -> str:
        """A number with the unit it counts; the first two words of a unit are its singular and plural."""
        english = self.language is Language.ENGLISH
        units = topic.units.get("en" if english else "zh", ())
        if topic.kind is not TopicKind.NUMBER or not units:
            return value
        one, many = min(units[:2], key=len), max(units[:2], key=len)
        unit = (one if value == "1" else many) if english else units[0]
        key = "talk.per_day" if topic.name.endswith(PER_DAY) else "talk.counted"
        return self.texts.say(self.language, key, value=value, unit=unit)

    def fact(self, fact: Fact | Heard) -> str:
        """A preference in a few words: what is liked, what isn't, what never."""
        value = self.value(fact.topic, fact.value)
        return self.texts.say(
            self.language, f"talk.{fact.polarity.value}", value=self._clear(fact.topic, value)
        )

    def full(self, fact: Fact | Heard) -> str:
        """A value with its topic, for telling it from the same word of another topic."""
        value, topic = self.value(fact.topic, fact.value), self.topic(fact.topic)
        return self.texts.say(self.language, "talk.titled", topic=topic, value=value)

    def stance(self, fact: Fact | Heard) -> str:
        """The same, where the topic stands beside it already."""
        value = self.value(fact.topic, fact.value)
        return self.texts.say(self.language, f"talk.{fact.polarity.value}", value=value)

    def _clear(self, topic: str, value: str) -> str:
        """The value with its topic, where it doesn't say enough by itself."""
        known = self.pack.topics.get(topic)
        if known is None or known.kind in IN_OWN_WORDS:
            return value
        if not known.values and known.kind is TopicKind.NUMBER and known.units:
            return value
        if not known.values:
            return self.texts.say(self.language, "talk.pair", topic=self.topic(topic), value=value)
        if value in shared_labels(self.pack, self.language) and not known.sensitive:
            return self.texts.say(self.language, "talk.under", topic=self.topic(topic), value=value)
        return value

    def reason(self, fact: Fact, now: datetime) -> str:
        """A fact as a reason: with its month when it is old."""
        phrase = self.fact(fact)
        if now - fact.since < OLD:
            return phrase
        return self.texts.say(self.language, "talk.dated", phrase=phrase, when=self.month(fact.since))

    def receipt(self, fact: Fact, now: datetime) -> str:
        """A fact with its date; when it is old, with its age in words."""
        said = last_said(fact)
        age = now - said
        if not fact.stated:
            return self.texts.say(self.language, "talk.receipt.guessed", phrase=self.fact(fact))
        if age < TODAY:
            return self.texts.say(self.language, "talk.receipt.now", phrase=self.fact(fact))
        if age < OLD:
            key, when = "day", self.day(said)
        elif age < AGES:
            key, when = "month", self.month(said)
        else:
            key, when = "years", self.number(Decimal(max(1, age // timedelta(days=365))))
        return self.texts.say(self.language, f"talk.receipt.{key}", phrase=self.fact(fact), when=when)

    @property
    def sells(self) -> str:
        """What the shop sells, in one word."""
        tongue = "en" if self.language is Language.ENGLISH else "zh"
        return next(iter(self.pack.shop.sells.get(tongue, ())), "")

    def options(self, options: Mapping[str, str]) -> str:
        """The chosen options of a product, in the order of the shop's modules."""
        modules = self.pack.modules
        return self.listed(
            self._option(modules[name], option)
            for name in modules
            if name in options
            for option in chosen_of(modules[name], options[name])
        )

    def _option(self, module: Module, option: Option) -> str:
        """One option in words; a number with what it measures."""
        said = option.label[self.language]
        if not module.number:
            return said
        return self.texts.say(self.language, "talk.pair", topic=module.label[self.language], value=said)

    def title(self, product: Product, options: Mapping[str, str]) -> str:
        """A product as it is made for this customer; of many parts those that differ from the standard."""
        name = product.name[self.language]
        if not options:
            return name
        if len(options) <= PARTS:
            return self.texts.say(self.language, "talk.made", name=name, options=self.options(options))
        other = self.apart(product, options)
        key = "talk.made_apart" if other else "talk.made_standard"
        return self.texts.say(self.language, key, name=name, options=other)

    def apart(self, product: Product, options: Mapping[str, str]) -> str:
        """In what it differs from the standard of its product; "": in nothing."""
        modules = self.pack.modules_of(product)
        return self.options(
            {
                name: chosen
                for name, chosen in options.items()
                if name not in modules or chosen != self.pack.default_of(product, modules[name])
            }
        )


_CODED: Mapping[TopicKind, Callable[[Wording, str], str]] = {
    TopicKind.OCCASIONS: Wording.occasion,
    TopicKind.HOUSEHOLD: Wording.member,
    TopicKind.PASTIMES: Wording.pastime,
}
"""The kinds of topic whose values are codes without a list in the pack."""

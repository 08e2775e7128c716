"""Saying what is known of one customer to one colleague: in their language, and masked where it has to be."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation

from babel.dates import format_timedelta
from babel.numbers import format_currency

from crm_store.books import Books
from one_to_one.facts import Polarity
from one_to_one.language import Language
from one_to_one.shop import TopicKind
from one_to_one.wording import LOCALES, Wording
from staff.console import Console
from staff.masking import Mask

LONGEST = 90
"""Characters of what stands inside a sentence, or in a heading."""

LONGEST_NAME = 40

UNSEEN = frozenset({"Cc", "Cf"})
"""Unicode's categories of characters that steer: writing direction, bells, escapes."""


@dataclass(frozen=True, slots=True)
class Voice:
    """What a colleague is told, and how."""

    wording: Wording
    mask: Mask
    now: datetime
    names: Sequence[str] = ()  # of the customer and theirs, to be masked in what was said

    @classmethod
    def of(cls, console: Console, tongue: Language, masked: bool, names: Sequence[str] = ()) -> Voice:
        """The voice for one colleague."""
        wording = Wording(console.texts, console.pack, tongue)
        return cls(wording, Mask(masked), console.clock(), names)

    def words(self, words: str) -> str:
        """What somebody said."""
        return self.mask.words(words, self.names)

    def topic(self, name: str) -> str:
        """What a topic is called; its own name where the shop has it no more."""
        known = self.wording.pack.topics.get(name)
        return name if known is None else known.label[self.wording.language]

    def value(self, topic: str, value: str) -> str:
        """What a value is called; names and numbers in part where it has to be."""
        known = self.wording.pack.topics.get(topic)
        if known is None:
            return self.words(value)
        if known.kind is TopicKind.NAME:
            return self.mask.name(value)
        try:
            told = self.wording.value(topic, value)
        except InvalidOperation:  # an amount that isn't one
            told = value
        return told if value in known.values else self.words(told)

    def fact(self, topic: str, value: str, polarity: str) -> str:
        """A topic with how they stand to a value of it."""
        stance = Polarity(polarity).value if polarity in set(Polarity) else Polarity.LIKES.value
        said = self.wording.texts.say(self.wording.language, f"talk.{stance}", value=self.value(topic, value))
        return self.wording.texts.say(
            self.wording.language, "talk.titled", topic=self.topic(topic), value=said
        )

    def money(self, amount: Decimal, currency: str) -> str:
        """An amount in its own currency."""
        if currency == self.wording.pack.shop.currency:
            return self.wording.money(amount)
        return str(format_currency(amount, currency, locale=LOCALES[self.wording.language]))

    def day(self, at: datetime) -> str:
        """A date, with its year when it isn't this one."""
        return self.wording.date(at, self.now)

    def moment(self, at: datetime) -> str:
        """The same with its time."""
        return f"{self.day(at)} {self.wording.time(at)}"

    def ago(self, at: datetime) -> str:
        """How long ago something was, or how long it will be."""
        locale = LOCALES[self.wording.language]
        return str(format_timedelta(at - self.now, add_direction=True, locale=locale))

    def product(self, code: str) -> str:
        """What a product is called; its code where the shop has it no more."""
        known = self.wording.pack.products.get(code)
        return code if known is None else known.name[self.wording.language]

    def called(self, names: Sequence[str]) -> str:
        """What the customer wants to be called, on one line; "": nobody knows."""
        return tidy(self.mask.name(names[-1]), LONGEST_NAME) if names else ""

    def on_a_line(self, words: str) -> str:
        """What somebody said, or something is called, as it may stand inside a sentence of ours."""
        return tidy(self.words(words))


def tidy(words: str, most: int = LONGEST) -> str:
    """Words on one line that can't turn what stands around them, and aren't longer than a line."""
    plain = "".join(each for each in words if unicodedata.category(each) not in UNSEEN or each.isspace())
    plain = " ".join(plain.split())
    return plain if len(plain) <= most else plain[:most] + "…"


async def names_for(
    console: Console, books: Books, masked: bool, customers: Collection[str]
) -> dict[str, str]:
    """What these customers are called, as a colleague may see it; nameless ones are left out."""
    found = await books.cards.names(sorted(set(customers)), console.pack.name_topics)
    mask = Mask(masked)
    return {customer: tidy(mask.name(name), LONGEST_NAME) for customer, name in found.items()}

"""Figures as colleagues read them: numbers, days and sentences in their language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from babel.dates import format_skeleton
from babel.numbers import format_decimal, format_percent

from one_to_one.language import Language
from one_to_one.shop import ShopPack
from one_to_one.spans import Step, Trend
from one_to_one.wording import LOCALES

DASH = "–"
FEW = 10
"""Below this a mean, or a share in percent, is told with one decimal."""


class Unit(StrEnum):
    """What a figure is counted in."""

    COUNT = "count"
    DAILY = "daily"  # so many a day
    EACH = "each"  # so many for each contact
    SHARE = "share"  # 0..1
    SECONDS = "seconds"
    MINUTES = "minutes"


class Teller:
    """Tells figures in one language."""

    def __init__(self, pack: ShopPack, words: Mapping[str, str], language: Language) -> None:
        """`words` are the texts of the console."""
        self._pack, self._words, self._language = pack, words, language
        self._locale = LOCALES[language]

    def say(self, key: str, **fields: str) -> str:
        """A text of the room, its places filled."""
        return self._words[f"charts.{key}"].format(**fields)

    def joined(self, one: str, other: str) -> str:
        """Two sentences, one after the other."""
        return " ".join(filter(None, (one, other))) if self._language is Language.ENGLISH else one + other

    def tell(self, value: float | None, unit: Unit) -> str:
        """A figure with its unit; a dash where there is nothing to tell it by."""
        if value is None:
            return DASH
        if unit is Unit.SHARE:
            few = 0 < value < FEW / 100
            return str(format_percent(value, "#,##0.#%" if few else "#,##0%", locale=self._locale))
        if unit in (Unit.SECONDS, Unit.MINUTES):
            fine = "#,##0.##" if unit is Unit.SECONDS else "#,##0.#"
            return self.say(unit, number=self.number(value, fine if value < FEW else "#,##0"))
        return self.number(value, "#,##0.##" if unit is Unit.EACH else "#,##0.#" if value < FEW else "#,##0")

    def number(self, value: float, pattern: str = "#,##0") -> str:
        """A number as it is written."""
        return str(format_decimal(value, pattern, locale=self._locale))

    def change(self, before: float | None, now: float | None, unit: Unit) -> str:
        """How a figure compares with the one before; nothing where there is none."""
        if before is None or now is None:
            return ""
        if unit is Unit.SHARE:
            points = round(100 * (now - before), 1)
            return (
                self.say("points", number=self.number(points, "+#,##0.#;-#,##0.#"))
                if points
                else self.say("as_before")
            )
        if not before:
            return ""
        part = round((now - before) / before, 2)
        return (
            str(format_percent(part, "+#,##0%;-#,##0%", locale=self._locale))
            if part
            else self.say("as_before")
        )

    def trend(self, chart: str, trend: Trend, unit: Unit) -> str:
        """How something went: it rose, fell or stayed, from how much to how much."""
        first, last = self.tell(trend.first, unit), self.tell(trend.last, unit)
        way = "same" if first == last else trend.way
        key = f"{way}_daily" if unit is Unit.DAILY else way
        return self.say(key, what=self._words[f"charts.{chart}_what"], first=first, last=last)

    def level(self, chart: str, value: float, unit: Unit) -> str:
        """How much it was, where there is nothing to compare it with."""
        key = "level_daily" if unit is Unit.DAILY else "level"
        return self.say(key, what=self._words[f"charts.{chart}_what"], last=self.tell(value, unit))

    def step(self, start: date, step: Step, *, so_far: bool) -> str:
        """A day, week or month with its year; `so_far`: it isn't over."""
        named = self._day("yMMM" if step is Step.MONTH else "yMMMd", start)
        told = self.say("week_of", day=named) if step is Step.WEEK else named
        return self.say("so_far", step=told) if so_far else told

    def short(self, start: date, step: Step) -> str:
        """The same for an axis."""
        return self._day("yMMM" if step is Step.MONTH else "MMMd", start)

    def span(self, first: date, last: date) -> str:
        """From one day to another."""
        return self.say("span", first=self._day("yMMMd", first), last=self._day("yMMMd", last))

    def channel(self, name: str) -> str:
        """What a channel is called."""
        return self._words.get(f"charts.channel_{name or 'none'}", name)

    def language_name(self, tag: str) -> str:
        """What a language is called, in itself."""
        return self._words.get(f"charts.language_{tag}", tag)

    def topic(self, name: str) -> str:
        """What a topic is called."""
        known = self._pack.topics.get(name)
        return name if known is None else known.label[self._language]

    def _day(self, skeleton: str, day: date) -> str:
        return str(format_skeleton(skeleton, day, fuzzy=True, locale=self._locale))

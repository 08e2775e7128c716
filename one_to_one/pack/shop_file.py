"""Reading `shop.yml`: what is true of the shop as a whole."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from zoneinfo import available_timezones

from babel.core import get_global

from one_to_one.canned import PLACES, SAID, Canned
from one_to_one.language import Language, Text
from one_to_one.pack.checkout_file import read_checkout
from one_to_one.pack.files import open_file
from one_to_one.pack.opening_file import read_opening
from one_to_one.pack.places import Place, Report
from one_to_one.retention import DAYS, Kept, Retention
from one_to_one.shop import ANSWER_WITHIN, Credit, Proposing, Remembering, Shop

FILE = "shop.yml"

LONGEST_KEPT = 36_500
"""Days: a hundred years."""

_NEEDED = (
    "name",
    "about",
    "hours",
    "delivery",
    "languages",
    "currency",
    "price_step",
    "questions_per_contact",
    "tiers",
    "quiet_hours",
    "time_zone",
    "remedies",
)

_OPTIONAL = (
    "credits",
    "remembering",
    "proposing",
    "sells",
    "lacks",
    "retention",
    "price_kept",
    "checkout",
    "open",
    "holidays",
    "answer_within",
    "canned",
)


def read_shop(report: Report, folder: Path) -> Shop:
    """The shop; what can't be read is reported and filled with something harmless."""
    found = open_file(report, folder, FILE).fields(_NEEDED, _OPTIONAL)
    languages = _languages(found["languages"])
    quiet = found["quiet_hours"].fields(("from", "until"))
    zone = _time_zone(found["time_zone"])
    return Shop(
        name=in_languages(found["name"], languages),
        currency=_currency(found["currency"]),
        languages=languages,
        about=in_languages(found["about"], languages),
        hours=in_languages(found["hours"], languages),
        delivery=in_languages(found["delivery"], languages),
        questions_per_contact=found["questions_per_contact"].whole(0, 2),
        price_step=_step(found["price_step"]),
        tiers=_amounts(found["tiers"]),
        quiet_from=quiet["from"].clock(),
        quiet_until=quiet["until"].clock(),
        time_zone=zone,
        remedies=_amounts(found["remedies"]),
        credits=_credits(found["credits"], folder),
        remembering=_remembering(found["remembering"]),
        proposing=_proposing(found["proposing"]),
        sells=_sells(found["sells"]),
        lacks=_sells(found["lacks"]),
        retention=_retention(found["retention"]),
        opening=read_opening(found["open"], found["holidays"], zone),
        answer_within=_answer_within(found["answer_within"]),
        canned=_canned(found["canned"], languages),
        checkout=read_checkout(
            found["checkout"], found["price_kept"], lambda place: in_languages(place, languages)
        ),
    )


def _answer_within(place: Place) -> timedelta:
    """How long a customer waits for a colleague, at most, while the shop is open."""
    if place.missing:
        return ANSWER_WITHIN
    return place.term("1 minute", "1 week") or ANSWER_WITHIN


def _canned(place: Place, languages: Sequence[Language]) -> tuple[Canned, ...]:
    """Replies that colleagues keep ready."""
    return tuple(_ready(item, languages) for item in ([] if place.missing else place.items()))


def _ready(place: Place, languages: Sequence[Language]) -> Canned:
    found = place.fields(("title", "text"), ("fits",))
    for inner in per_language(found["text"], languages).values():
        for name in re.findall(r"\{([^}]*)\}", inner.words()):
            if name not in PLACES:
                inner.wrong(f"`{name}` can't stand in braces. Known: {', '.join(PLACES)}.")
    fits = frozenset(item.one_of(SAID, "something a customer says") for item in found["fits"].items())
    return Canned(in_languages(found["title"], languages), in_languages(found["text"], languages), fits)


def _proposing(place: Place) -> Proposing:
    """What the shop's own interest may count; nothing where nothing is written."""
    if place.missing:
        return Proposing()
    names = ("margin_weight", "stock_weight", "least_stock", "pushed_share", "offer_margin")
    found = place.fields((), names)
    plain = Proposing()
    return Proposing(
        margin_weight=found["margin_weight"].share(),
        stock_weight=found["stock_weight"].share(),
        least_stock=plain.least_stock if found["least_stock"].missing else found["least_stock"].whole(1),
        pushed_share=found["pushed_share"].share(),
        offer_margin=plain.offer_margin if found["offer_margin"].missing else found["offer_margin"].share(),
    )


def _sells(place: Place) -> dict[str, tuple[str, ...]]:
    found = place.fields((), ("zh", "en"))
    return {tongue: tuple(item.words() for item in found[tongue].items()) for tongue in found}


def in_languages(place: Place, languages: Sequence[Language]) -> Text:
    """A text in every language the shop speaks; each missing translation is reported."""
    return {language: place_.words() for language, place_ in per_language(place, languages).items()}


def per_language(place: Place, languages: Sequence[Language]) -> dict[Language, Place]:
    """What a mapping holds for every language the shop speaks."""
    places = dict(place.entries())
    for name, inner in places.items():
        if name not in [*Language]:
            split = f" If `{name}` belongs to the text before the comma, put that text in quotes."
            known = f"Known: {', '.join(Language)}." + (split if inner.empty else "")
            inner.wrong(f"`{name}` in {place.called} is not a language. {known}")
    if places or not place.missing:
        _report_untranslated(place, places, languages)
    return {language: places.get(language, place.part(language, None)) for language in languages}


def _report_untranslated(place: Place, places: Collection[str], languages: Sequence[Language]) -> None:
    for language in languages:
        if language not in places and place.is_mapping:
            place.wrong(f"{place.called} has no {language}: translate it.")


def _languages(place: Place) -> tuple[Language, ...]:
    codes = [item.one_of([*Language], "a language Dripwise talks") for item in place.items()]
    if not codes and not place.missing:
        place.wrong("The shop speaks no language; name at least one.")
    return tuple(dict.fromkeys(Language(code) for code in codes if code)) or (Language.ENGLISH,)


@cache
def _currencies() -> frozenset[str]:
    return frozenset(get_global("all_currencies"))


_SPOKEN = {"NT": "TWD", "NTD": "TWD", "RMB": "CNY", "CNH": "CNY", "STG": "GBP"}
"""What some currencies are called by those who use them."""


def _currency(place: Place) -> str:
    spoken = _SPOKEN.get(place.scalar("a currency of ISO 4217").upper())
    if spoken:
        place.wrong(f"{place.called} is written as in ISO 4217: `{spoken}`.")
        return spoken
    return place.one_of(_currencies(), "a currency of ISO 4217, such as TWD or EUR")


@cache
def _time_zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _time_zone(place: Place) -> str:
    return place.one_of(_time_zones(), "a time zone of IANA, such as Asia/Taipei") or "UTC"


def _step(place: Place) -> Decimal:
    step = place.amount(default="1")
    if step == 0:
        place.wrong("Prices can't be rounded to multiples of 0; write 1 or 10, say.")
    return step or Decimal(1)


def _amounts(place: Place) -> Mapping[str, Decimal]:
    return {name: inner.amount() for name, inner in place.entries()}


def _retention(place: Place) -> Retention:
    """The days of each kind that is named; the others keep their usual number."""
    said = {}
    for name, inner in place.entries():
        if name in [*Kept]:
            said[Kept(name)] = inner.whole(1, LONGEST_KEPT)
        else:
            inner.wrong(f"`{name}` in {place.called} is no kind of data. Known: {', '.join(Kept)}.")
    return Retention({**DAYS, **said})


def _remembering(place: Place) -> Remembering:
    return Remembering(place.one_of([*Remembering], "notice or opt_in") or Remembering.NOTICE)


def _credits(place: Place, folder: Path) -> tuple[Credit, ...]:
    return tuple(_credit(item, folder) for item in ([] if place.missing else place.items()))


def _credit(place: Place, folder: Path) -> Credit:
    found = place.fields(("title", "licence", "notice"))
    return Credit(found["title"].words(), found["licence"].words(), file_below(found["notice"], folder))


def file_below(place: Place, folder: Path) -> str:
    """The name of a file that lies in the pack."""
    name = place.words()
    if name and not (folder / name).resolve().is_relative_to(folder.resolve()):
        place.wrong(f"{name} lies outside the pack.")
    elif name and not (folder / name).is_file():
        place.wrong(f"{name} is not a file of this pack.")
    return name

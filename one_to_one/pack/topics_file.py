"""Reading `topics.yml`: what can be known about a customer."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from one_to_one.facts import Polarity
from one_to_one.folding import fold
from one_to_one.language import Language
from one_to_one.pack.files import open_file
from one_to_one.pack.places import Place, Report
from one_to_one.pack.shop_file import in_languages, per_language
from one_to_one.replies import PAYLOAD_BYTES
from one_to_one.shop import FOR_GOOD, TERMS, Terms, Topic, TopicKind, Value

FILE = "topics.yml"
TONGUES = ("zh", "en")
"""Words are written per tongue: Chinese in either script, since it is folded to one, and English."""

FOREVER = "for good"
"""The term of a refusal that is never forgotten."""

_NEEDED = ("kind", "label", "question", "why", "half_life", "burden")
_ALLOWED = (
    "values",
    "units",
    "sensitive",
    "bears_on",
    "answer",
    "worth",
    "scale",
    "suits",
    "called",
    "others",
    "declined",
    "not_now",
)
_LISTED = frozenset({TopicKind.CHOICE, TopicKind.CHOICES})
_COUNTED = frozenset({TopicKind.NUMBER, TopicKind.MONEY})
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_HAN = re.compile("[\u3400-\u9fff]")


def read_topics(report: Report, folder: Path, languages: Sequence[Language]) -> dict[str, Topic]:
    """The topics by name, in the order of the file."""
    places = open_file(report, folder, FILE).entries()
    names = [name for name, _ in places]
    return {name: _topic(name, place, languages, names) for name, place in places}


def line_of(folder: Path, topic: str, value: str, key: str) -> int:
    """Where a key of a value stands in the file."""
    place = open_file(Report(), folder, FILE)
    for name in (topic, "values", value, key):
        place = dict(place.entries()).get(name, place)
    return place.near


def _topic(name: str, place: Place, languages: Sequence[Language], names: Collection[str]) -> Topic:
    if not _NAME.fullmatch(name):
        place.wrong(f"`{name}` can't be the name of a topic: use a-z, 0-9 and _, a letter first.")
    found = place.fields(_NEEDED, _ALLOWED)
    kind = TopicKind(found["kind"].one_of([*TopicKind], "a kind of topic") or TopicKind.TEXT)
    _check_belongings(kind, found)
    return Topic(
        name=name,
        kind=kind,
        label=in_languages(found["label"], languages),
        values=_values(name, found["values"], languages),
        question=_questions(found["question"], languages),
        why=in_languages(found["why"], languages),
        half_life=found["half_life"].span(),
        sensitive=found["sensitive"].flag(),
        burden=found["burden"].share(),
        bears_on=tuple(filter(None, (p.one_of(names, "a topic") for p in found["bears_on"].items()))),
        answer=_answer(found["answer"]),
        worth=found["worth"].share(),
        units=_words(found["units"]),
        scale=found["scale"].flag(),
        called=_words(found["called"]),
        others=_words(found["others"]),
        suits=found["suits"].flag(),
        terms=_terms(found["declined"], found["not_now"], FOR_GOOD if found["sensitive"].flag() else TERMS),
    )


def _check_belongings(kind: TopicKind, found: Mapping[str, Place]) -> None:
    """Whether the topic has what its kind needs and nothing that only other kinds have."""
    if found["kind"].missing:
        return
    values = found["values"]
    if kind in _LISTED and len(values.entries()) < 2:
        found["kind"].wrong(f"A topic of kind {kind} needs at least two values.")
    for key, kinds in (("values", _LISTED), ("units", _COUNTED)):
        if not found[key].missing and kind not in kinds:
            found[key].wrong(f"A topic of kind {kind} has no {key}.")


def _answer(place: Place) -> Polarity:
    return Polarity(place.one_of([*Polarity], "likes, dislikes or never") or Polarity.LIKES)


def _terms(declined: Place, not_now: Place, usual: Terms) -> Terms:
    """How long a refusal is honoured; what is left out is as `usual`."""
    return Terms(
        usual.declined_for if declined.missing else declined.span_or(FOREVER),
        usual.not_now_for if not_now.missing else not_now.span(),
    )


def _questions(place: Place, languages: Sequence[Language]) -> dict[Language, tuple[str, ...]]:
    return {
        language: _wordings(inner, language) for language, inner in per_language(place, languages).items()
    }


def _wordings(place: Place, language: Language) -> tuple[str, ...]:
    wordings = tuple(item.words() for item in place.items())
    if len(wordings) < 2 and not place.missing:
        place.wrong(f"The question needs two wordings in {language}: the second is used when asked again.")
    return wordings or ("",)


def _values(topic: str, place: Place, languages: Sequence[Language]) -> dict[str, Value]:
    claimed: dict[tuple[str, str], str] = {}
    return {code: _value(topic, code, inner, languages, claimed) for code, inner in place.entries()}


def _value(
    topic: str,
    code: str,
    place: Place,
    languages: Sequence[Language],
    claimed: dict[tuple[str, str], str],
) -> Value:
    _check_payload(topic, code, place)
    found = place.fields(("label", "words"), ("short", "too", "implies", "rules_out", "leaves", "calls_for"))
    for key in ("words", "short"):
        for tongue, item in _said(found[key]):
            _check_claim(code, tongue, item, claimed)
    words = _words(found["words"])
    _check_spoken(found["words"], words, languages)
    label = in_languages(found["label"], languages)
    implies = {name: inner.code() for name, inner in found["implies"].entries()}
    return Value(
        code,
        label,
        words,
        _words(found["short"]),
        _too(found["too"], languages),
        implies,
        rules_out=_bound(found["rules_out"]),
        leaves=_bound(found["leaves"]),
        calls_for=_bound(found["calls_for"]),
    )


def _bound(place: Place) -> dict[str, tuple[str, ...]]:
    """module → options. Whether there are such is checked once the modules are read."""
    return {name: tuple(item.code() for item in inner.items()) for name, inner in place.entries()}


def _too(place: Place, languages: Sequence[Language]) -> dict[Language, tuple[str, ...]]:
    """How one says that there is too much of it; the first wording of each language stands on a button."""
    if place.missing:
        return {}
    wordings = per_language(place, languages)
    return {language: tuple(item.words() for item in of.items()) for language, of in wordings.items()}


def _check_payload(topic: str, code: str, place: Place) -> None:
    payload = f"answer:{topic}:{code}"
    if not re.fullmatch(r"[a-z0-9][a-z0-9_]*", code):
        place.wrong(f"`{code}` can't be the code of a value: use a-z, 0-9 and _ only.")
    elif len(payload.encode()) > PAYLOAD_BYTES:
        place.wrong(f"`{payload}` is longer than the {PAYLOAD_BYTES} bytes a button can carry; shorten it.")


def _check_claim(code: str, tongue: str, item: Place, claimed: dict[tuple[str, str], str]) -> None:
    """Whether no other value of the topic is said with the same word."""
    word = " ".join(fold(item.words()).replace("-", " ").split())
    owner = claimed.setdefault((tongue, word), code)
    if owner != code and word:
        item.wrong(f'"{item.words()}" already means `{owner}`; a word can mean only one value of a topic.')


def _check_spoken(place: Place, words: Mapping[str, tuple[str, ...]], languages: Sequence[Language]) -> None:
    """Whether the value can be said in every language of the shop."""
    for tongue in sorted({language.split("-")[0] for language in languages}):
        if place.is_mapping and not words.get(tongue):
            place.wrong(f"{place.called} has no words in `{tongue}`: nobody could say it.")


def _said(place: Place) -> Iterator[tuple[str, Place]]:
    for tongue, inner in place.entries():
        for item in inner.items():
            yield tongue, item


def _words(place: Place) -> Mapping[str, tuple[str, ...]]:
    """What says something, per tongue."""
    found = place.fields((), TONGUES)
    for tongue, item in _said(place):
        if tongue == "en" and _HAN.search(item.words()):
            item.wrong(f'"{item.words()}" is not English; Chinese words belong to `zh`.')
    return {tongue: tuple(item.words() for item in found[tongue].items()) for tongue in TONGUES}

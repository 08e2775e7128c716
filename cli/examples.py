"""What the bot is trained on: sentences written by hand, filled with the words of one shop pack."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import yaml

from one_to_one.folding import fold
from one_to_one.language import Language
from one_to_one.shop import ShopPack, Topic, TopicKind
from one_to_one.teaching.examples import taught, unmarked
from one_to_one.written import read_yaml

HAND_WRITTEN = ("zh", "en")
"""The folders below data/nlu; Chinese is written in either script."""

PER_DAY = "_per_day"
"""The end of the name of a topic that is counted by the day: its number stands before its name."""

NAMED = "#named"
"""The end of the name of a table: what a topic is called, before its number ("height 32")."""

_PLACE = re.compile(r"\{(value|product|topic)\}")
_VARIANTS = 4  # sentences made of one that has a place in it
_ALONE = 120  # sentences made of a place that stands alone


@dataclass(frozen=True, slots=True)
class Words:
    """What may stand in the places of sentences in one language."""

    value: Sequence[str]
    product: Sequence[str]
    topic: Sequence[str] = ()

    def fill(self, example: str) -> Iterator[str]:
        """The sentences made of one example; the same ones every time."""
        if not _PLACE.search(example):
            yield example
            return
        chance = random.Random(example)  # noqa: S311 (nothing secret)
        for _ in range(_ALONE if _PLACE.fullmatch(example) else _VARIANTS):
            yield _PLACE.sub(lambda place: chance.choice(self._pool(place[1])), example)

    def _pool(self, kind: str) -> Sequence[str]:
        return {"value": self.value, "product": self.product, "topic": self.topic}[kind]


def words_of(pack: ShopPack, folder: str) -> Words:
    """The words of values and the names of products and topics in one language."""
    written = (Language.ENGLISH,) if folder == "en" else (Language.TRADITIONAL, Language.SIMPLIFIED)
    languages = [language for language in written if language in pack.shop.languages]
    values = [value for topic in pack.topics.values() for value in topic.values.values()]
    said = (word for value in values for word in value.words.get(folder, ()))
    names = (product.name[language] for product in pack.products.values() for language in languages)
    labels = (topic.label[language] for topic in pack.topics.values() for language in languages)
    called = (name for topic in pack.topics.values() for name in topic.called.get(folder, ()))
    topics = _unique((*labels, *called))
    return Words(_unique(said) or ("…",), _unique(names) or ("…",), topics or ("…",))


def sentences(pack: ShopPack, hand_written: Path, more: Path | None = None) -> dict[str, list[str]]:
    """Intent -> sentences, from the shared data and from the pack's own `nlu/<language>.yml`.

    `more` is a folder with further files `<language>.yml`: what colleagues have taught.
    """
    filled: dict[str, list[str]] = {}
    for folder in HAND_WRITTEN:
        words = words_of(pack, folder)
        for path in _files(pack, hand_written, folder, more):
            for intent, example in _examples(path, "intent"):
                filled.setdefault(intent, []).extend(words.fill(unmarked(example)))
    return {intent: list(_unique(lines)) for intent, lines in _told_apart(filled).items()}


def _files(pack: ShopPack, hand_written: Path, folder: str, more: Path | None) -> list[Path]:
    """The files of one language; what was taught comes first, so that its intent counts."""
    fresh = [] if more is None else [more / f"{folder}.yml"]
    return [*fresh, *sorted((hand_written / folder).glob("*.yml")), pack.folder / "nlu" / f"{folder}.yml"]


def _told_apart(filled: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Without sentences that filling has given a second intent; the first keeps them."""
    owner: dict[str, str] = {}
    for intent, lines in filled.items():
        for line in lines:
            owner.setdefault(line, intent)
    return {intent: [line for line in lines if owner[line] == intent] for intent, lines in filled.items()}


def lookups(pack: ShopPack, hand_written: Path, more: Path | None = None) -> dict[str, list[str]]:
    """Lookup table -> words: those around a wish by hand, those of values and units from the pack.

    The pack's own `nlu/<language>.yml` adds to the former, and so do the files in `more`. Sentences whose
    facts are marked are a table of their own, "#taught".
    """
    tables: dict[str, list[str]] = {}
    for folder in HAND_WRITTEN:
        files = _files(pack, hand_written, folder, more)
        for path in files:
            for name, word in _examples(path, "lookup"):
                tables.setdefault(name, []).append(word)
        tables.setdefault("#taught", []).extend(_marked(files))
        for name, word in _numerals(hand_written / folder / "answers.yml"):
            tables.setdefault(name, []).append(word)
    refusals = frozenset(map(fold, tables.get("#not", ())))
    for topic in pack.topics.values():
        for name, further in (_tables_of(topic) | _refusing(topic, refusals)).items():
            tables.setdefault(name, []).extend(further)
    tables["#product"] = [name for product in pack.products.values() for name in product.name.values()]
    for name, topics in _lists(pack.topics.values()).items():
        tables[name] = topics
    return {name: list(_unique(words)) for name, words in tables.items() if words}


def _marked(files: Iterable[Path]) -> Iterator[str]:
    """Sentences whose facts are marked, each once: the first file's word counts."""
    seen = set()
    for path in files:
        for _, example in _examples(path, "intent"):
            told = taught(example)
            if told is not None and told["text"] not in seen:
                seen.add(told["text"])
                yield json.dumps(told, ensure_ascii=False)


def _tables_of(topic: Topic) -> dict[str, list[str]]:
    tables = {
        f"{topic.name}={code}": [word for words in value.words.values() for word in words]
        for code, value in topic.values.items()
    }
    short = {
        f"~{topic.name}={code}": [word for words in value.short.values() for word in words]
        for code, value in topic.values.items()
        if topic.scale
    }
    if topic.scale:
        short[f"@{topic.name}"] = list(topic.label.values())
    if topic.kind is TopicKind.NUMBER and not topic.name.endswith(PER_DAY):
        called = chain.from_iterable(topic.called.values())
        short[f"{topic.name}{NAMED}"] = [*topic.label.values(), *called]
    units = "#currency" if topic.kind is TopicKind.MONEY else f"{topic.name}#unit"
    return tables | short | {units: [word for words in topic.units.values() for word in words]}


def _refusing(topic: Topic, refusals: Collection[str]) -> dict[str, list[str]]:
    """The short words of a topic that are refusals, too: values where it was talked about ("now none").

    Those of a scale are short words of it anyhow.
    """
    short = {code: chain.from_iterable(value.short.values()) for code, value in topic.values.items()}
    refusing = {code: [word for word in words if fold(word) in refusals] for code, words in short.items()}
    return {f"~{topic.name}={code}": words for code, words in refusing.items() if words and not topic.scale}


def _numerals(path: Path) -> Iterator[tuple[str, str]]:
    """The words numbers are made of, from those of short answers: "%digit=7", "%scale=100", "#whole=12"."""
    lists = read_yaml(path) if path.is_file() else {}
    for part, called in (("digit", "%digit"), ("scale", "%scale"), ("number", "#whole")):
        for word, number in lists.get(part, {}).items():
            yield f"{called}={number}", str(word)
    for part in ("half", "point", "to"):
        for word in lists.get(part, ()):
            yield f"%{part}", str(word)


_READ_APART = {
    "#money": TopicKind.MONEY,
    "#called": TopicKind.NAME,
    "#occasions": TopicKind.OCCASIONS,
    "#household": TopicKind.HOUSEHOLD,
    "#pastimes": TopicKind.PASTIMES,
}

_RHYTHMS = {"weekly", "biweekly", "monthly"}
"""A topic with these values says how often."""


def _lists(topics: Iterable[Topic]) -> dict[str, list[str]]:
    """Tables of topic names: what needs consent, whose values stand in order, what is read by its kind."""
    topics = list(topics)
    return {
        "#sensitive": [topic.name for topic in topics if topic.sensitive],
        "#scales": [topic.name for topic in topics if topic.scale],
        "#rhythms": [topic.name for topic in topics if topic.values.keys() >= _RHYTHMS],
        **{name: [each.name for each in topics if each.kind is kind] for name, kind in _READ_APART.items()},
    }


def write_training_data(pack: ShopPack, hand_written: Path, folder: Path, more: Path | None = None) -> None:
    """Write `nlu.yml` and the entities of the domain as Rasa reads them."""
    nlu = [
        *(
            {"intent": name, "examples": _listed(lines)}
            for name, lines in sentences(pack, hand_written, more).items()
        ),
        *(
            {"lookup": name, "examples": _listed(words)}
            for name, words in lookups(pack, hand_written, more).items()
        ),
    ]
    _write(folder / "data" / "nlu.yml", {"version": "3.1", "nlu": nlu})
    _write(folder / "domain" / "entities.yml", {"version": "3.1", "entities": sorted(pack.topics)})


def _write(path: Path, content: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=1000), encoding="utf-8"
    )


def _examples(path: Path, kind: str) -> Iterator[tuple[str, str]]:
    """Name and line of every block of one kind ("intent", "lookup") in a file of Rasa NLU data."""
    if not path.is_file():
        return
    content = read_yaml(path)
    for block in content.get("nlu", ()):
        if kind in block:
            for line in block["examples"].splitlines():
                yield block[kind], line.removeprefix("- ").strip()


def _listed(lines: Iterable[str]) -> str:
    return "".join(f"- {line}\n" for line in lines)


def _unique(lines: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(lines))

"""From corrections to lines of training data, in the format of Rasa's NLU files.

A corrected intent is an example sentence. Corrected facts are marked in it, as Rasa marks entities:
`[so red]{"entity": "colour", "value": "red", "role": "dislikes"} is not for me`. Such a sentence is read
as it is marked; where nothing is meant, the words that seem to mean something are marked as "nothing". Words
that always mean a value, or never mean anything, go into lookup tables besides.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from one_to_one.folding import fold
from one_to_one.shop import ShopPack
from one_to_one.standing import SIGNS, stands
from one_to_one.teaching.anonymising import anonymise
from one_to_one.teaching.judging import FALLBACK, Entity, Verdict, meaning

NOTHING = "nothing"
"""The entity of words that mean nothing in a sentence, though they seem to."""

IDLE = "#idle"
"""The lookup table of phrases that mean nothing anywhere."""

OWN = "self"
_MARKED = re.compile(r"\[([^\[\]]+)\](\{[^{}]*\})")
_HAN = re.compile(r"[\u3400-\u9fff]")
_SIGNS = str.maketrans({"[": "（", "]": "）", "{": "（", "}": "）", "`": "'"})


@dataclass(frozen=True, slots=True, order=True)
class Line:
    """One line of training data."""

    folder: str  # "zh" or "en"
    kind: str  # "intent" or "lookup"
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Correction:
    """A reviewed message: as it was read, and as it should have been."""

    text: str
    intent: str | None  # as read
    facts: Sequence[Entity]  # as read
    verdict: Verdict
    names: Sequence[str] = ()  # by which the shop knows the customer

    @property
    def new_intent(self) -> bool:
        """Whether another intent is right."""
        return self.verdict.intent != self.intent

    @property
    def new_facts(self) -> bool:
        """Whether other facts are right."""
        return self.verdict.meaning != meaning(self.facts)


def lines_of(correction: Correction, vocabulary: Collection[str] = ()) -> Iterator[Line]:
    """The lines that a correction becomes; none where what was read is right, or nobody knows what is."""
    verdict = correction.verdict
    if verdict.contested or not (correction.new_intent or correction.new_facts or verdict.idle):
        return
    hidden = anonymise(correction.text, correction.names, vocabulary)
    text = plain(hidden.text)
    if not text:
        return
    folder = "zh" if _HAN.search(text) else "en"
    if correction.new_facts:
        right = [_shown(fact, correction.text, hidden.of) for fact in verdict.facts]
        wrong = [_words(fact, correction.text) for fact in correction.facts]
        text = marked(text, right, [plain(hidden.of(words)) for words in wrong])
    if verdict.intent and verdict.intent != FALLBACK and (correction.new_intent or correction.new_facts):
        yield Line(folder, "intent", verdict.intent, text)
    for words in verdict.idle:
        yield Line(folder, "lookup", IDLE, plain(hidden.of(words)))
    for fact in verdict.facts:
        if fact.get("teach"):
            words = plain(hidden.of(_words(fact, correction.text)))
            yield Line(folder, "lookup", f"{fact['entity']}={fact['value']}", words)


def plain(text: str) -> str:
    """One line without signs that mean something in training data, or that nobody sees."""
    seen = "".join(" " if sign.isspace() else sign for sign in text.translate(_SIGNS))
    kept = (sign for sign in seen if not unicodedata.category(sign).startswith("C"))
    return " ".join("".join(kept).split()).lstrip("-/ ")


def marked(text: str, right: Iterable[Entity], wrong: Sequence[str]) -> str:
    """The sentence with its facts marked, each at the first place of its words that is free.

    A fact without words of its own is marked at those of a reading that was wrong, or at the whole sentence.
    """
    notes = [(str(fact["words"]), _note(fact)) for fact in right]
    if not notes:
        notes = [(words, {"entity": NOTHING}) for words in wrong] or [(text, {"entity": NOTHING})]
    places: dict[int, tuple[int, list[Mapping[str, Any]]]] = {}
    for words, note in notes:
        start = text.find(words) if words else -1
        start, end = (start, start + len(words)) if start >= 0 else (0, len(text))
        places.setdefault(start, (end, []))[1].append(note)
    return _written(text, places)


def _written(text: str, places: Mapping[int, tuple[int, Sequence[Mapping[str, Any]]]]) -> str:
    """Facts that share a place, or overlap, share a mark: a list of them."""
    pieces, at = [], 0
    starts = sorted(places)
    while starts:
        start = starts.pop(0)
        end, notes = places[start][0], list(places[start][1])
        while starts and starts[0] < end:
            further = places[starts.pop(0)]
            end, notes = max(end, further[0]), [*notes, *further[1]]
        note = notes[0] if len(notes) == 1 else {"entity": "several", "value": _packed(notes)}
        pieces += [text[at:start], f"[{text[start:end]}]", json.dumps(note, ensure_ascii=False)]
        at = end
    return "".join([*pieces, text[at:]])


def _packed(notes: Iterable[Mapping[str, Any]]) -> str:
    """Several facts in one text without braces: `colour=red dislikes; cut=long likes`."""
    return "; ".join(
        " ".join(filter(None, (f"{note['entity']}={note['value']}", note["role"], note.get("group", ""))))
        for note in notes
    )


def _note(fact: Entity) -> dict[str, Any]:
    more = {"group": str(fact["group"])} if fact.get("group") else {}
    return {"entity": fact["entity"], "value": fact["value"], "role": fact["role"], **more}


def _shown(fact: Entity, text: str, hidden: Any) -> dict[str, Any]:
    """A fact as it is marked: its words, value, polarity, and what else holds."""
    marks = (
        "other" if fact.get("about") == "other" else "",
        str(fact.get("who") or ""),
        "passing" if fact.get("lasting") is False else "",
        "ended" if fact.get("ends") else "",
        {1: "more", -1: "less"}.get(fact.get("relative") or 0, ""),
    )
    return {
        "words": plain(hidden(_words(fact, text))),
        "entity": fact["entity"],
        "value": plain(hidden(str(fact["value"]))),
        "role": fact.get("polarity") or "likes",
        "group": " ".join(filter(None, marks)),
    }


def _words(fact: Entity, text: str) -> str:
    return text[int(fact.get("start") or 0) : int(fact.get("end") or 0)]


def unmarked(example: str) -> str:
    """The sentence of an example, without marks."""
    return _MARKED.sub(lambda found: found[1], example)


def taught(example: str) -> dict[str, Any] | None:
    """What a marked example teaches: the sentence and its facts; None: nothing is marked in it."""
    facts: list[dict[str, Any]] = []
    found = list(_MARKED.finditer(example))
    for mark in found:
        note = json.loads(mark[2])
        if note["entity"] == "several":
            facts += [_unpacked(mark[1], each) for each in str(note["value"]).split("; ")]
        elif note["entity"] != NOTHING:
            marks = str(note.get("group", "")).split()
            facts.append(_fact(mark[1], note["entity"], note["value"], note.get("role", "likes"), marks))
    return {"text": unmarked(example), "facts": facts} if found else None


_PACKED = re.compile(r"([^=;]+)=(.*) (likes|dislikes|never)((?: \w+)*)")


def _unpacked(words: str, packed: str) -> dict[str, Any]:
    found = _PACKED.fullmatch(packed)
    if found is None:
        raise ValueError(f"{packed!r} is no fact")
    return _fact(words, found[1], found[2], found[3], found[4].split())


def _fact(words: str, topic: str, value: str, polarity: str, marks: Collection[str]) -> dict[str, Any]:
    fixed = {"other", "passing", "ended", "more", "less"}
    return {
        "words": words,
        "topic": topic,
        "value": value,
        "polarity": polarity,
        "other": "other" in marks,
        "who": next((mark for mark in marks if mark not in fixed), None),
        "lasting": "passing" not in marks,
        "ends": "ended" in marks,
        "relative": ("more" in marks) - ("less" in marks),
    }


def is_of_trade(line: Line, pack: ShopPack) -> bool:
    """Whether the shop's own words are in it: then it belongs to the shop, else to all shops."""
    if line.kind == "lookup":
        return True
    text = fold(line.text)
    return any(_has(text, fold(word)) for word in trade_words(pack))


def trade_words(pack: ShopPack) -> Iterator[str]:
    """What only this shop says: its values, topics, products and goods."""
    for topic in pack.topics.values():
        yield from topic.label.values()
        for value in topic.values.values():
            yield from (word for words in value.words.values() for word in words)
    for product in pack.products.values():
        yield from product.name.values()
    for words in (*pack.shop.sells.values(), *pack.shop.lacks.values()):
        yield from words


def _has(text: str, word: str) -> bool:
    return stands(text, word, SIGNS)

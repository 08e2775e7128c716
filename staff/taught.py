"""What the teaching panel shows of a message: how it was understood, and what colleagues say of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crm_store.books import Books
from crm_store.models import MessageNoteRow, MessageRow, ReviewCaseRow, ReviewRow
from crm_store.reviews import JOURNEY, judgement_of
from one_to_one.language import Language
from one_to_one.shop import ShopPack, TopicKind
from one_to_one.teaching.intents import typed_intents
from one_to_one.teaching.judging import Entity, Verdict, meaning, settle, written
from settings import ROOT
from staff.masking import Mask

DOMAIN = ROOT / "bot" / "domain.yml"
TYPED_KINDS = {
    TopicKind.NUMBER,
    TopicKind.MONEY,
    TopicKind.TEXT,
    TopicKind.TEXTS,
    TopicKind.NAME,
    TopicKind.PASTIMES,
}
"""Topics whose value is written, not chosen from a list."""

type Words = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ShownFact:
    """One fact of a message, as colleagues read it."""

    place: int  # in the list it belongs to
    told: str
    words: str  # it was read from


@dataclass(frozen=True, slots=True)
class Other:
    """What another colleague says of the message."""

    reviewer: str
    intent: str
    same_intent: bool
    same_facts: bool


@dataclass(frozen=True, slots=True)
class Taught:
    """Everything the panel shows."""

    message: MessageRow
    text: str  # in part, for masked colleagues
    review: ReviewRow | None  # the colleague's own
    case: ReviewCaseRow | None
    facts: Sequence[ShownFact]  # what should have been read
    removed: Sequence[ShownFact]  # what was read and should not have been
    tags: Sequence[str]
    known_tags: Sequence[str]
    notes: Sequence[MessageNoteRow]
    colleagues: Sequence[str]
    others: Sequence[Other]  # who are done; shown only to who is done too
    verdict: Verdict | None  # of all who are done; likewise
    names: Sequence[str]  # of the customer

    @property
    def done(self) -> bool:
        """Whether the colleague is done with it."""
        return self.review is not None and self.review.done_at is not None

    @property
    def agree(self) -> bool:
        """Whether everybody else who is done says the same as the colleague."""
        return all(other.same_intent and other.same_facts for other in self.others)

    @property
    def journey(self) -> bool:
        """Whether the conversation is kept as a test."""
        return JOURNEY in self.tags

    @property
    def intent(self) -> str | None:
        """What it should have been understood as, as far as the colleague says."""
        return (self.review.intent if self.review else None) or self.message.intent

    @property
    def typed(self) -> bool:
        """Whether words were typed that could be understood."""
        return self.message.direction == "in" and self.message.payload is None and bool(self.message.text)


class Telling:
    """Facts and intents in the colleague's language."""

    def __init__(self, pack: ShopPack, words: Words, language: Language, mask: Mask) -> None:
        self._pack, self._words, self._language, self._mask = pack, words, language, mask

    def intents(self) -> list[tuple[str, str]]:
        """Every intent that words can have, with what it is called."""
        return [(name, self.intent(name)) for name in typed_intents(DOMAIN)]

    def intent(self, name: str | None) -> str:
        """What an intent is called; its own name where there is no word for it."""
        return self._words.get(f"intents.{name}", name or "–")

    def topics(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """For a choice: each topic with its values, as "topic=code"; a topic without a list as "topic="."""
        shown = []
        for name, topic in self._pack.topics.items():
            label = topic.label[self._language]
            if topic.values:
                codes = [
                    (f"{name}={code}", value.label[self._language]) for code, value in topic.values.items()
                ]
                shown.append((label, codes))
            elif topic.kind in TYPED_KINDS:
                shown.append((label, [(f"{name}=", f"{label} …")]))
        return shown

    def values(self, topic: str) -> list[tuple[str, str]]:
        """The values of a topic, with what they are called; none where any text is one."""
        known = self._pack.topics.get(topic)
        listed = {} if known is None else known.values
        return [(code, value.label[self._language]) for code, value in listed.items()]

    def value(self, topic: str, value: str) -> str:
        """A value as it is called."""
        known = self._pack.topics.get(topic)
        if known is None or value not in known.values:
            return self._mask.name(value) if self.is_name(topic) else self._mask.words(value)
        return known.values[value].label[self._language]

    def topic(self, name: str) -> str:
        """A topic as it is called."""
        known = self._pack.topics.get(name)
        return name if known is None else known.label[self._language]

    def is_name(self, topic: str) -> bool:
        """Whether the topic's value is what the customer is called."""
        return topic in self._pack.name_topics

    async def names(self, books: Books, customer: str) -> list[str]:
        """The names of a customer, which masked colleagues see in part."""
        return await books.logs.names(customer, self._pack.name_topics)

    def fact(self, topic: str, value: str, polarity: str) -> str:
        """`colour: dark, likes`."""
        return f"{self.topic(topic)}: {self.value(topic, value)} · {self._words['teaching.' + polarity]}"

    def entity(self, entity: Entity) -> str:
        """The same of what the bot reads, with whose it is and for how long."""
        more = [
            self._words["teaching.other"] if entity.get("about") == "other" else "",
            self._words["teaching.passing"] if entity.get("lasting") is False else "",
            self._words["teaching.ended"] if entity.get("ends") else "",
        ]
        what = self.fact(str(entity["entity"]), str(entity["value"]), str(entity.get("polarity") or "likes"))
        return " · ".join([what, *filter(None, more)])


async def taught(books: Books, message: MessageRow, colleague: str, telling: Telling, mask: Mask) -> Taught:
    """Read what the panel shows to a colleague."""
    reviews = await books.reviews.of(message.id)
    mine = next((row for row in reviews if row.reviewer == colleague), None)
    is_done = mine is not None and mine.done_at is not None
    names = await telling.names(books, message.customer_id)
    right = message.entities if mine is None or mine.facts is None else mine.facts
    kept = set(meaning(right))
    gone = [entity for entity in message.entities if written(entity) not in kept]
    done = [row for row in reviews if row.done_at is not None]
    return Taught(
        message=message,
        text=mask.words(message.text, names),
        review=mine,
        case=await books.reviews.seen(message.id),
        facts=_shown(right, message.text, telling, mask, names),
        removed=_shown(gone, message.text, telling, mask, names),
        tags=(await books.reviews.tags([message.id])).get(message.id, []),
        known_tags=[tag for tag in await books.reviews.known_tags() if tag != JOURNEY],
        notes=await books.reviews.notes(message.id),
        colleagues=[row.name for row in await books.staff.listed()],
        others=_others(mine, done, telling) if mine is not None and is_done else [],
        verdict=settle([judgement_of(row) for row in done]) if is_done else None,
        names=names,
    )


def _shown(
    entities: Iterable[Entity], text: str, telling: Telling, mask: Mask, names: Sequence[str]
) -> list[ShownFact]:
    return [
        ShownFact(place, telling.entity(entity), mask.words(words_of(entity, text), names))
        for place, entity in enumerate(entities)
        if "entity" in entity
    ]


def words_of(entity: Entity, text: str) -> str:
    """The words a fact was read from."""
    return text[int(entity.get("start") or 0) : int(entity.get("end") or 0)]


def _others(mine: ReviewRow, done: Sequence[ReviewRow], telling: Telling) -> list[Other]:
    ours: tuple[Any, ...] = meaning(mine.facts or ())
    return [
        Other(
            row.reviewer,
            telling.intent(row.intent),
            row.intent == mine.intent,
            meaning(row.facts or ()) == ours,
        )
        for row in done
        if row.reviewer != mine.reviewer
    ]

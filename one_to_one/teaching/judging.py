"""What a message should have been understood as: one colleague's word, and that of several together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

type Entity = Mapping[str, Any]
"""One fact as the bot reads it: "entity" (the topic), "value", "polarity", "start", "end", and more."""

FALLBACK = "nlu_fallback"
"""Not understood, and rightly so where nobody taught it."""


def written(entity: Entity) -> str:
    """A fact in words that are the same for the same meaning: `colour=red dislikes other mother`."""
    relative = entity.get("relative") or 0
    marks = (
        f"{entity.get('entity')}={entity.get('value')}",
        entity.get("polarity") or "likes",
        entity.get("about") if entity.get("about") != "self" else "",
        entity.get("who"),
        "passing" if entity.get("lasting") is False else "",
        "ended" if entity.get("ends") else "",
        {1: "more", -1: "less"}.get(relative, ""),
    )
    return " ".join(str(mark) for mark in marks if mark)


def meaning(facts: Iterable[Entity]) -> tuple[str, ...]:
    """All facts in words, in an order of their own: two readings that mean the same are equal."""
    return tuple(sorted({written(fact) for fact in facts}))


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one colleague says a message means."""

    reviewer: str
    intent: str | None  # None: nothing was to be understood, such as of a button
    facts: Sequence[Entity] = ()
    idle: Sequence[str] = ()  # words that mean nothing here, though they seem to
    reply: str | None = None  # what would have been right to say


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the colleagues together say."""

    intent: str | None
    facts: tuple[Entity, ...]
    idle: tuple[str, ...] = ()
    reply: str | None = None
    contested: frozenset[str] = field(default_factory=frozenset)  # of "intent" and "facts"

    @property
    def meaning(self) -> tuple[str, ...]:
        """The facts in words."""
        return meaning(self.facts)


def settle(judgements: Sequence[Judgement]) -> Verdict:
    """What most of them say; where two views have as many voices, it is contested and the first one is given.

    Raises ValueError when nobody judged.
    """
    if not judgements:
        raise ValueError("nobody has judged it")
    intent, sure_of_intent = _most(judgement.intent for judgement in judgements)
    facts, sure_of_facts = _most(meaning(judgement.facts) for judgement in judgements)
    agreed = [each for each in judgements if meaning(each.facts) == facts]
    replies = [each.reply for each in judgements if each.reply]
    unsure = {"intent": not sure_of_intent, "facts": not sure_of_facts}
    return Verdict(
        intent,
        tuple(agreed[0].facts),
        tuple(dict.fromkeys(words for each in agreed for words in each.idle)),
        replies[-1] if replies else None,
        frozenset(name for name, differ in unsure.items() if differ),
    )


def _most[View: Hashable](views: Iterable[View]) -> tuple[View, bool]:
    """The view with the most voices, and whether no other has as many."""
    ranked = Counter(views).most_common(2)
    return ranked[0][0], len(ranked) == 1 or ranked[0][1] > ranked[1][1]

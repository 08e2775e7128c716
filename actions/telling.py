"""One thing that is known, as it is told to the customer it is about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from actions.turn import Turn
from one_to_one.facts import Fact
from one_to_one.ledger import Question
from one_to_one.preferences import is_stale


def lines(turn: Turn, facts: Sequence[Fact], ledger: Mapping[str, Question]) -> Iterator[str]:
    """Each with since when and from which words; under each topic why we asked and what it is used for."""
    for place, fact in enumerate(facts):
        yield _line(turn, fact)
        is_last = place + 1 == len(facts) or facts[place + 1].topic != fact.topic
        why = _why(turn, fact, ledger.get(fact.topic)) if is_last else ""
        if why:
            yield why


def _line(turn: Turn, fact: Fact) -> str:
    return turn.texts.say(
        turn.language,
        f"memory.{_how(fact)}",
        topic=turn.words.topic(fact.topic),
        thing=turn.words.stance(fact),
        when=_when(turn, fact) + _caution(turn, fact),
        words=turn.words.quoted(fact.words),
    )


def _how(fact: Fact) -> str:
    """The text that says how we know it."""
    if not fact.stated:
        return {"order": "guessed_order", "crowd": "guessed_crowd"}.get(fact.source.channel, "supposed")
    if fact.source.message is None:
        return "given"
    return "said" if fact.words else "chosen"


def _when(turn: Turn, fact: Fact) -> str:
    """The day it was said; when it was said again later, both days."""
    since, last = turn.words.day(fact.since), turn.words.day(fact.source.at)
    if since == last:
        return last
    return turn.texts.say(turn.language, "memory.since", since=since, when=last)


def _caution(turn: Turn, fact: Fact) -> str:
    """That it is for this contact only, or has grown old."""
    topic = turn.pack.topics.get(fact.topic)
    if fact.provisional:
        return turn.texts.say(turn.language, "memory.for_now")
    if topic is not None and is_stale(fact, topic, turn.now):
        return turn.texts.say(turn.language, "memory.aged")
    return ""


def _why(turn: Turn, fact: Fact, question: Question | None) -> str:
    topic = turn.pack.topics.get(fact.topic)
    if topic is None:
        return ""
    asked = question is not None and question.times_asked > 0
    return turn.texts.say(turn.language, f"memory.{_ground(fact, asked=asked)}", why=topic.why[turn.language])


def _ground(fact: Fact, *, asked: bool) -> str:
    """The text that says what it is used for, and whether they were asked, told it or never said it."""
    if not fact.stated:
        return "why_guessed"
    if fact.source.message is None:
        return "why_given"
    return "why_asked" if asked else "why_told"

"""Remembering what is said, at any moment, and saying so."""

from __future__ import annotations

from collections.abc import Sequence

from actions import past
from actions.holding import hold_back
from actions.turn import Turn
from one_to_one.facts import Fact, Heard, MessageId, Source
from one_to_one.language import CHINESE
from one_to_one.ledger import QuestionState
from one_to_one.passing import wished
from one_to_one.preferences import weigh
from one_to_one.relative import resolved
from one_to_one.shop import TopicKind


async def remember(turn: Turn, heard: Sequence[Heard] | None = None) -> None:
    """Tell what is to last from what is for now, and let the first change what is believed."""
    said = await _compared(turn, turn.stated if heard is None else heard)
    for_now = [one for one in said if not one.lasting]
    turn.passing = turn.passing.with_wishes(wished(for_now), turn.pack)
    lasting = await hold_back(turn, [one for one in said if one.lasting])
    if heard is None and turn.intent == "propose":  # "could I have ...?" is said for now
        await hold_back(turn, [one for one in turn.heard if one not in turn.stated and not one.relative])
    turn.passing = turn.passing.outdone_by(lasting, turn.pack)
    await change(turn, lasting)


async def change(turn: Turn, lasting: Sequence[Heard]) -> None:
    """Weigh what is to last against what is believed, and write down what changed."""
    changes = weigh(lasting, turn.facts, turn.pack)
    for one in changes.learn:
        await _learn_with_consent(turn, one)
    for fact in changes.end:
        successor = next((new for new in turn.learned if new.topic == fact.topic), None)
        await turn.books.facts.end(fact, turn.now, by=successor.id if successor else None)
        turn.ended.append(fact)
    turn.confirmed = [await _confirm(turn, fact) for fact in changes.same]
    gone = {*changes.end, *changes.same}
    turn.facts = [*(fact for fact in turn.facts if fact not in gone), *turn.learned, *turn.confirmed]


async def _compared(turn: Turn, heard: Sequence[Heard]) -> Sequence[Heard]:
    """What was heard, with "stronger than last time" as what that comes to."""
    if not any(one.relative for one in heard):
        return heard
    return resolved(heard, turn.facts, await past.ordered(turn), turn.pack)


async def _learn_with_consent(turn: Turn, heard: Heard) -> None:
    """What may not be kept yet is for this contact only; whether it may is asked, once."""
    topic = turn.pack.topics[heard.topic]
    provisional = not turn.consents.keeps(topic)
    turn.learned.append(await learn(turn, heard, provisional=provisional))
    to_ask = turn.consents.to_ask(topic)
    if provisional and to_ask is not None and to_ask not in turn.wants_consent:
        turn.wants_consent.append(to_ask)


async def learn(turn: Turn, heard: Heard, *, provisional: bool = False) -> Fact:
    """Write one fact, and note that its question is answered."""
    message = turn.message
    fact = await turn.books.facts.learn(
        turn.customer.id,
        heard,
        at=turn.now,
        source=Source(MessageId(message.id), message.channel, message.at),
        contact=turn.contact.id,
        provisional=provisional,
    )
    await answered(turn, heard.topic)
    return fact


async def _confirm(turn: Turn, fact: Fact) -> Fact:
    """Said again: as fresh as today."""
    heard = Heard(fact.topic, fact.value, fact.polarity, fact.confidence, turn.message.text[:200])
    return await learn(turn, heard, provisional=fact.provisional)


async def answered(turn: Turn, topic: str) -> None:
    """Never ask about this topic again, and wait for its answer no longer."""
    await turn.books.questions.mark(
        turn.customer.id, topic, QuestionState.ANSWERED, turn.now, turn.contact.id
    )
    waiting = turn.waits_for("question")
    if waiting is not None and waiting["ref"] == topic:
        turn.settle("question")


SHORTEST, LONGEST = 2, 10
"""Characters of a statement that can be repeated as it was said."""


def acknowledge(turn: Turn) -> None:
    """Say what was noted, and what it took the place of. What needs consent is said when asking for it."""
    kept = [fact for fact in turn.learned if not fact.provisional]
    passing = [one for one in turn.learned if one.provisional and not _will_be_asked(turn, one.topic)]
    today = [one for one in turn.stated if not one.lasting]
    if passing:
        turn.say("remembering.this_time", things=_together(turn, passing))
    if turn.held:
        said, firm = turn.held[0]
        turn.say("remembering.held", things=turn.words.fact(said), old=turn.words.fact(firm))
    elif today:
        turn.say("remembering.today", things=_together(turn, today))
    given_up = [one for one in turn.stated if one.ends]
    if given_up and not kept:
        turn.say("remembering.given_up", things=_together(turn, given_up))
    if kept and (old := _changed(turn)):
        turn.say("remembering.changed", things=_together(turn, kept), old=turn.words.fact(old))
    elif name := _name(turn, kept):
        turn.say("remembering.name", name=name)
    elif kept:
        turn.say("remembering.noted", things=_as_said(turn, kept) or _together(turn, kept))
    elif turn.confirmed:
        turn.say("remembering.known", things=_together(turn, turn.confirmed))


def _will_be_asked(turn: Turn, topic: str) -> bool:
    """Whether the question of consent that follows says what was understood."""
    return turn.consents.to_ask(turn.pack.topics[topic]) in turn.wants_consent


def _as_said(turn: Turn, facts: Sequence[Fact]) -> str | None:
    """The customer's own words, where they are one short statement in a language that lets us repeat it."""
    words = turn.words.quoted(facts[0].words) if len(facts) == 1 else ""
    if turn.intent != "inform" or turn.language not in CHINESE:
        return None
    starts = turn.texts.variants(turn.language, "remembering.starts")
    bare = words.removeprefix(next((start for start in starts if words.startswith(start)), ""))
    unrepeatable = turn.texts.variants(turn.language, "remembering.unrepeatable")
    fits = SHORTEST <= len(bare) <= LONGEST and not any(word in bare for word in unrepeatable)
    return bare if fits else None


def _changed(turn: Turn) -> Fact | None:
    """The old belief that a new one took the place of."""
    topics = {fact.topic for fact in turn.learned}
    return next((old for old in turn.ended if old.topic in topics), None)


def _name(turn: Turn, facts: Sequence[Fact]) -> str | None:
    """The name the customer gave, if that is all they said."""
    named = [fact for fact in facts if turn.pack.topics[fact.topic].kind is TopicKind.NAME]
    return named[0].value if len(named) == len(facts) == 1 else None


def _together(turn: Turn, facts: Sequence[Fact | Heard]) -> str:
    return turn.words.listed(dict.fromkeys(turn.words.fact(fact) for fact in facts))

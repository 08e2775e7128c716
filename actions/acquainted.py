"""What is known of those whom the customer buys for: kept by person over contacts, told, and forgotten."""

from __future__ import annotations

from collections.abc import Iterable

from actions.laying_out import is_of_the_present
from actions.turn import Turn
from crm_store.models import TheirTasteRow
from one_to_one.facts import Fact, FactId, Heard, MessageId, Polarity, Source
from one_to_one.folding import fold
from one_to_one.language import Language
from one_to_one.passing import SOMEBODY
from one_to_one.preferences import same_value
from one_to_one.replies import Button

OF = "of"
"""What stands in a button that forgets a person's taste."""


async def recall(turn: Turn) -> None:
    """Have at hand what was told in earlier contacts of whom the talk is about."""
    about = turn.passing.about
    if about in ("", SOMEBODY) or not turn.consents.personal:
        return
    rows = await turn.books.their_tastes.of(turn.customer.id, about)
    turn.recalled = [_fact(row) for row in rows if row.topic in turn.pack.topics]


def _fact(row: TheirTasteRow) -> Fact:
    """A taste of theirs as the rules read it; its number is below zero: it is no fact of the customer."""
    source = Source(MessageId(row.message_id or 0), "", row.at)
    polarity = Polarity(row.polarity)
    return Fact(
        FactId(-row.id), row.topic, row.value, polarity, True, 1.0, row.at, None, row.at, source, row.words
    )


async def keep(turn: Turn) -> None:
    """Keep what was told of somebody named, for the next time; what needs consent only if that was given.

    What was only asked for, what something may cost and how it is made up is about the present at hand.
    """
    if turn.consents.private or turn.asks:
        return
    for one in turn.told_of:
        topic = turn.pack.topics[one.topic]
        made = is_of_the_present(turn, one.topic)
        if one.who and one.who != SOMEBODY and not made and turn.consents.keeps(topic):
            await _learn(turn, one.who, one)


async def _learn(turn: Turn, who: str, one: Heard) -> None:
    """In the place of what can't be true beside it."""
    topic = turn.pack.topics[one.topic]
    for row in await turn.books.their_tastes.of(turn.customer.id, who):
        same = row.topic == one.topic and same_value(topic, row.value, one.value)
        only_one = not topic.many and row.polarity == one.polarity == Polarity.LIKES
        if same or (row.topic == one.topic and only_one):
            await turn.books.their_tastes.drop(row)
    if not one.ends:
        await turn.books.their_tastes.learn(turn.customer.id, who, one, turn.message.id, turn.now)


async def tell(turn: Turn) -> tuple[list[str], list[Button]]:
    """A line for each person of whom something is known, and the buttons to forget it."""
    of: dict[str, list[TheirTasteRow]] = {}
    for row in await turn.books.their_tastes.listed(turn.customer.id):
        if row.topic in turn.pack.topics:
            of.setdefault(row.who, []).append(row)
    lines = [_line(turn, who, rows) for who, rows in of.items()]
    return lines, [turn.button("forget", f"forget:{OF}:{who}", thing=turn.words.receiver(who)) for who in of]


def _line(turn: Turn, who: str, rows: Iterable[TheirTasteRow]) -> str:
    facts = [_fact(row) for row in rows]
    things = turn.words.listed(turn.words.fact(fact) for fact in facts)
    when = turn.words.day(max(fact.since for fact in facts))
    return turn.texts.say(
        turn.language, "presents.known_of", person=turn.words.receiver(who), things=things, when=when
    )


async def forget_named(turn: Turn) -> bool:
    """Forget the taste of a person whom the message names; False: it names nobody of whom it is known."""
    known = dict.fromkeys(row.who for row in await turn.books.their_tastes.listed(turn.customer.id))
    said = fold(turn.said)
    told = {one.who for one in turn.theirs}
    labels = {
        who: {fold(turn.texts.under(tag, "known.person").get(who, who)) for tag in Language} for who in known
    }
    named = [who for who in known if who in told or any(label in said for label in labels[who])]
    for who in named:
        await forget(turn, who)
    return bool(named)


async def forget(turn: Turn, who: str) -> None:
    """Forget what was told of one person."""
    await turn.books.their_tastes.forget(turn.customer.id, who)
    await turn.books.audit.record(
        "customer", "forget", turn.customer.id, turn.now, topic="their_taste", rows=1
    )
    turn.passing = turn.passing.without(turn.passing.of(who))
    turn.recalled, turn.told_of, turn.may_ask = [], (), False
    turn.say("memory.forgotten", turn.buttons("know"), things=turn.words.receiver(who))

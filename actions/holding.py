"""What goes against a belief counts in this contact, until the customer says which of the two holds.

A firm belief changes only with their word. Another gives way where nobody could ask.
"""

from __future__ import annotations

from collections.abc import Sequence

from actions import moment
from actions.turn import Turn
from one_to_one.contradictions import firmest, is_firm, may_be_firm, opposed
from one_to_one.facts import Fact, FactId, Heard
from one_to_one.passing import Wish, wished
from one_to_one.planner import may_settle


async def hold_back(turn: Turn, heard: Sequence[Heard]) -> list[Heard]:
    """What may be weighed at once. The rest is a wish of this contact until it is confirmed."""
    free = []
    for one in heard:
        standing = [] if _is_settled(turn, one) else _standing(turn, one)
        firm = [fact for fact in standing if await _stands_firm(turn, fact)]
        if firm or (standing and await _may_ask(turn, one.topic)):
            against = firmest(firm or standing)
            turn.passing = turn.passing.with_wishes(wished([one], against=against.id), turn.pack)
            (turn.held if firm else turn.doubted).append((one, against))
        else:
            free.append(one)
    return free


async def _may_ask(turn: Turn, name: str) -> bool:
    """Whether it may be asked now which of two tastes holds; of what is chosen with each order it isn't."""
    topic = turn.pack.topics[name]
    if not topic.values or name in turn.pack.modules or turn.consents.private:
        return False
    ledger, spent = await turn.books.questions.ledger(turn.customer.id), turn.contact.questions_spent
    contact = turn.contact.id
    return await moment.fits(turn) and may_settle(turn.pack, ledger, topic, spent, turn.now, contact=contact)


def _is_settled(turn: Turn, heard: Heard) -> bool:
    """Whether they said that it changed, or were asked about this very topic."""
    question = turn.waits_for("question")
    asked = question is not None and question["ref"] == heard.topic
    return asked or turn.message.payload is not None or turn.mentions("passing.change_words")


def _standing(turn: Turn, heard: Heard) -> list[Fact]:
    """What they said in earlier contacts that can't be true beside this, and hasn't grown old."""
    topic = turn.pack.topics.get(heard.topic)
    against = opposed(heard, turn.facts, turn.pack)
    began = turn.contact.started_at
    return [fact for fact in against if topic is not None and may_be_firm(fact, topic, turn.now, began)]


async def _stands_firm(turn: Turn, fact: Fact) -> bool:
    return is_firm(fact, turn.pack.topics[fact.topic], await turn.books.facts.times_said(fact))


def open_contradiction(turn: Turn) -> tuple[Wish, Fact] | None:
    """The newest wish nobody asked about yet, with the belief it goes against; None: there is none."""
    facts = {fact.id: fact for fact in turn.facts}
    for wish in reversed(turn.passing.of("")):
        belief = facts.get(FactId(wish.against))
        if belief is not None and not wish.asked:
            return wish, belief
    return None

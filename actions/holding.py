"""What goes against a firm belief counts in this contact, and changes it only with the customer's word."""

from __future__ import annotations

from collections.abc import Sequence

from actions.turn import Turn
from one_to_one.contradictions import firmest, is_firm, may_be_firm, opposed
from one_to_one.facts import Fact, FactId, Heard
from one_to_one.passing import Wish, wished


async def hold_back(turn: Turn, heard: Sequence[Heard]) -> list[Heard]:
    """What may be weighed at once. The rest is a wish of this contact until it is confirmed."""
    free = []
    for one in heard:
        firm = await _firm(turn, one)
        if firm and not _is_settled(turn, one):
            against = firmest(firm)
            turn.passing = turn.passing.with_wishes(wished([one], against=against.id), turn.pack)
            turn.held.append((one, against))
        else:
            free.append(one)
    return free


def _is_settled(turn: Turn, heard: Heard) -> bool:
    """Whether they said that it changed, or were asked about this very topic."""
    question = turn.waits_for("question")
    asked = question is not None and question["ref"] == heard.topic
    return asked or turn.message.payload is not None or turn.mentions("passing.change_words")


async def _firm(turn: Turn, heard: Heard) -> list[Fact]:
    against = opposed(heard, turn.facts, turn.pack)
    topic = turn.pack.topics.get(heard.topic)
    if topic is None or not against:
        return []
    recent = [fact for fact in against if may_be_firm(fact, topic, turn.now, turn.contact.started_at)]
    return [fact for fact in recent if is_firm(fact, topic, await turn.books.facts.times_said(fact))]


def open_contradiction(turn: Turn) -> tuple[Wish, Fact] | None:
    """The newest wish nobody asked about yet, with the belief it goes against; None: there is none."""
    facts = {fact.id: fact for fact in turn.facts}
    for wish in reversed(turn.passing.of("")):
        belief = facts.get(FactId(wish.against))
        if belief is not None and not wish.asked:
            return wish, belief
    return None

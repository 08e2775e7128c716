"""The receipt of a proposal: the facts it used with their dates, and what it assumed; each can be undone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from actions import wishing
from actions.laying_out import REASONS, name, person, ways_on
from actions.turn import Turn
from crm_store.models import ProposalRow
from one_to_one.facts import Fact, Polarity
from one_to_one.replies import Button

INSTEAD = 4
"""No more other values than this are offered in place of one that isn't so any more."""


def explain(turn: Turn, proposal: ProposalRow) -> None:
    """Why these: the facts they were chosen by, each with its date, and a button to take it back."""
    facts = _used(turn, proposal)
    parts = [_because(turn, facts), *_others(turn, proposal), *_taken(turn, proposal), *_new(turn, proposal)]
    wrong = [
        turn.button("not_so", f"correct:{fact.id}:again", thing=turn.words.fact(fact))
        for fact in facts
        if fact.topic in turn.pack.topics
    ]
    text = turn.texts.say(turn.language, "talk.space").join(parts)
    turn.add(text, [*wrong, *ways_on(turn, proposal)])
    turn.may_ask = False


def _used(turn: Turn, proposal: ProposalRow) -> list[Fact]:
    used = dict.fromkeys(fact for item in proposal.items for fact in item["facts"])
    facts = {fact.id: fact for fact in turn.facts}
    return [facts[one] for one in used if one in facts][:REASONS]


def _because(turn: Turn, facts: Sequence[Fact]) -> str:
    """The facts that speak for them, what was wished for this time only, and what must never be."""
    other = _is_for_another(turn)
    never = [fact for fact in turn.known if fact.polarity is Polarity.NEVER and fact not in facts]
    never = [fact for fact in never if not other or wishing.is_rule(turn, fact)]
    reasons = [*facts, *_for_now(turn), *never]
    if other and not reasons:
        return turn.text("receipts.open_for_other", person=person(turn))
    if not reasons:
        return turn.text("receipts.open")
    told = dict.fromkeys(turn.words.receipt(fact, turn.now) for fact in reasons)
    return turn.text("receipts.because", reasons=turn.words.listed(told))


def _for_now(turn: Turn) -> list[Fact]:
    """What was wished when these were laid out, and isn't kept."""
    table = turn.waits_for("proposal") or {}
    return wishing.at_hand(turn, table.get("wishes", ()), other=_is_for_another(turn))


def _is_for_another(turn: Turn) -> bool:
    """Whether what is on the table was chosen for somebody else."""
    return bool((turn.waits_for("proposal") or {}).get("other"))


def _others(turn: Turn, proposal: ProposalRow) -> Iterable[str]:
    """What others ordered with what they ordered, where that counted."""
    pairs = [(item["alike"], item["product"]) for item in proposal.items if item.get("alike")]
    for ordered, product in pairs[:1]:
        yield turn.text("receipts.alike", ordered=name(turn, ordered), product=name(turn, product))


def _taken(turn: Turn, proposal: ProposalRow) -> Iterable[str]:
    """What was taken for granted."""
    first = proposal.items[0]
    taken = {name: code for name, code in first["options"].items() if name in first["assumed"]}
    if taken:
        yield turn.text("receipts.assumed", options=turn.words.options(taken))


def _new(turn: Turn, proposal: ProposalRow) -> Iterable[str]:
    """Why one of them is unlike what they know."""
    for item in proposal.items:
        if item["novel"]:
            new = [(topic, code) for topic, code in item.get("new_in", ()) if topic in turn.pack.topics]
            what = turn.words.listed(turn.words.value(topic, code) for topic, code in new)
            if what:
                yield turn.text("receipts.new_in", name=name(turn, item["product"]), new=what)
            else:
                yield turn.text("receipts.new", name=name(turn, item["product"]))


async def drop(turn: Turn, fact: Fact) -> None:
    """What was so until now isn't any more."""
    await turn.books.facts.end(fact, turn.now)
    turn.facts = [one for one in turn.facts if one.id != fact.id]
    turn.ended.append(fact)


def instead(turn: Turn, fact: Fact) -> list[Button]:
    """The other values of the topic, to be tapped if one of them is so."""
    topic = turn.pack.topics[fact.topic]
    others = [value for value in topic.values.values() if value.code != fact.value][:INSTEAD]
    return [Button(value.label[turn.language], f"answer:{topic.name}:{value.code}") for value in others]

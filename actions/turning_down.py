"""No, thanks; and, if they like to say so, why not. It ends there: nothing else is offered after a no."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from actions import pausing
from actions.laying_out import too
from actions.naming import values_named
from actions.turn import SHORT_QUESTION, Turn
from crm_store.models import ProposalRow
from one_to_one.facts import Heard, Polarity
from one_to_one.lessons import DEAR, ENOUGH, LATER, UNTIMELY, code_of, read_too, too_much
from one_to_one.replies import PAYLOAD_BYTES, Button

PLAIN: Mapping[str, str] = {DEAR: "too_dear", ENOUGH: "had_enough", LATER: "not_now"}
"""Reasons that every shop knows → their texts below `turning_down`."""

TASTES = 2
"""No more than so many reasons of taste are offered as buttons."""

LONGEST = 2 * SHORT_QUESTION
"""Characters within which a few words may be the reason for a no."""


async def reject(turn: Turn, proposal: ProposalRow) -> None:
    """None of them. The reasons are there to be tapped, and are not asked for."""
    await turn.books.proposals.settle(proposal, "rejected", turn.now)
    await pausing.put_off(turn)
    turn.settle("proposal")
    turn.say("proposing.rejected", _reasons(turn, proposal))
    turn.may_ask = False


def _reasons(turn: Turn, proposal: ProposalRow) -> list[Button]:
    tastes = [
        Button(too(turn, topic, value), f"reject:{proposal.id}:{code_of(topic, value)}")
        for topic, value in _tellable(turn, proposal)
    ]
    plain = [turn.button(PLAIN[reason], f"reject:{proposal.id}:{reason}") for reason in (DEAR, ENOUGH, LATER)]
    return [one for one in (*tastes, *plain) if len(one.payload.encode()) <= PAYLOAD_BYTES]


def _tellable(turn: Turn, proposal: ProposalRow) -> list[tuple[str, str]]:
    """What most of these have that one can have too much of."""
    has = Counter(
        (topic, code)
        for item in proposal.items
        if item["product"] in turn.pack.products
        for topic, codes in turn.pack.products[item["product"]].attributes.items()
        for code in codes
        if topic in turn.pack.topics and turn.pack.topics[topic].values[code].too
    )
    return [value for value, _ in has.most_common(TASTES)]


def is_known(turn: Turn, reason: str) -> bool:
    """Whether a tapped reason is one of ours."""
    return reason in PLAIN or too_much(reason, turn.pack) is not None


def reason_in(turn: Turn) -> str | None:
    """The reason that a few words give for not wanting what is on the table; None: they give none."""
    if len(turn.said) > LONGEST:
        return None
    if again := _again_too(turn):
        return again
    if _wants_something(turn):
        return None
    if turn.mentions("turning_down.words.cheaper"):
        return DEAR
    if turn.asks:
        return None
    said = read_too(turn.said, turn.pack, turn.answers.negations)
    if said:
        return code_of(*said[0])
    return next((one for one in PLAIN if turn.mentions(f"turning_down.words.{PLAIN[one]}")), None)


def _again_too(turn: Turn) -> str | None:
    """The reason they gave before in this contact, if the same is still said to be so."""
    if turn.asks or not turn.mentions("turning_down.words.still"):
        return None
    named = {(one.topic, one.value) for one in turn.heard} or set(values_named(turn))
    before = [row for row in turn.before if row.direction == "in" and row.contact_id == turn.contact.id]
    for row in reversed(before):
        told = [one for one in read_too(row.text, turn.pack, turn.answers.negations) if one in named]
        if told:
            return code_of(*told[0])
    return None


def without_reason(turn: Turn, reason: str) -> tuple[Heard, ...]:
    """What was heard, without what there is too much of: it is no wish."""
    much = too_much(reason, turn.pack)
    return tuple(one for one in turn.heard if (one.topic, one.value) != much)


def _wants_something(turn: Turn) -> bool:
    """Whether they say what they like instead, which says more than a reason."""
    return any(one.polarity is Polarity.LIKES for one in turn.heard)


def ends(reason: str) -> bool:
    """Whether nothing else is wanted now, rather than something better."""
    return reason in UNTIMELY


async def explain(turn: Turn, proposal: ProposalRow, reason: str, words: str | None) -> None:
    """Note that it was turned down, and why."""
    if proposal.outcome != "accepted":
        await turn.books.proposals.settle(proposal, "rejected", turn.now)
    await turn.books.proposals.explain(proposal, reason, words)


def note(turn: Turn, reason: str) -> None:
    """Say what the reason will change, and no more."""
    much = too_much(reason, turn.pack)
    if much is not None:
        turn.say("turning_down.noted_too", turn.buttons("propose"), too=too(turn, *much))
    elif reason == DEAR:
        turn.say("turning_down.noted_dear", turn.buttons("propose"))
    else:
        turn.say(f"turning_down.noted_{PLAIN[reason]}")


async def take_late(turn: Turn) -> bool:
    """Read a few words as the reason why the last proposal or order was too much; False: they aren't."""
    reason = reason_in(turn)
    latest = await turn.books.proposals.latest(turn.customer.id) if reason else None
    if reason is None or latest is None or latest.contact_id != turn.contact.id:
        return False
    if latest.outcome == "accepted":
        return reason == DEAR and await _after_ordering(turn)
    if latest.outcome not in ("rejected", "changed"):
        return False
    await explain(turn, latest, reason, turn.said)
    note(turn, reason)
    turn.may_ask = False
    return True


async def _after_ordering(turn: Turn) -> bool:
    """Too dear, once it is ordered: what it costs, and that it can still be undone."""
    placed = await turn.books.orders.placed(turn.customer.id, 1)
    if not placed or placed[0].at < turn.contact.started_at:
        return False
    total = turn.words.money(placed[0].total)
    turn.say("turning_down.dear_after", turn.buttons("human"), number=placed[0].id, total=total)
    turn.may_ask = False
    return True

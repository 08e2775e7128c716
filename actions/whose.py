"""Whose taste a message is about, and for whom it wants something: their own, or that of another person."""

from __future__ import annotations

from dataclasses import replace

from actions.turn import Turn
from crm_store.models import ProposalRow
from one_to_one.facts import Heard
from one_to_one.folding import fold
from one_to_one.occasions import read_occasion
from one_to_one.passing import SOMEBODY, wished
from one_to_one.shop import TopicKind
from one_to_one.standing import stands

LOOKING = frozenset({"propose", "catalogue"})
"""Intents whose message wants to see something."""


def settle(turn: Turn) -> None:
    """Hear a fragment such as "the red one" as being about whom we talk of, and note what is only for now."""
    if turn.receiver == SOMEBODY:
        turn.receiver = (
            next((one.who for one in turn.theirs if one.who), None) or turn.passing.about or SOMEBODY
        )
    if turn.receiver and _is_of_what_is_made(turn):
        turn.receiver, turn.given_to = "", turn.receiver
    if not turn.theirs and not turn.receiver and _goes_on(turn):
        turn.theirs = tuple(replace(one, who=turn.passing.about) for one in turn.heard)
        turn.heard = ()
    if _is_of_the_draft(turn):
        turn.heard, turn.theirs = (*turn.heard, *(replace(one, who=None) for one in turn.theirs)), ()
    tastes = turn.theirs
    if _is_gift(turn):
        _give(turn)
    if turn.theirs or turn.receiver:
        note_theirs(turn, tastes)
    elif turn.heard or turns_to_themselves(turn):
        turn.passing = turn.passing.turned_to("")


def _is_of_what_is_made(turn: Turn) -> bool:
    """Whether the draft is for somebody ("it's for my boss"), and nothing else is wanted for them."""
    looks = turn.intent in LOOKING or turn.mentions("passing.another")
    return (
        turn.waits_for("order") is not None
        and not looks
        and all(one.topic in turn.pack.modules for one in turn.theirs)
    )


def turns_to_themselves(turn: Turn) -> bool:
    """Whether, after somebody else's, they want something for themselves ("and now one for me")."""
    return bool(turn.passing.about) and turn.message.payload is None and turn.mentions("passing.for_me")


def _is_of_the_draft(turn: Turn) -> bool:
    """Whether all that is said for somebody is how the draft shall be made ("wrap it, it's for my boss")."""
    making = turn.waits_for("order") is not None and turn.message.payload is None
    return making and bool(turn.theirs) and all(one.topic in turn.pack.modules for one in turn.theirs)


def _is_gift(turn: Turn) -> bool:
    """Whether something is wanted for somebody, for their day, or by their taste."""
    if turn.message.payload is not None:
        return False
    return bool(turn.theirs or turn.receiver) or _whose_day(turn) is not None


def _whose_day(turn: Turn) -> str | None:
    """Whose day the message speaks of; None: nobody else's."""
    for one in turn.heard:
        topic = turn.pack.topics.get(one.topic)
        occasion = read_occasion(one.value) if topic and topic.kind is TopicKind.OCCASIONS else None
        if occasion is not None and occasion.person:
            return occasion.person
    return None


def _give(turn: Turn) -> None:
    """What it may cost and how it is made up is about the gift, not about the customer."""
    who = next((one.who for one in turn.theirs if one.who), None) or turn.receiver or _whose_day(turn)
    named = {one.topic for one in turn.theirs}  # beside theirs, an amount of one's own stays one's own
    given = [one for one in turn.heard if _is_of_the_thing(turn, one) and one.topic not in named]
    turn.theirs = (*turn.theirs, *(replace(one, who=who) for one in given))
    turn.heard = tuple(one for one in turn.heard if one not in given)


def _is_of_the_thing(turn: Turn, one: Heard) -> bool:
    topic = turn.pack.topics.get(one.topic)
    passes = bool(turn.receiver) and not one.lasting  # said in the same breath as the present
    return passes or one.topic in turn.pack.modules or (topic is not None and topic.kind is TopicKind.MONEY)


def _goes_on(turn: Turn) -> bool:
    """Whether products for another person are on the table, and the message speaks of nobody else."""
    table = turn.waits_for("proposal")
    if not (turn.heard and turn.passing.about and table and table.get("other")):
        return False
    return turn.message.payload is None and not _speaks_of_themselves(turn)


def _speaks_of_themselves(turn: Turn) -> bool:
    said = fold(turn.said)
    for phrase in turn.texts.words("passing.not_self"):
        said = said.replace(phrase, " ")
    return any(stands(said, word) for word in turn.texts.words("passing.self_words"))


def note_theirs(turn: Turn, tastes: tuple[Heard, ...]) -> None:
    """Wishes for another person add up over the contact; their `tastes` may be kept for the next."""
    named = next((one.who for one in turn.theirs if one.who), None) or turn.receiver
    about = named or turn.passing.about or SOMEBODY
    for one in turn.theirs:
        turn.passing = turn.passing.with_wishes(wished([one], one.who or about), turn.pack)
    turn.passing = turn.passing.turned_to(about, turn.called)
    turn.told_of = tuple(replace(one, who=one.who or about) for one in tastes)


def for_whom(turn: Turn, proposal: ProposalRow | None) -> str | None:
    """Whom a product that is picked from a proposal is a present for; None: the customer themselves."""
    if turn.receiver:
        return turn.receiver
    other = proposal is not None and any(item.get("other") for item in proposal.items)
    return (turn.passing.about or SOMEBODY) if other else None

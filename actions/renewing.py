"""Still so? An old answer is confirmed, or gives way to what is true now."""

from __future__ import annotations

from actions import asking, proposing
from actions.remembering import remember
from actions.turn import Focus, Turn
from one_to_one.answers import read_yes_no
from one_to_one.facts import Fact, Heard


async def take(turn: Turn, focus: Focus) -> bool:
    """Read the message as "still so", "no longer", or as what it is now; False: it is something else."""
    fact = _fact(turn, focus["ref"])
    if fact is None:
        return False
    said = None if turn.stated else read_yes_no(turn.said, turn.answers)
    if asking.asks_why_we_ask(turn):
        topic = turn.pack.topics[fact.topic]
        asking.tell_why(turn, topic, asking.still(turn, topic, fact))
    elif said is True:
        await _still_so(turn, fact)
    elif said is False or turn.mentions("talk.button.changed"):
        await _no_longer(turn, fact)
    else:
        return await asking.take(turn, {"kind": "question", "ref": fact.topic})
    return True


async def tap_still(turn: Turn) -> None:
    """Still so, or no longer, was tapped."""
    number, said = [*turn.arguments, "", ""][:2]
    fact = _fact(turn, number)
    if fact is None or said not in ("yes", "no"):
        turn.say("lost.button", turn.buttons("propose", "help"))
    elif said == "yes":
        await _still_so(turn, fact)
    else:
        await _no_longer(turn, fact)


def _fact(turn: Turn, number: str) -> Fact | None:
    """A fact that is still believed, of a topic the shop still has."""
    return next((fact for fact in turn.known if str(fact.id) == number), None)


async def _still_so(turn: Turn, fact: Fact) -> None:
    turn.settle("question")
    await remember(turn, [Heard(fact.topic, fact.value, fact.polarity, 1.0, turn.said)])
    turn.say("asking.confirmed", things=turn.words.fact(fact))
    await _pay_back(turn, fact.topic)


async def _no_longer(turn: Turn, fact: Fact) -> None:
    """It ends; what it is now is asked on, as part of the same question."""
    topic = turn.pack.topics[fact.topic]
    await turn.books.facts.end(fact, turn.now)
    turn.facts = [one for one in turn.facts if one.id != fact.id]
    turn.ended.append(fact)
    turn.settle("question")
    turn.say("asking.changed", asking.choices(turn, topic), topic=topic.label[turn.language])
    turn.wait_for("question", topic.name, over=True)
    turn.may_ask = False


async def _pay_back(turn: Turn, topic: str) -> None:
    """An answer is followed by something better, at once."""
    turn.may_ask = False
    if turn.pack.topics[topic].bears_on and not turn.wants_consent:
        await proposing.propose(turn)
    else:
        turn.offer(*turn.buttons("propose"))

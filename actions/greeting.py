"""Hello: to a stranger, to a friend, and to somebody with whom something was left half-finished."""

from __future__ import annotations

from dataclasses import replace

from actions import drafting, feedback, past, people, proposing, same_again
from actions.turn import Step, Turn
from one_to_one.consent import Purpose
from one_to_one.facts import Polarity
from one_to_one.replies import Button
from one_to_one.shop import Remembering, TopicKind

GREETINGS = frozenset({"action_greet", "action_tap_start"})

TOLD = 3
"""How many things we say that we remember when we meet again."""


async def greet(turn: Turn) -> None:
    """Greet, and pick up what was left."""
    turn.begin_anew()
    if not _greeted_before(turn):
        turn.say(_by_ground(turn, "first"), _first_ways(turn), shop=turn.pack.shop.name[turn.language])
    elif _greeted_in_this_contact(turn):
        await _answer_still_here(turn)
    else:
        await _welcome_back(turn)


def _by_ground(turn: Turn, text: str) -> str:
    """The text that says truly whether we remember: by notice, or after a yes only."""
    opt_in = turn.pack.shop.remembering is Remembering.OPT_IN
    return f"greeting.{text}_opt_in" if opt_in else f"greeting.{text}"


def _first_ways(turn: Turn) -> list[Button]:
    """Ways on, and an easy no where we remember by notice."""
    ways = turn.buttons("propose", "help")
    if turn.pack.shop.remembering is Remembering.NOTICE:
        ways.append(turn.button("consent_no_remembering", f"consent:{Purpose.REMEMBERING}:no"))
    return ways


async def _answer_still_here(turn: Turn) -> None:
    """Yes, and here is what is open between us."""
    turn.say("greeting.again")
    turn.may_ask = False
    table = turn.waits_for("proposal")
    if not await drafting.show_again(turn) and not (
        table and await _take_up(turn, "proposal", int(table["ref"]))
    ):
        turn.offer(*turn.buttons("propose", "help"))


def _greeted_before(turn: Turn) -> bool:
    return any(row.sender == "bot" for row in turn.before)


def _greeted_in_this_contact(turn: Turn) -> bool:
    return any(row.contact_id == turn.contact.id and row.sender == "bot" for row in turn.before)


def introduce(turn: Turn, step: Step) -> None:
    """Who answered a stranger's first words, if not a greeting: an assistant, and how to be forgotten."""
    if _greeted_before(turn) or step.name in GREETINGS or not turn.replies:
        return
    first = turn.replies[0]
    notice = turn.text(_by_ground(turn, "notice"), shop=turn.pack.shop.name[turn.language])
    turn.replies[0] = replace(first, text=f"{first.text}\n{notice}")


async def _welcome_back(turn: Turn) -> None:
    name = called(turn)
    hello = turn.text("greeting.back_named", name=name) if name else turn.text("greeting.back")
    turn.add(hello)
    if await people.remind(turn):
        turn.may_ask = False
    elif not await _resume(turn) and not await feedback.ask_if_due(turn):
        await _remind(turn)


def called(turn: Turn) -> str | None:
    """The name the customer wants to be called; None: they didn't say."""
    names = [
        fact.value
        for fact in turn.known
        if turn.pack.topics[fact.topic].kind is TopicKind.NAME and fact.polarity is Polarity.LIKES
    ]
    return names[-1] if names else None


async def _resume(turn: Turn) -> bool:
    """Take up what was left half-finished; False: nothing was."""
    for focus in turn.layers():
        if focus.get("again"):
            turn.settle(focus["kind"])
        elif await _take_up(turn, focus["kind"], int(focus["ref"]) if focus["ref"].isdecimal() else 0):
            turn.wait_for(focus["kind"], focus["ref"], again=True)
            turn.may_ask = False
            return True
    return False


async def _take_up(turn: Turn, kind: str, number: int) -> bool:
    if kind == "order":
        order = await turn.books.orders.get(number, turn.customer.id)
        if order is not None and order.state == "draft":
            await drafting.show(turn, order, "ordering.resumed")
            return True
    if kind == "proposal":
        proposal = await turn.books.proposals.get(number, turn.customer.id)
        if proposal is not None and proposal.outcome == "open":
            await proposing.show(turn, proposal)
            return True
    return False


async def _remind(turn: Turn) -> None:
    """Say what we remember, so that nothing has to be said twice."""
    personal = turn.consents.personal
    liked = [fact for fact in turn.known if personal and turn.pack.topics[fact.topic].bears_on]
    if personal and await same_again.offer(turn):
        return
    ways = ["propose", "usual"] if await past.ordered(turn) else ["propose"]
    if liked:
        things = turn.words.listed(turn.words.fact(fact) for fact in liked[-TOLD:])
        turn.say("greeting.remembered", turn.buttons(*ways), things=things)
    else:
        turn.offer(*turn.buttons(*ways))


async def start(turn: Turn) -> None:
    """A channel was opened: greet, unless we are in the middle of something."""
    if turn.customer.person_wanted_at is not None:
        await people.human(turn)
    elif _greeted_in_this_contact(turn) and turn.focus is not None:
        turn.say("greeting.here")
        turn.may_ask = False
    else:
        await greet(turn)


async def goodbye(turn: Turn) -> None:
    """Let them go."""
    name = called(turn)
    turn.may_ask = False
    if name:
        turn.say("greeting.goodbye_named", name=name)
    else:
        turn.say("greeting.goodbye")

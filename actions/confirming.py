"""Last time you said otherwise: just today, or from now on? One question, from the drip's budget."""

from __future__ import annotations

from dataclasses import replace

from actions.holding import open_contradiction
from actions.remembering import acknowledge, answered, change
from actions.turn import Focus, Turn
from crm_store.questions import Put
from one_to_one.passing import Wish, as_heard, wished
from one_to_one.planner import may_settle
from one_to_one.replies import Reply


async def ask_if_due(turn: Turn) -> bool:
    """Ask about something that was said against a firm belief; True: asked, and that is question enough."""
    found = open_contradiction(turn)
    if found is None:
        return False
    wish, belief = found
    topic, ledger = turn.pack.topics[belief.topic], await turn.books.questions.ledger(turn.customer.id)
    spent, contact = turn.contact.questions_spent, turn.contact.id
    if not may_settle(turn.pack, ledger, topic, spent, turn.now, contact=contact):
        return False
    turn.passing = turn.passing.with_asked(wish)
    ways = [turn.button("only_now", "holds:now"), turn.button("from_now_on", "holds:lasting")]
    turn.say(
        "confirming.question",
        ways,
        old=turn.words.reason(belief, turn.now),
        new=turn.words.fact(as_heard(wish)),
    )
    put = Put("settle", 0, 0.0, topic.burden, turn.message.id)
    await turn.books.questions.put(turn.customer.id, topic.name, turn.now, contact, put, topic.terms)
    await turn.books.contacts.spend_question(turn.contact)
    turn.wait_for("contradiction", belief.id, over=True)
    return True


async def take(turn: Turn, focus: Focus) -> bool:
    """Read which of the two holds; False: the message is about something else."""
    wish = _asked(turn, focus["ref"])
    lasting, only_now = turn.mentions("confirming.lasting_words"), turn.mentions("confirming.now_words")
    if wish is None or turn.heard or lasting == only_now:
        return False
    await _settle(turn, wish, lasting=lasting)
    return True


async def take_unasked(turn: Turn) -> bool:
    """Read "from now on" by itself, after something was said against a firm belief; False: it isn't that."""
    found = open_contradiction(turn) if not turn.heard and turn.mentions("confirming.lasting_words") else None
    if found is None or turn.mentions("confirming.now_words"):
        return False
    await _settle(turn, found[0], lasting=True)
    return True


async def tap_holds(turn: Turn) -> None:
    """Which of the two holds was tapped."""
    focus = turn.waits_for("contradiction")
    wish = _asked(turn, focus["ref"]) if focus is not None else None
    if wish is None or turn.arguments[:1] not in (["now"], ["lasting"]):
        turn.say("lost.button", turn.buttons("propose", "know"))
    else:
        await _settle(turn, wish, lasting=turn.arguments[0] == "lasting")


async def give_way(turn: Turn) -> None:
    """A belief that isn't firm gives way to what was said now, where it wasn't asked which of them holds."""
    for heard, belief in turn.doubted:
        [wish] = wished([heard], against=belief.id)
        if wish in turn.passing.wishes:  # not asked about, nor settled
            turn.passing = turn.passing.without([wish])
            await change(turn, [heard])
            things, old = turn.words.fact(heard), turn.words.fact(belief)
            turn.replies.insert(0, Reply(turn.text("remembering.changed", things=things, old=old), (), None))


def _asked(turn: Turn, belief: str) -> Wish | None:
    """The wish that goes against this belief, as long as the belief stands."""
    stands = any(str(fact.id) == belief for fact in turn.facts)
    return next((wish for wish in turn.passing.of("") if stands and str(wish.against) == belief), None)


async def _settle(turn: Turn, wish: Wish, *, lasting: bool) -> None:
    turn.settle("contradiction")
    turn.may_ask = False
    if lasting:
        turn.passing = turn.passing.without([wish])
        await change(turn, [replace(as_heard(wish), words=wish.words)])
        acknowledge(turn)
        turn.offer(*turn.buttons("propose"))
    else:
        await answered(turn, wish.topic)
        turn.say("confirming.kept", turn.buttons("propose"), new=turn.words.fact(as_heard(wish)))

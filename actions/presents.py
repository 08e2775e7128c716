"""Presents: what is being made is for somebody; and afterwards something is for oneself again."""

from __future__ import annotations

from actions import drafting, early, picking, placed, proposing, remembering
from actions.laying_out import person
from actions.order_lines import in_hand
from actions.turn import Focus, Turn
from actions.whose import LOOKING
from one_to_one.answer_words import Sign, cut
from one_to_one.order_states import OrderState


async def mark(turn: Turn) -> None:
    """Note on the draft whom what is being made is for, if that is said."""
    focus = turn.waits_for("order") if turn.given_to else None
    order = None if focus is None else await turn.books.orders.get(int(focus["ref"]), turn.customer.id)
    if order is not None and order.state == OrderState.DRAFT:
        (await in_hand(turn, order)).receiver = turn.given_to


async def take_own(turn: Turn) -> bool:
    """After something for somebody else one for themselves, by their own taste; False: they don't want it."""
    table = turn.waits_for("proposal")
    if turn.message.payload is not None or table is None or not table.get("other") or turn.for_another:
        return False
    if turn.passing.about or not turn.mentions("passing.for_me") or await picking.aims_at(turn, table):
        return False
    turn.settle("proposal", "question")
    await remembering.remember(turn)
    remembering.acknowledge(turn)
    await proposing.propose(turn)
    return True


async def take(turn: Turn) -> bool:
    """That what is being made is for somebody, if that is all they say; or that they don't know what somebody
    likes. False: neither."""
    if turn.given_to and not _says_more(turn):
        same = turn.given_to == turn.passing.about
        called = turn.called or (turn.passing.called if same else "")
        turn.say("presents.given", person=turn.words.receiver(turn.given_to, called))
        turn.action = "action_change"
        return await drafting.show_again(turn, "configuring.now")
    table = turn.waits_for("proposal")
    if table is None and turn.receiver and await _was_ordered(turn):
        turn.say("presents.given", person=person(turn))
        turn.action, turn.may_ask = "action_change", False
        return True
    if table is not None and turn.waits_for("theirs") is None and knows_not(turn, table):
        await leave_open(turn)
        return True
    return False


async def leave_open(turn: Turn) -> None:
    """They don't know what the other person likes: what is on the table stays."""
    turn.say("presents.unsure", person=person(turn))
    turn.action, turn.may_ask = "action_propose", False
    await proposing.show_table(turn)


async def _was_ordered(turn: Turn) -> bool:
    """Whether what was just ordered is for somebody ("that one was for my dad"); its lines are marked."""
    if turn.intent in LOOKING or turn.theirs or turn.mentions("passing.another"):
        return False
    order = await placed.just_ordered(turn) if turn.mentions("presents.that") else None
    for line in await turn.books.orders.lines(order) if order is not None else ():
        line.receiver = turn.receiver
    return order is not None


def _says_more(turn: Turn) -> bool:
    """Whether there is more to it, such as how it shall be made or brought."""
    said = early.said(turn)
    return bool(turn.heard or turn.theirs or said.details or said.pieces)


def knows_not(turn: Turn, table: Focus) -> bool:
    """Whether they say that they don't know the taste of whom the products on the table are for."""
    if turn.message.payload is not None or not table.get("other") or turn.heard or turn.theirs:
        return False
    unsure = any(Sign.UNSURE in piece.signs for piece in cut(turn.said, turn.answers))
    return unsure and turn.mentions("presents.them") and not turn.mentions("passing.for_me")

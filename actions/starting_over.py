"""Starting over: what was being made goes, what is known of the customer stays, and it can be undone."""

from __future__ import annotations

from actions import altering, drafting
from actions.turn import Focus, Turn
from crm_store.models import OrderRow
from one_to_one.folding import fold
from one_to_one.standing import stands

BESIDE = 12
"""Characters that may stand beside the words: with more it is about something else."""

LET_GO = ("order", "proposal", "question", "detail", "steps", "restart")
"""What is waited for no longer."""


async def take(turn: Turn) -> bool:
    """Begin anew if that is asked for; False: it isn't."""
    if turn.message.payload is not None or not _asks(turn):
        return False
    turn.action, turn.may_ask = "action_start_over", False
    order = await _draft(turn)
    table = turn.waits_for("proposal")
    proposal = None if table is None else await turn.books.proposals.get(int(table["ref"]), turn.customer.id)
    if proposal is not None and proposal.outcome == "open":
        await turn.books.proposals.settle(proposal, "ignored", turn.now)
    turn.settle(*LET_GO)
    ways = turn.buttons("propose", "steps")
    if order is None:
        turn.say("starting_over.clear", ways)
        return True
    await turn.books.orders.cancel(order, turn.now)
    turn.say("starting_over.gone", [*ways, turn.button("restore", f"restore:{order.id}")])
    turn.wait_for("restart", order.id)
    return True


def _asks(turn: Turn) -> bool:
    """Whether a short message says so, and doesn't mean what is known of the customer."""
    said = fold(turn.said)
    longest = max(
        (len(word) for word in turn.texts.words("starting_over.words") if stands(said, word)), default=0
    )
    if not longest or len(said) - longest > BESIDE or turn.heard:
        return False
    return not any(stands(said, word) for word in turn.texts.words("starting_over.not_words"))


async def _draft(turn: Turn) -> OrderRow | None:
    focus = turn.waits_for("order")
    order = None if focus is None else await turn.books.orders.get(int(focus["ref"]), turn.customer.id)
    return order if order is not None and order.state == "draft" else None


async def undo(turn: Turn, focus: Focus) -> bool:
    """Read the message as a wish to have the draft back; False: it is about something else."""
    turn.settle("restart")
    if turn.heard or not altering.says_back(turn):
        return False
    return await _restore(turn, int(focus["ref"]))


async def tap_restore(turn: Turn) -> None:
    """It was a mistake to start over."""
    number = turn.number(0)
    if number is None or not await _restore(turn, number):
        turn.say("lost.button", turn.buttons("propose", "help"))


async def _restore(turn: Turn, number: int) -> bool:
    """Draw the draft up again as it was; False: there is none such."""
    order = await turn.books.orders.get(number, turn.customer.id)
    if order is None or order.state != "cancelled":
        return False
    turn.may_ask = False
    await drafting.draw_up_again(turn, order)
    return True

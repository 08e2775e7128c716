"""What was ordered shall be otherwise: a draft of the change, told with its price, confirmed by one tap.

It is a draft like any other, so that everything the configurator can do with one can be done with what was
ordered; only when the customer says yes to it does it take the place of what was placed.
"""

from __future__ import annotations

from dataclasses import replace

from actions import altering, configuring, detailing, drafting, menus, pieces, placed, reading_changes
from actions.order_lines import basket_of, copy_of, in_hand
from actions.turn import SURE, Turn
from crm_store.models import OrderRow
from one_to_one.order_states import BOUGHT, OrderState

ABOUT = frozenset({"complain", "human"})
"""Intents whose message, once the bot is sure of them, is no wish for a change."""


async def take(turn: Turn) -> bool:
    """Words that name what was ordered and want it otherwise; False: they don't, or nothing was ordered."""
    if turn.waits_for("order") is not None or not turn.mentions("changing.words.order"):
        return False
    if turn.intent in ABOUT and turn.confidence >= SURE:
        return False
    if turn.mentions("ordering.total_words"):
        return False  # what it came to is asked, however much or little
    if not (turn.mentions("changing.words.change") or turn.intent == "change"):
        return False
    order = await _latest(turn)
    if order is None:
        return False
    turn.action = "action_tap_order"
    await put_right(turn, order)
    return True


async def take_late(turn: Turn) -> bool:
    """A change right after ordering, which can only be meant for that; False: it isn't one."""
    if turn.intent != "change" or turn.waits_for("order") is not None:
        return False
    order = await placed.just_ordered(turn)
    if order is None or not placed.can_change(turn, order):
        return False
    line = await in_hand(turn, order)
    if not reading_changes.read_change(turn, line) and pieces.said(turn) is None:
        return False
    turn.action = "action_tap_order"
    await put_right(turn, order)
    return True


async def offer(turn: Turn) -> None:
    """Something shall be otherwise, of what was ordered in this contact: ask what."""
    order = await _latest(turn)
    if order is None or not placed.can_change(turn, order):
        turn.say("ordering.placed_already", turn.buttons("human"))
        return
    await menus.ask_what(turn, await begin(turn, order))


async def ask_module(turn: Turn, order: OrderRow, name: str) -> None:
    """Ask which option of a module what was ordered shall have."""
    await menus.ask_one(turn, await begin(turn, order), name)


async def ask_product(turn: Turn, order: OrderRow) -> None:
    """Ask which product shall take the place of what was ordered."""
    draft = await begin(turn, order)
    menus.ask_product(turn, draft, menus.alike(turn, (await in_hand(turn, draft)).product))


async def tap_order(turn: Turn) -> None:
    """Something was tapped about an order that was placed."""
    number = turn.number(0)
    order = None if number is None else await turn.books.orders.get(number, turn.customer.id)
    if order is None or turn.arguments[1:2] != ["change"] or order.state not in BOUGHT:
        await placed.tap_order(turn)
    elif placed.can_change(turn, order):
        await menus.ask_what(turn, await begin(turn, order))
    else:
        too_late(turn, order)


async def _latest(turn: Turn) -> OrderRow | None:
    """What they ordered last, unless it is long over."""
    [*latest] = await turn.books.orders.placed(turn.customer.id, 1)
    return latest[0] if latest and latest[0].state != OrderState.DONE else None


async def put_right(turn: Turn, order: OrderRow) -> None:
    """Change what the message names; where it names nothing, ask."""
    if await detailing.take_of(turn, order):
        return
    if not placed.can_change(turn, order):
        too_late(turn, order)
        return
    if turn.mentions("changing.words.details"):
        detailing.ask_which(turn, order)
        return
    draft = await begin(turn, order)
    if not await altering.change_by_words(turn, draft):
        await menus.ask_what(turn, draft)


def too_late(turn: Turn, order: OrderRow) -> None:
    """Say that it can't be changed here any more."""
    turn.say("changing.too_late", turn.buttons("human"), number=order.id)
    turn.may_ask = False


async def begin(turn: Turn, order: OrderRow) -> OrderRow:
    """A draft that is what was ordered, to be changed; nothing is different until they say yes."""
    await drafting.drop_draft(turn)
    same = [copy_of(line) for line in await turn.books.orders.lines(order)]
    draft = await turn.books.orders.draft(
        turn.customer.id, order.proposal_id, same, turn.now, order.currency, changes=order.id
    )
    draft.details, draft.fees, draft.priced_until = order.details, order.fees, order.priced_until
    draft.total += order.fees
    await turn.books.session.flush()
    there = await basket_of(turn, order)
    agreed = tuple(replace(thing, assumed=()) for thing in there.things)
    await configuring.note(turn, draft, replace(there, things=agreed))
    turn.wait_for("order", draft.id)
    return draft

"""Right after ordering: what names no order is about the one just placed all the same."""

from __future__ import annotations

from actions import changing, detailing, in_basket, placed, reading_changes
from actions.naming import products_named
from actions.order_lines import expected, in_hand
from actions.turn import Turn
from crm_store.models import OrderRow
from one_to_one.order_states import BOUGHT, OrderState

NEWER = ("order", "proposal", "question", "still", "steps")
"""While one of these is waited for, it came after the order, and a loose word is about that."""

SAID = (
    "placed.words.undo",
    "changing.words.otherwise",
    "changing.words.meant",
    "changing.words.another",
    "placed.words.another_day",
    "several.words.more",
    "several.words.too",
)
"""Without a word of one of these nothing is looked up."""


async def take(turn: Turn) -> bool:
    """Take back, mend or ask about what was ordered in this contact; False: it is about something else."""
    if not any(turn.mentions(words) for words in SAID):
        return False
    order = await _just_ordered(turn)
    if order is None:
        return False
    for read in (
        _wants_more,
        _takes_back,
        _mends,
        _forgot,
        _meant_another,
        _wants_another,
        _wants_it_another_day,
    ):
        if await read(turn, order):
            turn.action = "action_tap_order"
            return True
    return False


async def _just_ordered(turn: Turn) -> OrderRow | None:
    """What was ordered in this contact, if nothing has come up since."""
    if turn.message.payload is not None or any(turn.waits_for(kind) for kind in NEWER):
        return None
    order = await placed.just_ordered(turn)
    return order if order is not None and order.state in BOUGHT else None


async def _wants_more(turn: Turn, order: OrderRow) -> bool:
    """One thing more, which goes along with what was ordered."""
    if not in_basket.would_add(turn) or not placed.can_change(turn, order):
        return False
    draft = await changing.begin(turn, order)
    return await in_basket.take(turn, draft)


async def _takes_back(turn: Turn, order: OrderRow) -> bool:
    """All of it, not a part that shall be left out; and a no to "may we write to you?" cancels nothing."""
    if turn.heard or not turn.mentions("placed.words.undo"):
        return False
    line = await in_hand(turn, order)
    if reading_changes.read_change(turn, line):
        return False
    await placed.ask_to_cancel(turn, order)
    return True


async def _mends(turn: Turn, order: OrderRow) -> bool:
    """What is around it shall be otherwise, and it isn't said how."""
    if order.state != OrderState.PLACED or not turn.mentions("changing.words.otherwise"):
        return False
    if not turn.mentions("changing.words.details"):
        return False
    if not await detailing.take_of(turn, order):
        if placed.can_change(turn, order):
            detailing.ask_which(turn, order)
        else:
            changing.too_late(turn, order)
    return True


async def _forgot(turn: Turn, order: OrderRow) -> bool:
    """A part of it was forgotten, or is to be otherwise, and it isn't said how."""
    if turn.heard or not placed.can_change(turn, order) or not turn.mentions("changing.words.otherwise"):
        return False
    line = await in_hand(turn, order)
    named = [name for name in line.options if reading_changes.names_module(turn, turn.pack.modules[name])]
    if not named or reading_changes.read_change(turn, line):
        return False
    await changing.ask_module(turn, order, named[0])
    return True


async def _meant_another(turn: Turn, order: OrderRow) -> bool:
    """Something else was meant than what was ordered, and it is said what."""
    meant = turn.heard and turn.mentions("changing.words.meant")
    if not meant or not placed.can_change(turn, order):
        return False
    await changing.put_right(turn, order)
    return True


async def _wants_another(turn: Turn, order: OrderRow) -> bool:
    """Another product in its place, and it isn't said which."""
    if turn.heard or not turn.mentions("changing.words.another") or not placed.can_change(turn, order):
        return False
    if products_named(turn):
        return False
    await changing.ask_product(turn, order)
    return True


async def _wants_it_another_day(turn: Turn, order: OrderRow) -> bool:
    """Sooner or later than it is expected: only colleagues can do that."""
    if not turn.mentions("placed.words.another_day"):
        return False
    comes = expected(turn, order, await turn.books.orders.lines(order), order.at)
    turn.say("placed.day_stays", turn.buttons("human"), number=order.id, when=turn.words.weekday(comes))
    turn.may_ask = False
    return True

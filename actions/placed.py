"""After the yes: an order is placed, and what becomes of it is told."""

from __future__ import annotations

from datetime import timedelta

from actions import checkout
from actions.order_lines import expected, summary
from actions.turn import Turn
from crm_store.models import OrderRow

LATE = timedelta(days=7)
"""For so long after the day it is expected, "when does it come?" is about the last order."""


async def place(turn: Turn, order: OrderRow) -> str | None:
    """Place a draft that the customer said yes to.

    The text with which the draft is to be shown once more, when something about it has changed; None: done.
    """
    if not await turn.books.orders.place(order, turn.now):
        await tell(turn, order)
        return None
    turn.placed = True
    line = (await turn.books.orders.lines(order))[0]
    turn.settle("order", "proposal", "question")
    said = [
        turn.text("ordering.placed", **summary(turn, order, line)),
        checkout.details_text(turn, order),
    ]
    turn.add("\n".join(filter(None, said)))
    turn.may_ask = False
    return None


async def status(turn: Turn) -> None:
    """How the last order stands."""
    latest = await turn.books.orders.placed(turn.customer.id, 1)
    if latest:
        await tell(turn, latest[0])
    else:
        turn.say("ordering.none_yet", turn.buttons("propose"))


async def tell(turn: Turn, order: OrderRow) -> None:
    """How an order stands."""
    line = (await turn.books.orders.lines(order))[0]
    comes = expected(turn, order, line, order.at)
    key = "ordering.under_way" if comes > turn.now else "ordering.arrived"
    fields = summary(turn, order, line) | {
        "when": turn.words.weekday(comes),
        "ordered": turn.words.day(order.at),
    }
    turn.add(turn.text(key, **fields), turn.buttons("human"))


async def take_total(turn: Turn) -> bool:
    """If they ask after ordering what it comes to, tell that order; False: they don't, or didn't order."""
    if not turn.mentions("ordering.total_words"):
        return False
    latest = await turn.books.orders.placed(turn.customer.id, 1)
    if not latest or latest[0].at < turn.contact.started_at:
        return False
    await tell(turn, latest[0])
    turn.may_ask = False
    return True


async def tell_coming(turn: Turn) -> bool:
    """The last order, if it is on its way or should have come lately; False: there is none."""
    latest = await turn.books.orders.placed(turn.customer.id, 1)
    if not latest:
        return False
    line = (await turn.books.orders.lines(latest[0]))[0]
    if expected(turn, latest[0], line, latest[0].at) + LATE <= turn.now:
        return False
    await tell(turn, latest[0])
    return True

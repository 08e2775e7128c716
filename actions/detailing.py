"""Details of a draft, and of an order that was placed: tapped, typed, or asked for."""

from __future__ import annotations

from datetime import timedelta

from actions import altering, checkout, drafting, keeping, menus, placed
from actions.checkout import CHOSEN, TYPED, Taken
from actions.laying_out import ways_on
from actions.remembering import remember
from actions.turn import FALLBACK, Focus, Turn
from crm_store.models import OrderRow
from one_to_one.answers import read_refusal
from one_to_one.checkout import missing
from one_to_one.order_states import OrderState

LOOSE = frozenset({"change", "inform", "choose", "affirm", "delivery", "chitchat", FALLBACK})
"""Intents whose message may be about a detail of what was ordered."""

OF_OTHER_THINGS = frozenset({"complain", "forget", "know_me", "export", "privacy", "withdraw"})
"""Intents whose message is about something else, even if an address is in it."""

DETAIL = "detail"
"""The menu of what is around a draft."""

LATE = timedelta(days=14)
"""For so long after an order its details are asked for and taken."""


async def tap_detail(turn: Turn) -> None:
    """What is around an order: all of it, one thing that was chosen, or one that is to be typed."""
    number = turn.number(0)
    order = None if number is None else await turn.books.orders.get(number, turn.customer.id)
    if order is None or not await _may_change(turn, order):
        return
    name, code = [*turn.arguments[1:], "", ""][:2]
    if name in TYPED:
        checkout.ask(turn, order, name)
    elif name in CHOSEN and code in checkout.choices(turn, name, checkout.details_of(turn, order)):
        await _tell(turn, order, await checkout.write(turn, order, {name: code}))
    elif name == "skip":
        turn.settle("detail")
        await _tell(turn, order, Taken.NOTHING)
    else:
        _menu(turn, order)


async def _may_change(turn: Turn, order: OrderRow) -> bool:
    """Whether its details can still be changed; else it is said why not."""
    if order.state == OrderState.DRAFT or placed.can_change(turn, order):
        return True
    if order.state == OrderState.PLACED and missing(checkout.terms(turn), checkout.details_of(turn, order)):
        return True
    if order.state == OrderState.CANCELLED:
        turn.say("ordering.not_open", turn.buttons("propose"))
    else:
        turn.say("ordering.placed_already", turn.buttons("human"))
    return False


def ask_which(turn: Turn, order: OrderRow) -> None:
    """Ask what around an order shall be otherwise: in the customer's words, or from all there is."""
    words = {"address": "changing.words.address", "label_message": "changing.words.label"}
    there = checkout.in_own_words(turn, order)
    named = next((name for name, key in words.items() if name in there and turn.mentions(key)), None)
    if named is not None:
        checkout.ask(turn, order, named)
    else:
        _menu(turn, order)


def _menu(turn: Turn, order: OrderRow) -> None:
    back = []
    if order.state == OrderState.DRAFT:
        back = [
            turn.button("confirm", f"confirm:{order.id}"),
            turn.button("back", f"back:{order.id}:{menus.DRAFT}"),
        ]
    turn.say("checkout.menu", [*checkout.menu_buttons(turn, order), *back])
    if order.state == OrderState.DRAFT:
        menus.wait(turn, order, DETAIL)
    turn.may_ask = False


async def _tell(turn: Turn, order: OrderRow, taken: Taken) -> None:
    """The draft once more, or what was noted for the order."""
    if taken is Taken.TOLD:
        return
    if order.state == OrderState.DRAFT:
        await drafting.show(turn, order, "ordering.changed" if taken is Taken.CHANGED else "ordering.resumed")
    else:
        await placed.changed(turn, order, taken is Taken.CHANGED)


async def take(turn: Turn, focus: Focus) -> bool:
    """Read the message as the detail that was asked for; False: it is about something else."""
    number, _, name = focus["ref"].partition(":")
    order = await turn.books.orders.get(int(number), turn.customer.id)
    if order is None or name not in TYPED:
        turn.settle("detail")
        return False
    if altering.says_only_back(turn):
        turn.settle("detail")
        _menu(turn, order)
        return True
    if turn.intent in ("deny", "decline") or read_refusal(turn.said, turn.answers):
        turn.settle("detail")
        await _tell(turn, order, Taken.NOTHING)
        return True
    if name != "label_message" and order.state == OrderState.DRAFT and await _lays_by(turn, order):
        turn.settle("detail")
        return True
    value = checkout.asked_value(turn, name)
    if value is None:
        return False
    said = {name: value} | ({"invoice": "company"} if name == "tax_id" else {})
    taken = await checkout.write(turn, order, said)
    if taken is not Taken.TOLD:
        turn.settle("detail")
    await _tell(turn, order, taken)
    return True


async def _lays_by(turn: Turn, order: OrderRow) -> bool:
    """Lay the draft by or share it, when that is what they want instead of answering; False: it isn't."""
    if not keeping.asks_to_keep(turn):
        return False
    await keeping.keep(turn, order)
    return True


async def take_late(turn: Turn) -> bool:
    """Read details of what was ordered lately; False: the message names none, or there is no such order."""
    if not checkout.has_details(turn) or not (turn.intent in LOOSE or checkout.names_details(turn)):
        return False
    latest = await turn.books.orders.placed(turn.customer.id, 1)
    if not latest or latest[0].state != OrderState.PLACED or turn.now - latest[0].at > LATE:
        return False
    if not await take_of(turn, latest[0]):
        return False
    turn.action = "answer_detail"
    return True


async def take_early(turn: Turn) -> bool:
    """Keep details that are named before anything is picked; False: the message names none."""
    elsewhere = turn.intent in OF_OTHER_THINGS or (turn.intent == "hours" and turn.asks)
    if elsewhere or turn.asks_why or not checkout.names_details(turn):
        return False
    turn.action = "answer_detail"
    await remember(turn)
    said = checkout.take_early(turn)
    if said is not None:
        turn.say("checkout.kept", details=checkout.said_text(turn, said))
        table = turn.waits_for("proposal")
        proposal = await turn.books.proposals.get(int(table["ref"]), turn.customer.id) if table else None
        turn.offer(*(ways_on(turn, proposal) if proposal else turn.buttons("propose")))
    turn.may_ask = False
    return True


async def take_of(turn: Turn, order: OrderRow) -> bool:
    """Read details of one order, as far as they can still be changed; False: the message names none."""
    waits = missing(checkout.terms(turn), checkout.details_of(turn, order))
    if not checkout.has_details(turn) or order.state != OrderState.PLACED:
        return False
    if not waits and not placed.can_change(turn, order):
        return False
    taken = await checkout.take_details(turn, order)
    if taken is Taken.NOTHING or (taken is Taken.KNOWN and not _is_said_of(turn, order)):
        return False
    await _tell(turn, order, taken)
    return True


def _is_said_of(turn: Turn, order: OrderRow) -> bool:
    """Whether what names nothing new must be meant for the order all the same: it was placed just now."""
    return order.at >= turn.contact.started_at and not turn.asks

"""Ordering: what a message or a tap makes of the draft; the customer alone confirms it."""

from __future__ import annotations

from actions import (
    abroad,
    altering,
    approving,
    checkout,
    comparing,
    detailing,
    drafting,
    in_basket,
    keeping,
    menus,
    needing,
    pieces,
    placed,
    proposing,
    reading_changes,
    turning_down,
    varying,
    way_taken,
    ways_out,
)
from actions.checkout import Taken
from actions.naming import options_named
from actions.order_lines import in_hand
from actions.pieces import PIECES
from actions.reading_changes import Change
from actions.remembering import remember
from actions.turn import SURE, Focus, Turn
from crm_store.configurations import basket_of
from crm_store.models import OrderRow
from one_to_one.answer_words import Sign, cut
from one_to_one.answers import read_refusal, read_unsure, read_yes_no
from one_to_one.binding import barred_by
from one_to_one.lessons import DEAR
from one_to_one.pricing import codes_of
from one_to_one.rules import NONE
from one_to_one.shop import Product

CHANGING = frozenset({"change", "inform", "choose", "affirm", "order_usual", "nlu_fallback"})
"""Intents whose message may change the draft."""


async def take(turn: Turn, focus: Focus) -> bool:
    """Read the message as what becomes of the draft; False: it is about something else."""
    order = await turn.books.orders.get(int(focus["ref"]), turn.customer.id)
    if order is None or order.state != "draft":
        turn.settle("order")
        return False
    said_yes = read_yes_no(turn.said, turn.answers)
    if await in_basket.take(turn, order):
        return True
    if _asks_about_it(turn):
        await drafting.show(turn, order, "ordering.summed_up")
        return True
    taken = await checkout.take_details(turn, order)
    if taken in (Taken.CHANGED, Taken.TOLD):
        told = await altering.take_beside(turn, order)
        if taken is Taken.CHANGED:
            await drafting.show(turn, order, "ordering.changed", told)
        return True
    if (
        await _asked_for(turn, order, focus)
        or await _ruled_out(turn, order)
        or await _changed_by_words(turn, order)
        or await _asked_of_part(turn, order)
    ):
        return True
    if _only_points(turn):
        await drafting.show(turn, order, "ordering.pointed_at")
    elif said_yes is True or (turn.intent == "affirm" and not turn.heard and not _does_not_mind(turn)):
        await _confirm(turn, order)
    elif said_yes is False or turn.intent in ("deny", "decline") or _refused(turn):
        await _cancel(turn, order)
    elif turn.intent == "change" and not turn.heard and turn.mentions("changing.words.details"):
        detailing.ask_which(turn, order)
    elif turn.intent == "change" and not turn.heard:
        await altering.ask_what(turn, order)
    elif _does_not_mind(turn) or (taken is Taken.KNOWN and not turn.asks):
        await drafting.show(turn, order, "ordering.resumed")
    else:
        return False
    return True


def _asks_about_it(turn: Turn) -> bool:
    """Whether they want to know what it comes to, or when it would be there."""
    asks = turn.mentions("ordering.total_words") or turn.mentions("ordering.when_words")
    return asks and not turn.stated and turn.intent != "complain"


def _only_points(turn: Turn) -> bool:
    """Whether they point at what is being made ("ok, that one"), which picks it and orders nothing yet."""
    points = not turn.heard and not turn.asks and turn.mentions("ordering.pointing_words")
    return points and len(turn.said) <= reading_changes.SHORT and not turn.mentions("ordering.firm_words")


def _does_not_mind(turn: Turn) -> bool:
    """Whether they leave it to us: no reason to order anything."""
    return read_unsure(turn.said, turn.answers)


def _says_no(turn: Turn) -> bool:
    """Whether a plain no is in it, whatever else is said."""
    return turn.intent in ("deny", "decline") and any(
        Sign.NO in piece.signs for piece in cut(turn.said, turn.answers)
    )


def _refused(turn: Turn) -> bool:
    return not turn.heard and read_refusal(turn.said, turn.answers)


async def _ruled_out(turn: Turn, order: OrderRow) -> bool:
    """If they say something that rules a choice of the draft out, remember it, and make it without."""
    if not barred_by(turn.pack, turn.stated):
        return False
    await remember(turn)
    line = await in_hand(turn, order)
    against = [pick for pick in turn.barred if pick[1] in codes_of(line.options.get(pick[0], NONE))]
    if line.product not in turn.pack.products or not against:
        await drafting.show(turn, order, "ordering.resumed", turn.text("configuring.holds_already"))
        return True
    await altering.alter(turn, order, Change(without=dict(against)), None)
    return True


async def _changed_by_words(turn: Turn, order: OrderRow) -> bool:
    """Take over what the message names, unless it is sure to be about something else."""
    if turn.intent not in CHANGING and turn.confidence >= SURE:
        line = await in_hand(turn, order)
        if turn.intent != "catalogue" or turn.asks or not options_named(turn, line.options):
            return False
    return await altering.change_by_words(turn, order)


async def _asked_of_part(turn: Turn, order: OrderRow) -> bool:
    """What one part is, and what else it could be, if that is asked; False: it isn't."""
    if turn.heard or len(turn.said) > reading_changes.SHORT or turn.mentions("asking.why_words"):
        return False
    name = reading_changes.part_named(turn, await in_hand(turn, order))
    if name is None or not (turn.asks or reading_changes.names_only(turn, name)):
        return False
    await menus.ask_one(turn, order, name)
    return True


async def _asked_for(turn: Turn, order: OrderRow, focus: Focus) -> bool:
    """Whether they want to go back, pay less, lay it by or show it to somebody; then it was done."""
    if turn.heard or len(turn.said) > reading_changes.SHORT:
        return False
    if altering.says_back(turn) and focus.get("place"):
        await menus.leave(turn, order, focus["place"])
    elif altering.says_back(turn):
        await altering.back(turn, order)
    elif turn.mentions("conflicting.beyond_words"):
        await drafting.show(turn, order, "configuring.now", whatever_it_costs=True)
    elif varying.asks(turn):
        await varying.show(turn, order)
    elif keeping.asks_to_keep(turn) and not _says_no(turn):
        await keeping.keep(turn, order)
    elif turn.intent in CHANGING and turning_down.reason_in(turn) == DEAR:
        await altering.cheaper(turn, order)
    else:
        return False
    return True


async def _confirm(turn: Turn, order: OrderRow) -> None:
    if await needing.ask_first(turn, order) or await approving.must_wait(turn, order):
        return
    again = await placed.place(turn, order)
    if again is not None:
        await drafting.show(turn, order, again)


async def _cancel(turn: Turn, order: OrderRow) -> None:
    if not await approving.withdraw(turn, order):
        await turn.books.orders.cancel(order, turn.now)
    turn.settle("order", "proposal", "question")
    if order.changes_id is None:
        turn.say("ordering.cancelled")
    else:
        turn.say("changing.stays", number=order.changes_id)
    turn.may_ask = False


async def tap_confirm(turn: Turn) -> None:
    """Yes, order it."""
    order = await drafting.tapped(turn)
    if order is not None:
        await _confirm(turn, order)


async def tap_edit(turn: Turn) -> None:
    """Something about it shall be different."""
    order = await drafting.tapped(turn)
    name = "".join(turn.arguments[1:2])
    if order is not None and name == varying.OTHERS:
        await varying.show(turn, order)
    elif order is not None and name == comparing.WITH:
        await comparing.with_named(turn, order, "".join(turn.arguments[2:3]))
    elif order is not None and await in_basket.tap(turn, order, name, turn.number(2)):
        pass
    elif order is not None and name:
        await menus.ask_one(turn, order, name, turn.number(2) or 0)
    elif order is not None:
        await menus.ask_what(turn, order)


async def tap_cancel(turn: Turn) -> None:
    """Not after all."""
    waiting = await approving.waiting_order(turn)
    if waiting is not None:
        await _cancel(turn, waiting)
        return
    order = await drafting.tapped(turn)
    if order is not None:
        await _cancel(turn, order)


async def tap_option(turn: Turn) -> None:
    """One option of the draft was tapped."""
    order = await drafting.tapped(turn)
    if order is None:
        return
    several = dict(zip(turn.arguments[1::2], turn.arguments[2::2], strict=False))
    other = several.pop(menus.PRODUCT, None)
    product = turn.pack.products.get(other or "")
    there = {name: code for name, code in several.items() if altering.is_option(turn, name, code)}
    module, code = next((each for each in several.items() if each[0] not in there), ("", ""))
    if module in turn.pack.modules:
        await _no_such_option(turn, order, module, code)
    elif module == ways_out.WAY:
        await way_taken.tap(turn, order, code)
    elif module == PIECES:
        await _tap_pieces(turn, order, code)
    elif product is not None and _is_sold(turn, product):
        await altering.to_another(turn, order, product, there)
    elif there and not module and other is None:
        await altering.alter(turn, order, Change(there), None)
    else:
        turn.say("lost.button", turn.buttons("propose", "help"))


def _is_sold(turn: Turn, product: Product) -> bool:
    """Whether a product can be had today, by this customer."""
    return product.stock > 0 and product.availability.on(turn.now.date(), turn.groups)


async def _no_such_option(turn: Turn, order: OrderRow, module: str, code: str) -> None:
    """Say what there is instead of an option that isn't made, or not any more."""
    line = await in_hand(turn, order)
    if turn.pack.modules[module].number and pieces.tapped(code) is not None:
        change = Change(outside={module: code})
        await ways_out.tell(turn, order, line, change, reading_changes.outside(turn, change))
    elif module in line.options:
        turn.say("changing.option_gone")
        await menus.ask_one(turn, order, module)
    else:
        turn.say("lost.button", turn.buttons("propose", "help"))


async def _tap_pieces(turn: Turn, order: OrderRow, code: str) -> None:
    line, wanted = await in_hand(turn, order), pieces.tapped(code)
    if wanted is None:
        turn.say("lost.button", turn.buttons("propose", "help"))
    elif pieces.can_be(wanted):
        await altering.alter(turn, order, Change(), wanted)
    else:
        pieces.tell_range(turn, order, line, wanted)


async def tap_back(turn: Turn) -> None:
    """The last change was a mistake; or a menu or a question is left, and the draft shown again."""
    if turn.arguments[1:2] == [proposing.TABLE]:
        await proposing.tap_back(turn)
        return
    order = await drafting.tapped(turn)
    if order is not None and turn.arguments[1:2] == [menus.DRAFT]:
        await drafting.show(turn, order, "configuring.now")
    elif order is not None:
        await altering.back(turn, order)


async def tap_save(turn: Turn) -> None:
    """Keep it for later."""
    order = await drafting.tapped(turn)
    if order is not None:
        await keeping.save(turn, order)


async def tap_share(turn: Turn) -> None:
    """Show it to somebody."""
    order = await drafting.tapped(turn)
    if order is not None:
        await keeping.share(turn, order)


async def tap_made(turn: Turn) -> None:
    """Something that was shared, or laid by, is wanted."""
    row = await keeping.shown(turn, "".join(turn.arguments[:1]))
    if row is None:
        turn.say("lost.button", turn.buttons("propose", "help"))
        return
    if row.beside:
        await drafting.begin_with(turn, basket_of(row))
    else:
        await drafting.begin(turn, None, row.product, row.options)


async def delivery(turn: Turn) -> None:
    """When does it come? Of an order on its way: that one; else how things are sent."""
    asks_when = turn.mentions("ordering.when_words")
    if asks_when and await drafting.show_again(turn, "ordering.summed_up"):
        return
    if asks_when and await placed.tell_coming(turn):
        return
    told = checkout.asked_about(turn)
    if told:
        turn.add(told)
        return
    turn.say("smalltalk.delivery", delivery=turn.pack.shop.delivery[turn.language])
    if turn.mentions("ordering.where_words") and (ways := _ways_of_delivery(turn)):
        turn.add("\n".join((ways, turn.replies.pop().text)))


def _ways_of_delivery(turn: Turn) -> str:
    """How it can be brought and how far; "": the shop doesn't say."""
    ways, country = checkout.terms(turn).delivery.values(), abroad.country_called(turn)
    if not ways:
        return ""
    listed = turn.words.listed(way.label[turn.language] for way in ways)
    key = "ordering.ways_within" if country else "ordering.ways"
    return turn.text(key, ways=listed, country=country)

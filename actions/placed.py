"""After the yes: an order is placed, changed or cancelled within the shop's limits, and told about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from actions import checkout
from actions.order_lines import expected, remade, summary, title
from actions.turn import Turn
from crm_store.models import OrderLineRow, OrderRow
from crm_store.orders import Line
from one_to_one.checkout import missing
from one_to_one.order_states import BOUGHT, OrderState
from one_to_one.pay_links import pay_link
from one_to_one.pricing import complete_now, still_made
from one_to_one.replies import Button
from one_to_one.specification import notes, specification
from one_to_one.stocktaking import counted, needs

LATE = timedelta(days=7)
"""For so long after the day it is expected, "when does it come?" is about the last order."""

HISTORY = 8
"""Orders told at once when the customer wants to know what they bought."""


async def place(turn: Turn, order: OrderRow) -> str | None:
    """Place a draft that the customer said yes to.

    The text with which the draft is to be shown once more, when something about it has changed; None: done.
    """
    if order.state != OrderState.DRAFT:
        await tell(turn, order)
        return None
    if (again := await renew(turn, order)) is not None:
        return again or None
    lines = await turn.books.orders.lines(order)
    if order.changes_id is not None:
        await _replace(turn, order, order.changes_id, lines)
        return None
    if not await _take_stock(turn, order, lines, {}):
        return None
    if not await turn.books.orders.place(order, turn.now):
        raise RuntimeError("a draft was placed by somebody else in the middle of its customer's turn")
    turn.placed, turn.passing = True, replace(turn.passing, details={})
    turn.settle("order", "proposal", "question", "detail")
    await _tell_placed(turn, order, lines)
    return None


async def _replace(turn: Turn, draft: OrderRow, number: int, lines: list[OrderLineRow]) -> None:
    """Let a draft take the place of the order it changes, if that can still be changed."""
    order = await turn.books.orders.get(number, turn.customer.id)
    turn.may_ask = False
    if order is None or not can_change(turn, order):
        await turn.books.orders.cancel(draft, turn.now)
        turn.settle("order", "detail")
        turn.say("changing.too_late", turn.buttons("human"), number=number)
        return
    if await is_same(turn, draft, order):
        await turn.books.orders.cancel(draft, turn.now)
        turn.settle("order", "detail")
        turn.say("changing.stays", number=number)
        return
    was, had = order.total, dict[str, Decimal]()
    for line in await turn.books.orders.lines(order):
        for item, units in (line.specification or {}).get("stock", {}).items():
            had[item] = had.get(item, Decimal(0)) + Decimal(units)
    if not await _take_stock(turn, draft, lines, had):
        return
    if not await turn.books.orders.replace(order, draft, turn.now):
        raise RuntimeError("an order moved on in the middle of its change; the message is answered anew")
    await turn.books.configurations.hand_over(draft.id, order.id)
    turn.settle("order", "proposal", "question", "detail")
    key = "changing.done" if was != order.total else "changing.done_for_the_same"
    fields = summary(turn, order, lines) | {"was": turn.words.money(was)}
    said = [
        turn.text(key, **fields),
        checkout.details_text(turn, order),
        _what_is_missing(turn, order),
        _where_to_pay(turn, order) if was != order.total else "",
    ]
    turn.add("\n".join(filter(None, said)))


async def is_same(turn: Turn, draft: OrderRow, order: OrderRow) -> bool:
    """Whether a draft of a change leaves everything as it is."""
    if (draft.total, draft.details) != (order.total, order.details):
        return False
    now, before = await turn.books.orders.lines(draft), await turn.books.orders.lines(order)
    return [(one.product, one.options, one.quantity) for one in now] == [
        (one.product, one.options, one.quantity) for one in before
    ]


async def changes(turn: Turn, draft: OrderRow) -> bool:
    """Whether a draft would change anything about an order that was placed."""
    number = draft.changes_id
    order = None if number is None else await turn.books.orders.get(number, turn.customer.id)
    return order is not None and not await is_same(turn, draft, order)


async def would_be(turn: Turn, draft: OrderRow) -> str | None:
    """What a placed order would be with the change that a draft holds; None: it is a draft of its own."""
    number = draft.changes_id
    order = None if number is None else await turn.books.orders.get(number, turn.customer.id)
    if order is None:
        return None
    lines = await turn.books.orders.lines(draft)
    if await is_same(turn, draft, order):
        key = "changing.as_it_is"
    else:
        key = "changing.would_be" if draft.total != order.total else "changing.would_be_for_the_same"
    return turn.text(key, **summary(turn, draft, lines), was=turn.words.money(order.total))


async def renew(turn: Turn, order: OrderRow) -> str | None:
    """Bring a draft up to date, and tell what is different. None: nothing is.

    Else the text with which it is to be shown; "": there is nothing left to show.
    """
    lines = await turn.books.orders.lines(order)
    gone = [line for line in lines if line.product not in turn.pack.products]
    if gone:
        await turn.books.orders.cancel(order, turn.now)
        turn.settle("order", "detail")
        turn.say("ordering.gone", turn.buttons("propose"))
        return ""
    lost = [line for line in lines if still_made(turn.pack, line.options) != line.options]
    over = order.priced_until is not None and order.priced_until <= turn.now
    if not lost and not over:
        return None
    before = order.total
    await turn.books.orders.change(order, [await _today(turn, order, line) for line in lines])
    checkout.settle_price(turn, order)
    if lost:
        turn.say("placed.option_gone", was=lost[0].title)
    elif order.total != before:
        turn.say("placed.price_now", was=turn.words.money(before), now=turn.words.money(order.total))
    else:
        return None
    turn.may_ask = False
    return "ordering.resumed"


async def _today(turn: Turn, order: OrderRow, line: OrderLineRow) -> Line:
    """A line of a draft as it would be made and priced today."""
    product = turn.pack.products[line.product]
    options = complete_now(turn.pack, product, line.options)
    return await remade(turn, order, product, options, line.quantity)


async def _take_stock(
    turn: Turn, order: OrderRow, lines: list[OrderLineRow], had: Mapping[str, Decimal]
) -> bool:
    """Take from the shelf what the order needs, and write down what is to be made; False: it ran out.

    What it `had` taken already, in units, counts for it, and what is needed no more goes back.
    """
    details, wanted = checkout.details_of(turn, order), dict[str, Decimal]()
    for line in lines:
        line.specification = specification(turn.shelf, line.product, line.options, line.quantity, details)
        for item, units in needs(turn.pack, line.product, line.options, line.quantity).items():
            wanted[item] = wanted.get(item, Decimal(0)) + units
    more = {item: units - had.get(item, Decimal(0)) for item, units in wanted.items()}
    more = {item: units for item, units in more.items() if units > 0}
    short = await turn.books.stock.take(more, counted(turn.shelf, more))
    if short is None:
        less = {item: units - wanted.get(item, Decimal(0)) for item, units in had.items()}
        await turn.books.stock.give_back({item: units for item, units in less.items() if units > 0})
        return True
    for line in lines:
        line.specification = None  # nothing was taken, so that nothing is given back
    line = next(
        each for each in lines if short in needs(turn.pack, each.product, each.options, each.quantity)
    )
    name = turn.pack.products[line.product].name[turn.language]
    key = "placed.sold_out" if order.changes_id is None else "changing.sold_out"
    turn.say(key, turn.buttons("propose", f"edit:{order.id}", f"cancel:{order.id}"), name=name)
    turn.may_ask = False
    return False


async def _tell_placed(turn: Turn, order: OrderRow, lines: list[OrderLineRow]) -> None:
    said = [
        turn.text("ordering.placed", **summary(turn, order, lines)),
        checkout.details_text(turn, order),
        _what_is_missing(turn, order),
        _where_to_pay(turn, order),
    ]
    turn.add("\n".join(filter(None, said)))
    turn.may_ask = False


def _what_is_missing(turn: Turn, order: OrderRow) -> str:
    waits = missing(checkout.terms(turn), checkout.details_of(turn, order))
    return "\n".join(turn.text(f"placed.needs.{name}") for name in waits)


def _where_to_pay(turn: Turn, order: OrderRow) -> str:
    """The link by which it is paid, if that was chosen."""
    paid = checkout.terms(turn).payment.get(checkout.details_of(turn, order).get("payment", ""))
    if paid is None or not paid.link or not turn.signing_key:
        return ""
    expires = order.at + checkout.terms(turn).price_kept
    link = pay_link(paid.link, turn.signing_key, order.id, order.total, order.currency, expires)
    return turn.text("placed.pay_here", link=link)


def can_change(turn: Turn, order: OrderRow) -> bool:
    """Whether the customer can still change it."""
    return order.state == OrderState.PLACED and turn.now - order.at <= checkout.terms(turn).change_within


def can_cancel(turn: Turn, order: OrderRow) -> bool:
    """Whether the customer can still cancel it."""
    return order.state == OrderState.PLACED and turn.now - order.at <= checkout.terms(turn).cancel_within


async def changed(turn: Turn, order: OrderRow, really: bool) -> None:
    """Tell how an order stands after its details were changed, and the shop's own system too."""
    if really:
        await _note_for_production(turn, order)
        await turn.books.order_events.record(order, "changed", turn.now)
    said = [
        turn.text("placed.noted" if really else "placed.as_it_was", number=order.id),
        turn.text("placed.sum", total=turn.words.money(order.total)),
        checkout.details_text(turn, order),
        _what_is_missing(turn, order),
        _where_to_pay(turn, order) if really else "",
    ]
    turn.add("\n".join(filter(None, said)))
    turn.may_ask = False


async def _note_for_production(turn: Turn, order: OrderRow) -> None:
    """What production is told beside the products follows a change of the details."""
    for line in await turn.books.orders.lines(order):
        if line.specification is not None:
            line.specification = {**line.specification, "notes": notes(checkout.details_of(turn, order))}
    await turn.books.session.flush()


async def status(turn: Turn) -> None:
    """How what they ordered stands: all that is under way, else the last."""
    latest = await turn.books.orders.placed(turn.customer.id, HISTORY)
    under_way = [
        order for order in latest if order.state not in (OrderState.DONE,) and not _is_over(turn, order)
    ]
    if not latest:
        turn.say("ordering.none_yet", turn.buttons("propose"))
    for order in under_way[:3] or latest[:1]:
        await tell(turn, order)


def _is_over(turn: Turn, order: OrderRow) -> bool:
    return turn.now - order.at > timedelta(days=60)


async def tell(turn: Turn, order: OrderRow) -> None:
    """How an order stands, and what can still be done about it."""
    lines = await turn.books.orders.lines(order)
    comes = expected(turn, order, lines, order.at)
    fields = summary(turn, order, lines) | {
        "when": turn.words.weekday(comes),
        "ordered": turn.words.day(order.at),
    }
    said = [
        turn.text(_how(turn, order, comes), **fields),
        await _what_it_was(turn, order),
        _what_is_missing(turn, order) if order.state == OrderState.PLACED else "",
    ]
    ways = [*_ways_on(turn, order), *await _again_and_again(turn, order, lines), *turn.buttons("human")]
    turn.add("\n".join(filter(None, said)), ways)
    turn.may_ask = False


async def _again_and_again(turn: Turn, order: OrderRow, lines: Sequence[OrderLineRow]) -> list[Button]:
    """The way to have the same in a rhythm, if it can be had and isn't had already."""
    if order.state not in BOUGHT:
        return []
    running = await turn.books.refills.running(turn.customer.id)
    had = [(one.product, one.options) for one in running]
    open_ = [
        line
        for line in lines
        if line.product in turn.pack.products and (line.product, line.options) not in had
    ]
    return [turn.button("refill_ask", f"refill:ask:{open_[0].id}")] if open_ else []


async def _what_it_was(turn: Turn, order: OrderRow) -> str:
    """What an order was before it was changed; "": it never was."""
    earlier = await turn.books.orders.replaced(order)
    if not earlier:
        return ""
    before = await turn.books.orders.lines(earlier[-1])
    return turn.text("changing.was", **summary(turn, earlier[-1], before))


def _how(turn: Turn, order: OrderRow, comes: datetime) -> str:
    """The text for where an order stands."""
    if order.state == OrderState.CANCELLED:
        return "placed.was_cancelled"
    if order.state in (OrderState.IN_PRODUCTION, OrderState.SENT, OrderState.DONE):
        late = comes <= turn.now and order.state != OrderState.DONE
        return "ordering.arrived" if late else f"placed.{order.state}"
    return "ordering.under_way" if comes > turn.now else "ordering.arrived"


def _ways_on(turn: Turn, order: OrderRow) -> list[Button]:
    ways: list[Button] = []
    if can_change(turn, order):
        ways.append(turn.button("order_change", f"order:{order.id}:change"))
        ways += checkout.details_buttons(turn, order)
    if can_cancel(turn, order):
        ways.append(turn.button("order_cancel", f"order:{order.id}:cancel"))
    return ways


async def just_ordered(turn: Turn) -> OrderRow | None:
    """The last order, if it was placed in this contact."""
    latest = await turn.books.orders.placed(turn.customer.id, 1)
    return latest[0] if latest and latest[0].at >= turn.contact.started_at else None


async def take_total(turn: Turn) -> bool:
    """If they ask after ordering what it comes to, tell that order; False: they don't, or didn't order."""
    if not turn.mentions("ordering.total_words"):
        return False
    order = await just_ordered(turn)
    if order is None:
        return False
    await tell(turn, order)
    return True


async def tell_coming(turn: Turn) -> bool:
    """The last order, if it is on its way or should have come lately; False: there is none."""
    latest = await turn.books.orders.placed(turn.customer.id, 1)
    if not latest:
        return False
    lines = await turn.books.orders.lines(latest[0])
    if expected(turn, latest[0], lines, latest[0].at) + LATE <= turn.now:
        return False
    await tell(turn, latest[0])
    return True


async def history(turn: Turn) -> None:
    """What they bought so far, newest first, imported purchases included."""
    orders = [
        order
        for order in reversed(await turn.books.orders.listed(turn.customer.id))
        if order.state in BOUGHT or order.state == "imported"
    ]
    if not orders:
        turn.say("ordering.none_yet", turn.buttons("propose"))
        return
    told = [await _in_a_line(turn, order) for order in orders[:HISTORY]]
    key = "placed.history" if len(orders) <= HISTORY else "placed.history_part"
    lead = turn.text(key, number=len(orders), shown=len(told))
    first = (await turn.books.orders.lines(orders[0]))[:1]
    again = [
        turn.button("order_again", f"usual:{line.id}") for line in first if line.product in turn.pack.products
    ]
    turn.add("\n".join([lead, *told]), [*again, *turn.buttons("human")])
    turn.may_ask = False


async def _in_a_line(turn: Turn, order: OrderRow) -> str:
    lines = await turn.books.orders.lines(order)
    things = turn.words.listed(
        turn.text("placed.thing", title=title(turn, line), quantity=turn.words.number(line.quantity))
        for line in lines
    )
    state = "placed.state." + (order.state if order.state in BOUGHT else OrderState.DONE)
    fields = {"things": things, "total": turn.words.money(order.total), "state": turn.text(state)}
    return turn.text("placed.line", when=turn.words.day(order.at), **fields)


async def take(turn: Turn) -> bool:
    """Words that are about orders whatever is waited for: cancelling one, or what was bought so far."""
    if turn.mentions("placed.words.history"):
        turn.action = "action_order_status"
        await history(turn)
        return True
    return await take_cancel(turn)


async def take_cancel(turn: Turn) -> bool:
    """If they want an order back that they placed, ask once more or say there is none; False: they don't."""
    if not turn.mentions("placed.words.cancel") or not await _drop_change(turn):
        return False
    latest = await turn.books.orders.placed(turn.customer.id, 1)
    turn.action = "action_tap_order"
    if latest and not _is_over(turn, latest[0]):
        await ask_to_cancel(turn, latest[0])
    else:
        turn.say("placed.none_open", turn.buttons("propose"))
        turn.may_ask = False
    return True


async def _drop_change(turn: Turn) -> bool:
    """Drop the change of an order that waits for a yes; False: what waits is no change, but a draft."""
    focus = turn.waits_for("order")
    if focus is None:
        return True
    draft = await turn.books.orders.get(int(focus["ref"]), turn.customer.id)
    if draft is None or draft.changes_id is None or draft.state != OrderState.DRAFT:
        return False
    await turn.books.orders.cancel(draft, turn.now)
    turn.settle("order")
    return True


async def ask_to_cancel(turn: Turn, order: OrderRow) -> None:
    """Ask once more before an order is taken back, if it still can be."""
    turn.may_ask = False
    if not can_cancel(turn, order):
        turn.say("placed.too_late", turn.buttons("human"), number=order.id)
        return
    lines = await turn.books.orders.lines(order)
    ways = [
        turn.button("order_cancelyes", f"order:{order.id}:cancelyes"),
        turn.button("order_keep", f"order:{order.id}:show"),
    ]
    turn.add(turn.text("placed.cancel_sure", **summary(turn, order, lines)), ways)


async def tap_order(turn: Turn) -> None:
    """Something was tapped about an order that was placed."""
    number, what = turn.number(0), [*turn.arguments, "", ""][1]
    order = None if number is None else await turn.books.orders.get(number, turn.customer.id)
    if order is None or (order.state not in BOUGHT and order.state != OrderState.CANCELLED):
        turn.say("lost.button", turn.buttons("propose", "help"))
    elif what == "cancel" and order.state in BOUGHT:
        await ask_to_cancel(turn, order)
    elif what == "cancelyes" and order.state in BOUGHT:
        await _cancel(turn, order)
    else:
        await tell(turn, order)


async def _cancel(turn: Turn, order: OrderRow) -> None:
    turn.may_ask = False
    if can_cancel(turn, order) and await turn.books.orders.cancel(order, turn.now):
        turn.say("placed.cancelled", turn.buttons("propose"), number=order.id)
    else:
        turn.say("placed.too_late", turn.buttons("human"), number=order.id)

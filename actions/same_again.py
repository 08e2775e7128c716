"""The usual: a draft of it, to be confirmed; or what comes nearest, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from actions import drafting, past
from actions.turn import Focus, Turn
from one_to_one.answers import read_yes_no
from one_to_one.facts import Fact
from one_to_one.history import Ordered, Rating, along_with
from one_to_one.history import usual as usual_of
from one_to_one.pricing import complete_now, price
from one_to_one.returning import Usual, said_against, the_usual
from one_to_one.shop import Product


async def draw_up(turn: Turn) -> None:
    """The same as always: a draft of it, to be confirmed; or what comes nearest, and why."""
    history = await past.ordered(turn)
    if not history:
        turn.say("ordering.no_usual", turn.buttons("propose"))
        return
    last = history[-1]
    found = the_usual(turn.pack, turn.known, history, turn.now)
    wanted = found.ordered if found else usual_of(history) or last
    if found is not None and found.gone:
        await _instead(turn, found)
    elif wanted.rating is Rating.DISLIKED:
        turn.say("ordering.usual_disliked", turn.buttons("propose"))
    elif (against := _against(turn, history, wanted, found)) is not None:
        turn.say("ordering.usual_changed", turn.buttons("propose"), thing=turn.words.fact(against))
        turn.offer(turn.button("anyway", f"usual:{wanted.line}"))
    else:
        await _again(turn, along_with(history, wanted))


def _against(turn: Turn, history: Sequence[Ordered], wanted: Ordered, found: Usual | None) -> Fact | None:
    """What they said since against any line of what they had."""
    beside = [one for one in along_with(history, wanted) if found is None or one is not wanted]
    said = (said_against(turn.pack, turn.known, one) for one in beside)
    return next(filter(None, said), None)


async def _again(turn: Turn, wanted: Sequence[Ordered]) -> None:
    """A draft of the same; of several lines as many of each as there were."""
    [first, *more] = wanted
    line = await turn.books.orders.line(first.line, turn.customer.id) if more else None
    order = None if line is None else await turn.books.orders.get(line.order_id, turn.customer.id)
    if order is None:
        await drafting.begin(turn, None, first.product, first.options)
    else:
        await drafting.begin_again(turn, order, [one.line for one in wanted])


async def tap(turn: Turn) -> None:
    """The usual was tapped; with the number of an order line: its order, whatever was said since."""
    number = turn.number(0)
    line = None if number is None else await turn.books.orders.line(number, turn.customer.id)
    order = None if line is None else await turn.books.orders.get(line.order_id, turn.customer.id)
    if line is None or order is None:
        await draw_up(turn)
    elif len(lines := await turn.books.orders.lines(order)) > 1:
        await drafting.begin_again(turn, order, [one.id for one in lines])
    else:
        await drafting.begin(turn, None, line.product, line.options)


async def _instead(turn: Turn, found: Usual) -> None:
    """The usual is sold out: say so, and put the nearest on the table."""
    old = turn.pack.products.get(found.ordered.product)
    name = old.name[turn.language] if old else found.ordered.product
    if found.product is None:
        turn.say("ordering.usual_gone", turn.buttons("propose"), name=name)
    else:
        lead = turn.text("ordering.usual_nearest", name=name)
        await _offer_nearest(turn, turn.pack.products[found.product], found.ordered.options, lead)


async def _offer_nearest(turn: Turn, product: Product, options: Mapping[str, str], lead: str) -> None:
    """A draft of something near, which the customer may confirm or not."""
    turn.add(lead)
    await drafting.begin(turn, None, product.id, options)


async def offer(turn: Turn) -> bool:
    """When their last orders agree, offer the same again; False: they don't, or it can't be had."""
    found = the_usual(turn.pack, turn.known, await past.ordered(turn), turn.now)
    if found is None or found.product is None:
        return False
    fields = await _offered(turn, found)
    if found.gone:
        old = turn.pack.products.get(found.ordered.product)
        name = old.name[turn.language] if old else found.ordered.product
        turn.say("ordering.usual_offered_near", turn.buttons("usual", "propose"), name=name, **fields)
    else:
        turn.say("ordering.usual_offered", turn.buttons("usual", "propose"), **fields)
    turn.wait_for("usual", found.product)
    return True


async def take(turn: Turn, _: Focus) -> bool:
    """Read yes or no to the usual that was offered; False: it is about something else."""
    said = None if turn.heard else read_yes_no(turn.said, turn.answers)
    if said is None:
        return False
    turn.settle("usual")
    turn.may_ask = False
    if said:
        await draw_up(turn)
    else:
        turn.say("proposing.rejected", turn.buttons("propose"))
    return True


async def _offered(turn: Turn, found: Usual) -> dict[str, str]:
    """What the usual is called and costs today: of all lines of its order, so many of each."""
    lines = along_with(await past.ordered(turn), found.ordered)
    instead = {found.ordered.line: found.product} if found.gone else {}
    titles, total = list[str](), Decimal(0)
    for one in lines:
        product = turn.pack.products.get(instead.get(one.line) or one.product)
        if product is None:
            continue
        options = complete_now(turn.pack, product, one.options)
        row = await turn.books.orders.line(one.line, turn.customer.id) if len(lines) > 1 else None
        number = Decimal(1) if row is None else row.quantity
        titles.append(turn.words.title(product, options))
        total += price(turn.pack, product, options, int(number)) * number
    return {"title": turn.words.listed(titles), "price": turn.words.money(total)}

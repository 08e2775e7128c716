"""The usual: a draft of it, to be confirmed; or what comes nearest, and why."""

from __future__ import annotations

from collections.abc import Mapping

from actions import drafting, past
from actions.turn import Focus, Turn
from one_to_one.answers import read_yes_no
from one_to_one.history import Rating
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
    elif found is None and (against := said_against(turn.pack, turn.known, wanted)) is not None:
        turn.say("ordering.usual_changed", turn.buttons("propose"), thing=turn.words.fact(against))
        turn.offer(turn.button("anyway", f"usual:{wanted.line}"))
    else:
        await drafting.begin(turn, None, wanted.product, wanted.options)


async def tap(turn: Turn) -> None:
    """The usual was tapped; with the number of an order line: that one, whatever was said since."""
    number = turn.number(0)
    line = None if number is None else await turn.books.orders.line(number, turn.customer.id)
    if line is None:
        await draw_up(turn)
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
    product = turn.pack.products[found.product]
    options = complete_now(turn.pack, product, found.ordered.options)
    fields = {
        "title": turn.words.title(product, options),
        "price": turn.words.money(price(turn.pack, product, options)),
    }
    if found.gone:
        old = turn.pack.products.get(found.ordered.product)
        name = old.name[turn.language] if old else found.ordered.product
        turn.say("ordering.usual_offered_near", turn.buttons("usual", "propose"), name=name, **fields)
    else:
        turn.say("ordering.usual_offered", turn.buttons("usual", "propose"), **fields)
    turn.wait_for("usual", product.id)
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

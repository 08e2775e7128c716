"""What there is: the range in a sentence, what fits a wish, and one product by its name."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import chain, zip_longest

from actions import lost, proposing, wishing
from actions.naming import products_named, values_named
from actions.turn import SURE, Turn
from one_to_one.facts import Polarity
from one_to_one.pricing import price
from one_to_one.shop import Product

COUNT = 3
"""Examples of a value that was asked about."""

LISTED = 5
"""No more products than this in one answer."""


async def catalogue(turn: Turn) -> None:
    """What do you have? All of it in a sentence, or what fits the words."""
    if await show_named(turn):
        return
    if tell_of_value(turn):
        return
    if tell_untold(turn):
        return
    if not turn.heard and turn.confidence < SURE and not turn.message.payload:
        await lost.fall_back(turn)
        return
    told = {topic for product in turn.pack.products.values() for topic in product.attributes}
    wanted = [one for one in turn.heard if one.polarity is Polarity.LIKES]
    fitting = [
        product
        for product in turn.pack.products.values()
        if product.stock > 0 and all(one.value in product.attributes.get(one.topic, ()) for one in wanted)
    ]
    if wanted and fitting and all(one.topic in told for one in wanted):
        _list(turn, fitting, turn.words.listed(turn.words.fact(one) for one in wanted))
    elif wanted and not turn.complained:
        await proposing.propose(turn)  # says that there is none, and shows what comes close
    elif turn.heard and not wanted and not turn.complained:
        await proposing.propose(turn)  # without what they turned down
    elif turn.heard and not fitting:
        turn.say("catalogue.none", turn.buttons("propose", "human"))
    else:
        _survey(turn, fitting)


def tell_of_value(turn: Turn) -> bool:
    """If a value is asked about ("is ... warm?"), say what the catalogue says of it; False: none is."""
    named = [] if turn.heard or not turn.asks else values_named(turn)
    if not named:
        return False
    subject = named[0][0]
    values = [code for topic, code in named if topic == subject]
    there = [product for product in turn.pack.products.values() if product.stock > 0]
    having = [[each.id for each in there if code in each.attributes.get(subject, ())] for code in values]
    told = dict.fromkeys(name for name in chain.from_iterable(zip_longest(*having)) if name)
    labels = turn.words.listed(turn.words.value(subject, code) for code in values)
    lines = [_line(turn, turn.pack.products[name]) for name in told][:COUNT]
    if lines:
        turn.add("\n".join([turn.text("catalogue.of_value", value=labels), *lines]), turn.buttons("propose"))
    return bool(lines)


def tell_untold(turn: Turn) -> bool:
    """If something is asked that the catalogue doesn't tell ("is it organic?"), say so; False: it isn't."""
    if turn.heard or not turn.asks or not turn.mentions("catalogue.particular_words"):
        return False
    turn.say("catalogue.untold", turn.buttons("human", "propose"))
    turn.may_ask = False
    return True


async def show_cheapest(turn: Turn) -> bool:
    """If the cheapest is asked for, offer the cheapest that suits; False: it isn't."""
    if not turn.mentions("proposing.cheapest"):
        return False
    allowed = [turn.pack.products[name] for name in await proposing.allowed(turn)]
    suiting = [product for product in allowed if wishing.suits(turn, product)]
    if not allowed:
        turn.say("catalogue.none", turn.buttons("propose", "human"))
        return True
    key = "catalogue.cheapest_suiting" if suiting and turn.known else "catalogue.cheapest"
    cheapest = min(suiting or allowed, key=lambda product: (_price(turn, product), product.id))
    await proposing.offer_one(turn, cheapest, turn.text(key))
    return True


def _list(turn: Turn, products: Sequence[Product], wish: str) -> None:
    lines = [_line(turn, product) for product in products[:LISTED]]
    lead = turn.text("catalogue.fitting", count=len(products), wish=wish)
    turn.add("\n".join([lead, *lines]), turn.buttons("propose"))


def _line(turn: Turn, product: Product) -> str:
    return turn.texts.say(
        turn.language,
        "catalogue.line",
        name=product.name[turn.language],
        note=product.note[turn.language],
        price=turn.words.money(_price(turn, product)),
    )


def _price(turn: Turn, product: Product) -> Decimal:
    return price(turn.pack, product, {})


def _survey(turn: Turn, products: Sequence[Product]) -> None:
    prices = [_price(turn, product) for product in products]
    if not prices:
        turn.say("catalogue.none", turn.buttons("human"))
        return
    turn.say(
        "catalogue.survey",
        turn.buttons("propose"),
        about=turn.pack.shop.about[turn.language],
        count=len(products),
        least=turn.words.money(min(prices)),
        most=turn.words.money(max(prices)),
    )


async def show_named(turn: Turn) -> bool:
    """If the message names products, show them, ready to be ordered; False: it names none."""
    named = products_named(turn)
    there = [product for product in named if product.stock > 0]
    if len(there) == 1:
        await proposing.offer_one(turn, there[0])
    elif there:
        turn.add("\n".join(_line(turn, product) for product in there[:LISTED]), turn.buttons("propose"))
    elif named:
        turn.say("catalogue.sold_out", turn.buttons("propose"), name=named[0].name[turn.language])
    return bool(named)

"""What there is: the range in a sentence, what fits a wish, and one product by its name."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import chain, zip_longest

from actions import lost, proposing, wishing
from actions.naming import products_named, values_named
from actions.picking import extreme_in
from actions.turn import SURE, WISHED, Turn
from one_to_one.facts import Heard, Polarity
from one_to_one.pricing import price
from one_to_one.shop import Product
from one_to_one.wishes import fitting

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
    there = [
        product
        for product in turn.pack.products.values()
        if product.stock > 0 and all(one.value in product.attributes.get(one.topic, ()) for one in wanted)
    ]
    if turn.mentions("catalogue.cheap"):
        there.sort(key=lambda product: (_price(turn, product), product.id))
    if wanted and there and all(one.topic in told for one in wanted):
        _list(turn, there, turn.words.listed(turn.words.fact(one) for one in wanted))
    elif wanted and not turn.complained:
        await proposing.propose(turn)  # says that there is none, and shows what comes close
    elif turn.heard and not wanted and not turn.complained:
        await proposing.propose(turn)  # without what they turned down
    elif turn.heard and not there:
        turn.say("catalogue.none", turn.buttons("propose", "human"))
    else:
        _survey(turn, there)


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


async def show_extreme(turn: Turn) -> bool:
    """If the cheapest, or the most or least of something, is asked for, show it; False: it isn't."""
    if turn.mentions("proposing.cheapest"):
        return await _show_cheapest(turn)
    if turn.asks and turn.mentions("proposing.dearest"):
        return await _show_dearest(turn)
    asked = extreme_in(turn)
    if asked is None or turn.stated:
        return False
    named = turn.heard or [Heard(*value, Polarity.LIKES, WISHED, turn.said) for value in _wanted(turn)]
    others = [one for one in named if one.topic != asked.topic]
    wanted = fitting(turn.pack, [(one.topic, one.value) for one in others if one.polarity is Polarity.LIKES])
    having = {code for name in wanted for code in turn.pack.products[name].attributes.get(asked.topic, ())}
    code = next((one for one in asked.codes if one in having), asked.codes[0])
    stance = Polarity.DISLIKES if asked.without else Polarity.LIKES
    turn.heard = (*others, Heard(asked.topic, code, stance, WISHED, turn.said))
    await proposing.propose(turn)
    return True


def _wanted(turn: Turn) -> list[tuple[str, str]]:
    """The values that the cheapest shall have: as the bot heard them, else as they are named."""
    heard = [(one.topic, one.value) for one in turn.heard if one.polarity is Polarity.LIKES]
    told = {topic for product in turn.pack.products.values() for topic in product.attributes}
    return [value for value in heard or values_named(turn) if value[0] in told]


async def _show_cheapest(turn: Turn) -> bool:
    """The cheapest that has what is asked for and suits."""
    wanted = _wanted(turn)
    having = fitting(turn.pack, wanted)
    allowed = [turn.pack.products[name] for name in await proposing.allowed(turn)]
    if wanted and not having:
        turn.heard = tuple(Heard(*value, Polarity.LIKES, WISHED, turn.said) for value in wanted)
        await proposing.propose(turn)  # says that there is none, and shows what comes close
        return True
    named = [product for product in allowed if product.id in having] if wanted else []
    if named:
        wish = turn.words.listed(turn.words.value(*value) for value in wanted)
        await _offer_cheapest(turn, named, turn.text("catalogue.cheapest_with", wish=wish))
        return True
    suiting = [product for product in allowed if wishing.suits(turn, product)]
    if not allowed:
        turn.say("catalogue.none", turn.buttons("propose", "human"))
        return True
    key = "catalogue.cheapest_suiting" if suiting and turn.known else "catalogue.cheapest"
    await _offer_cheapest(turn, suiting or allowed, turn.text(key))
    return True


async def _show_dearest(turn: Turn) -> bool:
    """The dearest that has what is asked for."""
    having = fitting(turn.pack, _wanted(turn))
    allowed = [turn.pack.products[name] for name in await proposing.allowed(turn) if name in having]
    if not allowed:
        return False
    dearest = max(allowed, key=lambda product: (_price(turn, product), product.id))
    await proposing.offer_one(turn, dearest, turn.text("catalogue.dearest"))
    return True


async def _offer_cheapest(turn: Turn, products: Sequence[Product], lead: str) -> None:
    cheapest = min(products, key=lambda product: (_price(turn, product), product.id))
    await proposing.offer_one(turn, cheapest, lead)


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

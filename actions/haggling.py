"""Haggling: prices are the same for everybody. That is said plainly, with what is on offer anyway."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from actions import checkout, placed
from actions.laying_out import name
from actions.turn import FALLBACK, Turn
from one_to_one.folding import fold
from one_to_one.language import Language
from one_to_one.pricing import price
from one_to_one.shop import Offer
from one_to_one.specials import is_on, on_terms

ACTION = "action_haggle"
"""What the log says of it."""

GRUMBLING = frozenset({"chitchat", "deny", "catalogue", "complain", "inform", FALLBACK})
"""What a word about dear prices is taken for, where nothing is on the table."""

OFFERS = 3
"""No more offers than this are told at once."""


async def take(turn: Turn) -> bool:
    """Answer who wants to pay less than it costs, or finds the shop dear; False: that isn't what they say."""
    if turn.message.payload is not None:
        return False
    if turn.mentions("haggling.words") or _names_a_price(turn):
        offers = list(_offers(turn))
        none = not offers and turn.mentions("haggling.offer_words")
        turn.say("haggling.no_offers" if none else "haggling.same_for_all")
        _tell_what_there_is(turn, offers)
    elif _finds_it_dear(turn) and await placed.just_ordered(turn) is None:
        turn.say("haggling.dear", turn.buttons("propose"), least=turn.words.money(_least(turn)))
    else:
        return False
    turn.action, turn.may_ask = ACTION, False
    return True


def _names_a_price(turn: Turn) -> bool:
    """Whether they name what they would pay ("can you do 300?"); sizes and the like are no prices."""
    said = fold(turn.said)
    codes = {code for module in turn.pack.modules.values() for code in module.options}
    bids = (bid for tag in Language for bid in turn.texts.variants(tag, "haggling.bid_words"))
    for bid in bids:
        found = re.search(bid, said)
        if found is not None and found["amount"] not in codes and Decimal(found["amount"]) < _most(turn):
            return True
    return False


def _finds_it_dear(turn: Turn) -> bool:
    """Whether they say that it is dear, and mean nothing that is on the table or being made."""
    if turn.heard or turn.asks or turn.waits_for("proposal") or turn.waits_for("order"):
        return False
    grumbles = turn.intent in GRUMBLING or turn.before_that == ACTION
    compares = turn.mentions("haggling.elsewhere_words")
    return grumbles and (turn.mentions("picking.dear") or (compares and turn.before_that == ACTION))


def _tell_what_there_is(turn: Turn, offers: Sequence[str]) -> None:
    """What comes for nothing, and what is on offer."""
    said = turn.replies.pop()
    lines = [turn.texts.say(turn.language, "talk.space").join(filter(None, (said.text, _for_nothing(turn))))]
    if offers:
        lines += [turn.text("haggling.offers"), *offers]
    turn.add("\n".join(lines), turn.buttons("propose"))


def _for_nothing(turn: Turn) -> str:
    """From how much on it is brought for nothing; "": never, or always."""
    ways = [way for way in checkout.terms(turn).delivery.values() if way.free_from is not None and way.fee]
    amounts = [way.free_from for way in ways if way.free_from is not None]
    return turn.text("haggling.free_from", amount=turn.words.money(min(amounts))) if amounts else ""


def _offers(turn: Turn) -> Iterator[str]:
    """What is cheaper for now, a line for each."""
    running = [offer for offer in turn.pack.offers.values() if is_on(offer, turn.pack, turn.now)]
    priced = [offer for offer in running if offer.price is not None][:OFFERS]
    for offer in priced:
        for code in offer.products[:1]:
            if code in turn.pack.products and turn.pack.products[code].stock > 0:
                yield _line(turn, offer, code)


def _line(turn: Turn, offer: Offer, code: str) -> str:
    product = turn.pack.products[code]
    last = datetime.combine(offer.until, time(12), ZoneInfo(turn.pack.shop.time_zone))
    return turn.text(
        "haggling.offer",
        name=name(turn, code),
        price=turn.words.money(price(turn.pack, on_terms(product, offer), dict(offer.options))),
        usually=turn.words.money(price(turn.pack, product, dict(offer.options))),
        until=turn.words.day(last),
        reason=offer.reason[turn.language],
    )


def _prices(turn: Turn) -> list[Decimal]:
    return [price(turn.pack, one, {}) for one in turn.pack.products.values() if one.stock > 0]


def _least(turn: Turn) -> Decimal:
    return min(_prices(turn), default=Decimal(0))


def _most(turn: Turn) -> Decimal:
    return max(_prices(turn), default=Decimal(0))

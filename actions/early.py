"""What is said of an order before there is one: it lies beside the products on the table, for the draft."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from actions import altering, checkout, drafting, in_basket, pieces, reading_changes
from actions.laying_out import name, ways_on
from actions.naming import choices_in, values_named
from actions.order_lines import in_hand
from actions.reading_changes import Change
from actions.turn import Turn
from crm_store.models import OrderRow, ProposalRow
from one_to_one.checkout import Details, assumed, fees, missing
from one_to_one.pricing import price

ALONE = frozenset({"change"})
"""Intents whose number needs no word for pieces with it ("make it three")."""

type Item = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Early:
    """Pieces and details that were named before a product was chosen."""

    pieces: Decimal | None = None
    details: Details = field(default_factory=dict)
    picks: Mapping[str, str] = field(default_factory=dict)  # module -> code

    def __bool__(self) -> bool:
        return self.pieces is not None or bool(self.details or self.picks)


def kept(turn: Turn) -> Early:
    """What was said of it in this contact."""
    number = turn.passing.pieces
    return Early(Decimal(number) if number else None, turn.passing.details, turn.passing.picks)


def said(turn: Turn) -> Early:
    """What the message names of an order, whichever product it will be of."""
    before = kept(turn)
    known = assumed(checkout.terms(turn), before.details) if checkout.has_details(turn) else {}
    details = checkout.said_in(turn, known) if checkout.has_details(turn) else {}
    if turn.asks and set(details) <= {"delivery"}:
        details = {}  # how it is delivered is a question for the shop
    return Early(_pieces(turn, before), details, _picks(turn))


def _picks(turn: Turn) -> dict[str, str]:
    """The choices that the message names, of products that it leaves open."""
    options = {name: module.default for name, module in turn.pack.modules.items()}
    if turn.asks:
        return {}
    return dict(reading_changes.change_of(turn, options, (*turn.heard, *turn.theirs)).picks)


def _pieces(turn: Turn, before: Early) -> Decimal | None:
    """How many, with a word for pieces behind it; kinds of product are none."""
    found = pieces.said(turn, kinds=False)
    if turn.mentions("pieces.words.habit"):
        return None
    if found is None or not (found.counted or turn.intent in ALONE):
        return None
    return found.of(before.pieces or Decimal(1))


def keep(turn: Turn, new: Early) -> Early:
    """Let it lie beside the products on the table, as far as it can be taken; the rest is told."""
    before = kept(turn)
    number = new.pieces
    if number is not None and not pieces.can_be(number):
        pieces.tell_limits(turn, number)
        number = None
    taken = Early(number, valid(turn, new.details), new.picks)
    turn.passing = replace(
        turn.passing,
        pieces=int(number or before.pieces or 0),
        details={**before.details, **taken.details},
        picks={**before.picks, **taken.picks},
    )
    return taken


def noted(turn: Turn, new: Early) -> str:
    """That it is kept for the order."""
    number = new.pieces or Decimal(1)
    counted = [] if number == 1 else [turn.text("early.pieces", quantity=turn.words.number(number))]
    chosen = [turn.words.options(new.picks)] if new.picks else []
    things = [*counted, *chosen, *filter(None, [checkout.said_text(turn, new.details)])]
    return turn.text("early.noted", things=turn.words.listed(things)) if things else ""


def comes_first(turn: Turn) -> bool:
    """Whether an order is described before there is anything on the table."""
    new = said(turn)
    counted = (new.pieces or 1) != 1 and turn.intent in (*ALONE, "choose")
    told = {topic for product in turn.pack.products.values() for topic in product.attributes}
    described = any(one.topic in turn.pack.modules or one.topic in told for one in turn.stated)
    chosen = new.pieces is not None and (described or bool(new.details))
    waits = turn.waits_for("proposal") or turn.waits_for("order")
    wanted = bool(new.details) and turn.intent == "propose"
    return waits is None and (wanted or counted or chosen)


def keep_first(turn: Turn) -> None:
    """Keep it beside the products that were laid out for it, and say so before them."""
    if turn.waits_for("proposal") is None or not turn.replies:
        return
    last = turn.replies.pop()
    text = noted(turn, keep(turn, said(turn)))
    turn.add("\n".join(filter(None, (text, last.text))), last.buttons, image=last.image)


async def take(turn: Turn, proposal: ProposalRow) -> bool:
    """Keep what the message names for the order, and ask which product; False: it names nothing of it."""
    if _asks_total(turn):
        _tell_totals(turn, proposal)
        return True
    new = said(turn)
    if not new:
        return False
    if len(proposal.items) == 1 and not turn.asks:
        await begin(turn, proposal, 1)
        return True
    taken = noted(turn, keep(turn, new))
    which = turn.text("proposing.which") if len(proposal.items) > 1 else ""
    text = turn.texts.say(turn.language, "talk.space").join(filter(None, (taken, which)))
    turn.add(text or turn.text("proposing.which"), ways_on(turn, proposal))
    turn.may_ask = False
    return True


def _asks_total(turn: Turn) -> bool:
    asks = turn.mentions("ordering.total_words") and not turn.mentions("proposing.cheapest")
    return asks and not turn.stated and not values_named(turn) and turn.intent != "complain"


def _tell_totals(turn: Turn, proposal: ProposalRow) -> None:
    """What each of the products comes to, with all that was said, fees included."""
    told, picks = kept(turn), choices_in(turn)
    shop, details = checkout.terms(turn), assumed(checkout.terms(turn), told.details)
    number = told.pieces or Decimal(1)
    lines = [turn.text("early.totals", quantity=turn.words.number(number))]
    if picks:
        fields = {"options": turn.words.options(picks), "quantity": turn.words.number(number)}
        lines = [turn.text("early.totals_with", **fields)]
    for place, item in enumerate(proposal.items, start=1):
        goods = _price(turn, item, number, {**told.picks, **picks}) * number
        total = turn.words.money(goods + fees(shop, details, goods))
        lines.append(turn.text("early.total", number=place, name=name(turn, item["product"]), total=total))
    turn.add("\n".join(lines), ways_on(turn, proposal))
    turn.may_ask = False


def _price(turn: Turn, item: Item, number: Decimal, picks: Mapping[str, str]) -> Decimal:
    """Of one, where so many are bought, with these choices; on the terms it was proposed on."""
    product = turn.pack.products.get(item["product"])
    if product is None or (item.get("offer") and not picks):
        return Decimal(item["price"])
    here = {name: code for name, code in picks.items() if name in item["options"]}
    return price(turn.pack, product, {**item["options"], **here}, int(number))


async def begin(turn: Turn, proposal: ProposalRow, number: int) -> None:
    """A draft of one of the products, with all that was said of it before and now."""
    before, item = kept(turn), proposal.items[number - 1]
    typed = turn.message.payload is None
    new = said(turn) if typed else Early()
    turn.passing = replace(turn.passing, pieces=0, picks={})
    turn.settle("proposal", "question")
    old = await drafting.waiting(turn)
    order = await drafting.draw_up(turn, proposal, item["product"], item["options"])
    if order is None:
        return
    wanted = before.pieces if new.pieces is None else new.pieces
    await _count(turn, order, wanted)
    details = {**before.details, **valid(turn, new.details)}
    await checkout.change(turn, order, {name: value for name, value in details.items() if value})
    told = await _make_up(turn, order, before.picks, typed=typed)
    if told is None:
        return
    await drafting.show(turn, order, "ordering.draft", told)
    await in_basket.offer_both(turn, order, old)
    if wanted is not None and not pieces.can_be(wanted):
        pieces.tell_range(turn, order, await in_hand(turn, order), wanted)
    if "tax_id" in missing(checkout.terms(turn), checkout.details_of(turn, order)):
        checkout.ask(turn, order, "tax_id")


def valid(turn: Turn, details: Details) -> Details:
    """The details without what isn't valid, of which it is said."""
    if not details or checkout.are_valid(turn, details):
        return details
    return {name: value for name, value in details.items() if name not in checkout.TYPED}


async def _make_up(turn: Turn, order: OrderRow, picks: Mapping[str, str], *, typed: bool) -> str | None:
    """Put the choices into a draft; what has to be said of them; None: they can't be had, which is said."""
    line = await in_hand(turn, order)
    change = Change()
    if typed:
        named = reading_changes.change_of(turn, line.options, (*turn.heard, *turn.theirs))
        change = reading_changes.with_steps(turn, line.product, line.options, named)
    before = {name: code for name, code in picks.items() if name in line.options}
    wanted = Change({**before, **change.picks}, change.without)
    if wanted and not await altering.put_in(turn, order, wanted):
        return None
    if change.outside:
        return reading_changes.outside(turn, change)
    return reading_changes.no_further(turn, line, change)


async def _count(turn: Turn, order: OrderRow, wanted: Decimal | None) -> None:
    line = await in_hand(turn, order)
    if wanted is not None and pieces.can_be(wanted) and wanted != line.quantity:
        await drafting.rewrite(turn, order, line.options, wanted, set())

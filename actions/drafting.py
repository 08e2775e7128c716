"""A draft: drawn up, shown with the ways on, and written anew at each change."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from actions import (
    approving,
    checkout,
    configuring,
    keeping,
    laying_out,
    limits,
    menus,
    pieces,
    placed,
    spelling_out,
)
from actions.order_lines import (
    basket_of,
    copy_of,
    in_hand,
    is_made,
    listed,
    named,
    remade,
    summary,
)
from actions.turn import Turn
from actions.whose import for_whom
from crm_store.models import OrderLineRow, OrderRow, ProposalRow
from one_to_one.basket import Basket, Configured
from one_to_one.configuring.fitting import fitting
from one_to_one.order_states import BOUGHT, OrderState
from one_to_one.pricing import complete_now


async def begin(turn: Turn, proposal: ProposalRow | None, product: str, options: Mapping[str, str]) -> None:
    """Write a draft, of as many pieces as are asked for, and show it; on the terms of a proposed offer."""
    order = await draw_up(turn, proposal, product, options)
    if order is None:
        return
    await show(turn, order, "ordering.draft")
    named = pieces.said(turn)
    if named is not None and named.counted and not pieces.can_be(named.number):
        pieces.tell_range(turn, order, await in_hand(turn, order), named.number)


async def draw_up(
    turn: Turn, proposal: ProposalRow | None, product: str, options: Mapping[str, str]
) -> OrderRow | None:
    """Write a draft; None, and said so: it isn't there any more."""
    made = turn.pack.products.get(product)
    if made is None or made.stock <= 0:
        turn.say("ordering.gone", turn.buttons("propose"))
        return None
    assumed = _assumed(proposal, product)
    barred = turn.barred
    chosen = fitting(turn.pack, made, options, assumed=assumed, barred=barred.keys(), day=turn.now.date())
    named = pieces.said(turn)
    wanted = named.number if named is not None and named.counted else Decimal(turn.passing.pieces or 1)
    turn.passing = replace(turn.passing, pieces=0)
    quantity = wanted if pieces.can_be(wanted) else Decimal(1)
    thing = Configured(product, chosen, quantity, (), sorted(assumed & chosen.keys()))
    return await open_with(turn, proposal, Basket((thing,)))


async def open_with(turn: Turn, proposal: ProposalRow | None, basket: Basket) -> OrderRow:
    """A draft of these things, in place of the one that was waiting."""
    await drop_draft(turn)
    number = None if proposal is None else proposal.id
    order = await turn.books.orders.draft(turn.customer.id, number, [], turn.now, turn.pack.shop.currency)
    await checkout.begin(turn, order)
    await write(turn, order, basket)
    for line in await turn.books.orders.lines(order):
        line.receiver = for_whom(turn, proposal)
    return order


async def draw_up_again(turn: Turn, old: OrderRow) -> None:
    """A draft that was given up, once more as it was; at today's price, without what isn't there any more."""
    there = to_be_had(turn, await basket_of(turn, old))
    if there is None:
        turn.say("ordering.gone", turn.buttons("propose"))
        return
    await drop_draft(turn)
    order = await turn.books.orders.draft(
        turn.customer.id, old.proposal_id, [], turn.now, old.currency, changes=old.changes_id
    )
    await checkout.change(turn, order, dict(old.details or {}))
    await write(turn, order, there)
    await show(turn, order, "ordering.resumed")


async def begin_again(turn: Turn, old: OrderRow, lines: Collection[int]) -> None:
    """A draft of these lines of an order, as many of each as there were."""
    there = zip((await basket_of(turn, old)).things, await turn.books.orders.lines(old), strict=True)
    again = tuple(replace(thing, assumed=()) for thing, line in there if line.id in lines)
    await begin_with(turn, Basket(again, len(again)))


async def begin_with(turn: Turn, basket: Basket) -> None:
    """A draft of several things, as far as they can be had today; what can't is told."""
    there = to_be_had(turn, basket)
    if there is None:
        turn.say("ordering.gone", turn.buttons("propose"))
        return
    left = [one.product for one in there.things]
    gone = [one.product for one in basket.things if one.product not in left]
    names = turn.words.listed(laying_out.name(turn, product) for product in gone)
    order = await open_with(turn, None, there)
    await show(turn, order, "ordering.draft", turn.text("several.gone", name=names) if gone else "")


def to_be_had(turn: Turn, basket: Basket) -> Basket | None:
    """What of a basket can be had today, as it can be made; None: nothing of it."""
    barred, day = turn.barred.keys(), turn.now.date()
    there = {
        place: replace(one, options=fitting(turn.pack, made, one.options, barred=barred, day=day))
        for place, one in enumerate(basket.things, start=1)
        if (made := turn.pack.products.get(one.product)) is not None and made.stock > 0
    }
    hand = [*there].index(basket.hand) + 1 if basket.hand in there else len(there)
    return Basket(tuple(there.values()), hand) if there else None


def _assumed(proposal: ProposalRow | None, product: str) -> set[str]:
    """The modules that a proposal took for granted."""
    items = () if proposal is None else proposal.items
    return {name for item in items if item["product"] == product for name in item["assumed"]}


async def drop_draft(turn: Turn) -> None:
    """A draft that was waiting gives way to the new one."""
    old = await waiting(turn)
    if old is not None:
        await turn.books.orders.cancel(old, turn.now)
    turn.settle("order")


async def waiting(turn: Turn) -> OrderRow | None:
    """The draft that waits for a yes; None: none does."""
    focus = turn.waits_for("order")
    old = None if focus is None else await turn.books.orders.get(int(focus["ref"]), turn.customer.id)
    return old if old is not None and old.state == "draft" else None


async def show(
    turn: Turn, order: OrderRow, key: str, told: str = "", *, whatever_it_costs: bool = False
) -> None:
    """The draft in one line, and the ways on; `told`: what is to be said before it.

    `whatever_it_costs`: they said that it may cost more than they named.
    """
    lines, line = await turn.books.orders.lines(order), await in_hand(turn, order)
    product = turn.pack.products.get(line.product)
    change = await placed.would_be(turn, order)
    yes, no = ("confirm", "cancel") if change is None else ("change_yes", "change_no")
    groups = spelling_out.grouped_text(turn, line)
    fields = summary(turn, order, lines)
    if groups and product is not None and len(lines) == 1:
        fields |= named(turn, [(product.name[turn.language], line.quantity)])
    now = turn.text(key, **fields) if len(lines) == 1 else await _all_of_it(turn, order, lines, key)
    over, within = (
        await limits.over(turn, order, line) if change is None and not whatever_it_costs else ("", [])
    )
    buttons = [
        *within,
        turn.button(yes, f"confirm:{order.id}"),
        *turn.buttons(f"edit:{order.id}"),
        *menus.of_several(turn, order, lines),
        *checkout.details_buttons(turn, order),
        *(await keeping.ways(turn, order)),
        turn.button(no, f"cancel:{order.id}"),
    ]
    said = [
        told,
        change or now,
        "" if change else groups,
        await spelling_out.assumed_text(turn, order),
        checkout.details_text(turn, order),
        over,
    ]
    image = await keeping.image(turn, order, product)
    turn.add("\n".join(filter(None, said)), buttons, image=image)
    turn.wait_for("order", order.id)
    turn.may_ask = False


async def _all_of_it(turn: Turn, order: OrderRow, lines: Sequence[OrderLineRow], key: str) -> str:
    """A draft of several things: each with its price, what comes on top once, and which is in hand."""
    lead = turn.texts.say(turn.language, f"several.lead.{key.rpartition('.')[2]}")
    once = turn.text("several.once", fees=turn.words.money(order.fees)) if order.fees else ""
    basket = await basket_of(turn, order)
    name = laying_out.name(turn, basket.in_hand.product)
    asked = turn.text("several.draft", **summary(turn, order, lines))
    parts = [lead, listed(turn, lines), once, asked, turn.text("several.hand", number=basket.hand, name=name)]
    return "\n".join(filter(None, parts))


async def show_again(turn: Turn, key: str = "ordering.resumed") -> bool:
    """The draft that waits, if there is one; `key`: how it is put."""
    focus = turn.waits_for("order")
    order = None if focus is None else await turn.books.orders.get(int(focus["ref"]), turn.customer.id)
    if order is None or order.state != "draft":
        return False
    renewed = await placed.renew(turn, order)
    if renewed != "":
        await show(turn, order, renewed or key)
    return True


async def rewrite(
    turn: Turn,
    order: OrderRow,
    options: Mapping[str, str],
    quantity: Decimal,
    named: set[str],
    *,
    product: str | None = None,
    assumed: Collection[str] | None = None,
    anew: bool = False,
) -> None:
    """Write the line in hand anew, and the step that led there; `product`: another one than there is.

    `assumed` is what is taken for granted now, where that isn't what it was without what is `named`; with
    `anew` the customer chose nothing but what is named.
    """
    basket = await basket_of(turn, order)
    before = basket.in_hand
    made = turn.pack.products[product or before.product]
    said = set(named) if anew else {*before.said, *named}
    taken = set(before.assumed) - named if assumed is None else set(assumed)
    chosen = complete_now(turn.pack, made, options)
    await write(
        turn, order, basket.remade(Configured(made.id, chosen, quantity, sorted(said), sorted(taken)))
    )


async def write(turn: Turn, order: OrderRow, basket: Basket, *, back: bool = False) -> None:
    """Write all lines of a draft at today's prices, and the step that led there.

    What isn't made any more stays as it is written: it is told before anything is ordered.
    """
    before = {one.product: one for one in await turn.books.orders.lines(order)}
    lines = [
        await remade(turn, order, turn.pack.products[one.product], one.options, one.quantity)
        if is_made(turn, one)
        else copy_of(before[one.product])
        for one in basket.things
    ]
    await turn.books.orders.change(order, lines)
    checkout.settle_price(turn, order)
    await configuring.note(turn, order, basket, back=back)


async def tapped(turn: Turn) -> OrderRow | None:
    """The draft a button belongs to; None, and said so, when there is none."""
    number = turn.number(0)
    order = None if number is None else await turn.books.orders.get(number, turn.customer.id)
    if order is None:
        turn.say("lost.button", turn.buttons("propose", "help"))
    elif order.state in BOUGHT:
        await placed.tell(turn, order)
    elif order.state == OrderState.REPLACED and order.changes_id is not None:
        now = await turn.books.orders.get(order.changes_id, turn.customer.id)
        await placed.tell(turn, now or order)
    elif order.state == OrderState.AWAITING:
        await approving.tell_waiting(turn)
    elif order.state != "draft":
        turn.say("ordering.not_open", turn.buttons("propose"))
    return order if order is not None and order.state == "draft" else None

"""A draft: drawn up, shown with the ways on, and written anew at each change."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from decimal import Decimal

from actions import approving, checkout, configuring, limits, pieces, placed
from actions.order_lines import line_of, offer_of, remade, summary
from actions.turn import Turn
from crm_store.models import ConfigurationRow, OrderRow, ProposalRow
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
        pieces.tell_range(turn, order, (await turn.books.orders.lines(order))[0], named.number)


async def draw_up(
    turn: Turn, proposal: ProposalRow | None, product: str, options: Mapping[str, str]
) -> OrderRow | None:
    """Write a draft; None, and said so: it isn't there any more."""
    made = turn.pack.products.get(product)
    if made is None or made.stock <= 0:
        turn.say("ordering.gone", turn.buttons("propose"))
        return None
    await drop_draft(turn)
    assumed = _assumed(proposal, product)
    barred = turn.barred
    chosen = fitting(turn.pack, made, options, assumed=assumed, barred=barred.keys(), day=turn.now.date())
    named = pieces.said(turn)
    wanted = named.number if named is not None and named.counted else Decimal(turn.passing.pieces or 1)
    turn.passing = replace(turn.passing, pieces=0)
    quantity = wanted if pieces.can_be(wanted) else Decimal(1)
    line = line_of(turn, made, chosen, quantity, offer_of(turn, proposal, product, chosen))
    number = None if proposal is None else proposal.id
    order = await turn.books.orders.draft(turn.customer.id, number, [line], turn.now, turn.pack.shop.currency)
    await checkout.begin(turn, order)
    written = (await turn.books.orders.lines(order))[0]
    await configuring.note(turn, order, written, set(), assumed & set(chosen))
    return order


async def draw_up_again(turn: Turn, old: OrderRow) -> None:
    """A draft that was given up, once more as it was; at today's price."""
    line, step = (await turn.books.orders.lines(old))[0], await turn.books.configurations.of_order(old.id)
    made = turn.pack.products.get(line.product)
    if made is None or made.stock <= 0:
        turn.say("ordering.gone", turn.buttons("propose"))
        return
    await drop_draft(turn)
    barred = turn.barred.keys()
    chosen = fitting(turn.pack, made, line.options, barred=barred, day=turn.now.date())
    anew = await remade(turn, old, made, chosen, line.quantity)
    order = await turn.books.orders.draft(
        turn.customer.id, old.proposal_id, [anew], turn.now, old.currency, changes=old.changes_id
    )
    await checkout.change(turn, order, dict(old.details or {}))
    written = (await turn.books.orders.lines(order))[0]
    said, assumed = (set(step.said), set(step.assumed)) if step else (set[str](), set[str]())
    await configuring.note(turn, order, written, said, assumed)
    await show(turn, order, "ordering.resumed")


def _assumed(proposal: ProposalRow | None, product: str) -> set[str]:
    """The modules that a proposal took for granted."""
    items = () if proposal is None else proposal.items
    return {name for item in items if item["product"] == product for name in item["assumed"]}


async def drop_draft(turn: Turn) -> None:
    """A draft that was waiting gives way to the new one."""
    focus = turn.waits_for("order")
    old = None if focus is None else await turn.books.orders.get(int(focus["ref"]), turn.customer.id)
    if old is not None and old.state == "draft":
        await turn.books.orders.cancel(old, turn.now)
    turn.settle("order")


async def show(
    turn: Turn, order: OrderRow, key: str, told: str = "", *, whatever_it_costs: bool = False
) -> None:
    """The draft in one line, and the ways on; `told`: what is to be said before it.

    `whatever_it_costs`: they said that it may cost more than they named.
    """
    line = (await turn.books.orders.lines(order))[0]
    product = turn.pack.products.get(line.product)
    change = await placed.would_be(turn, order)
    yes, no = ("confirm", "cancel") if change is None else ("change_yes", "change_no")
    groups = configuring.grouped_text(turn, line)
    fields = summary(turn, order, line)
    if groups and product is not None:
        fields["title"] = product.name[turn.language]
    over, within = (
        await limits.over(turn, order, line) if change is None and not whatever_it_costs else ("", [])
    )
    buttons = [
        *within,
        turn.button(yes, f"confirm:{order.id}"),
        *turn.buttons(f"edit:{order.id}"),
        *checkout.details_buttons(turn, order),
        *(await configuring.ways(turn, order)),
        turn.button(no, f"cancel:{order.id}"),
    ]
    said = [
        told,
        change or turn.text(key, **fields),
        "" if change else groups,
        await configuring.assumed_text(turn, order),
        checkout.details_text(turn, order),
        over,
    ]
    image = await configuring.image(turn, order, product)
    turn.add("\n".join(filter(None, said)), buttons, image=image)
    turn.wait_for("order", order.id)
    turn.may_ask = False


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
    back: ConfigurationRow | None = None,
    product: str | None = None,
    assumed: Collection[str] | None = None,
    anew: bool = False,
) -> None:
    """Write the draft's line anew, and the step that led there; `product`: another one than there is.

    `assumed` is what is taken for granted now, where that isn't what it was without what is `named`; with
    `anew` the customer chose nothing but what is named.
    """
    line = (await turn.books.orders.lines(order))[0]
    made = turn.pack.products[product or line.product]
    last = await turn.books.configurations.of_order(order.id)
    chosen = complete_now(turn.pack, made, options)
    await turn.books.orders.change(order, [await remade(turn, order, made, chosen, quantity)])
    checkout.settle_price(turn, order)
    before = set(last.said) if last and not anew else set[str]()
    said = set(back.said) if back else before | named
    kept = set(assumed) if assumed is not None else set(last.assumed if last else ()) - named
    written = (await turn.books.orders.lines(order))[0]
    taken = set(back.assumed) if back else kept
    await configuring.note(turn, order, written, said, taken, back=back is not None)


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

"""What becomes of a draft of several things: one more, one less, so many of each, another in hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from actions import (
    company,
    configuring,
    drafting,
    menus,
    past,
    picking,
    pieces,
    proposing,
    reading_changes,
    several,
    ways_out,
)
from actions.naming import products_named, values_in
from actions.order_lines import basket_of, in_hand
from actions.remembering import remember
from actions.several import Meant
from actions.turn import Focus, Turn
from crm_store.models import OrderRow, ProposalRow
from one_to_one.answers import read_yes_no
from one_to_one.basket import Configured
from one_to_one.folding import fold
from one_to_one.order_states import OrderState
from one_to_one.proposals import budget_topics
from one_to_one.replies import Button
from one_to_one.shop import Product
from one_to_one.standing import stands

THING, OUT, BOTH = "thing", "out", "both"
"""What stands in a button for another thing in hand, for one that is taken out, and for the draft before."""


async def take(turn: Turn, order: OrderRow) -> bool:
    """Read what a message does with the things of a draft; False: nothing that this room knows."""
    if turn.message.payload is not None:
        return False
    for read in (_adds, _takes_out, _counts_each, _means, _limits, _is_enough):
        if await read(turn, order):
            return True
    return False


def says_more(turn: Turn) -> bool:
    """Whether something shall come on top, put as a wish and not as a question about the shop."""
    if turn.asks and not turn.mentions("picking.request"):
        return False
    return _says_too(turn) or turn.mentions("several.words.more")


def _says_too(turn: Turn) -> bool:
    """Whether it is wanted as well: in letters at the end, for elsewhere such words say something else."""
    said = fold(turn.said).rstrip(" .!\u3002\uff01")
    return any(
        said.endswith(word) if word.isascii() else word in said
        for word in turn.texts.words("several.words.too")
    )


def would_add(turn: Turn) -> bool:
    """Whether one thing more is wanted, and it is said which, or that it shall be another."""
    return says_more(turn) and (_names_thing(turn) or turn.mentions("several.words.another_thing"))


async def _adds(turn: Turn, order: OrderRow) -> bool:
    """One thing more: one that is there already, one from the table, or another of the shop's."""
    if not says_more(turn):
        return False
    table = await _table(turn, order)
    shown = [] if table is None else [item["product"] for item in table.items]
    pointed = [one for one in several.meant(turn, shown) if several.by_place(turn, one, len(shown))]
    there = await _there(turn, order, pointed=bool(pointed))
    if await _changes_there(turn, order):
        return False
    if there is not None:
        await _more_of(turn, order, there)
    elif pointed and table is not None:
        await several.begin(turn, table, pointed, order)
    elif not _names_thing(turn):
        return await _offers(turn, order)
    elif table is not None and (named := _on_the_table(turn, shown)):
        await several.begin(turn, table, named, order)
    else:
        return await _adds_of_the_shop(turn, order)
    return True


def _on_the_table(turn: Turn, shown: Sequence[str]) -> list[Meant]:
    """Those on the table that a message names; none, where it names another product of the shop."""
    products = products_named(turn)
    if len(products) == 1 and products[0].id not in shown:
        return []
    return [one for one in several.meant(turn, shown) if one.clauses]


async def _changes_there(turn: Turn, order: OrderRow) -> bool:
    """Whether something of the draft is named to be made otherwise ("the first ground, too")."""
    products = [one.product for one in (await basket_of(turn, order)).things]
    named = [one for one in several.meant(turn, products, by_name_only=True) if one.clauses]
    otherwise = reading_changes.read_change(turn, await in_hand(turn, order))
    return bool(named and otherwise) and not _counts_pieces(turn)


async def _there(turn: Turn, order: OrderRow, *, pointed: bool) -> Meant | None:
    """The one thing of a draft of which more is wanted; "the first too" means one of the table."""
    products = [one.product for one in (await basket_of(turn, order)).things]
    named = [one for one in several.meant(turn, products, by_name_only=True) if one.clauses]
    if len(named) != 1 or (pointed and (len(products) == 1 or _says_too(turn))):
        return None
    return named[0]


async def _adds_of_the_shop(turn: Turn, order: OrderRow) -> bool:
    """A product that is named, or those that are like what is named, to choose from."""
    found = _of_the_shop(turn)
    if len(found) == 1:
        await put_product(turn, order, found[0])
    elif found:
        await offer(turn, order)
    else:
        return await _offers(turn, order)
    return True


async def _table(turn: Turn, order: OrderRow) -> ProposalRow | None:
    """What was shown last: what waits, else what the draft was made from."""
    table = turn.waits_for("proposal")
    number = int(table["ref"]) if table is not None else order.proposal_id
    return None if number is None else await turn.books.proposals.get(number, turn.customer.id)


def _names_thing(turn: Turn) -> bool:
    """Whether a product is named, by its name or as pieces of what it is like ("a bag of the ...")."""
    if products_named(turn):
        return True
    return bool(values_in(turn.pack, turn.said)) and _counts_pieces(turn)


def _counts_pieces(turn: Turn) -> bool:
    said = fold(turn.said)
    return any(stands(said, word) for word in turn.texts.words("pieces.words.pieces"))


def _of_the_shop(turn: Turn) -> list[Product]:
    """The products that a message names and that can be had."""
    named = products_named(turn)
    if not named:
        values = values_in(turn.pack, turn.said)
        named = [
            one
            for one in turn.pack.products.values()
            if all(code in one.attributes.get(topic, ()) for topic, code in values)
        ]
    return [one for one in named if one.stock > 0 and one.availability.on(turn.now.date(), turn.groups)]


async def _offers(turn: Turn, order: OrderRow) -> bool:
    """Lay out what could come on top, when another one is wanted and it isn't said which; False: it isn't."""
    if not turn.mentions("several.words.another_thing"):
        return False
    await offer(turn, order)
    return True


async def _more_of(turn: Turn, order: OrderRow, one: Meant) -> None:
    """So many more of a thing that is there; made otherwise, it is another thing."""
    basket = (await basket_of(turn, order)).taking(one.place)
    thing, told = basket.in_hand, list[str]()
    change = several.change_to(turn, thing.options, one, [one])
    more = pieces.in_text(turn, turn.said)
    number = Decimal(1) if more is None or not pieces.can_be(more.number) else more.number
    added = several.made_otherwise(turn, thing, change, told) if change else thing
    await several.put_in(turn, order, [replace(added, quantity=number)])
    await drafting.show(turn, order, "ordering.changed", "\n".join(told))


async def put_product(turn: Turn, order: OrderRow, product: Product) -> None:
    """One product more, made up as like the one in hand as can be, but for what is said of it."""
    line, told = await in_hand(turn, order), list[str]()
    options = ways_out.like(turn, product, line.options, {})
    thing = Configured(product.id, options, _number(turn), (), sorted(options))
    if change := reading_changes.change_of(turn, options, (*turn.heard, *turn.theirs)):
        thing = several.made_otherwise(turn, thing, change, told)
    await several.put_in(turn, order, [thing])
    await drafting.show(turn, order, "ordering.changed", "\n".join(told))


def _number(turn: Turn) -> Decimal:
    read = pieces.in_text(turn, turn.said)
    return Decimal(1) if read is None or not read.counted or not pieces.can_be(read.number) else read.number


async def offer(turn: Turn, order: OrderRow) -> None:
    """Lay out what could come on top, over the draft; what is taken from there goes into it."""
    if not await company.propose(turn):
        earlier = await turn.books.proposals.recent(turn.customer.id, past.PROPOSALS)
        lead = turn.text("several.which_more")
        await proposing.lay_out(turn, earlier, lead=lead, but=await _there_already(turn, order))
    if turn.waits_for("proposal") is None:
        turn.wait_for("order", order.id)
        return
    turn.keep_with("proposal", adding=str(order.id))
    turn.wait_under("order", order.id)
    turn.offer(turn.button("back", f"back:{order.id}:{menus.DRAFT}"))
    turn.may_ask = False


async def _there_already(turn: Turn, order: OrderRow) -> set[str]:
    """The products of a draft; none, where there are no others to put into it."""
    there = {one.product for one in (await basket_of(turn, order)).things}
    return there if set(await proposing.allowed(turn)) - there else set()


async def beside_the_table(turn: Turn) -> set[str]:
    """The products of the draft into which goes what is taken from the table; none without one."""
    order = await _adding(turn)
    return set() if order is None else await _there_already(turn, order)


async def adding(turn: Turn, proposal: ProposalRow) -> OrderRow | None:
    """The draft into which goes what is taken from a proposal; None: it is to be a draft of its own."""
    table = turn.waits_for("proposal") or {}
    return await _adding(turn) if table.get("ref") == str(proposal.id) else None


async def _adding(turn: Turn) -> OrderRow | None:
    number = (turn.waits_for("proposal") or {}).get("adding")
    order = None if number is None else await turn.books.orders.get(int(number), turn.customer.id)
    return order if order is not None and order.state == "draft" else None


async def has_enough(turn: Turn) -> bool:
    """Show the draft again when nothing more shall come on top; False: nothing was to come, or it shall."""
    table = turn.waits_for("proposal") or {}
    if not table.get("adding") or turn.heard:
        return False
    if not (turn.mentions("several.words.enough") or picking.waves_aside(turn)):
        return False
    turn.settle("proposal")
    return await drafting.show_again(turn, "configuring.now")


async def _takes_out(turn: Turn, order: OrderRow) -> bool:
    """One thing less, when it is named and nothing about how it is made."""
    if not turn.mentions("several.words.out"):
        return False
    basket, line = await basket_of(turn, order), await in_hand(turn, order)
    if reading_changes.read_change(turn, line) or reading_changes.part_named(turn, line):
        return False
    products = [one.product for one in basket.things]
    named = several.meant(turn, products, by_name_only=True, but="several.words.out")
    gone = [one.place for one in named if one.clauses]
    if not gone:
        return False
    await take_out(turn, order, gone)
    return True


async def take_out(turn: Turn, order: OrderRow, gone: Sequence[int]) -> None:
    """Take things out of a draft; of the only one, or all, it is asked whether to drop the order."""
    basket = await basket_of(turn, order)
    if len(gone) >= len(basket.things):
        way = f"cancel:{order.id}" if order.changes_id is None else f"order:{order.changes_id}:cancel"
        turn.say(
            "several.the_last", [turn.button("cancel", way), turn.button("back", f"back:{order.id}:draft")]
        )
        turn.wait_for("order", order.id)
        turn.may_ask = False
        return
    names = turn.words.listed(_name(turn, basket.things[place - 1]) for place in sorted(gone))
    for place in sorted(gone, reverse=True):
        basket = basket.without(place)
    await drafting.write(turn, order, basket)
    await drafting.show(turn, order, "configuring.now", turn.text("several.taken_out", names=names))


def _name(turn: Turn, thing: Configured) -> str:
    product = turn.pack.products.get(thing.product)
    return product.name[turn.language] if product else thing.product


async def _counts_each(turn: Turn, order: OrderRow) -> bool:
    """So many of each thing."""
    basket = await basket_of(turn, order)
    if len(basket.things) < 2 or not turn.mentions("several.words.each"):
        return False
    read = pieces.in_text(turn, turn.said, kinds=False)
    if read is None or not pieces.can_be(read.number):
        return False
    await drafting.write(turn, order, basket.each(read.number))
    await drafting.show(turn, order, "ordering.changed")
    return True


async def _means(turn: Turn, order: OrderRow) -> bool:
    """Changes to things that are named. One alone is taken in hand, and the message goes on to be read."""
    basket = await basket_of(turn, order)
    if len(basket.things) < 2:
        return False
    named = several.meant(turn, [one.product for one in basket.things], by_name_only=True)
    named = tuple(one for one in named if one.clauses)
    if not named and (turn.mentions("several.words.every") or turn.mentions("several.words.each")):
        named = tuple(Meant(place) for place in range(1, len(basket.things) + 1))
    if len(named) == 1:
        return await _only_means(turn, order, named[0].place)
    told: list[str] = []
    before = basket
    for one in named:
        thing = basket.things[one.place - 1]
        change = several.change_to(turn, thing.options, one, named)
        made = several.made_otherwise(turn, thing, change, told) if change else thing
        basket = basket.taking(one.place).remade(replace(made, quantity=one.pieces or made.quantity))
    if basket.things == before.things and not told:
        return False
    await drafting.write(turn, order, basket)
    await drafting.show(turn, order, "ordering.changed", "\n".join(told))
    return True


async def _only_means(turn: Turn, order: OrderRow, place: int) -> bool:
    """Take one in hand; False: more is said of it, which is still to be read."""
    basket = (await basket_of(turn, order)).taking(place)
    line = (await turn.books.orders.lines(order))[place - 1]
    says_more_of_it = bool(reading_changes.read_change(turn, line)) or pieces.said(turn) is not None
    await configuring.note(turn, order, basket)
    if says_more_of_it or turn.intent not in ("choose", "inform", "nlu_fallback"):
        return False
    await menus.ask_what(turn, order)
    return True


async def _limits(turn: Turn, order: OrderRow) -> bool:
    """The most that several things may cost together, and nothing else."""
    named = [one for one in turn.stated if one.topic in budget_topics(turn.pack)]
    several_there = len(await turn.books.orders.lines(order)) > 1
    if not named or len(named) < len(turn.stated) or not several_there or turn.for_another:
        return False
    await remember(turn)
    await drafting.show(turn, order, "ordering.resumed")
    return True


async def keep(turn: Turn, before: Focus | None) -> None:
    """A draft of several things isn't lost by looking at something else: what is taken there comes on top."""
    if before is None or turn.waits_for("order") is not None or turn.waits_for("proposal") is None:
        return
    order = await turn.books.orders.get(int(before["ref"]), turn.customer.id)
    if order is None or order.state != OrderState.DRAFT or len(await turn.books.orders.lines(order)) < 2:
        return
    turn.keep_with("proposal", adding=str(order.id))
    turn.wait_under("order", order.id)


async def _is_enough(turn: Turn, order: OrderRow) -> bool:
    """Nothing shall come on top: whether it is ordered like that is asked."""
    short = len(turn.said) <= reading_changes.SHORT and not turn.heard
    if not short or read_yes_no(turn.said, turn.answers) is True or not turn.mentions("several.words.enough"):
        return False
    await drafting.show(turn, order, "ordering.as_it_is")
    return True


async def tap(turn: Turn, order: OrderRow, what: str, place: int | None) -> bool:
    """What was tapped of the things of a draft; False: something else."""
    basket = await basket_of(turn, order)
    there = place is not None and 1 <= place <= len(basket.things)
    if what == menus.ADD:
        await offer(turn, order)
    elif what == menus.THINGS:
        await _ask_which(turn, order)
    elif what == THING and place is not None and there:
        await configuring.note(turn, order, basket.taking(place))
        await menus.ask_what(turn, order)
    elif what == OUT and place is not None and there:
        await take_out(turn, order, [place])
    elif what == BOTH and place is not None:
        return await _have_both(turn, order, place)
    else:
        return False
    return True


async def offer_both(turn: Turn, order: OrderRow, before: OrderRow | None) -> None:
    """A way to have what a new draft took the place of as well."""
    if before is not None and before.changes_id is None:
        turn.offer(turn.button("have_both", f"edit:{order.id}:{BOTH}:{before.id}"))


async def _have_both(turn: Turn, order: OrderRow, number: int) -> bool:
    """Put into a draft what the one before it held; False: there is none such."""
    before = await turn.books.orders.get(number, turn.customer.id)
    there = None if before is None else drafting.to_be_had(turn, await basket_of(turn, before))
    if before is None or before.state != OrderState.CANCELLED or there is None:
        return False
    await several.put_in(turn, order, there.things)
    await drafting.show(turn, order, "ordering.changed")
    return True


async def _ask_which(turn: Turn, order: OrderRow) -> None:
    """Which of the things shall be otherwise, or out."""
    basket = await basket_of(turn, order)
    ways: list[Button] = []
    for place, thing in enumerate(basket.things, start=1):
        name = _name(turn, thing)
        ways.append(turn.button("change_thing", f"edit:{order.id}:{THING}:{place}", number=place, name=name))
        ways.append(turn.button("take_out", f"edit:{order.id}:{OUT}:{place}", number=place, name=name))
    turn.say("several.which", [*ways, turn.button("back", f"back:{order.id}:{menus.DRAFT}")])
    menus.wait(turn, order, menus.EDIT)

"""What could be otherwise about a draft, offered: all of it, one part, or other products."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from actions import drafting, foreseeing, laying_out, naming, pieces, placed
from actions.order_lines import in_hand
from actions.pieces import PIECES
from actions.turn import Turn
from crm_store.models import OrderLineRow, OrderRow
from one_to_one.basket import MOST
from one_to_one.configuring.workshop import workshop_of
from one_to_one.replies import Button
from one_to_one.shop import Product

AT_ONCE = 12
"""More options than this are asked for module by module."""

PRODUCT = "product"
"""What stands in a button for another product, where a module's name stands else."""

EDIT = "edit"
"""The menu of what could be otherwise, and what stands in its buttons."""

DRAFT = "draft"
"""What stands in a button that leads back to the draft."""

ADD, THINGS = "add", "things"
"""What stands in a button for one thing more, and for those there are, where a module stands else."""

OTHERS = 6
"""Other products that are offered in place of one that was ordered."""


async def ask_what(turn: Turn, order: OrderRow) -> None:
    """Ask what shall be otherwise, and offer it."""
    line = await in_hand(turn, order)
    buttons = options_of(turn, order, line)
    if len(buttons) > AT_ONCE:
        buttons = _modules(turn, order, line)
    more = [turn.button("pieces", f"edit:{order.id}:{PIECES}", quantity=turn.words.number(line.quantity))]
    if order.changes_id is not None:
        more.append(turn.button("other_product", f"edit:{order.id}:{PRODUCT}"))
    if order.changes_id is None:
        more.append(turn.button("confirm", f"confirm:{order.id}"))
    elif await placed.changes(turn, order):
        more.append(turn.button("change_yes", f"confirm:{order.id}"))
    else:
        more.append(turn.button("change_no", f"cancel:{order.id}"))
    more.append(turn.button("back", f"back:{order.id}:{DRAFT}"))
    turn.add(await _of_which(turn, order, turn.text("ordering.edit")), [*buttons, *more])
    wait(turn, order, EDIT)


async def _of_which(turn: Turn, order: OrderRow, asked: str) -> str:
    """A question about the thing in hand; of several it is said which."""
    if len(await turn.books.orders.lines(order)) == 1:
        return asked
    name = laying_out.name(turn, (await in_hand(turn, order)).product)
    return turn.text("several.of_which", name=name, asked=asked)


def of_several(turn: Turn, order: OrderRow, lines: Sequence[OrderLineRow]) -> list[Button]:
    """One thing more; and of several, another one in hand, or out."""
    more = [turn.button("add_another", f"edit:{order.id}:{ADD}")] if len(lines) < MOST else []
    each = [turn.button("each_thing", f"edit:{order.id}:{THINGS}")] if len(lines) > 1 else []
    return [*more, *each]


def options_of(turn: Turn, order: OrderRow, line: OrderLineRow, only: str = "") -> list[Button]:
    """Every option that can be had and isn't chosen already, of all modules or of `only` one."""
    if line.product not in turn.pack.products:
        return []
    left, barred = workshop_of(turn.pack).left(line.product, day=turn.now.date()), turn.barred
    return [
        Button(naming.label_of(turn, name, code), f"option:{order.id}:{name}:{code}")
        for name, codes in left.items()
        for code in codes
        if only in ("", name) and line.options.get(name) != code and (name, code) not in barred
    ]


def _modules(turn: Turn, order: OrderRow, line: OrderLineRow) -> list[Button]:
    """What can be chosen otherwise, each with what it is now."""
    modules = [turn.pack.modules[name] for name in turn.pack.modules if name in line.options]
    labels = [
        turn.text(
            "configuring.module",
            module=module.label[turn.language],
            chosen=naming.label_of(turn, module.topic, line.options[module.topic]),
        )
        for module in modules
    ]
    return [
        Button(label, f"edit:{order.id}:{module.topic}")
        for label, module in zip(labels, modules, strict=True)
        if options_of(turn, order, line, module.topic)
    ]


async def ask_one(turn: Turn, order: OrderRow, name: str, page: int = 0) -> None:
    """The options of one module that can be had, the likeliest first; or other numbers, or other products."""
    line = await in_hand(turn, order)
    if name == PIECES and name not in turn.pack.modules:
        pieces.ask(turn, order, line)
        wait(turn, order, f"{EDIT}:{name}")
        return
    if name == PRODUCT and name not in turn.pack.modules and order.changes_id is not None:
        ask_product(turn, order, alike(turn, line.product))
        return
    there = {way.payload.split(":")[3]: way for way in options_of(turn, order, line, name)}
    if not there:
        await ask_what(turn, order)
        return
    ranked = [there[code] for code in await foreseeing.in_order(turn, line, name, list(there))]
    options = ranked[page * AT_ONCE :][:AT_ONCE] or ranked[:AT_ONCE]
    if len(ranked) > (page + 1) * AT_ONCE:
        options.append(turn.button("more", f"edit:{order.id}:{name}:{page + 1}"))
    fields = {
        "module": turn.pack.modules[name].label[turn.language],
        "chosen": naming.label_of(turn, name, line.options[name]),
    }
    before = f":{name}:{page - 1}" if page else ""
    asked = await _of_which(turn, order, turn.text("configuring.which", **fields))
    turn.add(asked, [*options, turn.button("back", f"edit:{order.id}{before}")])
    wait(turn, order, f"{EDIT}:{name}:{page}")


def ask_product(turn: Turn, order: OrderRow, products: Sequence[Product]) -> None:
    """Which product it shall be."""
    buttons = [
        Button(one.name[turn.language], f"option:{order.id}:{PRODUCT}:{one.id}") for one in products[:OTHERS]
    ]
    turn.say("changing.which_product", [*buttons, turn.button("back", f"edit:{order.id}")])
    wait(turn, order, f"{EDIT}:{PRODUCT}")


def wait(turn: Turn, order: OrderRow, place: str) -> None:
    """Wait for what becomes of the draft; `place`: in which menu, so that "back" leaves it."""
    turn.wait_for("order", order.id)
    turn.customer.focus = {**(turn.customer.focus or {}), "place": place}
    turn.may_ask = False


async def leave(turn: Turn, order: OrderRow, place: str) -> None:
    """One step back out of a menu: the page before, the menu above it, or the draft."""
    menu, name, page = [*place.split(":"), "", ""][:3]
    if menu != EDIT or not name:
        await drafting.show(turn, order, "configuring.now")
    elif page.isdecimal() and int(page):
        await ask_one(turn, order, name, int(page) - 1)
    else:
        await ask_what(turn, order)


def alike(turn: Turn, product: str) -> list[Product]:
    """The products most like one: those that share the most with it, then the nearest price."""
    here = turn.pack.products.get(product)
    others = [one for one in turn.pack.products.values() if one.stock > 0 and one.id != product]
    if here is None:
        return others
    mine = {(topic, code) for topic, codes in here.attributes.items() for code in codes}

    def apart(one: Product) -> tuple[int, Decimal, str]:
        theirs = {(topic, code) for topic, codes in one.attributes.items() for code in codes}
        return -len(mine & theirs), abs(one.price - here.price), one.id

    return sorted(others, key=apart)

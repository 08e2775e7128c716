"""A draft altered by what the customer says or taps; all else stays, and what had to move is told."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal

from actions import checkout, configuring, drafting, menus, naming, needing, pieces, reading_changes, ways_out
from actions.naming import products_named, values_named
from actions.order_lines import in_hand
from actions.pieces import MOST
from actions.reading_changes import EXACTLY, Change
from actions.turn import Turn
from crm_store.configurations import basket_of
from crm_store.models import OrderLineRow, OrderRow
from one_to_one.answers import read_answer, read_choice
from one_to_one.configuring.workshop import workshop_of
from one_to_one.facts import Polarity
from one_to_one.folding import fold
from one_to_one.pointing import clauses
from one_to_one.pricing import codes_of, complete_now
from one_to_one.shop import Product
from one_to_one.standing import cut, stands


async def change_by_words(turn: Turn, order: OrderRow) -> bool:
    """Take over options and a number of pieces that the message names; of an order also another product."""
    if order.changes_id is not None and await _another_named(turn, order):
        return True
    line = await in_hand(turn, order)
    if await needing.asks_which(turn, order, line):
        return True
    change = reading_changes.read_change(turn, line)
    if told := reading_changes.no_further(turn, line, change):
        turn.add(told)
    if change.stuck and not change:
        await menus.ask_one(turn, order, change.stuck[0])
        return True
    if change.outside:
        await ways_out.tell(turn, order, line, change, reading_changes.outside(turn, change))
        return True
    named = None if turn.intent == "choose" else pieces.said(turn)
    if named is not None and named.way and any(turn.pack.modules[name].several for name in change.picks):
        named = None  # one more of a part, not of the whole
    wanted = None if named is None else named.of(line.quantity)
    if wanted is not None and not change and await _part_of_one(turn, order, line, wanted):
        return True
    if not change and (wanted is None or not pieces.can_be(wanted)):
        change = Change(short_options(turn))
    if not change and wanted is None and await _measured(turn, order, line):
        return True
    if wanted is not None and not pieces.can_be(wanted):
        if named is not None and not named.counted and (change or turn.heard):
            wanted = None  # a number that says something else
        else:
            pieces.tell_range(turn, order, line, wanted)
            return True
    if not change and wanted is None:
        return False
    await alter(turn, order, change, wanted)
    return True


async def ask_what(turn: Turn, order: OrderRow) -> None:
    """Ask what shall be otherwise: of the part that is named, else of all there is."""
    name = reading_changes.part_named(turn, await in_hand(turn, order))
    if name is None:
        await menus.ask_what(turn, order)
    else:
        await menus.ask_one(turn, order, name)


async def take_beside(turn: Turn, order: OrderRow) -> str:
    """Take over pieces and choices that stand beside details in the message; what has to be said of them."""
    line, named = await in_hand(turn, order), pieces.said(turn)
    if line.product not in turn.pack.products:
        return ""
    wanted = None if named is None or not named.counted else named.of(line.quantity)
    quantity = wanted if wanted is not None and pieces.can_be(wanted) else line.quantity
    heard = reading_changes.named_in(turn, checkout.without_typed(turn))
    change = reading_changes.change_of(turn, line.options, heard)
    found = await configuring.changed(turn, order, line, change) if change.picks or change.without else None
    if isinstance(found, configuring.Changed):
        named_now = {*change.picks, *change.without}
        await drafting.rewrite(turn, order, found.options, quantity, named_now)
        return found.told
    if quantity != line.quantity:
        await drafting.rewrite(turn, order, line.options, quantity, set())
    return found or ""


async def _part_of_one(turn: Turn, order: OrderRow, line: OrderLineRow, wanted: Decimal) -> bool:
    """Half of one is the size that holds half, else the next smaller one; False: it has no one size."""
    sizes = [name for name in line.options if name in turn.pack.modules and is_size(turn, name)]
    if not 0 < wanted < 1 or len(sizes) != 1:
        return False
    name = sizes[0]
    left = workshop_of(turn.pack).left(line.product, day=turn.now.date(), groups=turn.groups)
    target = Decimal(line.options[name]) * wanted
    smaller = [
        code
        for code in left.get(name, ())
        if Decimal(code) < Decimal(line.options[name]) and (name, code) not in turn.barred
    ]
    if not smaller:
        chosen = naming.label_of(turn, name, line.options[name])
        turn.say("pieces.smallest", option=chosen)
        await menus.ask_one(turn, order, name)
        return True
    nearest = min(smaller, key=lambda code: abs(Decimal(code) - target))
    await alter(turn, order, Change({name: nearest}), Decimal(1))
    return True


def is_size(turn: Turn, name: str) -> bool:
    """Whether a part is a size: every option of it is a number of something, and nobody's measure."""
    module = turn.pack.modules[name]
    return not (module.ask or module.several) and all(code.isdecimal() for code in module.options)


async def _measured(turn: Turn, order: OrderRow, line: OrderLineRow) -> bool:
    """Say what there is in place of a size that isn't made ("400 g"); False: the message names none."""
    measures = pieces.measures(turn)
    sized = [
        name
        for name in line.options
        if name in turn.pack.modules
        and any(_has_size(label, measures) for one in turn.pack.modules[name].options.values()
                for label in one.label.values())
    ]  # fmt: skip
    if len(sized) != 1:
        return False
    turn.say("pieces.no_such_size")
    await menus.ask_one(turn, order, sized[0])
    return True


def _has_size(label: str, measures: Collection[str]) -> bool:
    said = fold(label)
    return any(char.isdigit() for char in said) and any(stands(said, word) for word in measures)


async def _another_named(turn: Turn, order: OrderRow) -> bool:
    """Put another product that is named in place of what was ordered, or ask which; False: none is named."""
    line = await in_hand(turn, order)
    having = [] if reading_changes.read_change(turn, line) else _having(turn, line)
    named = [one for one in products_named(turn) or having if one.stock > 0]
    if not named or line.product in {one.id for one in named}:
        return False
    if len(named) == 1:
        await to_another(turn, order, named[0])
    else:
        menus.ask_product(turn, order, named)
    return True


def _having(turn: Turn, line: OrderLineRow) -> list[Product]:
    """The products that have what the message names of products, those most like the one of a line first."""
    liked = [(one.topic, one.value) for one in turn.heard if one.polarity is Polarity.LIKES]
    wanted = {(topic, code) for topic, code in liked or values_named(turn) if topic not in line.options}
    if not wanted:
        return []
    return [
        one
        for one in menus.alike(turn, line.product)
        if all(code in one.attributes.get(t, ()) for t, code in wanted)
    ]


def short_options(turn: Turn) -> dict[str, str]:
    """The option that a word or two names ("the small one"), if it can be only one module's."""
    if read_choice(turn.said, MOST, turn.answers) is not None:
        return {}  # "the second one" is another product
    topics = [turn.pack.topics[name] for name in turn.pack.modules if name in turn.pack.topics]
    said = _in_the_end(turn)
    answers = (read_answer(said, topic, turn.answers) for topic in topics)
    named = [one for answer in answers for one in answer.heard if is_option(turn, one.topic, one.value)]
    liked = [one for one in named if one.polarity is Polarity.LIKES]
    return {liked[0].topic: liked[0].value} if len(named) == len(liked) == 1 else {}


def _in_the_end(turn: Turn) -> str:
    """The message from where it does more than take something back ("wait no, the small one")."""
    begins = 0
    for clause in clauses(turn.said, turn.answers):
        if any(map(str.isalnum, cut(fold(clause.text), turn.texts.words("picking.rather")))):
            break
        begins = clause.start + len(clause.text)
    return turn.said[begins:]


def is_option(turn: Turn, module: str, code: str) -> bool:
    """Whether the shop has such an option of such a part, or such options where there may be several."""
    known, codes = (
        turn.pack.modules.get(module),
        codes_of(code.removeprefix(EXACTLY)) or (code,),
    )
    return (
        known is not None
        and all(one in known.options for one in codes)
        and (len(codes) == 1 or known.several)
    )


async def to_another(
    turn: Turn, order: OrderRow, product: Product, picks: Mapping[str, str] | None = None
) -> None:
    """Another product in place of the one there is, with these choices and else as like it as can be."""
    line = await in_hand(turn, order)
    options = ways_out.like(turn, product, line.options, picks or {})
    named = pieces.said(turn)
    wanted = line.quantity if named is None or not named.counted else named.of(line.quantity)
    quantity = wanted if pieces.can_be(wanted) else line.quantity
    await drafting.rewrite(turn, order, options, quantity, set(picks or {}), product=product.id)
    await drafting.show(turn, order, "ordering.changed")
    if quantity != wanted:
        pieces.tell_range(turn, order, await in_hand(turn, order), wanted)


async def put_in(turn: Turn, order: OrderRow, change: Change) -> bool:
    """Put choices into the draft without showing it; False, and said why, when they can't be had."""
    line = await in_hand(turn, order)
    line.options = complete_now(turn.pack, turn.pack.products[line.product], line.options)
    found = await configuring.changed(turn, order, line, change)
    if isinstance(found, str):
        await ways_out.tell(turn, order, line, change, found)
        return False
    await drafting.rewrite(turn, order, found.options, line.quantity, {*change.picks, *change.without})
    return True


async def alter(turn: Turn, order: OrderRow, change: Change, quantity: Decimal | None) -> None:
    """Change what is asked for; what else has to move is told."""
    line = await in_hand(turn, order)
    if line.product not in turn.pack.products:
        turn.say("ordering.gone", turn.buttons("propose"))
        return
    line.options = complete_now(turn.pack, turn.pack.products[line.product], line.options)
    found = await configuring.changed(turn, order, line, change) if change else None
    if isinstance(found, str):
        await ways_out.tell(turn, order, line, change, found)
        return
    options = line.options if found is None else found.options
    named = {*change.picks, *change.without}
    await drafting.rewrite(turn, order, options, quantity or line.quantity, named)
    key, told = ("ordering.changed", "") if found is None else ("configuring.now", found.told)
    await drafting.show(turn, order, key, told)


async def cheaper(turn: Turn, order: OrderRow) -> None:
    """The same for less, if it can be; what had to go is told, and can be had back."""
    line = await in_hand(turn, order)
    step = await turn.books.configurations.of_order(order.id)
    found = None
    if line.product in turn.pack.products:
        found = configuring.cheaper(turn, line, set(step.said if step else ()))
    if found is None:
        turn.say("configuring.none_cheaper", turn.buttons("propose", f"confirm:{order.id}"))
        turn.may_ask = False
        return
    before = order.total
    await drafting.rewrite(turn, order, found.options, line.quantity, set())
    told = (found.told, configuring.money_less(turn, before, order.total))
    await drafting.show(
        turn, order, "configuring.now", turn.texts.say(turn.language, "talk.space").join(told)
    )


async def back(turn: Turn, order: OrderRow) -> None:
    """Undo the last change."""
    last = await turn.books.configurations.of_order(order.id)
    number = None if last is None else last.before_id
    earlier = None if number is None else await turn.books.configurations.get(number, turn.customer.id)
    if earlier is None:
        await drafting.show(turn, order, "ordering.resumed", turn.text("configuring.first"))
        return
    there = drafting.to_be_had(turn, basket_of(earlier))
    if there is None:
        turn.say("ordering.gone", turn.buttons("propose"))
        return
    await drafting.write(turn, order, there, back=True)
    await drafting.show(turn, order, "configuring.now", turn.text("configuring.back"))


def says_back(turn: Turn) -> bool:
    """Whether they want to be where they were before."""
    return turn.mentions("configuring.back_words") or says_only_back(turn)


def says_only_back(turn: Turn) -> bool:
    """Whether that is all they say: what else they type may be anything, such as words for a label."""
    return turn.is_all_of("configuring.back_alone") or turn.is_all_of("configuring.back_words")

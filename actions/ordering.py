"""Ordering: a draft, changed as the customer likes, confirmed by them alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal

from actions import (
    approving,
    checkout,
    configuring,
    foreseeing,
    limits,
    needing,
    past,
    pieces,
    placed,
    turning_down,
)
from actions.checkout import Taken
from actions.naming import products_named, values_named
from actions.order_lines import line_of, offer_of, remade, summary
from actions.pieces import MOST, PIECES
from actions.remembering import remember
from actions.turn import SURE, Focus, Turn, contains
from crm_store.models import ConfigurationRow, OrderLineRow, OrderRow, ProposalRow
from one_to_one.answers import read_answer, read_choice, read_refusal, read_unsure, read_yes_no
from one_to_one.binding import barred_by
from one_to_one.configuring.fitting import fitting
from one_to_one.configuring.workshop import workshop_of
from one_to_one.facts import Polarity
from one_to_one.folding import fold
from one_to_one.history import Rating
from one_to_one.history import usual as usual_of
from one_to_one.lessons import DEAR
from one_to_one.order_states import BOUGHT, OrderState
from one_to_one.pricing import codes_of, complete_now, price
from one_to_one.replies import Button
from one_to_one.returning import Usual, said_against, the_usual
from one_to_one.rules import NONE
from one_to_one.shop import Product

AT_ONCE = 12
"""More options than this are asked for module by module."""

SHORT = 40
"""Characters within which a few words may ask for a thing to be done with the draft."""

PRODUCT = "product"
"""What stands in a button for another product, where a module's name stands else."""

OTHERS = 6
"""Other products that are offered in place of one that was ordered."""

CHANGING = frozenset({"change", "inform", "choose", "affirm", "order_usual", "nlu_fallback"})
"""Intents whose message may change the draft."""


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
    wanted = named.number if named is not None and named.counted else Decimal(1)
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


async def show(turn: Turn, order: OrderRow, key: str, told: str = "") -> None:
    """The draft in one line, and the ways on; `told`: what is to be said before it."""
    line = (await turn.books.orders.lines(order))[0]
    product = turn.pack.products.get(line.product)
    change = await placed.would_be(turn, order)
    yes, no = ("confirm", "cancel") if change is None else ("change_yes", "change_no")
    over, within = await limits.over(turn, order, line) if change is None else ("", [])
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
        change or turn.text(key, **summary(turn, order, line)),
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


async def take(turn: Turn, focus: Focus) -> bool:
    """Read the message as what becomes of the draft; False: it is about something else."""
    order = await turn.books.orders.get(int(focus["ref"]), turn.customer.id)
    if order is None or order.state != "draft":
        turn.settle("order")
        return False
    said_yes = read_yes_no(turn.said, turn.answers)
    if _asks_about_it(turn):
        await show(turn, order, "ordering.summed_up")
        return True
    taken = await checkout.take_details(turn, order)
    if taken is Taken.CHANGED:
        await show(turn, order, "ordering.changed")
    if taken in (Taken.CHANGED, Taken.TOLD):
        return True
    if await _asked_for(turn, order) or await _ruled_out(turn, order) or await _changed_by_words(turn, order):
        return True
    if said_yes is True or (turn.intent == "affirm" and not turn.heard and not _does_not_mind(turn)):
        await _confirm(turn, order)
    elif said_yes is False or turn.intent in ("deny", "decline") or _refused(turn):
        await _cancel(turn, order)
    elif turn.intent == "change" and not turn.heard:
        await _edit(turn, order)
    elif _does_not_mind(turn) or (taken is Taken.KNOWN and not turn.asks):
        await show(turn, order, "ordering.resumed")
    else:
        return False
    return True


def _asks_about_it(turn: Turn) -> bool:
    """Whether they want to know what it comes to, or when it would be there."""
    asks = turn.mentions("ordering.total_words") or turn.mentions("ordering.when_words")
    return asks and not turn.stated and turn.intent != "complain"


def _does_not_mind(turn: Turn) -> bool:
    """Whether they leave it to us: no reason to order anything."""
    return read_unsure(turn.said, turn.answers)


def _refused(turn: Turn) -> bool:
    return not turn.heard and read_refusal(turn.said, turn.answers)


async def _ruled_out(turn: Turn, order: OrderRow) -> bool:
    """If they say something that rules a choice of the draft out, remember it, and make it without."""
    if not barred_by(turn.pack, turn.stated):
        return False
    await remember(turn)
    line = (await turn.books.orders.lines(order))[0]
    against = [pick for pick in turn.barred if pick[1] in codes_of(line.options.get(pick[0], NONE))]
    if line.product not in turn.pack.products or not against:
        await show(turn, order, "ordering.resumed", turn.text("configuring.holds_already"))
        return True
    await _change(turn, order, configuring.Change(without=dict(against)), None)
    return True


async def _changed_by_words(turn: Turn, order: OrderRow) -> bool:
    """Take over what the message names, unless it is sure to be about something else."""
    if turn.intent not in CHANGING and turn.confidence >= SURE:
        return False
    return await change_by_words(turn, order)


async def change_by_words(turn: Turn, order: OrderRow) -> bool:
    """Take over options and a number of pieces that the message names; of an order also another product."""
    if order.changes_id is not None and await _another_named(turn, order):
        return True
    line = (await turn.books.orders.lines(order))[0]
    if await _stepped(turn, order, line) or await needing.asks_which(turn, order, line):
        return True
    change = configuring.read_change(turn, line)
    if change.outside:
        turn.add(configuring.outside(turn, change), turn.buttons(f"edit:{order.id}"))
        turn.may_ask = False
        return True
    named = None if turn.intent == "choose" else pieces.said(turn)
    if named is not None and named.way and any(turn.pack.modules[name].several for name in change.picks):
        named = None  # one more of a part, not of the whole
    wanted = None if named is None else named.of(line.quantity)
    if not change and (wanted is None or not pieces.can_be(wanted)):
        change = configuring.Change(_short_options(turn))
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
    await _change(turn, order, change, wanted)
    return True


async def _stepped(turn: Turn, order: OrderRow, line: OrderLineRow) -> bool:
    """More or less of one part ("a bigger …"): the next there is, or its options; False: it isn't that."""
    found = configuring.module_to_step(turn, line) if line.product in turn.pack.products else None
    if found is None or len(turn.said) > SHORT:
        return False
    module, way = found
    code = configuring.stepped(turn, line, module, way)
    if code is None:
        if configuring.goes_up_and_down(turn, module):
            chosen = configuring.label_of(turn, module.topic, line.options[module.topic])
            turn.say("configuring.no_further", option=chosen, module=module.label[turn.language])
        await _edit_one(turn, order, module.topic)
    else:
        await _change(turn, order, configuring.Change({module.topic: code}), None)
    return True


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
    await _edit_one(turn, order, sized[0])
    return True


def _has_size(label: str, measures: Collection[str]) -> bool:
    said = fold(label)
    return any(char.isdigit() for char in said) and any(contains(said, word) for word in measures)


async def _another_named(turn: Turn, order: OrderRow) -> bool:
    """Put another product that is named in place of what was ordered, or ask which; False: none is named."""
    line = (await turn.books.orders.lines(order))[0]
    named = [one for one in products_named(turn) or _having(turn, line) if one.stock > 0]
    if not named or line.product in {one.id for one in named}:
        return False
    if len(named) == 1:
        await _to_another(turn, order, named[0])
    else:
        turn.say("changing.which_product", _products(turn, order, named[:OTHERS]))
        turn.wait_for("order", order.id)
        turn.may_ask = False
    return True


def _having(turn: Turn, line: OrderLineRow) -> list[Product]:
    """The products that have what the message names of products, those most like the one of a line first."""
    liked = [(one.topic, one.value) for one in turn.heard if one.polarity is Polarity.LIKES]
    wanted = {(topic, code) for topic, code in liked or values_named(turn) if topic not in line.options}
    if not wanted:
        return []
    return [one for one in _like(turn, line) if all(code in one.attributes.get(t, ()) for t, code in wanted)]


def _products(turn: Turn, order: OrderRow, products: Iterable[Product]) -> list[Button]:
    return [Button(one.name[turn.language], f"option:{order.id}:{PRODUCT}:{one.id}") for one in products]


async def _to_another(turn: Turn, order: OrderRow, product: Product) -> None:
    """Another product in place of the one that was ordered, made up as like it as can be."""
    line = (await turn.books.orders.lines(order))[0]
    options = fitting(turn.pack, product, line.options, assumed=set(), day=turn.now.date())
    named = pieces.said(turn)
    wanted = line.quantity if named is None or not named.counted else named.of(line.quantity)
    quantity = wanted if pieces.can_be(wanted) else line.quantity
    await rewrite(turn, order, options, quantity, set(), product=product.id)
    await show(turn, order, "ordering.changed")
    if quantity != wanted:
        pieces.tell_range(turn, order, (await turn.books.orders.lines(order))[0], wanted)


def _short_options(turn: Turn) -> dict[str, str]:
    """The option that a word or two names ("the small one"), if it can be only one module's."""
    if read_choice(turn.said, MOST, turn.answers) is not None:
        return {}  # "the second one" is another product
    topics = [turn.pack.topics[name] for name in turn.pack.modules if name in turn.pack.topics]
    answers = (read_answer(turn.said, topic, turn.answers) for topic in topics)
    named = [one for answer in answers for one in answer.heard if _is_option(turn, one.topic, one.value)]
    liked = [one for one in named if one.polarity is Polarity.LIKES]
    return {liked[0].topic: liked[0].value} if len(named) == len(liked) == 1 else {}


def _is_option(turn: Turn, module: str, code: str) -> bool:
    return module in turn.pack.modules and code in turn.pack.modules[module].options


async def put_in(turn: Turn, order: OrderRow, change: configuring.Change) -> bool:
    """Put choices into the draft without showing it; False, and said why, when they can't be had."""
    line = (await turn.books.orders.lines(order))[0]
    line.options = complete_now(turn.pack, turn.pack.products[line.product], line.options)
    found = await configuring.changed(turn, order, line, change)
    if isinstance(found, str):
        _tell_why_not(turn, order, line, change, found)
        return False
    await rewrite(turn, order, found.options, line.quantity, {*change.picks, *change.without})
    return True


def _tell_why_not(
    turn: Turn, order: OrderRow, line: OrderLineRow, change: configuring.Change, why: str
) -> None:
    """Why choices can't be had, and of numbers the nearest that can."""
    near = configuring.nearest(turn, line, change)
    ways = turn.buttons(f"edit:{order.id}", f"confirm:{order.id}")
    if near:
        named = turn.words.options(near)
        why = "\n".join((why, turn.text("configuring.nearest", numbers=named)))
        picks = ":".join(f"{name}:{code}" for name, code in near.items())
        ways = [Button(named, f"option:{order.id}:{picks}"), *ways]
    turn.add(why, ways)
    turn.wait_for("order", order.id)
    turn.may_ask = False


async def _change(turn: Turn, order: OrderRow, change: configuring.Change, quantity: Decimal | None) -> None:
    """Change what is asked for; what else has to move is told."""
    line = (await turn.books.orders.lines(order))[0]
    if line.product not in turn.pack.products:
        turn.say("ordering.gone", turn.buttons("propose"))
        return
    line.options = complete_now(turn.pack, turn.pack.products[line.product], line.options)
    found = await configuring.changed(turn, order, line, change) if change else None
    if isinstance(found, str):
        _tell_why_not(turn, order, line, change, found)
        return
    options = line.options if found is None else found.options
    named = {*change.picks, *change.without}
    await rewrite(turn, order, options, quantity or line.quantity, named)
    key, told = ("ordering.changed", "") if found is None else ("configuring.now", found.told)
    await show(turn, order, key, told)


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


async def _asked_for(turn: Turn, order: OrderRow) -> bool:
    """Whether they want to go back, pay less, lay it by or show it to somebody; then it was done."""
    if turn.heard or len(turn.said) > SHORT:
        return False
    if says_back(turn):
        await _back(turn, order)
    elif turn.mentions("configuring.share_words"):
        await configuring.share(turn, order)
    elif turn.mentions("configuring.save_words"):
        await configuring.save(turn, order)
    elif turn.intent in CHANGING and turning_down.reason_in(turn) == DEAR:
        await _cheaper(turn, order)
    else:
        return False
    return True


def says_back(turn: Turn) -> bool:
    """Whether they want to be where they were before."""
    return turn.mentions("configuring.back_words") or turn.is_all_of("configuring.back_alone")


async def _cheaper(turn: Turn, order: OrderRow) -> None:
    """The same for less, if it can be; what had to go is told, and can be had back."""
    line = (await turn.books.orders.lines(order))[0]
    step = await turn.books.configurations.of_order(order.id)
    found = None
    if line.product in turn.pack.products:
        found = configuring.cheaper(turn, line, set(step.said if step else ()))
    if found is None:
        turn.say("configuring.none_cheaper", turn.buttons("propose", f"confirm:{order.id}"))
        turn.may_ask = False
        return
    before = order.total
    await rewrite(turn, order, found.options, line.quantity, set())
    told = (found.told, configuring.money_less(turn, before, order.total))
    await show(turn, order, "configuring.now", turn.texts.say(turn.language, "talk.space").join(told))


async def _back(turn: Turn, order: OrderRow) -> None:
    """Undo the last change."""
    last = await turn.books.configurations.of_order(order.id)
    number = None if last is None else last.before_id
    earlier = None if number is None else await turn.books.configurations.get(number, turn.customer.id)
    if earlier is None:
        await show(turn, order, "ordering.resumed", turn.text("configuring.first"))
        return
    there = earlier.product if earlier.product in turn.pack.products else None
    await rewrite(turn, order, earlier.options, earlier.quantity, set(), back=earlier, product=there)
    await show(turn, order, "configuring.now", turn.text("configuring.back"))


async def _confirm(turn: Turn, order: OrderRow) -> None:
    if await needing.ask_first(turn, order) or await approving.must_wait(turn, order):
        return
    again = await placed.place(turn, order)
    if again is not None:
        await show(turn, order, again)


async def _cancel(turn: Turn, order: OrderRow) -> None:
    if not await approving.withdraw(turn, order):
        await turn.books.orders.cancel(order, turn.now)
    turn.settle("order", "proposal", "question")
    if order.changes_id is None:
        turn.say("ordering.cancelled")
    else:
        turn.say("changing.stays", number=order.changes_id)
    turn.may_ask = False


async def ask_what(turn: Turn, order: OrderRow) -> None:
    """Ask what shall be otherwise, and offer it."""
    await _edit(turn, order)


async def _edit(turn: Turn, order: OrderRow) -> None:
    line = (await turn.books.orders.lines(order))[0]
    buttons = _options(turn, order, line)
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
    turn.say("ordering.edit", [*buttons, *more])
    turn.wait_for("order", order.id)
    turn.may_ask = False


def _options(turn: Turn, order: OrderRow, line: OrderLineRow, only: str = "") -> list[Button]:
    """Every option that can be had and isn't chosen already, of all modules or of `only` one."""
    if line.product not in turn.pack.products:
        return []
    left, barred = workshop_of(turn.pack).left(line.product, day=turn.now.date()), turn.barred
    return [
        Button(configuring.label_of(turn, name, code), f"option:{order.id}:{name}:{code}")
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
            chosen=configuring.label_of(turn, module.topic, line.options[module.topic]),
        )
        for module in modules
    ]
    return [
        Button(label, f"edit:{order.id}:{module.topic}")
        for label, module in zip(labels, modules, strict=True)
        if _options(turn, order, line, module.topic)
    ]


async def _edit_one(turn: Turn, order: OrderRow, name: str, page: int = 0) -> None:
    """The options of one module that can be had, the likeliest first; or other numbers, or other products."""
    line = (await turn.books.orders.lines(order))[0]
    if name == PIECES and name not in turn.pack.modules:
        pieces.ask(turn, order, line)
        return
    if name == PRODUCT and name not in turn.pack.modules and order.changes_id is not None:
        turn.say("changing.which_product", _products(turn, order, _like(turn, line)[:OTHERS]))
        turn.wait_for("order", order.id)
        turn.may_ask = False
        return
    there = {way.payload.split(":")[3]: way for way in _options(turn, order, line, name)}
    if not there:
        await _edit(turn, order)
        return
    ranked = [there[code] for code in await foreseeing.in_order(turn, line, name, list(there))]
    options = ranked[page * AT_ONCE :][:AT_ONCE] or ranked[:AT_ONCE]
    if len(ranked) > (page + 1) * AT_ONCE:
        options.append(turn.button("more", f"edit:{order.id}:{name}:{page + 1}"))
    fields = {
        "module": turn.pack.modules[name].label[turn.language],
        "chosen": configuring.label_of(turn, name, line.options[name]),
    }
    turn.say("configuring.which", [*options, *turn.buttons(f"edit:{order.id}")], **fields)
    turn.wait_for("order", order.id)
    turn.may_ask = False


def _like(turn: Turn, line: OrderLineRow) -> list[Product]:
    """The products most like the one of a line: those that share the most with it, then the nearest price."""
    here = turn.pack.products.get(line.product)
    others = [one for one in turn.pack.products.values() if one.stock > 0 and one.id != line.product]
    if here is None:
        return others
    mine = {(topic, code) for topic, codes in here.attributes.items() for code in codes}

    def apart(one: Product) -> tuple[int, Decimal, str]:
        theirs = {(topic, code) for topic, codes in one.attributes.items() for code in codes}
        return -len(mine & theirs), abs(one.price - here.price), one.id

    return sorted(others, key=apart)


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


async def tap_confirm(turn: Turn) -> None:
    """Yes, order it."""
    order = await tapped(turn)
    if order is not None:
        await _confirm(turn, order)


async def tap_edit(turn: Turn) -> None:
    """Something about it shall be different."""
    order = await tapped(turn)
    name = "".join(turn.arguments[1:2])
    if order is not None and name:
        await _edit_one(turn, order, name, turn.number(2) or 0)
    elif order is not None:
        await _edit(turn, order)


async def tap_cancel(turn: Turn) -> None:
    """Not after all."""
    waiting = await approving.waiting_order(turn)
    if waiting is not None:
        await _cancel(turn, waiting)
        return
    order = await tapped(turn)
    if order is not None:
        await _cancel(turn, order)


async def tap_option(turn: Turn) -> None:
    """One option of the draft was tapped."""
    order = await tapped(turn)
    if order is None:
        return
    module, code = [*turn.arguments[1:], "", ""][:2]
    several = dict(zip(turn.arguments[1::2], turn.arguments[2::2], strict=False))
    if len(several) > 1 and all(_is_option(turn, name, chosen) for name, chosen in several.items()):
        await _change(turn, order, configuring.Change(several), None)
    elif _is_option(turn, module, code):
        await _change(turn, order, configuring.Change({module: code}), None)
    elif module in turn.pack.modules:
        await _no_such_option(turn, order, module, code)
    elif module == PIECES:
        await _tap_pieces(turn, order, code)
    elif module == PRODUCT and order.changes_id is not None and code in turn.pack.products:
        await _to_another(turn, order, turn.pack.products[code])
    else:
        turn.say("lost.button", turn.buttons("propose", "help"))


async def _no_such_option(turn: Turn, order: OrderRow, module: str, code: str) -> None:
    """Say what there is instead of an option that isn't made, or not any more."""
    line = (await turn.books.orders.lines(order))[0]
    if turn.pack.modules[module].number and pieces.tapped(code) is not None:
        turn.add(
            configuring.outside(turn, configuring.Change(outside={module: code})),
            turn.buttons(f"edit:{order.id}:{module}"),
        )
        turn.wait_for("order", order.id)
        turn.may_ask = False
    elif module in line.options:
        turn.say("changing.option_gone")
        await _edit_one(turn, order, module)
    else:
        turn.say("lost.button", turn.buttons("propose", "help"))


async def _tap_pieces(turn: Turn, order: OrderRow, code: str) -> None:
    line, wanted = (await turn.books.orders.lines(order))[0], pieces.tapped(code)
    if wanted is None:
        turn.say("lost.button", turn.buttons("propose", "help"))
    elif pieces.can_be(wanted):
        await _change(turn, order, configuring.Change(), wanted)
    else:
        pieces.tell_range(turn, order, line, wanted)


async def tap_back(turn: Turn) -> None:
    """The last change was a mistake."""
    order = await tapped(turn)
    if order is not None:
        await _back(turn, order)


async def tap_save(turn: Turn) -> None:
    """Keep it for later."""
    order = await tapped(turn)
    if order is not None:
        await configuring.save(turn, order)


async def tap_share(turn: Turn) -> None:
    """Show it to somebody."""
    order = await tapped(turn)
    if order is not None:
        await configuring.share(turn, order)


async def tap_made(turn: Turn) -> None:
    """Something that was shared, or laid by, is wanted."""
    row = await configuring.shown(turn, "".join(turn.arguments[:1]))
    if row is None:
        turn.say("lost.button", turn.buttons("propose", "help"))
        return
    await begin(turn, None, row.product, row.options)


async def usual(turn: Turn) -> None:
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
        await begin(turn, None, wanted.product, wanted.options)


async def tap_usual(turn: Turn) -> None:
    """The usual was tapped; with the number of an order line: that one, whatever was said since."""
    number = turn.number(0)
    line = None if number is None else await turn.books.orders.line(number, turn.customer.id)
    if line is None:
        await usual(turn)
    else:
        await begin(turn, None, line.product, line.options)


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
    await begin(turn, None, product.id, options)


async def offer_usual(turn: Turn) -> bool:
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
    return True


async def delivery(turn: Turn) -> None:
    """When does it come? Of an order on its way: that one; else how things are sent."""
    asks_when = turn.mentions("ordering.when_words")
    if asks_when and await show_again(turn, "ordering.summed_up"):
        return
    if not (asks_when and await placed.tell_coming(turn)):
        turn.say("smalltalk.delivery", delivery=turn.pack.shop.delivery[turn.language])

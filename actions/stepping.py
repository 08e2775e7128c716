"""Making it oneself, part by part: all that can be had is offered, the likeliest first and marked as such."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation

from actions import (
    altering,
    asking,
    configuring,
    drafting,
    measuring,
    naming,
    needing,
    proposing,
    reading_changes,
    spelling_out,
    turning_down,
)
from actions.foreseeing import known_of
from actions.naming import products_named
from actions.order_lines import in_hand
from actions.reading_changes import Change
from actions.turn import Focus, Turn
from crm_store.models import OrderLineRow, OrderRow
from one_to_one.answers import read_answer, read_choice, read_number, read_unsure, read_yes_no
from one_to_one.configuring.fitting import fitting
from one_to_one.configuring.suggesting import Ground, Suggestion, likeliest, ranking
from one_to_one.configuring.workshop import workshop_of
from one_to_one.facts import Heard, Polarity
from one_to_one.preferences import last_said
from one_to_one.pricing import joined
from one_to_one.replies import Button
from one_to_one.rules import NONE, PRODUCT

PAGE = 8
"""So many choices are offered at once; a button leads to more."""

PICK, TURN_TO, NEXT, BACK, REST, SKIP = "pick", "page", "next", "back", "rest", "skip"
"""What the buttons of a step do."""

OWN = (Ground.SAID, Ground.ORDERED)
"""What a thing may rest on that nobody may assume, such as a measure."""


async def take(turn: Turn) -> bool:
    """Begin to go through the parts, if that is asked for; False: it isn't."""
    if turn.message.payload is not None or not turn.mentions("stepping.words"):
        return False
    if turn.member is not None or turn.waits_for("steps") is not None:
        return False
    turn.action = "action_tap_steps"
    await begin(turn)
    return True


async def begin(turn: Turn) -> None:
    """The first part of the draft that is open; without one, the product comes first."""
    turn.may_ask = False
    focus = turn.waits_for("order")
    order = None if focus is None else await turn.books.orders.get(int(focus["ref"]), turn.customer.id)
    named = products_named(turn) if turn.message.payload is None else []
    if order is not None and order.state == "draft":
        await _go_on(turn, order, [])
    elif len(named) == 1:
        await _take_product(turn, named[0].id)
    else:
        await _ask_product(turn, 0)


async def _ask_product(turn: Turn, page: int, told: str = "") -> None:
    """Which product it shall be: those that suit first, all that can be had reachable."""
    names = await _products(turn)
    shown = names[page * PAGE : (page + 1) * PAGE]
    buttons = [
        Button(
            _suggested(turn, turn.pack.products[name].name[turn.language], first=name == names[0]), payload
        )
        for name in shown
        for payload in [f"step:0:{PICK}:{PRODUCT}:{name}"]
    ]
    if len(names) > (page + 1) * PAGE:
        buttons.append(turn.button("more", f"step:0:{TURN_TO}:{PRODUCT}:{page + 1}"))
    before = f"{TURN_TO}:{PRODUCT}:{page - 1}" if page else f"{BACK}:{PRODUCT}"
    buttons.append(turn.button("back", f"step:0:{before}"))
    turn.add("\n".join(filter(None, (told, turn.text("stepping.product")))), buttons)
    _wait(turn, "", [PRODUCT], page)


async def _products(turn: Turn) -> list[str]:
    """All products that may be theirs, the one that suits them best first."""
    ranked = await proposing.allowed(turn)
    return ranked or [one.id for one in turn.pack.products.values() if one.stock > 0]


def _suggested(turn: Turn, label: str, *, first: bool) -> str:
    return turn.texts.say(turn.language, "stepping.suggested", label=label) if first else label


def _wait(turn: Turn, ref: object, trail: Sequence[str], page: int) -> None:
    """From now on wait for the answer to this step."""
    turn.wait_for("steps", ref, over=True)
    turn.customer.focus = {**(turn.customer.focus or {}), "trail": list(trail), "page": page}
    turn.may_ask = False


async def _take_product(turn: Turn, name: str) -> None:
    """A draft of it, filled with what is likeliest, and the first part."""
    product = turn.pack.products[name]
    order = await drafting.draw_up(turn, None, name, {})
    if order is None:
        return
    await _fill(turn, order, set())
    await _go_on(turn, order, [PRODUCT] if len(turn.pack.modules_of(product)) else [])


async def _fill(turn: Turn, order: OrderRow, said: set[str]) -> None:
    """Fill what the customer didn't choose with what is likeliest, the surest first."""
    line, known = await in_hand(turn, order), await known_of(turn)
    product = turn.pack.products[line.product]
    picks = {name: code for name, code in line.options.items() if name in said}
    guessed: set[str] = set()
    while found := [
        one
        for one in likeliest(
            turn.pack,
            product.id,
            picks,
            known.wishes,
            known.own,
            known.predictor,
            turn.now,
            groups=turn.groups,
        )
        if one.ground in OWN or not turn.pack.modules[one.module].ask
    ]:
        best = found[0]
        picks[best.module] = best.code
        guessed |= set() if best.ground is Ground.SAID else {best.module}
    whole = fitting(
        turn.pack, product, picks, assumed=guessed, barred=turn.barred.keys(), day=turn.now.date()
    )
    assumed = {name for name in whole if name not in said and (name in guessed or name not in picks)}
    await drafting.rewrite(turn, order, whole, line.quantity, said, assumed=assumed)


async def _go_on(turn: Turn, order: OrderRow, trail: Sequence[str], told: str = "") -> None:
    """The next part that isn't chosen; after the last one, the draft."""
    line = await in_hand(turn, order)
    step = await turn.books.configurations.of_order(order.id)
    said = set(step.said) if step else set[str]()
    names = list(turn.pack.modules_of(turn.pack.products[line.product]))
    after = names[names.index(trail[-1]) + 1 :] if trail and trail[-1] in names else names
    asked = await needing.to_ask(turn, order)
    for name in after:
        open_ = name not in said and (
            not turn.pack.modules[name].ask
            or name in asked
            or spelling_out.remembered(turn, line.options, name) is not None
        )
        if open_ and len(_left(turn, line, said, name)) > 1:
            await _ask(turn, order, [*trail, name], 0, told)
            return
    await _finish(turn, order, told)


def _left(turn: Turn, line: OrderLineRow, said: set[str], name: str) -> list[str]:
    """What a part can be beside those that were chosen."""
    picks = {other: code for other, code in line.options.items() if other in said and other != name}
    left = workshop_of(turn.pack).left(
        line.product, picks, day=turn.now.date(), groups=turn.groups, of=[name]
    )
    return [code for code in left.get(name, ()) if (name, code) not in turn.barred]


async def _ranked(turn: Turn, line: OrderLineRow, said: set[str], name: str) -> list[Suggestion]:
    """All that a part can be, the likeliest first; of numbers those next to it come next."""
    known, codes = await known_of(turn), _left(turn, line, said, name)
    picks = {other: code for other, code in line.options.items() if other in said and other != name}
    found = ranking(
        turn.pack, line.product, name, codes, picks, known.wishes, known.own, known.predictor, turn.now
    )
    if turn.pack.modules[name].number and found:
        at = codes.index(found[0].code)
        return sorted(found, key=lambda one: abs(codes.index(one.code) - at))
    return found


async def _ask(turn: Turn, order: OrderRow, trail: Sequence[str], page: int, told: str = "") -> None:
    """One part: the likeliest choice first, with its reason; ways back and on."""
    name, line = trail[-1], await in_hand(turn, order)
    remembered = spelling_out.remembered(turn, line.options, name)
    if turn.pack.modules[name].ask and remembered is None:
        asked = told or await needing.question(turn, turn.pack.topics[name])
        parts = (_place(turn, line, name), asked)
        turn.add(turn.texts.say(turn.language, "talk.space").join(parts), _ways_round(turn, order, name))
        turn.wait_for("order", order.id)
        _wait(turn, order.id, trail, page)
        return
    step = await turn.books.configurations.of_order(order.id)
    ranked = await _ranked(turn, line, set(step.said) if step else set(), name)
    ways = [_choice(turn, order, name, one, first=one is ranked[0]) for one in ranked[page * PAGE :][:PAGE]]
    if len(ranked) > (page + 1) * PAGE:
        ways.append(turn.button("more", f"step:{order.id}:{TURN_TO}:{name}:{page + 1}"))
    if turn.pack.modules[name].several:
        ways.append(turn.button("that_is_all", f"step:{order.id}:{NEXT}:{name}"))
    around = _ways_round(turn, order, name, page)
    ways.extend(around if remembered else around[1:])
    turn.add("\n".join(filter(None, (told, _question(turn, order, line, name, ranked)))), ways)
    turn.wait_for("order", order.id)
    _wait(turn, order.id, trail, page)


def _ways_round(turn: Turn, order: OrderRow, name: str, page: int = 0) -> list[Button]:
    """The ways round a question that nobody needs to answer."""
    before = f"{TURN_TO}:{name}:{page - 1}" if page else f"{BACK}:{name}"
    return [
        turn.button(key, f"step:{order.id}:{what}")
        for key, what in (("skip", f"{SKIP}:{name}"), ("back", before), ("fill_rest", f"{REST}:{name}"))
    ]


def _choice(turn: Turn, order: OrderRow, name: str, one: Suggestion, *, first: bool) -> Button:
    label = naming.label_of(turn, name, one.code)
    return Button(_suggested(turn, label, first=first), f"step:{order.id}:{PICK}:{name}:{one.code}")


def _question(
    turn: Turn, order: OrderRow, line: OrderLineRow, name: str, ranked: Sequence[Suggestion]
) -> str:
    """What is asked, what we would take and why, the range of numbers, and what it comes to as it stands."""
    module, remembered = turn.pack.modules[name], spelling_out.remembered(turn, line.options, name)
    label = naming.label_of(turn, name, ranked[0].code)
    when = "" if remembered is None else turn.words.date(last_said(remembered), turn.now)
    parts = [
        _place(turn, line, name),
        turn.text("stepping.because_then", label=label, when=when)
        if remembered
        else turn.text(f"stepping.because_{ranked[0].ground}", label=label),
    ]
    if module.number:
        numbers = (one.code for one in ranked if one.code != NONE)
        codes = sorted(numbers, key=list(module.options).index)
        least, most = (naming.label_of(turn, name, code) for code in (codes[0], codes[-1]))
        parts.append(turn.texts.say(turn.language, "stepping.range", least=least, most=most))
    if module.several and line.options.get(name, NONE) != NONE:
        chosen = naming.label_of(turn, name, line.options[name])
        parts.append(turn.texts.say(turn.language, "stepping.so_far", chosen=chosen))
    parts.append(turn.texts.say(turn.language, "stepping.price", total=turn.words.money(order.total)))
    return turn.texts.say(turn.language, "talk.space").join(parts)


def _place(turn: Turn, line: OrderLineRow, name: str) -> str:
    """Which part it is, of how many."""
    names = list(line.options)
    return turn.texts.say(
        turn.language,
        "stepping.ask",
        module=turn.pack.modules[name].label[turn.language],
        number=names.index(name) + 1 if name in names else 1,
        count=len(names),
    )


async def _pick(turn: Turn, order: OrderRow, trail: Sequence[str], picks: Mapping[str, str]) -> None:
    """Choose, let what is merely assumed follow, and go on; of several, ask for more."""
    line = await in_hand(turn, order)
    step = await turn.books.configurations.of_order(order.id)
    said, name = set(step.said) if step else set[str](), trail[-1]
    module = turn.pack.modules[name]
    if module.several and name not in said and name in picks and picks[name] != NONE:
        line.options = {**line.options, name: NONE if module.optional else line.options[name]}
    found = await configuring.changed(turn, order, line, Change(picks))
    if isinstance(found, str):
        await _ask(turn, order, trail, 0, found)
        return
    moved = [one for one in said - set(picks) if found.options.get(one) != line.options.get(one)]
    await drafting.rewrite(turn, order, found.options, line.quantity, set(picks))
    await measuring.keep(turn, order, _measures(turn, picks))
    await _fill(turn, order, said | set(picks))
    told = found.told if moved or name not in picks else ""
    again = name not in picks or (module.several and picks[name] != NONE and not _is_full(turn, found, name))
    if again:
        await _ask(turn, order, trail, 0, told)
    else:
        await _go_on(turn, order, trail, told)


def _measures(turn: Turn, picks: Mapping[str, str]) -> list[Heard]:
    """Of what was chosen what nobody may assume, as if it had been said to its question."""
    return [
        Heard(name, code, Polarity.LIKES, 1.0, turn.said or code)
        for name, code in picks.items()
        if turn.pack.modules[name].ask and code != NONE and name in turn.pack.topics
    ]


def _is_full(turn: Turn, found: configuring.Changed, name: str) -> bool:
    """Whether nothing more can be added of a part of which several may be had."""
    module = turn.pack.modules[name]
    return found.options.get(name) == joined(module, module.options)


async def _back(turn: Turn, order: OrderRow | None, trail: Sequence[str]) -> None:
    """The part before, to be chosen anew; before the first one the product, or the draft as it was."""
    earlier = list(trail[:-1])
    if order is None or not earlier:
        await _leave(turn)
        return
    if earlier[-1] == PRODUCT:
        await _ask_product(turn, 0)
        return
    line, step = await in_hand(turn, order), await turn.books.configurations.of_order(order.id)
    said = (set(step.said) if step else set()) - {earlier[-1]}
    await drafting.rewrite(turn, order, line.options, line.quantity, said, anew=True)
    await _fill(turn, order, said)
    await _ask(turn, order, earlier, 0)


async def _leave(turn: Turn) -> None:
    """Back to what there was before: the draft, what was proposed, or the question how to start."""
    turn.settle("steps")
    turn.may_ask = False
    table = turn.waits_for("proposal")
    proposal = None if table is None else await turn.books.proposals.get(int(table["ref"]), turn.customer.id)
    if await drafting.show_again(turn, "configuring.now"):
        return
    if proposal is not None:
        await proposing.show(turn, proposal)
    else:
        turn.say("stepping.left", turn.buttons("propose", "steps"))


async def _finish(turn: Turn, order: OrderRow, told: str = "") -> None:
    """The draft as it stands; what wasn't chosen is marked as assumed."""
    turn.settle("steps")
    measuring.ask_to_keep(turn)
    await drafting.show(turn, order, "configuring.now", told)


async def read(turn: Turn, focus: Focus) -> bool:
    """Read the message as the answer to a step; False: it is about something else."""
    trail, page = list(focus["trail"]), int(focus["page"])
    if not focus["ref"]:
        return await _read_product(turn, page)
    order = await turn.books.orders.get(int(focus["ref"]), turn.customer.id)
    if order is None or order.state != "draft":
        turn.settle("steps")
        return False
    line = await in_hand(turn, order)
    if altering.says_back(turn) and page:
        await _ask(turn, order, trail, page - 1)
    elif altering.says_back(turn):
        await _back(turn, order, trail)
    elif turn.mentions("stepping.rest_words"):
        await _finish(turn, order)
    elif not turn.heard and turn.mentions("stepping.more_words"):
        await _ask(turn, order, trail, page + 1 if await _has_more(turn, order, trail, page) else 0)
    elif not (turn.pack.modules[trail[-1]].ask and await _read_round(turn, order, trail)):
        return await _read_choice(turn, order, line, trail, page)
    return True


async def _read_round(turn: Turn, order: OrderRow, trail: Sequence[str]) -> bool:
    """What is said to a question that nobody needs to answer, without answering it; False: nothing such."""
    topic = turn.pack.topics[trail[-1]]
    if asking.asks_why_we_ask(turn):
        asking.tell_why(turn, topic, _ways_round(turn, order, topic.name))
    elif measuring.waves_aside(turn, read_answer(turn.said, topic, turn.answers).kind):
        await needing.refuse(turn, topic)
        await _go_on(turn, order, trail)
    elif turn.pack.modules[topic.name].number and measuring.says_yes(turn):
        needing.tell_number(turn, topic, _ways_round(turn, order, topic.name))
    else:
        return False
    return True


async def _has_more(turn: Turn, order: OrderRow, trail: Sequence[str], page: int) -> bool:
    line, step = await in_hand(turn, order), await turn.books.configurations.of_order(order.id)
    return len(_left(turn, line, set(step.said) if step else set(), trail[-1])) > (page + 1) * PAGE


async def _read_product(turn: Turn, page: int) -> bool:
    if turning_down.reason_in(turn):
        return False  # "the first one is too dear" takes none
    names, named = await _products(turn), products_named(turn)
    shown = names[page * PAGE : (page + 1) * PAGE]
    place = read_choice(turn.said, len(shown), turn.answers)
    if altering.says_back(turn):
        await (_ask_product(turn, page - 1) if page else _leave(turn))
    elif not turn.heard and turn.mentions("stepping.more_words"):
        await _ask_product(turn, page + 1 if len(names) > (page + 1) * PAGE else 0)
    elif place is not None:
        await _take_product(turn, shown[place - 1])
    elif len(named) == 1 and named[0].id in names:
        await _take_product(turn, named[0].id)
    elif not turn.heard and (read_unsure(turn.said, turn.answers) or read_yes_no(turn.said, turn.answers)):
        await _take_product(turn, names[0])
    else:
        return False
    return True


async def _read_choice(
    turn: Turn, order: OrderRow, line: OrderLineRow, trail: Sequence[str], page: int
) -> bool:
    """What is typed as a choice: an option, a number, a place in the list, yes to the suggestion, or no."""
    if turning_down.reason_in(turn):
        return False
    name, step = trail[-1], await turn.books.configurations.of_order(order.id)
    ranked = await _ranked(turn, line, set(step.said) if step else set(), name)
    codes = [one.code for one in ranked]
    module = turn.pack.modules[name]
    named = dict(reading_changes.read_change(turn, line).picks)
    if not named and (short := _short(turn, name, codes)):
        named = {name: short}
    if not named and module.number and (number := read_number(turn.said, turn.answers)) is not None:
        code = _code(codes, number)
        wanted = f"{number.normalize():f}"
        if code is None and module.upwards and wanted in module.options:
            if await altering.put_in(turn, order, Change({name: wanted})):
                await measuring.keep(turn, order, _measures(turn, {name: wanted}))
                await _go_on(turn, order, trail)
            else:
                _wait(turn, order.id, trail, page)
            return True
        if code is None:
            await _ask(turn, order, trail, 0, _not_there(turn, name, codes, number))
            return True
        named = {name: code}
    if not named and not module.number:
        shown = codes[page * PAGE : (page + 1) * PAGE]
        place = read_choice(turn.said, len(shown), turn.answers)
        named = {name: shown[place - 1]} if place is not None else {}
    if not named and not turn.heard:
        named = _yes_or_no(turn, name, codes)
        if not named and read_unsure(turn.said, turn.answers):
            await _go_on(turn, order, trail)
            return True
    if not named:
        return False
    await _pick(turn, order, trail, named)
    return True


def _yes_or_no(turn: Turn, name: str, codes: Sequence[str]) -> dict[str, str]:
    """What is suggested, for a yes; nothing of it, for a no, where it can be left out."""
    said = read_yes_no(turn.said, turn.answers)
    if said is True or turn.mentions("stepping.suggested_words"):
        return {name: codes[0]}
    return {name: NONE} if said is False and NONE in codes else {}


def _short(turn: Turn, name: str, codes: Sequence[str]) -> str | None:
    """The option that a word or two name, as an answer to the question."""
    topic = turn.pack.topics.get(name)
    heard = read_answer(turn.said, topic, turn.answers).heard if topic else ()
    named = [one.value for one in heard if one.polarity is Polarity.LIKES and one.value in codes]
    return named[0] if len(named) == 1 else None


def _code(codes: Sequence[str], number: Decimal) -> str | None:
    return next((code for code in codes if _number(code) == number), None)


def _number(code: str) -> Decimal | None:
    try:
        return Decimal(code)
    except InvalidOperation:
        return None


def _not_there(turn: Turn, name: str, codes: Sequence[str], number: Decimal) -> str:
    """That there is no such number beside what was chosen, and the nearest there are."""
    numbers = [code for code in codes if _number(code) is not None]
    near = sorted(numbers, key=lambda code: abs((_number(code) or number) - number))[:2]
    return turn.text(
        "stepping.not_there",
        module=turn.pack.modules[name].label[turn.language],
        value=turn.words.number(number),
        near=turn.words.listed(naming.label_of(turn, name, code) for code in near),
    )


async def tap_steps(turn: Turn) -> None:
    """They want to make it themselves."""
    await begin(turn)


async def tap_step(turn: Turn) -> None:
    """A button of a step was tapped."""
    number = turn.number(0)
    what, name, value = [*turn.arguments[1:], "", "", ""][:3]
    turn.may_ask = False
    if number == 0 and name == PRODUCT:
        await _tap_product(turn, what, value)
        return
    order = await drafting.tapped(turn)
    if order is None:
        return
    line = await in_hand(turn, order)
    if name not in line.options:
        turn.say("lost.button", turn.buttons("propose", "help"))
        return
    focus = turn.waits_for("steps")
    walked = list(focus["trail"]) if focus is not None and focus["ref"] == str(order.id) else []
    trail = [*walked[: walked.index(name)], name] if name in walked else [*walked, name]
    await _tap(turn, order, trail, what, value)


async def _tap(turn: Turn, order: OrderRow, trail: Sequence[str], what: str, value: str) -> None:
    name = trail[-1]
    if what == PICK and (value in turn.pack.modules[name].options or value == NONE):
        await _pick(turn, order, trail, {name: value})
    elif what == TURN_TO and value.isdecimal() and len(value) < PAGE:
        await _ask(turn, order, trail, int(value))
    elif what == NEXT:
        await _go_on(turn, order, trail)
    elif what == BACK:
        await _back(turn, order, trail)
    elif what == REST:
        await _finish(turn, order)
    elif what == SKIP and turn.pack.modules[name].ask:
        await needing.refuse(turn, turn.pack.topics[name])
        await _go_on(turn, order, trail)
    else:
        turn.say("lost.button", turn.buttons("propose", "help"))


async def _tap_product(turn: Turn, what: str, value: str) -> None:
    if what == PICK and value in await _products(turn):
        await _take_product(turn, value)
    elif what == TURN_TO and value.isdecimal() and len(value) < PAGE:
        await _ask_product(turn, int(value))
    elif what == BACK:
        await _leave(turn)
    else:
        turn.say("ordering.gone", turn.buttons("propose"))

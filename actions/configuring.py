"""Changing one thing about a draft: the rest stays, and what had to move is told with its reason."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from actions.naming import label_of
from actions.reading_changes import EXACTLY, Change
from actions.turn import Turn
from crm_store.models import ConfigurationRow, OrderLineRow, OrderRow
from one_to_one.basket import Basket
from one_to_one.configuring.fitting import avoiding
from one_to_one.configuring.wishing import Wish
from one_to_one.configuring.workshop import Breach, Made, workshop_of
from one_to_one.facts import Fact, FactId
from one_to_one.preferences import beliefs
from one_to_one.pricing import codes_of, complete_now, joined
from one_to_one.proposals import Proposed
from one_to_one.rules import NONE
from one_to_one.shop import Product
from one_to_one.tailoring import calls_of

SAID, HELD, SUITING = 10.0, 3.0, 1.0
"""What keeping a choice counts: of the customer's own, of another, and more of one that suits its use.

All outweigh the shop's interest.
"""

HAVING = 3
"""Other products that have something are named, up to so many."""

BESIDE = 0.5
"""What an option counts that is next to the one that was chosen."""


@dataclass(frozen=True, slots=True)
class Changed:
    """What became of it."""

    options: Mapping[str, str]
    told: str  # what is different now, and what else had to move and why


async def changed(turn: Turn, order: OrderRow, line: OrderLineRow, change: Change) -> Changed | str:
    """The draft with the change made and all else kept as far as it can be; a text when it can't be."""
    step = await turn.books.configurations.of_order(order.id)
    said = set(step.said if step else ())
    return changed_of(turn, turn.pack.products[line.product], line.options, said, change)


def changed_of(
    turn: Turn, product: Product, options: Mapping[str, str], said: set[str], change: Change
) -> Changed | str:
    """A product with the change made and all else kept as far as it can be; a text when it can't be."""
    before = dict(options)
    if against := {pick: fact for pick, fact in turn.barred.items() if pick in change.picks.items()}:
        return _against(turn, product, against)
    made = made_with(turn, product, before, said, change)
    if made is None:
        return _impossible(turn, product, before, _picks(turn, before, change))
    asked = set(change.picks) | set(change.without)
    return Changed(made.options, _told(turn, product, before, made, asked))


def made_with(
    turn: Turn, product: Product, before: Mapping[str, str], said: Collection[str], change: Change
) -> Made | None:
    """A product with a change made, and all else as it was as far as it can be; None: it can't be made so."""
    picks = _picks(turn, before, change)
    firm = [
        Wish(name, frozenset(codes_of(code) or (NONE,)), firm=True, avoid=True)
        for name, code in change.without.items()
        if name not in picks
    ]
    if any(
        (name, code) in turn.barred
        for name, chosen in change.picks.items()
        for code in codes_of(chosen.removeprefix(EXACTLY))
    ):
        return None
    picks = measures(turn, product, before) | picks
    called = {
        (call.module, call.code) for call in calls_of(turn.pack, beliefs(turn.known, turn.pack, turn.now))
    }
    stay = [wish for wish in kept(before, said, called) if wish.module not in picks]
    return workshop_of(turn.pack).best(
        [*stay, *firm, *avoiding(turn.barred)],
        product=product.id,
        picks=picks,
        margin_weight=0.0,
        day=turn.now.date(),
        groups=turn.groups,
    )


def _picks(turn: Turn, before: Mapping[str, str], change: Change) -> dict[str, str]:
    """What is chosen by a change, of parts that may be several what stands beside it included."""
    picks = {name: _joined(turn, before, name, code) for name, code in change.picks.items()}
    return picks | {
        name: _less(turn, before, name, code)
        for name, code in change.without.items()
        if set(codes_of(code)) & set(codes_of(before[name])) and _can_go(turn, name)
    }


def measures(turn: Turn, product: Product, options: Mapping[str, str]) -> dict[str, str]:
    """What was said of things that nobody may assume, such as measures: no other choice moves it."""
    return {
        name: options[name]
        for name, module in turn.pack.modules_of(product).items()
        if module.ask and name in options and options[name] != turn.pack.default_of(product, module)
    }


def nearest(turn: Turn, line: OrderLineRow, change: Change) -> dict[str, str]:
    """The numbers next to those that were asked for which can be made together; empty: none were, or are.

    Where the pack says so they are none smaller than what was asked for, if any such can be made.
    """
    modules = turn.pack.modules
    wanted = {**line.options, **change.picks}
    numbers = {
        name: list(modules[name].options)
        for name, code in wanted.items()
        if name in modules and modules[name].number and code != NONE
    }
    if not numbers.keys() & change.picks.keys():
        return {}
    wishes = [
        Wish(
            name,
            frozenset({code}),
            SAID * (1 - abs(codes.index(code) - codes.index(wanted[name])) / len(codes)),
        )
        for name, codes in numbers.items()
        for code in codes
        if code != NONE
    ]
    too_small = [
        (name, code)
        for name, codes in numbers.items()
        if modules[name].upwards
        for code in [NONE, *codes[: codes.index(wanted[name])]]
    ]
    picks = {name: code for name, code in line.options.items() if name not in numbers}
    for avoided in (too_small, []):
        made = workshop_of(turn.pack).best(
            [*wishes, *avoiding(turn.barred), *avoiding(avoided)],
            product=line.product,
            picks=picks,
            margin_weight=0.0,
            day=turn.now.date(),
        )
        if made is not None:
            return {name: made.options[name] for name in numbers}
    return {}


def _can_go(turn: Turn, name: str) -> bool:
    module = turn.pack.modules[name]
    return module.optional or module.several


def _joined(turn: Turn, before: Mapping[str, str], name: str, code: str) -> str:
    """Where several may stand together, one more, or just these; else in place of what there is."""
    module = turn.pack.modules[name]
    if code.startswith(EXACTLY):
        return joined(module, codes_of(code.removeprefix(EXACTLY)))
    if not module.several or code == NONE:
        return code
    return joined(module, (*codes_of(before[name]), *codes_of(code)))


def exactly(turn: Turn, name: str, code: str) -> str:
    """A choice as a change holds it: of what may be several these alone, none of those there were."""
    several = turn.pack.modules[name].several and code != NONE
    return EXACTLY + code if several else code


def _less(turn: Turn, before: Mapping[str, str], name: str, code: str) -> str:
    rest = [one for one in codes_of(before[name]) if one not in codes_of(code)]
    return joined(turn.pack.modules[name], rest)


def kept(
    options: Mapping[str, str], said: Collection[str], called: Collection[tuple[str, str]] = ()
) -> list[Wish]:
    """The choices as they are; what suits its use gives way after what doesn't matter for it."""
    return [
        Wish(name, frozenset({code}), SAID if name in said else HELD + SUITING * ((name, code) in called))
        for name, chosen in options.items()
        for code in (codes_of(chosen) or (NONE,))
    ]


def remade(turn: Turn, item: Mapping[str, Any], change: Change) -> Proposed | None:
    """A proposed product with other choices and all else as it was; None: it can't be made so."""
    product = turn.pack.products.get(item["product"])
    if product is None:
        return None
    options = complete_now(turn.pack, product, item["options"])
    wanted = {name: code for name, code in change.picks.items() if name in options}
    here = {name: _joined(turn, options, name, code) for name, code in wanted.items()}
    firm = [Wish(name, frozenset({code}), firm=True, avoid=True) for name, code in change.without.items()]
    stay = [wish for wish in kept(options, set()) if wish.module not in here]
    made = workshop_of(turn.pack).best(
        [*stay, *firm, *avoiding(turn.barred)],
        product=product.id,
        picks=here,
        margin_weight=0.0,
        day=turn.now.date(),
        groups=turn.groups,
    )
    if made is None:
        return None
    named = {*change.picks, *change.without}
    assumed = tuple(name for name in item["assumed"] if name not in named)
    facts = tuple(FactId(int(fact)) for fact in item["facts"])
    return Proposed(
        product.id, dict(made.options), made.price, made.cost, facts, assumed, False, float(item["score"])
    )


def near(turn: Turn, options: Mapping[str, str], weight: float = BESIDE) -> Iterator[Wish]:
    """If it can't stay, then rather what stands beside it."""
    for name, chosen in options.items():
        codes = [code for code in turn.pack.modules[name].options if code != NONE]
        for code in codes:
            if chosen in codes:
                apart = abs(codes.index(code) - codes.index(chosen))
                yield Wish(name, frozenset({code}), weight / (1 + apart))


def cheaper(turn: Turn, line: OrderLineRow, said: set[str]) -> Changed | None:
    """The same product for less, what the customer chose given up last; None: there is no such thing."""
    product = turn.pack.products[line.product]
    budget = line.price - turn.pack.shop.price_step
    made = workshop_of(turn.pack).best(
        [*kept(line.options, said), *near(turn, line.options), *avoiding(turn.barred)],
        product=product.id,
        picks=measures(turn, product, line.options),
        budget=budget,
        quantity=int(line.quantity),
        margin_weight=0.0,
        day=turn.now.date(),
    )
    if made is None:
        return None
    return Changed(made.options, _told(turn, product, line.options, made, set(made.options)))


def _told(turn: Turn, product: Product, before: Mapping[str, str], made: Made, asked: set[str]) -> str:
    """What is different, and what else had to move for it."""
    new = {name: code for name, code in made.options.items() if before.get(name) != code}
    wanted = [from_to(turn, name, before, made.options) for name in new if name in asked]
    moved = [from_to(turn, name, before, made.options) for name in new if name not in asked]
    parts = []
    if wanted:
        parts.append(turn.text("configuring.changed", changes=turn.words.listed(wanted)))
    elif not moved:
        parts.append(turn.text("configuring.same"))
    if moved:
        tried = {**before, **{name: made.options[name] for name in asked if name in made.options}}
        reasons = list(_reasons(turn, product, tried))
        key = "configuring.moved" if reasons else "configuring.moved_too"
        parts.append(turn.text(key, changes=turn.words.listed(moved), why=turn.words.listed(reasons)))
    return turn.texts.say(turn.language, "talk.space").join(parts)


def from_to(turn: Turn, name: str, before: Mapping[str, str], after: Mapping[str, str]) -> str:
    """What a part is now instead of before."""
    return turn.text(
        "configuring.number_from_to" if turn.pack.modules[name].number else "configuring.from_to",
        module=turn.pack.modules[name].label[turn.language],
        old=label_of(turn, name, before.get(name, NONE)),
        new=label_of(turn, name, after[name]),
    )


def _reasons(turn: Turn, product: Product, options: Mapping[str, str]) -> Iterator[str]:
    """The shop's words for the rules that these options break."""
    rules = {rule.id: rule for rule in turn.pack.rules}
    told = dict.fromkeys(
        one.rule
        for one in workshop_of(turn.pack).valid(product.id, options, day=turn.now.date())
        if one.breach is Breach.RULE
    )
    yield from (rules[name].why[turn.language] for name in told if name in rules)


def _against(turn: Turn, product: Product, against: Mapping[tuple[str, str], Fact]) -> str:
    """That they said something which rules a choice out, and what there is instead."""
    [((name, code), fact), *_] = against.items()
    module, barred = turn.pack.modules[name], turn.barred
    there = turn.pack.options_of(product, module)
    left = [label_of(turn, name, one) for one in there if (name, one) not in barred]
    return turn.text(
        "configuring.against" if left else "configuring.against_all",
        option=label_of(turn, name, code),
        fact=turn.words.fact(fact),
        left=turn.words.listed(left),
    )


def _missing(turn: Turn, product: Product, options: Mapping[str, str]) -> str:
    """That this product doesn't come with an option, what it comes with, and what has it; "": it does."""
    for name, module in turn.pack.modules_of(product).items():
        there = turn.pack.options_of(product, module)
        gone = [code for code in codes_of(options.get(name, NONE)) if code not in there]
        if not gone or gone[0] not in module.options:
            continue
        having = [
            one.name[turn.language]
            for one in turn.pack.products.values()
            if one.stock > 0 and one.id != product.id and gone[0] in turn.pack.options_of(one, module)
        ]
        return turn.text(
            "configuring.elsewhere" if having else "configuring.not_here",
            product=product.name[turn.language],
            option=label_of(turn, name, gone[0]),
            left=turn.words.listed(label_of(turn, name, code) for code in there if code != NONE),
            others=turn.words.listed(having[:HAVING]),
        )
    return ""


def _impossible(turn: Turn, product: Product, before: Mapping[str, str], picks: Mapping[str, str]) -> str:
    if missing := _missing(turn, product, {**before, **picks}):
        return missing
    found = workshop_of(turn.pack).conflict(
        [
            Wish(name, frozenset({code}))
            for name, chosen in {**measures(turn, product, before), **picks}.items()
            for code in codes_of(chosen)
        ],
        product=product.id,
        margin_weight=0.0,
        day=turn.now.date(),
        groups=turn.groups,
        count=1,
    )
    rules = {rule.id: rule.why[turn.language] for rule in turn.pack.rules}
    reasons = [rules[name] for name in (found.rules if found else ()) if name in rules]
    key = "configuring.impossible_why" if reasons else "configuring.impossible"
    return turn.text(key, why=turn.words.listed(reasons))


async def note(turn: Turn, order: OrderRow, basket: Basket, *, back: bool = False) -> ConfigurationRow:
    """Write down where the draft stands now; `back`: it is where it stood before the last step."""
    last = await turn.books.configurations.of_order(order.id)
    before = None if last is None else last.id
    if back and last is not None and last.before_id is not None:
        earlier = await turn.books.configurations.get(last.before_id, turn.customer.id)
        before = None if earlier is None else earlier.before_id
    return await turn.books.configurations.add(
        turn.customer.id,
        basket.in_hand,
        turn.now,
        order=order.id,
        before=before,
        place=basket.hand,
        beside=basket.beside,
    )


def money_less(turn: Turn, before: Decimal, after: Decimal) -> str:
    """What it comes to now instead of before."""
    return turn.text("configuring.cheaper", old=turn.words.money(before), new=turn.words.money(after))

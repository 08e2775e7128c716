"""Changing one thing about a draft: the rest stays, and what had to move is told with its reason."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import chain
from typing import Any

from actions.naming import options_named
from actions.turn import Turn, contains
from crm_store.configurations import basket_of
from crm_store.models import ConfigurationRow, OrderLineRow, OrderRow
from one_to_one.basket import Basket
from one_to_one.configuring.fitting import avoiding
from one_to_one.configuring.wishing import Wish
from one_to_one.configuring.workshop import Breach, Made, workshop_of
from one_to_one.facts import Fact, FactId, Heard, Polarity
from one_to_one.folding import fold
from one_to_one.headed import Group, added, grouped
from one_to_one.ledger import REFUSED, Question, QuestionState, may_ask
from one_to_one.made_pictures import SHARED, name_of
from one_to_one.pointing import clauses
from one_to_one.preferences import beliefs, last_said
from one_to_one.pricing import BETWEEN, chosen_of, codes_of, complete_now, joined, still_made
from one_to_one.proposals import Proposed
from one_to_one.replies import Button
from one_to_one.rules import NONE
from one_to_one.sealing import opened, seal
from one_to_one.shop import Module, Product
from one_to_one.tailoring import calls_of
from one_to_one.wording import PARTS

SAID, HELD, SUITING = 10.0, 3.0, 1.0
"""What keeping a choice counts: of the customer's own, of another, and more of one that suits its use.

All outweigh the shop's interest.
"""


TOLD = 5
"""More parts than this that were taken for granted are counted, not listed."""

HAVING = 3
"""Other products that have something are named, up to so many."""

NARROW = frozenset({"telegram"})
"""Channels on whose small screens many lines are too many."""

SHORT = 40
"""Characters within which a few words may ask for a thing to be done with the draft."""

BARE = 2
"""Characters beside a name that say nothing more: a particle, a sign."""

EXACTLY = "="
"""Before the codes of a part of which there may be several: these, and none of those there are."""

BESIDE = 0.5
"""What an option counts that is next to the one that was chosen."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a message wants otherwise."""

    picks: Mapping[str, str] = field(default_factory=dict)  # module -> code
    without: Mapping[str, str] = field(default_factory=dict)  # module -> the code that shall go
    outside: Mapping[str, str] = field(default_factory=dict)  # module -> a number that there isn't
    stuck: Sequence[str] = ()  # modules of which more, or less, is wanted than there is

    def __bool__(self) -> bool:
        return bool(self.picks or self.without or self.outside)


@dataclass(frozen=True, slots=True)
class Changed:
    """What became of it."""

    options: Mapping[str, str]
    told: str  # what is different now, and what else had to move and why


def read_change(turn: Turn, line: OrderLineRow) -> Change:
    """The choices about a draft that a message names, more or less of a part included."""
    return with_steps(turn, line.product, line.options, change_of(turn, line.options, turn.heard))


def with_steps(turn: Turn, product: str, options: Mapping[str, str], change: Change) -> Change:
    """A change, and what comes next of the modules of which the message wants more or less."""
    if product not in turn.pack.products:
        return change
    picks, stuck = dict(change.picks), list[str]()
    for name, way in steps_named(turn, options).items():
        code = stepped(turn, product, options, turn.pack.modules[name], way)
        if code is None:
            stuck.append(name)
        else:
            picks.setdefault(name, code)
    return replace(change, picks=picks, stuck=tuple(stuck))


def change_of(
    turn: Turn, options: Mapping[str, str], heard: Sequence[Heard], text: str | None = None
) -> Change:
    """The choices that a message names, also by a word of another topic where the pack says so.

    `text`: the part of the message in which options are looked for by what they are called.
    """
    picks, without, outside = dict[str, str](), dict[str, str](), dict[str, str]()
    by_label = options_named(turn, options, text)
    for one in heard:
        module = turn.pack.modules.get(one.topic)
        if module is None or one.topic not in options or _is_within(turn, one, by_label):
            continue
        if one.value not in module.options:
            outside |= {one.topic: one.value} if module.number else {}
        elif one.polarity is not Polarity.LIKES:
            without[one.topic] = one.value
        else:
            picks[one.topic] = one.value
    if not (picks or without or outside):
        picks = _implied(turn, options)
    for name, code, wanted in by_label:
        named = picks if wanted else without
        several = turn.pack.modules[name].several and name in named
        named[name] = BETWEEN.join((named[name], code)) if several else code
    return Change(picks, {name: code for name, code in without.items() if name not in picks}, outside)


def named_in(turn: Turn, text: str) -> list[Heard]:
    """What was heard of modules by words that stand in this part of the message."""
    said = fold(text)
    return [one for one in turn.heard if any(contains(said, word) for word in _words_for(turn, one))]


def _words_for(turn: Turn, one: Heard) -> set[str]:
    """How what was heard is called, folded."""
    topic = turn.pack.topics.get(one.topic)
    value = topic.values.get(one.value) if topic else None
    if value is None:
        return set()
    return {fold(word) for word in (*value.label.values(), *chain.from_iterable(value.words.values()))}


def _is_within(turn: Turn, one: Heard, named: Sequence[tuple[str, str, bool]]) -> bool:
    """Whether what was heard is a mere part of what an option is called, its size for instance."""
    words = _words_for(turn, one)
    labels = {
        fold(label)
        for name, code, _ in named
        for label in turn.pack.modules[name].options[code].label.values()
        if any(contains(fold(label), word) for word in words)
    }
    rest = fold(turn.said)
    for label in labels:
        rest = rest.replace(label, " ")
    return bool(labels) and not any(contains(rest, word) for word in words)


def _implied(turn: Turn, options: Mapping[str, str]) -> dict[str, str]:
    """What a value of another topic means for a module that the message names as well."""
    found = dict[str, str]()
    for one in turn.heard:
        topic = turn.pack.topics.get(one.topic)
        value = topic.values.get(one.value) if topic else None
        if value is None or one.polarity is not Polarity.LIKES:
            continue
        for module, code in value.implies.items():
            if module in options and (
                turn.intent == "change" or names_module(turn, turn.pack.modules[module])
            ):
                found[module] = code
    return found


def names_module(turn: Turn, module: Module) -> bool:
    """Whether the message says what a module is called."""
    said = fold(turn.said)
    return any(contains(said, word) for word in _names_of(turn, module.topic))


def names_only(turn: Turn, name: str) -> bool:
    """Whether the name of a module is all that the message says, but for a sign or a particle."""
    said = fold(turn.said).strip()
    return any(word in said and len(said) - len(word) <= BARE for word in _names_of(turn, name))


def _names_of(turn: Turn, name: str) -> list[str]:
    """What a module is called, folded."""
    topic = turn.pack.topics.get(name)
    called = [word for words in (topic.called if topic else {}).values() for word in words]
    return [fold(word) for word in (*turn.pack.modules[name].label.values(), *called)]


def part_named(turn: Turn, line: OrderLineRow) -> str | None:
    """The one module of a line that the message names; None: it names none, or several."""
    modules = turn.pack.modules
    named = [name for name in line.options if name in modules and names_module(turn, modules[name])]
    return named[0] if len(named) == 1 else None


def steps_named(turn: Turn, modules: Iterable[str]) -> dict[str, int]:
    """The modules of which more or less is wanted ("the first one, with a bigger …"): 1 or -1 for each.

    What is wanted more of is named nearest to the word, in the same clause or, where that names none, at all.
    """
    names = [name for name in modules if name in turn.pack.modules]
    parts = [clause.text for clause in clauses(turn.said, turn.answers)]
    found = [step for part in parts for step in _steps_in(turn, names, part)]
    steps = dict(found or _steps_in(turn, names, turn.said))
    return {name: way for name, way in steps.items() if all(one.topic != name for one in turn.heard)}


def _steps_in(turn: Turn, names: Sequence[str], text: str) -> list[tuple[str, int]]:
    """Module and way of each "more" and "less" of a few words."""
    if len(text) > SHORT:
        return []
    said = fold(text)
    called = [(span, name) for name in names for span in _spans(said, _names_of(turn, name))]
    longest = [
        (span, name)
        for span, name in called
        if not any(other[0] <= span[0] and span[1] <= other[1] and other != span for other, _ in called)
    ]
    ways = [
        (span, way)
        for way, key in ((1, "more"), (-1, "less"))
        for span in _spans(said, turn.texts.words(f"configuring.{key}_words"))
    ]
    return [(min(longest, key=lambda each: _apart(each[0], span))[1], way) for span, way in ways if longest]


def _spans(said: str, words: Iterable[str]) -> list[tuple[int, int]]:
    """Where these words stand in a folded text."""
    return [
        found.span() for word in dict.fromkeys(words) if contains(said, word)
        for found in re.finditer(rf"(?<![a-z]){re.escape(word)}(?![a-z])" if word.isascii() else word, said)
    ]  # fmt: skip


def _apart(one: tuple[int, int], other: tuple[int, int]) -> int:
    """How many characters stand between two stretches of a text."""
    return max(one[0] - other[1], other[0] - one[1], 0)


def goes_up_and_down(turn: Turn, module: Module) -> bool:
    """Whether its options stand in order: numbers, a scale, or without a topic each dearer than the last."""
    topic = turn.pack.topics.get(module.topic)
    prices = [option.price for option in module.options.values() if option.code != NONE]
    return not module.several and (module.number or (topic.scale if topic else prices == sorted(prices)))


def stepped(turn: Turn, product: str, options: Mapping[str, str], module: Module, way: int) -> str | None:
    """The next option up or down that can be had; None where there is no further one, or no up and down."""
    if not goes_up_and_down(turn, module):
        return None
    left = workshop_of(turn.pack).left(product, day=turn.now.date(), groups=turn.groups)[module.topic]
    codes, chosen = [code for code in module.options if code != NONE], options[module.topic]
    if chosen not in codes:
        return None
    beyond = codes[codes.index(chosen) + 1 :] if way > 0 else codes[: codes.index(chosen)][::-1]
    barred = turn.barred
    return next((one for one in beyond if one in left and (module.topic, one) not in barred), None)


def no_further(turn: Turn, line: OrderLineRow, change: Change) -> str:
    """That modules go no further than this; "" where all do, or know no up and down."""
    modules = [turn.pack.modules[name] for name in change.stuck]
    return turn.texts.say(turn.language, "talk.space").join(
        turn.text(
            "configuring.no_further",
            option=label_of(turn, module.topic, line.options[module.topic]),
            module=module.label[turn.language],
        )
        for module in modules
        if goes_up_and_down(turn, module)
    )


def outside(turn: Turn, change: Change) -> str:
    """That a number is none of those there are, and which there are."""
    [(name, code), *_] = change.outside.items()
    module = turn.pack.modules[name]
    numbers = [option for option in module.options.values() if option.code != NONE]
    return turn.text(
        "configuring.outside",
        module=module.label[turn.language],
        value=code,
        least=numbers[0].label[turn.language],
        most=numbers[-1].label[turn.language],
    )


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


def label_of(turn: Turn, name: str, chosen: str) -> str:
    """What is chosen of a module, in words."""
    module = turn.pack.modules[name]
    if any(code not in module.options for code in codes_of(chosen)):
        return chosen
    labels = [option.label[turn.language] for option in chosen_of(module, chosen)]
    return turn.words.listed(labels) or turn.text("configuring.nothing")


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


async def image(turn: Turn, order: OrderRow, product: Product | None) -> str | None:
    """The picture of a draft as it was chosen, else that of the product."""
    step = await turn.books.configurations.of_order(order.id)
    if turn.pack.drawing is not None and step is not None and product is not None:
        return name_of(token_of(turn, step), turn.language)
    return product.image or None if product else None


def token_of(turn: Turn, step: ConfigurationRow) -> str:
    """What stands for a configuration in links and pictures."""
    return seal(turn.key, SHARED, step.id)


def grouped_text(turn: Turn, line: OrderLineRow) -> str:
    """Of many parts those that aren't standard, under the pack's headings, with what they add to the price.

    "" where there are few, no headings, or little room.
    """
    product = turn.pack.products.get(line.product)
    short = turn.message.channel in NARROW or len(line.options) <= PARTS
    if (
        product is None
        or short
        or not turn.pack.headings
        or still_made(turn.pack, line.options) != line.options
    ):
        return ""
    modules = turn.pack.modules_of(product)
    apart = {
        name: code
        for name, code in line.options.items()
        if code != turn.pack.default_of(product, modules[name])
    }
    return "\n".join(
        _group_text(turn, product, group, line.options) for group in grouped(turn.pack, apart, turn.language)
    )


def _group_text(turn: Turn, product: Product, group: Group, options: Mapping[str, str]) -> str:
    made = turn.words.options({name: options[name] for name in group.modules})
    more = added(turn.pack, product, options, group.modules)
    heading = group.label or turn.text("configuring.rest")
    told = made or turn.text("configuring.nothing")
    if more <= 0:
        return turn.texts.say(turn.language, "configuring.group", heading=heading, options=told)
    price = turn.words.money(more)
    return turn.texts.say(
        turn.language, "configuring.group_priced", heading=heading, options=told, price=price
    )


async def assumed_text(turn: Turn, order: OrderRow) -> str:
    """What was taken for granted about a draft; "" when nothing was."""
    step = await turn.books.configurations.of_order(order.id)
    if step is None:
        return ""
    names = [
        name for name in turn.pack.modules if name in step.assumed and codes_of(step.options.get(name, NONE))
    ]
    taken = [label_of(turn, name, step.options[name]) for name in names]
    if len(names) > TOLD:
        told = turn.text("configuring.assumed_many", count=len(names))
    else:
        told = turn.text("configuring.assumed", options=turn.words.listed(taken)) if taken else ""
    product = turn.pack.products.get(step.product)
    unsaid = [] if product is None else unsaid_of(turn, product, step.options, step.said)
    if unsaid and await would_not_say(turn, unsaid):
        unsaid = []
    called = turn.words.listed(module.label[turn.language] for module in unsaid)
    asked = turn.text("configuring.open", modules=called) if called else ""
    return "\n".join(filter(None, (told, _remembered_text(turn, step), asked)))


def _remembered_text(turn: Turn, step: ConfigurationRow) -> str:
    """What nobody may assume and was said some time before, with when that was; "" where there is nothing."""
    facts = {
        name: fact
        for name in turn.pack.modules
        if name not in step.said and (fact := remembered(turn, step.options, name))
    }
    if not facts:
        return ""
    return turn.text(
        "configuring.remembered",
        options=turn.words.options({name: step.options[name] for name in facts}),
        when=turn.words.date(min(map(last_said, facts.values())), turn.now),
    )


def remembered(turn: Turn, options: Mapping[str, str], name: str) -> Fact | None:
    """What they said of something that nobody may assume, if it is made like that; None: nothing."""
    if not turn.pack.modules[name].ask:
        return None
    said = [fact for fact in turn.known if fact.topic == name and fact.polarity is Polarity.LIKES]
    return next((fact for fact in said if fact.stated and fact.value == options.get(name)), None)


async def would_not_say(turn: Turn, unsaid: Iterable[Module]) -> bool:
    """Whether they don't want to be asked about one of these now."""
    ledger = await turn.books.questions.ledger(turn.customer.id)
    return any(_refused(turn, ledger.get(module.topic)) for module in unsaid)


def _refused(turn: Turn, question: Question | None) -> bool:
    if question is None or question.state not in (*REFUSED, QuestionState.PAUSED):
        return False
    return not may_ask(question, turn.now, terms=turn.pack.topics[question.topic].terms)


def unsaid_of(
    turn: Turn, product: Product, options: Mapping[str, str], said: Collection[str]
) -> list[Module]:
    """What the pack wants asked before it is ordered, and nobody said yet."""
    return [
        module
        for name, module in turn.pack.modules_of(product).items()
        if module.ask and name not in said and options.get(name) == turn.pack.default_of(product, module)
    ]


async def ways(turn: Turn, order: OrderRow) -> list[Button]:
    """Back, if there is a step before; lay by; share."""
    step = await turn.books.configurations.of_order(order.id)
    if step is None:
        return []
    back = turn.buttons(f"back:{order.id}") if step.before_id is not None else []
    return [*back, *turn.buttons(f"save:{order.id}", f"share:{order.id}")]


def address_of(turn: Turn, step: ConfigurationRow) -> str:
    """Where a configuration can be seen by anybody who has the address."""
    return f"{turn.origin}/made/{token_of(turn, step)}"


async def share(turn: Turn, order: OrderRow) -> None:
    """A link that shows it to others."""
    step = await turn.books.configurations.of_order(order.id)
    if step is None:
        turn.say("lost.button", turn.buttons("propose", "help"))
        return
    url = address_of(turn, step)
    turn.say("configuring.shared", [turn.button("confirm", f"confirm:{order.id}")], url=url)
    turn.may_ask = False


async def save(turn: Turn, order: OrderRow) -> None:
    """Lay it by for later."""
    step = await turn.books.configurations.of_order(order.id)
    if step is None:
        turn.say("lost.button", turn.buttons("propose", "help"))
        return
    await turn.books.configurations.save(step, turn.now)
    turn.say("configuring.saved", [turn.button("confirm", f"confirm:{order.id}"), *turn.buttons("saved")])
    turn.may_ask = False


SHOWN = 5
"""No more than so many things laid by are listed."""


def asks_to_keep(turn: Turn) -> bool:
    """Whether they want to lay what is being made by, or to show it to somebody."""
    return turn.mentions("configuring.share_words") or turn.mentions("configuring.save_words")


async def keep(turn: Turn, order: OrderRow) -> None:
    """Share the draft, or lay it by: what they asked for."""
    await (share if turn.mentions("configuring.share_words") else save)(turn, order)


def names_saved(turn: Turn) -> bool:
    """Whether the message is about what was laid by."""
    return turn.mentions("configuring.saved_words")


async def take_saved(turn: Turn) -> bool:
    """Show what was laid by, when it is asked for; False: it isn't, or nothing is and a taste was told."""
    if turn.message.payload is not None or not names_saved(turn):
        return False
    if turn.heard and not await turn.books.configurations.saved(turn.customer.id, SHOWN):
        return False
    turn.action = "action_tap_saved"
    await saved(turn)
    return True


async def saved(turn: Turn) -> None:
    """What was laid by, each ready to go on with."""
    turn.may_ask = False
    rows = await turn.books.configurations.saved(turn.customer.id, SHOWN)
    there = [(row, turn.pack.products[row.product]) for row in rows if row.product in turn.pack.products]
    if not there:
        turn.say("configuring.none_saved", turn.buttons("propose"))
        return
    lines = [turn.text("configuring.list")]
    for number, (row, _) in enumerate(there, start=1):
        title = turn.words.listed(_titles(turn, row))
        lines.append(turn.text("configuring.line", number=number, title=title, when=turn.words.day(row.at)))
    buttons = [
        turn.button("choose", f"made:{token_of(turn, row)}", number=number, name=_names(turn, row))
        for number, (row, _) in enumerate(there, start=1)
    ]
    turn.add("\n".join(lines), buttons)


def _names(turn: Turn, row: ConfigurationRow) -> str:
    """Which products were laid by together."""
    things = basket_of(row).things
    made = [turn.pack.products[one.product] for one in things if one.product in turn.pack.products]
    return turn.words.listed(product.name[turn.language] for product in made)


def _titles(turn: Turn, row: ConfigurationRow) -> Iterator[str]:
    """What everything is called that was laid by together."""
    for thing in basket_of(row).things:
        product = turn.pack.products.get(thing.product)
        yield thing.product if product is None else turn.words.title(product, thing.options)


async def shown(turn: Turn, token: str) -> ConfigurationRow | None:
    """The configuration a token stands for, whoever it was made for; None: forged, or gone."""
    number = opened(turn.key, SHARED, token)
    return None if number is None else await turn.books.configurations.shared(number)


def money_less(turn: Turn, before: Decimal, after: Decimal) -> str:
    """What it comes to now instead of before."""
    return turn.text("configuring.cheaper", old=turn.words.money(before), new=turn.words.money(after))

"""What a message wants otherwise about something that is made: options, numbers, more or less of a part."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

from actions.naming import label_of, options_named
from actions.turn import Turn
from crm_store.models import OrderLineRow
from one_to_one.configuring.workshop import workshop_of
from one_to_one.facts import Heard, Polarity
from one_to_one.folding import fold
from one_to_one.pointing import clauses
from one_to_one.pricing import BETWEEN
from one_to_one.rules import NONE
from one_to_one.shop import Module
from one_to_one.standing import Span, places, stands

SHORT = 40
"""Characters within which a few words may ask for a thing to be done with the draft."""

BARE = 2
"""Characters beside a name that say nothing more: a particle, a sign."""

EXACTLY = "="
"""Before the codes of a part of which there may be several: these, and none of those there are."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a message wants otherwise."""

    picks: Mapping[str, str] = field(default_factory=dict)  # module -> code
    without: Mapping[str, str] = field(default_factory=dict)  # module -> the code that shall go
    outside: Mapping[str, str] = field(default_factory=dict)  # module -> a number that there isn't
    stuck: Sequence[str] = ()  # modules of which more, or less, is wanted than there is

    def __bool__(self) -> bool:
        return bool(self.picks or self.without or self.outside)


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
    return [one for one in turn.heard if any(stands(said, word) for word in _words_for(turn, one))]


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
        if any(stands(fold(label), word) for word in words)
    }
    rest = fold(turn.said)
    for label in labels:
        rest = rest.replace(label, " ")
    return bool(labels) and not any(stands(rest, word) for word in words)


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
    return any(stands(said, word) for word in _names_of(turn, module.topic))


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


def _spans(said: str, words: Iterable[str]) -> list[Span]:
    """Where these words stand in a folded text."""
    return [span for word in dict.fromkeys(words) for span in places(said, word)]


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

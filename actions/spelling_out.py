"""What a draft is told with: its parts under headings, what was assumed, remembered, or is still unsaid."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from actions.naming import label_of
from actions.turn import Turn
from crm_store.models import ConfigurationRow, OrderLineRow, OrderRow
from one_to_one.facts import Fact, Polarity
from one_to_one.headed import Group, added, grouped
from one_to_one.ledger import REFUSED, Question, QuestionState, may_ask
from one_to_one.preferences import last_said
from one_to_one.pricing import codes_of, still_made
from one_to_one.rules import NONE
from one_to_one.shop import Module, Product
from one_to_one.wording import PARTS

TOLD = 5
"""More parts than this that were taken for granted are counted, not listed."""

NARROW = frozenset({"telegram"})
"""Channels on whose small screens many lines are too many."""


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

"""What has to be known before a thing is made for somebody, such as their measures: asked gently, one by one.

They may refuse: then nothing more of it is asked, and it is made in the way the pack says.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from actions import pieces
from actions.configuring import note
from actions.order_lines import basket_of, in_hand
from actions.spelling_out import unsaid_of, would_not_say
from actions.turn import Turn
from crm_store.models import OrderLineRow, OrderRow
from crm_store.questions import Put
from one_to_one.basket import Basket
from one_to_one.folding import fold
from one_to_one.ledger import QuestionState, wording
from one_to_one.numerals import numeral_at
from one_to_one.replies import Button
from one_to_one.rules import NONE
from one_to_one.shop import Module, Topic

FOCUS = "need"
"""What is waited for: the answer to such a question, for an order."""


async def ask_first(turn: Turn, order: OrderRow) -> bool:
    """Ask for the next thing that is needed for an order; False: all is known, or they'd rather not say."""
    needed = await to_ask(turn, order)
    if not needed:
        return False
    topic = turn.pack.topics[needed[0]]
    back = turn.button("back", f"back:{order.id}:draft")
    turn.add(await question(turn, topic), [*ways(turn, topic), back])
    turn.wait_for(FOCUS, f"{order.id}:{topic.name}", over=True)
    turn.may_ask = False
    return True


async def to_ask(turn: Turn, order: OrderRow) -> list[str]:
    """What is to be asked for an order; nothing, if they'd rather not say."""
    needed = await _needed(turn, order, await in_hand(turn, order))
    if not needed and (other := await _other_in_need(turn, order)):
        await note(turn, order, other)
        needed = await _needed(turn, order, await in_hand(turn, order))
    return [] if not needed or await would_not_say(turn, needed) else [one.topic for one in needed]


async def _other_in_need(turn: Turn, order: OrderRow) -> Basket | None:
    """The order with another thing of it in hand of which something is needed; None: there is none."""
    basket = await basket_of(turn, order)
    for place, thing in enumerate(basket.things, start=1):
        product = turn.pack.products.get(thing.product)
        if place != basket.hand and product and unsaid_of(turn, product, thing.options, thing.said):
            return basket.taking(place)
    return None


async def question(turn: Turn, topic: Topic) -> str:
    """The question with its reason; it is written down that it was put."""
    ledger = await turn.books.questions.ledger(turn.customer.id)
    wordings, number = topic.question[turn.language], wording(ledger.get(topic.name))
    asked = Put("open", number, 0.0, topic.burden, turn.message.id)
    await turn.books.questions.put(
        turn.customer.id, topic.name, turn.now, turn.contact.id, asked, topic.terms
    )
    wanted = wordings[min(number, len(wordings) - 1)]
    return turn.text("asking.question", question=wanted, why=topic.why[turn.language])


async def _needed(turn: Turn, order: OrderRow, line: OrderLineRow) -> Sequence[Module]:
    step = await turn.books.configurations.of_order(order.id)
    product = turn.pack.products.get(line.product)
    return [] if product is None else unsaid_of(turn, product, line.options, step.said if step else ())


async def asks_which(turn: Turn, order: OrderRow, line: OrderLineRow) -> bool:
    """A number alone may be what is still to be asked, or so many pieces: ask which; False: it isn't."""
    said = _alone(turn)
    code = "" if said is None else f"{said.normalize():f}"
    needed = [one for one in await _needed(turn, order, line) if code in one.options]
    if said is None or not needed:
        return False
    meant = [
        Button(turn.words.options({one.topic: code}), f"option:{order.id}:{one.topic}:{code}")
        for one in needed
    ]
    if pieces.can_be(said):
        meant.append(Button(f"{code} ×", f"option:{order.id}:{pieces.PIECES}:{code}"))
    turn.say("asking.which_number", meant, number=code)
    turn.wait_for("order", order.id)
    turn.may_ask = False
    return True


def _alone(turn: Turn) -> Decimal | None:
    """The number that is all they typed."""
    said = fold(turn.said).strip().rstrip(".!。！")
    numeral = numeral_at(said, 0, turn.answers.numerals) if said else None
    return None if numeral is None or numeral.end < len(said) else numeral.high


def tell_number(turn: Turn, topic: Topic, around: Sequence[Button]) -> None:
    """That the answer is a number, and what one looks like."""
    labels = [
        option.label[turn.language]
        for code, option in turn.pack.modules[topic.name].options.items()
        if code != NONE
    ]
    example = labels[len(labels) // 2]
    turn.say("asking.number", around, least=labels[0], most=labels[-1], example=example)
    turn.may_ask = False


def ways(turn: Turn, topic: Topic) -> list[Button]:
    """The way round the question; a measure is typed."""
    return [turn.button("skip", f"skip:{topic.name}")]


async def refuse(turn: Turn, topic: Topic) -> None:
    """They'd rather not say: tell how it is made then."""
    state = QuestionState.DECLINED
    await turn.books.questions.mark(turn.customer.id, topic.name, state, turn.now, turn.contact.id)
    turn.settle(FOCUS)
    turn.add(turn.text("configuring.without", way=turn.pack.modules[topic.name].ask[turn.language]))
    turn.may_ask = False

"""How was it? Asked once at the contact after an order; the answer changes the next proposal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from actions import past, several, supposing
from actions.pausing import wants_none
from actions.remembering import acknowledge, remember
from actions.turn import FALLBACK, Focus, Turn
from actions.verdicts import is_upset, rating_in, rating_in_words, read_rating, went_wrong
from crm_store.models import OrderLineRow
from one_to_one.facts import Heard
from one_to_one.feedback import inferred, tells_something
from one_to_one.folding import fold
from one_to_one.history import Rating
from one_to_one.lessons import read_too
from one_to_one.replies import Button
from one_to_one.standing import stands

RATING = frozenset(
    {"inform", "praise", "complain", "affirm", "deny", "chitchat", "thanks", FALLBACK, "decline"}
)
"""Intents whose message may say how something was."""


async def ask_if_due(turn: Turn) -> bool:
    """Ask about an order of an earlier contact; True: asked, and that is question enough."""
    line = await _due(turn)
    if line is None or wants_none(turn.pack, await turn.books.questions.ledger(turn.customer.id)):
        return False
    order = await turn.books.orders.get(line.order_id, turn.customer.id)
    if order is None:
        return False
    await turn.books.orders.asked(order, turn.now)
    await turn.books.contacts.spend_question(turn.contact)
    product = turn.pack.products.get(line.product)
    there = product is None or order.at + timedelta(days=product.lead_days) <= turn.now
    key = "presents.how_was_it" if line.receiver else "feedback.ask" if there else "feedback.ask_early"
    turn.say(key, _buttons(turn, line), name=_name(turn, line), person=_person(turn, line))
    turn.wait_for("rating", line.id)
    return True


async def _due(turn: Turn) -> OrderLineRow | None:
    """The oldest thing of an earlier contact whose verdict isn't known; what is known is passed over."""
    history = await past.ordered(turn)
    for _ in await past.everything(turn):
        line = await turn.books.orders.unrated(turn.customer.id)
        if line is None:
            return None
        order = await turn.books.orders.get(line.order_id, turn.customer.id)
        if order is None or order.at >= turn.contact.started_at:
            return None
        lines = await turn.books.orders.lines(order)
        new = [
            one
            for one in lines
            if one.rating is None and (one.receiver or tells_something(one.product, order.at, history))
        ]
        if new:
            return new[0]
        await turn.books.orders.asked(order, turn.now)
    return None


def _buttons(turn: Turn, line: OrderLineRow) -> list[Button]:
    return [turn.button(rating.value, f"rate:{line.id}:{rating.value}") for rating in Rating]


def _name(turn: Turn, line: OrderLineRow) -> str:
    product = turn.pack.products.get(line.product)
    return product.name[turn.language] if product else line.title


def _person(turn: Turn, line: OrderLineRow) -> str:
    """Whom it was a present for."""
    return turn.words.receiver(line.receiver or "")


async def take(turn: Turn, focus: Focus) -> bool:
    """Read the message as a verdict; False: it is about something else, or a complaint."""
    line = await turn.books.orders.line(int(focus["ref"]), turn.customer.id)
    if line is None or turn.intent not in RATING:
        return False
    if each := await _verdicts(turn, line):
        await _rate_each(turn, each)
        return True
    rating = read_rating(turn)
    if rating is None or (turn.intent == "complain" and not turn.heard and went_wrong(turn)):
        return False
    await _rate(turn, line, rating, turn.said)
    return True


async def take_late(turn: Turn) -> bool:
    """Read what is said of the last order, though nobody asked; False: nothing is, or it went wrong."""
    told = turn.intent in RATING and not turn.asks and turn.mentions("feedback.words.last")
    if not told or went_wrong(turn) or is_upset(turn):
        return False
    rating = rating_in_words(turn)
    line = await turn.books.orders.unrated(turn.customer.id)
    order = None if line is None else await turn.books.orders.get(line.order_id, turn.customer.id)
    if rating is None or line is None or order is None or order.at >= turn.contact.started_at:
        return False
    if rating is Rating.LIKED and read_too(turn.said, turn.pack, turn.answers.negations):
        rating = Rating.OK  # "quite good, but a bit too …"
    turn.heard = tuple(one for one in turn.heard if one.relative)  # what it was like is nobody's taste
    turn.action = "answer_rating"
    await _rate(turn, line, rating, turn.said)
    return True


async def _verdicts(turn: Turn, line: OrderLineRow) -> list[tuple[OrderLineRow, Rating, str]]:
    """A verdict for each line of an order that the message judges by name; none, where it names none."""
    order = await turn.books.orders.get(line.order_id, turn.customer.id)
    lines = [] if order is None else await turn.books.orders.lines(order)
    if len(lines) < 2:
        return []
    named = several.meant(turn, [one.product for one in lines], by_name_only=True)
    if not any(one.clauses for one in named):
        return [(one, rating, turn.said) for one in lines] if named and (rating := read_rating(turn)) else []
    of = {clause.start: lines[one.place - 1] for one in named for clause in one.clauses}
    rest = [one for one in lines if one not in of.values()]
    found, about = list[tuple[OrderLineRow, Rating, str]](), None
    for stretch in several.stretches(turn):
        about = of.get(stretch.start) or (_the_other(turn, stretch.text, rest) or about)
        rating = rating_in(turn, stretch.text)
        if about is not None and rating is not None:
            found.append((about, rating, stretch.text))
    return found


def _the_other(turn: Turn, text: str, rest: Sequence[OrderLineRow]) -> OrderLineRow | None:
    """The one that wasn't named, if it is meant."""
    said = fold(text)
    others = any(stands(said, word) for word in turn.texts.words("feedback.words.other"))
    return rest[0] if others and len(rest) == 1 else None


async def _rate_each(turn: Turn, verdicts: Sequence[tuple[OrderLineRow, Rating, str]]) -> None:
    """Write several verdicts down, and answer them in one."""
    turn.settle("rating")
    for line, rating, words in verdicts:
        await turn.books.orders.rate(line, rating, words, turn.now)
    turn.past, own = None, [(line, rating) for line, rating, _ in verdicts if not line.receiver]
    if own:
        said = [turn.text(f"feedback.{rating.value}", name=_name(turn, line)) for line, rating in own]
        turn.add("\n".join(said), turn.buttons("propose"))
        await remember(turn)
        if turn.learned:
            acknowledge(turn)
    for line, _ in own:
        await _infer(turn, line)
    for line, _, _ in verdicts:
        if line.receiver:
            _note_theirs(turn, line, line.receiver)
    turn.may_ask = False


async def tap_rate(turn: Turn) -> None:
    """A verdict was tapped."""
    number, verdict = turn.number(0), "".join(turn.arguments[1:2])
    line = None if number is None else await turn.books.orders.line(number, turn.customer.id)
    if line is None or verdict not in list(Rating):
        turn.say("lost.button", turn.buttons("propose", "help"))
    else:
        await _rate(turn, line, Rating(verdict), None)


async def _rate(turn: Turn, line: OrderLineRow, rating: Rating, words: str | None) -> None:
    await turn.books.orders.rate(line, rating, words, turn.now)
    turn.past = None
    turn.settle("rating")
    if line.receiver:
        _note_theirs(turn, line, line.receiver)
        return
    turn.say(f"feedback.{rating.value}", turn.buttons("propose"), name=_name(turn, line))
    await remember(turn)
    if turn.learned:
        acknowledge(turn)
    await _infer(turn, line)
    turn.may_ask = False


def _note_theirs(turn: Turn, line: OrderLineRow, who: str) -> None:
    """How a present was liked is about whom it was for; of the customer's own taste it says nothing."""
    told = turn.told_of or turn.stated
    turn.told_of = tuple(replace(one, who=who) for one in told)
    turn.heard = ()
    turn.say("presents.rated", turn.buttons("propose"), name=_name(turn, line), person=_person(turn, line))
    turn.may_ask = False


async def _infer(turn: Turn, line: OrderLineRow) -> None:
    """Suppose what several verdicts together let us suppose; never against what was said."""
    history = await past.ordered(turn)
    rated = next((one for one in history if one.line == line.id), None)
    if rated is None:
        return

    def again(at: datetime) -> tuple[Heard, ...]:
        since = [one for one in history if one.at > at]
        return inferred(turn.pack, rated, turn.facts, since) if rated in since else ()

    guesses = inferred(turn.pack, rated, turn.facts, history)
    await supposing.suppose(turn, guesses, again, turn.message.channel)


async def praise(turn: Turn) -> None:
    """Something pleased: if it may be the last order, that is a verdict on it."""
    line = await turn.books.orders.unrated(turn.customer.id)
    if line is not None and (each := await _verdicts(turn, line)):
        await _rate_each(turn, each)
    elif line is not None:
        await _rate(turn, line, Rating.LIKED, turn.said)
    else:
        turn.say("smalltalk.praise")

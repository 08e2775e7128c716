"""The answer to what has to be known before a thing is made: put into the draft, and kept with consent."""

from __future__ import annotations

from collections.abc import Sequence

from actions import altering, asking, drafting, needing
from actions.limits import is_for_another
from actions.reading_changes import Change, outside
from actions.remembering import remember
from actions.turn import Focus, Turn
from crm_store.models import OrderRow
from one_to_one.answers import AnswerKind, read_answer, read_refusal, read_yes_no
from one_to_one.facts import Heard
from one_to_one.shop import Topic

REFUSING = ("deny", "decline")
"""Intents that wave the question aside."""


async def take(turn: Turn, focus: Focus) -> bool:
    """Read the message as an answer; False: it is about something else, and the question stays open."""
    number, _, name = str(focus["ref"]).partition(":")
    topic = turn.pack.topics.get(name)
    order = await turn.books.orders.get(int(number), turn.customer.id)
    if topic is None or name not in turn.pack.modules or order is None or order.state != "draft":
        turn.settle(needing.FOCUS)
        return False
    if altering.says_back(turn) and not turn.heard:
        turn.settle(needing.FOCUS)
        await drafting.show(turn, order, "configuring.now")
        return True
    if asking.asks_why_we_ask(turn):
        asking.tell_why(turn, topic, needing.ways(turn, topic))
        return True
    answer = read_answer(turn.said, topic, turn.answers)
    said = _measures(turn) or (list(answer.heard) if answer.kind is AnswerKind.VALUES else [])
    if said:
        await _take_over(turn, order, said)
    elif waves_aside(turn, answer.kind):
        await refuse(turn, topic)
    elif turn.pack.modules[name].number and says_yes(turn):
        needing.tell_number(turn, topic, needing.ways(turn, topic))
    else:
        return False
    return True


def says_yes(turn: Turn) -> bool:
    """Whether they say yes where a number is asked for."""
    return not turn.heard and (turn.intent == "affirm" or read_yes_no(turn.said, turn.answers) is True)


async def refuse(turn: Turn, topic: Topic) -> None:
    """They'd rather not say: tell how it is made then, and show the draft again."""
    await needing.refuse(turn, topic)
    await drafting.show_again(turn, "ordering.as_it_is")


async def tap_skip(turn: Turn) -> None:
    """A question was waved aside: one for an order, or one of the drip."""
    waiting, name = turn.waits_for(needing.FOCUS), "".join(turn.arguments[:1])
    if waiting is not None and str(waiting["ref"]).endswith(f":{name}") and name in turn.pack.modules:
        await refuse(turn, turn.pack.topics[name])
    else:
        await asking.tap_skip(turn)


def _measures(turn: Turn) -> list[Heard]:
    """What they say of anything that the pack wants asked first."""
    modules = turn.pack.modules
    return [one for one in turn.stated if one.topic in modules and modules[one.topic].ask]


def waves_aside(turn: Turn, kind: AnswerKind) -> bool:
    """Whether they would rather not answer."""
    refusing = kind in (AnswerKind.DECLINED, AnswerKind.LATER, AnswerKind.UNSURE)
    return refusing or read_refusal(turn.said, turn.answers) or (turn.intent in REFUSING and not turn.heard)


async def _take_over(turn: Turn, order: OrderRow, said: Sequence[Heard]) -> None:
    """Put what was said into the draft; then ask for the next, or show it."""
    modules = turn.pack.modules
    picks = {one.topic: modules[one.topic].options.get(one.value) for one in said}
    wrong = {one.topic: one.value for one in said if picks[one.topic] is None}
    if wrong:
        turn.add(outside(turn, Change(outside=wrong)), needing.ways(turn, turn.pack.topics[min(wrong)]))
        turn.may_ask = False
        return
    await keep(turn, order, said)
    turn.settle(needing.FOCUS)
    change = Change({name: option.code for name, option in picks.items() if option is not None})
    if not await altering.put_in(turn, order, change):
        return
    if await needing.ask_first(turn, order):
        return
    ask_to_keep(turn)
    await drafting.show_again(turn, "ordering.changed")


async def keep(turn: Turn, order: OrderRow, said: Sequence[Heard]) -> None:
    """Remember what was said for an order, for this visit or with consent for good; of others nothing.

    Whether it may be kept is asked once for all of it, when the last was said: `ask_to_keep`.
    """
    if not (turn.for_another or await is_for_another(turn, order)):
        await remember(turn, said)
        turn.wants_consent.clear()


def ask_to_keep(turn: Turn) -> None:
    """Ask whether what was said of it in this visit may be kept."""
    turn.wants_consent.extend(one for one in _to_ask(turn) if one not in turn.wants_consent)


def _to_ask(turn: Turn) -> list[str]:
    """The consents that are open for what was said of it in this visit."""
    open_facts = [fact for fact in turn.facts if fact.provisional and fact.topic in turn.pack.modules]
    asked = (turn.consents.to_ask(turn.pack.topics[fact.topic]) for fact in open_facts)
    return [purpose for purpose in dict.fromkeys(asked) if purpose is not None]

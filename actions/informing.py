"""The customer says something about themselves."""

from __future__ import annotations

from actions import asking, catalogue, changing, lost, picking, placed, proposing, smalltalk
from actions.remembering import acknowledge
from actions.turn import SURE, Turn, Work
from one_to_one.answers import read_yes_no
from one_to_one.facts import Fact, Polarity
from one_to_one.folding import fold
from one_to_one.shop import TopicKind
from one_to_one.standing import stands
from one_to_one.wishes import fitting


async def inform(turn: Turn) -> None:
    """Say what was noted; when a proposal is on the table, make a better one."""
    if not (turn.learned or turn.confirmed or any(one.ends for one in turn.stated)):
        await _find_out(turn)
        return
    acknowledge(turn)
    if (
        _wants_it(turn)
        or _wants_another(turn)
        or _clashes(turn)
        or (turn.waits_for("proposal") and any(_matters(turn, fact) for fact in _news(turn)))
    ):
        await proposing.propose(turn)
    else:
        turn.offer(*turn.buttons("propose"))


def _news(turn: Turn) -> list[Fact]:
    """What is new; and what they don't like, however often they say so of what is on the table."""
    again = [fact for fact in turn.confirmed if fact.polarity is not Polarity.LIKES]
    return [*turn.learned, *turn.ended, *again]


async def _find_out(turn: Turn) -> None:
    """Nothing was said of themselves: perhaps something was asked for, or asked about."""
    if turn.heard:
        await catalogue.catalogue(turn)
    elif await catalogue.show_named(turn) or catalogue.tell_of_value(turn) or catalogue.tell_untold(turn):
        return
    elif picking.says_how_many(turn):
        await proposing.propose(turn)
    elif not await asking.take_short(turn):
        await lost.fall_back(turn)


def _wants_it(turn: Turn) -> bool:
    """Whether they describe what they want made, two choices or one and what it may cost, or look for it."""
    liked = {one.topic for one in turn.stated if one.polarity is Polarity.LIKES}
    told = {topic for product in turn.pack.products.values() for topic in product.attributes}
    money = {name for name in liked if turn.pack.topics[name].kind is TopicKind.MONEY}
    if len(_chosen(turn)) > 1 or (money and liked & told) or any(one.relative for one in turn.stated):
        return True
    return turn.mentions("proposing.seeking_words") or _names_goods(turn)


def _wants_another(turn: Turn) -> bool:
    """Whether what is being made shall be something else: a change that no part of it can be."""
    told = (*turn.learned, *turn.confirmed)
    return (
        turn.waits_for("order") is not None
        and turn.intent == "change"
        and any(fact.polarity is Polarity.LIKES and _matters(turn, fact) for fact in told)
    )


def _names_goods(turn: Turn) -> bool:
    """Whether they name what the shop sells and not themselves ("a … for Sundays, not over 500")."""
    said = fold(turn.said)
    goods = (fold(word) for listed in turn.pack.shop.sells.values() for word in listed)
    return not turn.mentions("proposing.self_words") and any(stands(said, word) for word in goods)


def chooses(turn: Turn) -> bool:
    """Whether they say how they want it made, or what it may cost."""
    return bool(_chosen(turn))


def introduces(turn: Turn) -> bool:
    """Whether they say what they are called, and ask for nobody."""
    names = [turn.pack.topics[one.topic].kind is TopicKind.NAME for one in turn.stated]
    return bool(names) and all(names) and not turn.mentions("people.asked_for")


def _chosen(turn: Turn) -> set[str]:
    said = {one.topic for one in turn.stated if one.polarity is Polarity.LIKES}
    topics = turn.pack.topics
    return {name for name in said if name in turn.pack.modules or topics[name].kind is TopicKind.MONEY}


def _clashes(turn: Turn) -> bool:
    """Whether nothing there is can be all that was said in one breath: better told now than later."""
    wanted: dict[str, set[str]] = {}
    for one in turn.stated:
        if one.polarity is Polarity.LIKES and (having := fitting(turn.pack, [(one.topic, one.value)])):
            wanted.setdefault(one.topic, set()).update(having)
    return len(wanted) > 1 and not set.intersection(*wanted.values())


def _matters(turn: Turn, fact: Fact) -> bool:
    """Whether what was learned could change a proposal."""
    topic = turn.pack.topics.get(fact.topic)
    return topic is not None and (bool(topic.bears_on) or topic.sensitive or topic.kind is TopicKind.MONEY)


async def chat(turn: Turn) -> None:
    """Small talk, unless something was said in it that is worth remembering."""
    await (inform(turn) if turn.learned or turn.ended else smalltalk.chitchat(turn))


async def agree(turn: Turn) -> None:
    """A yes: to what it says, or to nothing in particular."""
    await _answer(turn, smalltalk.affirm)


async def disagree(turn: Turn) -> None:
    """A no: with what it says instead, or to nothing in particular."""
    await _answer(turn, smalltalk.deny)


async def _answer(turn: Turn, plainly: Work) -> None:
    if turn.learned or turn.confirmed or turn.ended:
        await inform(turn)
    elif turn.confidence < SURE and read_yes_no(turn.said, turn.answers) is None:
        await lost.fall_back(turn)
    else:
        await plainly(turn)


async def change(turn: Turn) -> None:
    """Something shall be different, while no draft is open."""
    if turn.learned or turn.confirmed:
        await inform(turn)
    elif await asking.take_short(turn):
        return
    elif turn.mentions("proposing.others") or await placed.just_ordered(turn) is None:
        await proposing.propose(turn)
    else:
        await changing.offer(turn)

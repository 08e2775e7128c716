"""Wishes that the shop can't meet: said honestly, written down for the shop, with something near."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from actions import checkout
from actions.turn import Focus, Turn
from one_to_one.facts import Heard, Polarity
from one_to_one.folding import fold
from one_to_one.language import Language
from one_to_one.shop import TopicKind
from one_to_one.standing import stands
from one_to_one.texts import Texts
from one_to_one.things import Frames, Thing, asked_for, named
from one_to_one.wishes import giving_way

ASKING = frozenset(
    {
        "catalogue",
        "propose",
        "inform",
        "chitchat",
        "choose",
        "nlu_fallback",
        "help",
        "change",
        "deny",
        "affirm",
    }
)
"""Intents whose message may ask for something the shop doesn't sell."""

type Value = tuple[str, str]


async def record(turn: Turn, *, wants: Sequence[Value] = (), thing: str | None = None) -> None:
    """Write down what was wanted in vain; of somebody private not even that."""
    if turn.consents.private:
        return
    await turn.books.unmet_wishes.add(
        turn.customer.id,
        turn.message.id,
        turn.now,
        " ".join(turn.said.split()),
        wants=[{"topic": topic, "value": value, "polarity": Polarity.LIKES.value} for topic, value in wants],
        thing=thing,
    )


def told(turn: Turn, wish: Sequence[Value], words: str) -> str:
    """That there is nothing like it, and which part of the wish would have to give way."""
    parts = giving_way(turn.pack, wish)[:2]
    if not parts:
        return turn.text("proposing.no_such", wish=words)
    either = [turn.text("unmet.without", value=_called(turn, part.value), count=part.left) for part in parts]
    return turn.text("unmet.together", wish=words, either=turn.words.listed(either))


def _called(turn: Turn, value: Value) -> str:
    return turn.words.fact(Heard(*value, Polarity.LIKES, 1.0, ""))


async def take_up(turn: Turn) -> bool:
    """If something is asked for that the shop doesn't sell, say so; False: it isn't, or can't be told."""
    if turn.intent not in ASKING or turn.message.payload is not None:
        return False
    thing = asked_for(turn.said, _frames(turn.texts), turn.pack)
    if thing is None or checkout.names_details(turn) or (_names_money(turn) and not _is_lacked(turn, thing)):
        return False
    if thing.vague:
        turn.say("unmet.which", turn.buttons("propose", "human"), sells=turn.words.sells)
        turn.wait_for("thing", turn.message.id, over=True)
        turn.may_ask = False
    else:
        await _cannot(turn, thing)
    return True


def _names_money(turn: Turn) -> bool:
    """Whether what is left of "below 60 dollars" may be no thing at all."""
    topics = turn.pack.topics
    return any(topics[one.topic].kind is TopicKind.MONEY for one in (*turn.heard, *turn.theirs))


def _is_lacked(turn: Turn, thing: Thing) -> bool:
    words = [fold(word) for listed in turn.pack.shop.lacks.values() for word in listed]
    return any(stands(thing.name, word) for word in words)


async def take(turn: Turn, _: Focus) -> bool:
    """Read the message as the name of what they meant; False: it is about something else."""
    turn.settle("thing")
    if turn.intent not in ASKING:
        return False
    thing = named(turn.said, _frames(turn.texts), turn.pack)
    if thing is None or thing.vague:
        return False
    await _cannot(turn, thing)
    return True


async def _cannot(turn: Turn, thing: Thing) -> None:
    """Not here, told on; and what can be done with what they want it for."""
    name = _as_said(turn, thing.name)
    await record(turn, thing=name)
    sells = turn.words.sells
    told = {topic for product in turn.pack.products.values() for topic in product.attributes}
    liked = [one for one in turn.heard if one.polarity is Polarity.LIKES and one.topic in told]
    turn.say("unmet.thing", turn.buttons("propose"), thing=name, sells=sells)
    if liked:
        near = turn.words.listed(dict.fromkeys(turn.words.fact(one) for one in liked))
        last = turn.replies.pop()
        text = turn.text("unmet.near", near=near, sells=sells)
        joined = turn.texts.say(turn.language, "talk.space").join((last.text, text))
        turn.add(joined, last.buttons)
    turn.may_ask = False


def _as_said(turn: Turn, name: str) -> str:
    """The thing in the customer's own script and spelling."""
    folded = fold(turn.said)
    place = folded.find(name)
    return turn.said[place : place + len(name)] if place >= 0 and len(folded) == len(turn.said) else name


@lru_cache(maxsize=2)
def _frames(texts: Texts) -> Frames:
    """How things are asked for in any of our languages."""

    def every(key: str) -> list[str]:
        return [word for tag in Language for word in texts.variants(tag, f"unmet.{key}_words")]

    return Frames(
        asking=[re.compile(pattern) for pattern in dict.fromkeys(every("asking"))],
        naming=[re.compile(pattern) for pattern in dict.fromkeys(every("naming"))],
        vague=every("vague"),
        filler=every("filler"),
        plain=every("plain"),
    )

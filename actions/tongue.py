"""In which language we talk: the one they write in, unless they asked for another."""

from __future__ import annotations

from actions.turn import Turn
from one_to_one.facts import Heard, MessageId, Polarity, Source
from one_to_one.folding import fold
from one_to_one.language import Language, detect

TOPIC = "language"
"""The fact under which an explicit wish is kept. Not a topic of the shop's."""


def listen(turn: Turn) -> None:
    """Follow the language of the message, unless the customer asked for one."""
    if turn.message.payload is None and not turn.believed(TOPIC):
        turn.language = detect(turn.said, turn.language) or turn.language
        turn.customer.language = turn.language


async def switch(turn: Turn) -> None:
    """The customer asks for a language in words."""
    wanted = _named(turn)
    if wanted is None:
        names = [turn.button(f"language_{tag.value}", f"language:{tag.value}") for tag in Language]
        turn.say("tongue.which", names)
        turn.may_ask = False
    else:
        await _speak(turn, wanted)


def _named(turn: Turn) -> Language | None:
    """The language whose name, in any of our languages, is in the message; the longest name wins."""
    said = fold(turn.said)
    names = [
        (name, wanted)
        for language in Language
        for wanted in Language
        for name in turn.texts.variants(language, f"tongue.names.{wanted.value}")
    ]
    found = [(len(name), wanted) for name, wanted in names if fold(name) in said]
    return max(found, key=lambda one: one[0])[1] if found else None


async def tap_language(turn: Turn) -> None:
    """A language was tapped."""
    tag = "".join(turn.arguments[:1])
    if tag in list(Language):
        await _speak(turn, Language(tag))
    else:
        turn.say("lost.button", turn.buttons("help"))


async def _speak(turn: Turn, wanted: Language) -> None:
    """From now on this language, until another is asked for."""
    for fact in turn.believed(TOPIC):
        await turn.books.facts.end(fact, turn.now)
    heard = Heard(TOPIC, wanted.value, Polarity.LIKES, 1.0, turn.said[:100])
    source = Source(MessageId(turn.message.id), turn.message.channel, turn.message.at)
    await turn.books.facts.learn(turn.customer.id, heard, at=turn.now, source=source, contact=turn.contact.id)
    turn.language = wanted
    turn.customer.language = wanted
    turn.say("tongue.switched")
    turn.may_ask = False

"""In which language we talk: the one they write in, unless they asked for another."""

from __future__ import annotations

from collections.abc import Sequence

from actions.turn import Turn
from crm_store.companies import CODE
from one_to_one.facts import Heard, MessageId, Polarity, Source
from one_to_one.folding import fold
from one_to_one.language import CHINESE, Language, detect
from one_to_one.standing import cut

TOPIC = "language"
"""The fact under which an explicit wish is kept. Not a topic of the shop's."""

EITHER = "chinese"
"""The names that mean Chinese without saying in which script."""

OTHER_SCRIPT = {Language.TRADITIONAL: Language.SIMPLIFIED, Language.SIMPLIFIED: Language.TRADITIONAL}


def listen(turn: Turn) -> None:
    """Follow the language of the message; a wish they uttered holds until they go on in another tongue."""
    if turn.message.payload is not None:
        return
    heard = detect(CODE.sub(" ", turn.said), turn.language)  # letters of an invitation are no language
    if heard is None or (turn.believed(TOPIC) and not _goes_on_in(turn, heard)):
        return
    turn.language = heard
    turn.customer.language = heard


def _goes_on_in(turn: Turn, heard: Language) -> bool:
    """Whether two messages running are in the other tongue: English for Chinese, or the other way round."""
    if (heard in CHINESE) == (turn.language in CHINESE):
        return False
    typed = [row for row in turn.before if row.direction == "in" and row.payload is None]
    before = detect(typed[-1].text, None) if typed else None
    if before is None or _asked_now(turn, typed[-1].id):
        return False
    return (before in CHINESE) == (heard in CHINESE)


def _asked_now(turn: Turn, message: int) -> bool:
    """Whether that message is the one by which they asked for a language."""
    return any(fact.source.message == message for fact in turn.believed(TOPIC))


def is_request(turn: Turn) -> bool:
    """Whether the message names a language and, beside courtesies, nothing else ("English please")."""
    said = fold(turn.said)
    if len(said) > LONGEST or turn.message.payload is not None:
        return False
    names = [name for names in _names(turn).values() for name in names]
    if not any(name in said for name in names):
        return False
    rest = cut(said, sorted(names, key=len, reverse=True))
    courtesies = sorted(turn.texts.words("tongue.courtesies"), key=len, reverse=True)
    return rest != said and not any(sign.isalnum() for sign in cut(rest, courtesies))


LONGEST = 40
"""Characters within which a request for a language is looked for."""


async def switch(turn: Turn) -> None:
    """The customer asks for a language in words."""
    wanted = _wanted(turn)
    if wanted is None:
        names = [turn.button(f"language_{tag.value}", f"language:{tag.value}") for tag in Language]
        turn.say("tongue.which", names)
        turn.may_ask = False
    else:
        await _speak(turn, wanted)


def _wanted(turn: Turn) -> Language | None:
    """The language they want: the one they name, or the other one if they can't read it. None: unclear."""
    named = _named(turn)
    if named is None or not turn.mentions("tongue.cannot_words"):
        return _chinese(turn) if named == EITHER else Language(named) if named else None
    if named in OTHER_SCRIPT:
        return OTHER_SCRIPT[Language(named)]
    return Language.ENGLISH if named == EITHER else _chinese(turn)


def _chinese(turn: Turn) -> Language:
    """The script they write, or wrote before; else the first Chinese of the shop."""
    for text in (turn.said, *(row.text for row in reversed(turn.before) if row.direction == "in")):
        written = detect(text, None)
        if written in CHINESE and written is not None:
            return written
    spoken = (tag for tag in turn.pack.shop.languages if tag in CHINESE)
    return turn.language if turn.language in CHINESE else next(spoken, Language.TRADITIONAL)


def _named(turn: Turn) -> str | None:
    """The language whose name, in any of our languages, is in the message; the longest name wins."""
    said = fold(turn.said)
    found = [(len(name), wanted) for wanted, names in _names(turn).items() for name in names if name in said]
    return max(found)[1] if found else None


def _names(turn: Turn) -> dict[str, Sequence[str]]:
    """What each language is called, folded; and what may be either Chinese."""
    return {wanted: turn.texts.words(f"tongue.names.{wanted}") for wanted in (*Language, EITHER)}


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
    await turn.books.facts.learn(
        turn.customer.id,
        heard,
        at=turn.now,
        source=source,
        contact=turn.contact.id,
        provisional=not turn.consents.remembers,
    )
    turn.language = wanted
    turn.customer.language = wanted
    turn.say("tongue.switched")
    turn.may_ask = False

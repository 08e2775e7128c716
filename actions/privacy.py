"""What the customer allows, in one list; and taking it back or giving it again in words."""

from __future__ import annotations

from actions import consenting, memory, pausing
from actions.naming_topics import topics_named
from actions.turn import Turn
from one_to_one.consent import SENSITIVE, Purpose, State, sensitive
from one_to_one.replies import Button

TOLD = (Purpose.UNASKED, Purpose.PERSONAL, Purpose.REMEMBERING)
"""The purposes as their words are looked for: the narrowest first."""


async def overview(turn: Turn) -> None:
    """Every purpose, whether it is on, since when, and one tap to change it."""
    turn.may_ask = False
    rows = await turn.books.consents.current(turn.customer.id)
    lines, ways = [turn.text("privacy.lead")], []
    for purpose in _purposes(turn):
        on = is_on(turn, purpose)
        since = f"privacy.{'on' if on else 'off'}{'_since' if purpose in rows else ''}"
        when = turn.words.day(rows[purpose].at) if purpose in rows else ""
        name = purpose_called(turn, purpose)
        lines.append(turn.texts.say(turn.language, since, purpose=name, when=when))
        ways.append(_switch(turn, purpose, on=on))
    paused = await pausing.paused(turn)
    if paused and len(paused) == len(turn.pack.topics):
        lines.append(turn.text("privacy.paused_all"))
    elif paused:
        topics = turn.words.listed(turn.words.topic(name) for name in paused)
        lines.append(turn.text("privacy.paused", topics=topics))
    lines.append(turn.text("privacy.rest"))
    turn.add("\n".join(lines), [*ways, *turn.buttons("know", "export", "forgetall")])


def _purposes(turn: Turn) -> list[str]:
    topics = [sensitive(topic.name) for topic in turn.pack.topics.values() if topic.sensitive]
    return [Purpose.REMEMBERING, Purpose.PERSONAL, Purpose.UNASKED, *topics]


def is_on(turn: Turn, purpose: str) -> bool:
    """Whether something is done for this purpose now."""
    consents = turn.consents
    if purpose == Purpose.REMEMBERING:
        return consents.remembers
    if purpose == Purpose.PERSONAL:
        return consents.personal and not consents.private
    if purpose == Purpose.UNASKED:
        return consents.unasked and turn.customer.stopped_at is None
    return consents.granted(purpose) and not consents.private


def purpose_called(turn: Turn, purpose: str) -> str:
    """What a purpose is called in a list."""
    if purpose in list(Purpose):
        return turn.texts.say(turn.language, f"privacy.purpose.{purpose}")
    return turn.texts.say(
        turn.language,
        "privacy.purpose.sensitive",
        topic=turn.words.topic(purpose.removeprefix(SENSITIVE)),
    )


def _switch(turn: Turn, purpose: str, *, on: bool) -> Button:
    said = "no" if on else "yes"
    if purpose in list(Purpose):
        return turn.button(f"privacy_{said}_{purpose}", f"consent:{purpose}:{said}")
    topic = purpose.removeprefix(SENSITIVE)
    return turn.button(f"privacy_{said}_sensitive", f"consent:{topic}:{said}", topic=turn.words.topic(topic))


async def withdraw(turn: Turn) -> None:
    """No longer: the purpose their words name; which one is asked when they name none."""
    if await pausing.pause_if_meant(turn):
        return
    purpose = _meant(turn)
    if purpose in (None, Purpose.REMEMBERING) and await memory.forget_just_said(turn):
        turn.offer(*turn.buttons("privacy"))
    elif purpose is None:
        await overview(turn)
    elif purpose == Purpose.REMEMBERING and turn.consents.private:
        turn.say("consenting.remembering.already_off", turn.buttons("propose", "privacy"))
        turn.may_ask = False
    else:
        await consenting.decide(turn, purpose, State.REVOKED)


async def allow(turn: Turn) -> None:
    """Again, or for the first time: the purpose their words name."""
    if turn.mentions("privacy.words.private"):
        await consenting.decide(turn, Purpose.REMEMBERING, State.GRANTED)
    elif not await pausing.resume_if_meant(turn):
        purpose = _meant(turn)
        if purpose is None:
            await overview(turn)
        else:
            await consenting.decide(turn, purpose, State.GRANTED)


def _meant(turn: Turn) -> str | None:
    """The purpose that the words name: a sensitive topic, else what may be done."""
    named = {one.topic for one in turn.heard} | set(topics_named(turn))
    touchy = [name for name in named if turn.pack.topics[name].sensitive]
    if touchy:
        return sensitive(touchy[0])
    return next((one for one in TOLD if turn.mentions(f"privacy.words.{one}")), None)

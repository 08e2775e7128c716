"""Small talk and what everybody asks: thanks, help, opening hours, delivery."""

from __future__ import annotations

from actions.turn import Turn


async def thanks(turn: Turn) -> None:
    """You're welcome."""
    turn.say("smalltalk.thanks")
    turn.may_ask = False


async def help_out(turn: Turn) -> None:
    """What can be done here."""
    turn.say("smalltalk.help", turn.buttons("propose", "usual", "know", "hours", "human"))
    turn.may_ask = False


async def hours(turn: Turn) -> None:
    """When the shop is open."""
    turn.say("smalltalk.hours", hours=turn.pack.shop.hours[turn.language])


async def chitchat(turn: Turn) -> None:
    """A friendly word, and back to what we can do."""
    if turn.mentions("smalltalk.who_words"):
        turn.say("smalltalk.who", turn.buttons("human"), shop=turn.pack.shop.name[turn.language])
        turn.may_ask = False
        return
    turn.say("smalltalk.chitchat", turn.buttons("propose", "help"), shop=turn.pack.shop.name[turn.language])


async def affirm(turn: Turn) -> None:
    """A yes to nothing in particular."""
    turn.say("smalltalk.yes", turn.buttons("propose", "help"))
    turn.may_ask = False


async def deny(turn: Turn) -> None:
    """A no to nothing in particular."""
    turn.say("smalltalk.no")
    turn.may_ask = False

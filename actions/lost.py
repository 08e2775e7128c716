"""When something was not understood: say so, and offer ways on. Never the same way twice."""

from __future__ import annotations

from actions.turn import READ_CHARACTERS, Turn

ACTION = "action_nlu_fallback"
"""What the log says of every message that was not understood, whatever the bot took it for."""


async def fall_back(turn: Turn) -> None:
    """An honest answer that depends on how often we didn't understand in a row."""
    turn.may_ask = False
    turn.action = ACTION
    if not any(character.isalnum() for character in turn.said):
        turn.say("lost.wordless", turn.buttons("propose", "help"))
    elif len(turn.message.text) > READ_CHARACTERS:
        turn.say("lost.long", turn.buttons("propose", "human"))
    else:
        _count(turn, _in_a_row(turn))


def _count(turn: Turn, times: int) -> None:
    if times == 0:
        turn.say("lost.first", turn.buttons("propose", "help", "human"))
    elif times == 1:
        turn.say("lost.second", turn.buttons("human", "propose"))
    else:
        turn.say("lost.more", turn.buttons("human", "help"))


def _in_a_row(turn: Turn) -> int:
    """How many of the customer's last messages were not understood either."""
    count = 0
    for row in reversed(turn.before):
        if row.direction == "in" and row.action != ACTION:
            break
        count += row.direction == "in"
    return count

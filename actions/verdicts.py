"""What customers' words say of something they had: liked, fair, disliked, or simply gone wrong."""

from __future__ import annotations

from actions.turn import Turn
from one_to_one.folding import fold
from one_to_one.history import Rating
from one_to_one.standing import stands

WORST_FIRST = (Rating.DISLIKED, Rating.OK, Rating.LIKED)
"""Of words of the same length the worse counts."""

BY_INTENT = {"praise": Rating.LIKED, "affirm": Rating.LIKED, "deny": Rating.DISLIKED}
"""What an intent says when the words themselves don't."""


def read_rating(turn: Turn) -> Rating | None:
    """What the words say, else what the intent does."""
    return rating_in_words(turn) or BY_INTENT.get(turn.intent)


def rating_in_words(turn: Turn) -> Rating | None:
    """What the words say. The longest word that fits wins, because bad words contain good ones."""
    return rating_in(turn, turn.said)


def rating_in(turn: Turn, text: str) -> Rating | None:
    """What the words of a part of the message say by themselves; None: nothing."""
    longest = {rating: max(_said_in(turn, text, rating.value), default=0) for rating in WORST_FIRST}
    best = max(WORST_FIRST, key=lambda rating: longest[rating])
    if longest[best]:
        return best
    return Rating.DISLIKED if _said_in(turn, text, "too") else None


def went_wrong(turn: Turn) -> bool:
    """Whether something went wrong, rather than wasn't to their taste."""
    return bool(said_of(turn, "wrong"))


def is_upset(turn: Turn) -> bool:
    """Whether something of ours went wrong or they are unhappy about it, whatever the bot took it for."""
    if went_wrong(turn) and said_of(turn, Rating.DISLIKED.value):
        return True
    if said_of(turn, "spoilt") and max(said_of(turn, Rating.DISLIKED.value), default=0) > _averse(turn):
        return True
    spoilt = went_wrong(turn) or bool(said_of(turn, "spoilt"))
    return spoilt and bool(said_of(turn, "ours")) and not turn.asks


def sounds_unhappy(turn: Turn) -> bool:
    """Whether any of their words could be those of somebody dissatisfied."""
    lists = ("wrong", "spoilt", "averse", Rating.DISLIKED.value)
    return any(said_of(turn, words) for words in lists)


def _averse(turn: Turn) -> int:
    """The length of the words that say they don't care for such a thing, rather than that it happened."""
    return max(said_of(turn, "averse"), default=0)


def said_of(turn: Turn, words: str) -> list[int]:
    """The lengths of the words of a list that are in the message, whatever its language."""
    return _said_in(turn, turn.said, words)


def _said_in(turn: Turn, text: str, words: str) -> list[int]:
    said = fold(text)
    return [len(word) for word in turn.texts.words(f"feedback.words.{words}") if stands(said, word)]

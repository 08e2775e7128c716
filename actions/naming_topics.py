"""Which topics a message names: by their label, or by another name that the shop gives them."""

from __future__ import annotations

from collections.abc import Sequence

from actions.turn import Turn
from one_to_one.folding import fold
from one_to_one.shop import ShopPack, TopicKind
from one_to_one.standing import stands

_names: list[tuple[ShopPack, Sequence[tuple[str, str]]]] = []


def topics_named(turn: Turn) -> list[str]:
    """The topics in the order of their names' length: a longer name hides a shorter one inside it."""
    found = topics_in(turn.pack, turn.said)
    if turn.mentions("memory.name_words"):
        found += [one.name for one in turn.pack.topics.values() if one.kind is TopicKind.NAME]
    return list(dict.fromkeys(found))


def topics_in(pack: ShopPack, text: str) -> list[str]:
    """The topics that a text names, as above."""
    said, found = fold(text), []
    for name, topic in _named(pack):
        if stands(said, name):
            found.append(topic)
            said = said.replace(name, "\0")
    return found


def _named(pack: ShopPack) -> Sequence[tuple[str, str]]:
    """Every name of every topic, folded, the longest first; those of the last pack are kept."""
    if not _names or _names[0][0] is not pack:
        names = {
            (fold(name), topic.name)
            for topic in pack.topics.values()
            for name in (*topic.label.values(), *(one for listed in topic.called.values() for one in listed))
        }
        _names[:] = [(pack, sorted(names, key=lambda one: (-len(one[0]), one)))]
    return _names[0][1]

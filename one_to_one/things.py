"""Whether a message asks for a thing the shop doesn't sell: what is left when all it knows is cut out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from one_to_one.folding import fold
from one_to_one.shop import ShopPack
from one_to_one.standing import SIGNS, cut, stands

LONGEST = 40
"""A thing is not called by more characters than this."""


@dataclass(frozen=True, slots=True)
class Frames:
    """How things are asked for, as regular expressions over folded text with a group `thing`."""

    asking: Sequence[re.Pattern[str]]  # "do you have (thing)"
    naming: Sequence[re.Pattern[str]]  # "it's (thing)", in answer to which one is meant
    vague: Sequence[str]  # words for a thing that isn't named
    filler: Sequence[str]  # words that say nothing about it
    plain: Sequence[str]  # words after which it is no thing: qualities, prices, places


@dataclass(frozen=True, slots=True)
class Thing:
    """Something asked for."""

    name: str  # as it was called
    vague: bool = False  # it wasn't called anything that can be understood


def asked_for(said: str, frames: Frames, pack: ShopPack) -> Thing | None:
    """The unknown thing a message asks for; None: it asks for none, or only for what the shop knows."""
    return _found(said, frames.asking, frames, pack)


def named(said: str, frames: Frames, pack: ShopPack) -> Thing | None:
    """The unknown thing that an answer to "which one do you mean?" names."""
    return _found(said, (*frames.naming, *frames.asking), frames, pack) or _judged(fold(said), frames, pack)


def _found(said: str, patterns: Sequence[re.Pattern[str]], frames: Frames, pack: ShopPack) -> Thing | None:
    folded = fold(said)
    for pattern in patterns:
        match = pattern.search(folded)
        if match is not None:
            return _judged(match["thing"], frames, pack)
    return None


def _judged(phrase: str, frames: Frames, pack: ShopPack) -> Thing | None:
    """What a phrase calls; None: something the shop knows, or nothing that could be a thing."""
    name = " ".join(re.sub(r"[^\w\s&'-]+", " ", phrase).split())
    name = _bare(name, frames.filler)
    if not name or len(name) > LONGEST or not pack.shop.sells:
        return None
    if any(stands(name, fold(word), SIGNS) for word in frames.plain):
        return None
    if any(stands(name, fold(word), SIGNS) for word in chain.from_iterable(pack.shop.lacks.values())):
        return Thing(name)
    rest = cut(name, _known(pack), SIGNS)
    if any(stands(rest, fold(word), SIGNS) for word in frames.vague):
        return Thing(name, vague=True)
    return Thing(name) if _bare(rest, (*frames.filler, *frames.vague)) else None


def _bare(phrase: str, fillers: Iterable[str]) -> str:
    """A phrase without the filling words; those in letters only where they stand alone."""
    return " ".join(cut(phrase, map(fold, sorted(fillers, key=len, reverse=True)), SIGNS).split())


_kept: list[tuple[ShopPack, tuple[str, ...]]] = []


def _known(pack: ShopPack) -> tuple[str, ...]:
    """Every phrase for what the shop sells, folded, the longest first; those of the last pack are kept."""
    if not _kept or _kept[0][0] is not pack:
        values = [value for topic in pack.topics.values() for value in topic.values.values()]
        said = chain.from_iterable(chain(*value.words.values(), value.label.values()) for value in values)
        names = chain.from_iterable(product.name.values() for product in pack.products.values())
        parts = chain.from_iterable(name.split() for name in names)
        labels = chain.from_iterable(module.label.values() for module in pack.modules.values())
        goods = chain.from_iterable(pack.shop.sells.values())
        known = {fold(word) for word in chain(said, parts, labels, goods, (pack.shop.name.values()))}
        _kept[:] = [(pack, tuple(sorted(known, key=lambda word: (-len(word), word))))]
    return _kept[0][1]

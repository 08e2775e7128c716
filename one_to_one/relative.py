"""More than last time, less than usual: what that is on a topic's scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from one_to_one.facts import Fact, Heard, Polarity
from one_to_one.history import Ordered
from one_to_one.preferences import last_said
from one_to_one.shop import ShopPack, Topic


def resolved(
    heard: Sequence[Heard], believed: Sequence[Fact], history: Sequence[Ordered], pack: ShopPack
) -> tuple[Heard, ...]:
    """What was heard, each comparison replaced by the value it comes to.

    It is measured against what was ordered last, else against what is believed; without either the
    direction that was named is all there is. A comparison that says nothing of a value is left out.
    """
    found = (_resolved(one, believed, history, pack) if one.relative else one for one in heard)
    return tuple(one for one in found if one is not None)


def _resolved(
    heard: Heard, believed: Sequence[Fact], history: Sequence[Ordered], pack: ShopPack
) -> Heard | None:
    topic = pack.topics.get(heard.topic)
    if topic is None:
        return None
    scale = list(topic.values) if topic.scale else []
    before = _before(topic, believed, history, pack)
    if heard.value in scale and before in scale:
        place = scale.index(before) + _step(scale, heard)
        return replace(heard, value=scale[min(max(place, 0), len(scale) - 1)], relative=0)
    return replace(heard, relative=0) if heard.relative > 0 else None


def _step(scale: Sequence[str], heard: Heard) -> int:
    """Up or down: towards the value that was named, or away from it; below the lowest there is nothing."""
    if heard.value == scale[0]:
        return -1
    return heard.relative


def _before(topic: Topic, believed: Sequence[Fact], history: Sequence[Ordered], pack: ShopPack) -> str:
    """What they had last, or have liked until now; "" when neither is known."""
    if history:
        last = max(history, key=lambda ordered: (ordered.at, ordered.line))
        product = pack.products.get(last.product)
        had = product.attributes.get(topic.name, ()) if product else ()
        if topic.name in last.options or len(had) == 1:
            return last.options.get(topic.name) or had[0]
    liked = [fact for fact in believed if fact.topic == topic.name and fact.polarity is Polarity.LIKES]
    return max(liked, key=last_said).value if liked else ""

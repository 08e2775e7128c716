"""What customers say of themselves can rule options out: an allergy, what they never want near them.

The pack says which (`rules_out` and `leaves` of a topic's value). Nothing that is ruled out is proposed, put
on a draft, or offered on a button; whoever asks for it is told why not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

from one_to_one.facts import Polarity
from one_to_one.shop import Product, ShopPack, Topic, Value

type Barred[T] = Mapping[tuple[str, str], T]
"""(module, option) → what was said that rules it out"""


class Said(Protocol):
    """Something that was said: a fact, or just now."""

    @property
    def topic(self) -> str:
        """What it is about."""
        ...

    @property
    def value(self) -> str:
        """What of it."""
        ...

    @property
    def polarity(self) -> Polarity:
        """How it is meant."""
        ...


def barred_by[T: Said](pack: ShopPack, said: Iterable[T]) -> Barred[T]:
    """The options that nobody who said this can have; of two reasons the first."""
    barred: dict[tuple[str, str], T] = {}
    for one in said:
        topic = pack.topics.get(one.topic)
        value = topic.values.get(one.value) if topic else None
        binds = value is not None and (value.rules_out or value.leaves)
        if topic is not None and value is not None and binds and _is_meant(topic, one.polarity):
            for pick in _ruled_out(pack, value):
                barred.setdefault(pick, one)
    return barred


def _is_meant(topic: Topic, polarity: Polarity) -> bool:
    """Whether it is said as an answer to the topic's question: what is to be avoided, or what is liked."""
    averse = topic.answer is not Polarity.LIKES
    return polarity is not Polarity.LIKES if averse else polarity is topic.answer


def _ruled_out(pack: ShopPack, value: Value) -> Iterator[tuple[str, str]]:
    for name, codes in value.rules_out.items():
        yield from ((name, code) for code in codes)
    for name, left in value.leaves.items():
        yield from ((name, code) for code in pack.modules[name].options if code not in left)


def can_be_made_without(pack: ShopPack, product: Product, barred: Iterable[tuple[str, str]]) -> bool:
    """Whether something is left of each module of a product; the shop's rules aren't looked at."""
    gone = set(barred)
    return all(
        module.optional or any((name, code) not in gone for code in pack.options_of(product, module))
        for name, module in pack.modules_of(product).items()
        if any(name == other for other, _ in gone)
    )

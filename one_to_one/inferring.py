"""What may be supposed of a customer without their having said it: marked as a guess, and weighing little.

A supposition is never about something sensitive, never against what was said, and never becomes a statement
by itself. It ends as soon as the customer does or says otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from one_to_one.catalogue import catalogue_of
from one_to_one.crowd import Crowd
from one_to_one.facts import Fact, Heard, Polarity
from one_to_one.history import Ordered, Rating
from one_to_one.shop import ShopPack, Topic

ORDERED, CROWD = "order", "crowd"
"""The channels by which suppositions come: what was ordered, and what similar customers answer."""

FROM_ORDERS = 0.4
"""How far a supposition from orders is believed."""

FROM_CROWD = 0.3
"""How far a supposition from similar customers is believed."""

ALIKE = 2
"""So many orders in a row have to agree."""

RARE = 0.5
"""What a larger share of the products has tells nothing about a taste."""

CROWD_OF = 200
"""Fewer customers than this let suppose nothing."""

VERY_SURE = 0.85
"""From this chance on similar customers' answer is taken for this customer's."""

KNOWN = 3
"""Before so many topics are known of a customer nobody is similar to them."""


type Guess = tuple[str, str, Polarity]
"""Topic, value and polarity of a supposition."""


def unrefused(
    guesses: Iterable[Heard],
    refused: Mapping[Guess, datetime],
    again: Callable[[datetime], Iterable[Heard]],
) -> list[Heard]:
    """The guesses without those that were found wrong.

    `refused` is when each was last found so. Such a guess is made again only when what came after that moment
    would let us make it by itself: `again` gives the guesses from what came after a moment.
    """
    return [
        guess
        for guess in guesses
        if (at := refused.get(_guess(guess))) is None or _guess(guess) in map(_guess, again(at))
    ]


def _guess(heard: Heard) -> Guess:
    return heard.topic, heard.value, heard.polarity


def from_orders(pack: ShopPack, history: Sequence[Ordered], believed: Sequence[Fact]) -> list[Heard]:
    """What the last orders, each in its own way, had in common."""
    latest = sorted(history, key=lambda one: (one.at, one.line))[-ALIKE:]
    if len(latest) < ALIKE or any(one.rating is Rating.DISLIKED for one in latest):
        return []
    supposed = [*_chosen(pack, latest), *_shared(pack, latest)]
    return [one for one in supposed if _has_room(pack, one, believed)]


def _chosen(pack: ShopPack, latest: Sequence[Ordered]) -> Iterator[Heard]:
    """Options that were chosen each time though nobody is given them unasked."""
    for name, module in pack.modules.items():
        codes = {one.options.get(name) for one in latest}
        code = codes.pop() if len(codes) == 1 else None
        if code and code != module.default and not module.once and name in pack.topics:
            yield Heard(name, code, Polarity.LIKES, FROM_ORDERS, "")


def _shared(pack: ShopPack, latest: Sequence[Ordered]) -> Iterator[Heard]:
    """Values that different products, ordered one after the other, share, and most others haven't."""
    catalogue = catalogue_of(pack)
    products = {one.product for one in latest if one.product in catalogue.row}
    if len(products) < ALIKE:
        return
    held = [set(catalogue.held[catalogue.row[product]]) for product in products]
    for column in sorted(set.intersection(*held)):
        topic, value = catalogue.values[column]
        if float(catalogue.share[column]) < RARE and topic in pack.topics:
            yield Heard(topic, value, Polarity.LIKES, FROM_ORDERS, "")


def from_crowd(pack: ShopPack, crowd: Crowd, believed: Sequence[Fact]) -> list[Heard]:
    """What nearly everybody answers who likes the same; at most one supposition for each open topic."""
    given: dict[str, list[str]] = {}
    for fact in believed:
        if fact.stated and fact.polarity is Polarity.LIKES and fact.topic in pack.topics:
            given.setdefault(fact.topic, []).append(fact.value)
    if crowd.customers < CROWD_OF or len(given) < KNOWN:
        return []
    unknown = [topic for topic in pack.topics.values() if topic.name not in given and _is_supposable(topic)]
    supposed = [_likeliest(topic, crowd.answer_chances(topic.name, given)) for topic in unknown]
    return [one for one in supposed if one is not None and _has_room(pack, one, believed)]


def _is_supposable(topic: Topic) -> bool:
    return bool(topic.values) and not topic.sensitive and not topic.many


def _likeliest(topic: Topic, chances: Mapping[str, float]) -> Heard | None:
    value, chance = max(chances.items(), key=lambda one: one[1], default=("", 0.0))
    if chance < VERY_SURE or value not in topic.values:
        return None
    return Heard(topic.name, value, Polarity.LIKES, FROM_CROWD, "")


def _has_room(pack: ShopPack, supposed: Heard, believed: Sequence[Fact]) -> bool:
    """Whether nothing is said or supposed already that this would repeat or go against."""
    topic = pack.topics[supposed.topic]
    about = [fact for fact in believed if fact.topic == topic.name]
    if topic.sensitive or any(fact.value == supposed.value for fact in about):
        return False
    return topic.many or not any(fact.polarity is Polarity.LIKES for fact in about)


def outdated(pack: ShopPack, last: Ordered, believed: Sequence[Fact]) -> list[Fact]:
    """Suppositions that the last order goes against: another option, or a product without the value."""
    product = pack.products.get(last.product)
    gone = []
    for fact in believed:
        if fact.stated or fact.polarity is not Polarity.LIKES:
            continue
        had = last.options.get(fact.topic)
        has = product.attributes.get(fact.topic, ()) if product else ()
        topic = pack.topics.get(fact.topic)
        other_option = had is not None and had != fact.value
        other_value = bool(has) and fact.value not in has and topic is not None and not topic.many
        if other_option or other_value:
            gone.append(fact)
    return gone

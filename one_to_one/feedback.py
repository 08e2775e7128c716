"""What a rating tells about a customer's taste."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from one_to_one.catalogue import Catalogue, catalogue_of
from one_to_one.facts import Fact, Heard, Polarity
from one_to_one.history import Ordered, Rating
from one_to_one.shop import ShopPack

CONFIDENCE = 0.5
"""How far an inference from ratings is believed, at most."""

AGREEING = 2
"""How many products rated alike must share a value before anything is inferred from it."""

RARE = 0.5
"""A value that a larger share of the products has tells nothing about a taste."""


KNOWN_FOR = timedelta(days=180)
"""For so long a verdict on a product stands, and nobody asks how it was this time."""


def tells_something(product: str, ordered_at: datetime, history: Sequence[Ordered]) -> bool:
    """Whether "how was it?" is worth a question: not of what they said lately, nor of what they had again."""
    same = [one for one in history if one.product == product]
    rated = any(one.rating is not None and timedelta(0) <= ordered_at - one.at < KNOWN_FOR for one in same)
    return not rated and not any(timedelta(0) < abs(ordered_at - one.at) < KNOWN_FOR for one in same)


def inferred(
    pack: ShopPack, ordered: Ordered, believed: Sequence[Fact], history: Sequence[Ordered] = ()
) -> tuple[Heard, ...]:
    """What the rating of `ordered`, taken with earlier ones in `history`, lets us suppose.

    A value is inferred only when two differently named products rated alike share it, none rated the
    other way has it, and the customer said nothing about it; never where products list all they suit.
    A complaint isn't a rating and tells nothing.
    """
    if ordered.rating not in _POLARITY:
        return ()
    catalogue, polarity = catalogue_of(pack), _POLARITY[ordered.rating]
    said = {(fact.topic, fact.value) for fact in believed}
    columns = _shared(catalogue, ordered, history)
    pairs = (catalogue.values[column] for column in columns)
    return tuple(
        Heard(topic, value, polarity, CONFIDENCE, "")
        for topic, value in pairs
        if topic in pack.topics and (topic, value) not in said and _open(pack, topic, polarity, believed)
    )


_POLARITY = {Rating.LIKED: Polarity.LIKES, Rating.DISLIKED: Polarity.DISLIKES}


def _open(pack: ShopPack, topic: str, polarity: Polarity, believed: Sequence[Fact]) -> bool:
    """Whether the topic has room for a supposition: sensitive things are never supposed."""
    if pack.topics[topic].sensitive:
        return False
    liked = any(fact.topic == topic and fact.polarity is Polarity.LIKES for fact in believed)
    return pack.topics[topic].many or polarity is Polarity.DISLIKES or not liked


def _shared(catalogue: Catalogue, ordered: Ordered, history: Sequence[Ordered]) -> list[int]:
    """The columns common to enough products of this rating, and to none rated the other way."""
    ratings: dict[str, Rating | None] = {
        o.product: o.rating for o in history if o.product in catalogue.row and o.rating in _POLARITY
    }
    if ordered.product not in catalogue.row:
        return []
    ratings[ordered.product] = ordered.rating
    alike = [catalogue.row[product] for product, rating in ratings.items() if rating is ordered.rating]
    other = [catalogue.row[product] for product, rating in ratings.items() if rating is not ordered.rating]
    counts = Counter(column for row in alike for column in catalogue.held[row])
    against = {column for row in other for column in catalogue.held[row]}
    return [
        column
        for column in catalogue.held[catalogue.row[ordered.product]]
        if counts[column] >= AGREEING
        and column not in against
        and catalogue.share[column] < RARE
        and not _lists_all(catalogue, column)
    ]


def _lists_all(catalogue: Catalogue, column: int) -> bool:
    """Whether products list all they suit in this topic: which of it was theirs, no product tells."""
    return catalogue.values[column][0] in catalogue.suits

"""The usual: what a returning customer always has, if it still holds, or what comes nearest to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from one_to_one.catalogue import catalogue_of
from one_to_one.facts import Fact, Polarity
from one_to_one.history import Ordered, usual
from one_to_one.preferences import beliefs
from one_to_one.shop import ShopPack
from one_to_one.tastes import tastes_of


@dataclass(frozen=True, slots=True)
class Usual:
    """What they always have, and what can be had of it today."""

    ordered: Ordered
    product: str | None  # in stock today: the same, or the nearest to it; None: nothing like it
    gone: bool  # whether the product itself isn't to be had now


def the_usual(
    pack: ShopPack, facts: Sequence[Fact], history: Sequence[Ordered], now: datetime
) -> Usual | None:
    """What their last orders agree on; None: they don't, or it was disliked, or they said otherwise since."""
    ordered = usual(history)
    if ordered is None or said_against(pack, facts, ordered) is not None:
        return None
    product = pack.products.get(ordered.product)
    if product is not None and product.stock > 0:
        return Usual(ordered, product.id, gone=False)
    return Usual(ordered, nearest(pack, ordered.product, facts, history, now), gone=True)


def said_against(pack: ShopPack, facts: Sequence[Fact], ordered: Ordered) -> Fact | None:
    """What they said since an order that speaks against having the same again; None: nothing."""
    since = (fact for fact in facts if fact.since > ordered.at)
    return next((fact for fact in since if _against(pack, ordered, fact)), None)


def _against(pack: ShopPack, ordered: Ordered, fact: Fact) -> bool:
    """Whether a fact says that the usual isn't wanted any more as it is."""
    chosen = ordered.options.get(fact.topic)
    if chosen is not None:
        liked = fact.polarity is Polarity.LIKES
        return liked != (fact.value == chosen) if fact.topic in pack.modules else False
    product = pack.products.get(ordered.product)
    has = () if product is None else product.attributes.get(fact.topic, ())
    if fact.polarity is not Polarity.LIKES:
        return fact.value in has and (len(has) == 1 or fact.topic not in _suiting(pack))
    topic = pack.topics.get(fact.topic)
    return bool(has) and topic is not None and not topic.many and fact.value not in has


def _suiting(pack: ShopPack) -> frozenset[str]:
    return catalogue_of(pack).suits


def nearest(
    pack: ShopPack, product: str, facts: Sequence[Fact], history: Sequence[Ordered], now: datetime
) -> str | None:
    """The product in stock that is most like another, among those they can have; None: there is none."""
    catalogue = catalogue_of(pack)
    if product not in catalogue.row:
        return None
    tastes = tastes_of(catalogue, beliefs(facts, pack, now), history, (), now)
    fit = catalogue.in_stock & ~tastes.excluded & ~tastes.unwanted
    fit[catalogue.row[product]] = False
    if not fit.any():
        return None
    likeness = catalogue.likeness(catalogue.row[product])
    worth = np.where(fit, likeness + 1e-6 * tastes.utility, -np.inf)
    return catalogue.products[int(np.argmax(worth))].id

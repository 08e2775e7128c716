"""Offers: which one may be made to this customer now, and what a product costs on its terms.

An offer is made only where its product would be proposed anyway, or nearly so; never for something they
dislike, never twice to somebody who turned it down, and one at a time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from one_to_one.catalogue import Catalogue, Flags, Floats, Rows
from one_to_one.choosing import Pick
from one_to_one.history import TURNED_DOWN, Shown
from one_to_one.shop import Offer, Product, ShopPack

REFUSED = timedelta(days=60)
"""For so long an offer that was turned down isn't made again."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """Who an offer may be made to: what suits them, and what they said to earlier offers."""

    pack: ShopPack
    catalogue: Catalogue
    ranks: Floats  # of each product, for this customer
    unwanted: Flags  # of each product: it has something they dislike
    options: Mapping[str, str]  # that they want
    assumed: Sequence[str]  # the modules of which that isn't known
    shown: Sequence[Shown]
    now: datetime  # aware, UTC


def is_on(offer: Offer, pack: ShopPack, now: datetime) -> bool:
    """Whether the offer holds today, by the shop's calendar."""
    return offer.start <= now.astimezone(ZoneInfo(pack.shop.time_zone)).date() <= offer.until


def on_terms(product: Product, offer: Offer | None) -> Product:
    """The product at the offer's price."""
    return product if offer is None or offer.price is None else replace(product, price=offer.price)


def with_offer(occasion: Occasion, rows: Rows, picks: Sequence[Pick]) -> tuple[list[Pick], Offer | None]:
    """The picks with at most one of them on offer; it may take the place of one that suits hardly better."""
    found = [
        (float(occasion.ranks[row]), row, offer)
        for offer in occasion.pack.offers.values()
        if _may_be_made(occasion, offer)
        for row in _rows_of(occasion, offer, set(rows.tolist()))
    ]
    there = {pick.row for pick in picks}
    for rank, row, offer in sorted(found, key=lambda one: (-one[0], one[2].id)):
        if row in there:
            return list(picks), replace(offer, products=(occasion.catalogue.products[row].id,))
        place = _place(occasion, picks, rank)
        if place is not None:
            changed = [Pick(row) if number == place else pick for number, pick in enumerate(picks)]
            return changed, replace(offer, products=(occasion.catalogue.products[row].id,))
    return list(picks), None


def _may_be_made(occasion: Occasion, offer: Offer) -> bool:
    """Whether it is on, in options they could want, and wasn't turned down lately."""
    refused = any(
        one.offer == offer.id and one.outcome in TURNED_DOWN and occasion.now - one.at < REFUSED
        for one in occasion.shown
    )
    suits = all(
        topic in occasion.assumed or occasion.options.get(topic) == code
        for topic, code in offer.options.items()
    )
    return suits and not refused and is_on(offer, occasion.pack, occasion.now)


def _rows_of(occasion: Occasion, offer: Offer, allowed: set[int]) -> Iterator[int]:
    for name in offer.products:
        row = occasion.catalogue.row.get(name)
        if row is not None and row in allowed and not occasion.unwanted[row]:
            yield row


def _place(occasion: Occasion, picks: Sequence[Pick], rank: float) -> int | None:
    """The place of the least suitable pick that isn't the first, if the offer suits nearly as well."""
    places = [number for number, pick in enumerate(picks) if number > 0 and not pick.novel]
    if not places:
        return None
    worst = min(places, key=lambda number: float(occasion.ranks[picks[number].row]))
    least = float(occasion.ranks[picks[worst].row]) - occasion.pack.shop.proposing.offer_margin
    return worst if rank >= least else None

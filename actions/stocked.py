"""The shop's pack as it is right now: what has run out since it was counted is not there."""

from __future__ import annotations

from crm_store.books import Books
from one_to_one.catalogue import keep_restocked
from one_to_one.shop import ShopPack
from one_to_one.stocktaking import counted as counted_of
from one_to_one.stocktaking import is_counted, with_left

type Left = frozenset[tuple[str, int]]

_KEPT = 4

_packs: dict[tuple[int, Left], tuple[ShopPack, ShopPack]] = {}


async def stocked(books: Books, pack: ShopPack) -> ShopPack:
    """The pack with what is left of the products that are short of proposing; made anew when that changes."""
    short = await books.stock.left(below=max(1, pack.shop.proposing.least_stock))
    left = frozenset(
        (item, int(units))
        for item, (counted, units) in short.items()
        if is_counted(pack, item) and counted_of(pack, [item])[item] == counted
    )
    if not left:
        return pack
    kept = _packs.get((id(pack), left))
    if kept is not None and kept[0] is pack:
        return kept[1]
    while len(_packs) >= _KEPT:
        del _packs[next(iter(_packs))]
    made = with_left(pack, dict(left))
    keep_restocked(made, pack)
    _packs[id(pack), left] = (pack, made)
    return made

"""What to propose to one customer: products made up for them, and on which facts that rests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

import numpy as np

from one_to_one.catalogue import Catalogue, catalogue_of
from one_to_one.facts import Fact, FactId, Polarity
from one_to_one.history import TURNED_DOWN, Ordered, Rating, Shown, usual
from one_to_one.preferences import Belief, Beliefs, beliefs
from one_to_one.pricing import cost, price
from one_to_one.shop import Module, Product, ShopPack, TopicKind
from one_to_one.tastes import Tastes, held, tastes_of, unwanted_by

__all__ = ["Ordered", "Proposed", "Rating", "Shown", "as_usual", "propose", "reconfigure", "usual"]

REST = timedelta(days=1)
"""For so long a product that was turned down isn't proposed at all."""

TIRED = timedelta(days=7)
"""After so long, half of the reluctance to show a product again that was turned down is gone."""

RELUCTANCE = 1.0
"""What having been turned down just now takes from a product's rank."""

NEAREST = 3
"""How many products are considered when none is within the customer's budget."""

CONSIDERED = 500
"""Of more products that fit, the best so many are looked at more closely."""

LEEWAY = 0.3
"""How much utility may be given up for the product that is new to them to be newer still."""

SPECIAL = 0.2
"""A topic in which fewer products than this share differ from the rest is for special wishes."""

SAMENESS = 0.5
"""What a perfect likeness to the first proposed product takes from the second one's rank."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """One product made up for one customer."""

    product: str  # its id in the pack
    options: Mapping[str, str]  # module -> option code, every module of the shop
    price: Decimal  # of one, in the shop's currency
    cost: Decimal
    used: tuple[FactId, ...]  # the facts that speak for it, weightiest first
    assumed: tuple[str, ...]  # modules filled without knowing the customer's wish
    novel: bool  # outside their habits, on purpose
    score: float  # its utility for this customer; 1 is one liked value


@dataclass(frozen=True, slots=True)
class _Table:
    """What is laid out before choosing."""

    pack: ShopPack
    catalogue: Catalogue
    believed: Beliefs
    tastes: Tastes
    options: Mapping[str, str]
    assumed: tuple[str, ...]
    history: Sequence[Ordered]


def propose(
    pack: ShopPack,
    facts: Sequence[Fact],
    history: Sequence[Ordered],
    shown: Sequence[Shown],
    now: datetime,
    *,
    count: int = 3,
    seed: int = 0,
) -> tuple[Proposed, ...]:
    """Up to `count` products, the best first; the last is outside their habits when the catalogue allows.

    Fewer, or none, when nothing else in stock suits: what they never want, didn't like, or turned down
    within a day is left out. The same input gives the same proposal; `seed` only orders products that
    are equally good.
    """
    table = _laid_out(pack, facts, history, shown, now)
    ranks = _ranks(table, shown, now)
    rows = _unobjectionable(table, _candidates(table, shown, now), count)
    ordered = _in_order(rows, ranks, seed)
    chosen = _chosen(table, ordered, ranks, count)
    return tuple(_item(table, row, novel) for row, novel in chosen)


def _laid_out(
    pack: ShopPack, facts: Sequence[Fact], history: Sequence[Ordered], shown: Sequence[Shown], now: datetime
) -> _Table:
    catalogue, believed = catalogue_of(pack), beliefs(facts, pack, now)
    options, assumed = configured(pack, believed, history)
    tastes = tastes_of(catalogue, believed, history, shown, now)
    return _Table(pack, catalogue, believed, tastes, options, assumed, history)


def configured(
    pack: ShopPack, believed: Beliefs, history: Sequence[Ordered] = ()
) -> tuple[dict[str, str], tuple[str, ...]]:
    """An option for every module, and the modules for which it is only assumed.

    What the customer said counts first, then what they ordered last, then the shop's default.
    """
    last = max(history, key=lambda ordered: (ordered.at, ordered.line)).options if history else {}
    options, assumed = {}, []
    for topic, module in pack.modules.items():
        options[topic], known = _option(module, believed, last)
        if not known:
            assumed.append(topic)
    return options, tuple(assumed)


def _option(module: Module, believed: Beliefs, last: Mapping[str, str]) -> tuple[str, bool]:
    liked = [belief for belief in believed.liked(module.topic).values() if belief.value in module.options]
    if liked:
        return max(liked, key=lambda belief: (belief.weight, belief.value)).value, True
    unwanted = {**believed.disliked(module.topic), **believed.never(module.topic)}
    ordered = "" if module.once else last.get(module.topic, "")
    if ordered in module.options and ordered not in unwanted:
        return ordered, True
    wanted = [code for code in (module.default, *module.options) if code not in unwanted]
    return (wanted[0] if wanted else module.default), False


def _ranks(table: _Table, shown: Sequence[Shown], now: datetime) -> dict[int, float]:
    """The utility of each product by its row, less the reluctance to show it again so soon."""
    ranks = dict(enumerate(np.round(table.tastes.utility, 9).tolist()))
    for one in shown:
        row = table.catalogue.row.get(one.product)
        if row is not None and one.outcome in TURNED_DOWN:
            ranks[row] -= RELUCTANCE * 0.5 ** ((now - one.at) / TIRED)
    return ranks


def _candidates(table: _Table, shown: Sequence[Shown], now: datetime) -> list[int]:
    resting = {one.product for one in shown if one.outcome in TURNED_DOWN and now - one.at < REST}
    fit = table.catalogue.in_stock & ~table.tastes.excluded
    rows = [row for row in np.flatnonzero(fit) if table.catalogue.products[row].id not in resting]
    return _affordable(table, [int(row) for row in rows])


def _unobjectionable(table: _Table, rows: list[int], count: int) -> list[int]:
    """Those without anything they dislike, if there are enough of them."""
    good = [row for row in rows if not table.tastes.unwanted[row]]
    return good if len(good) >= count else rows


def _affordable(table: _Table, rows: list[int]) -> list[int]:
    """Those within the customer's budget; when there are none, the few that come nearest."""
    limit = spending_limit(table.pack, table.believed)
    if limit is None:
        return rows
    prices = {row: price(table.pack, table.catalogue.products[row], table.options) for row in rows}
    within = [row for row in rows if prices[row] <= limit]
    return within or sorted(rows, key=lambda row: (prices[row], row))[:NEAREST]


def spending_limit(pack: ShopPack, believed: Beliefs) -> Decimal | None:
    """The most they want to pay for one, in the shop's currency; None when they didn't say."""
    limits = [believed.number(topic) for topic in budget_topics(pack)]
    return min((limit for limit in limits if limit is not None and limit > 0), default=None)


def budget_topics(pack: ShopPack) -> list[str]:
    """The topics whose answer is an amount of money."""
    return [topic.name for topic in pack.topics.values() if topic.kind is TopicKind.MONEY]


def _in_order(rows: list[int], ranks: Mapping[int, float], seed: int) -> list[int]:
    shuffled = list(rows) if seed == 0 else list(np.random.default_rng(seed).permutation(rows))
    return sorted((int(row) for row in shuffled), key=lambda row: -ranks[row])[:CONSIDERED]


def _chosen(
    table: _Table, ordered: list[int], ranks: Mapping[int, float], count: int
) -> list[tuple[int, bool]]:
    """The rows to propose; True marks the one that is new to the customer, always the last."""
    if not ordered or count < 1:
        return []
    regular = _regular(table, ordered, ranks, max(1, count - 1))
    rest = [row for row in ordered if row not in regular]
    if count == 1 or not rest:
        return [(row, False) for row in regular]
    if not table.tastes.habits:
        return _with_boldest(table, _regular(table, ordered, ranks, count))
    new = _novel(table, rest, regular)
    return [(row, False) for row in regular] + [(rest[0] if new is None else new, new is not None)]


def _with_boldest(table: _Table, rows: list[int]) -> list[tuple[int, bool]]:
    """Of somebody without habits: what is least like everything else is the one to dare."""
    boldest = min(rows[1:], key=table.catalogue.commonness)
    return [(row, False) for row in rows if row != boldest] + [(boldest, True)]


def _regular(table: _Table, ordered: list[int], ranks: Mapping[int, float], count: int) -> list[int]:
    """The best, then whichever is good and unlike those chosen before."""
    chosen = [ordered[0]]
    alike = table.catalogue.likeness(ordered[0])
    while len(chosen) < min(count, len(ordered)):
        left = [row for row in ordered if row not in chosen]
        chosen.append(max(left, key=lambda row: ranks[row] - SAMENESS * float(alike[row])))
        alike = np.maximum(alike, table.catalogue.likeness(chosen[-1]))
    return chosen


def _novel(table: _Table, rest: list[int], regular: list[int]) -> int | None:
    """Of the rest that suits about as well as the best of it, what has most that is new; None: no such."""
    familiar = {*table.tastes.habits, *(value for row in regular for value in _values(table, row))}
    new = {row: _newness(table, row, familiar) for row in rest if not table.tastes.unwanted[row]}
    outside = [row for row, newness in new.items() if newness > 0]
    outside = [row for row in outside if not _is_special(table, row, familiar)] or outside
    if not outside:
        return None
    utility = table.tastes.utility
    least = float(utility[outside[0]]) - LEEWAY
    return max((row for row in outside if utility[row] >= least), key=lambda row: new[row])


def _newness(table: _Table, row: int, familiar: Set[tuple[str, str]]) -> float:
    """In how many topics nothing that the product has is familiar; a topic counts by its variety, 0..1."""
    known = {topic for topic, code in _values(table, row) if (topic, code) in familiar}
    new = {topic for topic, _ in _values(table, row)} - known
    return sum(table.catalogue.variety(topic) for topic in new)


def _is_special(table: _Table, row: int, familiar: Set[tuple[str, str]]) -> bool:
    """Whether it is unlike nearly all products in something, which is for those who ask for it."""
    strange = {topic for topic, code in _values(table, row) if (topic, code) not in familiar}
    return any(table.catalogue.variety(topic) < SPECIAL for topic in strange)


def _values(table: _Table, row: int) -> list[tuple[str, str]]:
    return [table.catalogue.values[column] for column in table.catalogue.held[row]]


def _item(table: _Table, row: int, novel: bool) -> Proposed:
    product = table.catalogue.products[row]
    return Proposed(
        product=product.id,
        options=table.options,
        price=price(table.pack, product, table.options),
        cost=cost(table.pack, product, table.options),
        used=tuple(dict.fromkeys(_used(table, product))),
        assumed=table.assumed,
        novel=novel,
        score=round(float(table.tastes.utility[row]), 6),
    )


def _used(table: _Table, product: Product) -> Iterator[FactId]:
    """The facts that speak for a product: what it has, what it avoids, what it costs, how it is made up."""
    for belief in _matched(table, product):
        yield from belief.facts
    for belief in _avoided(table, product):
        yield from belief.facts
    yield from _fitting_budget(table, product)
    for topic, code in table.options.items():
        liked = table.believed.liked(topic).get(code)
        yield from liked.facts if liked else ()


def _matched(table: _Table, product: Product) -> list[Belief]:
    columns = table.catalogue.held[table.catalogue.row[product.id]]
    liked = [b for column, b in held(table.catalogue, table.believed, Polarity.LIKES) if column in columns]
    return sorted(liked, key=lambda belief: -belief.weight)


def _avoided(table: _Table, product: Product) -> list[Belief]:
    row = table.catalogue.row[product.id]
    unwanted = unwanted_by(table.catalogue, table.believed)
    return [belief for column, belief in unwanted if not table.catalogue.spoiled([column])[row]]


def _fitting_budget(table: _Table, product: Product) -> Iterator[FactId]:
    amount = price(table.pack, product, table.options)
    for topic in budget_topics(table.pack):
        limit = table.believed.number(topic)
        if limit is not None and amount <= limit:
            for belief in table.believed.liked(topic).values():
                yield from belief.facts


def as_usual(pack: ShopPack, ordered: Ordered) -> Proposed | None:
    """The same again, at today's price. None when it isn't made any more, or is out of stock."""
    product = pack.products.get(ordered.product)
    if product is None or product.stock <= 0:
        return None
    options = {
        topic: ordered.options.get(topic, module.default)
        if ordered.options.get(topic) in module.options
        else module.default
        for topic, module in pack.modules.items()
    }
    missing = tuple(topic for topic in pack.modules if topic not in ordered.options)
    return Proposed(
        product=product.id,
        options=options,
        price=price(pack, product, options),
        cost=cost(pack, product, options),
        used=(),
        assumed=missing,
        novel=False,
        score=0.0,
    )


def reconfigure(pack: ShopPack, item: Proposed, module: str, option: str) -> Proposed:
    """The same product with another option, at its new price. Raises KeyError for an unknown option."""
    options = {**item.options, module: pack.modules[module].options[option].code}
    product = pack.products[item.product]
    return replace(
        item,
        options=options,
        price=price(pack, product, options),
        cost=cost(pack, product, options),
        assumed=tuple(topic for topic in item.assumed if topic != module),
    )

"""What to propose to one customer: products made up for them, and on which facts that rests."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import numpy as np

from one_to_one.binding import can_be_made_without
from one_to_one.catalogue import Catalogue, Floats, Rows, catalogue_of
from one_to_one.choosing import Field, Pick, chosen
from one_to_one.configuring.fitting import fitting, holds_any
from one_to_one.facts import Fact, FactId, Polarity
from one_to_one.history import TURNED_DOWN, Ordered, Rating, Shown, usual
from one_to_one.insight import NOTHING, Insight, liked_by
from one_to_one.lessons import UNTIMELY, lessons, weight_of_price
from one_to_one.preferences import Belief, Beliefs, beliefs
from one_to_one.pricing import codes_of, cost, price, prices_of
from one_to_one.shop import Module, Offer, Product, ShopPack, TopicKind
from one_to_one.specials import Occasion, on_terms, with_offer
from one_to_one.tailoring import Tailor
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
    new_in: tuple[tuple[str, str], ...] = ()  # the (topic, value) in which it is new to them
    pushed: bool = False  # the shop's interest decided between it and an equal
    alike: str | None = None  # what they ordered that others ordered together with it
    offer: str | None = None  # the offer whose terms it is proposed on


@dataclass(frozen=True, slots=True)
class _Table:
    """What is laid out before choosing."""

    pack: ShopPack
    catalogue: Catalogue
    believed: Beliefs
    tastes: Tastes
    options: Mapping[str, str]
    assumed: tuple[str, ...]
    prices: Floats  # of each product in these options
    because: Mapping[int, str]  # by row: what they ordered that others ordered together with it
    barred: frozenset[tuple[str, str]]  # (module, code) that they can't have, or never want
    tailor: Tailor


def propose(
    pack: ShopPack,
    facts: Sequence[Fact],
    history: Sequence[Ordered],
    shown: Sequence[Shown],
    now: datetime,
    *,
    count: int = 3,
    seed: int = 0,
    insight: Insight = NOTHING,
    personal: bool = True,
    offers: bool = False,
    only: frozenset[str] | None = None,
    below: Decimal | None = None,
    groups: Collection[str] = (),
) -> tuple[Proposed, ...]:
    """Up to `count` products, the best first; the last is outside their habits when the catalogue allows.

    How good one is depends on what it is and on how it could be made for them: their choices kept, with what
    suits its use, within the rules and their budget (`tailoring`). Fewer, or none, when nothing
    else in stock suits: what they never want, didn't like, or turned down within a day is left out. The same
    input gives the same proposal; `seed` orders products that are equally good and draws what is new. With
    `personal=False` nothing that is remembered of the customer counts, except what they must never get: only
    what they ask for now, facts numbered below zero. With `offers` one of them may be on the terms of an
    offer that suits them. `only`: of these products; `below`: of those that cost less; `groups`: the
    customer groups they belong to.
    """
    if not personal:
        facts, history = impersonal(facts), ()
    table = _laid_out(pack, facts, history, shown, now, insight, below, groups)
    rows = _candidates(table, shown, now, only)
    if below is not None:
        rows = rows[table.prices[rows] < float(below)]
    rows = _unobjectionable(table, rows)
    field = Field(
        table.catalogue,
        table.tastes,
        ranks=_ranks(table, shown, now),
        shove=_shove(table),
        pushes=int(count * pack.shop.proposing.pushed_share),
        appeal=insight.appeal,
        seed=seed,
    )
    field, picks = _made_up(table.tailor, field, rows, count)
    offer = None
    if offers and pack.offers:
        occasion = Occasion(
            pack,
            table.catalogue,
            field.ranks,
            table.tastes.unwanted,
            table.options,
            table.assumed,
            shown,
            now,
        )
        picks, offer = with_offer(occasion, rows, picks)
    made = (_item(table, field, pick, offer) for pick in picks)
    return tuple(item for item in made if not holds_any(item.options, table.barred))


def _made_up(tailor: Tailor, plain: Field, rows: Rows, count: int) -> tuple[Field, list[Pick]]:
    """The picks, and the field they were chosen from: with what modules are worth to the customer.

    Making up every product would take long: one that wasn't yet counts as the most it can be worth, and is
    made up only when it would be picked by that.
    """
    worth, known = tailor.most.copy(), set[int]()
    while True:
        tastes = replace(plain.tastes, utility=plain.tastes.utility + worth)
        field = replace(plain, tastes=tastes, ranks=plain.ranks + worth)
        picks = chosen(field, rows, count)
        unknown = [pick.row for pick in picks if pick.row not in known]
        if tailor.exact or not unknown:
            return field, picks
        for row in unknown:
            worth[row] = tailor.made(plain.catalogue.products[row]).worth
        known.update(unknown)


def impersonal(facts: Sequence[Fact]) -> list[Fact]:
    """What still counts of somebody who doesn't want personal proposals."""
    return [fact for fact in facts if fact.id < 0 or fact.polarity is Polarity.NEVER]


def _laid_out(
    pack: ShopPack,
    facts: Sequence[Fact],
    history: Sequence[Ordered],
    shown: Sequence[Shown],
    now: datetime,
    insight: Insight,
    below: Decimal | None,
    groups: Collection[str],
) -> _Table:
    catalogue, believed = catalogue_of(pack), beliefs(facts, pack, now)
    options, assumed = configured(pack, believed, history)
    taught = lessons(pack, history, shown)
    tastes = tastes_of(catalogue, believed, history, shown, now, taught)
    drawn, because = insight.alike.drawn_to(catalogue, history)
    likely = insight.expected(catalogue, liked_by(believed))
    prices = prices_of(pack, catalogue, options)
    dear = weight_of_price(prices, taught, now)
    tastes = replace(tastes, utility=tastes.utility + drawn + likely + dear)
    barred = frozenset(
        (name, code)
        for name, module in pack.modules.items()
        for code in believed.never(name).keys() & module.options.keys()
    )
    day = now.astimezone(ZoneInfo(pack.shop.time_zone)).date()
    limit = spending_limit(pack, believed)
    if below is not None:
        less = below - pack.shop.price_step
        limit = less if limit is None else min(limit, less)
    tailor = Tailor(pack, catalogue, believed, options, assumed, barred, limit, day, groups)
    return _Table(pack, catalogue, believed, tastes, options, assumed, prices, because, barred, tailor)


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
    never = believed.never(module.topic)
    liked = [belief for belief in believed.liked(module.topic).values() if belief.value in module.options]
    liked = [belief for belief in liked if belief.value not in never]
    if liked:
        return max(liked, key=lambda belief: (belief.weight, belief.value)).value, True
    unwanted = {**believed.disliked(module.topic), **never}
    ordered = "" if module.once else last.get(module.topic, "")
    if ordered in module.options and ordered not in unwanted:
        return ordered, True
    wanted = [code for code in (module.default, *module.options) if code not in unwanted]
    return (wanted[0] if wanted else module.default), False


def _ranks(table: _Table, shown: Sequence[Shown], now: datetime) -> Floats:
    """The utility of each product, less the reluctance to show it again so soon."""
    ranks = np.round(table.tastes.utility, 9)
    for one in shown:
        row = table.catalogue.row.get(one.product)
        if row is not None and turned_down(one):
            ranks[row] -= RELUCTANCE * 0.5 ** ((now - one.at) / TIRED)
    return np.asarray(ranks)


def turned_down(one: Shown) -> bool:
    """Whether they didn't want it, rather than not at that time."""
    return one.outcome in TURNED_DOWN and one.reason not in UNTIMELY


def _shove(table: _Table) -> Floats:
    """What the shop's own interest adds to each product, by its rules."""
    rules, stocks = table.pack.shop.proposing, table.catalogue.stocks
    if not (rules.margin_weight or rules.stock_weight):
        return np.zeros(len(stocks))
    plenty = stocks / max(1.0, float(stocks.max(initial=0.0)))
    return rules.margin_weight * table.catalogue.margins + rules.stock_weight * plenty


def _candidates(table: _Table, shown: Sequence[Shown], now: datetime, only: frozenset[str] | None) -> Rows:
    catalogue = table.catalogue
    fit = catalogue.in_stock & ~table.tastes.excluded
    fit &= catalogue.stocks >= table.pack.shop.proposing.least_stock
    for product in catalogue.products if table.barred else ():
        if not can_be_made_without(table.pack, product, table.barred):
            fit[catalogue.row[product.id]] = False
    for one in shown:
        if turned_down(one) and now - one.at < REST and one.product in catalogue.row:
            fit[catalogue.row[one.product]] = False
    rows = np.flatnonzero(fit)
    if only is not None:
        rows = rows[[catalogue.products[row].id in only for row in rows]]
    return _affordable(table, rows)


def _unobjectionable(table: _Table, rows: Rows) -> Rows:
    """Those without anything they dislike, as long as there are any."""
    good = rows[~table.tastes.unwanted[rows]]
    return good if good.size else rows


def _affordable(table: _Table, rows: Rows) -> Rows:
    """Those within the customer's budget; when there are none, the few that come nearest."""
    limit = spending_limit(table.pack, table.believed)
    if limit is None:
        return rows
    within = rows[table.prices[rows] <= float(limit) + 1e-6]
    return within if within.size else rows[np.argsort(table.prices[rows], kind="stable")][:NEAREST]


def spending_limit(pack: ShopPack, believed: Beliefs) -> Decimal | None:
    """The most they want to pay for one, in the shop's currency; None when they didn't say."""
    limits = [believed.number(topic) for topic in budget_topics(pack)]
    return min((limit for limit in limits if limit is not None and limit > 0), default=None)


def budget_topics(pack: ShopPack) -> list[str]:
    """The topics whose answer is an amount of money."""
    return [topic.name for topic in pack.topics.values() if topic.kind is TopicKind.MONEY]


def _item(table: _Table, field: Field, pick: Pick, on_offer: Offer | None) -> Proposed:
    product = table.catalogue.products[pick.row]
    offer = on_offer if on_offer is not None and product.id in on_offer.products else None
    options = (table.tailor.with_choices(offer.options) if offer else table.tailor).made(product).options
    return Proposed(
        product=product.id,
        options=options,
        price=price(table.pack, on_terms(product, offer), options),
        cost=cost(table.pack, product, options),
        used=tuple(dict.fromkeys(_used(table, product, options))),
        assumed=tuple(t for t in table.assumed if t in options and not (offer and t in offer.options)),
        novel=pick.novel,
        score=round(float(field.tastes.utility[pick.row]), 6),
        new_in=pick.new_in,
        pushed=pick.pushed,
        alike=table.because.get(pick.row),
        offer=offer.id if offer else None,
    )


def _used(table: _Table, product: Product, options: Mapping[str, str]) -> Iterator[FactId]:
    """The facts that speak for a product: what it has, what it avoids, what it costs, how it is made up."""
    for belief in _matched(table, product):
        yield from belief.facts
    for belief in _avoided(table, product):
        yield from belief.facts
    yield from _fitting_budget(table, product, options)
    for topic, codes in options.items():
        for code in codes_of(codes):
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


def _fitting_budget(table: _Table, product: Product, options: Mapping[str, str]) -> Iterator[FactId]:
    amount = price(table.pack, product, options)
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
    options = fitting(pack, product, ordered.options)
    missing = tuple(topic for topic in options if topic not in ordered.options)
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
    product = pack.products[item.product]
    options = {**item.options, module: pack.modules[module].options[option].code}
    return replace(
        item,
        options=options,
        price=price(pack, product, options),
        cost=cost(pack, product, options),
        assumed=tuple(topic for topic in item.assumed if topic != module),
    )

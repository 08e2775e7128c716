"""What an answer is worth before it is given: how much better the next proposal is expected to be.

The value of information of Raiffa and Schlaifer, *Applied Statistical Decision Theory* (1961), over the
products of the catalogue: for each possible answer, the utility of what would be proposed knowing it, less
the utility of what would be proposed anyway, weighed by how probable the answer is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from one_to_one.catalogue import Catalogue, Floats, Rows, catalogue_of
from one_to_one.facts import Fact, Polarity
from one_to_one.history import Ordered
from one_to_one.preferences import Beliefs, beliefs
from one_to_one.proposals import budget_topics, configured
from one_to_one.shop import Module, ShopPack, Topic
from one_to_one.tastes import DISLIKE, LIKE, Tastes, tastes_of

RANKS = (0.5, 0.3, 0.2)
"""How much the first, second and third proposed product count."""

NEVER = -3.0
"""What proposing something the customer never wants costs, in units of utility."""

OVER_BUDGET = -1.5
"""What proposing something beyond the customer's budget costs."""

HAS_LIMIT = 0.4
"""How probable it is that a customer's budget rules anything out."""

ANY_AVERSION = 0.25
"""How probable it is that a customer has anything at all to name where the question is what to avoid."""

DEFAULT_SHARE = 2.0
"""How many times likelier than another option a module's default is what the customer wants."""

WRONG_OPTION = 0.3
"""What a wrongly assumed option costs at least; a difference in price adds to it."""

DOUBLE_PRICE = 0.1
"""What it adds when the wanted option costs twice, or half, as much as the assumed one."""

EFFECT = {Polarity.LIKES: LIKE, Polarity.DISLIKES: DISLIKE, Polarity.NEVER: NEVER}


@dataclass(frozen=True, slots=True)
class Worth:
    """What an answer is worth, before the burden of asking."""

    gain: float  # in units of utility
    between: tuple[str, str] | None = None  # the two products it decides between
    module: bool = False  # it fills a module that would otherwise be assumed


NOTHING = Worth(0.0)


@dataclass(frozen=True, slots=True)
class Answering:
    """One possible answer: how probable it is, and what it changes for which products."""

    chance: float
    rows: Rows
    change: float


type Best = list[int]
"""The rows of what would be proposed, the best first."""


@dataclass(frozen=True, slots=True)
class View:
    """The catalogue as one customer would see it now."""

    pack: ShopPack
    catalogue: Catalogue
    believed: Beliefs
    tastes: Tastes
    options: Mapping[str, str]
    utility: Floats  # of each product; minus infinity where it can't be proposed
    best: Best  # the products that would be proposed now, the best first
    ordered: bool  # whether the customer has ordered anything yet


def view_of(pack: ShopPack, facts: Sequence[Fact], history: Sequence[Ordered], now: datetime) -> View:
    """The catalogue as seen with these facts and orders."""
    catalogue, believed = catalogue_of(pack), beliefs(facts, pack, now)
    tastes = tastes_of(catalogue, believed, history, (), now)
    options, _ = configured(pack, believed, history)
    utility = np.where(catalogue.in_stock & ~tastes.excluded, tastes.utility, -np.inf)
    return View(pack, catalogue, believed, tastes, options, utility, top_of(utility), bool(history))


def worth_of(view: View, topic: Topic) -> Worth | None:
    """What the answer is worth for the next proposal; None when no proposal depends on this topic."""
    if topic.name in view.pack.modules:
        return _of_option(view, view.pack.modules[topic.name])
    if topic.name in view.catalogue.columns:
        return _of_taste(view, topic)
    if topic.name in budget_topics(view.pack):
        return _of_budget(view)
    return None


def _of_taste(view: View, topic: Topic) -> Worth:
    columns = view.catalogue.columns[topic.name]
    effect = EFFECT[topic.answer]
    answers = [
        Answering(chance, view.catalogue.members[column], effect * _unit(view, topic, column))
        for column, chance in _chances(view, topic, columns)
    ]
    return _gain(view, _without(view, columns), answers)


def _unit(view: View, topic: Topic, column: int) -> float:
    return float(view.catalogue.unit[column]) if topic.answer is Polarity.LIKES else 1.0


def _without(view: View, columns: range) -> Floats:
    """The utility without what the topic's own, perhaps outdated, likes add to it."""
    known = {c: -view.tastes.weights[c] for c in columns if view.tastes.weights.get(c, 0.0) > 0}
    return view.utility + view.catalogue.sums(known) if known else view.utility


def _chances(view: View, topic: Topic, columns: range) -> Iterator[tuple[int, float]]:
    """How probable each value is as the answer: common ones more, unwanted ones not at all."""
    unwanted = {**view.believed.disliked(topic.name), **view.believed.never(topic.name)}
    possible = [column for column in columns if view.catalogue.values[column][1] not in unwanted]
    common = sum(float(view.catalogue.share[column]) for column in possible)
    any_answer = 1.0 if topic.answer is Polarity.LIKES else ANY_AVERSION
    for column in possible:
        share = float(view.catalogue.share[column]) / common
        yield column, any_answer * (share + 1.0 / len(possible)) / 2.0


def _of_budget(view: View) -> Worth:
    """The gain from knowing the budget, which may be any of the prices asked for."""
    prices = view.catalogue.prices * _factor(view)
    fit = prices[np.isfinite(view.utility)]
    if not fit.size:
        return NOTHING
    limits = np.quantile(fit, [0.0, 0.25, 0.5, 0.75, 1.0], method="higher")
    chance = HAS_LIMIT / len(limits)
    answers = [Answering(chance, np.flatnonzero(prices > limit), OVER_BUDGET) for limit in limits]
    return _gain(view, view.utility, answers)


def _factor(view: View) -> float:
    """What the chosen options multiply a price by."""
    factors = (module.options[view.options[topic]].factor for topic, module in view.pack.modules.items())
    return float(np.prod([float(factor) for factor in factors]))


def _gain(view: View, base: Floats, answers: Sequence[Answering]) -> Worth:
    """`base`: the utility before any of the answers."""
    if not view.best:
        return NOTHING
    first = view.best if base is view.utility else top_of(base)
    gains = [_gain_from(view.best, base, first, answer) for answer in answers]
    total = sum(gain for gain, _ in gains)
    if total <= 1e-9:
        return NOTHING
    _, best = max(gains, key=lambda gain: gain[0])
    return Worth(total, _pair(view, best))


def _gain_from(now: Best, base: Floats, first: Best, answer: Answering) -> tuple[float, Best]:
    """What one answer adds, its probability counted, and what would be proposed then."""
    best, informed = _informed(base, first, answer)
    anyway = _changed(base, now, answer)
    gain = sum(rank * (informed[row] - anyway[old]) for rank, row, old in zip(RANKS, best, now, strict=False))
    return answer.chance * gain, best


def _informed(base: Floats, first: Best, answer: Answering) -> tuple[Best, dict[int, float]]:
    """What would be proposed knowing the answer, and the utility of everything that might be."""
    if answer.change > 0:
        gaining = [int(answer.rows[place]) for place in top_of(base[answer.rows])]
        utility = _changed(base, [*first, *gaining], answer)
    else:
        changed = base.copy()
        changed[answer.rows] += answer.change
        utility = {row: float(changed[row]) for row in top_of(changed)}
    return sorted(utility, key=lambda row: (-utility[row], row))[: len(RANKS)], utility


def _changed(base: Floats, rows: Best, answer: Answering) -> dict[int, float]:
    """The utility of a few products once the answer is known."""
    affected = _among(answer.rows, rows)
    return {
        row: float(base[row]) + (answer.change if hit else 0.0)
        for row, hit in zip(rows, affected, strict=True)
    }


def _among(members: Rows, rows: Best) -> list[bool]:
    """Which of `rows` are among the members, which are in ascending order."""
    places = np.searchsorted(members, rows).tolist()
    return [
        place < len(members) and int(members[place]) == row for place, row in zip(places, rows, strict=True)
    ]


def top_of(utility: Floats) -> Best:
    """The rows of the best products, the best first; equals in the order of their rows."""
    count = min(len(RANKS), len(utility))
    if count == 0:
        return []
    least = utility[np.argpartition(utility, -count)[-count:]].min() if len(utility) > count else -np.inf
    rows = np.flatnonzero(utility >= least).tolist()
    values = {row: float(utility[row]) for row in rows}
    fit = [row for row in rows if values[row] > -np.inf]
    return sorted(fit, key=lambda row: (-values[row], row))[:count]


def _pair(view: View, informed: Best) -> tuple[str, str] | None:
    """The product proposed first now, and the first other one that the best answer would put forward."""
    now = view.best[0]
    others = [row for row in informed if row != now]
    return (view.catalogue.products[now].id, view.catalogue.products[others[0]].id) if others else None


def _of_option(view: View, module: Module) -> Worth:
    """The expected loss of assuming an option, which the answer avoids."""
    unwanted = {**view.believed.disliked(module.topic), **view.believed.never(module.topic)}
    assumed = view.options[module.topic]
    chances = {
        code: DEFAULT_SHARE if code == assumed else 1.0 for code in module.options if code not in unwanted
    }
    if len(chances) < 2:
        return NOTHING
    losses = [chance * _loss(module, assumed, code) for code, chance in chances.items()]
    return Worth(sum(losses) / sum(chances.values()), module=True)


def _loss(module: Module, assumed: str, wanted: str) -> float:
    if assumed == wanted:
        return 0.0
    ratio = float(module.options[wanted].factor / module.options[assumed].factor)
    return min(1.0, WRONG_OPTION + DOUBLE_PRICE * abs(float(np.log2(max(ratio, 1e-6)))))

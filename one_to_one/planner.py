"""Which question is worth asking next: the one whose answer would change the proposal for the better."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from one_to_one.catalogue import Catalogue, Flags, Floats, Rows, catalogue_of
from one_to_one.facts import Fact, FactId, Polarity
from one_to_one.history import Ordered
from one_to_one.ledger import Question, budget, may_ask, wording
from one_to_one.preferences import Beliefs, beliefs, confidence_at, is_stale
from one_to_one.pricing import price
from one_to_one.proposals import budget_topics, configured
from one_to_one.shop import Module, ShopPack, Topic
from one_to_one.tastes import DISLIKE, LIKE, Tastes, tastes_of

NEVER = -3.0
"""What proposing something the customer never wants costs, in units of utility."""

OVER_BUDGET = 1.5
"""What proposing something beyond the customer's budget costs."""

ANY_AVERSION = 0.25
"""How probable it is that a customer has anything at all to name where the question is what to avoid."""

DEFAULT_SHARE = 2.0
"""How many times likelier than another option a module's default is what the customer wants."""

WRONG_OPTION = 0.3
"""What a wrongly assumed option costs at least; a difference in price adds to it."""

RELATIONSHIP = 0.02
"""What any answer is worth for the relationship, where nothing in the catalogue depends on it."""

EFFECT = {Polarity.LIKES: LIKE, Polarity.DISLIKES: DISLIKE, Polarity.NEVER: NEVER}


@dataclass(frozen=True, slots=True)
class Planned:
    """The question to ask next, and what it is worth."""

    topic: str
    value: float  # expected gain in utility less the burden of asking
    wording: int  # index of the wording of the topic's question
    stale: FactId | None = None  # set: an old answer to confirm, rather than an open question
    between: tuple[str, str] | None = None  # the two products the answer decides between
    module: bool = False  # the answer fills a module that would otherwise be assumed


@dataclass(frozen=True, slots=True)
class _Worth:
    """What an answer is worth before the burden of asking."""

    gain: float
    between: tuple[str, str] | None = None
    module: bool = False


@dataclass(frozen=True, slots=True)
class _View:
    """The customer and the catalogue, as the planner sees them."""

    pack: ShopPack
    catalogue: Catalogue
    believed: Beliefs
    tastes: Tastes
    options: Mapping[str, str]
    fit: Flags  # the products that could be proposed


def next_question(
    pack: ShopPack,
    facts: Sequence[Fact],
    ledger: Mapping[str, Question],
    spent: int,
    now: datetime,
    *,
    contact: int | None = None,
    history: Sequence[Ordered] = (),
) -> Planned | None:
    """The question with the highest value of information, or None when no question is worth its burden.

    `spent` counts the questions of this contact. See Raiffa and Schlaifer (1961) on the expected value of
    information, and docs/planner.md for an example.
    """
    if spent >= budget(pack.shop):
        return None
    view = _seen(pack, facts, history, now)
    stale = _stale_facts(pack, facts, now)
    planned = [
        one
        for topic in _open_topics(view, ledger, stale, now, contact)
        if (one := _planned(view, topic, ledger.get(topic.name), stale.get(topic.name), now)) is not None
    ]
    return min(planned, key=lambda one: (-round(one.value, 9), one.topic), default=None)


def _seen(pack: ShopPack, facts: Sequence[Fact], history: Sequence[Ordered], now: datetime) -> _View:
    catalogue, believed = catalogue_of(pack), beliefs(facts, pack, now)
    tastes = tastes_of(catalogue, believed, history, (), now)
    options, _ = configured(pack, believed)
    return _View(pack, catalogue, believed, tastes, options, catalogue.in_stock & ~tastes.excluded)


def _stale_facts(pack: ShopPack, facts: Sequence[Fact], now: datetime) -> dict[str, Fact]:
    """By topic, the fact most in need of being confirmed: the least believed of the old ones."""
    stale: dict[str, Fact] = {}
    for fact in sorted(facts, key=lambda fact: fact.id):
        topic = pack.topics.get(fact.topic)
        if topic is not None and is_stale(fact, topic, now):
            stale.setdefault(fact.topic, fact)
    return stale


def _open_topics(
    view: _View, ledger: Mapping[str, Question], stale: Mapping[str, Fact], now: datetime, contact: int | None
) -> Iterator[Topic]:
    careful = _must_be_careful(view.pack, ledger)
    for topic in view.pack.topics.values():
        old = topic.name in stale
        unanswered = not view.believed.answered(topic.name) or old
        askable = may_ask(ledger.get(topic.name), now, contact=contact, stale=old)
        if unanswered and askable and not (topic.sensitive and careful):
            yield topic


def _must_be_careful(pack: ShopPack, ledger: Mapping[str, Question]) -> bool:
    """Whether a sensitive question has to wait: nothing was asked yet, or the last one was sensitive."""
    asked = [question for question in ledger.values() if question.times_asked > 0]
    if not asked:
        return True
    last = pack.topics.get(max(asked, key=lambda question: question.at).topic)
    return last is not None and last.sensitive


def _planned(
    view: _View, topic: Topic, question: Question | None, stale: Fact | None, now: datetime
) -> Planned | None:
    doubt = 1.0 if stale is None else 1.0 - confidence_at(stale, topic, now)
    worth = _worth(view, topic)
    if worth is None:
        value = _relationship(view, topic) * doubt
        worth = _Worth(0.0)
    else:
        value = worth.gain * doubt - topic.burden
    if value <= 0:
        return None
    old = None if stale is None else stale.id
    return Planned(topic.name, value, wording(question), old, worth.between, worth.module)


def _worth(view: _View, topic: Topic) -> _Worth | None:
    """What the answer is worth for the next proposal; None when no proposal depends on this topic."""
    if topic.name in view.pack.modules:
        return _worth_of_option(view, view.pack.modules[topic.name])
    if topic.name in view.catalogue.columns:
        return _worth_of_taste(view, topic)
    if topic.name in budget_topics(view.pack):
        return _worth_of_budget(view)
    return None


def _relationship(view: _View, topic: Topic) -> float:
    """What knowing it is worth between people; nothing before the first useful answer."""
    if not any(view.believed.stances.values()):
        return 0.0
    return (topic.worth or RELATIONSHIP) * (1.0 - min(1.0, topic.burden))


def _worth_of_taste(view: _View, topic: Topic) -> _Worth:
    """The expected gain when the answer decides what is proposed first."""
    columns = view.catalogue.columns[topic.name]
    prior = _prior(view, topic, columns)
    rows = np.flatnonzero(view.fit)
    if not rows.size or not prior.any():
        return _Worth(0.0)
    changes = EFFECT[topic.answer] * view.catalogue.has[rows, columns].T
    return _gain(view, rows, view.tastes.utility[rows] - _known(view, rows, columns), changes, prior)


def _known(view: _View, rows: Rows, columns: slice) -> Floats:
    """What the topic's own, perhaps outdated, likes add to the utility now."""
    weights = np.maximum(view.tastes.weights[columns], 0.0)
    return np.asarray(view.catalogue.has[rows, columns] @ weights)


def _prior(view: _View, topic: Topic, columns: slice) -> Floats:
    """How probable each value is as the answer: common values more, unwanted ones not at all."""
    share = view.catalogue.share[columns]
    count = len(share)
    prior = 0.5 * share / max(share.sum(), 1e-12) + 0.5 / count
    unwanted = {**view.believed.disliked(topic.name), **view.believed.never(topic.name)}
    prior[[view.catalogue.values[columns.start + n][1] in unwanted for n in range(count)]] = 0.0
    total = prior.sum()
    aversion = 1.0 if topic.answer is Polarity.LIKES else ANY_AVERSION
    return np.asarray(aversion * prior / total if total > 0 else prior)


def _gain(view: _View, rows: Rows, utility: Floats, changes: Floats, prior: Floats) -> _Worth:
    """The expected gain over what would be proposed without the answer.

    `changes`: one row per answer, what it adds to the utility of each product in `rows`.
    """
    now_best = int(np.argmax(view.tastes.utility[rows]))
    informed = utility[None, :] + changes
    best = informed.argmax(axis=1)
    better = prior * (informed[np.arange(len(prior)), best] - informed[:, now_best])
    if better.max(initial=0.0) <= 1e-12:
        return _Worth(0.0)
    products = view.catalogue.products
    rival = int(best[int(np.argmax(better))])
    return _Worth(float(better.sum()), (products[rows[now_best]].id, products[rows[rival]].id))


def _worth_of_budget(view: _View) -> _Worth:
    """The gain from knowing the budget, which may be any of the prices asked for."""
    rows = np.flatnonzero(view.fit)
    if not rows.size:
        return _Worth(0.0)
    prices = np.array([float(price(view.pack, view.catalogue.products[r], view.options)) for r in rows])
    limits = np.quantile(prices, [0.0, 0.25, 0.5, 0.75, 1.0], method="higher")
    over = -OVER_BUDGET * (prices[None, :] > limits[:, None])
    return _gain(view, rows, view.tastes.utility[rows], over, np.full(len(limits), 1.0 / len(limits)))


def _worth_of_option(view: _View, module: Module) -> _Worth:
    """The expected loss of assuming the default, which the answer avoids."""
    unwanted = {**view.believed.disliked(module.topic), **view.believed.never(module.topic)}
    codes = [code for code in module.options if code not in unwanted]
    if len(codes) < 2:
        return _Worth(0.0)
    assumed = view.options[module.topic]
    chances = {code: DEFAULT_SHARE if code == assumed else 1.0 for code in codes}
    losses = {code: _loss(module, assumed, code) for code in codes}
    return _Worth(sum(chances[c] * losses[c] for c in codes) / sum(chances.values()), module=True)


def _loss(module: Module, assumed: str, wanted: str) -> float:
    if assumed == wanted:
        return 0.0
    ratio = float(module.options[wanted].factor / module.options[assumed].factor)
    return min(1.0, WRONG_OPTION + 0.1 * abs(float(np.log2(max(ratio, 1e-6)))))

"""What an answer is worth to one customer of the shop: how much better the next proposal is expected to be.

The case that the shop lays before the decision (`deciding.py`): the utility of what would be proposed
knowing the answer, less the utility, knowing it, of what would be proposed anyway; over the whole catalogue.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from heapq import merge
from math import log2

import numpy as np

from one_to_one.catalogue import YEAR, Catalogue, Flags, Floats, Rows, catalogue_of
from one_to_one.crowd import Crowd
from one_to_one.deciding import LEAST, Answer, Outlook
from one_to_one.facts import Fact, Polarity
from one_to_one.history import Ordered
from one_to_one.insight import NOTHING as NOBODY
from one_to_one.insight import Insight
from one_to_one.preferences import Beliefs, beliefs
from one_to_one.pricing import factor_of
from one_to_one.proposals import configured
from one_to_one.shop import Module, ShopPack, TopicKind
from one_to_one.shortlist import EQUAL, Look, Shortlist, leading, shortlist
from one_to_one.tastes import LIKE, Tastes, tastes_of

RANKS = (0.5, 0.3, 0.2)
"""How much the first, second and third proposed product count."""

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

SEEN = 0.25
"""How far the option of somebody is still doubted who has ordered with what was assumed in view."""

PROPOSALS = 4.0
"""So many more proposals an answer serves that holds for ever: the customer comes back. Half as many with a
half-life of a year."""

BELIEVED = 0.3
"""A like believed less than this says nothing about what similar customers would answer."""

NOTHING = Outlook(())


@dataclass(frozen=True, slots=True)
class View:
    """The catalogue as one customer would see it now."""

    pack: ShopPack
    catalogue: Catalogue
    believed: Beliefs
    tastes: Tastes
    options: Mapping[str, str]
    utility: Floats  # of each product, by what is known and by others' choices; -inf: can't be proposed
    ordered: bool  # whether the customer has ordered anything yet


def view_of(
    pack: ShopPack,
    facts: Sequence[Fact],
    history: Sequence[Ordered],
    now: datetime,
    insight: Insight = NOBODY,
) -> View:
    """The catalogue as seen with these facts and orders, and with what similar customers chose."""
    catalogue, believed = catalogue_of(pack), beliefs(facts, pack, now)
    tastes = tastes_of(catalogue, believed, history, (), now)
    options, _ = configured(pack, believed, history)
    chosen = tastes.utility + insight.drawn(catalogue, believed, history)
    utility = np.where(catalogue.in_stock & ~tastes.excluded, chosen, -np.inf)
    return View(pack, catalogue, believed, tastes, options, utility, bool(history))


def bears(view: View, topic: str) -> bool:
    """Whether a proposal depends on the topic."""
    return topic in view.pack.modules or topic in view.catalogue.columns or topic in view.catalogue.limits


@dataclass(frozen=True)
class Case:
    """One customer of the shop as the decision sees them; a `deciding.Problem`."""

    view: View
    topics: Collection[str]  # that may be asked now
    doubts: Mapping[str, float]  # topic -> how far its known answer is doubted; 1 where none is known
    crowd: Crowd | None = None  # what similar customers answer; None: the catalogue alone counts
    repeated: Collection[str] = ()  # topics asked before, without an answer
    imagined: Mapping[str, str] | None = None  # topic -> answer, of questions that are only thought of
    pictured: Shortlist | None = None  # the list with these answers
    before: Case | None = None  # the case with no answer thought of; None: it is this one
    options: dict[str, Outlook] = field(default_factory=dict)  # of modules, once looked at
    looks: dict[str, tuple[Look, int]] = field(
        default_factory=dict
    )  # tastes looked at, and where in the look

    def burden(self, topic: str) -> float:
        """What asking costs the customer; between people it is a share of what knowing is worth."""
        burden = self.view.pack.topics[topic].burden
        return burden if bears(self.view, topic) else self._relationship(topic) * min(1.0, burden)

    def prospects(self) -> Iterator[tuple[str, float]]:
        """What may be asked, with what it is worth at most, the highest first."""
        tastes = self.view.catalogue.tastes
        others = [topic for topic in self.topics if topic not in tastes]
        known = sorted((self.burden(topic) - self._at_most(topic), topic) for topic in others)
        for deficit, topic in merge(known, self._promising()):
            yield topic, -deficit

    def _at_most(self, topic: str) -> float:
        """What can be gained by the answer to something else than a taste."""
        if topic in self.view.pack.modules:
            return self._whole._modules_at_most[topic]
        if topic in self.view.catalogue.limits:
            return self._budget_at_most
        return self._relationship(topic) * self._doubt(topic)

    def _promising(self) -> Iterator[tuple[float, str]]:
        """The tastes, those first that are worth most at most; with how far that falls short of nothing."""
        if len(self.leaders.rows) and self._tastes.size:
            names, imagined = self.view.catalogue.topics, self.imagined or {}
            deficit = -self._worth_at_most
            order = np.argsort(deficit)
            for place, least in zip(self._tastes[order].tolist(), deficit[order].tolist(), strict=True):
                if names[place] not in imagined:
                    yield least, names[place]

    @property
    def _whole(self) -> Case:
        """The case with no answer thought of: what answers don't change is worked out once, in it."""
        return self if self.before is None else self.before

    @cached_property
    def _tastes(self) -> Rows:
        """The places of the tastes that may be asked; an answer thought of leaves its own among them."""
        if self.before is not None:
            return self.before._tastes
        place, tastes = self.view.catalogue.place, self.view.catalogue.tastes
        return np.array(sorted(place[topic] for topic in self.topics if topic in tastes), dtype=np.intp)

    @cached_property
    def _look(self) -> Look:
        """At all answers about tastes, by the products that lead."""
        return self.leaders.look(self._tastes)

    @property
    def _worth_at_most(self) -> Floats:
        """Of each of the tastes: gain less burden, at most.

        By the chances of the answers where these hold; else by the best answer.
        """
        catalogue, starts, whole = self.view.catalogue, self._whole._starts, self._whole
        worth = self._look.most * whole._counts
        highest = np.maximum.reduceat(worth, starts)
        expected = np.add.reduceat(self._likely * worth, starts)
        gain = np.where(self._open[self._tastes], np.minimum(highest, expected), highest)
        return np.asarray(gain * whole._weight - catalogue.burdens[self._tastes])

    @cached_property
    def _starts(self) -> Rows:
        """Of each of the tastes: where its answers begin among those of all."""
        sizes = self.view.catalogue.sizes[self._tastes]
        return np.asarray(np.cumsum(sizes) - sizes)

    @cached_property
    def _likely(self) -> Floats:
        """Of each answer about tastes: it is no likelier."""
        catalogue = self.view.catalogue
        if self.crowd is None:
            return catalogue.likely[self._look.columns]
        return self.crowd.answers_at_most(catalogue, self._given)[self._look.columns]

    @cached_property
    def _open(self) -> Flags:
        """Of each topic: whether nothing is known that rules answers out or makes them likelier."""
        place = self.view.catalogue.place
        if self.before is None:
            stances, unspoken = self.view.believed.stances, np.ones(len(place), dtype=bool)
            spoken = [*self._given, *stances[Polarity.DISLIKES], *stances[Polarity.NEVER]]
        else:
            unspoken, spoken = self.before._open.copy(), [*(self.imagined or {})]
        unspoken[[place[topic] for topic in spoken if topic in place]] = False
        return unspoken

    @cached_property
    def _weight(self) -> Floats:
        """Of each of the tastes: how far a gain counts; there may be nothing to tell, or it was told once."""
        catalogue = self.view.catalogue
        weight = np.where(catalogue.averse, ANY_AVERSION, 1.0)
        for topic, doubt in self.doubts.items():
            if topic in catalogue.place:
                weight[catalogue.place[topic]] *= doubt
        return np.asarray(weight[self._tastes])

    @cached_property
    def _counts(self) -> Floats:
        """Of each answer about tastes: how many times its gain in one proposal counts. See `_count`."""
        catalogue, columns = self.view.catalogue, self._look.columns
        served = _served(catalogue.half_lives)[catalogue.topic_of[columns]]
        return np.asarray(served * LIKE / catalogue.unit[columns])

    def _count(self, column: int) -> float:
        """How many times the gain of one value in one proposal counts.

        An answer serves later proposals too, as long as it holds. Who may name several values names more than
        one, and together they count as one does where only one fits.
        """
        catalogue = self.view.catalogue
        half_life = float(catalogue.half_lives[catalogue.topic_of[column]])
        return _served(half_life) * LIKE / float(catalogue.unit[column])

    def _unwanted(self, topic: str) -> Collection[str]:
        """The values they would rather not have: none of these is the answer."""
        return [*self.view.believed.disliked(topic), *self.view.believed.never(topic)]

    def outlook(self, topic: str) -> Outlook:
        """What asking may bring for the next proposal, or between people."""
        if topic in self.view.pack.modules:
            once = self.view.pack.modules[topic].once  # said with each order: no lasting answer to ask for
            return NOTHING if once else self._of_module(topic)
        if topic in self.view.catalogue.columns:
            return self._of_taste(topic)
        if topic in self.view.catalogue.limits:
            return self._of_budget
        worth = self._relationship(topic) * self._doubt(topic)
        return Outlook((Answer("", 1.0, worth),)) if worth > LEAST else NOTHING

    def answered(self, topic: str, value: str) -> Case:
        """The case once this answer is known. What comes after is estimated from the catalogue alone."""
        column = self.view.catalogue.column.get((topic, value))
        pictured = self.leaders if column is None else self.leaders.given(column)
        left = [one for one in self.topics if one != topic]
        imagined = {**(self.imagined or {}), topic: value}
        return replace(
            self,
            topics=left,
            crowd=None,
            imagined=imagined,
            pictured=pictured,
            looks={},
            before=self.before or self,
        )

    @cached_property
    def leaders(self) -> Shortlist:
        """The products that any answer could bring to the top."""
        if self.pictured is not None:
            return self.pictured
        view = self.view
        return shortlist(view.pack, view.catalogue, view.believed, view.utility, RANKS)

    def _doubt(self, topic: str) -> float:
        return self.doubts.get(topic, 1.0)

    def _any(self, topic: str) -> float:
        """How probable it is that there is anything to answer."""
        return 1.0 if self.view.pack.topics[topic].answer is Polarity.LIKES else ANY_AVERSION

    def _relationship(self, topic: str) -> float:
        """What knowing it is worth between people: the more, the less of their tastes is left to ask.

        A name is worth the whole once they have ordered, the first time it is asked.
        """
        one = self.view.pack.topics[topic]
        if self.view.ordered and one.kind is TopicKind.NAME and topic not in self.repeated:
            return one.worth
        return one.worth * self._acquaintance

    @cached_property
    def _acquaintance(self) -> float:
        """The share of the topics of taste of which something is known."""
        tastes, believed = self.view.catalogue.columns, self.view.believed
        known = sum(believed.answered(topic) or topic in (self.imagined or {}) for topic in tastes)
        return known / len(tastes) if tastes else float(any(believed.stances.values()))

    @cached_property
    def _given(self) -> dict[str, list[str]]:
        """What is liked, as far as it is still believed: by this others are alike."""
        liked = self.view.believed.stances[Polarity.LIKES]
        given = {
            topic: [code for code, belief in values.items() if belief.weight >= BELIEVED]
            for topic, values in liked.items()
        }
        imagined = {topic: [value] for topic, value in (self.imagined or {}).items()}
        return {topic: codes for topic, codes in given.items() if codes} | imagined

    def _chances(self, topic: str) -> dict[str, float]:
        """How probable each value is as the answer: what isn't wanted is not; sums to 1, or is empty."""
        given = {name: codes for name, codes in self._given.items() if name != topic}
        chances = self._common(topic) if self.crowd is None else self.crowd.answer_chances(topic, given)
        unwanted = self._unwanted(topic)
        possible = {code: chance for code, chance in chances.items() if chance > 0 and code not in unwanted}
        total = sum(possible.values())
        return {code: chance / total for code, chance in possible.items()} if total > 0 else {}

    def _common(self, topic: str) -> Mapping[str, float]:
        """What the catalogue alone lets expect."""
        catalogue, module = self.view.catalogue, self.view.pack.modules.get(topic)
        if module is not None:
            assumed = self.view.options[topic]
            return {code: DEFAULT_SHARE if code == assumed else 1.0 for code in module.options}
        columns = catalogue.columns.get(topic, range(0))
        return {catalogue.values[column][1]: float(catalogue.likely[column]) for column in columns}

    def _of_module(self, topic: str) -> Outlook:
        """Whatever their taste, the same: what is only thought of says nothing of it."""
        if self.before is not None:
            return self.before._of_module(topic)
        if topic not in self.options:
            module, doubt = self.view.pack.modules[topic], self._module_doubt(topic)
            losses = self._losses(module)
            self.options[topic] = Outlook(
                tuple(
                    Answer(code, chance, losses[code] * doubt)
                    for code, chance in self._chances(topic).items()
                    if code in losses
                )
            )
        return self.options[topic]

    def _of_taste(self, topic: str) -> Outlook:
        weight = self._doubt(topic)
        return Outlook(
            tuple(
                self._answer(topic, code, chance * self._any(topic), weight)
                for code, chance in self._chances(topic).items()
                if (topic, code) in self.view.catalogue.column
            )
        )

    def _answer(self, topic: str, code: str, chance: float, weight: float) -> Answer:
        column = self.view.catalogue.column[topic, code]
        if not len(self.leaders.rows):
            return Answer(code, chance, 0.0)
        look = self._look
        if look.places[column] < 0:  # it may not be asked: looked at all the same, for who wants to know why
            look = self.leaders.look(np.array([self.view.catalogue.place[topic]]))
        place = look.places[column]
        if look.exact[place]:
            gain, row = float(look.gains[place]), int(self.leaders.rows[look.first[place]])
        else:
            gain, row = self._over_all(column, float(look.last[place]))
        weight *= self._count(column)
        return Answer(code, chance, gain * weight, self.view.catalogue.products[row].id)

    def _over_all(self, column: int, last: float) -> tuple[float, int]:
        """The gain of an answer, and the row of what would be first then; `last`: the worst that would be
        proposed of those that lead.

        Of a taste nothing is known of, only who has the value can rise.
        """
        effects, members = self.leaders.effects, self.view.catalogue.members[column]
        topic = self.view.catalogue.topic_of[column]
        new = not (effects.liked[topic] or effects.averse[topic]) and self.leaders.rest <= last
        if new:
            then = self._utility[members] + effects.of_new(column, members)
            rows = self._with_leaders(members[then >= last - EQUAL])
        else:
            rows = self._contenders(last - float(effects.rise[column]))
        return self._weighed(rows, effects.of(column, rows))

    def _contenders(self, least: float) -> Rows:
        """The rows of what leads, and of whatever else has so much utility."""
        return self._with_leaders(np.flatnonzero(self._utility >= least - EQUAL))

    def _with_leaders(self, rows: Rows) -> Rows:
        return np.union1d(rows, self.leaders.rows)

    def _weighed(self, rows: Rows, change: Floats) -> tuple[float, int]:
        """The gain of an answer that changes these products so, and the row of what would be first then."""
        utility = self._utility[rows] + change
        best, _ = leading(utility, len(RANKS))
        anyway = np.searchsorted(rows, self.leaders.leads)
        return float(np.array(RANKS[: len(best)]) @ (utility[best] - utility[anyway])), int(rows[best[0]])

    @cached_property
    def _utility(self) -> Floats:
        """Of every product, with the answers that are only thought of."""
        utility = self.view.utility
        for topic, value in (self.imagined or {}).items():
            column = self.view.catalogue.column.get((topic, value))
            if column is not None:
                utility = utility + self.leaders.effects.of(column, np.arange(len(utility)))
        return utility

    @cached_property
    def _of_budget(self) -> Outlook:
        """The gain from knowing the budget, which may be any of the prices asked for."""
        limits, rows = self.view.catalogue.quartiles, self.leaders.rows
        if not len(rows) or not len(limits):
            return NOTHING
        gains, first, last = self.leaders.changed(_beyond(limits[:, None], self.view.catalogue.prices[rows]))
        told = zip(limits.tolist(), gains.tolist(), rows[first].tolist(), last.tolist(), strict=True)
        return Outlook(tuple(self._limited(HAS_LIMIT / len(limits), *one) for one in told))

    def _limited(self, chance: float, limit: float, gain: float, row: int, last: float) -> Answer:
        """One limit, as it looks by the products that lead; over all, where those don't settle it."""
        if last < self.leaders.rest - EQUAL:
            rows = self._contenders(last)
            gain, row = self._weighed(rows, _beyond(limit, self.view.catalogue.prices[rows]))
        return Answer(f"{limit:g}", chance, gain * self._limit_serves, self.view.catalogue.products[row].id)

    @cached_property
    def _budget_at_most(self) -> float:
        """As if what would take the place of what is too dear were as good."""
        leads, limits = self.leaders.leads, self.view.catalogue.quartiles
        if not len(leads) or not len(limits):
            return 0.0
        over = self.view.catalogue.prices[leads] > limits[:, None]
        lost = float((over @ np.array(RANKS[: len(leads)])).sum()) / len(limits)
        return HAS_LIMIT * lost * -OVER_BUDGET * self._limit_serves

    @cached_property
    def _limit_serves(self) -> float:
        """How many proposals it serves to know the budget."""
        topics = self.view.pack.topics
        return max(_served(topics[name].half_life / YEAR) for name in self.view.catalogue.limits)

    @cached_property
    def _modules_at_most(self) -> dict[str, float]:
        modules = self.view.pack.modules
        return {topic: self._module_at_most(modules[topic]) for topic in self.topics if topic in modules}

    def _module_at_most(self, module: Module) -> float:
        """As if every answer but what is assumed were the one that it costs most to have got wrong."""
        if module.once or not module.options:
            return 0.0
        factors, expected = self.view.catalogue.factors[module.topic], self._expected_factor(module)
        worst = max(_loss(max(factors.values()) / expected), _loss(min(factors.values()) / expected))
        even = self.crowd is None and self.view.options[module.topic] in factors
        wrong = 1.0 - DEFAULT_SHARE / (DEFAULT_SHARE + len(factors) - 1) if even else 1.0
        return wrong * worst * self._module_doubt(module.topic)

    def _losses(self, module: Module) -> dict[str, float]:
        """By option that may be wanted: what it costs to have assumed another."""
        factors, expected = self.view.catalogue.factors[module.topic], self._expected_factor(module)
        assumed = self.view.options[module.topic]
        return {c: 0.0 if c == assumed else _loss(factor / expected) for c, factor in factors.items()}

    def _expected_factor(self, module: Module) -> float:
        """How many times as much it costs as is assumed."""
        assumed = self.view.options[module.topic]
        return self.view.catalogue.factors[module.topic].get(assumed) or float(factor_of(module, assumed))

    def _module_doubt(self, topic: str) -> float:
        return self._doubt(topic) * (SEEN if self.view.ordered else 1.0)


def _served[Years: (float, Floats)](half_life: Years) -> Years:
    """How many proposals an answer serves until it has aged, this one included."""
    return 1.0 + PROPOSALS * half_life / (half_life + 1.0)


def _beyond(limit: float | Floats, prices: Floats) -> Floats:
    return np.where(prices > limit, OVER_BUDGET, 0.0)


def _loss(ratio: float) -> float:
    """Of an option that costs so many times what the assumed one does."""
    return min(1.0, WRONG_OPTION + DOUBLE_PRICE * abs(log2(max(ratio, 1e-6))))


def decides_between(case: Case, outlook: Outlook) -> tuple[str, str] | None:
    """The two products the answer decides between first of all; None when it is about no product.

    Those that most of the answers (by chance and gain) would put first; where all put the same one first, it
    and the one that leads now.
    """
    weights: dict[str, float] = {}
    for answer in outlook.answers:
        if answer.best is not None and answer.gain > LEAST:
            weights[answer.best] = weights.get(answer.best, 0.0) + answer.chance * answer.gain
    leads = [case.view.catalogue.products[row].id for row in case.leaders.leads]
    firsts = sorted(weights, key=lambda product: (-weights[product], product))
    others = [product for product in (*leads, *firsts) if product not in firsts[:1]]
    return (firsts[0], (firsts[1:2] or others)[0]) if firsts and others else None

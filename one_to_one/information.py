"""What an answer is worth to one customer of the shop: how much better the next proposal is expected to be.

The case that the shop lays before the decision (`deciding.py`): the utility of what would be proposed
knowing the answer, less the utility, knowing it, of what would be proposed anyway; over the whole catalogue.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property

import numpy as np

from one_to_one.catalogue import Catalogue, Floats, catalogue_of
from one_to_one.crowd import Crowd
from one_to_one.deciding import LEAST, Answer, Outlook
from one_to_one.facts import Fact, Polarity
from one_to_one.history import Ordered
from one_to_one.insight import NOTHING as NOBODY
from one_to_one.insight import Insight
from one_to_one.preferences import Beliefs, beliefs
from one_to_one.pricing import factor_of
from one_to_one.proposals import budget_topics, configured
from one_to_one.shop import Module, ShopPack, TopicKind
from one_to_one.shortlist import Shortlist, change_over_all, leading, shortlist
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
"""So many more proposals an answer serves that holds for ever: the customer comes back."""

YEAR = timedelta(days=365)
"""An answer with this half-life serves half as many."""

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
    return topic in view.pack.modules or topic in view.catalogue.columns or topic in budget_topics(view.pack)


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
    options: dict[str, Outlook] = field(default_factory=dict)  # of modules, once looked at: taste leaves them

    def burden(self, topic: str) -> float:
        """What asking costs the customer; between people it is a share of what knowing is worth."""
        burden = self.view.pack.topics[topic].burden
        return burden if bears(self.view, topic) else self._relationship(topic) * min(1.0, burden)

    def at_most(self, topic: str) -> float:
        """The gain of a taste by the chances of the catalogue where they hold, else of its best answer."""
        if topic in self.view.pack.modules or topic not in self.view.catalogue.columns:
            return self.outlook(topic).gain
        most = self._highest[topic]
        if not self._unwanted(topic) and topic not in self._given:
            most = min(most, self._expected[topic])
        return most * self._any(topic) * self._doubt(topic)

    @cached_property
    def _expected(self) -> Mapping[str, float]:
        """By topic: the gain by the highest chances, if all that isn't leading were as good as can be."""
        catalogue, crowd = self.view.catalogue, self.crowd
        likely = catalogue.likely if crowd is None else crowd.answers_at_most(catalogue, self._given)
        weighed = np.bincount(catalogue.topic_of, likely * self._most, len(catalogue.topics))
        return dict(zip(catalogue.topics, weighed.tolist(), strict=True))

    @cached_property
    def _highest(self) -> Mapping[str, float]:
        """By topic: the gain of the answer that would gain most."""
        catalogue = self.view.catalogue
        starts = [columns.start for columns in catalogue.columns.values()]
        highest = np.maximum.reduceat(self._most, starts) if starts else np.zeros(0)
        return dict(zip(catalogue.topics, highest.tolist(), strict=True))

    @cached_property
    def _most(self) -> Floats:
        """Of each column: its answer gains no more than this, now and later."""
        return self.leaders.most * self._counts

    @cached_property
    def _counts(self) -> Floats:
        """Of each column: how many times the gain of one value in one proposal counts.

        An answer serves later proposals too, as long as it holds. Who may name several values names more than
        one, and together they count as one does where only one fits.
        """
        catalogue = self.view.catalogue
        served = np.array([self._served(topic) for topic in catalogue.topics])
        return np.asarray(served[catalogue.topic_of] * LIKE / catalogue.unit)

    def _served(self, topic: str) -> float:
        """How many proposals its answer serves until it has aged, this one included."""
        known = self.view.pack.topics.get(topic)
        return 1.0 if known is None else 1.0 + PROPOSALS * known.half_life / (known.half_life + YEAR)

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
        if topic in budget_topics(self.view.pack):
            return self._of_budget
        worth = self._relationship(topic) * self._doubt(topic)
        return Outlook((Answer("", 1.0, worth),)) if worth > LEAST else NOTHING

    def answered(self, topic: str, value: str) -> Case:
        """The case once this answer is known. What comes after is estimated from the catalogue alone."""
        column = self.view.catalogue.column.get((topic, value))
        pictured = self.leaders if column is None else self.leaders.given(column)
        left = [one for one in self.topics if one != topic]
        imagined = {**(self.imagined or {}), topic: value}
        return replace(self, topics=left, crowd=None, imagined=imagined, pictured=pictured)

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
        if topic not in self.options:
            module, chances = self.view.pack.modules[topic], self._chances(topic)
            doubt = self._doubt(topic) * (SEEN if self.view.ordered else 1.0)
            self.options[topic] = _of_option(module, self.view, chances, doubt)
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
        if self.leaders.exact[column]:
            gain = float(self.leaders.gains[column])
            row = int(self.leaders.rows[self.leaders.informed[1][column, 0]])
        else:
            gain, row = self._gain_over_all(self._change(column))
        weight *= float(self._counts[column])
        return Answer(code, chance, gain * weight, self.view.catalogue.products[row].id)

    def _gain_over_all(self, change: Floats) -> tuple[float, int]:
        """The gain of an answer that changes every product so, and the row of what would be first then."""
        utility = self._utility + change
        best, _ = leading(utility, len(RANKS))
        anyway = self.leaders.rows[: len(best)]
        return float(np.array(RANKS[: len(best)]) @ (utility[best] - utility[anyway])), int(best[0])

    @cached_property
    def _utility(self) -> Floats:
        """Of every product, with the answers that are only thought of."""
        utility = self.view.utility
        for topic, value in (self.imagined or {}).items():
            column = self.view.catalogue.column.get((topic, value))
            if column is not None:
                utility = utility + self._change(column)
        return utility

    def _change(self, column: int) -> Floats:
        return change_over_all(self.view.pack, self.view.catalogue, self.view.believed, column)

    @cached_property
    def _of_budget(self) -> Outlook:
        """The gain from knowing the budget, which may be any of the prices asked for."""
        limits = self.view.catalogue.quartiles if len(self.leaders.rows) else ()
        served = max(map(self._served, budget_topics(self.view.pack)))
        return Outlook(tuple(self._limited(limit, HAS_LIMIT / len(limits), served) for limit in limits))

    def _limited(self, limit: float, chance: float, served: float) -> Answer:
        prices = self.view.catalogue.prices
        gain, place = self.leaders.gain_of(np.where(prices[self.leaders.rows] > limit, OVER_BUDGET, 0.0))
        if place is None:
            gain, row = self._gain_over_all(np.where(prices > limit, OVER_BUDGET, 0.0))
        else:
            row = int(self.leaders.rows[place])
        return Answer(f"{limit:g}", chance, gain * served, self.view.catalogue.products[row].id)


def _of_option(module: Module, view: View, chances: Mapping[str, float], doubt: float) -> Outlook:
    """The expected loss of assuming an option, which the answer avoids."""
    assumed = view.options[module.topic]
    losses = {code: _loss(module, assumed, code) for code in chances if code in module.options}
    return Outlook(tuple(Answer(code, chances[code], loss * doubt) for code, loss in losses.items()))


def _loss(module: Module, assumed: str, wanted: str) -> float:
    if assumed == wanted:
        return 0.0
    ratio = float(factor_of(module, wanted) / factor_of(module, assumed))
    return min(1.0, WRONG_OPTION + DOUBLE_PRICE * abs(float(np.log2(max(ratio, 1e-6)))))


def decides_between(case: Case, outlook: Outlook) -> tuple[str, str] | None:
    """The two products the answer decides between first of all; None when it is about no product.

    Those that most of the answers (by chance and gain) would put first; where all put the same one first, it
    and the one that leads now.
    """
    weights: dict[str, float] = {}
    for answer in outlook.answers:
        if answer.best is not None and answer.gain > LEAST:
            weights[answer.best] = weights.get(answer.best, 0.0) + answer.chance * answer.gain
    leads = [case.view.catalogue.products[row].id for row in case.leaders.rows[: len(RANKS)]]
    firsts = sorted(weights, key=lambda product: (-weights[product], product))
    others = [product for product in (*leads, *firsts) if product not in firsts[:1]]
    return (firsts[0], (firsts[1:2] or others)[0]) if firsts and others else None

"""What one customer may answer and choose, from how many others said what.

The best linear guess: each value is expected at its mean, moved by what the customer said in proportion to
how it goes together with it (multivariate regression on the covariances of all pairs of values, ridge
as in Hoerl & Kennard, *Technometrics* 12, 1970). What wasn't asked isn't in the equations at all, so nothing
is concluded from silence; and a decision costs the same whether a hundred or a million were counted.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from one_to_one.catalogue import Catalogue, Floats, Rows
from one_to_one.crowd import LATEST, Answer, CatalogueCrowd, Given, Outlook
from one_to_one.crowd_counts import CHOICE, FEWEST, NOTHING, Counts

RIDGE = 10.0
"""As if so many people had been counted in whom nothing goes together."""

PRIOR = 20.0
"""As if so many people had answered and chosen as the catalogue lets expect."""

LEAST = 0.05
"""However the equations turn out, a value keeps this share of its mean."""

KEPT = 4096
"""How many sets of equations are kept solved."""


@dataclass(frozen=True)
class LearnedCrowd:
    """What customers in general teach about one."""

    counts: Counts
    prior: CatalogueCrowd
    _solved: dict[tuple[str, ...], tuple[Rows, Floats]] = field(default_factory=dict, repr=False)
    _places: dict[tuple[tuple[str, str], ...], tuple[Rows, Floats]] = field(default_factory=dict, repr=False)
    _latest: dict[tuple[tuple[str, ...], ...], Floats] = field(default_factory=dict, repr=False)

    @property
    def customers(self) -> int:
        """How many customers were counted."""
        return self.counts.people

    @property
    def products(self) -> Sequence[str]:
        """The products that can be chosen."""
        return self.prior.products

    def answer_chances(self, topic: str, given: Given) -> Mapping[str, float]:
        """What those who are alike in what is given said, the fewer they are the nearer to the prior."""
        expected = self.prior.answer_chances(topic, given)
        span = self._spans.get(topic)
        if span is None:
            return expected
        chances = self._expected(given)[span.start : span.stop]
        said = {self.counts.columns[c][1]: chances[c - span.start] for c in span}
        learned = {value: float(said[value]) for value in expected if value in said}
        total = sum(learned.values())
        if total <= 0:
            return expected
        trust = self._trust(topic)
        return {v: trust * learned.get(v, 0.0) / total + (1 - trust) * p for v, p in expected.items()}

    def answers_at_most(self, catalogue: Catalogue, given: Given) -> Floats:
        """What was learned, and of the prior's share all of it."""
        place, trust = self._placed(catalogue)
        if not self.counts.columns:
            return np.ones(len(place))  # people were counted who said nothing yet
        learned = np.where(place >= 0, self._expected(given)[place], 0.0)
        total = np.bincount(catalogue.topic_of, learned, len(catalogue.topics))[catalogue.topic_of]
        share = np.divide(learned, total, out=np.ones(len(learned)), where=total > 0)
        return np.asarray(np.minimum(1.0, trust * share + (1.0 - trust)))

    def _placed(self, catalogue: Catalogue) -> tuple[Rows, Floats]:
        """Of each column of the catalogue: where it was counted (-1: nowhere); how far to trust it."""
        if catalogue.values not in self._places:
            self._places.clear()
            place = [self._place.get(value, -1) for value in catalogue.values]
            trust = [self._trust(topic) if topic in self._spans else 0.0 for topic, _ in catalogue.values]
            self._places[catalogue.values] = np.array(place, dtype=np.intp), np.array(trust)
        return self._places[catalogue.values]

    def choice_chances(self, given: Given) -> Mapping[str, float]:
        """What those who are alike in what is given chose."""
        return dict(zip(self.products, self.choices(given).tolist(), strict=True))

    def outlook(self, topic: str, given: Given) -> Outlook:
        """Each of the commonest answers, and what would be chosen after it."""
        whole = self.counts.answers.get(topic)
        if not whole:
            return self.prior.outlook(topic, given)
        answers = list(whole)
        return Outlook(answers, self._answering(topic, given), self._after(topic, given))

    def _after(self, topic: str, given: Given) -> Floats:
        """What would be chosen after each whole answer: a row for each."""
        answers, says = self._whole[topic]
        before = {name: values for name, values in given.items() if name != topic}
        told = sorted([*self._told(before), topic])
        columns, weights = self._equations(tuple(told))
        known = self._says(before)
        rows = np.broadcast_to(known, (len(answers), len(known))).copy()
        rows[:, self._spans[topic].start : self._spans[topic].stop] = says
        moved = self._means + (rows[:, columns] - self._means[columns]) @ weights
        prior = [self.prior.choices({**before, topic: _values(answer)}) for answer in answers]
        return self._blended(np.maximum(moved, LEAST * self._means), np.array(prior))

    def leanings(self, several: Sequence[Given]) -> Floats:
        """Of several customers: how far each value lies from its mean; 0 where nothing is known."""
        leaning = np.zeros((len(several), len(self.counts.columns)))
        for row, given in enumerate(several):
            known = np.isin(self._of, [self._topic[topic] for topic in self._told(given)])
            leaning[row] = np.where(known, self._says(given) - self._means, 0.0)
        return leaning

    def choices_of(self, leanings: Floats, asked: Collection[str]) -> Floats:
        """What each of several customers would choose, by their answers to some topics only."""
        columns, weights = self._equations(tuple(sorted(topic for topic in asked if topic in self._spans)))
        moved = self._means + (
            leanings[:, columns] @ weights if columns.size else np.zeros((len(leanings), 1))
        )
        prior = np.broadcast_to(self.prior.choices({}), (len(leanings), len(self.products)))
        return self._blended(np.maximum(moved, LEAST * self._means), prior)

    def _answering(self, topic: str, given: Given) -> Floats:
        """How probable each whole answer is: as common as it is, and as its values are with what is given."""
        whole = self.counts.answers[topic]
        often = np.array(list(whole.values()), dtype=float)
        lift = np.log(self._expected(given) / self._means)
        weights = [sum(lift[self._place[topic, v]] for v in answer) / len(answer) for answer in whole]
        chances = often * np.exp(np.array(weights))
        return np.asarray(chances / chances.sum())

    def choices(self, given: Given) -> Floats:
        """The same as an array, in the order of `products`."""
        blended = self._blended(self._expected(given)[None], self.prior.choices(given)[None])
        return np.asarray(blended[0])

    def _blended(self, expected: Floats, prior: Floats) -> Floats:
        """What was learned of each product, and the prior for the rest; rows that each sum to 1."""
        if CHOICE not in self._spans or not self._offered.any():
            return prior
        span = self._spans[CHOICE]
        learned: Floats = np.zeros(prior.shape)
        learned[:, self._rows] = expected[:, span.start : span.stop][:, self._offered]
        trust = self._trust(CHOICE)
        return np.asarray(trust * learned / learned.sum(axis=1, keepdims=True) + (1.0 - trust) * prior)

    def _expected(self, given: Given) -> Floats:
        """How probable each value is, of every topic at once."""
        key = tuple((topic, *values) for topic, values in given.items())
        if key not in self._latest:
            while len(self._latest) >= LATEST:
                self._latest.pop(next(iter(self._latest)), None)
            self._latest[key] = self._moved(given)
        return self._latest[key]

    def _moved(self, given: Given) -> Floats:
        columns, weights = self._equations(tuple(sorted(self._told(given))))
        if not columns.size:
            return self._means
        moved = self._means + (self._says(given)[columns] - self._means[columns]) @ weights
        return np.maximum(moved, LEAST * self._means)

    def _told(self, given: Given) -> list[str]:
        """The topics that something is known of."""
        return [topic for topic, values in given.items() if self._understood(topic, values)]

    def _says(self, given: Given) -> Floats:
        """Of each column: 1 where it is given."""
        says = np.zeros(len(self.counts.columns))
        for topic, values in given.items():
            for value in values or (NOTHING,):
                if (topic, value) in self._place:
                    says[self._place[topic, value]] = 1.0
        return says

    def _understood(self, topic: str, values: Collection[str]) -> bool:
        """Whether any of it was said by enough others."""
        return any((topic, code) in self._place for code in values or (NOTHING,))

    def _equations(self, topics: tuple[str, ...]) -> tuple[Rows, Floats]:
        """The columns of the topics, and by how much each moves every other."""
        if topics not in self._solved:
            if len(self._solved) >= KEPT:
                self._solved.clear()
            columns = np.array([c for topic in topics for c in self._spans[topic]], dtype=np.intp)
            within = self._covariance[np.ix_(columns, columns)] + self._ridge * np.eye(len(columns))
            weights = np.linalg.solve(within, self._covariance[columns]) if columns.size else np.zeros((0, 0))
            self._solved[topics] = columns, weights
        return self._solved[topics]

    def _trust(self, topic: str) -> float:
        known = float(self.counts.known[self._topic[topic], self._topic[topic]])
        return known / (known + PRIOR)

    @cached_property
    def _whole(self) -> dict[str, tuple[list[Answer], Floats]]:
        """Of each topic: the whole answers, and the values of its columns in each."""
        return {
            topic: (list(whole), self._marked(topic, whole)) for topic, whole in self.counts.answers.items()
        }

    def _marked(self, topic: str, answers: Collection[Answer]) -> Floats:
        values = [self.counts.columns[column][1] for column in self._spans[topic]]
        return np.array([[value in answer for value in values] for answer in answers], dtype=np.float64)

    @cached_property
    def _place(self) -> dict[tuple[str, str], int]:
        return {pair: number for number, pair in enumerate(self.counts.columns)}

    @cached_property
    def _topic(self) -> dict[str, int]:
        return {topic: number for number, topic in enumerate(self.counts.topics)}

    @cached_property
    def _spans(self) -> dict[str, range]:
        spans: dict[str, range] = {}
        for number, (topic, _) in enumerate(self.counts.columns):
            start = spans[topic].start if topic in spans else number
            spans[topic] = range(start, number + 1)
        return spans

    @cached_property
    def _of(self) -> Rows:
        """The topic of each column."""
        return np.array([self._topic[topic] for topic, _ in self.counts.columns], dtype=np.intp)

    @cached_property
    def _means(self) -> Floats:
        own = self.counts.said[np.arange(len(self._of)), self._of]
        known = np.diag(self.counts.known)[self._of]
        return np.asarray(np.maximum(own, 1.0) / np.maximum(known, FEWEST))

    @cached_property
    def _covariance(self) -> Floats:
        """Of each two columns, over the people known in both; fewer people, less of it.

        A pair that too few share is taken to be as frequent as chance has it, but for what "few" can mean.
        """
        both = np.maximum(self.counts.known[np.ix_(self._of, self._of)], 1.0)
        first = self.counts.said[:, self._of]  # has the row's value, and is known in the column's topic
        chance = first * first.T / both
        pairs = np.where(self.counts.pairs > 0, self.counts.pairs, np.minimum(chance, FEWEST / 2.0))
        np.fill_diagonal(pairs, np.diag(first))
        return np.asarray((pairs - chance) / (both + PRIOR))

    @cached_property
    def _ridge(self) -> float:
        return RIDGE / max(1.0, float(np.diag(self.counts.known).max(initial=0.0)))

    @cached_property
    def _offered(self) -> Floats:
        """Of the products that were chosen, which are still made."""
        made = frozenset(self.products)
        return np.array([self.counts.columns[c][1] in made for c in self._spans.get(CHOICE, range(0))], bool)

    @cached_property
    def _rows(self) -> Rows:
        """Where those products stand among all products."""
        row = {product: number for number, product in enumerate(self.products)}
        names = [self.counts.columns[c][1] for c in self._spans.get(CHOICE, range(0))]
        return np.array([row[name] for name in names if name in row], dtype=np.intp)


def _values(answer: tuple[str, ...]) -> tuple[str, ...]:
    return () if answer == (NOTHING,) else answer

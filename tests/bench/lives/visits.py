"""What a simulated customer does in one contact, and what is noted of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import numpy as np

from one_to_one.facts import Heard, Polarity
from one_to_one.history import Ordered, Rating
from one_to_one.ledger import QuestionState
from one_to_one.planner import Planned
from one_to_one.proposals import Proposed
from one_to_one.shop import TopicKind
from tests.bench.lives.keeper import Keeper
from tests.bench.lives.people import Floats, Person, Taste, World, drifted, utility
from tests.bench.lives.scores import Scores, Watch

BEGAN = datetime(2026, 1, 1, 9, tzinfo=UTC)
CHANNELS = ("web", "telegram")
BEST = 0.95
"""Better than this share of the catalogue, for this customer: a good proposal."""

LIKED, FAIR = 0.8, 0.5
"""The same of how an order is rated, and of what is bought."""

FIRM = 0.08
"""The spread of what decides a purchase beside the utility."""

MOST_CONTACTS = 16
"""From so many contacts on, the curve lumps them together."""

WANTS_TO_BUY = 0.8
ASKS_OTHERS = 0.4
NAMES_REASON = 0.5
RATES = 0.8
TELLS_CHANGE = 0.5
GREETS_ONLY = 0.15
SELLS_AFTER_COMPLAINT = 0.3
CALM = timedelta(minutes=2)


@dataclass(slots=True)
class Life:
    """One customer through the year."""

    world: World
    who: Person
    taste: Taste
    keepers: dict[int, Keeper]  # channel -> the shop as it knows them there; one and the same once linked
    scores: Scores
    chance: np.random.Generator
    watches: dict[int, Watch] = field(default_factory=dict)
    visit: int = 0
    since: float = 0.0  # the day of the last visit
    untold: list[str] = field(default_factory=list)  # topics that changed, and nobody was told
    ordered: bool = False  # since the last visit
    questions: int = 0  # about topics, asked so far
    good_after: int | None = None  # questions before the first good proposal; None: none yet
    tastes_asked: int = 0  # questions that products depend on
    good_after_tastes: int = 0  # of these before the first good proposal
    contacts: int = 0
    waits: int = 0  # while of fewer topics something is liked, a question is put before anything is proposed
    _utility: Floats | None = None

    def upto(self, day: float) -> None:
        """Live until this day."""
        while self.visit < len(self.who.days) and self.who.days[self.visit] < day:
            self._come(self.who.days[self.visit], self.who.channels[self.visit])
            self.visit += 1

    @property
    def utility(self) -> Floats:
        """What each product is worth to them now."""
        if self._utility is None:
            self._utility = utility(self.world, self.who, self.taste)
        return self._utility

    def best_of(self, products: Sequence[str]) -> float:
        """The best of these: which share of the catalogue is worth less to them; 0 when there are none."""
        rows = [self.world.row[product] for product in products]
        return float(max(self.ranks()[rows])) if rows else 0.0

    def ranks(self) -> Floats:
        """Of each product: the share of the catalogue that is worth less to them."""
        worth = self.utility
        return np.asarray(np.searchsorted(np.sort(worth), worth) / max(1, len(worth) - 1))

    def _come(self, day: float, channel: int) -> None:
        now = BEGAN + timedelta(days=day)
        self.taste, changed = drifted(self.world, self.who, self.taste, day - self.since, self.chance)
        self.since = day
        self.untold += changed
        self._utility = None if changed else self._utility
        self._link(day, now)
        keeper, watch = self.keepers[channel], self.watches[channel]
        keeper.welcome(CHANNELS[channel], now)
        watch.begin(keeper.contact)
        self.contacts += 1
        self.scores.add("contacts")
        Contact(self, keeper, watch, now).happen()
        self.ordered = keeper.ordering

    def _link(self, day: float, now: datetime) -> None:
        """From this day on the shop knows that both channels are one customer."""
        if self.keepers[1] is self.keepers[0] or day < self.who.linked:
            return
        self.keepers[0].pages.absorb(self.keepers[1].pages, now)
        self.watches[0].absorb(self.watches[1])
        self.keepers[1], self.watches[1] = self.keepers[0], self.watches[0]
        if 1 in self.who.channels:
            self.scores.add("links")


@dataclass(slots=True)
class Contact:
    """One visit."""

    life: Life
    keeper: Keeper
    watch: Watch
    now: datetime
    questions: int = 0  # of the drip, in this contact
    gone: bool = False

    def happen(self) -> None:
        """Come in, do what they came for, leave."""
        usual = self.keeper.usual()
        if self.life.ordered and self._happens(self.life.who.manner.complains):
            self._complain()
        elif usual is not None and self._happens(self.life.who.manner.hurry):
            self._order_usual(usual)
        else:
            self._look_around()
        self.watch.end(self.life.scores)

    def _happens(self, chance: float) -> bool:
        return bool(self.life.chance.random() < chance)

    def _complain(self) -> None:
        """Something went wrong: nothing may be asked in this contact, whatever else they want."""
        scores = self.life.scores
        scores.add("complaints")
        self.keeper.complained = True
        asked = self.keeper.ask(self.now) is not None
        if self._happens(SELLS_AFTER_COMPLAINT):
            self._propose()
            asked = self.keeper.ask(self.now) is not None or asked
        scores.add("asked_after_complaint", int(asked))

    def _order_usual(self, usual: Ordered) -> None:
        scores = self.life.scores
        scores.add("hurried")
        self.keeper.order(usual.product, usual.options, self.now)
        asked = self.keeper.ask(self.now) is not None
        scores.add("hurried_unasked", int(not asked))
        scores.add("orders")

    def _look_around(self) -> None:
        self._say_unasked()
        items: Sequence[Proposed] = ()
        wants = not self._happens(GREETS_ONLY)
        self.life.scores.add("wanted", int(wants))
        if wants and self.keeper.knows(self.now) < self.life.waits:
            items = self._drip(items)
        if wants and not items and not self.gone:
            items = self._propose()
        for _ in range(3):  # the drip tries after each turn; its budget is its own business
            before = self.questions
            items = self._drip(items)
            if self.gone or self.questions == before:
                break
        if items and not self.gone:
            self._decide(items)

    def _say_unasked(self) -> None:
        """What changed, what they like, or what they feel like today."""
        life, manner = self.life, self.life.who.manner
        told = [t for t in life.untold if self._happens(TELLS_CHANGE)]
        for name in told:
            life.untold.remove(name)
            self._tell(life.taste.said(self.keeper.pack.topics[name]), changed=True)
        if self._happens(manner.volunteers):
            self._tell(self._dearest(1 + int(self._happens(0.4))), changed=False)
        if self._happens(manner.mood):
            self._tell([replace(one, lasting=False) for one in self._mood()], changed=False)

    def _tell(self, heard: Sequence[Heard], *, changed: bool) -> None:
        if heard:
            consents = self.life.who.manner.consents
            self.keeper.listen(heard, self.now, settled=changed, consents=consents)
            self.watch.told(heard, self.keeper.pack, self.now, consents=consents)

    def _dearest(self, count: int) -> list[Heard]:
        """Something they care about, the dearer the likelier."""
        who, taste = self.life.who, self.life.taste
        names = [name for name in who.importance if taste.said(self.keeper.pack.topics[name])]
        if not names:
            return []
        weights = np.array([who.importance[name] for name in names])
        size = min(count, len(names))
        picked = self.life.chance.choice(names, size=size, replace=False, p=weights / weights.sum())
        return [one for name in picked for one in taste.said(self.keeper.pack.topics[str(name)])]

    def _mood(self) -> list[Heard]:
        topic = self.life.world.tasted[int(self.life.chance.integers(len(self.life.world.tasted)))]
        forbidden = {v for t, v in self.life.taste.never if t == topic.name}
        codes = [code for code in topic.values if code not in forbidden]
        return [Heard(topic.name, str(self.life.chance.choice(codes)), Polarity.LIKES, 1.0, "today")]

    def _propose(self) -> Sequence[Proposed]:
        return self._seen(self.keeper.propose(self.now))

    def _seen(self, items: Sequence[Proposed]) -> Sequence[Proposed]:
        good = self.life.best_of([item.product for item in items]) >= BEST
        if good and self.life.good_after is None:
            self.life.good_after, self.life.good_after_tastes = self.life.questions, self.life.tastes_asked
        self.watch.proposed(self.life.scores, self.keeper.pack, items, good=good)
        return items

    def _drip(self, items: Sequence[Proposed]) -> Sequence[Proposed]:
        asked = self.keeper.ask(self.now)
        if asked is None:
            return items
        self.questions += 1
        self.watch.spent()
        if isinstance(asked, Ordered):
            return self._rate(asked, items)
        return self._answer(asked, items)

    def _rate(self, line: Ordered, items: Sequence[Proposed]) -> Sequence[Proposed]:
        self.life.scores.add("ratings_asked")
        if self._happens(RATES):
            rank = float(self.life.ranks()[self.life.world.row[line.product]])
            verdict = Rating.LIKED if rank >= LIKED else Rating.OK if rank >= FAIR else Rating.DISLIKED
            self.keeper.rate(line.line, verdict, self.now)
            self.life.scores.add(f"rated_{verdict.value}")
        return items

    def _answer(self, planned: Planned, items: Sequence[Proposed]) -> Sequence[Proposed]:
        life, manner = self.life, self.life.who.manner
        topic = self.keeper.pack.topics[planned.topic]
        life.questions += 1
        life.tastes_asked += topic in life.world.tasted or topic.kind is TopicKind.MONEY
        life.scores.add("questions")
        self.watch.asked(life.scores, planned, topic, self.keeper.pages.facts(), self.now)
        draw = float(life.chance.random())
        if draw < manner.interrupts:
            life.scores.add("interrupted")
            self.gone = True
        elif (draw := draw - manner.interrupts) < manner.ignores:
            life.scores.add("ignored")
        elif (draw := draw - manner.ignores) < manner.refuses:
            self._wave_aside(planned.topic, QuestionState.DECLINED)
        elif (draw := draw - manner.refuses) < manner.later:
            self._wave_aside(planned.topic, QuestionState.NOT_NOW)
        elif (draw := draw - manner.later) < manner.digresses:
            life.scores.add("digressed")
            self._tell([one for one in self._dearest(1) if one.topic != planned.topic], changed=False)
        else:
            return self._say_truly(planned, items)
        return items

    def _wave_aside(self, topic: str, state: QuestionState) -> None:
        self.life.scores.add("refused")
        self.keeper.aside(topic, state, self.now)
        self.watch.waved_aside(topic, state, self.now)

    def _say_truly(self, planned: Planned, items: Sequence[Proposed]) -> Sequence[Proposed]:
        life = self.life
        topic = self.keeper.pack.topics[planned.topic]
        heard = life.taste.said(topic)
        life.untold = [name for name in life.untold if name != topic.name]
        life.scores.add("answered")
        if heard:
            consents = life.who.manner.consents
            self.keeper.listen(heard, self.now, settled=True, consents=consents)
            self.watch.told(heard, self.keeper.pack, self.now, consents=consents)
        else:
            life.scores.add("indifferent")
            self.keeper.indifferent(topic.name, self.now)
            self.watch.indifferent(topic.name, self.now)
        return self._propose() if topic.bears_on and not self.keeper.ordering else items

    def _decide(self, items: Sequence[Proposed]) -> None:
        """Buy the best of them, ask for others, say no, or leave it."""
        for again in (True, False):
            rows = [self.life.world.row[item.product] for item in items]
            noise = self.life.chance.normal(0.0, FIRM, size=len(rows))
            worth = self.life.utility
            wanted = float(np.quantile(worth[np.isfinite(worth)], LIKED))
            felt = worth[rows] + noise
            best = int(np.argmax(felt))
            accepted = bool(felt[best] >= wanted) and self._happens(WANTS_TO_BUY)
            self._note(items, best if accepted else None)
            if accepted:
                self.life.scores.add("orders")
                self.life.scores.add("bought")
                self.keeper.order(items[best].product, items[best].options, self.now)
                self.keeper.ask(self.now)
                return
            if not (again and self._happens(ASKS_OTHERS)):
                break
            items = self._seen(self.keeper.others(self.now))
            if not items:
                return
        if self._happens(NAMES_REASON):
            self._name_the_worst(items)
        self.keeper.rejected(self.now)

    def _note(self, items: Sequence[Proposed], chosen: int | None) -> None:
        """A proposal was accepted, or not."""
        scores = self.life.scores
        for curve in ("", f"month:{self.now.month}:", f"contact:{min(self.life.contacts, MOST_CONTACTS)}:"):
            scores.add(f"{curve}judged")
            scores.add(f"{curve}accepted", int(chosen is not None))
        if chosen is not None:
            scores.add("accepted_new", int(items[chosen].novel))

    def _name_the_worst(self, items: Sequence[Proposed]) -> None:
        """Why not: something the first of them has, and they don't want."""
        product = self.keeper.pack.products[items[0].product]
        bad = self.life.taste.averse | self.life.taste.never
        why = [(t, v) for t, values in product.attributes.items() for v in values if (t, v) in bad]
        if why:
            topic, value = why[0]
            never = (topic, value) in self.life.taste.never
            stance = Polarity.NEVER if never else Polarity.DISLIKES
            self._tell([Heard(topic, value, stance, 1.0, f"no {value}")], changed=False)

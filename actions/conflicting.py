"""Wishes that can't be had together: told with the ways out, each of them one tap or a word away."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from actions.turn import Turn
from crm_store.models import ProposalRow
from one_to_one.configuring.fitting import avoiding
from one_to_one.configuring.wishing import Wish, budget_wish
from one_to_one.configuring.workshop import Conflict, Way, workshop_of
from one_to_one.facts import Fact, Heard, Polarity
from one_to_one.preferences import beliefs
from one_to_one.pricing import codes_of, price
from one_to_one.proposals import Proposed, spending_limit
from one_to_one.replies import Button
from one_to_one.rules import NONE, PRODUCT
from one_to_one.wishes import fitting

ASKED, KNOWN, MONEY = 2.0, 1.0, 1.5
"""What is cared about: a choice asked for now, one that is remembered, and the budget."""

HABIT = 0.3
"""What counts of how they have things made, where nothing is wished for now: more than the shop's default."""

WAYS = 3
"""No more ways out than this."""

FEW = 2
"""Of so many options, "without" the one says enough; of more it is told what comes in its place."""

type Value = tuple[str, str]
"""Topic and value of something that is liked."""

type Item = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """Why not all of it can be had, and what can."""

    lead: str
    items: Sequence[Proposed]
    lines: Sequence[str]
    given: Sequence[Item]  # what is given up for each, as it is written down with it


def clash(
    turn: Turn,
    believed: Sequence[Fact],
    missed: Sequence[Value],
    items: Sequence[Proposed],
    allowed: Callable[[], Sequence[Proposed]],
) -> Told | None:
    """What they would have to give up for the rest, what they care about most kept; None: there is no clash.

    `missed` was asked for and nothing has all of it. `items` are proposed to them otherwise, `allowed` makes
    up all that may be, whatever it costs: the ways out are among these.
    """
    limit = spending_limit(turn.pack, beliefs(believed, turn.pack, turn.now))
    chosen = {wish: (_value(wish),) for wish in map(_of_fact, believed) if _of_module(turn, wish)}
    there = allowed() if missed or (chosen and beyond(turn, believed, items) is not None) else ()
    if not there:
        return None
    table = _Table(turn, there, limit, {**chosen, **_having(turn, missed)}, _nevers(turn, believed))
    found = workshop_of(turn.pack).conflict(
        table.all, fancied={item.product: item.score for item in there},
        day=turn.now.date(), groups=turn.groups, count=WAYS,
    )  # fmt: skip
    if found is None:
        return None
    ways = [way for way in map(table.nearest, found.ways) if way is not None]
    barred = table.barred(believed) if table.suiting in found.clash else []
    if not ways or (table.suiting in found.clash and not barred):
        return None
    given = [table.given(way) for way in ways]
    lines = [table.line(number, way) for number, way in enumerate(ways, start=1)]
    return Told(table.lead(found, barred), [table.item(way) for way in ways], lines, given)


def beyond(turn: Turn, believed: Sequence[Fact], items: Sequence[Proposed]) -> Decimal | None:
    """What they would spend, where all that is proposed costs more; None: it doesn't."""
    limit = spending_limit(turn.pack, beliefs(believed, turn.pack, turn.now))
    return limit if limit is not None and items and min(item.price for item in items) > limit else None


@dataclass(frozen=True, slots=True)
class _Table:
    """What is weighed against what."""

    turn: Turn
    allowed: Sequence[Proposed]
    limit: Decimal | None
    called: Mapping[Wish, Sequence[Value]]  # what they want, and what that is
    nevers: Sequence[Wish]

    @property
    def suiting(self) -> Wish:
        """That it is one of the products that may be proposed to them at all."""
        return Wish(PRODUCT, frozenset(item.product for item in self.allowed), firm=True)

    @property
    def all(self) -> list[Wish]:
        """Every wish, the firm ones included."""
        money = [] if self.limit is None else [budget_wish(self.limit, MONEY)]
        return [self.suiting, *self.nevers, *self.called, *money]

    def nearest(self, way: Way) -> Way | None:
        """A way out, made up as they have things made; where the money gives way, as cheap as can be."""
        kept = [wish for wish in self.all if wish not in way.give_up]
        dearer = any(wish.most is not None for wish in way.give_up)
        made = workshop_of(self.turn.pack).best(
            [*(replace(wish, firm=True) for wish in kept), *self._habits(way.made.product)],
            product=None if dearer else way.made.product,
            budget=self.least(kept) if dearer else None,
            day=self.turn.now.date(),
            groups=self.turn.groups,
        )
        return None if made is None else Way(way.give_up, made)

    def _habits(self, product: str) -> Iterator[Wish]:
        usual = next(item.options for item in self.allowed if item.product == product)
        for name, chosen in usual.items():
            yield from (Wish(name, frozenset({code}), HABIT) for code in codes_of(chosen) or (NONE,))

    def least(self, kept: Sequence[Wish]) -> Decimal:
        """What the cheapest costs that has all of these; of all, where none that suits them has."""
        pack, there = self.turn.pack, [wish.codes for wish in kept if wish.module == PRODUCT]
        picks = {wish.module: code for wish in kept for code in wish.codes if _of_module(self.turn, wish)}
        having = [item for item in self.allowed if all(item.product in codes for codes in there)]
        return min(
            price(pack, pack.products[item.product], {**item.options, **picks})
            for item in having or self.allowed
        )

    def lead(self, found: Conflict, barred: Sequence[str]) -> str:
        """What doesn't go together, and why."""
        words = self.turn.words
        if any(wish.most is not None for wish in found.clash) and self.limit is not None:
            named = [wish for wish in self.called if wish in found.clash or _of_module(self.turn, wish)]
            wanted = [words.fact(_liked(each)) for wish in named for each in self.called[wish]]
            least = self.least([self.suiting, *named])
            fields = {"limit": words.money(self.limit), "least": words.money(least)}
            return self.turn.text("conflicting.over_budget", wish=words.listed(wanted), **fields)
        wanted = [words.fact(_liked(each)) for wish in found.clash for each in self.called.get(wish, ())]
        rules = {rule.id: rule.why[self.turn.language] for rule in self.turn.pack.rules}
        why = [rules[name] for name in found.rules if name in rules]
        wish = words.listed([*wanted, *barred])
        return self.turn.text(
            "conflicting.why" if why else "conflicting.apart", wish=wish, why=words.listed(why)
        )

    def barred(self, believed: Sequence[Fact]) -> list[str]:
        """What they never want and would have to take: of what they ask for there is nothing without it."""
        wanted = [wish.codes for wish in self.called if wish.module == PRODUCT]
        having = frozenset.intersection(*wanted) if wanted else frozenset[str]()
        products = [self.turn.pack.products[name] for name in having]
        nevers = [fact for fact in believed if fact.polarity is not Polarity.LIKES]
        there = [
            fact for fact in nevers for one in products if fact.value in one.attributes.get(fact.topic, ())
        ]
        return list(dict.fromkeys(self.turn.words.fact(fact) for fact in there))

    def given(self, way: Way) -> Item:
        """What is given up for a way, as it is written down with it."""
        values = [list(each) for wish in way.give_up for each in self.called.get(wish, ())]
        return {"gives": values, "beyond": any(wish.most is not None for wish in way.give_up)}

    def line(self, number: int, way: Way) -> str:
        """One way out: what is given up, and what can be had then."""
        made = way.made
        return self.turn.text(
            "conflicting.way",
            number=number,
            how=how(self.turn, {**self.given(way), "options": made.options}),
            title=self.turn.words.title(self.turn.pack.products[made.product], made.options),
            price=self.turn.words.money(made.price),
        )

    def item(self, way: Way) -> Proposed:
        """A way out as it is proposed."""
        made, kept = way.made, [wish for wish in self.called if wish not in way.give_up]
        known = {wish.module for wish in kept}
        assumed = tuple(name for name in made.options if name not in known)
        used = tuple(wish.why.id for wish in kept if wish.why is not None)
        amounts = (made.price, made.cost)
        return Proposed(made.product, dict(made.options), *amounts, used, assumed, False, made.utility)


def _of_fact(fact: Fact) -> Wish:
    weight = ASKED if fact.id < 0 else KNOWN
    liked = fact.polarity is Polarity.LIKES
    return Wish(fact.topic, frozenset({fact.value}), weight if liked else 0.0, avoid=not liked, why=fact)


def _of_module(turn: Turn, wish: Wish) -> bool:
    """Whether it is a choice that the shop makes, and one that is wanted."""
    module = turn.pack.modules.get(wish.module)
    return module is not None and not wish.avoid and wish.codes <= module.options.keys()


def _nevers(turn: Turn, believed: Sequence[Fact]) -> list[Wish]:
    """The options that they never want, and those that an allergy or the like rules out."""
    nevers = [replace(_of_fact(fact), firm=True) for fact in believed if fact.polarity is Polarity.NEVER]
    return [*(wish for wish in nevers if wish.module in turn.pack.modules), *avoiding(turn.barred)]


def _having(turn: Turn, wanted: Sequence[Value]) -> dict[Wish, Sequence[Value]]:
    """Wishes for what products have or haven't; what the very same products have is one wish."""
    found: dict[Wish, list[Value]] = {}
    for each in wanted:
        found.setdefault(Wish(PRODUCT, fitting(turn.pack, [each]), ASKED), []).append(each)
    return dict(found)


def _value(wish: Wish) -> Value:
    [code] = wish.codes
    return wish.module, code


def _liked(value: Value) -> Heard:
    return Heard(*value, Polarity.LIKES, 1.0, "")


def how(turn: Turn, item: Item) -> str:
    """What is given up for a way out, in a few words: without what, with what instead, or for more money."""
    parts = [_without(turn, topic, value, item["options"].get(topic)) for topic, value in item["gives"]]
    if item["beyond"]:
        parts.append(turn.text("conflicting.beyond"))
    return turn.words.listed(parts)


def _without(turn: Turn, topic: str, value: str, instead: str | None) -> str:
    module = turn.pack.modules.get(topic)
    thing = turn.words.fact(_liked((topic, value)))
    if module is None or instead in (None, NONE) or len(module.options) <= FEW:
        return turn.text("conflicting.without", thing=thing)
    labels = turn.words.options({topic: instead})
    return turn.text("conflicting.instead", thing=thing, new=labels)


def way_buttons(turn: Turn, proposal: ProposalRow) -> list[Button]:
    """A button for each way out; none where the proposal isn't about a clash."""
    return [
        Button(
            turn.text("conflicting.button", number=number, how=how(turn, item)),
            f"choose:{proposal.id}:{number}",
        )
        for number, item in enumerate(proposal.items, start=1)
        if "gives" in item
    ]


def way_named(turn: Turn, proposal: ProposalRow) -> int | None:
    """Which way out a message names: by what it does without, what it keeps, or that it may cost more."""
    ways = {number: item for number, item in enumerate(proposal.items, start=1) if "gives" in item}
    heard = turn.heard or turn.theirs
    if not ways:
        return None
    if not heard:
        return _only(number for number, item in ways.items() if item["beyond"] and _spends(turn))
    given = {(topic, value) for item in ways.values() for topic, value in item["gives"]}
    named = {(one.topic, one.value) for one in heard}
    if not named <= given:
        return None
    without = {(one.topic, one.value) for one in heard if one.polarity is not Polarity.LIKES}
    gives = {number: {(topic, value) for topic, value in item["gives"]} for number, item in ways.items()}
    kept = named - without
    if _lets_go(turn):
        without, kept = named, set()
    return _only(number for number, away in gives.items() if without <= away and not kept & away)


def _only(numbers: Iterator[int]) -> int | None:
    found = list(numbers)
    return found[0] if len(found) == 1 else None


def _lets_go(turn: Turn) -> bool:
    """Whether they do without what they name, rather than insist on it."""
    return turn.mentions("conflicting.without_words")


def _spends(turn: Turn) -> bool:
    return turn.mentions("conflicting.beyond_words")

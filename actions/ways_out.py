"""Ways out of a change that can't be made: ranked, each of them valid, one tap or a word away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from actions import configuring, foreseeing, menus, naming, reading_changes, wishing
from actions.reading_changes import Change
from actions.turn import Turn
from crm_store.models import OrderLineRow, OrderRow
from one_to_one.configuring.fitting import avoiding, fitting
from one_to_one.configuring.wishing import Wish
from one_to_one.configuring.workshop import workshop_of
from one_to_one.facts import Polarity
from one_to_one.pricing import codes_of, price
from one_to_one.replies import Button
from one_to_one.rules import NONE
from one_to_one.shop import Product

FOCUS = "ways"
"""What is waited for: which way it shall be."""

ASKED, SAID, HELD = 2.0, 1.5, 1.0
"""What is cared about: a choice asked for now, one that they made before, and another that stands."""

WAYS = 3
"""No more ways out than this."""

INSTEAD = 2
"""So many other options of a part are offered in place of one."""

LONGEST = 64
"""Bytes that a button may carry."""

WAY = "way"
"""What stands in a button for a way by its place, where a module's name stands else."""


type Kept = Mapping[str, Any]
"""A way as it is kept while it is waited for."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way out."""

    product: str
    picks: Mapping[str, str]  # module -> what is chosen of it in this way; all else stays as far as it can
    how: str  # in a few words
    options: Mapping[str, str]  # what it comes out as

    def as_kept(self, here: str) -> Kept:
        """The way as it is kept while it is waited for."""
        product = "" if self.product == here else self.product
        return {"product": product, "picks": dict(self.picks), "how": self.how}


def ask_which(turn: Turn, order: OrderRow, ways: Sequence[Kept]) -> None:
    """Which of the ways it shall be, where a yes leaves that open."""
    turn.say("ways_out.which", [*buttons(turn, order, ways), *_round(turn, order)])
    turn.may_ask = False


async def tell(turn: Turn, order: OrderRow, line: OrderLineRow, change: Change, why: str) -> None:
    """Why a change can't be made, and the ways out of it; then wait for one of them."""
    near = configuring.nearest(turn, line, change)
    ways = await _find(turn, order, line, change, near)
    if near and ways:
        why = "\n".join((why, turn.text("configuring.nearest", numbers=ways[0].how)))
    lines = [line_of(turn, line, number, way) for number, way in enumerate(ways, start=1)]
    kept = [way.as_kept(line.product) for way in ways]
    turn.add("\n".join((why, *lines)), [*buttons(turn, order, kept), *_round(turn, order)])
    wait(turn, order, kept)


def wait(turn: Turn, order: OrderRow, ways: Sequence[Kept]) -> None:
    """From now on wait for one of these ways, over the draft."""
    turn.wait_for("order", order.id)
    turn.wait_for(FOCUS, order.id, over=True)
    turn.customer.focus = {**(turn.customer.focus or {}), "ways": list(ways)}
    turn.may_ask = False


def buttons(turn: Turn, order: OrderRow, ways: Sequence[Kept]) -> list[Button]:
    """A button for each way."""
    return [
        Button(turn.text("conflicting.button", number=number, how=way["how"]), _payload(order, way, number))
        for number, way in enumerate(ways, start=1)
    ]


def _round(turn: Turn, order: OrderRow) -> list[Button]:
    """The ways round them."""
    leave = turn.button("leave_it", f"back:{order.id}:{menus.DRAFT}")
    return [*turn.buttons(f"edit:{order.id}"), leave]


def _payload(order: OrderRow, way: Kept, number: int) -> str:
    """What the way chooses; where that is too long for a button, its place among those waited for."""
    other = [f"{menus.PRODUCT}:{way['product']}"] if way["product"] else []
    picks = [f"{name}:{code}" for name, code in way["picks"].items()]
    whole = ":".join((f"option:{order.id}", *other, *picks))
    return whole if len(whole.encode()) <= LONGEST else f"option:{order.id}:{WAY}:{number}"


def line_of(turn: Turn, line: OrderLineRow, number: int, way: Way) -> str:
    """One way with what it comes out as, and its price."""
    product = turn.pack.products[way.product]
    named = way.how == product.name[turn.language]  # the title says it
    return turn.text(
        "ways_out.other" if named else "conflicting.way",
        number=number,
        how=way.how,
        title=turn.words.title(product, way.options),
        price=turn.words.money(price(turn.pack, product, way.options, int(line.quantity))),
    )


async def _find(
    turn: Turn, order: OrderRow, line: OrderLineRow, change: Change, near: Mapping[str, str]
) -> list[Way]:
    """The ways out of a change that can't be made, what they care about most kept first."""
    step = await turn.books.configurations.of_order(order.id)
    search = _Search(
        turn, turn.pack.products[line.product], dict(line.options), set(step.said if step else ()), change
    )
    tried = [near] if near else [*search.giving_up(), *await search.instead(line)]
    here = search.valid(tried)
    if near:
        here = [replace(way, how=turn.words.options(near)) for way in here]
    other = list(search.elsewhere(menus.alike(turn, line.product)))
    return [*here[: WAYS - len(other[:1])], *other][:WAYS]


@dataclass(frozen=True, slots=True)
class _Search:
    """What is looked for around one change."""

    turn: Turn
    product: Product
    before: Mapping[str, str]
    said: set[str]
    change: Change

    @property
    def asked(self) -> dict[str, str]:
        """What was asked for, numbers that there aren't included."""
        return {**self.change.picks, **self.change.outside}

    def valid(self, tried: Sequence[Mapping[str, str]]) -> list[Way]:
        """Those that can be made and aren't what there is already, each once."""
        found: dict[tuple[tuple[str, str], ...], Way] = {}
        for picks in tried:
            made = configuring.made_with(self.turn, self.product, self.before, self.said, Change(picks))
            if made is None or dict(made.options) == dict(self.before):
                continue
            way = Way(self.product.id, picks, self._how(made.options), made.options)
            found.setdefault(tuple(made.options.items()), way)
        return list(found.values())

    def giving_up(self) -> Iterator[Mapping[str, str]]:
        """What is least to be given up of what doesn't go together, and the nearest there is then."""
        wishes = list(self._wishes())
        barred = list(avoiding(self.turn.barred))
        workshop, day = workshop_of(self.turn.pack), self.turn.now.date()
        found = workshop.conflict(
            [*wishes, *barred], product=self.product.id, margin_weight=0.0, day=day,
            groups=self.turn.groups, count=WAYS,
        )  # fmt: skip
        for way in found.ways if found else ():
            kept = [replace(wish, firm=True) for wish in wishes if wish not in way.give_up]
            given = {wish.module for wish in way.give_up}
            stay = [one for one in configuring.kept(self.before, self.said) if one.module not in given]
            made = workshop.best(
                [*kept, *barred, *self._near(way.give_up), *stay],
                product=self.product.id, margin_weight=0.0, day=day, groups=self.turn.groups,
            )  # fmt: skip
            if made is not None:
                named = {wish.module for wish in wishes}
                yield {
                    name: configuring.exactly(self.turn, name, code)
                    for name, code in made.options.items()
                    if name in self.change.picks or (name in named and code != self.before.get(name))
                }

    def _wishes(self) -> Iterator[Wish]:
        """What was asked for now, and what they said of it before: measures, and others of the same part."""
        for name, code in self.change.picks.items():
            yield from (Wish(name, frozenset({one}), ASKED) for one in codes_of(code) or (NONE,))
            if self.turn.pack.modules[name].several and code != NONE:
                yield from (
                    Wish(name, frozenset({one}), SAID) for one in codes_of(self.before.get(name, NONE))
                )
        for name, code in self.change.without.items():
            yield Wish(name, frozenset(codes_of(code) or (NONE,)), ASKED, avoid=True)
        for name, code in configuring.measures(self.turn, self.product, self.before).items():
            if name not in self.change.picks:
                yield Wish(name, frozenset({code}), SAID)

    def _near(self, given: Sequence[Wish]) -> Iterator[Wish]:
        """If it can't be, then rather what stands beside it."""
        chosen = {
            wish.module: next(iter(wish.codes))
            for wish in given
            if not (wish.avoid or self.turn.pack.modules[wish.module].several)
        }
        yield from configuring.near(self.turn, chosen, configuring.SAID)

    async def instead(self, line: OrderLineRow) -> list[Mapping[str, str]]:
        """Other options of what was asked for that go with the rest of it, the nearest or likeliest first."""
        found: list[Mapping[str, str]] = []
        for name, code in self.asked.items():
            rest = {other: one for other, one in self.change.picks.items() if other != name}
            firm = configuring.measures(self.turn, self.product, self.before) | rest
            picks = {other: one for other, one in firm.items() if other != name}
            left = workshop_of(self.turn.pack).left(
                self.product.id, picks, day=self.turn.now.date(), groups=self.turn.groups
            )
            codes = [one for one in left.get(name, ()) if one not in (code, NONE, self.before.get(name))]
            for one in (await self._ranked(line, name, code, codes))[:INSTEAD]:
                found.append({**rest, name: one})
        return found

    async def _ranked(self, line: OrderLineRow, name: str, code: str, codes: Sequence[str]) -> list[str]:
        there = list(self.turn.pack.modules[name].options)
        if name in self.change.outside:
            return sorted(codes, key=lambda one: abs(Decimal(one) - Decimal(code)))
        if reading_changes.goes_up_and_down(self.turn, self.turn.pack.modules[name]) and code in there:
            return sorted(codes, key=lambda one: abs(there.index(one) - there.index(code)))
        return await foreseeing.in_order(self.turn, line, name, codes)

    def elsewhere(self, products: Sequence[Product]) -> Iterator[Way]:
        """Other products of which it can be had, where it can't of this one; those most alike first."""
        missing = {
            name: code
            for name, code in self.change.picks.items()
            if set(codes_of(code))
            - set(self.turn.pack.options_of(self.product, self.turn.pack.modules[name]))
        }
        if not missing or any(pick in self.turn.barred for pick in self.change.picks.items()):
            return
        for product in products:
            options = like(self.turn, product, self.before, self.change.picks)
            had = all(
                set(codes_of(code)) <= set(codes_of(options.get(name, NONE)))
                for name, code in self.change.picks.items()
            )
            valid = not workshop_of(self.turn.pack).valid(
                product.id, options, day=self.turn.now.date(), groups=self.turn.groups
            )
            if had and valid and _may_be(self.turn, product):
                how = product.name[self.turn.language]
                yield Way(product.id, dict(self.change.picks), how, options)

    def _how(self, options: Mapping[str, str]) -> str:
        """What is given up or is otherwise in a way: of what was asked for, and of what they said before."""
        parts = []
        for name in self.turn.pack.modules:
            if name not in options:
                continue
            wanted = self.asked.get(name)
            if wanted is None:
                if name in configuring.measures(self.turn, self.product, self.before) and (
                    options[name] != self.before[name]
                ):
                    parts.append(configuring.from_to(self.turn, name, self.before, options))
            elif not set(codes_of(wanted) or (NONE,)) <= set(codes_of(options[name]) or (NONE,)):
                parts.append(self._otherwise(name, wanted, options[name]))
            elif self.turn.pack.modules[name].several:
                gone = set(codes_of(self.before.get(name, NONE))) - set(codes_of(options[name]))
                parts.extend(self._without(name, one) for one in sorted(gone))
        return self.turn.words.listed(parts) or self.turn.words.options(
            {name: code for name, code in options.items() if code != self.before.get(name)}
        )

    def _otherwise(self, name: str, wanted: str, chosen: str) -> str:
        thing = naming.label_of(self.turn, name, wanted)
        if not codes_of(chosen):
            return self.turn.text("conflicting.without", thing=thing)
        new = self.turn.words.options({name: chosen})
        return self.turn.text("conflicting.instead", thing=thing, new=new)

    def _without(self, name: str, code: str) -> str:
        return self.turn.text("conflicting.without", thing=naming.label_of(self.turn, name, code))


def like(
    turn: Turn, product: Product, options: Mapping[str, str], picks: Mapping[str, str]
) -> dict[str, str]:
    """A product with these choices, and else made up as like another as can be."""
    return fitting(
        turn.pack,
        product,
        {**options, **picks},
        assumed=options.keys() - picks.keys() if picks else (),
        barred=turn.barred.keys(),
        day=turn.now.date(),
    )


def _may_be(turn: Turn, product: Product) -> bool:
    """Whether nothing is in it that they never want."""
    nevers = [fact for fact in wishing.basis(turn, other=False) if fact.polarity is Polarity.NEVER]
    return product.stock > 0 and not any(
        fact.value in product.attributes.get(fact.topic, ()) for fact in nevers
    )

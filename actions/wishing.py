"""What was asked for just now weighs more than all that was liked before."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Protocol

from actions import unmet
from actions.turn import WISHED, Focus, Turn
from one_to_one.facts import Fact, FactId, Heard, MessageId, Polarity, Source
from one_to_one.folding import fold
from one_to_one.passing import SOMEBODY
from one_to_one.passing import Wish as Passed
from one_to_one.preferences import same_value
from one_to_one.proposals import Proposed
from one_to_one.shop import Product, TopicKind
from one_to_one.standing import stands
from one_to_one.wishes import fitting, fitting_either

ENOUGH = 3
"""So many products that have what was asked for are enough."""

type Wish = Sequence[str]
"""Topic, value and polarity."""

type Value = tuple[str, str]
"""Topic and value of something that is liked."""


@dataclass(frozen=True, slots=True)
class Found:
    """What is proposed for a wish, and what has to be said about it."""

    items: Sequence[Proposed]
    lead: str | None = None  # None: the wish is met, or there was none
    asked: Sequence[Value] = ()  # what all of these have that was said to be liked
    missed: Sequence[Value] = ()  # what was asked for and these haven't got all of

    @property
    def met(self) -> bool:
        """Whether all of these have what was asked for."""
        return self.lead is None


class Case(Protocol):
    """What a proposal is made from (`cases.Case`)."""

    @property
    def others(self) -> bool:
        """Whether they asked for other things than those on the table."""
        ...

    @property
    def below(self) -> Decimal | None:
        """What they found too dear cost this; None: they didn't ask for something cheaper."""
        ...

    def items(
        self,
        turn: Turn,
        only: frozenset[str] | None = None,
        *,
        anew: bool = False,
        below: Decimal | None = None,
    ) -> list[Proposed]:
        """What the rules propose."""
        ...


async def fulfilled(turn: Turn, case: Case, carried: Sequence[Value] = ()) -> Found:
    """What has all that was asked for; if nothing has, or all was seen, what comes close, saying so.

    What they only like in general leaves room for one that is new to them. `carried`: what they said
    before that they like, when these are others of the same kind.
    """
    now, liked = _liked(turn, turn.wished), _liked(turn, turn.stated) or list(carried)
    wish = list(dict.fromkeys((*now, *liked)))
    if case.below is not None:
        return _cheaper(turn, case, case.below, wish)
    if _wants_value(turn) and (good := case.items(turn, _cheapest(turn, fitting(turn.pack, wish)))):
        return Found(_new_last(good), asked=liked)
    if not wish:
        return Found(case.items(turn))
    fit = fitting(turn.pack, wish) or fitting_either(turn.pack, now, liked)
    items = case.items(turn, fit)
    if not case.others and len(items) < ENOUGH:  # asked for anew: what was turned down may come again
        seen = {item.product for item in items}
        again = case.items(turn, fit, anew=True)
        items = [*items, *(item for item in again if item.product not in seen)][:ENOUGH]
    if items:
        carries = bool(now or carried)
        if carries:
            return Found(_new_last(items), asked=liked)
        uses = [value for value in wish if turn.pack.topics[value[0]].suits]
        anyhow = case.items(turn, fitting(turn.pack, uses) if uses else None)
        return Found(_with_new(items, anyhow), asked=liked)
    near = case.items(turn)
    words = turn.words.listed(turn.words.fact(_as_heard(value)) for value in wish)
    if fit:
        return Found(near, turn.text("proposing.used_up", wish=words), missed=wish)
    await unmet.record(turn, wants=wish)
    return Found(near, unmet.told(turn, wish, words), missed=wish)


def _wants_value(turn: Turn) -> bool:
    """Whether they ask for something that costs little, and name no amount."""
    topics, said = turn.pack.topics, fold(turn.said)
    if any(topics[one.topic].kind is TopicKind.MONEY for one in turn.heard):
        return False
    return any(
        stands(said, word) and not said.partition(word)[0].endswith(turn.answers.negations)
        for word in turn.texts.words("catalogue.cheap")
    )


def _cheapest(turn: Turn, names: Collection[str]) -> frozenset[str]:
    """The third of these that costs least, but enough to choose from."""
    by_price = sorted(names, key=lambda name: (turn.pack.products[name].price, name))
    return frozenset(by_price[: max(ENOUGH, len(by_price) // 3)])


def _cheaper(turn: Turn, case: Case, below: Decimal, wish: Sequence[Value]) -> Found:
    """What costs less and is still what was asked for; else what only costs less, or that nothing does."""
    if wish and (items := case.items(turn, fitting(turn.pack, wish), below=below)):
        return Found(_new_last(items), turn.text("proposing.after_dear"), asked=wish)
    items = case.items(turn, below=below)
    if not items:
        return Found(case.items(turn), turn.text("proposing.none_cheaper"))
    if not wish:
        return Found(items)
    words = turn.words.listed(turn.words.fact(_as_heard(value)) for value in wish)
    return Found(items, turn.text("proposing.none_cheaper_with", wish=words))


def still_asked(turn: Turn, table: Focus | None) -> list[Value]:
    """What the products on the table were asked to have, as far as the customer still likes it."""
    liked = {(fact.topic, fact.value) for fact in turn.facts if fact.polarity is Polarity.LIKES}
    asked = [(topic, value) for topic, value in (table or {}).get("asked", ())]
    return [value for value in asked if value in liked]


def _with_new(fitting: Sequence[Proposed], anyhow: Sequence[Proposed]) -> list[Proposed]:
    """Those that fit, with what would be new to them anyhow in the last place."""
    there = {item.product for item in fitting}
    new = [item for item in anyhow if item.novel and item.product not in there]
    if not new:
        return _new_last(fitting)
    return [*(replace(item, novel=False) for item in fitting[: ENOUGH - 1]), *new]


def _new_last(items: Sequence[Proposed]) -> list[Proposed]:
    """At most one is new to them, and stands last."""
    new = [item for item in items if item.novel][-1:]
    return [*(replace(item, novel=False) for item in items if item not in new), *new]


def _liked(turn: Turn, asked: Sequence[Heard | Fact]) -> list[tuple[str, str]]:
    """The values of products that were asked for."""
    liked = [one for one in asked if one.polarity is Polarity.LIKES and _is_attribute(turn, one.topic)]
    return [(one.topic, one.value) for one in liked]


def _as_heard(value: tuple[str, str]) -> Heard:
    return Heard(*value, Polarity.LIKES, 1.0, "")


def at_hand(turn: Turn, carried: Sequence[Wish] = (), *, other: bool = False) -> list[Fact]:
    """What this proposal alone goes by: asked for now, or with the one on the table, or said for today."""
    if other or turn.for_another:
        theirs = turn.passing.of(turn.passing.about or SOMEBODY)
        fresh = [_as_fact(turn, -n, *_plain(wish)) for n, wish in enumerate(theirs, start=1)]
        return [*(old for old in turn.recalled if not _outdone(turn, old, theirs)), *fresh]
    now: list[Wish] = [_plain(one) for one in turn.heard if one.confidence <= WISHED]
    if not now:  # a question takes the place of what was asked for before
        said = {one.topic for one in turn.stated}
        now = [wish for wish in carried if wish[0] not in said]
    asked = {wish[0] for wish in now}
    today = [_plain(wish) for wish in turn.passing.of("") if wish.topic not in asked]
    return [_as_fact(turn, -number, *wish) for number, wish in enumerate([*today, *now], start=1)]


def _outdone(turn: Turn, old: Fact, fresh: Sequence[Passed]) -> bool:
    """Whether something they said in this contact takes the place of what is known of the other person."""
    topic = turn.pack.topics[old.topic]
    alone = not topic.many and old.polarity is Polarity.LIKES
    return any(
        one.topic == old.topic
        and (same_value(topic, one.value, old.value) or (alone and one.polarity is Polarity.LIKES))
        for one in fresh
    )


def asked_for(turn: Turn) -> list[Wish]:
    """Of the wishes at hand those that lie beside the proposal; the others are kept with the contact."""
    kept = [*map(_plain, turn.passing.wishes), *map(_plain, turn.recalled)]
    return [wish for wish in map(_plain, turn.wished) if wish not in kept]


def _plain(one: Heard | Passed | Fact) -> Wish:
    return [one.topic, one.value, one.polarity.value]


def _as_fact(turn: Turn, number: int, topic: str, value: str, polarity: str) -> Fact:
    """A wish in the form the rules read; its number is below zero, because it is never written."""
    source = Source(MessageId(turn.message.id), turn.message.channel, turn.message.at)
    return Fact(FactId(number), topic, value, Polarity(polarity), True, 1.0, turn.now, None, turn.now, source)


def basis(turn: Turn, *, other: bool) -> list[Fact]:
    """What to choose by: the wishes at hand, and beside them what the customer believes.

    For an `other` person nothing of that counts but what makes the customer ill.
    """
    wished = {fact.topic for fact in turn.wished if fact.polarity is Polarity.LIKES}
    doubted = {wish.against for wish in turn.passing.of("")} if not other else set()
    own = [fact for fact in turn.known if not other or is_rule(turn, fact)]
    if not turn.consents.personal:
        own = [fact for fact in own if fact.polarity is Polarity.NEVER or fact in turn.learned]
    own = [fact for fact in own if fact.id not in doubted or turn.pack.topics[fact.topic].sensitive]
    return [*(fact for fact in own if fact.topic not in wished or _stays(turn, fact)), *turn.wished]


def is_rule(turn: Turn, fact: Fact) -> bool:
    """Whether a belief is no taste, but something that must not be, such as an allergy."""
    return fact.polarity is Polarity.NEVER and turn.pack.topics[fact.topic].sensitive


def _stays(turn: Turn, fact: Fact) -> bool:
    """Whether a belief goes on counting beside a wish of the same topic."""
    return fact.polarity is Polarity.NEVER or turn.pack.topics[fact.topic].many


def suits(turn: Turn, product: Product) -> bool:
    """Whether a product has what is liked of each topic, and nothing that isn't."""
    liked: dict[str, set[str]] = {}
    for fact in basis(turn, other=False):
        has = product.attributes.get(fact.topic, ())
        if fact.polarity is not Polarity.LIKES and fact.value in has and len(has) == 1:
            return False
        if fact.polarity is Polarity.LIKES and has:
            liked.setdefault(fact.topic, set()).add(fact.value)
    return all(values & set(product.attributes[topic]) for topic, values in liked.items())


def _is_attribute(turn: Turn, topic: str) -> bool:
    return any(topic in product.attributes for product in turn.pack.products.values())

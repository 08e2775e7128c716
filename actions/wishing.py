"""What was asked for just now weighs more than all that was liked before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from actions.turn import WISHED, Turn
from one_to_one.facts import Fact, FactId, Heard, MessageId, Polarity, Source
from one_to_one.history import Ordered
from one_to_one.passing import SOMEBODY
from one_to_one.passing import Wish as Passed
from one_to_one.proposals import Proposed, propose
from one_to_one.shop import Product

type Wish = Sequence[str]
"""Topic, value and polarity."""


def put_first(
    turn: Turn, items: Sequence[Proposed], history: Sequence[Ordered], believed: Sequence[Fact]
) -> tuple[Sequence[Proposed], str | None]:
    """The proposal with what was asked for at its head; and the wish in words when there is no such thing."""
    asked: tuple[Heard | Fact, ...] = (*turn.stated, *turn.wished)
    wish = [one for one in asked if one.polarity is Polarity.LIKES and _is_attribute(turn, one.topic)]
    products = turn.pack.products
    if not wish or any(_fits(products[item.product], wish) for item in items):
        return sorted(items, key=lambda item: not _fits(products[item.product], wish)), None
    fitting = {name: product for name, product in products.items() if _fits(product, wish)}
    found = propose(replace(turn.pack, products=fitting), believed, history, (), turn.now, count=1)
    if not found:
        return items, turn.words.listed(turn.words.fact(one) for one in wish)
    return [replace(found[0], novel=False), *items[: len(items) - 2], *items[-1:]], None


def at_hand(turn: Turn, carried: Sequence[Wish] = (), *, other: bool = False) -> list[Fact]:
    """What this proposal alone goes by: asked for now, or with the one on the table, or said for today."""
    if other or turn.for_another:
        theirs = turn.passing.of(turn.passing.about or SOMEBODY)
        return [_as_fact(turn, -n, *_plain(wish)) for n, wish in enumerate(theirs, start=1)]
    now: list[Wish] = [_plain(one) for one in turn.heard if one.confidence <= WISHED]
    if not now:  # a question takes the place of what was asked for before
        said = {one.topic for one in turn.stated}
        now = [wish for wish in carried if wish[0] not in said]
    asked = {wish[0] for wish in now}
    today = [_plain(wish) for wish in turn.passing.of("") if wish.topic not in asked]
    return [_as_fact(turn, -number, *wish) for number, wish in enumerate([*today, *now], start=1)]


def asked_for(turn: Turn) -> list[Wish]:
    """Of the wishes at hand those that lie beside the proposal; the others are kept with the contact."""
    kept = [_plain(wish) for wish in turn.passing.wishes]
    return [wish for wish in map(_plain, turn.wished) if wish not in kept]


def _plain(one: Heard | Passed | Fact) -> Wish:
    return [one.topic, one.value, one.polarity.value]


def _as_fact(turn: Turn, number: int, topic: str, value: str, polarity: str) -> Fact:
    """A wish in the form the rules read; its number is below zero, because it is never written."""
    source = Source(MessageId(turn.message.id), turn.message.channel, turn.message.at)
    return Fact(FactId(number), topic, value, Polarity(polarity), True, 1.0, turn.now, None, turn.now, source)


def basis(turn: Turn, *, other: bool) -> list[Fact]:
    """What to choose by: the wishes at hand, and what the customer believes, or never wants, beside them."""
    wished = {fact.topic for fact in turn.wished if fact.polarity is Polarity.LIKES}
    doubted = {wish.against for wish in turn.passing.of("")} if not other else set()
    own = [fact for fact in turn.known if not other or fact.polarity is Polarity.NEVER]
    if not turn.consents.personal:
        own = [fact for fact in own if fact.polarity is Polarity.NEVER or fact in turn.learned]
    own = [fact for fact in own if fact.id not in doubted or turn.pack.topics[fact.topic].sensitive]
    return [*(fact for fact in own if fact.topic not in wished or _stays(turn, fact)), *turn.wished]


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


def _fits(product: Product, wish: Sequence[Heard | Fact]) -> bool:
    return all(one.value in product.attributes.get(one.topic, ()) for one in wish)

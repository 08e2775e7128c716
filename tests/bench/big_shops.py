"""Shops of any size, made up by rule, and customers of whom so much is known."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np

from one_to_one.facts import Fact, FactId, MessageId, Polarity, Source
from one_to_one.language import Language, Text
from one_to_one.shop import Module, Option, Product, Shop, ShopPack, Topic, TopicKind, Value

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
KINDS = (TopicKind.CHOICE, TopicKind.CHOICES, TopicKind.CHOICE, TopicKind.MONEY, TopicKind.CHOICE)
"""The kinds of topic in turn; the first and every tenth is a module, and every seventh asks what to avoid."""

VALUES = 5
"""Values of each topic that has any."""

FAVOURED = 1.5
"""How uneven the values of a topic are: the exponent of their shares."""


def shop(products: int, topics: int, seed: int = 1) -> ShopPack:
    """A shop with so many products and topics; the same for the same numbers."""
    dice = np.random.default_rng(seed)
    made = [_topic(number) for number in range(topics)]
    modules = [_module(topic) for topic in made[::10] if topic.values and topic.answer is Polarity.LIKES]
    apart = {module.topic for module in modules}
    told = [topic for topic in made if topic.values and topic.name not in apart]
    drawn = {topic.name: _drawn(topic, products, dice) for topic in told}
    prices = np.round(dice.lognormal(6.0, 0.4, products)).astype(int).tolist()
    goods = [
        _product(number, price, {name: codes[number] for name, codes in drawn.items()})
        for number, price in enumerate(prices)
    ]
    return ShopPack(
        Path("nowhere"),
        _house(),
        {topic.name: topic for topic in made},
        {product.id: product for product in goods},
        {module.topic: module for module in modules},
    )


def customer(pack: ShopPack, facts: int, seed: int = 1) -> list[Fact]:
    """Somebody of whom so many things are known, as far as there is so much to know."""
    dice = np.random.default_rng(seed)
    sayable = [(topic, code) for topic in pack.topics.values() for code in topic.values]
    chosen = dice.permutation(len(sayable))
    single: set[str] = set()
    known: list[Fact] = []
    for place in chosen.tolist():
        topic, code = sayable[place]
        polarity = Polarity.DISLIKES if dice.random() < 0.2 else topic.answer
        if polarity is Polarity.LIKES and not topic.many:
            if topic.name in single:
                continue
            single.add(topic.name)
        known.append(_fact(len(known) + 1, topic.name, code, polarity, float(dice.uniform(0.0, 900.0))))
        if len(known) == facts:
            break
    return known


def _fact(number: int, topic: str, code: str, polarity: Polarity, days: float) -> Fact:
    since = NOW - timedelta(days=days)
    source = Source(MessageId(number), "web", since)
    return Fact(FactId(number), topic, code, polarity, True, 1.0, since, None, since, source)


def _text(words: str) -> Text:
    return dict.fromkeys(Language, words)


def _topic(number: int) -> Topic:
    kind = KINDS[number % len(KINDS)] if number % 40 == 3 or number % len(KINDS) != 3 else TopicKind.CHOICE
    listed = kind in (TopicKind.CHOICE, TopicKind.CHOICES)
    words: dict[str, tuple[str, ...]] = {"zh": (), "en": ()}
    values = {f"v{n}": Value(f"v{n}", _text(f"v{n}"), words, words) for n in range(VALUES)} if listed else {}
    averse = listed and number % 7 == 6
    return Topic(
        name=f"t{number:03}",
        kind=kind,
        label=_text(f"t{number}"),
        values=values,
        question=dict.fromkeys(Language, ("?", "??")),
        why=_text("so that it fits"),
        half_life=timedelta(days=365),
        sensitive=averse,
        burden=0.02 + 0.01 * (number % 9),
        bears_on=(f"t{number:03}",),
        answer=Polarity.NEVER if averse else Polarity.LIKES,
        scale=listed and number % 3 == 0,
    )


def _module(topic: Topic) -> Module:
    options = {
        code: Option(code, _text(code), Decimal(1) + Decimal(n) / 4, Decimal(0), Decimal(0))
        for n, code in enumerate(topic.values)
    }
    return Module(topic.name, topic.label, options, next(iter(options)))


def _drawn(topic: Topic, products: int, dice: np.random.Generator) -> list[tuple[str, ...]]:
    """The values of each product in this topic."""
    codes = np.array(list(topic.values))
    weights = 1.0 / np.arange(1, len(codes) + 1) ** FAVOURED
    first = codes[dice.choice(len(codes), products, p=weights / weights.sum())]
    if not topic.many:
        return [(str(code),) for code in first]
    second = codes[dice.integers(0, len(codes), products)]
    return [tuple(sorted({str(one), str(other)})) for one, other in zip(first, second, strict=True)]


def _product(number: int, price: int, attributes: dict[str, tuple[str, ...]]) -> Product:
    name = f"p{number:06}"
    return Product(
        id=name,
        name=_text(name),
        note=_text("nice"),
        attributes=attributes,
        price=Decimal(price),
        cost=Decimal(price) / 2,
        stock=0 if number % 50 == 49 else 9,
        lead_days=1,
        image="",
    )


def _house() -> Shop:
    return Shop(
        name=_text("shop"),
        currency="EUR",
        languages=tuple(Language),
        about=_text("about"),
        hours=_text("hours"),
        delivery=_text("delivery"),
        questions_per_contact=2,
        price_step=Decimal(1),
        tiers={},
        quiet_from=time(22),
        quiet_until=time(8),
        time_zone="UTC",
        remedies={},
    )

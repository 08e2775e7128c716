"""Tiny shop packs built in code, and facts about imaginary customers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

from one_to_one.facts import Fact, FactId, Heard, MessageId, Polarity, Source
from one_to_one.language import Language, Text
from one_to_one.shop import Module, Option, Product, Shop, ShopPack, Topic, TopicKind, Value

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
YEAR = timedelta(days=365)


def text(words: str) -> Text:
    """The same words in every language."""
    return dict.fromkeys(Language, words)


def value(code: str, *words: str, short: Iterable[str] = ()) -> Value:
    """A value that is said by its code and by `words`."""
    spaced = code.replace("_", " ")
    return Value(code, text(spaced), {"zh": (), "en": (spaced, *words)}, {"zh": tuple(short), "en": ()})


def topic(
    name: str,
    *values: Value | str,
    kind: TopicKind = TopicKind.CHOICE,
    burden: float = 0.05,
    sensitive: bool = False,
    answer: Polarity = Polarity.LIKES,
    half_life: timedelta = YEAR,
    worth: float = 0.0,
    scale: bool = False,
    suits: bool = False,
) -> Topic:
    """A topic with these values."""
    made = [one if isinstance(one, Value) else value(one) for one in values]
    return Topic(
        name=name,
        kind=kind,
        label=text(name),
        values={one.code: one for one in made},
        question=dict.fromkeys(Language, (f"{name}?", f"{name}, in other words?")),
        why=text("so that it fits"),
        half_life=half_life,
        sensitive=sensitive,
        burden=burden,
        bears_on=(name,),
        answer=answer,
        worth=worth,
        scale=scale,
        suits=suits,
    )


def product(
    name: str, price: str = "10", cost: str = "4", stock: int = 9, **attributes: str | tuple[str, ...]
) -> Product:
    """A product with these attributes."""
    listed = {topic: (codes,) if isinstance(codes, str) else codes for topic, codes in attributes.items()}
    return Product(name, text(name), text("nice"), listed, Decimal(price), Decimal(cost), stock, 1, "")


def module(topic_name: str, default: str, **factors: str) -> Module:
    """A module whose options multiply the price by these factors."""
    options = {
        code: Option(code, text(code), Decimal(factor), Decimal(0), Decimal(0))
        for code, factor in factors.items()
    }
    return Module(topic_name, text(topic_name), options, default)


def pack(
    topics: Iterable[Topic],
    products: Iterable[Product],
    modules: Iterable[Module] = (),
    *,
    questions: int = 1,
    price_step: str = "1",
) -> ShopPack:
    """A shop of these."""
    shop = Shop(
        name=text("shop"),
        currency="EUR",
        languages=tuple(Language),
        about=text("about"),
        hours=text("hours"),
        delivery=text("delivery"),
        questions_per_contact=questions,
        price_step=Decimal(price_step),
        tiers={},
        quiet_from=time(22),
        quiet_until=time(8),
        time_zone="UTC",
        remedies={},
    )
    return ShopPack(
        folder=Path("nowhere"),
        shop=shop,
        topics={one.name: one for one in topics},
        products={one.id: one for one in products},
        modules={one.topic: one for one in modules},
    )


CHOICES, NAME, MONEY, NUMBER = TopicKind.CHOICES, TopicKind.NAME, TopicKind.MONEY, TopicKind.NUMBER


def bakery(questions: int = 1) -> ShopPack:
    """A baker: crust, grain and what is in it; the loaf is cut or not."""
    topics = [
        topic("crust", "soft", "firm", "crackling"),
        topic("grain", "wheat", "rye", "spelt"),
        topic("filling", "olives", "seeds", "cheese", "raisins", kind=CHOICES),
        topic("contains", "gluten", "lactose", kind=CHOICES, sensitive=True, answer=Polarity.NEVER),
        topic("cut", "whole", "sliced"),
        topic("size", "half", "full"),
        topic("limit", kind=MONEY),
        topic("people", kind=NUMBER),
        topic("name", kind=NAME, worth=0.03),
    ]
    products = [
        product("baguette", crust="crackling", grain="wheat", contains="gluten", price="3", cost="1"),
        product("brioche", crust="soft", grain="wheat", contains=("gluten", "lactose"), price="5", cost="2"),
        product(
            "ciabatta", crust="firm", grain="wheat", filling="olives", contains="gluten", price="4", cost="2"
        ),
        product(
            "farmer", crust="crackling", grain="rye", filling="seeds", contains="gluten", price="6", cost="2"
        ),
        product(
            "fruit", crust="soft", grain="spelt", filling="raisins", contains="gluten", price="7", cost="3"
        ),
        product(
            "goat",
            crust="firm",
            grain="spelt",
            filling=("cheese", "seeds"),
            contains="lactose",
            price="9",
            cost="4",
        ),
        product("pumpernickel", crust="firm", grain="rye", contains="gluten", price="5", cost="2"),
        product("rice", crust="soft", grain="rice", price="8", cost="4"),
    ]
    modules = [module("cut", "whole", whole="1", sliced="1"), module("size", "full", half="0.5", full="1")]
    return pack(topics, products, modules, questions=questions, price_step="0.5")


def bicycles() -> ShopPack:
    """Nothing to do with bread: frames, gears and colours."""
    topics = [
        topic("frame", "steel", "aluminium", "carbon"),
        topic("gears", "single", "hub", "derailleur"),
        topic("colour", "red", "green", "black", kind=CHOICES),
    ]
    products = [
        product("courier", "700", "400", frame="steel", gears="single", colour=("red", "black")),
        product("commuter", "900", "500", frame="aluminium", gears="hub", colour=("green", "black")),
        product("racer", "2900", "1500", frame="carbon", gears="derailleur", colour="red"),
        product("tourer", "1500", "800", frame="steel", gears="derailleur", colour="green"),
    ]
    return pack(topics, products, price_step="10")


def heard(topic_name: str, said: str, polarity: Polarity = Polarity.LIKES, confidence: float = 1.0) -> Heard:
    """A statement."""
    return Heard(topic_name, said, polarity, confidence, f"{polarity} {said}")


def fact(
    number: int,
    topic_name: str,
    said: str,
    polarity: Polarity = Polarity.LIKES,
    *,
    stated: bool = True,
    confidence: float = 1.0,
    since: datetime = NOW,
) -> Fact:
    """A fact believed since then."""
    source = Source(MessageId(number), "web", since)
    return Fact(
        FactId(number), topic_name, said, polarity, stated, confidence, since, None, since, source, said
    )


def facts_of(**liked: str) -> list[Fact]:
    """One liked value per topic."""
    return [fact(number, name, said) for number, (name, said) in enumerate(liked.items(), start=1)]


def beliefs_after(believed: Mapping[int, Fact], statements: Iterable[Heard], stated: bool) -> list[Fact]:
    """The facts with these statements written behind them, as the store would."""
    first = max(believed, default=0) + 1
    new = [
        fact(number, one.topic, one.value, one.polarity, stated=stated, confidence=one.confidence)
        for number, one in enumerate(statements, start=first)
    ]
    return [*believed.values(), *new]

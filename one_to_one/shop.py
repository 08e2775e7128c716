"""A shop as its pack describes it: what can be known about a customer, and what can be made for one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

from one_to_one.canned import Canned
from one_to_one.checkout import Checkout
from one_to_one.facts import Polarity
from one_to_one.language import Language, Text
from one_to_one.opening import Opening
from one_to_one.retention import Retention
from one_to_one.rules import NONE, Rule
from one_to_one.shapes import Drawing

ANSWER_WITHIN = timedelta(minutes=15)
"""How long a customer waits for a colleague, at most, where the shop says nothing else."""


class TopicKind(StrEnum):
    """What an answer to a topic's question looks like."""

    CHOICE = "choice"  # one of the values
    CHOICES = "choices"  # any number of the values
    NUMBER = "number"  # a count, such as cups a day
    MONEY = "money"  # an amount in the shop's currency
    TEXT = "text"  # free text, one at a time
    TEXTS = "texts"  # free texts, several at once
    NAME = "name"  # how the customer wants to be called
    OCCASIONS = "occasions"  # days to remember: kind, person, date
    HOUSEHOLD = "household"  # people and animals at home
    PASTIMES = "pastimes"  # what they like to do


MANY = frozenset(
    {
        TopicKind.CHOICES,
        TopicKind.TEXTS,
        TopicKind.OCCASIONS,
        TopicKind.HOUSEHOLD,
        TopicKind.PASTIMES,
    }
)
"""The kinds of topic that can hold several values at once."""

IN_OWN_WORDS = frozenset(
    {
        TopicKind.TEXT,
        TopicKind.TEXTS,
        TopicKind.NAME,
        TopicKind.OCCASIONS,
        TopicKind.HOUSEHOLD,
        TopicKind.PASTIMES,
    }
)
"""The kinds of topic that customers answer in words of their own, which need no topic beside them."""


@dataclass(frozen=True, slots=True)
class Value:
    """One thing a customer can say about a topic."""

    code: str
    label: Text
    words: Mapping[str, tuple[str, ...]]  # "zh" (either script) and "en": what says it anywhere in a sentence
    short: Mapping[str, tuple[str, ...]]  # the same, understood only as an answer to the topic's question
    too: Mapping[Language, tuple[str, ...]] = field(default_factory=dict)  # how one says: too much of it
    implies: Mapping[str, str] = field(default_factory=dict)  # module → what it means for that choice
    rules_out: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # module → what they can't have
    leaves: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # module → all that they can have
    calls_for: Mapping[str, tuple[str, ...]] = field(
        default_factory=dict
    )  # module → what suits it, best first


@dataclass(frozen=True, slots=True)
class Terms:
    """How long the first refusal of a question is honoured."""

    declined_for: timedelta | None = timedelta(days=730)  # None: for good
    not_now_for: timedelta = timedelta(days=7)


TERMS = Terms()
"""Where the pack says nothing."""

FOR_GOOD = Terms(declined_for=None)
"""The same of sensitive topics."""


@dataclass(frozen=True, slots=True)
class Topic:
    """Something that can be known about a customer."""

    name: str
    kind: TopicKind
    label: Text
    values: Mapping[str, Value]  # by code; empty for numbers, money and free text
    question: Mapping[Language, tuple[str, ...]]  # wordings, the second used when asked again
    why: Text  # what the answer is for, as told to the customer
    half_life: timedelta  # after this long a fact is believed half as much
    sensitive: bool  # kept only with consent
    burden: float  # what asking costs the customer, in the units of utility (0..1)
    bears_on: tuple[str, ...]  # names of product attributes and modules that the answer changes
    answer: Polarity = Polarity.LIKES  # how a value is meant when it answers the question
    worth: float = 0.0  # what knowing it is worth for the relationship alone, in the units of utility
    units: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # "zh", "en": words after a number
    scale: bool = False  # whether the values stand in order, so that neighbours resemble each other
    called: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # "zh", "en": other names
    others: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # the same: what there isn't of it
    suits: bool = False  # whether a product lists all it suits, of which the customer needs only one

    terms: Terms = TERMS  # how long a refusal of its question is honoured

    @property
    def many(self) -> bool:
        """Whether a customer can hold several values at once."""
        return self.kind in MANY


type Has = Mapping[str, Decimal | str]
"""What something takes, supplies or is, for the rules: `watts` 65, `socket` "am5"."""


@dataclass(frozen=True, slots=True)
class QuantityPrice:
    """What buying several does to the price of one."""

    least: int  # from so many on
    factor: Decimal  # the price of each is multiplied by this


@dataclass(frozen=True, slots=True)
class Availability:
    """When something can be had, and by whom."""

    start: date | None = None  # the first day, in the shop's time zone
    until: date | None = None  # the last day
    groups: frozenset[str] = frozenset()  # the customer groups that may have it; none named: everybody

    def on(self, day: date | None, groups: Collection[str] = ()) -> bool:
        """Whether somebody of these groups can have it on a day; None: on some day."""
        if self.groups and self.groups.isdisjoint(groups):
            return False
        if day is None:
            return True
        return (self.start is None or self.start <= day) and (self.until is None or day <= self.until)


ALWAYS = Availability()
"""Of what everybody can have at any time."""


@dataclass(frozen=True, slots=True)
class Product:
    """Something the shop makes, at the price of its default options."""

    id: str
    name: Text
    note: Text  # one line that would make somebody want it
    attributes: Mapping[str, tuple[str, ...]]  # topic -> value codes
    price: Decimal  # in the shop's currency
    cost: Decimal
    stock: int  # units of the default size
    lead_days: int
    image: str  # path below the pack's folder, such as "images/sunrise.svg", or ""
    source: str = ""  # where what is said about it comes from, or ""
    quantity_prices: tuple[QuantityPrice, ...] = ()  # by quantity, the least first
    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # the only ones of a module for it
    has: Has = field(default_factory=dict)
    availability: Availability = ALWAYS


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a module."""

    code: str
    label: Text
    factor: Decimal  # the product's price and cost are multiplied by this
    price: Decimal  # then this is added to the price
    cost: Decimal  # and this to the cost
    has: Has = field(default_factory=dict)
    stock: int | None = None  # units; None: it never runs out
    lead_days: int = 0  # it adds so many to the product's
    availability: Availability = ALWAYS


@dataclass(frozen=True, slots=True)
class Module:
    """Something the customer can choose about a product; named after the topic it answers, if there is one.

    A number is a module too: each number that can be chosen is one of its options.
    """

    topic: str  # its name
    label: Text
    options: Mapping[str, Option]
    default: str  # assumed, and said to be assumed, when the customer's wish is not known; may be NONE
    once: bool = False  # chosen anew for each order: what was ordered last says nothing about it
    optional: bool = False  # may be left out
    several: bool = False  # any number of the options at once
    most: int | None = None  # so many of them; None: all
    products: frozenset[str] = frozenset()  # which have it; none named: all
    number: bool = False  # its options are numbers, the smallest first
    unit: Text = field(default_factory=dict)  # of a number: what stands behind it; empty: nothing
    upwards: bool = False  # of a number: in place of one that can't be made never a smaller one
    ask: Text = field(default_factory=dict)  # asked before it is ordered, and what is done if they won't say


@dataclass(frozen=True, slots=True)
class Heading:
    """What some of the modules are told under, where there are many of them."""

    label: Text
    modules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Credit:
    """Work of others that the pack is made from."""

    title: str
    licence: str
    notice: str  # path of the licence's text below the pack's folder


class Remembering(StrEnum):
    """On what ground ordinary tastes are remembered."""

    NOTICE = "notice"  # said at the first contact, with an easy no
    OPT_IN = "opt_in"  # only after a yes


class OfferKind(StrEnum):
    """Why something is offered at its own price or size."""

    TRIAL = "trial"  # a small one, to get to know it
    SPECIAL = "special"  # cheaper, or made only for a while
    CLEARANCE = "clearance"  # the last of it


@dataclass(frozen=True, slots=True)
class Offer:
    """Some products on other terms, for a while. The terms are the same for every customer."""

    id: str
    kind: OfferKind
    products: tuple[str, ...]
    options: Mapping[str, str]  # module -> the option it is offered in; other modules are free
    price: Decimal | None  # in place of the product's price; None: the price as always
    start: date  # the first day, in the shop's time zone
    until: date  # the last day
    reason: Text  # one clause that tells why


@dataclass(frozen=True, slots=True)
class Proposing:
    """What the shop lets its own interest count when it proposes. 1 is what one liked value counts."""

    margin_weight: float = 0.0  # for a product that is all margin, over one that has none
    stock_weight: float = 0.0  # for the product with most in stock, over one that has hardly any
    least_stock: int = 1  # with fewer units than this nothing is proposed
    pushed_share: float = 0.0  # of the places, at most, that these may decide; never the first
    offer_margin: float = 0.5  # an offer may suit this much less than what it takes the place of


@dataclass(frozen=True, slots=True)
class Shop:
    """What is true of the shop as a whole."""

    name: Text
    currency: str  # ISO 4217
    languages: tuple[Language, ...]
    about: Text
    hours: Text
    delivery: Text
    questions_per_contact: int  # the drip's budget: 1 or 2
    price_step: Decimal  # prices are rounded up to a multiple of this
    tiers: Mapping[str, Decimal]  # tier letter -> lifetime value from which it holds
    quiet_from: time  # nothing unasked is sent between these two, in the shop's time zone
    quiet_until: time
    time_zone: str  # IANA name
    remedies: Mapping[str, Decimal]  # remedy -> most that may be given at once, in the shop's currency
    credits: tuple[Credit, ...] = ()
    remembering: Remembering = Remembering.NOTICE
    proposing: Proposing = Proposing()
    sells: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # "zh", "en": words for its goods
    lacks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # the same for what it has not
    retention: Retention = field(default_factory=Retention)
    opening: Opening | None = None  # when somebody is there; None: nobody wrote it down
    answer_within: timedelta = ANSWER_WITHIN  # who waits longer for a colleague, while it is open, is raised
    canned: tuple[Canned, ...] = ()  # replies that colleagues keep ready
    checkout: Checkout = field(default_factory=Checkout)


@dataclass(frozen=True, slots=True)
class ShopPack:
    """Everything about one shop."""

    folder: Path
    shop: Shop
    topics: Mapping[str, Topic]
    products: Mapping[str, Product]
    modules: Mapping[str, Module]
    offers: Mapping[str, Offer] = field(default_factory=dict)
    drawing: Drawing | None = None  # how it looks as it was chosen; None: there is no such picture
    rules: tuple[Rule, ...] = ()
    headings: tuple[Heading, ...] = ()  # no module stands under two

    @property
    def name_topics(self) -> frozenset[str]:
        """The topics that hold what customers are called."""
        return frozenset(name for name, topic in self.topics.items() if topic.kind is TopicKind.NAME)

    def modules_of(self, product: Product) -> dict[str, Module]:
        """What can be chosen about one product, in the order of the pack."""
        return {
            name: module
            for name, module in self.modules.items()
            if not module.products or product.id in module.products
        }

    def options_of(self, product: Product, module: Module) -> tuple[str, ...]:
        """The options of a module that there are for a product, in the order of the module."""
        narrowed = product.options.get(module.topic)
        return tuple(code for code in module.options if narrowed is None or code in narrowed)

    def default_of(self, product: Product, module: Module) -> str:
        """What is assumed of a module: the default, or the first option where the product has no such."""
        codes = self.options_of(product, module)
        if module.default in codes or (module.default == NONE and module.optional) or not codes:
            return module.default
        return codes[0]

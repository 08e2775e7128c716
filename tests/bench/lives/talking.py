"""The smaller run: simulated customers who type, to the real bot, in three scripts.

Each contact is a new session of the same customer. The shop's clock is the machine's; between contacts
everything in its store is made DAYS older, which for the shop is the same as DAYS going by.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import numpy as np
import yaml
from sqlalchemy import String, create_engine, func, update

from cli.benching import BenchOptions, Figure
from crm_store.models import Base
from crm_store.store import Store
from crm_store.types import Instant
from one_to_one.facts import Fact, Heard, Polarity
from one_to_one.language import Language
from one_to_one.ledger import MOST_UNANSWERED as MOST
from one_to_one.shop import ShopPack, Topic, TopicKind
from tests.bench.lives.people import Person, Taste, World, person
from tests.journey.shop_running import RunningShop

TYPING = 36
CONTACTS = 5
DAYS = 4
LATER = 7
"""For so many days "not now" is honoured at least."""

SEED = 20261127
PHRASES = Path(__file__).with_name("phrases.yml")
QUESTIONS = ("skip", "still", "rate")
"""The verbs of the buttons that a question carries."""

type Phrases = Mapping[str, Sequence[str]]


@dataclass(slots=True)
class Typing:
    """What was typed by everybody, and what came of it."""

    messages: int = 0
    contacts: int = 0
    questions: int = 0
    repeated: int = 0
    over_budget: int = 0
    after_refusal: int = 0
    after_complaint: int = 0
    unanswered: int = 0  # messages without a reply
    said: int = 0
    kept: int = 0  # of what was said, believed now
    believed: int = 0
    right: int = 0  # of what is believed, said


def measure(options: BenchOptions, pack: ShopPack, folder: Path, customers: int = TYPING) -> Iterator[Figure]:
    """Start the shop of this pack, from its folder, in a home of its own, let them all talk, compare."""
    options.say(f"{customers} customers type to the real bot …")
    with tempfile.TemporaryDirectory(prefix="dripwise-lives-") as home:
        limits = {"DRIPWISE_MESSAGES_PER_MINUTE": "100000", "DRIPWISE_SESSIONS_PER_MINUTE": "100000"}
        shop = RunningShop(Path(home), DRIPWISE_SHOP=str(folder), **limits)
        try:
            shop.start()
            shop.wait_ready()
            typing = everybody(shop, pack, customers)
        finally:
            shop.stop()
    yield from figures(typing)


def figures(typing: Typing) -> Iterator[Figure]:
    """What was seen of those who typed."""
    source = f"{typing.messages} messages in {typing.contacts} contacts, real bot"
    for name in ("repeated", "over_budget", "after_refusal", "after_complaint"):
        yield Figure(f"lives.text.questions_{name}", getattr(typing, name), "times", 0, source)
    yield Figure("lives.text.unanswered", typing.unanswered, "messages without a reply", 0, source)
    yield Figure(
        "lives.text.questions_per_contact", typing.questions / max(1, typing.contacts), "questions", 1, source
    )
    yield Figure(
        "lives.text.facts_kept", typing.kept / max(1, typing.said), "share of what was said", 1, source
    )
    yield Figure(
        "lives.text.facts_right",
        typing.right / max(1, typing.believed),
        "share of what is believed",
        1,
        source,
    )


def everybody(shop: RunningShop, pack: ShopPack, customers: int) -> Typing:
    """All of them, one after the other, contact by contact."""
    world, typing = World(pack, SEED), Typing()
    listed: Mapping[str, Phrases] = yaml.safe_load(PHRASES.read_text(encoding="utf-8"))
    talkers = [_talker(shop.url, world, number, listed, typing) for number in range(customers)]
    with ExitStack() as browsers:
        for talker in talkers:
            browsers.enter_context(talker)
        for contact in range(CONTACTS):
            for talker in talkers:
                talker.come(contact)
            days_pass(shop.home / "dripwise.db", DAYS)
    spoken = {talker.id: talker.said for talker in talkers}
    believed = asyncio.run(_believed(shop.settings.store_url, list(spoken)))
    for name, said in spoken.items():
        known = {(fact.topic, fact.value, fact.polarity.value) for fact in believed[name]}
        typing.said += len(said)
        typing.kept += len(said & known)
        typing.believed += len(known)
        typing.right += len(said & known)
    return typing


def _talker(url: str, world: World, number: int, listed: Mapping[str, Phrases], typing: Typing) -> Talker:
    who, taste = person(world, number, 365)
    language = list(Language)[number % len(Language)]
    return Talker(url, world.pack, who, taste, language, listed[language.value], typing)


def days_pass(database: Path, days: float) -> None:
    """Make every moment in a SQLite store so many days older."""
    engine = create_engine(f"sqlite:///{database}", connect_args={"timeout": 60})  # the shop may be writing
    with engine.begin() as connection:
        for table in Base.metadata.sorted_tables:
            for column in (one for one in table.c if isinstance(one.type, Instant)):
                older = func.strftime("%Y-%m-%d %H:%M:%f", column, f"-{days} days", type_=String)
                connection.execute(
                    update(table).where(column.is_not(None)).values({column.name: older.concat("000")})
                )
    engine.dispose()


async def _believed(url: str, customers: Sequence[str]) -> dict[str, Sequence[Fact]]:
    store = Store(url)
    try:
        async with store.reading() as books:
            return {one: await books.facts.believed(one) for one in customers}
    finally:
        await store.close()


@dataclass(slots=True)
class Talker:
    """One customer who types."""

    url: str
    pack: ShopPack
    who: Person
    taste: Taste
    language: Language
    phrases: Phrases
    typing: Typing
    id: str = ""
    said: set[tuple[str, str, str]] = field(default_factory=set)
    asked: Counter[str] = field(default_factory=Counter)  # topic -> how often without an answer
    settled: set[str] = field(default_factory=set)  # topics declined, or about which they don't mind
    later: dict[str, int] = field(default_factory=dict)  # topic -> the contact in which it was put off
    contact: int = 0
    waits: str | None = None  # the topic of the open question
    questions: int = 0  # of this contact
    quiet: str | None = None  # why nothing may be asked any more in this contact
    web: httpx.Client = field(init=False)
    chance: np.random.Generator = field(init=False)

    def __enter__(self) -> Talker:
        """Open the browser."""
        self.web = httpx.Client(base_url=self.url, timeout=60, trust_env=False)
        self.chance = np.random.default_rng([SEED, self.who.number])
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.web.close()

    def come(self, number: int) -> None:
        """One contact."""
        self.contact = number
        self._begin()
        if number == CONTACTS - 1 and self.chance.random() < 0.5:
            self._say("complain")
            self.quiet = "complaint"
        elif self.chance.random() < 0.5:
            self._tell()
        else:
            self._say("hello")
        self._answer()
        self._say("recommend")
        self._answer()
        self._say("bye")

    def _begin(self) -> None:
        body = {"language": self.language.value}
        session = self.web.post("/api/chat/sessions", json=body).raise_for_status().json()
        self.web.headers["Authorization"] = f"Bearer {session['token']}"
        self.id, self.questions, self.quiet, self.waits = str(session["customer"]), 0, None, None
        self.typing.contacts += 1

    def _say(self, kind: str, thing: str = "") -> None:
        """Type one phrase of this kind, and see what comes back."""
        text = str(self.chance.choice(list(self.phrases[kind]))).format(thing=thing)
        answer = self.web.post("/api/chat/messages", json={"text": text}).raise_for_status().json()
        self.typing.messages += 1
        self.typing.unanswered += not answer["replies"]
        buttons = [button["payload"] for reply in answer["replies"] for button in reply["buttons"]]
        self._notice([payload.split(":") for payload in buttons])

    def _notice(self, payloads: Sequence[Sequence[str]]) -> None:
        """Whether a question was put."""
        verbs = {payload[0] for payload in payloads}
        self.waits = None
        if not verbs & set(QUESTIONS):
            return
        typing = self.typing
        self.questions += 1
        typing.questions += 1
        typing.over_budget += self.questions > self.pack.shop.questions_per_contact
        typing.after_refusal += self.quiet == "refusal"
        typing.after_complaint += self.quiet == "complaint"
        topic = next((payload[1] for payload in payloads if payload[0] == "skip"), None)
        if topic is not None:
            typing.repeated += self._is_repeated(topic)
            self.asked[topic] += 1
            self.waits = topic

    def _is_repeated(self, topic: str) -> bool:
        """Whether it was answered or declined, put off a short while ago, or left unanswered twice."""
        days = (self.contact - self.later.get(topic, -LATER)) * DAYS
        return self._told(topic) or topic in self.settled or days < LATER or self.asked[topic] >= MOST

    def _tell(self) -> None:
        """Say something true, unasked."""
        names = [n for n in self.who.importance if self.taste.wants.get(n) and not self._told(n)]
        if names:
            self._state(str(self.chance.choice(names)), asked=False)
        else:
            self._say("hello")

    def _told(self, topic: str) -> bool:
        return any(said[0] == topic for said in self.said)

    def _state(self, topic: str, *, asked: bool) -> None:
        liked = self.taste.wants[topic][0]
        self._note(Heard(topic, liked, Polarity.LIKES, 1.0, ""))
        self._say("answers" if asked else "likes", self._called(topic, liked))

    def _note(self, heard: Heard) -> None:
        self.said.add((heard.topic, heard.value, heard.polarity.value))

    def _called(self, topic: str, value: str) -> str:
        values = self.pack.topics[topic].values
        return values[value].label[self.language] if value in values else value

    def _answer(self) -> None:
        """Meet the question, if one was put: say it, wave it aside, or not mind."""
        if self.waits is None:
            return
        topic, draw = self.pack.topics[self.waits], self.chance.random()
        if draw < 0.15:
            self.quiet = "refusal"
            if draw < 0.08:
                self.settled.add(topic.name)
            else:
                self.later[topic.name] = self.contact
            self._say("decline" if draw < 0.08 else "later")
        elif self._has_answer(topic):
            self._state(topic.name, asked=True)
        else:
            self.settled.add(topic.name)
            self._say("indifferent")

    def _has_answer(self, topic: Topic) -> bool:
        """Whether there is a value, a number or an amount to name."""
        plain = topic.kind in (TopicKind.NUMBER, TopicKind.MONEY) or bool(topic.values)
        return plain and topic.answer is Polarity.LIKES and bool(self.taste.wants.get(topic.name))

"""A conversation without the bot: messages go into a real store, and the actions answer them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from actions.desk import Call, Desk
from actions.index import STEPS
from crm_store.models import MessageRow
from crm_store.store import Store
from one_to_one.answer_words import read_words
from one_to_one.facts import Fact, Polarity
from one_to_one.language import Language, Text
from one_to_one.ledger import Question
from one_to_one.shop import Module, Option, Product, Shop, ShopPack, Topic, TopicKind, Value
from one_to_one.texts import Texts
from settings import ROOT

START = datetime(2026, 3, 2, 3, tzinfo=UTC)  # a Monday, eleven in the morning in Taipei
STEP_NAMES = {step.name: step for step in STEPS}
TEXTS = Texts.read(ROOT / "data" / "texts")
ANSWERS = read_words(ROOT / "data" / "nlu")


def in_three(hant: str, hans: str, en: str) -> Text:
    """One text in every language."""
    return {Language.TRADITIONAL: hant, Language.SIMPLIFIED: hans, Language.ENGLISH: en}


def value(code: str, hant: str, hans: str, *short: str) -> Value:
    """A value of a topic; its English label is its code."""
    en = code.replace("_", " ")
    return Value(code, in_three(hant, hans, en), {"zh": (hant,), "en": (en,)}, {"zh": short, "en": ()})


def topic(
    name: str,
    label: str,
    *values: Value,
    kind: TopicKind = TopicKind.CHOICE,
    sensitive: bool = False,
    bears: bool = True,
    burden: float = 0.02,
    worth: float = 0.0,
) -> Topic:
    """A topic asked by its label."""
    return Topic(
        name=name,
        kind=kind,
        label=in_three(label, label, name),
        values={one.code: one for one in values},
        question={
            tag: (
                (f"{name}?", f"{name} again?")
                if tag is Language.ENGLISH
                else (f"{label}呢？", f"再問{label}？")
            )
            for tag in Language
        },
        why=in_three("好替你挑", "好替你挑", "so that it fits"),
        half_life=timedelta(days=365),
        sensitive=sensitive,
        burden=burden,
        bears_on=(name,) if bears else (),
        answer=Polarity.NEVER if sensitive else Polarity.LIKES,
        worth=worth,
    )


def tea(name: str, hant: str, hans: str, price: int, **attributes: str) -> Product:
    """A tea."""
    return Product(
        id=name,
        name=in_three(hant, hans, name.replace("_", " ").title()),
        note=in_three("好茶", "好茶", "good tea"),
        attributes={topic: (code,) for topic, code in attributes.items()},
        price=Decimal(price),
        cost=Decimal(price) / 2,
        stock=9,
        lead_days=2,
        image="",
    )


def option(code: str, hant: str, factor: str) -> Option:
    """An option of a module."""
    return Option(code, in_three(hant, hant, code), Decimal(factor), Decimal(0), Decimal(0))


def tea_house(questions: int = 1) -> ShopPack:
    """A tea house: how dark, how scented, where from; how much of it, loose or in bags."""
    topics = [
        topic("oxidation", "發酵", value("green", "綠茶", "绿茶", "綠的"),
              value("oolong", "烏龍", "乌龙", "中的"), value("black", "紅茶", "红茶", "紅的")),
        topic("scent", "香氣", value("floral", "花香", "花香"), value("roasted", "焙火香", "焙火香"),
              value("milky", "奶香", "奶香"), kind=TopicKind.CHOICES),
        topic("place", "產地", value("alishan", "阿里山", "阿里山"), value("assam", "阿薩姆", "阿萨姆"),
              value("uji", "宇治", "宇治"), kind=TopicKind.CHOICES, burden=0.2),
        topic("avoid", "忌口", value("nuts", "堅果", "坚果"), value("milk", "乳製品", "乳制品"),
              kind=TopicKind.CHOICES, sensitive=True, burden=0.3),
        topic("weight", "份量", value("75", "75 克", "75 克"), value("150", "150 克", "150 克"), burden=0.1),
        topic("name", "稱呼", kind=TopicKind.NAME, bears=False, worth=0.001, burden=0.001),
    ]  # fmt: skip
    products = [
        tea("jade", "翠玉", "翠玉", 300, oxidation="green", scent="floral", place="uji"),
        tea("mountain", "高山金萱", "高山金萱", 420, oxidation="oolong", scent="milky", place="alishan"),
        tea("charcoal", "炭焙烏龍", "炭焙乌龙", 380, oxidation="oolong", scent="roasted", place="alishan"),
        tea("breakfast", "早餐紅茶", "早餐红茶", 250, oxidation="black", scent="roasted", place="assam"),
        tea("rose", "玫瑰紅茶", "玫瑰红茶", 280, oxidation="black", scent="floral", place="assam"),
        tea("hojicha", "焙茶", "焙茶", 260, oxidation="green", scent="roasted", place="uji"),
    ]
    weight = Module(
        "weight",
        in_three("份量", "份量", "weight"),
        {"75": option("75", "75 克", "1"), "150": option("150", "150 克", "1.8")},
        "75",
    )
    return ShopPack(
        Path("nowhere"),
        _shop(questions),
        {one.name: one for one in topics},
        {one.id: one for one in products},
        {"weight": weight},
    )


def _shop(questions: int) -> Shop:
    return Shop(
        name=in_three("一葉茶", "一叶茶", "One Leaf"),
        currency="TWD",
        languages=tuple(Language),
        about=in_three("我們只賣茶。", "我们只卖茶。", "We sell tea."),
        hours=in_three("每天 10 點到 19 點。", "每天 10 点到 19 点。", "Every day from 10 to 19."),
        delivery=in_three("兩天到。", "两天到。", "Two days."),
        questions_per_contact=questions,
        price_step=Decimal(10),
        tiers={},
        quiet_from=time(22),
        quiet_until=time(8),
        time_zone="Asia/Taipei",
        remedies={},
    )


@dataclass(frozen=True, slots=True)
class Said:
    """A preference the bot would have extracted."""

    words: str
    topic: str
    value: str
    polarity: str = "likes"
    lasting: bool = True
    ends: bool = False
    relative: int = 0
    who: str = ""  # somebody else, or "": themselves
    confidence: float = 1.0

    def entity(self, text: str) -> dict[str, Any]:
        """As it comes over the wire."""
        start = max(text.find(self.words), 0)
        more = {"lasting": self.lasting, "ends": self.ends, "relative": self.relative}
        return {
            **more,
            **({"about": "other", "who": self.who} if self.who else {}),
            "entity": self.topic,
            "value": self.value,
            "polarity": self.polarity,
            "start": start,
            "end": start + len(self.words),
            "confidence_entity": self.confidence,
        }


@dataclass
class Talk:
    """One customer talking with the shop."""

    store: Store
    pack: ShopPack = field(default_factory=tea_house)
    channel: str = "web"
    language: str = "zh-Hant"
    now: datetime = START
    customer: str = ""
    replies: list[MessageRow] = field(default_factory=list)
    count: int = 0
    signing_key: str = ""

    @property
    def desk(self) -> Desk:
        """The desk the messages are served at."""
        silence = timedelta(minutes=30)
        key = self.signing_key
        return Desk(self.store, self.pack, TEXTS, ANSWERS, lambda: self.now, silence, signing_key=key)

    async def says(self, text: str, intent: str = "nlu_fallback", *heard: Said, sure: float = 0.95) -> str:
        """Type something that the bot understands as this intent; returns all replies, line by line."""
        call = (intent, sure, [one.entity(text) for one in heard])
        return await self._turn(f"action_{intent}", call, text=text)

    async def taps(self, payload: str) -> str:
        """Tap a button; returns all replies, line by line."""
        verb = payload.partition(":")[0]
        return await self._turn(f"action_tap_{verb}", (f"tap_{verb}", 1.0, []), payload=payload)

    async def taps_titled(self, title: str) -> str:
        """Tap the button of the last replies whose title contains these words."""
        [payload] = [p for t, p in self.buttons if title in t][:1]
        return await self.taps(payload)

    async def _turn(
        self,
        action: str,
        call: tuple[str, float, list[dict[str, Any]]],
        text: str = "",
        payload: str | None = None,
    ) -> str:
        message = await self.receive(text, payload)
        await self.serve(action, message, call)
        return await self.heard_back(message)

    async def receive(self, text: str = "", payload: str | None = None) -> int:
        """Put a message into the inbox; returns its number."""
        self.count += 1
        self.now += timedelta(seconds=20)
        async with self.store.transaction() as books:
            if not self.customer:
                self.customer = (await books.customers.create(self.language, self.now)).id
            external = f"{self.customer}-{self.channel}-{self.count}"
            row, _ = await books.messages.receive(
                self.customer, self.channel, external, self.now, text=text, payload=payload
            )
        return row.id

    async def serve(
        self, action: str, message: int, call: tuple[str, float, Sequence[dict[str, Any]]] = ("", 0.0, ())
    ) -> int:
        """Run the action for a message that was received."""
        intent, confidence, entities = call
        return await self.desk.serve(
            STEP_NAMES[action], Call(message, self.customer, intent, confidence, entities)
        )

    async def heard_back(self, message: int) -> str:
        """The replies to a message."""
        async with self.store.reading() as books:
            self.replies = await books.messages.replies_to(message)
        return "\n".join(row.text for row in self.replies)

    @property
    def buttons(self) -> list[tuple[str, str]]:
        """Title and payload of every button of the last replies."""
        return [(b["title"], b["payload"]) for row in self.replies for b in row.buttons]

    def offers(self, verb: str) -> bool:
        """Whether the last replies have a button with this verb."""
        return any(payload.partition(":")[0] == verb for _, payload in self.buttons)

    def payload(self, verb: str, number: int = 0) -> str:
        """The n-th payload with this verb in the last replies."""
        return [payload for _, payload in self.buttons if payload.partition(":")[0] == verb][number]

    async def waits(self, **time_passed: float) -> None:
        """Let time pass."""
        self.now += timedelta(**time_passed)

    async def facts(self) -> list[tuple[str, str, str]]:
        """Topic, value and polarity of everything believed."""
        return [(fact.topic, fact.value, fact.polarity.value) for fact in await self.believed()]

    async def believed(self) -> list[Fact]:
        """Everything believed, what counts in this contact only included."""
        async with self.store.reading() as books:
            contact = await books.contacts.latest(self.customer)
            return await books.facts.believed(self.customer, contact=contact.id if contact else None)

    async def ledger(self) -> dict[str, Question]:
        """What was asked."""
        async with self.store.reading() as books:
            return await books.questions.ledger(self.customer)

    async def focus(self) -> str | None:
        """The kind of thing the shop waits for."""
        async with self.store.reading() as books:
            customer = await books.customers.get(self.customer)
            return customer.focus["kind"] if customer.focus else None


async def options(talk: Talk) -> dict[str, str]:
    """What the draft is made of."""
    async with talk.store.reading() as books:
        [*_, order] = await books.orders.listed(talk.customer)
        [line] = await books.orders.lines(order)
        return dict(line.options)

"""Whatever customers say, correct, allow, forget and join, in whatever order: memory stays one and true."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from shutil import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from crm_store.books import Books
from crm_store.erasing import erase
from crm_store.forgetting import forget
from crm_store.merging import merge, unmerge
from crm_store.rows import AUDIT, CUSTOMERS, FACTS, MERGES, TABLES, rows_of
from crm_store.store import Store
from one_to_one.errors import AlreadyMerged, MergedSince, NotMerged
from one_to_one.facts import Fact, Heard, MessageId, Polarity, Source
from one_to_one.ledger import QuestionState
from one_to_one.pack import read_pack
from one_to_one.preferences import weigh
from one_to_one.shop import TopicKind
from settings import ROOT

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
SILENCE = timedelta(minutes=30)
PACK = read_pack(ROOT / "data" / "shops" / "coffee")
PEOPLE = 2
HOUSES = count()
TOPICS = {
    next(t.name for t in PACK.topics.values() if suits(t))
    for suits in (
        lambda topic: topic.kind is TopicKind.CHOICE,
        lambda topic: topic.kind is TopicKind.CHOICES and not topic.sensitive,
        lambda topic: topic.sensitive,
    )
}
"""One with room for one value, one with room for many, one that needs consent: few, so that things meet."""

SINGLE = frozenset(name for name, topic in PACK.topics.items() if not topic.many)
type Known = frozenset[tuple[str, str, str]]


@dataclass
class Someone:
    """A person on a channel of their own, and the customer they are at the moment."""

    name: str
    customer: str
    gone: list[str] = field(default_factory=list)  # customers they were, erased since


@dataclass
class House:
    """Two people, a clock, and what was believed of each customer at each moment so far."""

    books: Books
    people: list[Someone] = field(default_factory=list)
    now: datetime = NOON
    seen: dict[str, list[tuple[datetime, Known]]] = field(default_factory=dict)

    def tick(self, step: timedelta = timedelta(minutes=1)) -> datetime:
        self.now += step
        return self.now

    async def arrive(self, name: str) -> Someone:
        row = await self.books.customers.create("en", self.tick())
        await self.books.customers.identify(row.id, name, name, name, self.now)
        return Someone(name, row.id)

    async def customer(self, who: Someone) -> str:
        who.customer = (await self.books.customers.get(who.customer)).id
        return who.customer


@dataclass(frozen=True)
class Say:
    """States something, or lets it be inferred; sensitive things are provisional until there is consent."""

    who: int
    topic: str
    value: str
    polarity: Polarity
    stated: bool

    async def do(self, house: House) -> None:
        books, who = house.books, house.people[self.who]
        customer, at = await house.customer(who), house.tick()
        contact = await books.contacts.current(customer, who.name, at, SILENCE)
        message, _ = await books.messages.receive(customer, who.name, f"{who.name}{at}", at, self.value)
        message.contact_id = contact.id
        heard = Heard(self.topic, self.value, self.polarity, 0.9, self.value)
        believed = await books.facts.believed(customer, contact=contact.id)
        changes = weigh([heard], believed, PACK, self.stated)
        source = Source(MessageId(message.id), who.name, at)
        open_to_all = not PACK.topics[self.topic].sensitive
        kept = open_to_all or await self._allowed(books, customer)
        told: Any = {"contact": contact.id, "stated": self.stated, "provisional": not kept}
        for fact in changes.end:
            await books.facts.end(fact, at)
        for one in [*changes.learn, *(heard for _ in changes.same)]:
            await books.facts.learn(customer, one, at=at, source=source, **told)
        await books.questions.mark(customer, self.topic, QuestionState.ANSWERED, at, contact.id)

    async def _allowed(self, books: Books, customer: str) -> bool:
        return (await books.consents.states(customer)).get(f"sensitive:{self.topic}") == "granted"


@dataclass(frozen=True)
class Correct:
    """Takes back the first thing believed: it never was so, isn't so any more, or is to be forgotten."""

    who: int
    how: str

    async def do(self, house: House) -> None:
        customer = await house.customer(house.people[self.who])
        at = house.tick()
        believed = await house.books.facts.believed(customer)
        if not believed:
            return
        if self.how == "retract":
            await house.books.facts.retract(believed[0], at)
        elif self.how == "end":
            await house.books.facts.end(believed[0], at)
        else:
            await house.books.facts.forget(believed[0])
            house.seen.pop(customer, None)


@dataclass(frozen=True)
class Consent:
    """Allows or refuses to keep what is sensitive."""

    who: int
    topic: str
    state: str

    async def do(self, house: House) -> None:
        books, who = house.books, house.people[self.who]
        customer, at = await house.customer(who), house.tick()
        contact = await books.contacts.current(customer, who.name, at, SILENCE)
        await books.consents.record(customer, f"sensitive:{self.topic}", self.state, "May I?", at)
        if self.state == "granted":
            for fact in await books.facts.believed(customer, contact=contact.id):
                if fact.provisional and fact.topic == self.topic:
                    await books.facts.keep(fact)
                    house.seen.pop(customer, None)  # it counts from when it was said


@dataclass(frozen=True)
class Return:
    """Comes again after a while: what was for one contact only is gone."""

    who: int

    async def do(self, house: House) -> None:
        books, who = house.books, house.people[self.who]
        customer, at = await house.customer(who), house.tick(timedelta(hours=2))
        contact = await books.contacts.current(customer, who.name, at, SILENCE)
        await books.facts.drop_provisional(customer, contact.id)


@dataclass(frozen=True)
class ForgetAll:
    """Has everything forgotten, and stays a customer."""

    who: int

    async def do(self, house: House) -> None:
        books, who = house.books, house.people[self.who]
        customer, at = await house.customer(who), house.tick()
        message, _ = await books.messages.receive(customer, who.name, f"{who.name}{at}", at, "forget me")
        await forget(books, customer, message.id, at)
        assert await books.facts.history(customer) == []
        house.seen.pop(customer, None)


@dataclass(frozen=True)
class Erase:
    """Is erased, and comes again as a stranger."""

    who: int

    async def do(self, house: House) -> None:
        who = house.people[self.who]
        customer = await house.customer(who)
        joined = [each for each in house.people if await house.customer(each) == customer]
        known = [customer, *(each.customer for each in joined)]
        merges = await rows_of_merges(house.books, customer)
        await erase(house.books, customer, house.tick())
        house.seen.pop(customer, None)
        for each in joined:
            again = await house.arrive(f"{each.name.partition('+')[0]}+{next(HOUSES)}")
            each.gone += [*known, *merges]
            each.name, each.customer = again.name, again.customer
        for each in house.people:  # who was parted from them before lives on
            each.gone = [old for old in each.gone if not await lives(house.books, old)]


@dataclass(frozen=True)
class Merge:
    """Two turn out to be one."""

    who: int
    other: int

    async def do(self, house: House) -> None:
        kept, absorbed = [await house.customer(house.people[each]) for each in (self.who, self.other)]
        try:
            await merge(house.books, kept, absorbed, {"by": "test"}, house.tick(), single=SINGLE)
        except AlreadyMerged:
            return
        house.seen.pop(kept, None)
        house.seen.pop(absorbed, None)


@dataclass(frozen=True)
class Unmerge:
    """They were two after all."""

    who: int

    async def do(self, house: House) -> None:
        customer = await house.customer(house.people[self.who])
        try:
            row = await unmerge(house.books, customer, house.tick())
        except (NotMerged, MergedSince):
            return
        house.seen.pop(row.kept_id, None)
        house.seen.pop(row.absorbed_id, None)
        for each in house.people:  # everybody is again who their channel says
            found = await house.books.customers.find(each.name, each.name)
            assert found is not None
            each.customer = found.id


async def rows_of_merges(books: Books, customer: str) -> list[str]:
    """Everybody who is merged into a customer."""
    inside = select(CUSTOMERS.c.id).where(CUSTOMERS.c.merged_into == customer)
    return list(await books.session.scalars(inside))


async def lives(books: Books, customer: str) -> bool:
    return await books.session.scalar(select(CUSTOMERS.c.id).where(CUSTOMERS.c.id == customer)) is not None


type Step = Say | Correct | Consent | Return | ForgetAll | Erase | Merge | Unmerge

WHO = st.integers(0, PEOPLE - 1)
SAID = st.sampled_from(sorted(TOPICS)).flatmap(
    lambda topic: st.builds(
        Say,
        WHO,
        st.just(topic),
        st.sampled_from([*PACK.topics[topic].values][:2]),
        st.sampled_from([Polarity.LIKES, Polarity.LIKES, Polarity.DISLIKES, Polarity.NEVER]),
        st.sampled_from([True, True, True, False]),
    )
)
SENSITIVE = st.sampled_from(sorted(name for name in TOPICS if PACK.topics[name].sensitive))
STEPS: st.SearchStrategy[list[Step]] = st.lists(
    st.one_of(
        SAID,
        SAID,
        SAID,
        st.builds(Correct, WHO, st.sampled_from(["retract", "end", "forget"])),
        st.builds(Consent, WHO, SENSITIVE, st.sampled_from(["granted", "denied", "revoked"])),
        st.builds(Return, WHO),
        st.just(Merge(0, 1)),
        st.just(Merge(1, 0)),
        st.builds(Unmerge, WHO),
        st.builds(ForgetAll, WHO),
        st.builds(Erase, WHO),
    ),
    min_size=3,
    max_size=16,
)


async def live(store: Store, steps: list[Step]) -> None:
    """Let it all happen, and look at everything after each step."""
    async with store.transaction() as books:
        house = House(books)
        house.people = [await house.arrive(f"w{next(HOUSES)}") for _ in range(PEOPLE)]
        for step in steps:
            await step.do(house)
            for customer in sorted({await house.customer(each) for each in house.people}):
                await look(house, customer)
            for gone in {old for each in house.people for old in each.gone}:
                await nothing_of(books, gone)


async def look(house: House, customer: str) -> None:
    facts = house.books.facts
    contact = await house.books.contacts.latest(customer)
    now = await facts.believed(customer, contact=None if contact is None else contact.id)
    one_truth(now)
    lasting = [fact for fact in now if not fact.provisional]
    assert known(await facts.as_of(customer, house.now, house.now)) == known(lasting)
    await replays(house, customer)
    for at, then in house.seen.setdefault(customer, []):
        assert known(await facts.as_of(customer, at, at)) == then
    house.seen[customer].append((house.now, known(lasting)))


@pytest.fixture
async def sqlite_store(blank: Path, tmp_path: Path) -> AsyncIterator[Store]:
    """A store on SQLite alone."""
    path = copy(blank, tmp_path / "store.db")
    opened = Store(f"sqlite+aiosqlite:///{path}")
    yield opened
    await opened.close()


def one_truth(facts: list[Fact]) -> None:
    """No value is believed twice or two ways, and of a topic with room for one only one is liked."""
    values = [(fact.topic, fact.value) for fact in facts]
    assert len(values) == len(set(values)), facts
    liked = [fact.topic for fact in facts if fact.polarity is Polarity.LIKES and fact.topic in SINGLE]
    assert len(liked) == len(set(liked)), facts


async def replays(house: House, customer: str) -> None:
    """Told again in the order it was recorded, the history ends in what is believed."""
    rows = await rows_of(house.books.session, FACTS, [customer])
    events = []
    for row in rows:
        written, over = row["recorded_at"], row["superseded_at"]
        assert row["valid_until"] is None or row["valid_until"] >= row["valid_from"]
        events.append((written, 1, row))
        if over is not None:
            assert over >= written
            events.append((over, 2 if over == written else 0, row))
    told = {}
    for _, order, row in sorted(events, key=lambda event: event[:2]):
        if order == 1:
            told[row["id"]] = row
        else:
            del told[row["id"]]
    holds = {(r["topic"], r["value"], r["polarity"]) for r in told.values() if r["valid_until"] is None}
    contact = await house.books.contacts.latest(customer)
    now = await house.books.facts.believed(customer, contact=None if contact is None else contact.id)
    hidden = {(r["topic"], r["value"], r["polarity"]) for r in told.values() if r["provisional"]}
    assert holds - hidden <= {(f.topic, f.value, f.polarity.value) for f in now} <= holds


def known(facts: list[Fact]) -> Known:
    return frozenset((fact.topic, fact.value, fact.polarity.value) for fact in facts)


async def nothing_of(books: Books, customer: str) -> None:
    """Not a row, not a merge, not a line of the audit."""
    for table in TABLES:
        assert await rows_of(books.session, table, [customer]) == [], table.name
    assert not await lives(books, customer)
    either = (MERGES.c.kept_id == customer) | (MERGES.c.absorbed_id == customer)
    assert (await books.session.scalars(select(MERGES.c.id).where(either))).all() == []
    named = select(AUDIT.c.id).where(AUDIT.c.customer_id == customer)
    assert (await books.session.scalars(named)).all() == []


@given(steps=STEPS)
@settings(max_examples=50)
async def test_memory_stays_one_and_true_on_sqlite(sqlite_store: Store, steps: list[Step]) -> None:
    await live(sqlite_store, steps)


@given(steps=STEPS)
@settings(max_examples=8)
async def test_memory_stays_one_and_true_on_either_database(store: Store, steps: list[Step]) -> None:
    await live(store, steps)

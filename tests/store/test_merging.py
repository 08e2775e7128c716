"""Two customers become one, and are parted again exactly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from crm_store.books import Books
from crm_store.exporting import export
from crm_store.merging import merge, unmerge
from crm_store.models import MessageRow
from crm_store.orders import Line
from crm_store.rows import CUSTOMERS, TABLES, rows_of
from crm_store.store import Store
from one_to_one.errors import AlreadyMerged, MergedSince, NotMerged
from one_to_one.facts import Fact, Heard, MessageId, Polarity, Source
from one_to_one.ledger import QuestionState
from one_to_one.replies import Reply

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
SILENCE = timedelta(minutes=30)
COUPLES = count()
type Dump = dict[str, list[dict[str, Any]]]


@dataclass
class Person:
    """Somebody who talks on one channel, whatever customer that channel belongs to at the moment."""

    books: Books
    channel: str
    name: str
    clock: Clock
    customer: str = ""
    log: list[int] = field(default_factory=list)

    async def arrive(self) -> Person:
        self.customer = (await self.books.customers.create("en", self.clock.tick())).id
        at = self.clock.tick()
        await self.books.customers.identify(self.customer, self.channel, self.name, self.channel, at)
        return self

    async def says(self, text: str = "hello") -> MessageRow:
        books, at = self.books, self.clock.tick()
        self.customer = (await books.customers.get(self.customer)).id
        contact = await books.contacts.current(self.customer, self.channel, at, SILENCE)
        target = self.name if self.channel == "telegram" else None
        message, _ = await books.messages.receive(
            self.customer, self.channel, f"{self.name}{at.timestamp()}", at, text, target=target
        )
        message.contact_id = contact.id
        await books.messages.answer(message, [Reply(f"you said {text}")], at, language="en")
        return message

    async def likes(self, topic: str, value: str, polarity: Polarity = Polarity.LIKES) -> Fact:
        message = await self.says(value)
        heard = Heard(topic, value, polarity, 0.9, value)
        source = Source(MessageId(message.id), self.channel, message.at)
        return await self.books.facts.learn(
            self.customer, heard, at=message.at, source=source, contact=message.contact_id
        )

    async def ends(self, topic: str, value: str) -> bool:
        message = await self.says(f"no more {value}")
        held = await self.held(topic, value)
        for fact in held:
            await self.books.facts.end(fact, message.at)
        return bool(held)

    async def takes_back(self, topic: str, value: str) -> bool:
        message = await self.says(f"forget {value}")
        held = await self.held(topic, value)
        for fact in held:
            await self.books.facts.retract(fact, message.at)
        return bool(held)

    async def held(self, topic: str, value: str) -> list[Fact]:
        believed = await self.books.facts.believed(self.customer)
        return [fact for fact in believed if (fact.topic, fact.value) == (topic, value)]

    async def is_at(self, topic: str, state: QuestionState) -> None:
        message = await self.says(topic)
        await self.books.questions.mark(self.customer, topic, state, message.at, message.contact_id)

    async def orders(self, product: str) -> None:
        message = await self.says(product)
        books, at = self.books, message.at
        shown = await books.proposals.add(
            self.customer, message.contact_id, message.id, at, "TWD", [{"product": product}]
        )
        line = Line(product, product, Decimal(400), Decimal(200))
        await books.orders.place(await books.orders.draft(self.customer, shown.id, [line], at, "TWD"), at)
        await books.consents.record(self.customer, "unasked", "granted", "May we?", at, message.id)
        await books.complaints.add(self.customer, message.id, "burnt", at)
        await books.unmet_wishes.add(self.customer, message.id, at, "a grinder?", thing="grinder")
        await books.promises.add(self.customer, message.id, "call", "Mei", at, at + SILENCE)


@dataclass
class Clock:
    """Each look is a second later."""

    now: datetime = NOON

    def tick(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


async def couple(books: Books) -> tuple[Person, Person]:
    """Ann on the web and Bob on Telegram, under names nobody had before."""
    clock = Clock()
    unique = next(COUPLES)
    ann = await Person(books, "web", f"ann{unique}", clock).arrive()
    bob = await Person(books, "telegram", f"bob{unique}", clock).arrive()
    return ann, bob


async def dump(books: Books, *customers: str) -> Dump:
    """Every column of every row about these customers."""
    await books.session.flush()
    held = {table.name: await rows_of(books.session, table, customers) for table in TABLES}
    found = select(CUSTOMERS).where(CUSTOMERS.c.id.in_(customers)).order_by(CUSTOMERS.c.id)
    rows = (await books.session.execute(found)).mappings()
    return held | {"customer": [dict(row) for row in rows]}


async def busy_lives(ann: Person, bob: Person) -> None:
    """Both have something of everything, some of it the same."""
    for person, value in ((ann, "dark"), (bob, "light")):
        await person.likes("roast", value)
        await person.likes("milk", "oat")
        await person.likes("avoid", "nuts", Polarity.NEVER)
        await person.orders("brazil")
    await ann.is_at("roast", QuestionState.ANSWERED)
    await bob.is_at("roast", QuestionState.ASKED)
    await ann.is_at("grind", QuestionState.ASKED)
    await bob.is_at("grind", QuestionState.DECLINED)
    await bob.is_at("body", QuestionState.NOT_NOW)


async def joined(books: Books, ann: Person, bob: Person) -> None:
    evidence: Mapping[str, str] = {"by": "link", "channel": "telegram"}
    await merge(books, ann.customer, bob.customer, evidence, ann.clock.tick())


async def test_after_a_merge_both_channels_are_one_customer_with_one_memory(store: Store) -> None:
    async with store.transaction() as books:
        ann, bob = await couple(books)
        await busy_lives(ann, bob)
        await joined(books, ann, bob)
        found = await books.customers.find("telegram", bob.name)
        assert found is not None
        assert found.id == ann.customer
        values = {fact.value for fact in await books.facts.believed(ann.customer)}
        assert values == {"dark", "light", "oat", "nuts"}
        assert len(await books.facts.believed(ann.customer)) == 4


async def test_in_a_merged_ledger_the_stronger_state_stays(store: Store) -> None:
    async with store.transaction() as books:
        ann, bob = await couple(books)
        await busy_lives(ann, bob)
        await joined(books, ann, bob)
        ledger = await books.questions.ledger(ann.customer)
    assert {topic: line.state for topic, line in ledger.items()} == {
        "roast": QuestionState.ANSWERED,
        "grind": QuestionState.DECLINED,
        "body": QuestionState.NOT_NOW,
    }


async def test_parting_restores_every_row_exactly(store: Store) -> None:
    async with store.transaction() as books:
        ann, bob = await couple(books)
        await busy_lives(ann, bob)
        one, other = ann.customer, bob.customer
        before = await dump(books, one), await dump(books, other)
        await joined(books, ann, bob)
        await unmerge(books, other, ann.clock.tick())
        assert (await dump(books, one), await dump(books, other)) == before


async def test_what_was_said_since_goes_back_with_the_channel_it_came_by(store: Store) -> None:
    async with store.transaction() as books:
        ann, bob = await couple(books)
        one, other = ann.customer, bob.customer
        await joined(books, ann, bob)
        await ann.likes("roast", "dark")
        await bob.likes("milk", "soy")
        await bob.orders("kenya")
        await unmerge(books, one, ann.clock.tick())
        assert [fact.value for fact in await books.facts.believed(one)] == ["dark"]
        assert [fact.value for fact in await books.facts.believed(other)] == ["soy"]
        assert [row.text for row in await books.messages.unanswered(other)] == []
        assert len(await books.messages.history(one)) == 2
        assert len(await books.messages.history(other)) == 4
        assert len(await books.orders.placed(other)) == 1
        assert (await dump(books, one))["order_line"] == []


async def test_a_fact_the_other_ended_holds_again_after_parting(store: Store) -> None:
    async with store.transaction() as books:
        ann, bob = await couple(books)
        await bob.likes("milk", "oat")
        before = await dump(books, bob.customer)
        one, other = ann.customer, bob.customer
        await joined(books, ann, bob)
        await ann.ends("milk", "oat")
        await unmerge(books, one, ann.clock.tick())
        assert (await dump(books, other))["fact"] == before["fact"]
        assert await books.facts.history(one) == []


async def test_a_question_the_other_answered_is_open_again_after_parting(store: Store) -> None:
    async with store.transaction() as books:
        ann, bob = await couple(books)
        one, other = ann.customer, bob.customer
        await bob.is_at("roast", QuestionState.ASKED)
        await joined(books, ann, bob)
        await ann.is_at("roast", QuestionState.ANSWERED)
        await unmerge(books, one, ann.clock.tick())
        assert (await books.questions.ledger(other))["roast"].state is QuestionState.ASKED
        assert (await books.questions.ledger(one))["roast"].state is QuestionState.ANSWERED


async def test_a_visit_both_spoke_in_is_two_visits_after_parting(store: Store) -> None:
    async with store.transaction() as books:
        ann, bob = await couple(books)
        one, other = ann.customer, bob.customer
        await ann.says("hi")
        await joined(books, ann, bob)
        await bob.says("me too")
        await unmerge(books, one, ann.clock.tick())
        assert await books.contacts.count(one) == 1
        [contact] = await books.contacts.listed(other)
        assert contact.channel == "telegram"
        assert {row.contact_id for row in await books.messages.history(other)} == {contact.id}


async def test_a_chain_of_merges_is_undone_in_reverse(store: Store) -> None:
    async with store.transaction() as books:
        ann, bob = await couple(books)
        cat = await Person(books, "telegram", f"cat{ann.name}", ann.clock).arrive()
        await busy_lives(ann, bob)
        await busy_lives(cat, bob)
        ids = [person.customer for person in (ann, bob, cat)]
        before = [await dump(books, each) for each in ids]
        await joined(books, ann, bob)
        between = await dump(books, ids[0])
        await merge(books, ids[2], ids[0], {"by": "link"}, ann.clock.tick())
        await unmerge(books, ids[0], ann.clock.tick())
        assert await dump(books, ids[0]) == between
        await unmerge(books, ids[0], ann.clock.tick())
        assert [await dump(books, each) for each in ids] == before


async def test_merges_can_not_be_undone_out_of_order(store: Store) -> None:
    async with store.transaction() as books:
        ann, bob = await couple(books)
        cat = await Person(books, "telegram", f"cat{ann.name}", ann.clock).arrive()
        bob_id, cat_id = bob.customer, cat.customer
        await joined(books, ann, bob)
        await merge(books, ann.customer, cat_id, {"by": "link"}, ann.clock.tick())
        with pytest.raises(MergedSince, match=cat_id):
            await unmerge(books, bob_id, ann.clock.tick())


async def test_one_customer_can_not_be_merged_with_themselves(store: Store) -> None:
    async with store.transaction() as books:
        ann, bob = await couple(books)
        other = bob.customer
        await joined(books, ann, bob)
        with pytest.raises(AlreadyMerged):
            await merge(books, ann.customer, other, {"by": "link"}, ann.clock.tick())


async def test_parting_somebody_who_was_never_merged_is_an_error(store: Store) -> None:
    async with store.transaction() as books:
        ann, _ = await couple(books)
        with pytest.raises(NotMerged):
            await unmerge(books, ann.customer, ann.clock.tick())


ACTS = st.tuples(
    st.sampled_from(["likes", "ends", "takes_back"]),
    st.sampled_from(["ann", "bob"]),
    st.sampled_from(["roast", "milk"]),
    st.sampled_from(["dark", "oat"]),
)


LIVES = st.lists(
    st.one_of(
        ACTS,
        st.tuples(st.just("orders"), st.sampled_from(["ann", "bob"]), st.sampled_from(["kenya", "brazil"])),
        st.tuples(
            st.just("is_at"),
            st.sampled_from(["ann", "bob"]),
            st.sampled_from(["roast", "milk"]),
            st.sampled_from(QuestionState),
        ),
    ),
    max_size=10,
)


@given(acts=LIVES)
@settings(max_examples=15)
async def test_parting_restores_any_two_lives_exactly(store: Store, acts: list[tuple[str, ...]]) -> None:
    async with store.transaction() as books:
        ann, bob = await couple(books)
        people, ids = {"ann": ann, "bob": bob}, (ann.customer, bob.customer)
        for act, who, *arguments in acts:
            await getattr(people[who], act)(*arguments)
        before = [await dump(books, each) for each in ids]
        exported = [await export(books, each) for each in ids]
        await joined(books, ann, bob)
        await unmerge(books, ids[1], ann.clock.tick())
        assert [await dump(books, each) for each in ids] == before
        for each, earlier in zip(ids, exported, strict=True):
            parted = await export(books, each)
            assert {name: parted[name] for name in earlier if name not in ("merge", "audit")} == {
                name: earlier[name] for name in earlier if name not in ("merge", "audit")
            }


type Acts = list[tuple[str, str, str, str]]


async def live(people: Mapping[str, Person], lone: Mapping[str, Person], acts: Acts) -> None:
    """Both couples do the same; an ending that finds nothing to end is no act."""
    for act, who, topic, value in acts:
        if await getattr(people[who], act)(topic, value):
            await getattr(lone[who], act)(topic, value)
        else:
            await lone[who].says("nothing")


def told(facts: list[Fact]) -> list[tuple[object, ...]]:
    """What a history says, without row numbers."""
    return [(f.topic, f.value, f.since, f.until, f.recorded_at, f.words, f.source.at) for f in facts]


@given(before=st.lists(ACTS, max_size=6), after=st.lists(ACTS, max_size=10))
@settings(max_examples=15)
async def test_after_parting_each_remembers_only_what_they_said_themselves(
    store: Store, before: Acts, after: Acts
) -> None:
    async with store.transaction() as books:
        ann, bob = await couple(books)
        ids = (ann.customer, bob.customer)
        couple_apart = await couple(books)
        together, apart = {"ann": ann, "bob": bob}, dict(zip(("ann", "bob"), couple_apart, strict=True))
        await live(together, apart, before)
        await joined(books, ann, bob)
        couple_apart[0].clock.tick()
        await live(together, apart, after)
        await unmerge(books, ids[1], ann.clock.tick())
        for parted, lone in zip(ids, couple_apart, strict=True):
            assert told(await books.facts.history(parted)) == told(await books.facts.history(lone.customer))
            assert told(await books.facts.believed(parted)) == told(await books.facts.believed(lone.customer))


@pytest.mark.parametrize(
    ("ours", "theirs", "stays"),
    [
        (("roast", "dark", "likes"), ("roast", "light", "likes"), "light"),  # said last
        (("flavour", "nutty", "likes"), ("flavour", "nutty", "dislikes"), "nutty"),
        (("avoid", "nuts", "never"), ("avoid", "nuts", "likes"), "nuts"),
    ],
)
async def test_of_what_can_not_both_be_true_the_stronger_is_believed_until_they_are_parted(
    store: Store, ours: tuple[str, str, str], theirs: tuple[str, str, str], stays: str
) -> None:
    async with store.transaction() as books:
        ann, bob = await couple(books)
        for who, (topic, value, polarity) in ((ann, ours), (bob, theirs)):
            heard, at = Heard(topic, value, Polarity(polarity), 0.9, value), who.clock.tick()
            await books.facts.learn(who.customer, heard, at=at, source=Source(None, "web", at))
        ids = (ann.customer, bob.customer)
        before = [await dump(books, each) for each in ids]
        await merge(books, *ids, {"by": "link"}, ann.clock.tick(), single={"roast"})
        [fact] = await books.facts.believed(ids[0])
        assert fact.value == stays
        assert fact.polarity.value == ("never" if "never" in ours else theirs[2])
        await unmerge(books, ids[1], ann.clock.tick())
        assert [await dump(books, each) for each in ids] == before


async def test_where_there_is_room_for_several_both_are_believed(store: Store) -> None:
    async with store.transaction() as books:
        ann, bob = await couple(books)
        for who, value in ((ann, "nutty"), (bob, "floral")):
            heard, at = Heard("flavour", value, Polarity.LIKES, 0.9, value), who.clock.tick()
            await books.facts.learn(who.customer, heard, at=at, source=Source(None, "web", at))
        await merge(books, ann.customer, bob.customer, {"by": "link"}, ann.clock.tick(), single={"roast"})
        assert len(await books.facts.believed(ann.customer)) == 2

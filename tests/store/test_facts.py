"""Facts have two times: when they were true and when we knew it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from crm_store.books import Books
from crm_store.store import Store
from one_to_one.facts import Fact, Heard, Polarity, Source

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def heard(value: str = "dark", topic: str = "roast", polarity: Polarity = Polarity.LIKES) -> Heard:
    return Heard(topic, value, polarity, 0.9, f"I like {value}")


def told(at: datetime) -> Source:
    return Source(None, "web", at)


async def somebody(books: Books) -> str:
    return (await books.customers.create("en", NOON)).id


async def test_what_was_learned_is_believed_with_its_words_and_source(store: Store) -> None:
    async with store.transaction() as books:
        customer = await somebody(books)
        await books.facts.learn(customer, heard(), at=NOON, source=told(NOON))
    async with store.reading() as books:
        [fact] = await books.facts.believed(customer, NOON)
    assert (fact.topic, fact.value, fact.polarity) == ("roast", "dark", Polarity.LIKES)
    assert (fact.since, fact.until, fact.recorded_at) == (NOON, None, NOON)
    assert (fact.words, fact.source) == ("I like dark", told(NOON))


async def test_a_fact_that_ended_is_still_known_of_the_past(store: Store) -> None:
    async with store.transaction() as books:
        customer = await somebody(books)
        fact = await books.facts.learn(customer, heard(), at=NOON, source=told(NOON))
        await books.facts.end(fact, NOON + 2 * HOUR)
        assert await books.facts.believed(customer, NOON + 2 * HOUR) == []
        assert await books.facts.believed(customer) == []
        [past] = await books.facts.believed(customer, NOON + HOUR)
        assert past.until == NOON + 2 * HOUR


async def test_what_was_known_before_a_correction_can_still_be_asked(store: Store) -> None:
    async with store.transaction() as books:
        customer = await somebody(books)
        fact = await books.facts.learn(customer, heard(), at=NOON, source=told(NOON))
        await books.facts.retract(fact, NOON + HOUR)
        assert await books.facts.as_of(customer, NOON, NOON + HOUR) == []
        assert await books.facts.as_of(customer, NOON, NOON + HOUR / 2) == [fact]


async def test_ending_a_fact_twice_changes_nothing(store: Store) -> None:
    async with store.transaction() as books:
        customer = await somebody(books)
        fact = await books.facts.learn(customer, heard(), at=NOON, source=told(NOON))
        await books.facts.end(fact, NOON + HOUR)
        assert await books.facts.end(fact, NOON + 2 * HOUR) is None
        assert len(await books.facts.history(customer)) == 2


async def test_the_same_again_confirms_and_keeps_the_first_date(store: Store) -> None:
    async with store.transaction() as books:
        customer = await somebody(books)
        await books.facts.learn(customer, heard(), at=NOON, source=told(NOON))
        await books.facts.learn(customer, heard(), at=NOON + HOUR, source=told(NOON + HOUR))
        [fact] = await books.facts.believed(customer)
    assert (fact.since, fact.recorded_at, fact.source.at) == (NOON, NOON + HOUR, NOON + HOUR)


async def test_what_was_inferred_never_takes_the_place_of_what_was_stated(store: Store) -> None:
    async with store.transaction() as books:
        customer = await somebody(books)
        said = await books.facts.learn(customer, heard(), at=NOON, source=told(NOON))
        guessed = await books.facts.learn(
            customer, heard(), at=NOON + HOUR, source=told(NOON + HOUR), stated=False
        )
        assert guessed == said


async def test_a_provisional_fact_is_believed_in_its_own_contact_only(store: Store) -> None:
    async with store.transaction() as books:
        customer = await somebody(books)
        await books.facts.learn(customer, heard(), at=NOON, source=told(NOON), contact=7, provisional=True)
        assert len(await books.facts.believed(customer, contact=7)) == 1
        assert await books.facts.believed(customer, contact=8) == []
        assert await books.facts.believed(customer) == []


async def test_a_provisional_fact_is_deleted_when_its_contact_is_over(store: Store) -> None:
    async with store.transaction() as books:
        customer = await somebody(books)
        await books.facts.learn(customer, heard(), at=NOON, source=told(NOON), contact=7, provisional=True)
        await books.facts.drop_provisional(customer, before_contact=7)
        assert len(await books.facts.history(customer)) == 1
        await books.facts.drop_provisional(customer, before_contact=8)
        assert await books.facts.history(customer) == []


async def test_a_provisional_fact_stays_once_consent_is_given(store: Store) -> None:
    async with store.transaction() as books:
        customer = await somebody(books)
        fact = await books.facts.learn(
            customer, heard(), at=NOON, source=told(NOON), contact=7, provisional=True
        )
        assert not (await books.facts.keep(fact)).provisional
        await books.facts.drop_provisional(customer, before_contact=8)
        assert len(await books.facts.believed(customer)) == 1


@dataclass
class Memory:
    """The simplest thing that can be asked what was true when, and what was known when: a list of reports."""

    reports: list[tuple[datetime, str, tuple[str, str], datetime]]
    """(when reported, what: began, ended or wrong; topic and value; when it began to be true)"""

    def as_of(self, true: datetime, known: datetime) -> set[tuple[str, str]]:
        """Replay all reports up to `known`, and ask each value whether it held at `true`."""
        spans: dict[tuple[str, str], list[tuple[datetime, datetime | None]]] = {}
        for at, what, value, _ in self.reports:
            if at <= known:
                self._report(spans.setdefault(value, []), what, at)
        return {value for value, held in spans.items() if any(_covers(span, true) for span in held)}

    @staticmethod
    def _report(spans: list[tuple[datetime, datetime | None]], what: str, at: datetime) -> None:
        still = spans[-1][0] if spans and spans[-1][1] is None else None
        if what == "began" and still is None:
            spans.append((at, None))
        elif what == "ended" and still is not None:
            spans[-1] = (still, at)
        elif what == "wrong" and still is not None:
            spans.pop()


def _covers(span: tuple[datetime, datetime | None], at: datetime) -> bool:
    return span[0] <= at and (span[1] is None or at < span[1])


REPORTS = st.lists(
    st.tuples(
        st.sampled_from(["began", "ended", "wrong"]),
        st.sampled_from(["roast", "milk"]),
        st.sampled_from(["dark", "oat"]),
    ),
    max_size=12,
)


async def report(books: Books, customer: str, what: str, about: tuple[str, str], at: datetime) -> None:
    topic, value = about
    if what == "began":
        await books.facts.learn(customer, heard(value, topic), at=at, source=told(at))
        return
    for fact in await books.facts.believed(customer):
        if (fact.topic, fact.value) == about:
            await (books.facts.end(fact, at) if what == "ended" else books.facts.retract(fact, at))


def values(facts: list[Fact]) -> list[tuple[str, str]]:
    return sorted((fact.topic, fact.value) for fact in facts)


@given(reports=REPORTS)
@settings(max_examples=25)
async def test_any_history_can_be_asked_what_was_true_and_known_at_any_time(
    store: Store, reports: list[tuple[str, str, str]]
) -> None:
    memory = Memory([])
    async with store.transaction() as books:
        customer = await somebody(books)
        for number, (what, topic, value) in enumerate(reports):
            at = NOON + number * HOUR
            memory.reports.append((at, what, (topic, value), at))
            await report(books, customer, what, (topic, value), at)
        times = [NOON + hour * HOUR / 2 for hour in range(-1, 2 * len(reports) + 1, 3)]
        for known in times:
            for true in times:
                asked = await books.facts.as_of(customer, true, known)
                assert values(asked) == sorted(memory.as_of(true, known))


@given(reports=REPORTS)
@settings(max_examples=25)
async def test_the_present_is_what_the_whole_history_adds_up_to(
    store: Store, reports: list[tuple[str, str, str]]
) -> None:
    memory = Memory([])
    async with store.transaction() as books:
        customer = await somebody(books)
        for number, (what, topic, value) in enumerate(reports):
            at = NOON + number * HOUR
            memory.reports.append((at, what, (topic, value), at))
            await report(books, customer, what, (topic, value), at)
        end = NOON + len(reports) * HOUR
        believed = await books.facts.believed(customer, end)
        assert values(believed) == sorted(memory.as_of(end, end))
        assert believed == await books.facts.as_of(customer, end, end) == await books.facts.believed(customer)

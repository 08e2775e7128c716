"""Doubtful facts, on both databases: what is doubted, what colleagues find; nothing is overwritten."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from crm_store.books import Books
from crm_store.doubting_facts import doubt_facts
from crm_store.models import FactReviewRow
from crm_store.store import Store
from one_to_one.facts import Fact, Heard, MessageId, Polarity, Source
from one_to_one.teaching.doubting import ONE_IN, Doubt, doubts_of
from tests.unit.packs import bakery, fact

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
PACK = bakery()
LIKES, DISLIKES = Polarity.LIKES, Polarity.DISLIKES


async def customer(books: Books) -> str:
    return (await books.customers.create("en", NOON)).id


async def learned(
    books: Books,
    who: str,
    value: str = "rye",
    *,
    topic: str = "grain",
    polarity: Polarity = LIKES,
    sure: float = 0.9,
    words: str = "",
    stated: bool = True,
) -> Fact:
    """Something heard in a message."""
    message, _ = await books.messages.receive(who, "web", None, NOON, words or value)
    heard = Heard(topic, value, polarity, sure, words or value)
    source = Source(MessageId(message.id), "web", NOON)
    return await books.facts.learn(who, heard, at=NOON, source=source, stated=stated)


async def reasons(store: Store) -> dict[int, list[str]]:
    async with store.reading() as books:
        return {row.id: doubt.reasons for doubt, row in await books.fact_reviews.queue(99)}


async def test_each_kind_of_doubt_is_found_and_the_worst_comes_first(store: Store) -> None:
    async with store.transaction() as books:
        clear = await learned(books, await customer(books))
        unsure = await learned(books, await customer(books), sure=0.5)
        odd = await learned(books, await customer(books), words="the usual stuff")
        inferred = await learned(books, await customer(books), stated=False)
        torn = await customer(books)
        one, other = await learned(books, torn), await learned(books, torn, "wheat")
    await doubt_facts(store, PACK, NOON)
    found = await reasons(store)
    assert found == {
        one.id: [Doubt.CONTRADICTS],
        other.id: [Doubt.CONTRADICTS],
        unsure.id: [Doubt.UNSURE],
        odd.id: [Doubt.ODD],
        inferred.id: [Doubt.INFERRED],
    }
    assert clear.id not in found
    assert set(list(found)[:2]) == {one.id, other.id}


def test_what_was_said_once_long_ago_is_old_and_what_was_said_again_is_not() -> None:
    once = fact(1, "grain", "rye")
    later = once.since + timedelta(days=5000)
    assert doubts_of(once, [once], PACK, later).reasons == (Doubt.OLD,)
    assert doubts_of(once, [once], PACK, once.since).reasons == ()


def test_one_in_so_many_is_looked_at_though_nothing_is_wrong() -> None:
    clear = fact(ONE_IN, "grain", "rye")
    assert doubts_of(clear, [clear], PACK, clear.since).reasons == (Doubt.SAMPLE,)


async def test_confirming_writes_a_new_version_and_it_is_not_doubted_again(store: Store) -> None:
    async with store.transaction() as books:
        who = await customer(books)
        doubtful = await learned(books, who, sure=0.5)
    await doubt_facts(store, PACK, NOON)
    async with store.transaction() as books:
        [(doubt, _)] = await books.fact_reviews.queue(9)
        confirmed = await books.fact_reviews.confirm(doubt, "Mei", NOON + HOUR)
        [believed] = await books.facts.believed(who)
        assert believed == confirmed
        assert (believed.confidence, believed.source.channel) == (0.95, "staff")
        assert believed.source.message == doubtful.source.message
        assert [each.confidence for each in await books.facts.history(who)] == [0.5, 0.95]
    assert await doubt_facts(store, PACK, NOON + HOUR) == 0
    assert await reasons(store) == {}


async def test_correcting_retracts_what_never_was_true_and_says_what_is(store: Store) -> None:
    async with store.transaction() as books:
        who = await customer(books)
        wrong = await learned(books, who, sure=0.5)
    await doubt_facts(store, PACK, NOON)
    async with store.transaction() as books:
        [(doubt, _)] = await books.fact_reviews.queue(9)
        right = await books.fact_reviews.correct(doubt, "rye", DISLIKES, "Mei", NOON + HOUR)
        assert await books.facts.believed(who) == [right]
        assert (right.value, right.polarity, right.words) == ("rye", DISLIKES, wrong.words)
        assert await books.facts.as_of(who, NOON, NOON) == [wrong]
    assert await doubt_facts(store, PACK, NOON + HOUR) == 0


async def test_rejecting_ends_it_and_what_was_known_then_stays_known(store: Store) -> None:
    async with store.transaction() as books:
        who = await customer(books)
        wrong = await learned(books, who, sure=0.5)
    await doubt_facts(store, PACK, NOON)
    async with store.transaction() as books:
        [(doubt, _)] = await books.fact_reviews.queue(9)
        await books.fact_reviews.reject(doubt, "Mei", NOON + HOUR)
        assert await books.facts.believed(who) == []
        assert await books.facts.as_of(who, NOON, NOON) == [wrong]
        row = (await books.session.get(FactReviewRow, 1)) or FactReviewRow()
        assert (row.verdict, row.value, row.who) == ("rejected", "rye", "Mei")


async def test_what_the_customer_changed_meanwhile_is_no_longer_in_the_queue(store: Store) -> None:
    async with store.transaction() as books:
        doubtful = await learned(books, await customer(books), sure=0.5)
    await doubt_facts(store, PACK, NOON)
    async with store.transaction() as books:
        await books.facts.end(doubtful, NOON + HOUR)
    assert await reasons(store) == {}
    await doubt_facts(store, PACK, NOON + HOUR)
    async with store.reading() as books:
        assert await books.fact_reviews.waiting() == 0


async def test_the_share_of_junk_is_told_by_week_and_for_the_sample_apart(store: Store) -> None:
    monday = datetime(2026, 11, 23, tzinfo=UTC)
    found = [
        (NOON, "confirmed", ["sample"]),
        (NOON, "rejected", ["sample"]),
        (NOON, "corrected", ["odd"]),
        (NOON - timedelta(days=7), "confirmed", ["unsure"]),
    ]
    async with store.transaction() as books:
        who = await customer(books)
        for at, verdict, why in found:
            about = {"topic": "grain", "value": "rye", "polarity": "likes", "who": "Mei"}
            row = FactReviewRow(customer_id=who, fact_id=1, at=at, verdict=verdict, reasons=why, **about)
            books.session.add(row)
    async with store.reading() as books:
        before, week = await books.fact_reviews.weeks(NOON - timedelta(days=30))
    assert (week.start, week.reviewed, week.junk, week.sampled, week.sampled_junk) == (monday, 3, 2, 2, 1)
    assert (before.reviewed, before.junk) == (1, 0)


async def test_guesses_that_were_found_wrong_are_known_and_those_that_ended_are_not(store: Store) -> None:
    async with store.transaction() as books:
        who, other = await customer(books), await customer(books)
        for value in ("rye", "wheat", "spelt", "oat"):
            await learned(books, who, value, stated=False)
        await learned(books, who, "barley")
        await learned(books, other, "millet", stated=False)
    await doubt_facts(store, PACK, NOON)
    async with store.transaction() as books:
        doubts = {fact.value: doubt for doubt, fact in await books.fact_reviews.queue(99)}
        await books.fact_reviews.reject(doubts["rye"], "Mei", NOON + HOUR)
        await books.fact_reviews.correct(doubts["wheat"], "wheat", DISLIKES, "Mei", NOON + HOUR)
        await books.fact_reviews.confirm(doubts["spelt"], "Mei", NOON + HOUR)
        facts = {fact.value: fact for fact in await books.facts.believed(who)}
        await books.facts.end(facts["oat"], NOON + HOUR)
        await books.facts.retract(facts["barley"], NOON + HOUR)
        assert await books.facts.refused(who) == {
            ("grain", "rye", LIKES): NOON + HOUR,
            ("grain", "wheat", LIKES): NOON + HOUR,
        }
        assert await books.facts.refused(other) == {}

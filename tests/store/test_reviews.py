"""Reviews of messages, on both databases: who says what, what waits, and what colleagues find again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crm_store.books import Books
from crm_store.erasing import erase
from crm_store.forgetting import forget
from crm_store.merging import merge, unmerge
from crm_store.models import MessageRow
from crm_store.ranking_reviews import rank_messages
from crm_store.rows import TABLES, rows_of
from crm_store.store import Store
from one_to_one.replies import Reply
from one_to_one.teaching.ranking import Reason

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HALF_HOUR = timedelta(minutes=30)
DARK = {"entity": "roast", "value": "dark", "polarity": "likes", "start": 0, "end": 4}


async def customer(books: Books) -> str:
    return (await books.customers.create("en", NOON)).id


async def said(
    books: Books,
    who: str,
    words: str,
    intent: str = "inform",
    confidence: float = 0.95,
    at: datetime = NOON,
    channel: str = "web",
) -> MessageRow:
    """Something a customer typed, answered."""
    message, _ = await books.messages.receive(who, channel, None, at, words)
    message.contact_id = (await books.contacts.current(who, channel, at, HALF_HOUR)).id
    await books.messages.answer(
        message, [Reply("Noted.")], at, language="en", intent=intent, confidence=confidence, entities=[DARK]
    )
    return message


async def test_a_review_keeps_what_was_left_alone_as_it_was_read(store: Store) -> None:
    async with store.transaction() as books:
        message = await said(books, await customer(books), "dark please")
        review = await books.reviews.mine(message, "An", NOON)
        review.intent = "propose"
        verdict = await books.reviews.finish(message, "An", NOON)
    assert (verdict.intent, verdict.meaning) == ("propose", ("roast=dark likes",))
    async with store.reading() as books:
        [kept] = await books.reviews.of(message.id)
        assert (kept.intent, kept.facts, kept.done_at) == ("propose", [DARK], NOON)
        case = await books.reviews.seen(message.id)
        assert case is not None
        assert (case.waits, case.reviewed_at) == (False, NOON)


async def test_reviewers_who_differ_put_it_back_on_top_of_the_queue(store: Store) -> None:
    async with store.transaction() as books:
        who = await customer(books)
        lost = await said(books, who, "the purple one", "nlu_fallback", 0.2)
        message = await said(books, who, "dark please")
    await rank_messages(store)
    async with store.transaction() as books:
        await books.reviews.finish(message, "An", NOON)
        assert [each.id for _, each in await books.reviews.queue(9)] == [lost.id]
        (await books.reviews.mine(message, "Bo", NOON)).intent = "propose"
        verdict = await books.reviews.finish(message, "Bo", NOON)
        assert verdict.contested == {"intent"}
        case = await books.reviews.seen(message.id)
        assert case is not None
        assert Reason.CONTESTED in case.reasons
        assert [each.id for _, each in await books.reviews.queue(9)] == [message.id, lost.id]
        assert [each.id for _, each in await books.reviews.queue(9, reviewer="Bo")] == [lost.id]
        await books.reviews.finish(message, "Cy", NOON)
        assert [each.id for _, each in await books.reviews.queue(9)] == [lost.id]
        case = await books.reviews.seen(message.id)
        assert case is not None
        assert Reason.CONTESTED not in case.reasons


async def test_reopening_makes_it_wait_again(store: Store) -> None:
    async with store.transaction() as books:
        message = await said(books, await customer(books), "dark please")
        await books.reviews.finish(message, "An", NOON)
        await books.reviews.reopen(message, "An", NOON)
        assert [each.id for _, each in await books.reviews.queue(9)] == [message.id]
        assert [each async for each in books.reviews.reviewed()] == []


async def test_the_queue_goes_on_behind_the_last_one_seen(store: Store) -> None:
    async with store.transaction() as books:
        who = await customer(books)
        for number in range(7):
            await said(books, who, f"{'abcdefg'[number] * 5} please", confidence=0.2 + number / 20)
    await rank_messages(store)
    async with store.reading() as books:
        everything = [case.message_id for case, _ in await books.reviews.queue(99)]
        seen: list[int] = []
        after = None
        while page := await books.reviews.queue(3, after=after):
            seen += [case.message_id for case, _ in page]
            after = (page[-1][0].score, page[-1][0].message_id)
    assert seen == everything
    assert len(seen) == 7


async def test_what_the_customer_says_next_ranks_the_message_before(store: Store) -> None:
    async with store.transaction() as books:
        who = await customer(books)
        first = await said(books, who, "where is my parcel", "greet")
    assert await rank_messages(store) == 1
    async with store.transaction() as books:
        quiet = await books.reviews.seen(first.id)
        assert quiet is not None
        assert quiet.reasons == []
        await said(books, who, "where is my parcel then", "order_status", at=NOON + MINUTE)
    assert await rank_messages(store) == 1
    async with store.reading() as books:
        again = await books.reviews.seen(first.id)
        assert again is not None
        assert again.reasons == [Reason.REPEATED]
    assert await rank_messages(store) == 0


async def test_two_intents_that_were_nearly_as_likely_rank_a_message(store: Store) -> None:
    async with store.transaction() as books:
        narrow = await said(books, await customer(books), "the other one then")
        narrow.ranking = [{"name": "inform", "confidence": 0.5}, {"name": "choose", "confidence": 0.48}]
    await rank_messages(store)
    async with store.reading() as books:
        case = await books.reviews.seen(narrow.id)
        assert case is not None
        assert case.reasons == [Reason.NARROW]


async def test_a_sentence_like_one_that_was_corrected_is_worth_a_look(store: Store) -> None:
    async with store.transaction() as books:
        who = await customer(books)
        right, wrong = await said(books, who, "send it back please"), await said(books, who, "so many beans")
        (await books.reviews.mine(wrong, "Mei", NOON)).intent = "complain"
        for message in (right, wrong):
            await books.reviews.finish(message, "Mei", NOON)
    await rank_messages(store)
    async with store.transaction() as books:
        again = await said(books, await customer(books), "So many beans!")
        other = await said(books, await customer(books), "send it back, please")
    await rank_messages(store)
    async with store.reading() as books:
        reasons = [(await books.reviews.seen(message.id)) for message in (again, other)]
    assert [case.reasons for case in reasons if case] == [["corrected"], []]


async def test_another_visit_says_nothing_about_the_one_before(store: Store) -> None:
    async with store.transaction() as books:
        who = await customer(books)
        first = await said(books, who, "where is my parcel", "greet")
        await said(books, who, "where is my parcel", "complain", at=NOON + timedelta(days=1))
    await rank_messages(store)
    async with store.reading() as books:
        case = await books.reviews.seen(first.id)
        assert case is not None
        assert case.reasons == []


async def test_ten_alike_do_not_fill_the_top(store: Store) -> None:
    async with store.transaction() as books:
        for _ in range(10):
            await said(books, await customer(books), "gibberish indeed", "nlu_fallback", 0.1)
        rare = await said(books, await customer(books), "I'd like it less roasted", "inform", 0.5)
    await rank_messages(store)
    async with store.reading() as books:
        places = [message.id for _, message in await books.reviews.queue(20)]
    assert places.index(rare.id) in range(1, 4)


async def test_a_colleague_who_was_there_first_loses_nothing(store: Store) -> None:
    async with store.transaction() as books:
        message = await said(books, await customer(books), "the purple one", "nlu_fallback", 0.2)
        case = await books.reviews.case(message)
        case.flagged, case.assigned_to = True, "Bo"
    await rank_messages(store)
    async with store.reading() as books:
        ranked = await books.reviews.seen(message.id)
        assert ranked is not None
        assert (ranked.flagged, ranked.assigned_to) == (True, "Bo")
        assert ranked.score > 0.5


async def test_tags_and_notes_are_found_again(store: Store) -> None:
    async with store.transaction() as books:
        message = await said(books, await customer(books), "dark please")
        for tag in ("slang", "roast", "slang"):
            await books.reviews.tag(message, tag, "An", NOON)
        await books.reviews.note(message, "Ask the roaster.", "An", NOON)
        assert await books.reviews.tags([message.id]) == {message.id: ["slang", "roast"]}
        assert await books.reviews.known_tags() == ["roast", "slang"]
        await books.reviews.untag(message.id, "slang")
        assert await books.reviews.tags([message.id]) == {message.id: ["roast"]}
        assert [note.text for note in await books.reviews.notes(message.id)] == ["Ask the roaster."]


async def everything_about(books: Books, message: MessageRow) -> None:
    """A review, a tag and a note that quote the customer."""
    review = await books.reviews.mine(message, "An", NOON)
    review.reply, review.idle = "Dark it is, Rosalinde.", ["Rosalinde"]
    await books.reviews.finish(message, "An", NOON)
    await books.reviews.tag(message, "Rosalinde", "An", NOON)
    await books.reviews.note(message, "She is called Rosalinde.", "An", NOON)


OURS = ("review_case", "review", "message_tag", "message_note")


async def rows_about(books: Books, who: str) -> dict[str, int]:
    tables = {table.name: table for table in TABLES}
    return {name: len(await rows_of(books.session, tables[name], [who])) for name in OURS}


async def test_reviews_go_with_the_customer_and_with_what_they_said(store: Store) -> None:
    async with store.transaction() as books:
        erased, forgotten = await customer(books), await customer(books)
        for who in (erased, forgotten):
            await everything_about(books, await said(books, who, "dark please"))
        await erase(books, erased, NOON)
        last = await said(books, forgotten, "forget everything")
        await forget(books, forgotten, last.id, NOON)
        for who in (erased, forgotten):
            assert await rows_about(books, who) == dict.fromkeys(OURS, 0)


@pytest.mark.parametrize("before", [True, False], ids=["reviewed before", "reviewed since"])
async def test_reviews_follow_their_message_through_a_merge_and_back(store: Store, before: bool) -> None:
    async with store.transaction() as books:
        kept, absorbed = await customer(books), await customer(books)
        for who, channel in ((kept, "web"), (absorbed, "telegram")):
            await books.customers.identify(who, channel, f"id of {who}", "session", NOON)
        theirs = await said(books, absorbed, "dark please", channel="telegram")
        ours = await said(books, kept, "light please")
        if before:
            await everything_about(books, theirs)
        await merge(books, kept, absorbed, {"by": "test"}, NOON + MINUTE)
        if not before:
            await everything_about(books, await books.messages.get(theirs.id))
        await everything_about(books, await books.messages.get(ours.id))
        assert await rows_about(books, kept) == dict.fromkeys(OURS, 2)
        await unmerge(books, kept, NOON + 2 * MINUTE)
        for who in (kept, absorbed):
            assert await rows_about(books, who) == dict.fromkeys(OURS, 1)

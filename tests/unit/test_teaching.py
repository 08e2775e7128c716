"""Teaching beside a conversation: corrections, marks, tags and notes, and what others get to see of them."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from crm_store.models import MessageRow, ReviewRow
from one_to_one.facts import Heard, Polarity, Source
from one_to_one.replies import Reply
from one_to_one.roles import Role
from one_to_one.teaching.judging import meaning
from tests.unit.colleagues import accept, enter, form_token, invite, settled
from tests.unit.serving import asked
from tests.unit.shopfronts import Front

WORDS = "rye please, call Rosalinde on 0912345678"
RYE = {"entity": "grain", "value": "rye", "polarity": "likes", "start": 0, "end": 3, "confidence_entity": 0.9}


class Colleague:
    """Somebody with the panel of one message open."""

    def __init__(self, browser: httpx.AsyncClient, message: MessageRow, token: str) -> None:
        self.browser, self.message, self._token = browser, message, token

    async def sees(self) -> str:
        address = f"/staff/messages/{self.message.id}/teach"
        return (await self.browser.get(address, headers={"HX-Request": "true"})).text

    async def does(self, act: str, **fields: str) -> httpx.Response:
        return await self.browser.post(
            f"/staff/messages/{self.message.id}/{act}",
            data={"_csrf_token": self._token, **fields},
            headers={"HX-Request": "true"},
        )


@pytest.fixture
async def message(front: Front) -> MessageRow:
    """Something a customer typed, read as a wish for rye."""
    at = front.clock()
    async with front.store.transaction() as books:
        customer = (await books.customers.create("en", at)).id
        called = Heard("name", "Rosalinde", Polarity.LIKES, 0.9, "Rosalinde")
        await books.facts.learn(customer, called, at=at, source=Source(None, "web", at))
        row, _ = await books.messages.receive(customer, "web", None, at, WORDS)
        await books.messages.answer(
            row, [Reply("Noted.")], at, language="en", intent="inform", confidence=0.7, entities=[RYE]
        )
    return row


@pytest.fixture
async def mei(front: Front, message: MessageRow) -> AsyncIterator[Colleague]:
    """A reviewer."""
    async with asked(front.shopfront) as browser:
        browser.headers["Accept-Language"] = "en"
        await settled(front, browser, Role.REVIEWER)
        yield Colleague(browser, message, await form_token(browser, "/staff/"))


@pytest.fixture
async def bo(front: Front, mei: Colleague) -> AsyncIterator[Colleague]:
    """Another one, who sees names and numbers in part."""
    async with asked(front.shopfront) as browser:
        browser.headers["Accept-Language"] = "en"
        await accept(front, browser, await invite(front, "Bo", Role.REVIEWER))
        async with front.store.transaction() as books:
            row = await books.staff.named("Bo")
            assert row is not None
            row.masked = True
        front.clock.turn(seconds=60)
        await enter(front, browser, "Bo")
        yield Colleague(browser, mei.message, await form_token(browser, "/staff/"))


async def reviews(front: Front, message: MessageRow) -> dict[str, ReviewRow]:
    async with front.store.reading() as books:
        return {row.reviewer: row for row in await books.reviews.of(message.id)}


async def facts(front: Front, who: Colleague) -> tuple[str, ...] | None:
    row = (await reviews(front, who.message))["Mei"]
    return None if row.facts is None else meaning(row.facts)


async def test_the_panel_shows_how_it_was_understood_and_the_look_is_audited(
    front: Front, mei: Colleague
) -> None:
    page = await mei.sees()
    assert "Says a preference" in page
    assert "70 %" in page
    assert "grain: rye · likes" in page
    async with front.store.reading() as books:
        assert "looked at a message" in [
            row.what for row in await books.audit.listed(mei.message.customer_id)
        ]


async def test_an_intent_is_corrected_and_only_its_part_is_drawn(front: Front, mei: Colleague) -> None:
    answer = await mei.does("intent", words="propose")
    assert 'id="teach-intent"' in answer.text, answer.status_code
    assert 'id="teach-facts"' not in answer.text
    assert (await reviews(front, mei.message))["Mei"].intent == "propose"
    assert (await mei.does("intent", words="tap_rate")).status_code == 400
    assert (await reviews(front, mei.message))["Mei"].intent == "propose"


async def test_a_preference_is_taken_back_with_the_words_that_mean_nothing(
    front: Front, mei: Colleague
) -> None:
    await mei.does("unmark", place="0", idle="rye please")
    row = (await reviews(front, mei.message))["Mei"]
    assert (row.facts, row.idle) == ([], ["rye please"])
    await mei.does("as-read")
    row = (await reviews(front, mei.message))["Mei"]
    assert (row.facts, row.idle) == (None, [])


async def test_the_word_alone_is_not_taught_as_meaning_nothing(front: Front, mei: Colleague) -> None:
    await mei.does("unmark", place="0", idle="rye")
    assert (await reviews(front, mei.message))["Mei"].idle == []


async def test_a_preference_is_marked(front: Front, mei: Colleague) -> None:
    await mei.does("mark", words="please", what="crust=soft", polarity="never")
    assert await facts(front, mei) == ("crust=soft never", "grain=rye likes")
    await mei.does("mark", words="please", what="people=", value="4", whose="other")
    assert await facts(front, mei) == ("crust=soft never", "grain=rye likes", "people=4 likes other")
    await mei.does("mark", words="rye", what="grain=rye")
    assert await facts(front, mei) == ("crust=soft never", "grain=rye likes", "people=4 likes other")


NONSENSE: list[tuple[str, dict[str, str]]] = [
    ("mark", {"words": "wheat", "what": "grain=wheat"}),
    ("mark", {"words": "", "what": "grain=wheat"}),
    ("mark", {"words": "rye", "what": "grain=gold"}),
    ("mark", {"words": "rye", "what": "people="}),
    ("mark", {"words": "rye", "what": "grain=", "value": "rye"}),
    ("mark", {"words": "rye", "what": "grain=rye", "polarity": "loves"}),
    ("unmark", {"place": "1"}),
    ("unmark", {"place": "-1"}),
    ("unmark", {"place": "0", "idle": "not in it"}),
    ("assign", {"words": "Nobody"}),
    ("tag", {"words": "  "}),
    ("note", {"words": "\n"}),
]


async def test_what_makes_no_sense_is_said_and_changes_nothing(front: Front, mei: Colleague) -> None:
    for act, fields in NONSENSE:
        refused = await mei.does(act, **fields)
        assert refused.status_code == 400, (act, fields)
        assert (refused.headers["HX-Reswap"], refused.text) == ("none", "")
    assert await reviews(front, mei.message) == {}


async def test_there_is_no_panel_of_what_is_not_there(mei: Colleague) -> None:
    for number in (0, 999, 2**70):
        assert (await mei.browser.get(f"/staff/messages/{number}/teach")).status_code == 404


async def test_flags_tags_notes_and_colleagues_are_kept(front: Front, mei: Colleague) -> None:
    await mei.does("flag")
    await mei.does("tag", words="  late   night ")
    await mei.does("journey")
    await mei.does("assign", words="Mei")
    assert "Ask the baker" in (await mei.does("note", words="Ask the baker.")).text
    await mei.does("reply", words="Of course, rye it is.")
    async with front.store.reading() as books:
        case = await books.reviews.seen(mei.message.id)
        assert case is not None
        assert (case.flagged, case.assigned_to) == (True, "Mei")
        assert (await books.reviews.tags([mei.message.id]))[mei.message.id] == ["late night", "journey"]
    assert (await reviews(front, mei.message))["Mei"].reply == "Of course, rye it is."
    await mei.does("flag")
    await mei.does("untag", words="late night")
    await mei.does("journey")
    await mei.does("assign", words="")
    async with front.store.reading() as books:
        case = await books.reviews.seen(mei.message.id)
        assert case is not None
        assert (case.flagged, case.assigned_to) == (False, None)
        assert await books.reviews.tags([mei.message.id]) == {}


async def test_every_act_is_in_the_audit_without_the_customers_words(front: Front, mei: Colleague) -> None:
    await mei.does("intent", words="propose")
    await mei.does("mark", words="please", what="crust=soft")
    await mei.does("done")
    async with front.store.reading() as books:
        lines = [row for row in await books.audit.listed(mei.message.customer_id) if row.who == "Mei"]
    assert [row.what for row in lines] == ["corrected an intent", "marked a preference", "reviewed a message"]
    assert all(row.detail["message"] == mei.message.id for row in lines)
    assert "please" not in str([row.detail for row in lines])


async def test_a_second_review_is_blind_until_it_is_done(front: Front, mei: Colleague, bo: Colleague) -> None:
    await mei.does("intent", words="propose")
    await mei.does("done")
    assert "Mei" not in (await bo.sees()).split('id="teach-done"')[1]
    answer = (await bo.does("done")).text
    assert "Reviewers differ" in answer
    assert "other intent" in answer
    assert "same preferences" in answer
    await bo.does("reopen")
    await bo.does("intent", words="propose")
    answer = (await bo.does("done")).text
    assert "same intent" in answer
    assert "Reviewers differ" not in answer


async def test_a_masked_colleague_sees_names_and_numbers_in_part(mei: Colleague, bo: Colleague) -> None:
    await mei.does("note", words="Rosalinde moved to 0987654321")
    page = await bo.sees()
    for secret in ("Rosalinde", "0912345678", "0987654321"):
        assert secret not in page
        assert secret in await mei.sees()


async def test_hostile_words_are_shown_as_words(front: Front, mei: Colleague) -> None:
    await mei.does("tag", words="<script>x</script>")
    await mei.does("note", words="<img src=x onerror=alert(1)>")
    await mei.does("reply", words="</textarea><script>alert(1)</script>")
    page = await mei.sees()
    assert "<script" not in page
    assert "<img" not in page

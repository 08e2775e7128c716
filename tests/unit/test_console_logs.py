"""The log in the console: what is listed, what a conversation shows, and why an answer was given."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from crm_store.models import MessageRow
from crm_store.questions import Put
from crm_store.ranking_reviews import rank_messages
from one_to_one.facts import Heard, MessageId, Polarity, Source
from one_to_one.replies import Button, Reply
from one_to_one.roles import Role
from one_to_one.shop import TopicKind
from staff.logs import marked
from tests.unit.colleagues import settled
from tests.unit.packs import bakery, topic
from tests.unit.shopfronts import Front

HOSTILE = (
    "<script>document.title='mine'</script><img src=x onerror=\"document.title='mine'\">\u202egnirts\u202c"
    "\u200b\x07 " + "w" * 3000
)


async def said(front: Front, text: str, *replies: Reply) -> MessageRow:
    """A message that was understood as "inform", and its answers."""
    now = front.clock()
    async with front.store.transaction() as books:
        customer = (await books.customers.create("zh-Hant", now)).id
        contact = await books.contacts.current(customer, "web", now, timedelta(minutes=30))
        row, _ = await books.messages.receive(customer, "web", f"{customer}-1", now, text)
        row.contact_id = contact.id
        await books.messages.answer(
            row,
            replies or [Reply("Here you are")],
            now,
            language="zh-Hant",
            intent="inform",
            confidence=0.51,
            ranking=[{"name": "inform", "confidence": 0.51}, {"name": "complain", "confidence": 0.3}],
            entities=[{"entity": "milk", "value": "oat", "start": 1, "end": 4}],
            action="action_inform",
        )
    return row


async def test_the_latest_visits_are_listed_with_a_link_to_their_message(
    front: Front, browser: httpx.AsyncClient
) -> None:
    await settled(front, browser, Role.REVIEWER)
    row = await said(front, "我想退貨")
    page = (await browser.get("/staff/conversations")).text
    assert f'href="/staff/conversations/{row.customer_id}?m={row.id}#m{row.id}"' in page
    assert "我想退貨" in page


async def test_a_search_in_the_other_script_marks_what_it_found(
    front: Front, browser: httpx.AsyncClient
) -> None:
    await settled(front, browser, Role.REVIEWER)
    await said(front, "我想退貨")
    found = (await browser.get("/staff/conversations", params={"q": "退货"})).text
    assert "我想<mark>退貨</mark>" in found
    nothing = (await browser.get("/staff/conversations", params={"q": "退貨單"})).text
    assert "Nothing found" in nothing


async def test_a_conversation_shows_both_sides_with_buttons_and_pictures(
    front: Front, browser: httpx.AsyncClient
) -> None:
    await settled(front, browser, Role.REVIEWER)
    reply = Reply("These three", (Button("More of these", "more"),), "/shop/images/one.svg")
    row = await said(front, "show me", reply)
    page = (await browser.get(f"/staff/conversations/{row.customer_id}")).text
    for shown in (
        "show me",
        "These three",
        "More of these",
        'src="/shop/images/one.svg"',
        "</bdi> 51 %",
    ):
        assert shown in page
    assert f'id="m{row.id}"' in page


async def test_why_tells_what_was_understood_read_written_down_and_asked(
    front: Front, browser: httpx.AsyncClient
) -> None:
    await settled(front, browser, Role.REVIEWER)
    row = await said(front, "x oat milk")
    now = front.clock()
    async with front.store.transaction() as books:
        source = Source(MessageId(row.id), "web", now)
        heard = Heard("milk", "oat", Polarity.LIKES, 0.9, "oat")
        fact = await books.facts.learn(row.customer_id, heard, at=now, source=source)
        await books.questions.put(row.customer_id, "roast", now, None, Put(message=row.id, gain=0.125))
        items = [{"product": "rye", "facts": [fact.id, 999], "options": {"size": "big"}, "assumed": ["size"]}]
        await books.proposals.add(row.customer_id, None, row.id, now, "TWD", items)
    page = (await browser.get(f"/staff/messages/{row.id}/why")).text
    for shown in ("51 %", "30 %", "x<mark> oa</mark>t milk", "expected gain 0.125", "a reason deleted since"):
        assert shown in page
    async with front.store.reading() as books:
        [answer] = await books.messages.replies_to(row.id)
    assert "x<mark> oa</mark>t milk" in (await browser.get(f"/staff/messages/{answer.id}/why")).text


async def test_hostile_words_are_words_in_every_part_of_the_log(
    front: Front, browser: httpx.AsyncClient
) -> None:
    await settled(front, browser, Role.REVIEWER)
    row = await said(front, HOSTILE, Reply(HOSTILE, (Button(HOSTILE, "x"),)))
    for path in (
        "/staff/conversations",
        "/staff/conversations?q=document",
        f"/staff/conversations/{row.customer_id}",
        f"/staff/messages/{row.id}/why",
    ):
        page = (await browser.get(path)).text
        assert "&lt;" in page, path
        assert "<script>document" not in page, path
        assert "<img src=x" not in page, path


async def test_every_look_is_in_the_audit_and_a_search_without_its_words(
    front: Front, browser: httpx.AsyncClient
) -> None:
    await settled(front, browser, Role.OWNER)
    row = await said(front, "secret words")
    await browser.get(f"/staff/conversations/{row.customer_id}")
    await browser.get(f"/staff/messages/{row.id}/why")
    await browser.get("/staff/conversations", params={"q": "secret"})
    async with front.store.reading() as books:
        looks = [line.what for line in await books.audit.listed(row.customer_id)]
    assert looks == ["looked at a conversation", "looked at why"]
    await browser.get("/staff/conversations", headers={"X-Unasked": "1"})
    page = (await browser.get("/staff/audit")).text
    assert "searched the conversations" in page
    assert "listed conversations" not in page
    await browser.get("/staff/conversations")
    page = (await browser.get("/staff/audit")).text
    assert "listed conversations" in page
    assert "secret" not in page


async def test_a_masked_colleague_sees_names_and_numbers_in_part(
    front: Front, browser: httpx.AsyncClient
) -> None:
    await settled(front, browser, Role.REVIEWER)
    row = await said(front, "I'm Aurora, once Zephyr, call 0912-345-678")
    async with front.store.transaction() as books:
        colleague = await books.staff.named("Mei")
        assert colleague is not None
        colleague.masked = True
        source = Source(MessageId(row.id), "web", front.clock())
        for name in ("Zephyr", "Aurora"):
            heard = Heard("name", name, Polarity.LIKES, 0.9, name)
            fact = await books.facts.learn(row.customer_id, heard, at=front.clock(), source=source)
            if name == "Zephyr":
                await books.facts.end(fact, front.clock() + timedelta(minutes=1))
    for path in (
        "/staff/conversations",
        "/staff/conversations?q=call",
        f"/staff/conversations/{row.customer_id}",
        f"/staff/messages/{row.id}/why",
        f"/staff/messages/{row.id}/teach",
    ):
        page = (await browser.get(path)).text
        assert "•••" in page, path
        assert "Aurora" not in page, path
        assert "Zephyr" not in page, path
        assert "345 678" not in page, path


async def test_what_teaches_most_comes_first_in_the_queue_and_says_why(
    front: Front, browser: httpx.AsyncClient
) -> None:
    await settled(front, browser, Role.REVIEWER)
    browser.headers["Accept-Language"] = "en"
    clear = await said(front, "a clear one")
    async with front.store.transaction() as books:
        row = await books.session.merge(clear)
        row.confidence, row.ranking = 0.97, []
    await said(front, "a doubtful one")  # read with 0.5
    async with front.store.transaction() as books:
        lost = await books.session.merge(await said(front, "gibberish"))
        lost.intent, lost.confidence, lost.action = "nlu_fallback", 0.2, "action_nlu_fallback"
        lost.ranking = [{"name": "inform", "confidence": 0.2}, {"name": "greet", "confidence": 0.19}]
    await rank_messages(front.store)
    page = (await browser.get("/staff/conversations?unreviewed=1")).text
    places = [page.index(words) for words in ("gibberish", "a doubtful one", "a clear one")]
    assert places == sorted(places)
    whys = re.findall('<span class="log-why">(.*?)</span>', page)
    assert whys[0].startswith("not understood; ")
    assert "nearly as likely" in whys[0]
    assert whys[1].endswith("; only 51% sure")
    assert whys[2] == "Nothing wrong at first sight"
    newest = (await browser.get("/staff/conversations?unreviewed=1&order=newest")).text
    assert newest.index("gibberish") < newest.index("a doubtful one") < newest.index("a clear one")
    assert "log-why" not in newest
    narrowed = (await browser.get("/staff/conversations?unreviewed=1&q=doubtful&channel=web")).text
    assert "gibberish" not in narrowed
    assert "only 51% sure" in narrowed
    for senseless in ("x", "nan_1", "0.5_x", "1e999_3"):
        assert (await browser.get(f"/staff/conversations?unreviewed=1&before={senseless}")).status_code == 200


def test_what_customers_are_called_is_known_by_the_kind_of_the_topic() -> None:
    pack = replace(bakery(), topics={"address": topic("address", kind=TopicKind.NAME), "name": topic("name")})
    assert pack.name_topics == {"address"}


@pytest.mark.parametrize(
    "query",
    [
        "before=x",
        "before=99999999999999999999",
        "since=2026-13-99",
        "below=x",
        "q=%22*)(",
        "until=9999-12-31",
    ],
)
async def test_strange_addresses_are_read_as_far_as_they_make_sense(
    front: Front, browser: httpx.AsyncClient, query: str
) -> None:
    await settled(front, browser, Role.REVIEWER)
    row = await said(front, "hello")
    assert (await browser.get(f"/staff/conversations?{query}")).status_code == 200
    assert (await browser.get(f"/staff/conversations/{row.customer_id}?{query}&m=-1")).status_code == 200


async def test_whom_or_what_there_is_not_is_said_to_be_nothing(
    browser: httpx.AsyncClient, front: Front
) -> None:
    await settled(front, browser, Role.REVIEWER)
    assert (await browser.get("/staff/conversations/nobody")).status_code == 404
    assert (await browser.get("/staff/messages/99999/why")).status_code == 404
    assert (await browser.get(f"/staff/messages/{2**63}/why")).status_code == 404


def test_a_long_message_is_shown_around_what_was_found() -> None:
    shown = str(marked("a " * 300 + "needle " + "b " * 300, "needle", 60))
    assert "<mark>needle</mark>" in shown
    assert shown.startswith("…")
    assert shown.endswith("…")

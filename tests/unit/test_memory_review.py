"""The room of memory: what it shows, what colleagues decide there, and what it refuses."""

from __future__ import annotations

import httpx

from crm_store.doubting_facts import doubt_facts
from one_to_one.facts import Heard, MessageId, Polarity, Source
from tests.unit.colleagues import form_token
from tests.unit.shopfronts import Front

SENTENCE = "<b>rye</b> if it must be"


async def doubted(front: Front, *values: str) -> str:
    """A customer with doubtful likes of grains."""
    at = front.clock()
    async with front.store.transaction() as books:
        customer = (await books.customers.create("en", at)).id
        for value in values:
            message, _ = await books.messages.receive(customer, "web", None, at, SENTENCE)
            heard = Heard("grain", value, Polarity.LIKES, 0.5, SENTENCE)
            source = Source(MessageId(message.id), "web", at)
            await books.facts.learn(customer, heard, at=at, source=source)
    await doubt_facts(front.store, front.shopfront.pack, at)
    return customer


async def does(reviewer: httpx.AsyncClient, number: int, act: str, **fields: str) -> httpx.Response:
    data = {"_csrf_token": await form_token(reviewer, "/staff/"), **fields}
    return await reviewer.post(f"/staff/memory/{number}/{act}", data=data, headers={"HX-Request": "true"})


async def test_the_queue_shows_each_fact_with_its_sentence_and_the_look_is_audited(
    front: Front, reviewer: httpx.AsyncClient
) -> None:
    assert "Nothing is doubtful." in (await reviewer.get("/staff/memory")).text
    customer = await doubted(front, "rye")
    page = (await reviewer.get("/staff/memory")).text
    assert "grain: rye · likes" in page
    assert "read with doubt" in page
    assert "&lt;b&gt;rye&lt;/b&gt; if it must be" in page
    async with front.store.reading() as books:
        assert [row.what for row in await books.audit.listed(customer)] == ["looked at doubtful facts"]


async def test_facts_are_confirmed_corrected_and_rejected(front: Front, reviewer: httpx.AsyncClient) -> None:
    customer = await doubted(front, "rye", "wheat", "spelt")
    async with front.store.reading() as books:
        numbers = {row.value: doubt.id for doubt, row in await books.fact_reviews.queue(9)}
    await does(reviewer, numbers["rye"], "confirm")
    await does(reviewer, numbers["wheat"], "correct", value="wheat", polarity="never")
    page = (await does(reviewer, numbers["spelt"], "reject")).text
    assert "Nothing is doubtful." in page
    assert "2 (67 %)" in page
    async with front.store.reading() as books:
        believed = {(fact.value, fact.polarity) for fact in await books.facts.believed(customer)}
        acts = [row.what for row in await books.audit.listed(customer) if "fact" in row.detail]
    assert believed == {("rye", Polarity.LIKES), ("wheat", Polarity.NEVER)}
    assert acts == ["confirmed a fact", "corrected a fact", "rejected a fact"]


async def test_what_makes_no_sense_changes_nothing(front: Front, reviewer: httpx.AsyncClient) -> None:
    customer = await doubted(front, "rye")
    for number, act, fields in (
        (999, "confirm", {}),
        (1, "correct", {"value": "gold"}),
        (1, "correct", {"value": "rye", "polarity": "loves"}),
        (1, "correct", {"value": "rye", "polarity": "likes"}),
    ):
        assert (await does(reviewer, number, act, **fields)).status_code == 400
    async with front.store.reading() as books:
        assert len(await books.facts.history(customer)) == 1

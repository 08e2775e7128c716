"""The page of agreement: pairs, all together, what colleagues differ about; blind until one has reviewed."""

from __future__ import annotations

from datetime import timedelta

import httpx

from crm_store.models import MessageRow
from one_to_one.replies import Reply
from tests.unit.shopfronts import Front


async def reviewed(front: Front, text: str, **views: str) -> MessageRow:
    """A message read as "inform", and what colleagues say it means."""
    now = front.clock()
    async with front.store.transaction() as books:
        customer = (await books.customers.create("en", now)).id
        contact = await books.contacts.current(customer, "web", now, timedelta(minutes=30))
        row, _ = await books.messages.receive(customer, "web", None, now, text)
        row.contact_id = contact.id
        await books.messages.answer(row, [Reply("yes")], now, language="en", intent="inform", confidence=0.9)
        for reviewer, intent in views.items():
            (await books.reviews.mine(row, reviewer, now)).intent = intent
            await books.reviews.finish(row, reviewer, now)
        return row


async def test_pairs_and_all_together_and_what_they_differ_about(
    front: Front, reviewer: httpx.AsyncClient
) -> None:
    assert "Nothing was reviewed twice yet" in (await reviewer.get("/staff/charts/agreement")).text
    await reviewed(front, "seen once", Mei="greet")
    for number in range(2):
        await reviewed(front, f"both alike {number}", Mei="inform", Bo="inform")
        await reviewed(front, f"alike too {number}", Mei="greet", Bo="greet")
    row = await reviewed(front, "<i>differently</i>", Mei="complain", Bo="inform")
    page = (await reviewer.get("/staff/charts/agreement")).text
    assert "<bdi>Bo</bdi> · <bdi>Mei</bdi></th>" in page
    assert '<td class="number">5</td><td class="number">4</td><td class="number">0.67</td>' in page
    assert "&lt;i&gt;differently&lt;/i&gt;" in page
    assert f"/staff/conversations/{row.customer_id}?m={row.id}#m{row.id}" in page
    assert page.count("Complaint") == 1  # Mei sees both views: hers is one of them
    assert "both alike" not in page
    async with front.store.reading() as books:
        acts = [act.what for act in await books.audit.listed(row.customer_id)]
    assert acts == ["looked at what reviewers differ about"]


async def test_views_of_others_are_hidden_until_one_has_given_ones_own(
    front: Front, reviewer: httpx.AsyncClient
) -> None:
    await reviewed(front, "torn", Al="complain", Bo="praise")
    page = (await reviewer.get("/staff/charts/agreement")).text
    assert "their views are shown when you have given yours" in page
    assert "Complaint" not in page


async def test_the_panel_says_whether_one_agrees(front: Front, reviewer: httpx.AsyncClient) -> None:
    alike = await reviewed(front, "alike", Al="inform", Mei="inform")
    torn = await reviewed(front, "torn", Al="complain", Mei="inform")
    blind = await reviewed(front, "blind", Al="complain")
    told = [(await reviewer.get(f"/staff/messages/{row.id}/teach")).text for row in (alike, torn, blind)]
    assert ["You agree" in page for page in told] == [True, False, False]
    assert ["You differ" in page for page in told] == [False, True, False]

"""The room of orders: what it shows to whom, where orders are moved, and what it refuses."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import httpx
import pytest

from actions.order_news import News
from actions.speaking_first import Speaker
from crm_store.orders import Line
from one_to_one.facts import Heard, MessageId, Polarity, Source
from one_to_one.language import Language
from one_to_one.order_states import OrderState
from one_to_one.roles import Role
from tests.unit.colleagues import form_token, settled
from tests.unit.packs import bakery
from tests.unit.serving import asked
from tests.unit.shopfronts import Front
from tests.unit.talking import ANSWERS, TEXTS
from tests.unit.test_talk_checkout import checkout

ADDRESS = "<b>12 Mill Lane</b>, Taipei"


@pytest.fixture
async def front(tmp_path: Path) -> AsyncIterator[Front]:
    """A bakery that delivers."""
    pack = bakery()
    made = Front(tmp_path, pack=replace(pack, folder=tmp_path, shop=replace(pack.shop, checkout=checkout())))
    yield made
    await made.store.close()


@dataclass(frozen=True)
class Bought:
    """A customer and their order."""

    customer: str
    number: int


async def bought(
    front: Front, *, name: str = "Aurora", address: str = ADDRESS, product: str = "", state: str = "placed"
) -> Bought:
    pack, now = front.shopfront.pack, front.clock()
    made = pack.products[product or next(iter(pack.products))]
    async with front.store.transaction() as books:
        customer = (await books.customers.create("en", now)).id
        contact = await books.contacts.current(customer, "web", now, timedelta(minutes=30))
        message, _ = await books.messages.receive(customer, "web", None, now, f"I'm {name}")
        message.contact_id = contact.id
        heard = Heard("name", name, Polarity.LIKES, 0.9, name)
        await books.facts.learn(customer, heard, at=now, source=Source(MessageId(message.id), "web", now))
        line = Line(
            made.id, made.name[Language.ENGLISH], Decimal(300), Decimal(111), Decimal(2), {"cut": "sliced"}
        )
        row = await books.orders.draft(customer, None, [line], now, pack.shop.currency)
        row.details = {"delivery": "home", "invoice": "company", "tax_id": "04595257", "address": address}
        [written] = await books.orders.lines(row)
        written.specification = {"product": made.id, "modules": {"cut": ["sliced"]}, "notes": {}}
        await books.orders.place(row, now)
        if state != "placed":
            await books.orders.move(row, OrderState(state), now, "cli")
        return Bought(customer, row.id)


@pytest.fixture
async def agent(front: Front) -> AsyncIterator[httpx.AsyncClient]:
    async with asked(front.shopfront) as one:
        one.headers["Accept-Language"] = "en"
        await settled(front, one, Role.AGENT)
        yield one


@pytest.fixture
async def owner(front: Front) -> AsyncIterator[httpx.AsyncClient]:
    async with asked(front.shopfront) as one:
        one.headers["Accept-Language"] = "en"
        await settled(front, one, Role.OWNER)
        yield one


@pytest.fixture
async def reviewer(front: Front) -> AsyncIterator[httpx.AsyncClient]:
    async with asked(front.shopfront) as one:
        one.headers["Accept-Language"] = "en"
        await settled(front, one, Role.REVIEWER)
        yield one


async def does(browser: httpx.AsyncClient, number: int, act: str, **fields: str) -> httpx.Response:
    data = {"_csrf_token": await form_token(browser, "/staff/"), **fields}
    return await browser.post(f"/staff/orders/{number}/{act}", data=data, headers={"HX-Request": "true"})


async def state_of(front: Front, one: Bought) -> str:
    async with front.store.reading() as books:
        row = await books.orders.get(one.number, one.customer)
        assert row is not None
        return row.state


async def test_the_list_is_found_by_number_product_customer_name_and_state(
    front: Front, agent: httpx.AsyncClient
) -> None:
    first, *others = front.shopfront.pack.products
    one = await bought(front, product=first)
    two = await bought(front, name="Bo%", product=others[0], address="", state="sent")
    title = front.shopfront.pack.products[first].name[Language.ENGLISH]

    async def listed(**query: str) -> set[int]:
        page = (await agent.get("/staff/orders", params=query)).text
        return {each.number for each in (one, two) if f'href="/staff/orders/{each.number}"' in page}

    assert await listed() == {one.number, two.number}
    assert await listed(q=f"#{two.number}") == {two.number}
    assert await listed(q=title.upper()) == {one.number}
    assert await listed(q="auror") == {one.number}
    assert await listed(q="%") == {two.number}
    assert await listed(q=two.customer) == {two.number}
    assert await listed(customer=one.customer) == {one.number}
    assert await listed(state="sent") == {two.number}
    assert await listed(state="missing") == set()
    assert await listed(q="9" * 40) == set()
    assert await listed(state="draft") == {one.number, two.number}


async def test_what_lacks_an_address_is_marked_and_found(front: Front, agent: httpx.AsyncClient) -> None:
    one = await bought(front, address="")
    await bought(front)
    page = (await agent.get("/staff/orders", params={"state": "missing"})).text
    assert page.count('class="log-line') == 1
    assert "address missing" in page
    assert "address missing" not in (await agent.get("/staff/orders?q=%232")).text
    assert "missing" in (await agent.get(f"/staff/orders/{one.number}")).text


async def test_pages_go_on_where_the_last_ended(
    front: Front, agent: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("staff.orders.ROWS", 2)
    numbers = [(await bought(front)).number for _ in range(3)]
    page = (await agent.get("/staff/orders")).text
    assert f"before={numbers[1]}" in page
    older = (await agent.get(f"/staff/orders?before={numbers[1]}")).text
    assert f'href="/staff/orders/{numbers[0]}"' in older
    assert f'href="/staff/orders/{numbers[1]}"' not in older


async def test_an_order_shows_what_is_made_around_it_and_its_way_and_the_look_is_audited(
    front: Front, agent: httpx.AsyncClient
) -> None:
    one = await bought(front)
    page = (await agent.get(f"/staff/orders/{one.number}")).text
    for said in (
        "Aurora",
        "sliced",
        "&lt;b&gt;12 Mill Lane",
        "04595257",
        "order.placed",
        "delivery",
        "ordered",
    ):
        assert said in page, said
    assert "<b>12" not in page
    assert f"/staff/customers/{one.customer}" in page
    async with front.store.reading() as books:
        assert "looked at an order" in [row.what for row in await books.audit.listed(one.customer)]


async def test_cost_and_margin_are_for_the_owner(front: Front, owner: httpx.AsyncClient) -> None:
    one = await bought(front)
    page = (await owner.get(f"/staff/orders/{one.number}")).text
    assert "111" in page
    assert "Margin" in page


async def test_no_other_role_sees_cost_or_margin(front: Front, agent: httpx.AsyncClient) -> None:
    one = await bought(front)
    page = (await agent.get(f"/staff/orders/{one.number}")).text
    assert "111" not in page
    assert "Margin" not in page


async def test_a_masked_colleague_sees_names_addresses_and_numbers_in_part(
    front: Front, agent: httpx.AsyncClient
) -> None:
    one = await bought(front)
    async with front.store.transaction() as books:
        colleague = await books.staff.named("Mei")
        assert colleague is not None
        colleague.masked = True
    for path in ("/staff/orders", f"/staff/orders/{one.number}"):
        page = (await agent.get(path)).text
        assert "•••" in page, path
        for hidden in ("Aurora", "Mill Lane", "04595257"):
            assert hidden not in page, (path, hidden)
    assert f'href="/staff/orders/{one.number}"' not in (await agent.get("/staff/orders?q=Aurora")).text


async def test_an_order_is_moved_on_with_an_entry_in_the_audit_and_its_customer_told(
    front: Front, agent: httpx.AsyncClient
) -> None:
    one = await bought(front)
    answer = await does(agent, one.number, "move", state="sent", note="by bike")
    assert answer.status_code == 200
    assert "by bike" in answer.text
    assert await state_of(front, one) == "sent"
    async with front.store.reading() as books:
        [entry] = [row for row in await books.audit.listed(one.customer) if row.what == "moved an order"]
        assert entry.who == "Mei"
        [*_, event] = await books.order_events.of_order(one.number)
        assert event.kind == "order.sent"
    quiet = replace(front.shopfront.pack.shop, quiet_from=front.shopfront.pack.shop.quiet_until)
    pack = replace(front.shopfront.pack, shop=quiet)
    assert await News(front.store, Speaker(pack, TEXTS, ANSWERS)).look(front.clock()) == 1
    async with front.store.reading() as books:
        [*_, said] = await books.messages.recent(one.customer, 10)
    assert f"Order {one.number} is on its way" in said.text


async def test_a_second_move_from_an_old_page_is_refused(front: Front, agent: httpx.AsyncClient) -> None:
    one = await bought(front)
    await does(agent, one.number, "move", state="sent")
    for state in ("in_production", "placed", "cancelled", "draft", "nonsense", ""):
        assert (await does(agent, one.number, "move", state=state)).status_code == 409
    assert await state_of(front, one) == "sent"


async def test_only_the_owner_calls_back_what_is_being_made(front: Front, agent: httpx.AsyncClient) -> None:
    one = await bought(front, state="in_production")
    assert 'value="cancelled"' not in (await agent.get(f"/staff/orders/{one.number}")).text
    assert (await does(agent, one.number, "move", state="cancelled")).status_code == 403
    assert await state_of(front, one) == "in_production"


async def test_the_owner_does(front: Front, owner: httpx.AsyncClient) -> None:
    one = await bought(front, state="in_production")
    assert (await does(owner, one.number, "move", state="cancelled")).status_code == 200
    assert await state_of(front, one) == "cancelled"


async def test_a_reviewer_reads_and_moves_nothing(front: Front, reviewer: httpx.AsyncClient) -> None:
    one = await bought(front)
    page = (await reviewer.get(f"/staff/orders/{one.number}")).text
    assert "/move" not in page
    assert (await does(reviewer, one.number, "move", state="sent")).status_code == 403
    assert (await does(reviewer, one.number, "resend")).status_code == 403
    assert await state_of(front, one) == "placed"


async def test_what_was_given_up_is_handed_on_again(front: Front, agent: httpx.AsyncClient) -> None:
    one = await bought(front)
    async with front.store.transaction() as books:
        [event] = await books.order_events.of_order(one.number)
        await books.order_events.failed(event, "503", None)
    assert "given up" in (await agent.get(f"/staff/orders/{one.number}")).text
    assert (await does(agent, one.number, "resend")).status_code == 200
    async with front.store.reading() as books:
        [event] = await books.order_events.of_order(one.number)
    assert (event.state, event.attempts) == ("waiting", 0)


async def test_drafts_and_what_was_never_there_are_no_orders(front: Front, agent: httpx.AsyncClient) -> None:
    async with front.store.transaction() as books:
        customer = (await books.customers.create("en", front.clock())).id
        draft = await books.orders.draft(customer, None, [], front.clock(), "TWD")
        number = draft.id
    for wrong in (number, 0, 99, 2**63, 10**30):
        assert (await agent.get(f"/staff/orders/{wrong}")).status_code == 404, wrong
        assert (await agent.get(f"/staff/orders/{wrong}/picture")).status_code == 404, wrong
    assert f'href="/staff/orders/{number}"' not in (await agent.get("/staff/orders")).text

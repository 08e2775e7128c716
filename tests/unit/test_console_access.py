"""Nothing of the console is reached without entering, or in the wrong role: every route is tried."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from channels.web import make_app
from one_to_one.roles import Role
from staff.rooms import ROOMS
from staff.who import COOKIE
from tests.unit.colleagues import form_token, settled
from tests.unit.serving import asked
from tests.unit.shopfronts import Front
from tests.unit.ways import ways

OPEN = {
    ("GET", "/staff/files/{name:str}"),
    ("GET", "/staff/language/{tag:str}"),
    ("GET", "/staff/login"),
    ("POST", "/staff/login"),
    ("POST", "/staff/logout"),
    ("GET", "/staff/welcome/{token:str}"),
    ("POST", "/staff/welcome/{token:str}"),
}
"""What one needs to come in, and to leave. Nothing of a customer is there."""


@pytest.fixture
async def browser(front: Front) -> AsyncIterator[httpx.AsyncClient]:
    async with asked(front.shopfront) as one:
        yield one


async def a_customer(front: Front) -> str:
    async with front.store.transaction() as books:
        return (await books.customers.create("en", front.clock())).id


def test_every_route_has_a_role_but_those_at_the_door(front: Front) -> None:
    found = ways(make_app(front.shopfront))
    assert {(way.method, way.path) for way in found if way.role is None} == OPEN
    assert len(found) > len(OPEN)


async def test_no_route_answers_without_entering(front: Front, browser: httpx.AsyncClient) -> None:
    customer = await a_customer(front)
    token = await form_token(browser, "/staff/login")
    for cookies in ({}, {COOKIE: "forged"}):
        browser.cookies.update(cookies)
        for way in ways(make_app(front.shopfront)):
            if way.role is not None:
                headers = {"x-csrftoken": token}
                answer = await browser.request(way.method, way.address(customer), headers=headers)
                assert (answer.status_code, answer.headers["Location"]) == (303, "/staff/login"), way
                assert answer.text == "", way


async def test_a_part_of_a_page_sends_to_the_door_too(front: Front, browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/staff/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"], answer.text) == (401, "/staff/login", "")


@pytest.mark.parametrize("role", Role)
async def test_no_route_answers_to_the_wrong_role(
    front: Front, browser: httpx.AsyncClient, role: Role
) -> None:
    await settled(front, browser, role)
    customer = await a_customer(front)
    token = await form_token(browser, "/staff/")
    for way in ways(make_app(front.shopfront)):
        if way.role is not None and not role.covers(way.role):
            headers = {"x-csrftoken": token}
            answer = await browser.request(way.method, way.address(customer), headers=headers)
            assert answer.status_code == 403, way
            assert customer not in answer.text, way


@pytest.mark.parametrize("role", Role)
async def test_every_room_opens_for_its_role_and_the_links_say_which(
    front: Front, browser: httpx.AsyncClient, role: Role
) -> None:
    await settled(front, browser, role)
    served = {way.path.rstrip("/") for way in ways(make_app(front.shopfront))}
    page = (await browser.get("/staff/")).text
    for room in ROOMS:
        if room.path.rstrip("/") in served:
            allowed = role.covers(room.role)
            assert (await browser.get(room.path)).status_code == (200 if allowed else 403), room
            assert (f'href="{room.path}" data-key' in page) == allowed, room

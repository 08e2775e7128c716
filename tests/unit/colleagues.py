"""Colleagues who enter the console, for tests."""

from __future__ import annotations

import re

import httpx
import pyotp

from cli.staff import invited
from one_to_one.roles import Role
from staff.credentials import STEP_SECONDS
from staff.who import new_token
from tests.unit.shopfronts import Front

PASSWORD = "the kettle sings at seven"


async def invite(front: Front, name: str = "Mei", role: Role = Role.AGENT) -> str:
    """An invitation, as `dripwise staff add` makes one."""
    token = new_token()
    async with front.store.transaction() as books:
        await invited(books, name, role, False, token, front.clock())
    return token


async def form_token(browser: httpx.AsyncClient, path: str) -> str:
    page = await browser.get(path)
    found = re.search(r'name="_csrf_token" value="([^"]+)"', page.text)
    assert found is not None, page.text
    return found[1]


async def accept(front: Front, browser: httpx.AsyncClient, token: str, **changed: str) -> httpx.Response:
    path = f"/staff/welcome/{token}"
    page = (await browser.get(path)).text
    found = re.search(r'name="secret" value="([A-Z2-7]+)"', page)
    assert found is not None
    secret = found[1]
    code = pyotp.TOTP(secret).at(int(front.clock().timestamp()))
    typed = {"password": PASSWORD, "again": PASSWORD, "secret": secret, "code": code, **changed}
    return await browser.post(path, data={"_csrf_token": await form_token(browser, path), **typed})


async def enter(
    front: Front, browser: httpx.AsyncClient, name: str = "Mei", **changed: str
) -> httpx.Response:
    """Type the name, the password and the code of this moment."""
    async with front.store.reading() as books:
        row = await books.staff.named(name)
    secret = row.totp_secret if row and row.totp_secret else pyotp.random_base32()
    code = pyotp.TOTP(secret).at(int(front.clock().timestamp()))
    typed = {"name": name, "password": PASSWORD, "code": code, **changed}
    return await browser.post(
        "/staff/login", data={"_csrf_token": await form_token(browser, "/staff/login"), **typed}
    )


async def settled(front: Front, browser: httpx.AsyncClient, role: Role = Role.AGENT) -> None:
    """A colleague of this role who has entered."""
    await accept(front, browser, await invite(front, role=role))
    front.clock.turn(seconds=STEP_SECONDS * 2)
    assert (await enter(front, browser)).status_code == 303

"""Entering the console and leaving it: an invitation, a password, a one-time code."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Annotated

import segno
from litestar import Controller, Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect

from crm_store.models import StaffRow
from staff.console import Console
from staff.credentials import (
    LONGEST_PASSWORD,
    SHORTEST_PASSWORD,
    enrolment,
    hash_password,
    is_secret,
    new_secret,
    password_fits,
    step_of_code,
)
from staff.pages import drawn
from staff.who import COOKIE, PLACE, Asked, cookie, new_token, without_cookie

ENTER = f"{PLACE}/login"


@dataclass(frozen=True, slots=True)
class Entry:
    """What is typed to enter."""

    name: str
    password: str
    code: str


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What is typed to accept an invitation."""

    password: str
    again: str
    secret: str
    code: str


EntryForm = Annotated[Entry, Body(media_type=RequestEncodingType.URL_ENCODED)]
AcceptanceForm = Annotated[Acceptance, Body(media_type=RequestEncodingType.URL_ENCODED)]


class Entering(Controller):
    """The pages for those who haven't entered yet."""

    include_in_schema = False

    @get("/login")
    async def ask(self, console: Console, request: Asked) -> Response[str]:
        """The form."""
        return drawn(console, request, "login.html", problem=None, name="")

    @post("/login")
    async def enter(self, console: Console, request: Asked, data: EntryForm) -> Response[str] | Redirect:
        """Open a session, or say that something was wrong without saying what."""
        console.tried(request.client.host if request.client else "")
        token = new_token()
        if await _enter(console, data, token):
            return Redirect(PLACE, cookies=[cookie(console, token)], status_code=303)
        return drawn(console, request, "login.html", status=403, problem="login.wrong", name=data.name)

    @post("/logout")
    async def leave(self, console: Console, request: Asked) -> Redirect:
        """End the session."""
        async with console.store.transaction() as books:
            await books.staff.leave(request.cookies.get(COOKIE, ""))
        return Redirect(ENTER, cookies=[without_cookie(console)], status_code=303)

    @get("/welcome/{token:str}")
    async def invited(self, console: Console, request: Asked, token: str) -> Response[str]:
        """Choose a password, and set up one-time codes. Raises BadInvitation."""
        async with console.store.reading() as books:
            colleague = await books.staff.invited(token, console.clock())
        return _welcome(console, request, colleague, new_secret(), None)

    @post("/welcome/{token:str}")
    async def accept(
        self, console: Console, request: Asked, token: str, data: AcceptanceForm
    ) -> Response[str] | Redirect:
        """Take the invitation up; the colleague enters with it next. Raises BadInvitation."""
        now = console.clock()
        async with console.store.reading() as books:
            colleague = await books.staff.invited(token, now)
        secret = data.secret if is_secret(data.secret) else new_secret()
        step = step_of_code(secret, data.code, now, None)
        problem = _problem(data, step)
        if problem is not None or step is None:
            return _welcome(console, request, colleague, secret, problem)
        password = await asyncio.to_thread(hash_password, data.password)
        async with console.store.transaction() as books:
            await books.staff.accept(token, password, secret, step, now)
            await books.audit.record(colleague.name, "accepted the invitation", None, now)
        return Redirect(ENTER, status_code=303)


def _problem(data: Acceptance, step: int | None) -> str | None:
    """The key of what is wrong with a new password and its first code; None: nothing."""
    if not SHORTEST_PASSWORD <= len(data.password) <= LONGEST_PASSWORD:
        return "welcome.length"
    if data.password != data.again:
        return "welcome.differ"
    return "welcome.code" if step is None else None


def _welcome(
    console: Console, request: Asked, colleague: StaffRow, secret: str, problem: str | None
) -> Response[str]:
    address = enrolment(secret, colleague.name, next(iter(console.pack.shop.name.values())))
    picture = segno.make(address, error="m").svg_data_uri(scale=4, border=2, dark="#111", light="#fff")
    return drawn(
        console,
        request,
        "welcome.html",
        status=200 if problem is None else 400,
        name=colleague.name,
        secret=secret,
        picture=picture,
        problem=problem,
        shortest=SHORTEST_PASSWORD,
    )


async def _enter(console: Console, data: Entry, token: str) -> bool:
    """Check everything and open a session; False: something isn't right, or too many tries weren't.

    Which of it is told to nobody, for it would tell who is a colleague.
    """
    now = console.clock()
    async with console.store.reading() as books:
        colleague = await books.staff.named(data.name.strip())
    kept = None if colleague is None else colleague.password
    fits = await asyncio.to_thread(password_fits, kept, data.password)
    async with console.store.transaction() as books:
        row = await books.staff.named(data.name.strip())
        if row is None or row.totp_secret is None:
            return False
        if row.locked_until is not None and row.locked_until > now:
            return False
        step = step_of_code(row.totp_secret, data.code, now, row.totp_step)
        if not fits or step is None:
            await books.staff.failed(row, now)
            await books.audit.record(row.name, "could not enter", None, now)
            return False
        await books.staff.entered(row, step, token, now)
        await books.audit.record(row.name, "entered", None, now)
    return True

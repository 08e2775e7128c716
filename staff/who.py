"""Who is asking: the colleague whose session the browser holds, and what their role lets them do."""

from __future__ import annotations

import secrets
from dataclasses import replace
from urllib.parse import quote

from litestar import Request, Response
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie, State
from litestar.handlers import BaseRouteHandler

from crm_store.models import StaffRow
from one_to_one.roles import Role
from staff.console import Console
from staff.masking import DOTS, OnlyInPart
from staff.refusals import FromElsewhere, NotAllowed, NotEntered, NoText

COOKIE = "dripwise_staff"
TOKEN_BYTES = 32
PLACE = "/staff"
EVENTS = "/events"
UNASKED = "X-Unasked"
"""The header of what an open page asks for by itself, so that it isn't taken for its colleague's doing."""

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
NULS = (b"\0", b"%00")
IN_PART = (DOTS.encode(), quote(DOTS).encode(), quote(DOTS).lower().encode())
SAY = "/floor/say"
FROM_OURSELVES = frozenset({"same-origin", "none"})

type Asked = Request[StaffRow, None, State]
type Connection = ASGIConnection[BaseRouteHandler, StaffRow, None, State]


def new_token() -> str:
    """A token for an invitation or a session: 256 random bits."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def cookie(console: Console, token: str) -> Cookie:
    """The cookie of a session; it ends with the browser, and is sent to the console alone."""
    return Cookie(
        key=COOKIE, value=token, path=PLACE, httponly=True, samesite="strict", secure=console.secure
    )


def without_cookie(console: Console) -> Cookie:
    """The cookie taken back."""
    return replace(cookie(console, ""), max_age=0)


async def refuse_strangers(request: Asked) -> Response[None] | None:
    """Before every request: what changes something must come from a page of ours, and be text.

    Browsers that don't send Sec-Fetch-Site are left to the token in the form. No form of ours sends a NUL,
    and PostgreSQL has no place for it. What masked colleagues read as dots isn't kept as dots; only what they
    say to a customer is filled in, see `Floor.say`. Raises FromElsewhere, NoText, OnlyInPart.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if request.method not in SAFE and site is not None and site not in FROM_OURSELVES:
        raise FromElsewhere()
    body = b"" if request.method in SAFE else await request.body()
    typed = (request.scope["path"].encode(), request.scope["query_string"], body)
    if any(nul in each for each in typed for nul in NULS):
        raise NoText()
    if any(dots in body for dots in IN_PART) and _is_kept_by_masked(request):
        raise OnlyInPart()
    return None


def _is_kept_by_masked(request: Asked) -> bool:
    colleague: StaffRow | None = request.scope.get("user")
    return colleague is not None and colleague.masked and not request.scope["path"].endswith(SAY)


class May:
    """Lets in whoever has this role, or one that covers it. Raises NotEntered or NotAllowed."""

    def __init__(self, role: Role) -> None:
        self.role = role

    async def __call__(self, connection: Connection, _handler: BaseRouteHandler) -> None:
        """The guard itself; the colleague is `request.user` from here on."""
        colleague = await _entered(connection)
        if not Role(colleague.role).covers(self.role):
            raise NotAllowed()


def may(role: Role) -> May:
    """A guard for a handler or a controller: every one of them has one, but for those at the door."""
    return May(role)


async def looked(console: Console, colleague: StaffRow, customer: str, at_what: str) -> None:
    """Note in the audit that a colleague looked at something of a customer: "a conversation", "a card"."""
    async with console.store.transaction() as books:
        await books.audit.record(colleague.name, f"looked at {at_what}", customer, console.clock())


async def _entered(connection: Connection) -> StaffRow:
    console: Console = connection.app.state.console
    token = connection.cookies.get(COOKIE)
    now = console.clock()
    async with console.store.reading() as books:
        row = await books.staff.by_session(token, now) if token else None
    if token is None or row is None:
        raise NotEntered()
    by_itself = connection.scope["path"] == f"{PLACE}{EVENTS}" or UNASKED in connection.headers
    if not by_itself:  # a page that is only open isn't used
        async with console.store.transaction() as books:
            await books.staff.seen(token, now)
    connection.scope["user"] = row
    return row

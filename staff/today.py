"""The first page: who waits for a person, what went wrong, what was promised; and the audit, for owners."""

from __future__ import annotations

from urllib.parse import urlsplit

from litestar import Controller, Response, get
from litestar.datastructures import Cookie
from litestar.response import Redirect

from one_to_one.choosing_language import language_of
from one_to_one.roles import Role
from staff.console import Console
from staff.customers import dues_of
from staff.pages import TONGUE, drawn, language, texts_of
from staff.queue import line
from staff.seeking import number_of
from staff.who import PLACE, Asked, may

PAGE_ROWS = 100
"""Acts on one page of the audit."""

YEAR_SECONDS = 365 * 24 * 3600


class Today(Controller):
    """What a colleague sees first."""

    include_in_schema = False

    @get("/", guards=[may(Role.REVIEWER)])
    async def first(self, console: Console, request: Asked) -> Response[str]:
        """What waits for somebody."""
        async with console.store.reading() as books:
            complaints = await books.today.complaints()
            promises = await books.today.promises()
            words = texts_of(console.texts, language(request))
            complained = await dues_of(console, request, books, complaints, words)
            promised = await dues_of(console, request, books, promises, words)
        return drawn(
            console,
            request,
            "today.html",
            colleague=request.user,
            complaints=complained,
            promises=promised,
            queue=await line(console, request.user),
        )

    @get("/audit", guards=[may(Role.OWNER)])
    async def audit(self, console: Console, request: Asked) -> Response[str]:
        """Who did what, the newest first; `before` is the number of the act to go on behind."""
        before = number_of(request.query_params.get("before", ""))
        async with console.store.reading() as books:
            rows = await books.audit.latest(PAGE_ROWS, before)
        more = rows[-1].id if len(rows) == PAGE_ROWS else None
        return drawn(console, request, "audit.html", colleague=request.user, rows=rows, more=more)

    @get("/language/{tag:str}")
    async def speak(self, console: Console, request: Asked, tag: str) -> Redirect:
        """Show the console in this language from now on, in this browser; back to the page one was on."""
        chosen = language_of(tag)
        back = _page_before(request)
        if chosen is None:
            return Redirect(back, status_code=303)
        tongue = Cookie(
            key=TONGUE,
            value=chosen,
            path=PLACE,
            max_age=YEAR_SECONDS,
            samesite="lax",
            secure=console.secure,
        )
        return Redirect(back, cookies=[tongue], status_code=303)


def _page_before(request: Asked) -> str:
    """The page of the console that a link was followed on; the first page if there is none."""
    try:
        before = urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        return PLACE
    if before.netloc != request.headers.get("Host") or not before.path.startswith(f"{PLACE}/"):
        return PLACE
    return f"{before.path}?{before.query}" if before.query else before.path

"""The console's routes, below /staff, and what keeps them safe."""

from __future__ import annotations

from collections.abc import Sequence

from litestar import Response, Router
from litestar.config.csrf import CSRFConfig
from litestar.datastructures import State
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.middleware import DefineMiddleware
from litestar.middleware.csrf import CSRFMiddleware
from litestar.response import Redirect
from litestar.types import ControllerRouterHandler

from one_to_one.errors import BadInvitation
from staff.agreeing import Agreeing
from staff.assets import file
from staff.cards import Cards
from staff.charts import Charts
from staff.console import Console
from staff.customers import Customers
from staff.entering import ENTER, Entering
from staff.events import Events
from staff.floor import Floor
from staff.logs import Logs
from staff.memory_review import MemoryReview
from staff.orders import Orders
from staff.pages import drawn, is_part
from staff.presence import Away
from staff.queue import Queue
from staff.refusals import NotEntered, Refused
from staff.teaching import Teaching
from staff.today import Today
from staff.who import PLACE, Asked, refuse_strangers
from staff.why import Why

SERVING: Sequence[ControllerRouterHandler] = (
    file,
    Entering,
    Today,
    Logs,
    Why,
    Events,
    Teaching,
    MemoryReview,
    Orders,
    Charts,
    Agreeing,
    Floor,
    Cards,
    Away,
    Queue,
    Customers,
)
"""Everything below /staff: each room adds its controllers."""


def staff_routes(secret: str, *, secure: bool) -> Router:
    """Everything below /staff. `secret` signs the tokens in forms; `secure`: only https carries their cookie.

    The application's state holds the console.
    """
    forms = CSRFConfig(
        secret=secret,
        cookie_name="dripwise_form",
        cookie_path=PLACE,
        cookie_httponly=True,
        cookie_samesite="strict",
        cookie_secure=secure,
    )
    return Router(
        PLACE,
        route_handlers=SERVING,
        dependencies={"console": Provide(_served)},
        before_request=refuse_strangers,
        middleware=[DefineMiddleware(CSRFMiddleware, config=forms)],
        exception_handlers={
            NotEntered: _to_the_door,
            Refused: _refused,
            BadInvitation: _bad_invitation,
            HTTPException: strange,
        },
    )


async def _served(state: State) -> Console:
    console: Console = state.console
    return console


def _to_the_door(request: Asked, _error: NotEntered) -> Response[str] | Redirect:
    """To the form; a part of a page can't be the form, so htmx is told to leave the page."""
    if is_part(request):
        return Response("", status_code=401, media_type="text/html", headers={"HX-Redirect": ENTER})
    return Redirect(ENTER, status_code=303)


def _refused(request: Asked, error: Refused) -> Response[str]:
    return _told(request, error.status, error.text)


def _bad_invitation(request: Asked, _error: BadInvitation) -> Response[str]:
    return _told(request, 404, "refused.invitation")


def strange(request: Asked, error: HTTPException) -> Response[str]:
    """What litestar refuses: an unknown page, a form without its token, a field that is missing."""
    texts = {403: "refused.elsewhere", 404: "refused.nothing"}
    return _told(request, error.status_code, texts.get(error.status_code, "refused.strange"))


def _told(request: Asked, status: int, text: str) -> Response[str]:
    console: Console = request.app.state.console
    return drawn(console, request, "refused.html", status=status, text=text)

"""The console's routes, below /staff, and what keeps them safe."""

from __future__ import annotations

from litestar import Response, Router, get
from litestar.config.csrf import CSRFConfig
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.middleware import DefineMiddleware
from litestar.middleware.csrf import CSRFMiddleware
from litestar.response import Redirect

from one_to_one.errors import BadInvitation
from staff.console import Console
from staff.entering import ENTER, Entering
from staff.pages import drawn, style
from staff.refusals import NotEntered, Refused
from staff.today import Today
from staff.who import PLACE, Asked, refuse_other_sites

FRESH_SECONDS = 300


@get("/style.css", include_in_schema=False)
async def style_sheet() -> Response[bytes]:
    """The console's one style sheet."""
    headers = {"Cache-Control": f"public, max-age={FRESH_SECONDS}"}
    return Response(style().content, media_type="text/css; charset=utf-8", headers=headers)


def staff_routes(console: Console, secret: str) -> Router:
    """Everything below /staff. `secret` signs the tokens in forms."""

    async def provide() -> Console:
        return console

    forms = CSRFConfig(
        secret=secret,
        cookie_name="dripwise_form",
        cookie_path=PLACE,
        cookie_httponly=True,
        cookie_samesite="strict",
        cookie_secure=console.secure,
    )
    return Router(
        PLACE,
        route_handlers=[Entering, Today, style_sheet],
        dependencies={"console": Provide(provide)},
        before_request=refuse_other_sites,
        middleware=[DefineMiddleware(CSRFMiddleware, config=forms)],
        exception_handlers={
            NotEntered: _to_the_door,
            Refused: _refused,
            BadInvitation: _bad_invitation,
            HTTPException: _strange,
        },
    )


def _to_the_door(_request: Asked, _error: NotEntered) -> Redirect:
    return Redirect(ENTER, status_code=303)


def _refused(request: Asked, error: Refused) -> Response[str]:
    return _told(request, error.status, error.text)


def _bad_invitation(request: Asked, _error: BadInvitation) -> Response[str]:
    return _told(request, 404, "refused.invitation")


def _strange(request: Asked, error: HTTPException) -> Response[str]:
    """What litestar refuses: an unknown page, a form without its token, a field that is missing."""
    texts = {403: "refused.elsewhere", 404: "refused.nothing"}
    return _told(request, error.status_code, texts.get(error.status_code, "refused.strange"))


def _told(request: Asked, status: int, text: str) -> Response[str]:
    console: Console = request.app.state.console
    return drawn(console, request, "refused.html", status=status, text=text)

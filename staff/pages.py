"""Drawing the console's pages, and parts of pages, in the colleague's language."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from babel.units import format_unit
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context, select_autoescape
from jinja2.runtime import Context
from litestar import Response
from litestar.datastructures import Cookie
from litestar.template.base import csrf_token

from crm_store.models import StaffRow
from one_to_one.choosing_language import language_of, preferred
from one_to_one.language import Language
from one_to_one.roles import Role
from one_to_one.texts import Texts
from staff import assets
from staff.console import Console
from staff.masking import Mask
from staff.refusals import Refused
from staff.rooms import ROOMS, Room
from staff.who import PLACE, Asked

TONGUE = "dripwise_staff_language"
"""The cookie that holds the language chosen in this browser."""

UNITS = ((24 * 60, "day"), (60, "hour"), (1, "minute"))
"""In minutes; one is used from two of it on."""

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; connect-src 'self'; script-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


@pass_context
def _masked(context: Context, value: object) -> object:
    """What a masked colleague sees of any text on a page: the net below the templates' own care.

    Addresses of ours stay whole, and so does what is no text: numbers of rows, and what was drawn already.
    """
    if type(value) is not str or value.startswith(PLACE):
        return value
    mask = context.get("mask")
    if not isinstance(mask, Mask) or not mask.on or value == context.get("token"):
        return value
    about = context.get("names") or getattr(context.get("it"), "names", ())
    return mask.words(value, about)


ENVIRONMENT = Environment(
    loader=FileSystemLoader(assets.PAGE),
    autoescape=select_autoescape(["html", "svg"]),
    undefined=StrictUndefined,
    finalize=_masked,
    trim_blocks=True,
    lstrip_blocks=True,
)
ENVIRONMENT.globals["asset"] = assets.address
ENVIRONMENT.globals["part"] = ENVIRONMENT.get_template("parts.html").module


def language(request: Asked) -> Language:
    """The language chosen in this browser, or else the one it prefers."""
    chosen = language_of(request.cookies.get(TONGUE, ""))
    return chosen or preferred(request.headers.get("Accept-Language", ""))


def is_part(request: Asked) -> bool:
    """Whether htmx asks, for a part of the page it is on, rather than the browser for a page."""
    return request.headers.get("HX-Request") == "true"


def drawn(
    console: Console,
    request: Asked,
    template: str,
    *,
    status: int = 200,
    cookies: list[Cookie] | None = None,
    colleague: StaffRow | None = None,
    toast: str | None = None,
    scripts: tuple[str, ...] = (),
    **fields: object,
) -> Response[str]:
    """A page, or for htmx the part of it that a template that extends `layout` has in its block `main`.

    `words` are the texts of `staff.yml`, and those of `staff_<room>.yml` by room: `words["logs.title"]`.
    `toast` is the key of a text that is shown for a few seconds; `scripts` are files of `page/js`.
    """
    tongue = language(request)
    words = texts_of(console.texts, tongue)
    html = ENVIRONMENT.get_template(template).render(
        layout="bare.html" if is_part(request) else "base.html",
        language=tongue,
        words=words,
        shop=console.pack.shop.name[tongue],
        token=csrf_token({"request": request}),
        colleague=colleague,
        is_owner=colleague is not None and Role(colleague.role).covers(Role.OWNER),
        may=lambda role: colleague is not None and Role(colleague.role).covers(Role(role)),
        mask=Mask(colleague is not None and colleague.masked),
        rooms=_rooms(request, colleague),
        here=request.url.path,
        scripts=("stream.js", "frame.js", *scripts),
        when=lambda at: when(console, tongue, at),
        lasting=lambda since: lasting(tongue, console.clock() - since),
        seconds=lambda since: int((console.clock() - since).total_seconds()),
        **fields,
    )
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store", "Vary": "HX-Request"}
    if toast is not None:
        headers["HX-Trigger"] = json.dumps({"toast": words[toast]})
    return Response(
        html,
        media_type="text/html; charset=utf-8",
        status_code=status,
        headers=headers,
        cookies=cookies or [],
    )


@cache
def texts_of(texts: Texts, tongue: Language) -> dict[str, str]:
    """Every text of the console in one language."""
    files = {key.split(".")[0] for key in texts.keys(tongue)}
    words = texts.under(tongue, "staff")
    for name in sorted(name for name in files if name.startswith("staff_")):
        room = name.removeprefix("staff_")
        words |= {f"{room}.{key}": text for key, text in texts.under(tongue, name).items()}
    return words


def told_beside(request: Asked, error: Refused) -> Response[str]:
    """What is refused to a part of a page is said in passing, and the part stays; else it is a page."""
    console: Console = request.app.state.console
    if not is_part(request):
        return drawn(console, request, "refused.html", status=error.status, text=error.text)
    words = texts_of(console.texts, language(request))
    headers = {"HX-Reswap": "none", "HX-Trigger": json.dumps({"toast": words[error.text]})}
    return Response("", status_code=error.status, media_type="text/html", headers=headers)


def when(console: Console, tongue: Language, at: datetime, pattern: str = "short") -> str:
    """A moment in the shop's time zone, as people write it."""
    zone = ZoneInfo(console.pack.shop.time_zone)
    return str(format_datetime(at, pattern, tzinfo=zone, locale=tongue.replace("-", "_")))


def lasting(tongue: Language, span: timedelta) -> str:
    """A length of time in its largest fitting unit, such as "12 min"; `frame.js` goes on counting."""
    minutes = max(0, int(span.total_seconds() // 60))
    large = next(((size, unit) for size, unit in UNITS if minutes >= 2 * size), UNITS[-1])
    number, unit = minutes // large[0], large[1]
    return str(format_unit(number, f"duration-{unit}", "short", locale=tongue.replace("-", "_")))


def _rooms(request: Asked, colleague: StaffRow | None) -> list[Room]:
    """The rooms this colleague may enter, as far as there are pages of them."""
    if colleague is None:
        return []
    served = {route.path.rstrip("/") for route in request.app.routes}
    role = Role(colleague.role)
    return [room for room in ROOMS if room.path.rstrip("/") in served and role.covers(room.role)]

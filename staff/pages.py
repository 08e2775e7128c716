"""Drawing the console's pages in the colleague's language."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from litestar import Response
from litestar.datastructures import Cookie
from litestar.template.base import csrf_token

from crm_store.models import StaffRow
from one_to_one.choosing_language import language_of, preferred
from one_to_one.language import Language
from one_to_one.roles import Role
from staff.console import Console
from staff.who import PLACE, Asked

PAGE = Path(__file__).parent / "page"
TONGUE = "dripwise_staff_language"
"""The cookie that holds the language chosen in this browser."""

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; connect-src 'self'; script-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
ENVIRONMENT = Environment(
    loader=FileSystemLoader(PAGE),
    autoescape=select_autoescape(["html", "svg"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True, slots=True)
class Style:
    """The console's one style sheet, read once."""

    content: bytes
    tag: str  # changes when the content does


@cache
def style() -> Style:
    """The style sheet as it goes out."""
    content = (PAGE / "staff.css").read_bytes()
    return Style(content, hashlib.sha256(content).hexdigest()[:12])


def language(request: Asked) -> Language:
    """The language chosen in this browser, or else the one it prefers."""
    chosen = language_of(request.cookies.get(TONGUE, ""))
    return chosen or preferred(request.headers.get("Accept-Language", ""))


def drawn(
    console: Console,
    request: Asked,
    template: str,
    *,
    status: int = 200,
    cookies: list[Cookie] | None = None,
    colleague: StaffRow | None = None,
    **fields: object,
) -> Response[str]:
    """A page. Its texts are those below `staff` in data/texts."""
    tongue = language(request)
    html = ENVIRONMENT.get_template(template).render(
        language=tongue,
        words=console.texts.under(tongue, "staff"),
        shop=console.pack.shop.name[tongue],
        token=csrf_token({"request": request}),
        colleague=colleague,
        is_owner=colleague is not None and Role(colleague.role).covers(Role.OWNER),
        here=request.url.path,
        style=f"{PLACE}/style.css?{style().tag}",
        when=lambda at: _when(console, tongue, at),
        **fields,
    )
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store"}
    return Response(
        html,
        media_type="text/html; charset=utf-8",
        status_code=status,
        headers=headers,
        cookies=cookies or [],
    )


def _when(console: Console, tongue: Language, at: datetime) -> str:
    """A moment in the shop's time zone, as people write it."""
    zone = ZoneInfo(console.pack.shop.time_zone)
    return str(format_datetime(at, "short", tzinfo=zone, locale=tongue.replace("-", "_")))

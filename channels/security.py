"""The headers every page and answer carries."""

from __future__ import annotations

from collections.abc import Mapping

from litestar.datastructures import MutableScopeHeaders
from litestar.types import Message, Scope

CLOSED = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
"""For what is no page."""

PICTURE = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""For pictures of a shop pack: an SVG may style itself and do nothing else."""


COPY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
"""For a customer's copy of their data: a page that only shows."""


def page(frame_ancestors: str, inline_styles: bool = False) -> str:
    """The policy of a page that loads from us alone. `frame_ancestors` says who may show it in a frame."""
    styles = "'self' 'unsafe-inline'" if inline_styles else "'self'"
    return (
        f"default-src 'none'; script-src 'self'; style-src {styles}; img-src 'self' data:; "
        f"connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; "
        f"frame-ancestors {frame_ancestors}"
    )


ALWAYS: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Content-Security-Policy": CLOSED,
    "Cache-Control": "no-store",
}


async def add_headers(message: Message, _scope: Scope) -> None:
    """Give an answer the headers it doesn't set itself."""
    if message["type"] != "http.response.start":
        return
    headers = MutableScopeHeaders.from_message(message)
    for name, value in ALWAYS.items():
        headers.setdefault(name, value)

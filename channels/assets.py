"""The files of the widget, read once."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from litestar import Request, Response, get
from litestar.datastructures import State

from channels.refusals import NoSuchFile
from front.files import PACKAGES, Asset, asset_of, sent

PAGE = Path(__file__).parent / "page"
DEEP_CHAT = "deep-chat.js"
FILES = {
    DEEP_CHAT: PACKAGES / "deep-chat" / "dist" / "deepChat.bundle.js",
    **{
        name: PAGE / name
        for name in (
            "chat.js",
            "wire.js",
            "bubbles.js",
            "chat.css",
            "demo.css",
            "demo.js",
            "made.css",
            "made.js",
        )
    },
}


@get("/assets/{name:str}", include_in_schema=False)
async def asset(request: Request[None, None, State], name: str) -> Response[bytes]:
    """One of the widget's own files."""
    return sent(_read(name), request)


@cache
def _read(name: str) -> Asset:
    path = FILES.get(name)
    if path is None or not path.is_file():
        raise NoSuchFile(name=name)
    return asset_of(name, path.read_bytes())

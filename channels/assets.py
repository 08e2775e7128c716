"""The files of the widget: read once, sent compressed, and cached by what is in them."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from litestar import Request, Response, get
from litestar.datastructures import State

from channels.refusals import NoSuchFile
from settings import ROOT

PAGE = Path(__file__).parent / "page"
FRONT = ROOT / ".dripwise" / "front" / "node_modules"
DEEP_CHAT = "deep-chat.js"
FILES = {
    DEEP_CHAT: FRONT / "deep-chat" / "dist" / "deepChat.bundle.js",
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
MEDIA_TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
FRESH_SECONDS = 300
"""How long a browser uses a file without asking whether it changed."""


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it goes out."""

    content: bytes
    zipped: bytes
    tag: str  # changes when the content does
    media_type: str


def asset_of(content: bytes, media_type: str) -> Asset:
    """Content made ready to go out."""
    tag = hashlib.sha256(content).hexdigest()[:16]
    return Asset(content, gzip.compress(content, 9, mtime=0), f'"{tag}"', media_type)


def sent(asset: Asset, request: Request[None, None, State]) -> Response[bytes]:
    """The file, or the word that the browser has it already."""
    headers = {
        "ETag": asset.tag,
        "Cache-Control": f"public, max-age={FRESH_SECONDS}",
        "Vary": "Accept-Encoding",
    }
    if request.headers.get("If-None-Match") == asset.tag:
        return Response(b"", status_code=304, headers=headers, media_type=asset.media_type)
    if "gzip" not in request.headers.get("Accept-Encoding", ""):
        return Response(asset.content, headers=headers, media_type=asset.media_type)
    return Response(
        asset.zipped, headers={**headers, "Content-Encoding": "gzip"}, media_type=asset.media_type
    )


@get("/assets/{name:str}", include_in_schema=False)
async def asset(request: Request[None, None, State], name: str) -> Response[bytes]:
    """One of the widget's own files."""
    return sent(_read(name), request)


@cache
def _read(name: str) -> Asset:
    path = FILES.get(name)
    if path is None or not path.is_file():
        raise NoSuchFile(name=name)
    return asset_of(path.read_bytes(), MEDIA_TYPES[path.suffix])

"""Files of our pages as they go out: compressed once, and cached by what is in them."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from litestar import Request, Response

from settings import ROOT

PACKAGES = ROOT / ".dripwise" / "front" / "node_modules"
"""What comes from npm."""

MEDIA_TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
FOREVER = "public, max-age=31536000, immutable"
"""Of an address that ends with the tag: it changes with what is behind it."""

FRESH = "public, max-age=300"
"""Of any other: used for so many seconds without asking whether it changed."""


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it goes out."""

    content: bytes
    zipped: bytes
    tag: str  # changes when the content does
    media_type: str


def asset_of(name: str, content: bytes) -> Asset:
    """Content made ready to go out under a name, by whose ending its media type is known."""
    tag = hashlib.sha256(content).hexdigest()[:16]
    return Asset(content, gzip.compress(content, 9, mtime=0), tag, MEDIA_TYPES[Path(name).suffix])


def sent(asset: Asset, request: Request[Any, Any, Any]) -> Response[bytes]:
    """The file, or the word that the browser has it already."""
    by_tag = request.scope["query_string"].decode("latin-1") == asset.tag
    headers = {
        "ETag": f'"{asset.tag}"',
        "Cache-Control": FOREVER if by_tag else FRESH,
        "Vary": "Accept-Encoding",
    }
    if request.headers.get("If-None-Match") == headers["ETag"]:
        return Response(b"", status_code=304, headers=headers, media_type=asset.media_type)
    if "gzip" not in request.headers.get("Accept-Encoding", ""):
        return Response(asset.content, headers=headers, media_type=asset.media_type)
    zipped = {**headers, "Content-Encoding": "gzip"}
    return Response(asset.zipped, headers=zipped, media_type=asset.media_type)

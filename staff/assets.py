"""The console's own files: one style sheet joined from `page/css`, htmx, and the scripts in `page/js`."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from litestar import Response, get
from litestar.exceptions import NotFoundException

from settings import ROOT
from staff.who import PLACE, Asked

PAGE = Path(__file__).parent / "page"
FRONT = ROOT / ".dripwise" / "front" / "node_modules"
STYLE = "style.css"
FIRST = ("base.css", "frame.css", "parts.css")
"""What the sheets of single rooms build on; they follow by name."""

PACKAGED = {
    "htmx.js": FRONT / "htmx.org" / "dist" / "htmx.min.js",
    **{
        f"{name}.js": FRONT / name / "build" / f"{name}.min.js"
        for name in ("vega", "vega-lite", "vega-embed")
    },
}
"""Scripts that come from npm, by the name they are served under."""

MEDIA_TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
FOREVER = "public, max-age=31536000, immutable"
"""An address changes with what is behind it."""

FRESH = "public, max-age=300"


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it goes out."""

    content: bytes
    zipped: bytes
    tag: str  # changes when the content does
    media_type: str


def address(name: str) -> str:
    """Where a browser finds a file. Raises KeyError for one there isn't."""
    return f"{PLACE}/files/{name}?{_assets()[name].tag}"


@get("/files/{name:str}", include_in_schema=False)
async def file(request: Asked, name: str) -> Response[bytes]:
    """One of the console's own files; open to all, for there is nothing of a customer in it."""
    asset = _assets().get(name)
    if asset is None:
        raise NotFoundException()
    asked_by_tag = request.scope["query_string"].decode("latin-1") == asset.tag
    headers = {"Cache-Control": FOREVER if asked_by_tag else FRESH, "Vary": "Accept-Encoding"}
    if "gzip" not in request.headers.get("Accept-Encoding", ""):
        return Response(asset.content, headers=headers, media_type=asset.media_type)
    zipped = {**headers, "Content-Encoding": "gzip"}
    return Response(asset.zipped, headers=zipped, media_type=asset.media_type)


@cache
def _assets() -> dict[str, Asset]:
    """Every file by name, read once. A package that isn't installed is left out."""
    scripts = {path.name: path for path in sorted((PAGE / "js").glob("*.js"))} | PACKAGED
    read = {name: path.read_bytes() for name, path in scripts.items() if path.is_file()}
    return {name: _asset(name, content) for name, content in (read | {STYLE: _style()}).items()}


def _style() -> bytes:
    sheets = sorted(path.name for path in (PAGE / "css").glob("*.css"))
    ordered = [*FIRST, *(name for name in sheets if name not in FIRST)]
    return b"".join((PAGE / "css" / name).read_bytes() for name in ordered)


def _asset(name: str, content: bytes) -> Asset:
    tag = hashlib.sha256(content).hexdigest()[:12]
    return Asset(content, gzip.compress(content, 9, mtime=0), tag, MEDIA_TYPES[Path(name).suffix])

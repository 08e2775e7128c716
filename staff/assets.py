"""The console's own files: one style sheet joined from `page/css`, htmx, and the scripts in `page/js`."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from litestar import Response, get
from litestar.exceptions import NotFoundException

from front.files import PACKAGES, Asset, asset_of, sent
from staff.who import PLACE, Asked

PAGE = Path(__file__).parent / "page"
STYLE = "style.css"
FIRST = ("base.css", "frame.css", "parts.css")
"""What the sheets of single rooms build on; they follow by name."""

WORKER = "stream.js"
WORKER_POLICY = "default-src 'none'; connect-src 'self'"
"""A worker has a policy of its own: that of its file."""

PACKAGED = {
    "htmx.js": PACKAGES / "htmx.org" / "dist" / "htmx.min.js",
    **{
        f"{name}.js": PACKAGES / name / "build" / f"{name}.min.js"
        for name in ("vega", "vega-lite", "vega-embed")
    },
}
"""Scripts that come from npm, by the name they are served under."""


def address(name: str) -> str:
    """Where a browser finds a file. Raises KeyError for one there isn't."""
    return f"{PLACE}/files/{name}?{_assets()[name].tag}"


@get("/files/{name:str}", include_in_schema=False)
async def file(request: Asked, name: str) -> Response[bytes]:
    """One of the console's own files; open to all, for there is nothing of a customer in it."""
    asset = _assets().get(name)
    if asset is None:
        raise NotFoundException()
    answer = sent(asset, request)
    if name == WORKER:
        answer.headers["Content-Security-Policy"] = WORKER_POLICY
    return answer


@cache
def _assets() -> dict[str, Asset]:
    """Every file by name, read once. A package that isn't installed is left out."""
    scripts = {path.name: path for path in sorted((PAGE / "js").glob("*.js"))} | PACKAGED
    read = {name: path.read_bytes() for name, path in scripts.items() if path.is_file()}
    return {name: asset_of(name, content) for name, content in (read | {STYLE: _style()}).items()}


def _style() -> bytes:
    sheets = sorted(path.name for path in (PAGE / "css").glob("*.css"))
    ordered = [*FIRST, *(name for name in sheets if name not in FIRST)]
    return b"".join((PAGE / "css" / name).read_bytes() for name in ordered)

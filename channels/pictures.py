"""Pictures of products for channels that can't show SVG."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from resvg_py import svg_to_bytes

WIDTH = 800
"""Pixels; sharp on a phone."""

_KEPT = 64


def png(path: Path) -> bytes:
    """The picture as PNG, WIDTH pixels wide. A PNG or JPEG is handed back as it is.

    Raises OSError when it can't be read and ValueError when it isn't a picture.
    """
    changed = path.stat().st_mtime_ns
    if path.suffix.lower() != ".svg":
        return path.read_bytes()
    return _drawn(path.resolve(), changed)


@lru_cache(maxsize=_KEPT)
def _drawn(path: Path, _changed: int) -> bytes:
    drawing = path.read_text(encoding="utf-8")
    return bytes(svg_to_bytes(svg_string=drawing, width=WIDTH, skip_system_fonts=True))

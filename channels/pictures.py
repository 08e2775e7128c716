"""Pictures of the shop pack for channels that don't draw SVG themselves."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import resvg_py

PIXELS = 800
"""The width a drawing is made at: sharp on a phone, some ten kilobytes."""

_KEPT = 64
"""How many drawings are kept once made."""


def png(picture: Path) -> bytes:
    """A picture file as Telegram takes it: drawings become PNG, photographs stay as they are.

    Raises OSError when it can't be read, ValueError when it is no drawing.
    """
    data = picture.read_bytes()
    return without_fonts(data) if picture.suffix.lower() == ".svg" else data


@lru_cache(maxsize=_KEPT)
def without_fonts(drawing: bytes) -> bytes:
    """A drawing as PNG, without the fonts of this machine, so that it looks the same on every one."""
    return bytes(
        resvg_py.svg_to_bytes(svg_string=drawing.decode("utf-8"), width=PIXELS, skip_system_fonts=True)
    )

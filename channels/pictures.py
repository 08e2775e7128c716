"""Pictures of the shop pack for channels that don't draw SVG themselves."""

from __future__ import annotations

from pathlib import Path

import resvg_py

PIXELS = 800
"""The width a drawing is made at: sharp on a phone, some ten kilobytes."""


def png(picture: Path) -> bytes:
    """A picture file as Telegram takes it: drawings become PNG, photographs stay as they are.

    Raises OSError when it can't be read, ValueError when it is no drawing.
    """
    data = picture.read_bytes()
    if picture.suffix.lower() != ".svg":
        return data
    return bytes(resvg_py.svg_to_bytes(svg_string=data.decode(), width=PIXELS))

"""Pictures for channels that don't draw SVG themselves."""

from __future__ import annotations

from pathlib import Path

import pytest

from channels.pictures import PIXELS, png

DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 6 4"><rect width="6" height="4"/></svg>'


def test_a_drawing_becomes_a_png_of_a_phones_width(tmp_path: Path) -> None:
    picture = tmp_path / "bag.svg"
    picture.write_text(DRAWING, encoding="utf-8")
    made = png(picture)
    assert made.startswith(b"\x89PNG\r\n\x1a\n")
    assert int.from_bytes(made[16:20]) == PIXELS


def test_a_photograph_stays_as_it_is(tmp_path: Path) -> None:
    picture = tmp_path / "bag.jpg"
    picture.write_bytes(b"\xff\xd8 and so on")
    assert png(picture) == b"\xff\xd8 and so on"


@pytest.mark.parametrize("words", [b"", b"<svg", b"\xff\xfe"])
def test_what_is_no_drawing_is_refused(tmp_path: Path, words: bytes) -> None:
    picture = tmp_path / "bag.svg"
    picture.write_bytes(words)
    with pytest.raises(ValueError):  # noqa: PT011 - three kinds of ValueError
        png(picture)


def test_a_missing_picture_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"none\.svg"):
        png(tmp_path / "none.svg")

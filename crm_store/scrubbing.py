"""Erasing somebody from the files of the home folder: lines of logs and lists, exports, what was learned.

A line is overwritten where it stands, with as many bytes: whoever is writing the log goes on undisturbed.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from crm_store.needles import Finder, Haul
from crm_store.searching import Search, search_file

WHOLE = (".json", ".html")
"""A file of this ending that names a customer is an export of theirs, and goes as a whole."""

BLANK = b" "
BINARY = b"\0"
LOOKED_AT = 8192
"""Bytes by which text is told from anything else."""


def scrub_files(files: Iterable[Path], home: Path, haul: Haul) -> dict[str, int]:
    """Erase a customer's needles from files; by name, how many lines went, or 0: the whole file.

    A file that isn't text (a model, an archive, a picture) and has something of theirs goes as a whole: all
    such files are made anew from what there is.
    """
    finder = Finder(haul.needles)
    of_ids = Finder([needle for needle in haul.needles if needle.sure])
    gone: dict[str, int] = {}
    for path in files:
        name = str(path.relative_to(home)) if path.is_relative_to(home) else str(path)
        if not search_file(path, name, finder, Search()):
            continue
        if of_ids.any(path.name.encode()) or not _is_text(path) or _is_export(path, of_ids):
            path.unlink(missing_ok=True)
            gone[name] = 0
        else:
            gone[name] = _overwrite(path, finder)
    return gone


def _is_text(path: Path) -> bool:
    with path.open("rb") as file:
        start = file.read(LOOKED_AT)
    return BINARY not in start and not start.startswith((b"\x1f\x8b", b"PK", b"BZh"))


def _is_export(path: Path, of_ids: Finder) -> bool:
    return path.suffix in WHOLE and of_ids.any(path.read_bytes())


def _overwrite(path: Path, finder: Finder) -> int:
    """Blank every line in which there is a needle; how many."""
    lines: set[tuple[int, int]] = set()
    with path.open("r+b") as file:
        data = file.read()
        for place, end, _ in finder.find(data):
            start = data.rfind(b"\n", 0, place) + 1
            stop = data.find(b"\n", end)
            lines.add((start, len(data) if stop < 0 else stop))
        for start, stop in sorted(lines):
            file.seek(start)
            file.write(BLANK * (stop - start))
    return len(lines)

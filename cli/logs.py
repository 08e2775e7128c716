"""Log files that can't fill the disk."""

from __future__ import annotations

from pathlib import Path

LIMIT = 5_000_000
"""Bytes after which a log is put aside; one older file is kept, so a process has at most twice this."""


class BoundedLog:
    """Appends to a file; when it is full it becomes `<name>.1` and a new one begins."""

    def __init__(self, path: Path, limit: int = LIMIT) -> None:
        """Open `path` for appending; `limit` in bytes."""
        self.path = path
        self._limit = limit
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("ab", buffering=0)

    def write(self, lines: bytes) -> None:
        """Append, and begin a new file when this one is full."""
        self._file.write(lines)
        if self._file.tell() >= self._limit:
            self._file.close()
            self.path.replace(self.path.with_name(self.path.name + ".1"))
            self._file = self.path.open("ab", buffering=0)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

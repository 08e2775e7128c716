"""Secrets made once, at the first start, and kept in files only their owner can read."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

KEY_BYTES = 32


def read_or_make_key(folder: Path, name: str) -> str:
    """The key of this name, hexadecimal; made when there is none. Of two makers at once the first wins."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / name
    draft = folder / f".{name}.{secrets.token_hex(4)}"
    if not path.exists():
        _write_private(draft, secrets.token_hex(KEY_BYTES))
        try:
            path.hardlink_to(draft)
        except FileExistsError:
            pass  # somebody else was quicker: theirs counts
        finally:
            draft.unlink()
    return path.read_text(encoding="ascii").strip()


def _write_private(path: Path, text: str) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(handle)

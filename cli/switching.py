"""Which model the bot runs with: a link in the home folder, so that another can take its place."""

from __future__ import annotations

import fcntl
import os
import signal
from contextlib import suppress
from pathlib import Path


def link_of(home: Path) -> Path:
    """The link that the bot is told to load."""
    return home / "run" / "model.tar.gz"


def point(home: Path, model: Path) -> Path:
    """Let the link lead to a model, at once and completely."""
    link = link_of(home)
    link.parent.mkdir(parents=True, exist_ok=True)
    fresh = link.with_name(f".{os.getpid()}-{link.name}")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(model.resolve())
    return fresh.replace(link)


def restart_bot(home: Path) -> bool:
    """Have the running shop's bot start again, with the model of the link; False: no shop runs here.

    The supervisor starts it; messages that come meanwhile wait in the inbox.
    """
    note = home / "run" / "bot.pid"
    if not _is_up(home) or not note.is_file():
        return False
    with suppress(ProcessLookupError, ValueError):
        os.kill(int(note.read_text(encoding="ascii")), signal.SIGTERM)
        return True
    return False


def _is_up(home: Path) -> bool:
    """Whether an `up` holds the home folder."""
    path = home / "run" / "up.pid"
    if not path.is_file():
        return False
    with path.open("a", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False

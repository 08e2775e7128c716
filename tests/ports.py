"""TCP ports for tests: nobody else is given one between the look and the use, or while a process restarts."""

from __future__ import annotations

import fcntl
import itertools
import os
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import IO

from cli.ports import LOOPBACK, require_free
from one_to_one.errors import PortTaken

FIRST, EACH, RUNS = 20_000, 100, 100
"""Below the ports that systems give to whoever asks for any (from 32,768 on Linux, 49,152 on macOS)."""

_HELD: list[IO[str]] = []
"""The lock of our ports, till this process ends."""


def own_port() -> int:
    """A loopback port on which nobody listens, and that no other run of tests is given."""
    return next(port for port in _ports() if _is_free(port))


@cache
def _ports() -> Iterator[int]:
    """The ports that belong to this process, over and over."""
    first = FIRST + EACH * next(number for number in range(RUNS) if _holds(number))
    return itertools.cycle(range(first, first + EACH))


def _holds(number: int) -> bool:
    """Whether the ports of this number are ours now."""
    note = Path(tempfile.gettempdir()) / f"dripwise-ports-{os.getuid()}-{number}"
    lock = note.open("a", encoding="ascii")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        return False
    _HELD.append(lock)
    return True


def _is_free(port: int) -> bool:
    try:
        require_free(LOOPBACK, port)
    except PortTaken:
        return False
    return True

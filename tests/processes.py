"""Processes of other programs, as tests look at them."""

from __future__ import annotations

import psutil


def alive(pid: int) -> bool:
    """Whether this process runs; one that has died and that nobody has asked about yet doesn't."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False

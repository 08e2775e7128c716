"""Keeps processes from outliving their supervisor, whatever ends it.

Started by the supervisor as a program of its own, with a pipe as its standard input: `+ID` names a process
group to watch, `-ID` one that has ended. When the pipe closes (the supervisor is gone, even by SIGKILL), the
groups still watched are killed. Uses nothing but the standard library, so that it stays small.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Iterable


def watch(lines: Iterable[str]) -> set[int]:
    """Read marks till the pipe closes; the process groups that are still alive then."""
    groups: set[int] = set()
    for line in lines:
        change = groups.add if line.startswith("+") else groups.discard
        change(int(line[1:]))
    return groups


def main() -> None:
    """Watch standard input, then kill what is left."""
    for group in watch(sys.stdin):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)


if __name__ == "__main__":
    main()

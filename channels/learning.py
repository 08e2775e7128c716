"""Beside the web process, now and then: learning from all customers, in a process of its own."""

from __future__ import annotations

import asyncio
import sys
from contextlib import suppress

import structlog

from settings import ROOT

LOOK_SECONDS = 600
"""Between two looks at whether there is something to learn, or somebody to forget."""

COMMAND = (sys.executable, "-m", "cli", "learn", "--if-due")

log = structlog.get_logger()


async def learn_forever(command: tuple[str, ...] = COMMAND, seconds: float = LOOK_SECONDS) -> None:
    """Have it looked at and done where it is due; what fails is logged, and tried again later."""
    while True:
        await asyncio.sleep(seconds)
        process = await asyncio.create_subprocess_exec(
            *command,
            cwd=ROOT,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            code = await process.wait()
        except asyncio.CancelledError:
            with suppress(ProcessLookupError):
                process.terminate()
            await process.wait()
            raise
        if code:
            log.warning("learning_failed", code=code)

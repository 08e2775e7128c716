"""Lanes: what belongs to one chat happens in order, different chats go side by side."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Hashable

import structlog

GRACE_SECONDS = 1.0

type Job = Callable[[], Awaitable[object]]

log = structlog.get_logger("telegram")


class Lanes:
    """Runs jobs first in, first out per key, at most `width` lanes at a time."""

    def __init__(self, width: int) -> None:
        self._waiting: dict[Hashable, deque[Job]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._free = asyncio.Semaphore(width)

    def put(self, key: Hashable, job: Job) -> None:
        """Run the job after all earlier ones of the same key."""
        if key in self._waiting:
            self._waiting[key].append(job)
            return
        self._waiting[key] = deque([job])
        task = asyncio.create_task(self._drive(key), name=f"telegram lane {key}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def drain(self) -> None:
        """Wait until nothing is left to do."""
        while self._tasks:
            await asyncio.gather(*self._tasks)

    async def stop(self) -> None:
        """Drop what hasn't begun, break off what isn't done in a moment. The store has all of it."""
        for jobs in self._waiting.values():
            jobs.clear()
        running = set(self._tasks)
        if running:
            await asyncio.wait(running, timeout=GRACE_SECONDS)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    async def _drive(self, key: Hashable) -> None:
        jobs = self._waiting[key]
        while jobs:
            async with self._free:
                await self._run(jobs.popleft())
        del self._waiting[key]

    async def _run(self, job: Job) -> None:
        try:
            await job()
        except Exception:
            log.exception("a job for one chat failed, its rows stay in the store")

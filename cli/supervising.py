"""Keeping a few processes running: start, log, restart when one dies, stop them all."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from cli.logs import BoundedLog
from cli.steps import spoken
from one_to_one.errors import KeepsDying

LEASH = Path(__file__).with_name("leash.py")
SWALLOW = 1.0
"""Seconds for which the last words of an ended process are waited for."""


@dataclass(frozen=True, slots=True)
class Service:
    """One line of the Procfile: a process that is to run all the time."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)  # on top of that of all services


@dataclass(frozen=True, slots=True)
class Patience:
    """How a dying process is treated; all times in seconds."""

    fast: float = 10.0  # a process that dies of itself earlier than this is in trouble
    deaths: int = 8  # so many fast deaths in a row end everything
    first_wait: float = 0.2  # before the first restart; doubles with each fast death
    longest_wait: float = 5.0
    grace: float = 4.0  # between SIGTERM and SIGKILL

    def is_trouble(self, lived: float, code: int) -> bool:
        """Whether it died of itself right after its start; SIGKILL comes from outside."""
        return lived < self.fast and code != -signal.SIGKILL

    def wait(self, deaths: int) -> float:
        """Seconds to wait before the restart that follows so many fast deaths in a row."""
        return min(self.first_wait * 2.0**deaths, self.longest_wait)


PATIENCE = Patience()


def read_procfile(path: Path) -> list[Service]:
    """The services of a Procfile (`name: command arguments`), in its order."""
    lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
    pairs = [line.split(":", 1) for line in lines if line and not line.startswith("#")]
    return [Service(name.strip(), tuple(shlex.split(command))) for name, command in pairs]


class Supervisor:
    """Runs services till it is told to stop or one of them keeps dying."""

    def __init__(
        self,
        services: Sequence[Service],
        *,
        folder: Path,
        home: Path,
        environment: Mapping[str, str],
        say: Callable[[str], None],
        patience: Patience = PATIENCE,
    ) -> None:
        """Services start in `folder`; their logs and pid files go below `home`; `say` tells the owner."""
        self._services = services
        self._folder = folder
        self._home = home
        self._environment = environment
        self._say = say
        self._patience = patience
        self._stopping = asyncio.Event()
        self._running: dict[str, asyncio.subprocess.Process] = {}
        self._leash: subprocess.Popen[bytes] | None = None

    def stop(self) -> None:
        """Ask for the end; `run` returns when everything has stopped."""
        self._stopping.set()

    async def run(self) -> None:
        """Start everything and keep it running till `stop` is called.

        Raises KeepsDying when a service can't be kept running; everything is stopped then, too.
        """
        (self._home / "run").mkdir(parents=True, exist_ok=True)
        self._leash = _start_leash()
        keepers = [asyncio.create_task(self._keep(service)) for service in self._services]
        stopped = asyncio.create_task(self._stopping.wait())
        try:
            await asyncio.wait([*keepers, stopped], return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._stopping.set()
            await self._stop_all()
            outcomes = await asyncio.gather(*keepers, stopped, return_exceptions=True)
            _let_go(self._leash)
        for outcome in outcomes:
            if isinstance(outcome, BaseException):
                raise outcome

    async def _keep(self, service: Service) -> None:
        log = BoundedLog(self._home / "logs" / f"{service.name}.log")
        deaths = 0
        try:
            while not self._stopping.is_set():
                began = time.monotonic()
                code = await self._run_once(service, log)
                if self._stopping.is_set():
                    return
                lived = time.monotonic() - began
                deaths = deaths + 1 if self._patience.is_trouble(lived, code) else 0
                if deaths >= self._patience.deaths:
                    raise KeepsDying(name=service.name, times=deaths, log=log.path)
                self._say(f"{service.name} ended ({reason(code)}) after {spoken(lived)}; starting it again.")
                await self._pause(self._patience.wait(deaths))
        finally:
            log.close()

    async def _run_once(self, service: Service, log: BoundedLog) -> int:
        process, copying = await self._start(service, log)
        self._tell_leash(f"+{process.pid}")
        self._running[service.name] = process
        note = self._home / "run" / f"{service.name}.pid"
        _write(note, f"{process.pid}\n")
        if self._stopping.is_set():  # asked to stop while it was being started
            _kill_group(process.pid)
        code = await process.wait()
        _kill_group(process.pid)  # what it started itself must not keep its port
        await asyncio.wait([copying], timeout=SWALLOW)
        copying.cancel()
        del self._running[service.name]
        self._tell_leash(f"-{process.pid}")
        note.unlink(missing_ok=True)
        return code

    async def _start(
        self, service: Service, log: BoundedLog
    ) -> tuple[asyncio.subprocess.Process, asyncio.Task[None]]:
        """The process, and the task that copies what it prints.

        The pipe is ours: with asyncio's own, `wait` would wait for the children's children, too.
        """
        reading, writing = os.pipe()
        copying = asyncio.create_task(_copy(reading, log))
        try:
            process = await asyncio.create_subprocess_exec(
                *service.command,
                cwd=self._folder,
                env={**self._environment, **service.environment},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=writing,
                stderr=writing,
                start_new_session=True,
            )
        finally:
            os.close(writing)
        return process, copying

    async def _pause(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)

    async def _stop_all(self) -> None:
        """Last service first and alone (it takes the customers' messages), then the others together."""
        names = [service.name for service in self._services]
        await self._end(names[-1:])
        await self._end(names[:-1])

    async def _end(self, names: Sequence[str]) -> None:
        ending = [self._running[name] for name in names if name in self._running]
        for process in ending:
            _signal_group(process.pid, signal.SIGTERM)
        waits = [asyncio.create_task(process.wait()) for process in ending]
        if waits:
            await asyncio.wait(waits, timeout=self._patience.grace)
        for process in ending:
            _kill_group(process.pid)

    def _tell_leash(self, mark: str) -> None:
        if self._leash is None or self._leash.stdin is None:
            return
        with contextlib.suppress(BrokenPipeError):
            self._leash.stdin.write(f"{mark}\n".encode())
            self._leash.stdin.flush()


def reason(code: int) -> str:
    """Why a process ended, from its exit code (negative: the signal that killed it)."""
    return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


def _start_leash() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-I", "-S", str(LEASH)], stdin=subprocess.PIPE, start_new_session=True
    )


def _let_go(leash: subprocess.Popen[bytes]) -> None:
    pipe: IO[bytes] | None = leash.stdin
    if pipe is not None:
        with contextlib.suppress(BrokenPipeError):
            pipe.close()
    leash.wait()


async def _copy(pipe: int, log: BoundedLog) -> None:
    """Copy what comes out of the pipe (a file descriptor, closed at the end) into the log."""
    source = asyncio.StreamReader()
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(source), os.fdopen(pipe, "rb")
    )
    try:
        while piece := await source.read(65536):
            log.write(piece)
    finally:
        transport.close()


def _write(path: Path, text: str) -> None:
    new = path.with_suffix(".new")
    new.write_text(text, encoding="utf-8")
    new.replace(path)


def _signal_group(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)


def _kill_group(pid: int) -> None:
    _signal_group(pid, signal.SIGKILL)

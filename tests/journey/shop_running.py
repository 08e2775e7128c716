"""A real Dripwise for tests: `./dripwise up` in a home folder of its own, on free ports."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from settings import PREFIX, ROOT, Settings
from tests.ports import own_port
from tests.processes import alive

READY_SECONDS = 600.0
"""Long enough for a first training on a slow machine."""
STOP_SECONDS = 60.0
RESTART_SECONDS = 90.0
"""Long enough for the supervisor, on a busy machine, to start again what died."""
TURN_SECONDS = 60.0
"""A turn that takes this long has failed: on a busy machine, being slow is not being down."""
LAST_WORDS = 2_000
"""So many characters of the end of each log are shown when it doesn't start."""


class RunningShop:
    """One `./dripwise up`: three real processes and what a test needs to know about them."""

    def __init__(self, home: Path, **environment: str) -> None:
        """Nothing starts yet. `environment` adds DRIPWISE_… variables; a value of "" leaves one out."""
        given = {
            f"{PREFIX}HOME": str(home),
            f"{PREFIX}PORT": str(own_port()),
            f"{PREFIX}BOT_PORT": str(own_port()),
            f"{PREFIX}ACTIONS_PORT": str(own_port()),
            f"{PREFIX}TURN_SECONDS": str(TURN_SECONDS),
            **environment,
        }
        self.home = home
        self._inherited = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
        self._given = {name: value for name, value in given.items() if value}
        self._process: subprocess.Popen[bytes] | None = None
        self._killed: dict[str, int] = {}

    @property
    def settings(self) -> Settings:
        """The settings this shop runs with."""
        known = {name.removeprefix(PREFIX).lower(): value for name, value in self._given.items()}
        return Settings.model_validate(known)

    @property
    def environment(self) -> dict[str, str]:
        """The environment in which its commands run."""
        return {**self._inherited, **self._given}

    @property
    def url(self) -> str:
        """Where the web process answers, without a slash at the end."""
        return f"http://127.0.0.1:{self.settings.port}"

    @property
    def log(self) -> Path:
        """What `up` printed."""
        return self.home / "up.log"

    def pid(self, name: str) -> int:
        """The process id of `bot`, `actions`, `web` or `up`; waits while it is being restarted.

        One that `kill` has killed is never told again: its note stays for a moment after its death.
        """
        found: list[int] = []

        def living() -> bool:
            found[:] = [pid for pid in self._noted(name) if pid != self._killed.get(name)]
            return bool(found)

        until(living, RESTART_SECONDS, f"no process {name}")
        return found[0]

    def start(self) -> None:
        """Start `up`; returns at once."""
        self.home.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [str(ROOT / "dripwise"), "up"],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait_ready(self, seconds: float = READY_SECONDS) -> None:
        """Return once a message would be answered; fails, saying why, if `up` ended or time ran out."""
        with httpx.Client(timeout=5, trust_env=False) as web:  # one for all looks: making one costs 30 ms
            try:
                until(lambda: self._ready_or_dead(web), seconds, f"{self.url}/health is not ready")
            except AssertionError as error:
                raise AssertionError(f"{error}; {self._health(web)}\n{self._last_words()}") from error
        assert self._process is not None
        assert self._process.poll() is None, f"`up` ended:\n{self._last_words()}"

    def kill(self, name: str) -> None:
        """SIGKILL one process that lives; the supervisor starts it again, unless it is `up` itself."""
        pid = self._killed[name] = self.pid(name)
        os.kill(pid, signal.SIGKILL)
        until(lambda: not alive(pid), RESTART_SECONDS, f"{name} outlives SIGKILL")

    @contextmanager
    def without(self, name: str) -> Iterator[None]:
        """One process is dead and stays so for the block: the supervisor stands still, however fast it is."""
        supervisor = self.pid("up")
        os.kill(supervisor, signal.SIGSTOP)
        try:
            self.kill(name)
            yield
        finally:
            os.kill(supervisor, signal.SIGCONT)

    def stop(self) -> int:
        """SIGTERM `up` and return its exit code; fails when it takes longer than it may."""
        if self._process is None:
            return 0
        process, self._process = self._process, None
        process.terminate()
        try:
            return process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            raise

    def restart(self) -> None:
        """Stop everything, start it again with the same home folder, and wait till it is ready."""
        self.stop()
        self.start()
        self.wait_ready()

    def _noted(self, name: str) -> list[int]:
        """The process id in its note, which comes and goes with the process; none while it isn't written."""
        try:
            return [int(word) for word in (self.home / "run" / f"{name}.pid").read_text().split()]
        except FileNotFoundError:
            return []

    def _ready_or_dead(self, web: httpx.Client) -> bool:
        if self._process is None or self._process.poll() is not None:
            return True
        return self._health(web) == str(httpx.codes.OK.value)

    def _health(self, web: httpx.Client) -> str:
        """The status it answers with, or why it doesn't."""
        try:
            return str(web.get(f"{self.url}/health").status_code)
        except httpx.HTTPError as error:
            return type(error).__name__

    def _last_words(self) -> str:
        """The end of what `up` and its processes printed."""
        logs = [self.log, *sorted((self.home / "logs").glob("*.log"))]
        texts = [(log.name, log.read_text("utf-8", "replace")[-LAST_WORDS:]) for log in logs if log.exists()]
        return "\n".join(f"--- {name}\n{text}" for name, text in texts)


def until(met: Callable[[], bool], seconds: float, otherwise: str) -> None:
    """Look every 50 ms whether `met`; fails with `otherwise` after so many seconds."""
    deadline = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.05)

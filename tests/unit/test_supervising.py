"""The supervisor with small stand-in processes."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from cli import leash
from cli.logs import BoundedLog
from cli.supervising import Patience, Service, Supervisor, read_procfile, reason
from one_to_one.errors import KeepsDying
from settings import ROOT
from tests.processes import alive

HASTY = Patience(fast=600, deaths=3, first_wait=0.01, longest_wait=0.02, grace=1)
SECONDS = 120.0
"""The most that anything here may take; a quiet machine needs less than one."""

SLEEPER = Service("bot", ("sleep", "1000"))
STUBBORN = "trap '' TERM; echo up; while :; do sleep 1; done"


class Owner:
    """Remembers what was said."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def supervisor(self, home: Path, *services: Service, patience: Patience = HASTY) -> Supervisor:
        return Supervisor(
            services,
            folder=home,
            home=home,
            environment=dict(os.environ),
            say=self.heard.append,
            patience=patience,
        )


@pytest.fixture
def owner() -> Owner:
    return Owner()


@asynccontextmanager
async def running(supervisor: Supervisor) -> AsyncIterator[None]:
    task = asyncio.create_task(supervisor.run())
    try:
        yield
    finally:
        supervisor.stop()
        await task


async def until(met: Callable[[], bool]) -> None:
    async with asyncio.timeout(SECONDS):
        while not met():  # noqa: ASYNC110 - other processes have no events
            await asyncio.sleep(0.01)


def pid(home: Path, name: str = "bot") -> int:
    return number_in(home / "run" / f"{name}.pid")


def number_in(path: Path) -> int:
    """The number written there; 0 as long as there is none."""
    with contextlib.suppress(FileNotFoundError, ValueError):
        return int(path.read_text())
    return 0


async def test_a_process_that_dies_is_started_again_and_said_so(owner: Owner, tmp_path: Path) -> None:
    async with running(owner.supervisor(tmp_path, SLEEPER)):
        await until(lambda: pid(tmp_path) > 0)
        first = pid(tmp_path)
        os.kill(first, signal.SIGKILL)
        await until(lambda: pid(tmp_path) not in (0, first))
    assert owner.heard == [
        line for line in owner.heard if line.startswith("bot ended (killed by SIGKILL) after ")
    ]
    assert len(owner.heard) == 1


async def test_the_others_go_on_when_one_dies(owner: Owner, tmp_path: Path) -> None:
    async with running(owner.supervisor(tmp_path, SLEEPER, Service("web", ("sleep", "1000")))):
        await until(lambda: pid(tmp_path) > 0 and pid(tmp_path, "web") > 0)
        bot, web = pid(tmp_path), pid(tmp_path, "web")
        os.kill(bot, signal.SIGKILL)
        await until(lambda: pid(tmp_path) not in (0, bot))
        assert pid(tmp_path, "web") == web


async def test_a_process_that_keeps_dying_ends_everything_and_names_its_log(
    owner: Owner, tmp_path: Path
) -> None:
    broken = Service("bot", ("sh", "-c", "echo why; exit 3"))
    with pytest.raises(KeepsDying) as caught:
        await owner.supervisor(tmp_path, broken, Service("web", ("sleep", "1000"))).run()
    assert str(tmp_path / "logs" / "bot.log") in str(caught.value)
    assert (tmp_path / "logs" / "bot.log").read_text() == "why\n" * HASTY.deaths
    assert pid(tmp_path, "web") == 0


async def test_deaths_far_apart_are_forgiven(owner: Owner, tmp_path: Path) -> None:
    slow_enough = Patience(fast=0, deaths=1, first_wait=0.01, longest_wait=0.01, grace=1)
    supervisor = owner.supervisor(tmp_path, Service("bot", ("true",)), patience=slow_enough)
    async with running(supervisor):
        await until(lambda: len(owner.heard) >= 3)


async def test_being_killed_from_outside_is_never_held_against_a_process(
    owner: Owner, tmp_path: Path
) -> None:
    suicidal = Service("bot", ("sh", "-c", "kill -KILL $$"))
    async with running(owner.supervisor(tmp_path, suicidal)):
        await until(lambda: len(owner.heard) > HASTY.deaths + 1)


async def test_waits_grow_up_to_a_limit() -> None:
    patience = Patience(first_wait=1, longest_wait=5)
    assert [patience.wait(deaths) for deaths in range(4)] == [1, 2, 4, 5]


async def test_stopping_leaves_nothing_behind(owner: Owner, tmp_path: Path) -> None:
    parent = Service("bot", ("sh", "-c", f"sleep 1000 & echo $! > {tmp_path}/child; wait"))
    async with running(owner.supervisor(tmp_path, parent, Service("web", ("sleep", "1000")))):
        numbers: list[int] = []

        def all_run() -> bool:
            numbers[:] = [pid(tmp_path), pid(tmp_path, "web"), number_in(tmp_path / "child")]
            return 0 not in numbers

        await until(all_run)
    await until(lambda: not any(alive(number) for number in numbers))
    assert list((tmp_path / "run").glob("*.pid")) == []
    assert owner.heard == []


async def test_a_process_that_ignores_the_request_is_killed(owner: Owner, tmp_path: Path) -> None:
    stubborn = Service("bot", ("sh", "-c", STUBBORN))
    log = tmp_path / "logs" / "bot.log"
    async with running(owner.supervisor(tmp_path, stubborn)):
        await until(lambda: log.exists() and log.read_text() == "up\n" and pid(tmp_path) > 0)
        number = pid(tmp_path)
    assert not alive(number)


async def test_children_of_a_dead_process_dont_keep_its_port(owner: Owner, tmp_path: Path) -> None:
    parent = Service("bot", ("sh", "-c", f"sleep 1000 & echo $! > {tmp_path}/child; wait"))
    async with running(owner.supervisor(tmp_path, parent)):
        await until(lambda: number_in(tmp_path / "child") > 0 and pid(tmp_path) > 0)
        child = number_in(tmp_path / "child")
        os.kill(pid(tmp_path), signal.SIGKILL)
        await until(lambda: not alive(child))


async def test_stopping_at_once_after_starting_ends_too(owner: Owner, tmp_path: Path) -> None:
    supervisor = owner.supervisor(tmp_path, SLEEPER)
    supervisor.stop()
    async with asyncio.timeout(SECONDS):
        await supervisor.run()


async def test_what_a_process_needs_is_in_its_environment(owner: Owner, tmp_path: Path) -> None:
    told = Service("bot", ("sh", "-c", "echo $SPECIAL; sleep 1000"), {"SPECIAL": "model"})
    log = tmp_path / "logs" / "bot.log"
    async with running(owner.supervisor(tmp_path, told)):
        await until(lambda: log.exists() and log.read_text() == "model\n")


def test_nothing_outlives_a_supervisor_that_is_killed(tmp_path: Path) -> None:
    code = (
        "import asyncio, pathlib, sys; from cli.supervising import *; home = pathlib.Path(sys.argv[1]);"
        "parent = Service('bot', ('sh', '-c', f'sleep 1000 & echo $! > {home}/child; wait'));"
        "asyncio.run(Supervisor([parent], folder=home, home=home, environment={}, say=print).run())"
    )
    supervisor = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], cwd=ROOT)
    wait_for(lambda: number_in(tmp_path / "child") > 0 and pid(tmp_path) > 0)
    numbers = [pid(tmp_path), number_in(tmp_path / "child")]
    supervisor.kill()
    supervisor.wait()
    wait_for(lambda: not any(alive(number) for number in numbers))


def wait_for(met: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not met():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_the_leash_forgets_what_has_ended() -> None:
    assert leash.watch(["+1\n", "+2\n", "-1\n", "-3\n"]) == {2}


def test_a_full_log_is_put_aside_once(tmp_path: Path) -> None:
    log = BoundedLog(tmp_path / "bot.log", limit=10)
    for line in (b"first 10..\n", b"second 10.\n", b"third\n"):
        log.write(line)
    log.close()
    assert (tmp_path / "bot.log").read_bytes() == b"third\n"
    assert (tmp_path / "bot.log.1").read_bytes() == b"second 10.\n"
    assert len(list(tmp_path.iterdir())) == 2


def test_a_log_goes_on_where_it_ended(tmp_path: Path) -> None:
    for line in (b"yesterday\n", b"today\n"):
        log = BoundedLog(tmp_path / "bot.log")
        log.write(line)
        log.close()
    assert (tmp_path / "bot.log").read_bytes() == b"yesterday\ntoday\n"


def test_a_procfile_gives_names_and_commands(tmp_path: Path) -> None:
    (tmp_path / "Procfile").write_text("# all of them\n\nbot: python -m bot --say 'two words'\nweb: web\n")
    assert read_procfile(tmp_path / "Procfile") == [
        Service("bot", ("python", "-m", "bot", "--say", "two words")),
        Service("web", ("web",)),
    ]


def test_the_procfile_has_the_three_processes_with_the_web_last() -> None:
    assert [service.name for service in read_procfile(ROOT / "Procfile")] == ["bot", "actions", "web"]


@pytest.mark.parametrize(("code", "words"), [(3, "exit code 3"), (-9, "killed by SIGKILL")])
def test_the_reason_of_an_end_is_readable(code: int, words: str) -> None:
    assert reason(code) == words

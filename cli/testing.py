"""`test`: everything that must hold before a change is taken: lint, format, types, then all tests."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from types import FrameType
from typing import IO, NoReturn

import typer

from cli.steps import Steps, spoken
from cli.supervising import reason
from settings import PREFIX, ROOT

TESTS = [("tests/unit", "tests/store"), ("tests/journey",)]
"""What runs side by side: the first in this process's own rooms, the others with whole shops and browsers."""

TWO_CORES = 2
LONGEST_SECONDS = 7200.0
"""A run that takes longer hangs; on two cores with a load of fifteen it took a third of it."""

LAST_SECONDS = 120.0
"""So long a run that is stopped may take to stop the shops, browsers and databases it has started."""

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
SYSTEM_CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
CHECKS = (
    ("Checking the style", ("ruff", "check", ".")),
    ("Checking the format", ("ruff", "format", "--check", ".")),
    ("Checking the types", ("mypy", ".")),
)

app = typer.Typer()


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def test(context: typer.Context) -> None:
    """Run ruff, mypy and all tests; what is added goes to pytest (`test -k greeting`)."""
    steps = Steps()
    environment = environment_for_tests(os.environ)
    for doing, (tool, *arguments) in CHECKS:
        with steps.step(doing):
            _demand([sys.executable, "-m", tool, *arguments], environment)
    with steps.step("Looking for a browser"):
        environment["CHROMIUM"] = find_chromium(shutil.which, lambda command: _demand(command, environment))
    pytest = [sys.executable, "-m", "pytest"]
    together = [tuple(context.args)] if context.args else TESTS
    if cores() < TWO_CORES:
        together = [tuple(word for each in together for word in each)]
    runs = {" ".join(each): [*pytest, *each] for each in together}
    raise SystemExit(run_together(runs, environment, steps.say))


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def environment_for_tests(inherited: Mapping[str, str]) -> dict[str, str]:
    """What the tests may see: nothing of the owner's own settings."""
    return {name: value for name, value in inherited.items() if not name.startswith(PREFIX)}


def find_chromium(which: Callable[[str], str | None], install: Callable[[list[str]], None]) -> str:
    """The path of a chromium, installed when there is none; "" lets Playwright use the one it brings."""
    for name in SYSTEM_CHROMIUM:
        if found := which(name):
            return found
    if which("apt-get") and os.geteuid() == 0:
        install(["apt-get", "update"])
        install(["apt-get", "install", "-y", "--no-install-recommends", "chromium", "fonts-noto-cjk"])
        return which(SYSTEM_CHROMIUM[0]) or ""
    install([sys.executable, "-m", "playwright", "install", "chromium"])
    return ""


def run_together(
    runs: Mapping[str, list[str]],
    environment: Mapping[str, str],
    say: Callable[[str], None],
    longest: float = LONGEST_SECONDS,
) -> int:
    """Run all commands, by name, at the same time in the checkout; the highest exit code.

    What the first prints is shown at once, what the others print when those before have ended; then a line
    for each says how it ended. One that takes longer than `longest` seconds hangs, and is stopped. Whatever
    ends this (Ctrl-C, SIGTERM, a terminal that closes), none of them goes on.
    """
    sys.stdout.flush()
    deadline = time.monotonic() + longest
    with _signals_end_this(), ExitStack() as stack:
        running = []
        for number, command in enumerate(runs.values()):
            note = stack.enter_context(tempfile.TemporaryFile()) if number else None
            process = _begin(command, environment, note)
            stack.callback(_end, process)
            running.append((process, note))
        ends = []
        for process, note in running:
            ends.append(_ended(process, deadline))
            if note is not None:
                note.seek(0)
                sys.stdout.write(note.read().decode("utf-8", "replace"))
                sys.stdout.flush()
    for name, code in zip(runs, ends, strict=True):
        say(f"✓ {name}" if code == 0 else f"✗ {name}: {_told(code, longest)}")
    return max(1 if code is None else abs(code) for code in ends)


def _begin(
    command: list[str], environment: Mapping[str, str], note: IO[bytes] | None
) -> subprocess.Popen[bytes]:
    """Start it in a session of its own: Ctrl-C reaches only us, and we end it in order."""
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=note,
        stderr=note and subprocess.STDOUT,
        start_new_session=True,
    )


def _ended(process: subprocess.Popen[bytes], deadline: float) -> int | None:
    """Its exit code; None: it was still running then (monotonic seconds), and was stopped."""
    try:
        return process.wait(max(0.0, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        _end(process)
        return None


def _end(process: subprocess.Popen[bytes]) -> None:
    """Stop it, if it hasn't ended by itself: it may stop what it has started, but not for ever."""
    if process.poll() is not None:
        return
    process.terminate()
    try:
        with suppress(subprocess.TimeoutExpired):
            process.wait(LAST_SECONDS)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _told(code: int | None, longest: float) -> str:
    """How it ended, in words."""
    return f"stopped, it ran for more than {spoken(longest)}" if code is None else reason(code)


@contextmanager
def _signals_end_this() -> Iterator[None]:
    """During the block, what would end this process at once ends it in order; what is ignored stays so."""
    before = {number: signal.getsignal(number) for number in ENDING}
    before = {number: handler for number, handler in before.items() if handler != signal.SIG_IGN}
    for number in before:
        signal.signal(number, _leave)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _leave(number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(128 + number)


def _demand(command: list[str], environment: Mapping[str, str]) -> None:
    if code := _run(command, environment):
        raise SystemExit(code)


def _run(command: list[str], environment: Mapping[str, str]) -> int:
    """Run in the checkout, with nothing on standard input; the exit code."""
    sys.stdout.flush()
    return subprocess.run(
        command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, check=False
    ).returncode

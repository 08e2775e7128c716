"""`test`: everything that must hold before a change is taken: lint, format, types, then all tests."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from typing import IO

import typer

from cli.steps import Steps
from settings import PREFIX, ROOT

TESTS = (("tests/unit", "tests/store"), ("tests/journey",))
"""What runs side by side: the first in this process's own rooms, the others with whole shops and browsers."""

TWO_CORES = 2
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
    if context.args:
        raise SystemExit(_run([*pytest, *context.args], environment))
    runs = [[*pytest, *each] for each in TESTS]
    if (os.cpu_count() or 1) < TWO_CORES:
        runs = [[*pytest, *(folder for each in TESTS for folder in each)]]
    raise SystemExit(run_together(runs, environment))


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


def run_together(commands: Sequence[list[str]], environment: Mapping[str, str]) -> int:
    """Run all at the same time in the checkout; the highest exit code.

    What the first says is shown at once, what the others say when the first has ended. Whatever ends this,
    none of them goes on.
    """
    sys.stdout.flush()
    with ExitStack() as stack:
        notes: list[IO[bytes] | None] = [None]
        notes += [stack.enter_context(tempfile.TemporaryFile()) for _ in commands[1:]]
        running = []
        for command, note in zip(commands, notes, strict=True):
            process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=note,
                stderr=note and subprocess.STDOUT,
            )
            stack.callback(_end, process)
            running.append(process)
        codes = []
        for process, note in zip(running, notes, strict=True):
            codes.append(process.wait())
            if note is not None:
                note.seek(0)
                sys.stdout.write(note.read().decode("utf-8", "replace"))
                sys.stdout.flush()
        return max(map(abs, codes))


def _end(process: subprocess.Popen[bytes]) -> None:
    """Stop it, if it hasn't ended by itself."""
    if process.poll() is None:
        process.terminate()
        process.wait()


def _demand(command: list[str], environment: Mapping[str, str]) -> None:
    if code := _run(command, environment):
        raise SystemExit(code)


def _run(command: list[str], environment: Mapping[str, str]) -> int:
    """Run in the checkout, with nothing on standard input; the exit code."""
    sys.stdout.flush()
    return subprocess.run(
        command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, check=False
    ).returncode

"""How `dripwise test` prepares: the browser, and what tests may see."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from cli.testing import TESTS, environment_for_tests, find_chromium, run_together
from settings import ROOT
from tests.journey.shop_running import until
from tests.processes import alive


class Machine:
    """A machine with some programs; remembers what was installed."""

    def __init__(self, *programs: str) -> None:
        self.programs = set(programs)
        self.installed: list[list[str]] = []

    def which(self, name: str) -> str | None:
        return f"/usr/bin/{name}" if name in self.programs else None

    def install(self, command: list[str]) -> None:
        self.installed.append(command)
        if "chromium" in command and "apt-get" in command:
            self.programs.add("chromium")


def test_a_browser_that_is_there_is_taken() -> None:
    machine = Machine("apt-get", "google-chrome")
    assert find_chromium(machine.which, machine.install) == "/usr/bin/google-chrome"
    assert machine.installed == []


def test_root_on_debian_installs_the_systems_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    machine = Machine("apt-get")
    assert find_chromium(machine.which, machine.install) == "/usr/bin/chromium"
    assert "fonts-noto-cjk" in machine.installed[-1]


def test_everybody_else_gets_the_browser_of_playwright(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    machine = Machine("apt-get")
    assert find_chromium(machine.which, machine.install) == ""
    assert machine.installed == [[sys.executable, "-m", "playwright", "install", "chromium"]]


def test_the_owners_settings_stay_out_of_the_tests() -> None:
    assert environment_for_tests({"DRIPWISE_TELEGRAM_TOKEN": "1:a", "PATH": "/bin"}) == {"PATH": "/bin"}


@pytest.fixture
def said() -> list[str]:
    """What the owner is told."""
    return []


def python(code: str, *arguments: str) -> list[str]:
    return [sys.executable, "-c", code, *arguments]


def test_what_runs_together_fails_when_any_of_it_does_and_all_is_shown(
    capfd: pytest.CaptureFixture[str], said: list[str]
) -> None:
    code = "import sys; print(sys.argv[1]); raise SystemExit(int(sys.argv[2]))"
    codes = {"unit": "0", "live": "3", "more": "1"}
    runs = {name: python(code, name, number) for name, number in codes.items()}
    assert run_together(runs, dict(os.environ), said.append) == 3
    assert capfd.readouterr().out.split() == ["unit", "live", "more"]
    assert said == ["✓ unit", "✗ live: exit code 3", "✗ more: exit code 1"]
    assert run_together({"unit": runs["unit"]}, dict(os.environ), said.append) == 0


def test_a_run_that_is_killed_is_a_failure(said: list[str]) -> None:
    runs = {"unit": python("import os; os.kill(os.getpid(), 9)"), "journey": python("")}
    assert run_together(runs, dict(os.environ), said.append) > 0
    assert said == ["✗ unit: killed by SIGKILL", "✓ journey"]


def test_a_run_that_hangs_is_stopped_and_named(said: list[str]) -> None:
    runs = {"journey": python("import time; time.sleep(1000)")}
    assert run_together(runs, dict(os.environ), said.append, longest=1) == 1
    assert said == ["✗ journey: stopped, it ran for more than 1.0 s"]


STARTS_TWO = """
import os, signal, sys
from cli.testing import ENDING, run_together
for number in ENDING:  # whatever was ignored where the tests were started
    signal.signal(number, signal.SIG_DFL)
waits = "import os, sys, time; print(os.getpid(), file=open(sys.argv[1], 'w'), flush=True); time.sleep(1000)"
runs = {name: [sys.executable, "-c", waits, name] for name in sys.argv[1:]}
raise SystemExit(run_together(runs, dict(os.environ), print))
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_whatever_ends_the_tests_none_of_them_goes_on(tmp_path: Path, number: signal.Signals) -> None:
    notes = [tmp_path / "unit", tmp_path / "journey"]
    testing = subprocess.Popen(python(STARTS_TWO, *map(str, notes)), cwd=ROOT, stderr=subprocess.DEVNULL)
    until(lambda: all(note.exists() and note.read_text() for note in notes), 120, "they don't start")
    testing.send_signal(number)
    assert testing.wait(120) == 128 + number
    assert not any(alive(int(note.read_text())) for note in notes)


def test_every_folder_of_tests_is_run() -> None:
    run = {folder for each in TESTS for folder in each}
    assert run == {f"tests/{path.parent.name}" for path in ROOT.glob("tests/*/test_*.py")}

"""How `dripwise test` prepares: the browser, and what tests may see."""

from __future__ import annotations

import os
import sys

import pytest

from cli.testing import TESTS, environment_for_tests, find_chromium, run_together
from settings import ROOT


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


def test_what_runs_together_fails_when_any_of_it_does_and_all_is_shown(
    capfd: pytest.CaptureFixture[str],
) -> None:
    says = "import sys; print(sys.argv[1]); raise SystemExit(int(sys.argv[2]))"
    runs = [[sys.executable, "-c", says, *each] for each in (("unit", "0"), ("journey", "3"), ("more", "1"))]
    assert run_together(runs, dict(os.environ)) == 3
    assert capfd.readouterr().out.split() == ["unit", "journey", "more"]
    assert run_together(runs[:1], dict(os.environ)) == 0


def test_every_folder_of_tests_is_run() -> None:
    run = {folder for each in TESTS for folder in each}
    assert run == {f"tests/{path.parent.name}" for path in ROOT.glob("tests/*/test_*.py")}

